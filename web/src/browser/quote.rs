//! JSON by the browser's own writer.
use js_sys::JSON;

/// JSON with line breaks, two spaces for each level; as it is where it is none.
pub fn indented(json: &str) -> String {
    let value = JSON::parse(json);
    let text = value.and_then(|value| {
        JSON::stringify_with_replacer_and_space(&value, &wasm_bindgen::JsValue::NULL, &2.into())
    });
    text.map_or_else(|_| json.to_owned(), String::from)
}
