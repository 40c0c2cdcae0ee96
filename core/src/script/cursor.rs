//! Where the reader stands in the script, what it passes over, and what it has to say.

use super::log::Name;
use super::note::{Note, NoteKind};
use super::value::Value;
use super::{Reader, slice};

/// More notes than a person reads.
const MAX_NOTES: usize = 1000;

impl<'t> Reader<'t> {
    #[inline(never)]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline(never)]
    pub(super) fn second(&self) -> Option<u8> {
        self.bytes.get(self.at.saturating_add(1)).copied()
    }

    #[inline(never)]
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    #[inline(never)]
    pub(super) fn char(&self) -> Option<char> {
        self.rest().chars().next()
    }

    #[inline(never)]
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes).min(self.bytes.len());
    }

    /// Passes over one character.
    #[inline(never)]
    pub(super) fn skip_char(&mut self) {
        self.advance(self.char().map_or(1, char::len_utf8));
    }

    /// Passes over that text, if it stands here.
    #[inline(never)]
    pub(super) fn take(&mut self, text: &str) -> bool {
        let here = self.rest().as_bytes().starts_with(text.as_bytes());
        if here {
            self.advance(text.len());
        }
        here
    }

    /// The place of the next byte, as nodes have it. Texts are far shorter than 4 GiB.
    #[inline(never)]
    pub(super) fn here(&self) -> u32 {
        u32::try_from(self.at).unwrap_or(u32::MAX)
    }

    #[inline(never)]
    pub(super) fn slice(&self, start: u32, end: u32) -> &'t str {
        slice(self.text, start, end)
    }

    #[inline(never)]
    pub(super) fn note(&mut self, kind: NoteKind, start: u32, end: u32) {
        let note = Note { kind, start, end };
        // What is read again says the same again.
        let said = self.notes.iter().rev().take(64).any(|other| *other == note);
        if self.notes.len() < MAX_NOTES && !said {
            self.notes.push(note);
        }
    }

    #[inline(never)]
    pub(super) fn note_here(&mut self, kind: NoteKind) {
        self.note(kind, self.here(), self.here());
    }

    /// Passes over spaces, comments and line ends behind a back-tick.
    #[inline(never)]
    pub(super) fn space(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | 0x0b | 0x0c) => self.advance(1),
                Some(b'`') => match self.second() {
                    Some(b'\n') => self.advance(2),
                    Some(b'\r') => {
                        self.advance(2);
                        self.take("\n");
                    }
                    _ => return,
                },
                Some(b'#') => {
                    while !matches!(self.peek(), None | Some(b'\n' | b'\r')) {
                        self.advance(1);
                    }
                }
                Some(b'<') if self.second() == Some(b'#') => self.comment(),
                Some(0x80..) if self.char().is_some_and(is_odd_space) => self.skip_char(),
                _ => return,
            }
        }
    }

    #[inline(never)]
    fn comment(&mut self) {
        let start = self.here();
        self.advance(2);
        while self.peek().is_some() {
            if self.take("#>") {
                return;
            }
            self.advance(1);
        }
        self.note(NoteKind::OpenComment, start, start.saturating_add(2));
    }

    /// Passes over all that, line ends, and what else is in `more`.
    #[inline(never)]
    pub(super) fn space_and(&mut self, more: &[u8]) {
        loop {
            self.space();
            match self.peek() {
                Some(b'\n' | b'\r') => self.advance(1),
                Some(byte) if more.contains(&byte) => self.advance(1),
                _ => return,
            }
        }
    }

    #[inline(never)]
    pub(super) fn lines(&mut self) {
        self.space_and(b"");
    }

    /// The letters, digits, `_` and whatever is no ASCII here.
    #[inline(never)]
    pub(super) fn word(&mut self) -> &'t str {
        let start = self.here();
        while self.peek().is_some_and(is_word) && !self.char().is_some_and(ends_word) {
            self.skip_char();
        }
        self.slice(start, self.here())
    }

    /// A word with dashes in it: a command's name.
    #[inline(never)]
    pub(super) fn command_name(&mut self) -> &'t str {
        let start = self.here();
        while self
            .peek()
            .is_some_and(|byte| is_word(byte) || matches!(byte, b'-' | b'.' | b'\\' | b'/' | b':'))
            && !self.char().is_some_and(ends_word)
        {
            self.skip_char();
        }
        self.slice(start, self.here())
    }

    /// Pays for work that a short script could ask for without end; false when all is spent.
    #[inline(never)]
    pub(super) fn pay(&mut self, cost: usize) -> bool {
        let left = self.fuel.and_then(|fuel| fuel.checked_sub(cost));
        if left.is_none() && self.fuel.is_some() {
            self.note_here(NoteKind::TooMuch);
        }
        self.fuel = left;
        if left.is_none() {
            self.give_up();
        }
        left.is_some()
    }

    /// The name of a variable as it is remembered: in PowerShell, case makes no difference.
    #[inline(never)]
    pub(super) fn known_as(&self, name: &str) -> Name {
        if self.cased { name.into() } else { name.to_ascii_lowercase().into() }
    }

    /// What a variable is known to be.
    #[inline(never)]
    pub(super) fn variable(&self, name: &str) -> Option<&Value<'t>> {
        // The first reading knows none.
        self.known.as_ref()?;
        self.variables.get(&self.known_as(name))
    }
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Quotes, dashes and spaces beyond ASCII, which PowerShell takes as its own.
fn ends_word(char: char) -> bool {
    is_odd_space(char) || is_single(char) || is_double(char) || matches!(char, '–' | '—' | '―')
}

pub(super) fn is_odd_space(char: char) -> bool {
    matches!(
        char,
        '\u{a0}' | '\u{85}' | '\u{feff}' | '\u{200b}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}'
    )
}

/// `'` and what word processors make of it.
pub(super) fn is_single(char: char) -> bool {
    matches!(char, '\'' | '‘' | '’' | '‚' | '‛')
}

/// `"` and what word processors make of it.
pub(super) fn is_double(char: char) -> bool {
    matches!(char, '"' | '“' | '”' | '„')
}
