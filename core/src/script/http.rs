//! Requests of HTTP as editors send them from an `.http` file, and as documentation prints them: a line with method and
//! address, headers, the body; `###` between two, `@name = value` for what `{{name}}` stands for.

use alloc::vec::Vec;

use super::Reader;
use super::call::Call;
use super::command::Argument;
use super::note::NoteKind;
use super::pieces::Content;
use super::place::Place;
use super::rest::{Target, target};
use super::shell_word::content_value;
use super::value::Value;
use crate::part;
use crate::read::http::{assignment, request_line};

/// Of a variable, in bytes, with its brackets.
const LONGEST_NAME: usize = 128;

impl<'t> Reader<'t> {
    /// Reads all requests.
    pub(super) fn http(&mut self) {
        while self.peek().is_some() {
            let line = self.line();
            if let Some((name, value)) = assignment(line) {
                let start = self.place_in(value);
                let value = self.filled(start, start.saturating_add(len(value)));
                self.set(name, value);
                self.next_line();
            } else if let Some((method, address)) = request_line(line) {
                self.request(method, address);
            } else {
                self.next_line();
            }
        }
    }

    /// What is left of the line that stands here.
    fn line(&self) -> &'t str {
        self.rest().lines().next().unwrap_or("")
    }

    fn next_line(&mut self) {
        self.advance(self.line().len());
        if !self.take("\r\n") {
            self.advance(1);
        }
    }

    /// Where a part of the line that stands here begins.
    fn place_in(&self, part: &str) -> u32 {
        let line = self.line();
        let offset = line.len().saturating_sub(part.len());
        // The part is found from behind: it may be followed by spaces alone.
        let at = line.rfind(part).unwrap_or(offset);
        self.here().saturating_add(u32::try_from(at).unwrap_or(0))
    }

    fn request(&mut self, method: &'static str, address: &'t str) {
        let begin = self.here();
        // `PUT https://… HTTP/1.1`
        let address = address.split([' ', '\t']).next().unwrap_or("");
        let start = begin.saturating_add(u32::try_from(self.line().find(address).unwrap_or(0)).unwrap_or(0));
        let end = start.saturating_add(u32::try_from(address.len()).unwrap_or(0));
        let url = self.filled(start, end);
        let mut has_query = false;
        self.next_line();
        // Headers, up to an empty line or to what is none of them.
        while self.peek().is_some() {
            let line = self.line().trim();
            let header = part::split_once(line, ":").is_some_and(|(name, _)| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            });
            // A long query may go on in lines of its own.
            let query = line.starts_with(['?', '&']);
            let comment = is_note(line);
            if !(header || query || comment) {
                break;
            }
            has_query |= query;
            self.next_line();
        }
        while self.peek().is_some() && (self.line().trim().is_empty()) {
            self.next_line();
        }
        let start = self.here();
        let mut end = None;
        while self.peek().is_some() && !self.line().starts_with("###") && request_line(self.line()).is_none()
        {
            if is_handler(self.line()) {
                end.get_or_insert(self.here());
            }
            self.next_line();
        }
        let raw = self.slice(start, end.unwrap_or(self.here())).trim_end();
        let end = start.saturating_add(len(raw));
        if raw.is_empty() && method != "DELETE" {
            return;
        }
        if raw.starts_with("< ") || raw.starts_with("<@ ") {
            self.note(NoteKind::BodyInFile, start, end);
            if method == "PUT" && matches!(target(&url), Target::Policy | Target::Unknown) {
                self.calls.push(Call::Undo(Place::of_address(Some(&url))));
            }
            return;
        }
        let body = self.filled(start, end);
        let argument = |name: &'static str, value: Value<'t>| Argument {
            name,
            start: begin,
            end: begin,
            value: Some(value),
        };
        let query = has_query.then(|| argument("--url-parameters", Value::unknown(begin, begin)));
        let arguments = [
            argument("--method", Value::made(begin, begin.saturating_add(len(method)), method.into(), false)),
            argument("--url", url),
            argument("--body", body),
        ];
        let arguments: Vec<_> = arguments.into_iter().chain(query).collect();
        self.rest_call(begin, end, "http", &arguments, None);
    }

    /// The text between two places, with what its variables stand for.
    fn filled(&mut self, start: u32, end: u32) -> Value<'t> {
        let mut content = Content::default();
        let mut at = start;
        let mut rest = self.slice(start, end);
        while let Some((before, behind)) = part::split_once(rest, "{{") {
            // A name is short, and the whole of the text is not looked through for each.
            let near = behind.get(..behind.floor_char_boundary(LONGEST_NAME)).unwrap_or(behind);
            let name = part::split_once(near, "}}").map(|(name, _)| name).filter(|name| is_name(name));
            let Some(name) = name else {
                // JSON has such brackets, too.
                let shown = rest.get(..before.len().saturating_add(1)).unwrap_or(rest);
                content.push(shown, at);
                at = at.saturating_add(len(shown));
                rest = rest.get(shown.len()..).unwrap_or("");
                continue;
            };
            content.push(before, at);
            let from = at.saturating_add(len(before));
            let after = behind.get(name.len().saturating_add(2)..).unwrap_or("");
            at = from.saturating_add(len(name)).saturating_add(4);
            // What is still to be filled in is not known.
            let value = self.variable(name.trim()).and_then(Value::text);
            match value.filter(|value| !value.starts_with('<')).map(alloc::string::String::from) {
                Some(value) if self.pay(value.len()) => content.put(&value, from, at),
                _ => content.put_unknown(from, at),
            }
            rest = after;
        }
        content.push(rest, at);
        content_value(content, start, end)
    }
}

fn len(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(0)
}

/// True for a comment between headers.
fn is_note(line: &str) -> bool {
    starts(line, &["#", "//"]) && !line.starts_with("###")
}

/// True where it begins what is done with the answer, behind the body: `> {% … %}`, `>> answer.json`, `<> answer.json`.
fn is_handler(line: &str) -> bool {
    starts(line, &["> ", ">>", "<> "])
}

fn starts(line: &str, words: &[&str]) -> bool {
    words.iter().any(|word| line.starts_with(word))
}

/// True for the name of a variable, or for one with a `$` in front and what it is given: `$datetime iso8601 3 h`.
fn is_name(name: &str) -> bool {
    let name = name.trim();
    if let Some(call) = name.strip_prefix('$').filter(|call| call.contains(' ')) {
        return call.starts_with(|char: char| char.is_ascii_alphabetic()) && !call.contains(['\n', '{', '}']);
    }
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_$-.%[]*".contains(&byte))
}
