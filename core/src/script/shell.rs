//! Commands of shells: `az rest` and `curl` with JSON in quotes, in variables, in here-documents and in files that they write.

use alloc::vec::Vec;

use super::Reader;
use super::command::Argument;
use super::note::NoteKind;
use super::shell_assign::Declares;
use super::shell_block::{plain_name, unquoted};
use super::shell_chain::Output;
use super::value::{Value, What};
use crate::part;

impl<'t> Reader<'t> {
    /// Spaces, comments, and lines that go on; so do those of PowerShell and of Windows, which wrote many a sample.
    pub(super) fn blanks(&mut self) {
        loop {
            match (self.peek(), self.second()) {
                (Some(b' ' | b'\t'), _) => self.advance(1),
                (Some(sign @ (b'\\' | b'`' | b'^')), Some(b'\n')) => {
                    self.advance(2);
                    self.goes_on(sign);
                }
                (Some(sign @ (b'\\' | b'`' | b'^')), Some(b'\r')) => {
                    self.advance(2);
                    self.take("\n");
                    self.goes_on(sign);
                }
                (Some(b'#'), _) => {
                    while !matches!(self.peek(), None | Some(b'\n' | b'\r')) {
                        self.advance(1);
                    }
                }
                (Some(b'\n') | None, _) if self.announces.is_some() => return self.skip_documents(),
                _ => return,
            }
        }
    }

    /// A line that goes on behind such a sign: if it is none of a shell's, only an option makes that certain.
    fn goes_on(&mut self, sign: u8) {
        if sign != b'\\' && !self.rest().trim_start_matches([' ', '\t']).starts_with('-') {
            self.forget_all();
        }
    }

