//! Where the focus goes when what had it is gone.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// To the first element that a selector finds, once the page is drawn.
pub fn focus_first(selector: &str) {
    let selector = selector.to_owned();
    request_animation_frame(move || {
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            // Fails only for elements that are gone.
            let _lost = found.focus();
        }
    });
}
