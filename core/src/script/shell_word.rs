//! Words of shells: quotes and variables.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::Reader;
use super::cursor::is_word;
use super::expression::MAX_DEPTH;
use super::note::NoteKind;
use super::pieces::Content;
use super::value::{Text, Value, What};
use crate::json::Node;
use crate::part;

impl<'t> Reader<'t> {
    /// Text with variables in it, up to one of these bytes, which stays.
    pub(super) fn shell_text(&mut self, content: &mut Content, expands: bool, ends: &[u8]) {
        while let Some(byte) = self.peek() {
            let at = self.here();
            if ends.contains(&byte) {
                return;
            }
            match byte {
                b'\\' if expands => {
                    let next = self.second();
                    match next {
                        // In a here-document, a quote is a quote.
                        Some(b'"') if ends == b"\n" => {
                            self.advance(1);
                            content.push("\\", at);
                        }
                        Some(b'"' | b'$' | b'\\' | b'`') => {
                            self.advance(2);
                            let text = self.slice(at.saturating_add(1), self.here());
                            content.put(text, at, self.here());
                        }
                        Some(b'\n') => self.advance(2),
                        _ => {
                            self.advance(1);
                            content.push("\\", at);
                        }
                    }
                }
                b'$' if expands && self.second().is_some_and(expanded) => {
                    let value = self.shell_variable();
                    self.put(content, &value, at, self.here());
                }
                b'`' if expands && self.back_ticks() => content.put_unknown(at, self.here()),
                b'%' if self.batch && self.batch_variable() => content.put_unknown(at, self.here()),
                _ => {
                    let batch = self.batch;
                    let stop = |byte: u8| {
                        ends.contains(&byte)
                            || (expands && matches!(byte, b'\\' | b'$' | b'`'))
                            || (batch && byte == b'%')
                    };
                    self.skip_char();
                    while self.peek().is_some_and(|byte| !stop(byte)) {
                        self.advance(1);
                    }
                    content.push(self.slice(at, self.here()), at);
                }
            }
        }
    }

