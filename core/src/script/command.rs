//! Commands: their names and arguments. What a command gives is known of very few.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::Reader;
use super::cursor::is_word;
use super::note::NoteKind;
use super::pieces::Content;
use super::value::{Text, Value, What};
use crate::part::{self, AnyCase};

/// What PowerShell takes for a dash; word processors make them of it.
pub(super) const DASHES: [char; 4] = ['-', '–', '—', '―'];

/// The variables that hold what is piped in.
pub(super) const PIPED: [&str; 2] = ["_", "psitem"];

/// Parameters that take no value, of whichever cmdlet.
const SWITCHES: [&str; 9] =
    ["Append", "Compress", "Force", "NoClobber", "NoNewline", "PassThru", "Recurse", "Verbose", "WhatIf"];

/// True for `-OutVariable` and its like, and for what is short for them: a variable's name follows.
fn sets_variable(parameter: &str) -> bool {
    const NAMES: [&str; 5] =
        ["outvariable", "pipelinevariable", "errorvariable", "warningvariable", "informationvariable"];
    let name = parameter.trim_start_matches(DASHES).to_ascii_lowercase();
    matches!(&*name, "ov" | "pv" | "ev" | "wv" | "iv" | "sv")
        || name.ends_with("variable")
        || (name.len() > 3 && NAMES.iter().any(|full| full.starts_with(&*name)))
}

/// How long the name of a command is that has its first parameter right behind it.
fn glued(name: &str) -> Option<usize> {
    const NOUN: &str = "jitnetworkaccesspolicy-";
    let at = part::find(&name.to_ascii_lowercase(), NOUN)?;
    Some(at.saturating_add(NOUN.len()).saturating_sub(1))
}

/// What a command was given.
#[derive(Clone, Debug)]
pub(super) struct Argument<'t> {
    /// `-Name` or `--name`, with its dashes; nothing for what stands alone.
    pub name: &'t str,
    /// First byte, and just behind the last of the name.
    pub start: u32,
    pub end: u32,
    /// Its value; none for a switch.
    pub value: Option<Value<'t>>,
}

