//! Byte offsets → lines, columns and UTF-16 offsets: one sweep over the text for all that is reported.

use alloc::vec::Vec;
use core::mem::replace;

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
    ascii: bool,
    /// The last byte was `\r`: a `\n` now belongs to it.
    return_before: bool,
    here: Position,
}

impl<'t> Sweep<'t> {
    fn new(text: &'t str) -> Self {
        let here = Position { line: 1, column: 1, offset: 0, byte: 0 };
        Self { rest: text, ascii: text.is_ascii(), return_before: false, here }
    }

    fn to(&mut self, byte: u32) -> Position {
        let len = usize::try_from(byte.saturating_sub(self.here.byte)).unwrap_or(usize::MAX);
        // A place inside a character counts as the character's end.
        let (passed, rest) =
            self.rest.split_at_checked(self.rest.ceil_char_boundary(len)).unwrap_or((self.rest, ""));
        self.rest = rest;
        if self.ascii {
            self.pass_ascii(passed.as_bytes());
        } else {
            self.pass(passed);
        }
        self.here.byte = byte;
        self.here
    }

    fn pass(&mut self, passed: &str) {
        for char in passed.chars() {
            self.step(char, u32::try_from(char.len_utf16()).unwrap_or(1));
        }
    }

    /// Sixteen bytes at once where they hold no line end.
    fn pass_ascii(&mut self, passed: &[u8]) {
        let (chunks, rest) = passed.as_chunks::<16>();
        let mut quiet: u32 = 0;
        for chunk in chunks {
            // Below these stand the line ends, and little else that documents hold.
            if !u8x16::new(*chunk).simd_le(u8x16::splat(b'\r')).any() {
                quiet = quiet.saturating_add(16);
                continue;
            }
            self.pass_quiet(replace(&mut quiet, 0));
            chunk.iter().for_each(|&byte| self.step(char::from(byte), 1));
        }
        self.pass_quiet(quiet);
        rest.iter().for_each(|&byte| self.step(char::from(byte), 1));
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

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::Positions;

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