    /// `$NAME`, `${NAME}`, `$( … )`
    fn shell_variable(&mut self) -> Value<'t> {
        let start = self.here();
        match self.second() {
            Some(b'(') => {}
            Some(b'{') => return self.expansion(),
            // As shells once wrote `$((`.
            Some(b'[') => {
                self.advance(2);
                let inside = self.balanced(b'[', b']');
                self.evaluates(inside);
                return Value::unknown(start, self.here());
            }
            Some(byte) if !is_word(byte) => {
                self.advance(2);
                return Value::unknown(start, self.here());
            }
            _ => {
                self.advance(1);
                let rest = self.rest();
                let digit = rest.starts_with(|char: char| char.is_ascii_digit());
                let len = rest.bytes().take_while(|&byte| is_name(byte)).count();
                let name = rest.get(..if digit { 1 } else { len }).unwrap_or("");
                self.advance(name.len());
                return self.named(name, start);
            }
        }
        self.advance(2);
        if self.peek() == Some(b'(') || self.depth >= MAX_DEPTH {
            let inside = self.balanced(b'(', b')');
            self.evaluates(inside);
            if self.depth >= MAX_DEPTH {
                self.forget_all();
            }
            return Value::unknown(start, self.here());
        }
        let printed = self.substitution();
        printed.unwrap_or_else(|| Value::unknown(start, self.here()))
    }

    /// `%NAME%`, passed over; false for any other `%`.
    fn batch_variable(&mut self) -> bool {
        let rest = self.rest().get(1..).unwrap_or("");
        let len = rest.bytes().take_while(|&byte| is_name(byte)).count();
        let found = len > 0 && rest.as_bytes().get(len) == Some(&b'%');
        self.advance(if found { len.saturating_add(2) } else { 0 });
        found
    }

    /// `${NAME}`, and whatever else stands in such brackets.
    fn expansion(&mut self) -> Value<'t> {
        let start = self.here();
        self.advance(2);
        let inside = self.balanced(b'{', b'}');
        if !inside.is_empty() && inside.bytes().all(is_name) {
            return self.named(inside, start);
        }
        self.may_assign(inside);
        if inside.contains(['(', '`']) {
            self.forget_files();
        }
        Value::unknown(start, self.here())
    }

    /// What stands up to the bracket that ends it, which is passed over.
    fn balanced(&mut self, open: u8, close: u8) -> &'t str {
        let start = self.here();
        let mut depth = 1_usize;
        while let Some(byte) = self.peek() {
            match byte {
                _ if byte == open => depth = depth.saturating_add(1),
                _ if byte == close => depth = depth.saturating_sub(1),
                b'\\' => self.advance(1),
                _ => {}
            }
            if depth == 0 {
                break;
            }
            self.skip_char();
        }
        let inside = self.slice(start, self.here());
        self.advance(1);
        inside
    }

    /// `` `command` ``, passed over, which may change files; false where no second sign stands.
    fn back_ticks(&mut self) -> bool {
        let mut escaped = false;
        let end = self.rest().bytes().skip(1).position(|byte| {
            let ends = byte == b'`' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let Some(end) = end.filter(|_| !matches!(self.second(), Some(b'\n' | b'\r'))) else { return false };
        self.advance(end.saturating_add(2));
        self.forget_files();
        true
    }

    /// What stands between single quotes of which some have a backslash in front; both are passed over.
    fn escaped(&mut self) -> &'t str {
        self.advance(1);
        let start = self.here();
        while !matches!(self.peek(), None | Some(b'\'')) {
            self.advance(usize::from(self.peek() == Some(b'\\')));
            self.skip_char();
        }
        let inside = self.slice(start, self.here());
        self.advance(1);
        inside
    }

    /// One word, quotes and all.
    pub(super) fn shell_word(&mut self) -> Value<'t> {
        let start = self.here();
        let mut content = Content::default();
        // A value that is the whole word stays as it is, with its place.
        let mut only: Option<Value<'t>> = None;
        let mut parts = 0_usize;
        let mut quoted = false;
        while let Some(byte) = self.peek() {
            let at = self.here();
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'|' | b'&' | b'(' | b')' | b'<' | b'>' => break,
                b'\'' => {
                    quoted = true;
                    self.advance(1);
                    self.shell_text(&mut content, false, b"'");
                    if !self.take("'") {
                        self.note(NoteKind::OpenString, at, at.saturating_add(1));
                    }
                }
                b'"' => {
                    quoted = true;
                    only = self.double_quoted(&mut content).or(only);
                }
                b'\\' if self.second() == Some(b'\n') => {
                    self.advance(2);
                    continue;
                }
                b'\\' | b'`' | b'^' if matches!(self.second(), Some(b'\n' | b'\r')) => break,
                b'\\' => {
                    self.advance(1);
                    let from = self.here();
                    self.skip_char();
                    content.put(self.slice(from, self.here()), at, self.here());
                }
                b'`' if self.back_ticks() => {
                    content.put_unknown(at, self.here());
                    only = Some(Value::unknown(at, self.here()));
                }
                // `$'…'`, where a backslash means more than itself, and `$"…"`.
                b'$' if matches!(self.second(), Some(b'\'' | b'"')) => {
                    self.advance(1);
                    if self.peek() == Some(b'\'') {
                        let raw = self.escaped();
                        if part::has(raw, '\\') {
                            content.put_unknown(at, self.here());
                        } else {
                            content.put(raw, at, self.here());
                        }
                    }
                }
                b'%' if self.batch && self.batch_variable() => content.put_unknown(at, self.here()),
                b'$' if self.second().is_some_and(expanded) => {
                    let value = self.shell_variable();
                    only = Some(value.clone());
                    self.put(&mut content, &value, at, self.here());
                }
                _ => {
                    self.skip_char();
                    content.push(self.slice(at, self.here()), at);
                    while self
                        .peek()
                        .is_some_and(|byte| is_word(byte) || matches!(byte, b'/' | b'-' | b'.' | b':'))
                    {
                        let at = self.here();
                        self.skip_char();
                        content.push(self.slice(at, self.here()), at);
                    }
                }
            }
            parts = parts.saturating_add(1);
        }
        let end = self.here();
        match only.filter(|_| parts == 1) {
            Some(only) if only.is_unknown() => return Value::unknown(start, end),
            Some(only) => return only,
            None => {}
        }
        self.shell_word_value(content, start, end, quoted, parts)
    }

    /// `"$NAME and more"`; the value of a variable that is all there is in it.
    fn double_quoted(&mut self, content: &mut Content) -> Option<Value<'t>> {
        let at = self.here();
        self.advance(1);
        let mut only = None;
        if self.peek() == Some(b'$') && self.second().is_some_and(expanded) {
            let inner = self.here();
            let value = self.shell_variable();
            self.put(content, &value, inner, self.here());
            only = Some(value).filter(|_| self.peek() == Some(b'"'));
        }
        self.shell_text(content, true, b"\"");
        if !self.take("\"") {
            self.note(NoteKind::OpenString, at, at.saturating_add(1));
        }
        only
    }

    /// The word from `start` to `end`, in so many parts: as it stands in the script where nothing in it is replaced.
    fn shell_word_value(
        &self,
        content: Content,
        start: u32,
        end: u32,
        quoted: bool,
        parts: usize,
    ) -> Value<'t> {
        let raw = self.slice(start, end);
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
        let flags = match content.text.as_str() {
            text if text == raw => Some(Node::BARE),
            text if quoted && parts == 1 && text == inner => Some(0),
            _ => None,
        };
        if flags.is_some() {
            let pieces = if content.may_be_json() { content.pieces } else { Vec::new() };
            let text = if quoted { inner } else { raw };
            let text = Text { text: Cow::Borrowed(text), flags, pieces, partly: content.partly };
            return Value::new(start, end, What::Text(text));
        }
        content_value(content, start, end)
    }
}

/// True for what makes a `$` more than a dollar.
fn expanded(byte: u8) -> bool {
    is_name(byte) || b"{([@*#?!$-".contains(&byte)
}

/// True for what names of variables are made of.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

pub(super) fn content_value<'t>(content: Content, start: u32, end: u32) -> Value<'t> {
    let pieces = if content.may_be_json() { content.pieces } else { Vec::new() };
    let text = Text { text: Cow::Owned(content.text), flags: None, pieces, partly: content.partly };
    Value::new(start, end, What::Text(text))
}