impl<'t> Reader<'t> {
    /// A command from its name on; `input` is what is piped into it.
    pub(super) fn pipeline_command(&mut self, input: Option<Value<'t>>) -> Value<'t> {
        let start = self.here();
        // `. ./vars.ps1`, `.$script`; `.\run.ps1` is run in a scope of its own.
        let sourced = self.peek() == Some(b'.')
            && !self.second().is_some_and(|byte| is_word(byte) || matches!(byte, b'\\' | b'/' | b'.'));
        if self.peek() == Some(b'&') || sourced {
            self.advance(1);
            self.space();
        }
        if self.peek() == Some(b'{') {
            self.block(true);
            self.arguments();
            return Value::unknown(start, self.here());
        }
        let mut name = self.command_name();
        if let Some(len) = glued(name) {
            // `Set-AzJitNetworkAccessPolicy-Kind`, as translated pages have it.
            self.at = self.at.saturating_sub(name.len().saturating_sub(len));
            self.note_here(NoteKind::MissingSpace);
            name = name.get(..len).unwrap_or(name);
        }
        if name.is_empty() && !self.at_quote() && !matches!(self.peek(), Some(b'$' | b'(' | b'?' | b'%')) {
            if self.at == usize::try_from(start).unwrap_or(0) {
                self.stray();
            }
            return Value::unknown(start, self.here());
        }
        if let Some(sign @ (b'?' | b'%')) = self.peek() {
            self.advance(1);
            if name.is_empty() {
                name = if sign == b'%' { "ForEach-Object" } else { "Where-Object" };
            }
        }
        let repeats = ["ForEach-Object", "foreach"].iter().any(|one| name.same_in_any_case(one));
        // What is piped in stands in `$_` in its blocks.
        let piped = input.is_some();
        let outer = if piped { Some(PIPED.map(|name| self.variable(name).cloned())) } else { None };
        let made = input.as_ref().filter(|_| repeats).and_then(|input| self.for_each_object(start, input));
        if made.is_none() && piped {
            self.show_piped([None, None]);
        }
        let arguments = if made.is_none() { self.arguments() } else { Vec::new() };
        if let Some(outer) = outer {
            self.show_piped(outer);
        }
        if let Some(made) = made {
            return made;
        }
        if sourced {
            // Another script runs in this one's place: it may set any variable anew.
            self.forget_all();
        }
        self.run(name, start, input, &arguments).unwrap_or_else(|| Value::unknown(start, self.here()))
    }

    /// Forgets what is piped in, for a block in which that is something else; what it was.
    pub(super) fn hide_piped(&mut self) -> [Option<Value<'t>>; 2] {
        let outer = PIPED.map(|name| self.variable(name).cloned());
        self.show_piped([None, None]);
        outer
    }

    /// Puts that back. It is no change: all that stands around such a block finds it as it was.
    pub(super) fn show_piped(&mut self, outer: [Option<Value<'t>>; 2]) {
        for (name, value) in PIPED.into_iter().zip(outer) {
            let value = value.filter(|_| !self.wild && !self.is_fixed(name));
            match value {
                Some(value) => drop(self.variables.insert(name.into(), value)),
                None => self.drop(name),
            }
        }
    }

    /// The arguments up to what ends the command.
    pub(super) fn arguments(&mut self) -> Vec<Argument<'t>> {
        let mut arguments: Vec<Argument<'t>> = Vec::new();
        // Inside of an argument's brackets, words are commands.
        let tables = core::mem::replace(&mut self.tables, 0);
        loop {
            self.space();
            let start = self.here();
            match self.peek() {
                None | Some(b'\n' | b'\r' | b';' | b')' | b'}' | b'|') => break,
                // What follows hangs on it.
                Some(b'&') if self.second() == Some(b'&') => break,
                Some(b'&') => {
                    self.advance(1);
                    break;
                }
                Some(b'`') if self.blanks_behind_tick() => {}
                Some(_) if self.is_parameter() => {
                    let argument = self.parameter();
                    arguments.push(argument);
                }
                Some(b'>') => {
                    self.advance(1);
                    let name = if self.take(">") { ">>" } else { ">" };
                    self.take("&1");
                    let end = self.here();
                    self.space();
                    let value = self.has_value().then(|| self.argument());
                    arguments.push(Argument { name, start, end, value });
                }
                _ => {
                    let value = self.argument();
                    arguments.push(Argument { name: "", start, end: start, value: Some(value) });
                }
            }
            if self.here() == start {
                self.skip_char();
            }
        }
        self.tables = tables;
        arguments
    }

    /// True for `-Name` and `--name`.
    fn is_parameter(&self) -> bool {
        let name = self.rest().trim_start_matches(DASHES);
        name.len() < self.rest().len()
            && name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
    }

    /// A back-tick at a line's end with blanks behind it, where it does not do what it was meant to: that is said, and
    /// the line goes on.
    fn blanks_behind_tick(&mut self) -> bool {
        let behind = self.rest().get(1..).unwrap_or("");
        let blanks = behind.len().saturating_sub(behind.trim_start_matches([' ', '\t']).len());
        let found = blanks > 0 && behind.get(blanks..).is_some_and(|rest| rest.starts_with(['\n', '\r']));
        if found {
            self.advance(1);
            let start = self.here();
            self.advance(blanks);
            self.note(NoteKind::Stray, start, self.here());
            self.lines();
        }
        found
    }

    /// True where a value stands, not one more parameter or the end.
    fn has_value(&self) -> bool {
        match self.peek() {
            None | Some(b'\n' | b'\r' | b';' | b')' | b'}' | b'|' | b'&' | b'>') => false,
            _ => !self.is_parameter(),
        }
    }

    fn parameter(&mut self) -> Argument<'t> {
        let start = self.here();
        while self.peek().is_some_and(|byte| byte == b'-' || is_word(byte)) {
            self.skip_char();
        }
        let end = self.here();
        let name = self.slice(start, end);
        let glued = matches!(self.peek(), Some(b':' | b'='));
        if glued {
            self.advance(1);
        }
        self.space();
        let alone =
            !glued && SWITCHES.iter().any(|one| name.trim_start_matches(DASHES).same_in_any_case(one));
        let value = (!alone && self.has_value()).then(|| self.argument());
        if sets_variable(name) {
            match value.as_ref().and_then(Value::text) {
                Some(name) => self.forget(name.trim_start_matches('+')),
                None => self.forget_all(),
            }
        }
        Argument { name, start, end, value }
    }

