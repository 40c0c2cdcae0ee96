//! Strings: finds the closing quote sixteen bytes at a time, and looks at escapes only where there are some. In
//! passing, it notes what stands for itself, so that nobody has to go through it for expressions again.

use wide::u8x16;

use super::mend_text::{name_in, unclosed};
use super::{NodeKind, Scanner, SlipKind};
use crate::json::Node;
use crate::json::text::hex4;

impl Scanner<'_> {
    /// A string in double quotes. Only of a value it is asked whether it is [`Node::PLAIN`].
    #[inline]
    pub(super) fn string<const VALUE: bool>(&mut self) {
        let start = self.at;
        self.advance(1);
        let plain;
        (self.at, plain) = special::<VALUE>(self.bytes, self.at);
        if self.peek() == Some(b'"') {
            self.advance(1);
            self.push(NodeKind::String, start, if plain { Node::PLAIN } else { 0 });
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
                    // `"number: 22,`: the name's closing quote is missing. `"TCP,`: the value's.
                    let inside = start.saturating_add(1);
                    let content = self.text.get(inside..self.at).unwrap_or("");
                    let mut kind = SlipKind::OpenString;
                    // With escapes, the rest might hold quotes and be read again and again.
                    if flags & Node::ESCAPED == 0
                        && let Some((len, ends)) = name_in(content)
                    {
                        self.at = inside.saturating_add(len);
                        // The end of one in single quotes is another matter.
                        kind = if quote == b'"' { ends } else { kind };
                    } else if content.ends_with(',') {
                        self.at = self.at.saturating_sub(1);
                    }
                    flags |= unclosed(kind);
                    self.slip(kind, start, self.at);
                    break;
                }
                Some(0..=0x1f) => {
                    self.slip(SlipKind::ControlCharacter, self.at, self.at.saturating_add(1));
                    self.advance(1);
                }
                _ => {
                    self.advance(1);
                    if quote == b'"' {
                        (self.at, _) = special::<false>(self.bytes, self.at);
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

/// The place of the next `"`, `\` or control character, or the end of the text if there is none; and whether what
/// comes before it is [`Node::PLAIN`], if that is asked.
#[inline]
fn special<const PLAIN: bool>(bytes: &[u8], from: usize) -> (usize, bool) {
    let mut at = from;
    let mut odd = 0;
    while let Some(&chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
        let chunk = u8x16::new(chunk);
        let is = |byte| chunk.simd_eq(u8x16::splat(byte));
        let control = chunk.simd_lt(u8x16::splat(b' '));
        let ends = (is(b'"') | is(b'\\') | control).to_bitmask();
        if PLAIN {
            let bracket = (chunk | u8x16::splat(b' ')).simd_eq(u8x16::splat(b'{'));
            let signs = (bracket | is(b'@') | is(b'<') | is(b'$')).to_bitmask();
            let capital = chunk.simd_ge(u8x16::splat(b'A')) & chunk.simd_le(u8x16::splat(b'Z'));
            let letters = (capital | is(b'x')).to_bitmask();
            // Of four in a row, two are in one chunk.
            odd |= (signs | (letters & (letters >> 1))) & ends.wrapping_sub(1) & !ends;
        }
        if ends != 0 {
            return (
                at.saturating_add(usize::try_from(ends.trailing_zeros()).unwrap_or(0)),
                PLAIN && odd == 0,
            );
        }
        at = at.saturating_add(16);
    }
    while bytes.get(at).is_some_and(|&byte| byte != b'"' && byte != b'\\' && byte >= b' ') {
        at = at.saturating_add(1);
    }
    (at, false)
}
