//! Chance, of the browser's own good kind.
use leptos::prelude::window;

/// A new UUID of version 4.
pub fn uuid() -> String {
    let mut bytes = [0_u8; 16];
    if let Ok(crypto) = window().crypto() {
        // Refused only for more than 64 KB.
        let _filled = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    let mut text = String::new();
    for (place, byte) in bytes.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let byte = match place {
            6 => byte & 0x0f | 0x40,
            8 => byte & 0x3f | 0x80,
            _ => byte,
        };
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
