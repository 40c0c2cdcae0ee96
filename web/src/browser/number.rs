//! Pixels are floating point, lines are whole numbers: the conversions, and nowhere else. Texts of floating point
//! numbers are left to JavaScript: Rust's own reading and writing of them would take 20 KB of the portal.
use wasm_bindgen::JsValue;

/// The whole number at or below a measure; 0 for anything negative or not a number.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, which is what a measure off the scale should do"
)]
pub fn index(measure: f64) -> usize {
    measure.floor() as usize
}

/// Milliseconds as JavaScript counts them; a whole number, but held as a float.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "`as` saturates, in some 200 million years"
)]
pub fn millis(time: f64) -> i64 {
    time as i64
}

/// A count as a measure; counts of lines are far below the 2^53 that a float holds exactly.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "exact below 2^53")]
pub fn pixels(count: usize) -> f64 {
    count as f64
}

/// A measure as text.
pub fn decimal(measure: f64) -> String {
    let text = js_sys::Number::from(measure).to_string_with_radix(10).map(JsValue::from);
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A measure from text; none where it is no number.
pub fn parse(text: &str) -> Option<f64> {
    Some(js_sys::Number::parse_float(text)).filter(|number| number.is_finite())
}