    /// One argument, with commas a list.
    pub(super) fn argument(&mut self) -> Value<'t> {
        let first = self.unit();
        let at = self.at;
        self.space();
        if self.peek() != Some(b',') {
            self.at = at;
            return first;
        }
        let start = first.start;
        let mut values = alloc::vec![first];
        while self.peek() == Some(b',') {
            self.advance(1);
            self.lines();
            if !self.has_value() {
                break;
            }
            values.push(self.unit());
            self.space();
        }
        Value::new(start, self.here(), What::List(values))
    }

    fn unit(&mut self) -> Value<'t> {
        let start = self.here();
        match (self.peek(), self.second()) {
            (Some(b'@'), Some(b'{' | b'(' | b'"' | b'\'')) | (Some(b'(' | b'{'), _) => return self.value(),
            (Some(b'$'), Some(_)) => {
                let value = self.value();
                if self.ends_unit() {
                    return value;
                }
                return self.word_from(start, Some(&value));
            }
            _ if self.at_quote() => {
                let value = self.string();
                if self.ends_unit() {
                    return value;
                }
                return self.word_from(start, Some(&value));
            }
            _ => {}
        }
        self.word_from(start, None)
    }

    /// True where no more text belongs to an argument.
    fn ends_unit(&self) -> bool {
        matches!(
            self.peek(),
            None | Some(b' ' | b'\t' | b'\n' | b'\r' | b';' | b')' | b'}' | b'|' | b',' | b'`')
        )
    }

    /// Text without quotes around all of it, behind what was read of it.
    fn word_from(&mut self, start: u32, before: Option<&Value<'t>>) -> Value<'t> {
        let mut content = Content::default();
        let whole = before.is_none();
        if let Some(value) = before {
            self.put(&mut content, value, value.start, value.end);
        }
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            let at = self.here();
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b')' | b'|' | b',' => break,
                b'`' if matches!(self.second(), None | Some(b'\n' | b'\r' | b' ')) => break,
                b'}' if open == 0 => break,
                b'}' => open = open.saturating_sub(1),
                b'{' => open = open.saturating_add(1),
                b'$' if self.second().is_some_and(|byte| is_word(byte) || matches!(byte, b'{' | b'(')) => {
                    let value = self.value();
                    self.put(&mut content, &value, at, self.here());
                    continue;
                }
                _ if self.at_quote() => {
                    let value = self.string();
                    self.put(&mut content, &value, at, self.here());
                    continue;
                }
                _ => {}
            }
            self.skip_char();
            content.push(self.slice(at, self.here()), at);
        }
        let end = self.here();
        let raw = self.slice(start, end);
        if whole && content.text == raw {
            let digits = !raw.is_empty() && raw.len() < 6 && raw.bytes().all(|byte| byte.is_ascii_digit());
            if digits && !raw.starts_with('0') {
                return Value::new(start, end, What::Number(None));
            }
            let flags = Some(crate::json::Node::BARE);
            let text = Text { text: Cow::Borrowed(raw), flags, pieces: Vec::new(), partly: false };
            return Value::new(start, end, What::Text(text));
        }
        let pieces = if content.may_be_json() { content.pieces } else { Vec::new() };
        let text = Text { text: Cow::Owned(content.text), flags: None, pieces, partly: content.partly };
        Value::new(start, end, What::Text(text))
    }
}
