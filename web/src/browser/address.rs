//! The page's address and its fragment, which never goes to a server.
use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// What stands behind the `#`; empty when there is none.
pub fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or_default().to_owned()
}

/// Puts a fragment into the address without a new entry in the history.
pub fn set_fragment(fragment: &str) {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let query = location.search().unwrap_or_default();
    let url =
        if fragment.is_empty() { format!("{path}{query}") } else { format!("{path}{query}#{fragment}") };
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or(JsValue::NULL);
        // A browser may refuse when this happens too often: the next change of the document tries again.
        let _refused = history.replace_state_with_url(&state, "", Some(&url));
    }
}

/// The whole address of a page of this portal.
pub fn page_address(path: &str) -> String {
    format!("{}{path}", window().location().origin().unwrap_or_default())
}
