//! Where the focus goes when what had it is gone.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// To the first element that a selector finds, once the page is drawn.
pub fn focus_first(selector: &str) {
    let selector = selector.to_owned();
    request_animation_frame(move || {
        focus_now(&selector);
    });
}

/// The same, at once; false where there is none.
pub fn focus_now(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    let found = found.and_then(|found| found.dyn_into::<HtmlElement>().ok());
    // Fails only for elements that are gone.
    found.is_some_and(|found| found.focus().is_ok())
}

/// Shows the beginning of what the first element that a selector finds holds.
pub fn scroll_to_top(selector: &str) {
    if let Ok(Some(found)) = document().query_selector(selector) {
        found.set_scroll_top(0);
    }
}
