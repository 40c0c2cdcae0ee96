//! Names that nobody else gives.
use leptos::prelude::window;

/// A random GUID (RFC 9562, version 4). Without the browser's source of randomness it is only likely to be new, which
/// is enough for telling a repeat of a call from another call.
pub fn guid() -> String {
    let mut bytes = [0_u8; 16];
    let filled = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        let random = || super::millis(js_sys::Math::random() * 256.0).to_le_bytes().into_iter().next();
        bytes.iter_mut().for_each(|byte| *byte = random().unwrap_or_default());
    }
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
    *version = (*version & 0x0f) | 0x40;
    *variant = (*variant & 0x3f) | 0x80;
    let hex = bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}
