//! Strings: finds the closing quote eight bytes at a time, and looks at escapes only where there are some.

use super::mend_text::name_in;
use super::{NodeKind, Scanner, SlipKind};
use crate::json::Node;
use crate::json::text::hex4;

impl Scanner<'_> {
    /// A string in double quotes.
    #[inline]
    pub(super) fn string(&mut self) {
        let start = self.at;
        self.advance(1);
        self.at = special(self.bytes, self.at);
        if self.peek() == Some(b'"') {
            self.advance(1);
            self.push(NodeKind::String, start, 0);
        } else {
            self.odd_string(start, b'"');
        }
    }

    /// The rest of a string that is not plain: escapes, control characters, no end.
    pub(super) fn odd_string(&mut self, start: usize, quote: u8) {
        let mut flags = 0;
        loop {
            match self.peek() {
                Some(byte) if byte == quote => {
                    self.advance(1);
                    break;
                }
                Some(b'\\') => {
                    flags |= Node::ESCAPED;
                    self.escape();
                }
                Some(b'\n' | b'\r') | None => {
                    flags |= Node::OPEN;
                    // `"number: 22,`: the name's closing quote is missing. `"TCP,`: the value's.
                    let inside = start.saturating_add(1);
                    let content = self.text.get(inside..self.at).unwrap_or("");
                    // With escapes, the rest might hold quotes and be read again and again.
                    if flags & Node::ESCAPED == 0
                        && let Some(name) = name_in(content)
                    {
                        self.at = inside.saturating_add(name.len());
                    } else if content.ends_with(',') {
                        self.at = self.at.saturating_sub(1);
                    }
                    self.slip(SlipKind::OpenString, start, self.at);
                    break;
                }
                Some(0..=0x1f) => {
                    self.slip(SlipKind::ControlCharacter, self.at, self.at.saturating_add(1));
                    self.advance(1);
                }
                _ => {
                    self.advance(1);
                    if quote == b'"' {
                        self.at = special(self.bytes, self.at);
                    }
                }
            }
        }
        self.push(NodeKind::String, start, flags);
    }

    /// One escape, from its backslash.
    pub(super) fn escape(&mut self) {
        let start = self.at;
        self.advance(1);
        let Some(byte) = self.peek() else { return };
        if matches!(byte, b'\n' | b'\r') {
            return;
        }
        let len = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        self.advance(len);
        if byte == b'u' {
            self.unicode_escape(start);
        } else if !matches!(byte, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') {
            self.slip(SlipKind::BadEscape, start, self.at);
        }
    }

    fn unicode_escape(&mut self, start: usize) {
        let digits = |at: usize| self.text.get(at..).and_then(hex4).map(|(unit, _)| unit);
        let Some(unit) = digits(self.at) else {
            return self.slip(SlipKind::BadEscape, start, self.at);
        };
        let end = self.at.saturating_add(4);
        let pair = || self.text.get(end..)?.strip_prefix("\\u").and_then(hex4).map(|(unit, _)| unit);
        match unit {
            0xD800..=0xDBFF if matches!(pair(), Some(0xDC00..=0xDFFF)) => self.at = end.saturating_add(6),
            0xD800..=0xDFFF => {
                self.at = end;
                self.slip(SlipKind::LoneSurrogate, start, end);
            }
            _ => self.at = end,
        }
    }
}

/// The place of the next `"`, `\` or control character; the end of the text if there is none.
#[inline]
fn special(bytes: &[u8], from: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The high bit of each byte that is zero. Bytes above a hit may be wrong, the lowest never is.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
    let mut at = from;
    while let Some(&chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(chunk);
        let quote = zeros(word ^ ONES.wrapping_mul(0x22));
        let backslash = zeros(word ^ ONES.wrapping_mul(0x5c));
        let control = word.wrapping_sub(ONES.wrapping_mul(0x20)) & !word;
        let hits = (quote | backslash | control) & HIGH;
        if hits != 0 {
            return at.saturating_add(usize::try_from(hits.trailing_zeros() >> 3).unwrap_or(0));
        }
        at = at.saturating_add(8);
    }
    while bytes.get(at).is_some_and(|&byte| byte != b'"' && byte != b'\\' && byte >= 0x20) {
        at = at.saturating_add(1);
    }
    at
}
