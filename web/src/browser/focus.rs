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

/// To what a selector finds at an index, which by itself takes no focus.
pub fn focus_nth(selector: &str, index: usize) {
    let found = document().query_selector_all(selector).ok();
    let found = found.and_then(|found| found.item(u32::try_from(index).ok()?));
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // Neither fails for elements that are there.
        let _able = found.set_attribute("tabindex", "-1");
        let _lost = found.focus();
    }
}
