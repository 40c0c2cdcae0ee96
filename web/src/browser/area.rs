//! Changes the text of a text area so that the browser's own undo takes it back.
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// Above this many UTF-16 units the browser's editing command takes too long: the text is set at once, and the
/// browser's undo ends there.
const UNDOABLE: u32 = 100_000;

/// Replaces the text from `start` to `end` (UTF-16 offsets). The focus stays where it is.
pub fn put(area: &HtmlTextAreaElement, start: u32, end: u32, text: &str) {
    let size = area.text_length().saturating_add(u32::try_from(text.len()).unwrap_or(u32::MAX));
    if size > UNDOABLE || !type_in(area, start, end, text) {
        // Fails only for offsets the wrong way round.
        let _unchanged = area.set_range_text_with_start_and_end(text, start, end);
    }
}

/// As if the user had selected that part and typed; false where the browser cannot.
fn type_in(area: &HtmlTextAreaElement, start: u32, end: u32, text: &str) -> bool {
    let Some(page) = document().dyn_ref::<HtmlDocument>().cloned() else { return false };
    let before = page.active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    focus(area);
    let selected = area.set_selection_range(start, end).is_ok();
    let (command, value) = if text.is_empty() { ("delete", "") } else { ("insertText", text) };
    let nothing = start == end && text.is_empty();
    let done = nothing
        || selected && page.exec_command_with_show_ui_and_value(command, false, value).unwrap_or(false);
    if let Some(before) = before.filter(|before| !before.is_same_node(Some(area))) {
        focus(&before);
    }
    done
}

/// Selects a part and brings the focus there.
pub fn select(area: &HtmlTextAreaElement, start: u32, end: u32) {
    // Fails only for elements that are gone and areas that hold no text.
    let _failed = area.focus().and_then(|()| area.set_selection_range(start, end));
}

/// Focus without the page jumping about.
fn focus(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // Fails only for elements that are gone.
    let _lost = element.focus_with_options(&options);
}