    /// One command; true for one that only assigns, or whose failure nobody reckons with.
    pub(super) fn shell_command(&mut self) -> bool {
        let start = self.here();
        let mut words: Vec<Value<'t>> = Vec::new();
        let mut file: Option<(Value<'t>, bool)> = None;
        // What is assigned to, with what it was before: for this command alone, if there is one.
        let mut before: Vec<(&str, Option<Value<'t>>)> = Vec::new();
        let mut declares: Option<Declares> = None;
        let mut input: Option<Value<'t>> = self.piped.take();
        // Its output goes where that of another does.
        let mut joined = false;
        // What was changed by when a document was read: the shell reads it behind all words.
        let mut changed: Option<usize> = None;
        loop {
            self.blanks();
            match self.peek() {
                Some(b'&') if self.second() == Some(b'>') => self.advance(1),
                None | Some(b'\n' | b'\r' | b';' | b'|' | b'&' | b')' | b'(') => break,
                Some(b'<') if self.rest().starts_with("<<<") => {
                    self.advance(3);
                    self.blanks();
                    input = Some(self.shell_word());
                }
                Some(b'<') if self.second() == Some(b'<') => {
                    input = Some(self.here_document());
                    changed.get_or_insert(self.journal.len());
                }
                Some(b'<') => {
                    self.advance(1);
                    self.blanks();
                    let file = self.shell_word();
                    let held = file.text().and_then(|path| self.file(path)).cloned();
                    input = Some(held.unwrap_or_else(|| Value::unknown(file.start, file.end)));
                }
                Some(byte @ (b'>' | b'0'..=b'9')) if byte == b'>' || self.second() == Some(b'>') => {
                    self.advance(if byte == b'>' { 1 } else { 2 });
                    let appends = self.take(">");
                    let joins = self.take("&");
                    self.take("|");
                    self.blanks();
                    let target = self.shell_word();
                    joined |= joins && byte != b'2';
                    if matches!(byte, b'>' | b'1') && !joins {
                        // What comes out goes to the last one; the others are empty.
                        let other = file.replace((target, appends));
                        other.iter().for_each(|(file, _)| self.unwrite(file));
                    } else if !(joins && target.text().is_some_and(|text| text.len() == 1)) {
                        self.unwrite(&target);
                    }
                }
                _ => {
                    let option = self.long_option();
                    let may_assign = option.is_none() && words.is_empty();
                    let assigned = if may_assign { self.assigned_name() } else { None };
                    words.extend(option);
                    let list = assigned.is_some() && self.peek() == Some(b'(');
                    let from = self.here();
                    let value = if list { self.shell_list() } else { self.shell_word() };
                    let value = if assigned.is_some() { self.as_assigned(value, from) } else { value };
                    if assigned.is_none() && self.chosen_number(from) {
                        continue;
                    }
                    match (assigned, &mut declares) {
                        (Some(assigned), Some(declares)) => self.declare_assigned(declares, assigned, value),
                        (Some((name, assign)), None) => {
                            before.push((name, self.variable(name).cloned()));
                            self.assign_word(name, assign, value);
                        }
                        (None, Some(declares)) => self.declare(declares, &value),
                        (None, None) if words.is_empty() => match value.text() {
                            Some("!" | "time") => {}
                            Some("export" | "local" | "readonly" | "declare" | "typeset") => {
                                self.put_back(&mut before, &value);
                                let word = self.slice(value.start, value.end);
                                declares = Some(Declares::new(word));
                            }
                            _ => {
                                // What stands behind it is put together before.
                                self.put_back(&mut before, &value);
                                words.push(value);
                            }
                        },
                        (None, None) => words.push(self.as_printed(&words, value, from)),
                    }
                }
            }
        }
        let end = self.here();
        if changed.is_some_and(|changed| changed != self.journal.len()) {
            input = Some(Value::unknown(end, end));
        }
        self.shell_run(start, end, &words, file.as_ref().map(|(file, appends)| (file, *appends)), input);
        if joined {
            self.prints(None);
        }
        let fails = part::has(self.slice(start, end), '(') || part::has(self.slice(start, end), '`');
        words
            .first()
            .map_or(!fails, |word| matches!(word.text(), Some("cd" | "mkdir" | "echo" | "printf" | "cat")))
    }

    /// A word of a command, which was read from there on: of what `echo` prints, the shell changes what has no quotes.
    fn as_printed(&self, words: &[Value<'t>], value: Value<'t>, from: u32) -> Value<'t> {
        let joins: &[char] = match words.first().and_then(Value::text) {
            Some("echo") => &['\t', '\n', '*', '?', '[', '\\'],
            Some("printf") => &[' ', '\t', '\n', '*', '?', '[', '\\'],
            _ => return value,
        };
        let stays = |behind: &&str| {
            let name = plain_name(behind);
            let text = self.variable(name).and_then(Value::text).unwrap_or("x");
            self.splits
                && !text.contains(joins)
                && !part::contains(text, "  ")
                && text.trim_matches(' ') == text
        };
        let raw = self.slice(from, self.here());
        let kept = unquoted(raw).is_some_and(|variables| variables.iter().all(stays));
        if kept { value } else { Value::unknown(value.start, value.end) }
    }

    /// `(one two)`, from its bracket on.
    fn shell_list(&mut self) -> Value<'t> {
        let start = self.here();
        self.advance(1);
        let mut values = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(b'\n' | b'\r') => self.advance(1),
                None | Some(b')' | b';' | b'|' | b'&' | b'(' | b'<' | b'>') => break,
                _ => values.push(self.shell_word()),
            }
        }
        self.take(")");
        let end = self.here();
        // Words without quotes may be several, or stand for files.
        let literal = |value: &Value| {
            let raw = self.slice(value.start, value.end);
            value.text().is_some() && !raw.contains(['$', '*', '?', '[', '{', '`', '~'])
        };
        if values.iter().all(literal) {
            Value::new(start, end, What::List(values))
        } else {
            Value::unknown(start, end)
        }
    }

    /// `--name` of `--name=value`, passed over with the sign.
    fn long_option(&mut self) -> Option<Value<'t>> {
        let rest = self.rest();
        if self.second() != Some(b'-') {
            return None;
        }
        let len = rest.bytes().take_while(|&byte| byte.is_ascii_lowercase() || byte == b'-').count();
        if !rest.starts_with("--") || rest.as_bytes().get(len) != Some(&b'=') {
            return None;
        }
        let start = self.here();
        self.advance(len);
        let name = Value::made(start, self.here(), rest.get(..len)?.into(), false);
        self.advance(1);
        Some(name)
    }

    fn shell_run(
        &mut self,
        start: u32,
        end: u32,
        words: &[Value<'t>],
        file: Option<(&Value<'t>, bool)>,
        input: Option<Value<'t>>,
    ) {
        let prefix = |word: &&Value| matches!(word.text(), Some("command" | "builtin" | "exec"));
        let words = words.get(words.iter().take_while(prefix).count()..).unwrap_or(&[]);
        self.output = Output::Nothing;
        if words.is_empty() && file.is_none() {
            return;
        }
        let text = |index: usize| words.get(index).and_then(Value::text).unwrap_or("");
        let copy = words.get(1).filter(|_| text(0) == "tee" && words.len() == 2).map(|file| (file, false));
        let written = match text(0) {
            "cat" if words.len() <= 2 => match words.get(1).map(Value::text) {
                None | Some(Some("-")) => input.clone(),
                Some(path) => {
                    path.filter(|path| !path.starts_with('-')).and_then(|path| self.file(path)).cloned()
                }
            },
            "tee" if copy.is_some() => input.clone(),
            "echo" | "printf" => printed(words),
            _ => None,
        };
        if file.is_none() && !matches!(text(0), ":" | "true") {
            self.prints(written.clone().filter(|_| !self.is_function_named(text(0))));
        }
        match (copy.or(file), written) {
            (Some((file, false)), Some(value)) => {
                self.offer(&value);
                self.write(file, value);
            }
            (Some((file, true)), Some(value)) => self.lengthen(file, &value),
            (Some((file, _)), None) => self.unwrite(file),
            (None, _) => {}
        }
        self.shell_calls(words);
        match text(0) {
            "break" | "continue" | "return" | "exit" => self.jumped = true,
            "az" if is_invented([text(1), text(2), text(3)]) => {
                let place = words.get(2).zip(words.get(3));
                let (from, to) = place.map_or((start, end), |(noun, verb)| (noun.start, verb.end));
                self.note(NoteKind::NoSuchCommand, from, to);
            }
            "az" => {
                let arguments = arguments(words.get(2..).unwrap_or(&[]), self.text, input.as_ref());
                if text(1) == "rest" {
                    self.rest_call(start, end, "az", &arguments, input);
                } else {
                    self.resource_command([text(1), text(2)], &arguments);
                }
            }
            "curl" => {
                let arguments = arguments(words.get(1..).unwrap_or(&[]), self.text, input.as_ref());
                self.rest_call(start, end, "curl", &arguments, input);
            }
            _ => {}
        }
        if copy.is_none() {
            self.unwrite_words(words);
        }
    }
}

/// What `echo` or `printf` prints, where that is one word as it stands. The line's end is of no account to JSON.
fn printed<'t>(words: &[Value<'t>]) -> Option<Value<'t>> {
    let (command, mut rest) = words.split_first()?;
    if let Some(("-n" | "-e" | "-ne" | "-en", more)) =
        rest.split_first().map(|(first, more)| (first.text().unwrap_or(""), more))
    {
        rest = more;
    }
    // `printf '%s' "$BODY"`
    if let ([format, word], Some("printf")) = (rest, command.text())
        && matches!(format.text(), Some("%s" | "%s\\n"))
    {
        return Some(word.clone());
    }
    let [word] = rest else { return None };
    let changes: &[char] = if command.text() == Some("printf") { &['%', '\\'] } else { &['\\'] };
    let plain = !matches!(&*word.what, What::Text(text) if text.text.contains(changes));
    plain.then(|| word.clone())
}

/// True for commands of the Azure CLI that many a page has, and the CLI has not.
pub(super) fn is_invented([group, noun, verb]: [&str; 3]) -> bool {
    group == "security"
        && noun.starts_with("jit-")
        && verb.starts_with(|char: char| char.is_ascii_alphabetic())
        && !(noun == "jit-policy" && matches!(verb, "list" | "show"))
}

/// Words as arguments: a name takes the next word, unless that is a name, too. `@-` is what comes in.
fn arguments<'t>(words: &[Value<'t>], text: &'t str, input: Option<&Value<'t>>) -> Vec<Argument<'t>> {
    let mut arguments: Vec<Argument<'t>> = Vec::new();
    for word in words {
        let raw = super::slice(text, word.start, word.end);
        if raw.starts_with('-') && raw.len() > 1 {
            let (start, end) = (word.start, word.end);
            // `curl -XPUT`
            let glued = raw.strip_prefix("-X").filter(|method| !method.is_empty());
            let value = glued.map(|method| Value::made(start, end, method.into(), false));
            let name = if glued.is_some() { "-X" } else { raw };
            arguments.push(Argument { name, start, end, value });
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
