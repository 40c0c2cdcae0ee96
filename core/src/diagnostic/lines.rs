//! Byte offsets → lines, columns and UTF-16 offsets: one sweep over the text for all that is reported.

use alloc::vec::Vec;

use wide::u8x16;

use super::Position;
use crate::order;

/// The positions of some places of a text.
#[derive(Debug)]
pub struct Positions(Vec<Position>);

impl Positions {
    /// Finds the positions of these byte offsets, given in any order.
    pub fn find(text: &str, mut bytes: Vec<u32>) -> Self {
        if bytes.is_empty() {
            return Self(Vec::new());
        }
        order::sort(&mut bytes, |&byte| byte.into());
        bytes.dedup();
        let mut sweep = Sweep::new(text);
        Self(bytes.into_iter().map(|byte| sweep.to(byte)).collect())
    }

    /// The position of one of those offsets.
    #[inline(never)]
    pub fn at(&self, byte: u32) -> Position {
        let found = self.0.binary_search_by_key(&byte, |position| position.byte);
        found.ok().and_then(|index| self.0.get(index)).copied().unwrap_or_default()
    }
}

/// Where the sweep stands.
struct Sweep<'t> {
    rest: &'t str,
    /// The last byte was `\r`: a `\n` now belongs to it.
    return_before: bool,
    here: Position,
}

impl<'t> Sweep<'t> {
    fn new(text: &'t str) -> Self {
        let here = Position { line: 1, column: 1, offset: 0, byte: 0 };
        Self { rest: text, return_before: false, here }
    }

    fn to(&mut self, byte: u32) -> Position {
        let len = usize::try_from(byte.saturating_sub(self.here.byte)).unwrap_or(usize::MAX);
        // A place inside a character counts as the character's end.
        let (passed, rest) =
            self.rest.split_at_checked(self.rest.ceil_char_boundary(len)).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.pass(passed);
        self.here.byte = byte;
        self.here
    }

    fn pass(&mut self, mut passed: &str) {
        while !passed.is_empty() {
            let (quiet, odd) = passed.split_at_checked(quiet(passed.as_bytes())).unwrap_or(("", passed));
            self.pass_quiet(u32::try_from(quiet.len()).unwrap_or(u32::MAX));
            let (odd, rest) = odd.split_at_checked(odd.ceil_char_boundary(16)).unwrap_or((odd, ""));
            for char in odd.chars() {
                self.step(char, u32::try_from(char.len_utf16()).unwrap_or(1));
            }
            passed = rest;
        }
    }

    /// So many characters of one unit each, without a line end.
    fn pass_quiet(&mut self, units: u32) {
        if units > 0 {
            self.here.offset = self.here.offset.saturating_add(units);
            self.here.column = self.here.column.saturating_add(units);
            self.return_before = false;
        }
    }

    fn step(&mut self, char: char, units: u32) {
        self.here.offset = self.here.offset.saturating_add(units);
        if char == '\r' || (char == '\n' && !self.return_before) {
            self.here.line = self.here.line.saturating_add(1);
            self.here.column = 1;
        } else if char != '\n' {
            self.here.column = self.here.column.saturating_add(units);
        }
        self.return_before = char == '\r';
    }
}

/// How many bytes at the start are characters of one unit each, without a line end: looked at sixteen at once.
fn quiet(bytes: &[u8]) -> usize {
    let (chunks, _) = bytes.as_chunks::<16>();
    // From the line ends down stands little else that documents hold.
    let (first, last) = (u8x16::splat(0x0e), u8x16::splat(0x7f));
    let is_quiet = |chunk: &&[u8; 16]| {
        let chunk = u8x16::new(**chunk);
        chunk.max(first).min(last).simd_eq(chunk).all()
    };
    chunks.iter().take_while(is_quiet).count().saturating_mul(16)
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec;

    use super::Positions;

    #[test]
    fn sixteen_bytes_at_once_count_as_one_by_one() {
        let mut text = String::new();
        for (len, odd) in (30..).step_by(3).zip(["é", "\n", "😀", "\r\n", "\u{7f}", "\t", "–", "\r", ""])
        {
            text.extend("a".repeat(len).chars().chain(odd.chars()));
        }
        let (mut line, mut column, mut offset) = (1, 1, 0);
        let mut last = ' ';
        for (byte, char) in text.char_indices() {
            check(&text, u32::try_from(byte).unwrap(), (line, column, offset));
            let units = u32::try_from(char.len_utf16()).unwrap();
            offset += units;
            (line, column) = match char {
                // The line has ended with the `\r` already.
                '\n' if last == '\r' => (line, column),
                '\n' | '\r' => (line + 1, 1),
                _ => (line, column + units),
            };
            last = char;
        }
    }

    #[track_caller]
    fn check(text: &str, byte: u32, expected: (u32, u32, u32)) {
        let position = Positions::find(text, vec![byte]).at(byte);
        assert_eq!((position.line, position.column, position.offset), expected);
    }

    #[test]
    fn every_line_end_counts_once() {
        check("a\nb", 2, (2, 1, 2));
        check("a\r\nb", 3, (2, 1, 3));
        check("a\rb", 2, (2, 1, 2));
        check("a\r\rb", 3, (3, 1, 3));
        check("12345678\r\n12345678\n1", 19, (3, 1, 19));
    }

    #[test]
    fn columns_count_utf16() {
        check("é😀x", 6, (1, 4, 3));
        check("\u{feff}{}", 3, (1, 2, 1));
    }
}
