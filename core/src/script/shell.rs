//! Shell scripts: `az rest` and `curl` with JSON in quotes, in variables, in here-documents and in files that they write.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::Reader;
use super::command::Argument;
use super::cursor::is_word;
use super::note::NoteKind;
use super::pieces::Content;
use super::value::{Text, Value, What};
use crate::json::Node;

/// A here-document that is announced: what ends it, whether variables stand in it, whether tabs in front go.
struct Announced<'t> {
    mark: &'t str,
    expands: bool,
    tabs: bool,
}

impl<'t> Reader<'t> {
    /// Reads all commands.
    pub(super) fn shell(&mut self) {
        while self.peek().is_some() {
            let start = self.at;
            self.shell_command();
            if self.at == start {
                self.skip_char();
            }
        }
    }

    /// Spaces, comments, and lines that go on; so do those of PowerShell, which wrote many a sample.
    fn blanks(&mut self) {
        loop {
            match (self.peek(), self.second()) {
                (Some(b' ' | b'\t'), _) => self.advance(1),
                (Some(b'\\' | b'`'), Some(b'\n')) => self.advance(2),
                (Some(b'\\' | b'`'), Some(b'\r')) => {
                    self.advance(2);
                    self.take("\n");
                }
                (Some(b'#'), _) => {
                    while !matches!(self.peek(), None | Some(b'\n' | b'\r')) {
                        self.advance(1);
                    }
                }
                _ => return,
            }
        }
    }

    fn shell_command(&mut self) {
        let start = self.here();
        let mut words: Vec<Value<'t>> = Vec::new();
        let mut file: Option<Value<'t>> = None;
        let mut input: Option<Value<'t>> = None;
        let mut announced: Option<Announced<'t>> = None;
        loop {
            self.blanks();
            match self.peek() {
                None | Some(b'\n' | b'\r' | b';' | b'|' | b'&' | b')' | b'(') => break,
                Some(b'<') if self.rest().starts_with("<<<") => {
                    self.advance(3);
                    self.blanks();
                    input = Some(self.shell_word());
                }
                Some(b'<') if self.second() == Some(b'<') => announced = self.announced(),
                Some(b'<') => {
                    self.advance(1);
                    self.blanks();
                    self.shell_word();
                }
                Some(b'>') => {
                    self.advance(1);
                    self.take(">");
                    self.take("&");
                    self.blanks();
                    file = Some(self.shell_word());
                }
                _ => {
                    let assigned = self.assigned_name();
                    let value = self.shell_word();
                    match assigned {
                        Some(name) => self.set(name, value),
                        None if !matches!(
                            value.text(),
                            Some("export" | "local" | "readonly" | "declare")
                        ) || !words.is_empty() =>
                        {
                            words.push(value);
                        }
                        None => {}
                    }
                }
            }
        }
        let end = self.here();
        if let Some(announced) = announced {
            while !matches!(self.peek(), None | Some(b'\n')) {
                self.skip_char();
            }
            self.advance(1);
            input = Some(self.here_document(&announced));
        }
        self.shell_run(start, end, &words, file.as_ref(), input);
    }

