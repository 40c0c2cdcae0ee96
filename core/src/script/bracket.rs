//! What stands in brackets: tables, arrays, parentheses.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::Reader;
use super::note::NoteKind;
use super::value::{Key, Value, What};
use crate::json::Node;

impl<'t> Reader<'t> {
    /// The statements up to the bracket that ends them, which is passed over; what they give, and whether the bracket
    /// was there. `start` is where the opening bracket stands, which is passed over, too.
    pub(super) fn inside(&mut self, close: u8) -> (Vec<Value<'t>>, bool) {
        let open = self.here();
        self.advance(1);
        let values = self.statements(Some(close));
        let closed = self.peek() == Some(close);
        if closed {
            self.advance(1);
        } else {
            self.unclosed(if close == b')' { NoteKind::OpenParenthesis } else { NoteKind::OpenBrace }, open);
        }
        (values, closed)
    }

    /// Says that a bracket is not closed; of those that the end of the text leaves open, the innermost alone.
    pub(super) fn unclosed(&mut self, kind: NoteKind, open: u32) {
        let ended = self.peek().is_none() || self.at_jit_command();
        if !(ended && self.ended) {
            self.note(kind, open, open.saturating_add(1));
        }
        self.ended |= ended;
    }

    /// `( … )` or, with its `$` at `start`, `$( … )`: what is in it.
    pub(super) fn parenthesis(&mut self, start: u32) -> Value<'t> {
        let (mut values, _) = self.inside(b')');
        let end = self.here();
        match values.len() {
            0 => Value::new(start, end, What::Null),
            1 => match values.pop() {
                // What was worked out is shown with its brackets, what is written as it is.
                Some(one) if one.is_unknown() => Value::unknown(start, end),
                // It stays the same list.
                Some(one) if matches!(*one.what, What::List(_)) && one.start > start => {
                    Value { start, end, ..one }
                }
                Some(one) => one,
                None => Value::unknown(start, end),
            },
            _ => Value::new(start, end, What::List(Self::flat(values))),
        }
    }

    /// `@( … )`
    pub(super) fn array(&mut self, start: u32) -> Value<'t> {
        let (mut values, _) = self.inside(b')');
        for value in values.iter_mut().filter(|value| value.is_unknown()) {
            *value = Value::several(value.start, value.end);
        }
        Value::new(start, self.here(), What::List(Self::flat(values)))
    }

    /// `@{ … }`, from its `{` on.
    pub(super) fn table(&mut self, start: u32) -> Value<'t> {
        let open = self.here();
        self.advance(1);
        let mut members = Vec::new();
        loop {
            self.space_and(b";");
            match self.peek() {
                Some(b'}') => {
                    self.advance(1);
                    return Value::new(start, self.here(), What::Table { members, cut: false });
                }
                // A bracket of what is around the table ends it, and so does the command that the table is for.
                Some(_) if self.at_jit_command() => {
                    self.unclosed(NoteKind::OpenBrace, open);
                    return Value::new(start, self.here(), What::Table { members, cut: false });
                }
                Some(b')') if self.open > 0 => {
                    self.unclosed(NoteKind::OpenBrace, open);
                    return Value::new(start, self.here(), What::Table { members, cut: false });
                }
                None => {
                    self.unclosed(NoteKind::OpenBrace, open);
                    return Value::new(start, self.here(), What::Table { members, cut: true });
                }
                Some(b',') => {
                    self.note(NoteKind::ExtraComma, self.here(), self.here().saturating_add(1));
                    self.advance(1);
                }
                _ => match self.key() {
                    Some(key) => {
                        let value = self.member_value();
                        members.push((key, value));
                    }
                    None => self.stray(),
                },
            }
        }
    }

    /// The name of a member; none for what is no name.
    fn key(&mut self) -> Option<Key<'t>> {
        let start = self.here();
        let here = if self.peek() == Some(b'@') { self.here_string() } else { None };
        if here.is_some() || self.at_quote() {
            let value = here.unwrap_or_else(|| self.string());
            let What::Text(text) = &*value.what else { return None };
            return Some(Key { start, end: value.end, name: text.text.clone(), flags: text.flags });
        }
        if self.peek() == Some(b'$') {
            self.variable_name();
            let end = self.here();
            return Some(Key { start, end, name: Cow::Borrowed("$(unknown)"), flags: None });
        }
        let mut word = self.word();
        // `allowed-source`: no name in PowerShell, but one to say something about.
        if self.peek() == Some(b'-') && !word.is_empty() {
            while self.peek().is_some_and(|byte| byte == b'-' || super::cursor::is_word(byte)) {
                self.skip_char();
            }
            word = self.slice(start, self.here());
            self.note(NoteKind::MissingQuotes, start, self.here());
        }
        let end = self.here();
        (!word.is_empty()).then_some(Key { start, end, name: Cow::Borrowed(word), flags: Some(Node::BARE) })
    }

    /// What stands behind a member's name, with the `=` between.
    fn member_value(&mut self) -> Value<'t> {
        let before = self.here();
        self.space();
        match self.peek() {
            Some(b'=') => self.advance(1),
            Some(b':') => {
                self.note(NoteKind::MissingEquals, self.here(), self.here().saturating_add(1));
                self.advance(1);
            }
            None | Some(b';' | b'}' | b'\n' | b'\r' | b')') => {
                self.note(NoteKind::MissingValue, before, before);
                return Value::new(before, before, What::Broken);
            }
            _ => self.note(NoteKind::MissingEquals, before, before),
        }
        let behind = self.here();
        self.lines();
        if matches!(self.peek(), None | Some(b';' | b'}' | b')' | b',')) {
            self.note(NoteKind::MissingValue, behind, behind);
            return Value::new(behind, behind, What::Broken);
        }
        self.tables = self.tables.saturating_add(1);
        let value = self.statement();
        self.tables = self.tables.saturating_sub(1);
        self.space();
        let here = self.here();
        let value = value.unwrap_or_else(|| Value::unknown(behind, here));
        if !matches!(self.peek(), None | Some(b';' | b'}' | b')' | b',' | b'\n' | b'\r')) {
            self.stray();
        }
        value
    }

    /// Something that belongs nowhere: passed over to the next place where something may begin.
    pub(super) fn stray(&mut self) {
        let start = self.here();
        self.skip_char();
        while !matches!(
            self.peek(),
            None | Some(b';' | b'}' | b')' | b'{' | b'(' | b',' | b'\n' | b'\r' | b'\'' | b'"' | b'#')
        ) {
            self.skip_char();
        }
        self.note(NoteKind::Stray, start, self.here());
    }
}
