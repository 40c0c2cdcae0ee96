//! Where each part of a string's content is written: escapes and what stands for variables make the two differ.

use alloc::string::String;
use alloc::vec::Vec;

/// A part of the content and the text that it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// First byte in the content.
    at: usize,
    /// First byte in the text.
    start: u32,
    /// Just behind the last one there.
    end: u32,
    /// The two are the same, byte by byte.
    same: bool,
}

/// A string as it is decoded.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub text: String,
    pub pieces: Vec<Piece>,
    /// A part of it is unknown.
    pub partly: bool,
    /// The first character that is no space opens a bracket: it may be JSON.
    json: Option<bool>,
    /// In a string of that JSON, and behind a backslash there.
    quoted: bool,
    escaped: bool,
}

impl Content {
    /// Adds text that is written as it is.
    pub fn push(&mut self, text: &str, start: u32) {
        let end = start.saturating_add(u32::try_from(text.len()).unwrap_or(0));
        self.add(text, start, end, true);
    }

    /// Adds text that is written in another way.
    pub fn put(&mut self, text: &str, start: u32, end: u32) {
        self.add(text, start, end, false);
    }

    /// Adds what is not known. Readers tell it by its `$`: as a value of its own in JSON, it stands without brackets,
    /// which would be JSON's there.
    pub fn put_unknown(&mut self, start: u32, end: u32) {
        self.partly = true;
        let bare = self.json == Some(true) && !self.quoted;
        self.put(if bare { "$unknown" } else { "$(unknown)" }, start, end);
    }

    fn add(&mut self, text: &str, start: u32, end: u32, same: bool) {
        if text.is_empty() {
            return;
        }
        for char in text.chars() {
            if self.json.is_none() && !char.is_whitespace() {
                self.json = Some(matches!(char, '{' | '['));
            }
            if self.json == Some(true) {
                if char == '"' && !self.escaped {
                    self.quoted = !self.quoted;
                }
                self.escaped = char == '\\' && !self.escaped;
            }
        }
        let at = self.text.len();
        let grows = self.pieces.last_mut().filter(|last| last.same && same && last.end == start);
        match grows {
            Some(last) => last.end = end,
            None => self.pieces.push(Piece { at, start, end, same }),
        }
        self.text.push_str(text);
    }

    /// True for what may be JSON.
    pub fn may_be_json(&self) -> bool {
        self.json == Some(true)
    }
}

/// Where that part of the content is written, and whether it is the same there.
pub(super) fn place(pieces: &[Piece], start: usize, end: usize) -> (u32, u32, bool) {
    let (first, last) = (find(pieces, start), find(pieces, end.saturating_sub(1).max(start)));
    let (Some(first), Some(last)) = (first, last) else { return (0, 0, false) };
    let along = |piece: &Piece, place: usize| {
        let passed = u32::try_from(place.saturating_sub(piece.at)).unwrap_or(0);
        piece.start.saturating_add(passed).min(piece.end)
    };
    let from = if first.same { along(first, start) } else { first.start };
    let to = if last.same { along(last, end) } else { last.end };
    (from, to.max(from), first.same && last.same && first.at == last.at)
}

fn find(pieces: &[Piece], place: usize) -> Option<&Piece> {
    let behind = pieces.partition_point(|piece| piece.at <= place);
    pieces.get(behind.saturating_sub(1))
}
