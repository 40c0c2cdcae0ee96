//! JSON as it is quickest for JavaScript to take in. All of it is ASCII, which engines decode and parse several times as
//! quickly.

use alloc::string::String;

/// JSON made of arrays, texts and numbers alone.
#[derive(Default)]
pub(crate) struct Rows {
    pub json: String,
}

impl Rows {
    pub fn open(&mut self) {
        self.part();
        self.json.push('[');
    }

    pub fn close(&mut self) {
        self.json.push(']');
    }

    /// Goes before whatever is not the first in its array.
    fn part(&mut self) {
        if !matches!(self.json.as_bytes().last(), None | Some(b'[')) {
            self.json.push(',');
        }
    }

    /// JSON from elsewhere.
    pub fn json(&mut self, json: &str) {
        self.part();
        self.json.push_str(json);
    }

    pub fn number(&mut self, number: u32) {
        self.part();
        let mut digits = [b'0'; 10];
        let mut rest = number;
        let mut first = digits.len();
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            *digit |= u8::try_from(rest.rem_euclid(10)).unwrap_or_default();
            first = at;
            rest = rest.div_euclid(10);
            if rest == 0 {
                break;
            }
        }
        self.json.extend(digits.iter().skip(first).map(|&digit| char::from(digit)));
    }

    pub fn text(&mut self, text: &str) {
        self.part();
        self.json.push('"');
        let mut rest = text;
        while let Some(at) =
            rest.bytes().position(|byte| !(b' '..0x7f).contains(&byte) || matches!(byte, b'"' | b'\\'))
        {
            let (plain, odd) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.json.push_str(plain);
            let mut characters = odd.chars();
            if let Some(character) = characters.next() {
                self.escape(character);
            }
            rest = characters.as_str();
        }
        self.json.push_str(rest);
        self.json.push('"');
    }

    fn escape(&mut self, character: char) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            self.json.push_str("\\u");
            let digits = [12, 8, 4, 0].map(|shift| u32::from(*unit >> shift & 15));
            self.json.extend(digits.iter().filter_map(|&digit| char::from_digit(digit, 16)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_json() {
        let mut rows = Rows::default();
        rows.open();
        for number in [0, 7, 10, 4_294_967_295] {
            rows.number(number);
        }
        rows.text("a\"\\\n\u{7f}é–😀 z");
        rows.text("");
        rows.close();
        let text = r#""a\u0022\u005c\u000a\u007f\u00e9\u2013\ud83d\ude00 z""#;
        assert_eq!(rows.json, alloc::format!(r#"[0,7,10,4294967295,{text},""]"#));
    }
}
