//! Strings: in single and double quotes, here-strings, and what stands in them for values.

use alloc::borrow::Cow;
use alloc::string::ToString;

use super::Reader;
use super::cursor::{is_double, is_single};
use super::emit::UNKNOWN;
use super::note::NoteKind;
use super::pieces::Content;
use super::value::{Text, Value, What};
use crate::json::Node;

/// How a string ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Single,
    Double,
    /// `"@` at the start of a line, or `'@`.
    Here(char),
}

impl<'t> Reader<'t> {
    /// True where a quote stands.
    pub(super) fn at_quote(&self) -> bool {
        self.char().is_some_and(|char| is_single(char) || is_double(char))
    }

    /// A string from its quote on.
    pub(super) fn string(&mut self) -> Value<'t> {
        let start = self.here();
        let quote = self.char().unwrap_or('"');
        self.skip_char();
        let end = if is_single(quote) { End::Single } else { End::Double };
        let (content, closed) = self.content(end, is_double(quote));
        let inside = start.saturating_add(u32::try_from(quote.len_utf8()).unwrap_or(1));
        let written = self.slice(inside, self.here());
        let open = self.tables > 0 && content.text.trim_end().ends_with('=');
        if let Some(cut) = forgotten_quote(written, closed, open)
            && self.pay(written.len())
        {
            // The string ends where the line or the member does, as it was meant to.
            self.at =
                usize::try_from(start).unwrap_or(0).saturating_add(quote.len_utf8()).saturating_add(cut);
            let end = self.here();
            self.note(NoteKind::OpenString, start, end);
            let mut content = Content::default();
            content.push(self.slice(inside, end), inside);
            return self.text_value(start, content, false, quote);
        }
        if !closed {
            self.note(NoteKind::OpenString, start, inside);
        }
        self.text_value(start, content, closed, quote)
    }

    /// `@"`, the lines of a string, `"@`; from the `@` on. None where none starts.
    pub(super) fn here_string(&mut self) -> Option<Value<'t>> {
        let quote = self.rest().chars().nth(1).filter(|&char| is_single(char) || is_double(char))?;
        let behind = self.rest().get(1_usize.saturating_add(quote.len_utf8())..)?;
        let line = behind.trim_start_matches([' ', '\t']);
        let line = line.strip_prefix('\r').unwrap_or(line);
        let line = line.strip_prefix('\n').unwrap_or(line);
        // Text behind the mark makes it no here-string.
        if line.len() == behind.trim_start_matches([' ', '\t']).len() {
            return None;
        }
        let start = self.here();
        self.at = self.text.len().saturating_sub(line.len());
        let kind = if is_single(quote) { '\'' } else { '"' };
        let (content, closed) = self.content(End::Here(kind), kind == '"');
        if !closed {
            self.note(NoteKind::OpenHereString, start, start.saturating_add(1));
        }
        let text = Text {
            flags: None,
            pieces: if content.may_be_json() { content.pieces } else { alloc::vec::Vec::new() },
            text: Cow::Owned(content.text),
            partly: content.partly,
        };
        Some(Value::new(start, self.here(), What::Text(text)))
    }

    fn text_value(&mut self, start: u32, content: Content, closed: bool, quote: char) -> Value<'t> {
        let end = self.here();
        let raw = self.slice(start, end);
        let inside = raw.get(quote.len_utf8()..).unwrap_or("");
        let inside = match inside.chars().next_back().filter(|_| closed) {
            Some(last) => inside.strip_suffix(last).unwrap_or(inside),
            None => inside,
        };
        let pieces = if content.may_be_json() { content.pieces } else { alloc::vec::Vec::new() };
        let text = if content.text == inside {
            let open = if closed { 0 } else { Node::OPEN };
            let wide = if raw.chars().next_back().is_some_and(|char| char.len_utf8() > 1 && closed)
                || quote.len_utf8() > 1
            {
                Node::WIDE
            } else {
                0
            };
            Text { text: Cow::Borrowed(inside), flags: Some(open | wide), pieces, partly: content.partly }
        } else {
            Text { text: Cow::Owned(content.text), flags: None, pieces, partly: content.partly }
        };
        Value::new(start, end, What::Text(text))
    }

    /// The content up to and with what ends it, and whether that is there.
    fn content(&mut self, end: End, expands: bool) -> (Content, bool) {
        let mut content = Content::default();
        let mut run = self.at;
        let mut line_start = true;
        let mut closed = false;
        while let Some(byte) = self.peek() {
            let at_line_start = core::mem::replace(&mut line_start, false);
            match byte {
                b'`' if expands => {
                    self.flush(&mut content, run);
                    self.escape(&mut content);
                    run = self.at;
                }
                b'$' if expands && self.second().is_some_and(starts_variable) => {
                    self.flush(&mut content, run);
                    self.expand(&mut content);
                    run = self.at;
                }
                b' ' if at_line_start && self.typed => {
                    line_start = true;
                    self.advance(1);
                }
                b'\n' | b'\r' => {
                    line_start = true;
                    self.advance(1);
                }
                b'"' | b'\'' | 0x80.. => {
                    let char = self.char().unwrap_or(' ');
                    let ends = match end {
                        End::Single => is_single(char),
                        End::Double => is_double(char),
                        End::Here(quote) => {
                            at_line_start
                                && (if quote == '"' { is_double(char) } else { is_single(char) })
                                && self
                                    .rest()
                                    .get(char.len_utf8()..)
                                    .is_some_and(|rest| rest.starts_with('@'))
                        }
                    };
                    if !ends {
                        self.skip_char();
                        continue;
                    }
                    let start = self.here();
                    let next = self.rest().get(char.len_utf8()..).and_then(|rest| rest.chars().next());
                    let doubled = next.is_some_and(|next| match end {
                        End::Single => is_single(next),
                        End::Double => is_double(next),
                        End::Here(_) => false,
                    });
                    self.flush(&mut content, run);
                    self.skip_char();
                    if doubled {
                        self.skip_char();
                        // Of two that differ, the second is meant.
                        let second = next.unwrap_or(char);
                        content.put(second.encode_utf8(&mut [0; 4]), start, self.here());
                        run = self.at;
                        continue;
                    }
                    run = self.at;
                    if let End::Here(_) = end {
                        self.advance(1);
                        run = self.at;
                        // The line end before the mark is none of the content.
                        let len = content.text.len();
                        let kept = content.text.strip_suffix('\n').map_or(len, str::len);
                        content.text.truncate(kept);
                        let kept = content.text.strip_suffix('\r').map_or(kept, str::len);
                        content.text.truncate(kept);
                    }
                    closed = true;
                    break;
                }
                _ => self.advance(1),
            }
        }
        self.flush(&mut content, run);
        (content, closed)
    }

    /// Adds what was passed over since.
    fn flush(&self, content: &mut Content, from: usize) {
        let start = u32::try_from(from).unwrap_or(u32::MAX);
        content.push(self.text.get(from..self.at).unwrap_or(""), start);
    }

    /// A back-tick and what it stands for.
    fn escape(&mut self, content: &mut Content) {
        let start = self.here();
        self.advance(1);
        let Some(char) = self.char() else { return };
        self.skip_char();
        let made = match char {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' => '\u{1b}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            // A line that goes on.
            '\r' => {
                self.take("\n");
                return;
            }
            '\n' => return,
            'u' => self.unicode().unwrap_or('u'),
            other => other,
        };
        content.put(made.encode_utf8(&mut [0; 4]), start, self.here());
    }

    /// `{1f600}` of `` `u{1f600} ``.
    fn unicode(&mut self) -> Option<char> {
        let digits = self.rest().strip_prefix('{')?;
        let digits = digits.get(..digits.bytes().take(7).position(|byte| byte == b'}')?)?;
        let char = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
        self.advance(digits.len().saturating_add(2));
        Some(char)
    }

    /// A variable or `$( … )` in a string.
    fn expand(&mut self, content: &mut Content) {
        let start = self.here();
        let value = if self.second() == Some(b'(') {
            self.advance(1);
            self.parenthesis(start)
        } else {
            self.plain_variable()
        };
        let end = self.here();
        self.put(content, &value, start, end);
    }

    /// Adds a value to a string.
    pub(super) fn put(&mut self, content: &mut Content, value: &Value<'t>, start: u32, end: u32) {
        let text = self.shown(value).map(|text| text.to_string());
        match text.filter(|text| self.pay(text.len())) {
            Some(text) if value.is_partly() => {
                // What is not known stands in JSON in another way than in strings.
                content.partly = true;
                for (index, known) in text.split(UNKNOWN).enumerate() {
                    if index > 0 {
                        content.put_unknown(start, end);
                    }
                    content.put(known, start, end);
                }
            }
            Some(text) => content.put(&text, start, end),
            None => content.put_unknown(start, end),
        }
    }

    /// What a value is as a part of a string; of a list, where the script leaves a blank between its elements.
    pub(super) fn shown<'v>(&self, value: &'v Value<'t>) -> Option<Cow<'v, str>> {
        let list = matches!(*value.what, What::List(_));
        let separates = self.log.separates || self.known.as_ref().is_some_and(|known| known.separates);
        if list && separates { None } else { value.inside(self.text) }
    }

    /// The string that two values make.
    pub(super) fn joined(&mut self, parts: &[&Value<'t>], start: u32, end: u32) -> Value<'t> {
        let mut content = Content::default();
        for part in parts {
            self.put(&mut content, part, part.start, part.end);
        }
        let pieces = if content.may_be_json() { content.pieces } else { alloc::vec::Vec::new() };
        let text = Text { text: Cow::Owned(content.text), flags: None, pieces, partly: content.partly };
        Value::new(start, end, What::Text(text))
    }
}

/// True for what makes a `$` in a string more than a dollar.
fn starts_variable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'{' | b'(' | b'?' | b'$' | b'^')
}

/// Where a string ends whose quote was forgotten: at the end of its line, or, where the next quote comes right behind a
/// `=`, at the `;` before. None for a string that is as it should be.
fn forgotten_quote(written: &str, closed: bool, before_value: bool) -> Option<usize> {
    if closed {
        return written.find([';', '\n', '\r']).filter(|_| before_value);
    }
    written.find(['\n', '\r'])
}
