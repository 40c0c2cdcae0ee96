//! Texts as JavaScript knows them: Rust's tables of Unicode would take their part of the portal's size.
use js_sys::JsString;

/// In small letters.
pub fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { JsString::from(text).to_lower_case().into() }
}