    /// `NAME=` at the start of a word, passed over.
    fn assigned_name(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let len = rest.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'_').count();
        let name = rest.get(..len)?;
        let assigns = rest.get(len..).is_some_and(|behind| behind.starts_with('='));
        if !assigns || name.is_empty() || name.starts_with(|char: char| char.is_ascii_digit()) {
            return None;
        }
        self.advance(len.saturating_add(1));
        Some(name)
    }

    /// `<<EOF`, `<<-'EOF'`
    fn announced(&mut self) -> Option<Announced<'t>> {
        self.advance(2);
        let tabs = self.take("-");
        self.blanks();
        let quote = self.peek().filter(|byte| matches!(byte, b'\'' | b'"' | b'\\'));
        if quote.is_some() {
            self.advance(1);
        }
        let mark = self.word();
        if quote.is_some() && self.peek() == quote {
            self.advance(1);
        }
        (!mark.is_empty()).then_some(Announced { mark, expands: quote.is_none(), tabs })
    }

    /// The lines up to the mark, which is passed over.
    fn here_document(&mut self, announced: &Announced<'t>) -> Value<'t> {
        let start = self.here();
        let mut content = Content::default();
        let mut closed = false;
        while self.peek().is_some() {
            let line = self.rest().lines().next().unwrap_or("");
            let line = if announced.tabs { line.trim_start_matches('\t') } else { line };
            if line == announced.mark {
                closed = true;
                while !matches!(self.peek(), None | Some(b'\n')) {
                    self.skip_char();
                }
                break;
            }
            self.shell_text(&mut content, announced.expands, b"\n");
            if self.peek().is_some() {
                let at = self.here();
                self.advance(1);
                content.push("\n", at);
            }
        }
        if !closed {
            self.note(NoteKind::OpenHereString, start, start);
        }
        let end = self.here();
        content_value(content, start, end)
    }

    /// Text with variables in it, up to one of these bytes, which stays.
    fn shell_text(&mut self, content: &mut Content, expands: bool, ends: &[u8]) {
        while let Some(byte) = self.peek() {
            let at = self.here();
            if ends.contains(&byte) {
                return;
            }
            match byte {
                b'\\' if expands => {
                    let next = self.second();
                    match next {
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
                b'$' if expands
                    && self.second().is_some_and(|byte| is_word(byte) || matches!(byte, b'{' | b'(')) =>
                {
                    let value = self.shell_variable();
                    self.put(content, &value, at, self.here());
                }
                _ => {
                    let stop = |byte: u8| ends.contains(&byte) || (expands && matches!(byte, b'\\' | b'$'));
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
        if self.second() != Some(b'(') {
            return self.plain_variable();
        }
        self.advance(2);
        self.blanks();
        // `$(cat <<EOF`
        let mut read = None;
        if self.rest().starts_with("cat") {
            self.advance(3);
            self.blanks();
            if self.rest().starts_with("<<")
                && let Some(announced) = self.announced()
            {
                while !matches!(self.peek(), None | Some(b'\n')) {
                    self.skip_char();
                }
                self.advance(1);
                read = Some(self.here_document(&announced));
            }
        }
        let mut open = 1_usize;
        while open > 0 && self.peek().is_some() {
            match self.peek() {
                Some(b'(') => open = open.saturating_add(1),
                Some(b')') => open = open.saturating_sub(1),
                Some(b'\'') => {
                    self.advance(1);
                    while !matches!(self.peek(), None | Some(b'\'')) {
                        self.skip_char();
                    }
                }
                Some(b'\\') => self.advance(1),
                _ => {}
            }
            self.skip_char();
        }
        read.unwrap_or_else(|| Value::unknown(start, self.here()))
    }

    /// One word, quotes and all.
    fn shell_word(&mut self) -> Value<'t> {
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
                    self.advance(1);
                    let alone = matches!(self.peek(), Some(b'$'));
                    if alone {
                        let inner = self.here();
                        let value = self.shell_variable();
                        if self.peek() == Some(b'"') {
                            only = Some(value.clone());
                        }
                        self.put(&mut content, &value, inner, self.here());
                    }
                    self.shell_text(&mut content, true, b"\"");
                    if !self.take("\"") {
                        self.note(NoteKind::OpenString, at, at.saturating_add(1));
                    }
                }
                b'\\' | b'`' if matches!(self.second(), Some(b'\n' | b'\r')) => break,
                b'\\' => {
                    self.advance(1);
                    let from = self.here();
                    self.skip_char();
                    content.put(self.slice(from, self.here()), at, self.here());
                }
                b'$' if self.second().is_some_and(|byte| is_word(byte) || matches!(byte, b'{' | b'(')) => {
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
        if let Some(only) = only.filter(|only| parts == 1 && !only.is_unknown()) {
            return only;
        }
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

    fn shell_run(
        &mut self,
        start: u32,
        end: u32,
        words: &[Value<'t>],
        file: Option<&Value<'t>>,
        input: Option<Value<'t>>,
    ) {
        let text = |index: usize| words.get(index).and_then(Value::text).unwrap_or("");
        match text(0) {
            "cat" | "tee" => {
                if let (Some(file), Some(input)) = (file.or_else(|| words.get(1)), input) {
                    self.write(file, input);
                }
            }
            "echo" | "printf" => {
                if let (Some(file), Some(value)) = (file, words.last()) {
                    self.write(file, value.clone());
                }
            }
            "az" if text(1) == "rest" => {
                let arguments = arguments(words.get(2..).unwrap_or(&[]), self.text, input.as_ref());
                self.rest_call(start, end, &arguments, input);
            }
            "curl" => {
                let arguments = arguments(words.get(1..).unwrap_or(&[]), self.text, input.as_ref());
                self.rest_call(start, end, &arguments, input);
            }
            _ => {}
        }
    }
}

/// Words as arguments: a name takes the next word, unless that is a name, too. `@-` is what comes in.
fn arguments<'t>(words: &[Value<'t>], text: &'t str, input: Option<&Value<'t>>) -> Vec<Argument<'t>> {
    let mut arguments: Vec<Argument<'t>> = Vec::new();
    for word in words {
        let raw = super::slice(text, word.start, word.end);
        if raw.starts_with('-') && raw.len() > 1 {
            let (start, end) = (word.start, word.end);
            arguments.push(Argument { name: raw, start, end, value: None });
            continue;
        }
        let word = match (word.text(), input) {
            (Some("@-" | "-"), Some(input)) => input,
            _ => word,
        };
        match arguments.last_mut().filter(|last| !last.name.is_empty() && last.value.is_none()) {
            Some(last) => last.value = Some(word.clone()),
            None => {
                let (start, end) = (word.start, word.end);
                arguments.push(Argument { name: "", start, end, value: Some(word.clone()) });
            }
        }
    }
    arguments
}

fn content_value<'t>(content: Content, start: u32, end: u32) -> Value<'t> {
    let pieces = if content.may_be_json() { content.pieces } else { Vec::new() };
    let text = Text { text: Cow::Owned(content.text), flags: None, pieces, partly: content.partly };
    Value::new(start, end, What::Text(text))
}
