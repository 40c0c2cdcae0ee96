//! Statements: assignments, blocks, and what gives a value.

use alloc::vec::Vec;

use super::Reader;
use super::cursor::is_word;
use super::expression::MAX_DEPTH;
use super::note::NoteKind;
use super::value::{Value, What};
use crate::part;

/// How a value is assigned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Assign {
    /// `=`
    Put,
    /// `+=`
    Add,
    /// `-=` and its like.
    Other,
}

/// What was read where a statement of some kind may stand.
pub(super) enum Read<'t> {
    /// None of that kind: nothing was passed over.
    Nothing,
    /// One that gives no value.
    Silent,
    /// One that gives this.
    Value(Value<'t>),
}

impl<'t> Read<'t> {
    /// A statement that gives this; nothing is none.
    pub(super) fn of(value: Value<'t>) -> Self {
        if matches!(*value.what, What::Void) { Self::Silent } else { Self::Value(value) }
    }
}

impl<'t> Reader<'t> {
    /// Statements up to that bracket, which stays, or to the end; the values that they give.
    pub(super) fn statements(&mut self, close: Option<u8>) -> Vec<Value<'t>> {
        let mut values = Vec::new();
        self.open = self.open.saturating_add(usize::from(close.is_some()));
        // Inside of brackets of their own, words are commands again.
        let tables = core::mem::replace(&mut self.tables, 0);
        let mut before = None;
        loop {
            self.space();
            let line = matches!(self.peek(), Some(b'\n' | b'\r' | b';'));
            self.space_and(b";");
            match self.peek() {
                None => break,
                Some(byte @ (b')' | b'}')) => {
                    // The bracket that is due, or one of what is around: what is open here lacks its own.
                    if close == Some(byte) || self.open > usize::from(close.is_some()) {
                        break;
                    }
                    if close.is_some() {
                        break;
                    }
                    self.note(NoteKind::ExtraBracket, self.here(), self.here().saturating_add(1));
                    self.advance(1);
                    continue;
                }
                Some(_) if close == Some(b')') && !values.is_empty() && self.at_jit_command() => break,
                // What stands behind a comma on its own line is one more element.
                Some(b',') if close == Some(b')') && !values.is_empty() => {
                    self.advance(1);
                    before = None;
                    continue;
                }
                _ => {}
            }
            let start = self.at;
            if let Some(end) = before
                && !line
            {
                self.note(NoteKind::MissingComma, end, end);
            }
            let value = self.statement();
            if self.at == start {
                self.stray();
            }
            before = value.as_ref().map(|value| value.end).filter(|_| close == Some(b')'));
            values.extend(value);
            if self.open == 0 {
                // At the top nobody asks for them; the last one may be the script's point.
                if let Some(value) = values.pop() {
                    self.offer(&value);
                }
            }
        }
        self.tables = tables;
        self.open = self.open.saturating_sub(usize::from(close.is_some()));
        values
    }

    /// One statement; its value, if it gives one.
    pub(super) fn statement(&mut self) -> Option<Value<'t>> {
        if self.depth >= MAX_DEPTH {
            return Some(self.expression());
        }
        self.depth = self.depth.saturating_add(1);
        let value = self.any_statement();
        self.depth = self.depth.saturating_sub(1);
        value
    }

    fn any_statement(&mut self) -> Option<Value<'t>> {
        while self.attribute() {
            self.lines();
        }
        match self.peek() {
            Some(b'$' | b'[') if self.assignment() => return None,
            Some(b'{') => {
                let start = self.here();
                self.block(true);
                return Some(Value::unknown(start, self.here()));
            }
            Some(byte) if byte.is_ascii_alphabetic() => match self.keyword() {
                Read::Nothing => {}
                Read::Silent => return None,
                Read::Value(value) => return Some(value),
            },
            _ => {}
        }
        let target = matches!(self.peek(), Some(b'$' | b'(' | b'['));
        let start = self.here();
        let value = self.pipeline();
        if target && self.at_assignment() {
            // `(Get-Variable name).Value = …`: of something that is not followed; but for what is a class's own, as
            // `[Net.ServicePointManager]::SecurityProtocol`.
            let left = part::trim(self.slice(start, self.here()));
            let name = part::rfind(left, "::").and_then(|at| left.get(at.saturating_add(2)..));
            if !(left.starts_with('[') && name.is_some_and(|name| name.bytes().all(is_word))) {
                self.forget_all();
            }
            self.advance(self.rest().find('=').map_or(1, |at| at.saturating_add(1)));
            self.lines();
            self.statement();
            return None;
        }
        Some(value)
    }

    fn at_assignment(&self) -> bool {
        let rest = self.rest();
        ["=", "+=", "-=", "*=", "/=", "%=", "??="].iter().any(|sign| rest.starts_with(sign))
            && !rest.starts_with("==")
    }

    /// An expression or a command, with what it is piped into.
    pub(super) fn pipeline(&mut self) -> Value<'t> {
        let start = self.here();
        let mut value = self.expression();
        self.space();
        if self.open == 0 && self.peek() == Some(b'>') {
            // `value > file`
            self.advance(1);
            let adds = self.take(">");
            self.space();
            let file = self.argument();
            if adds {
                self.unwrite(&file);
            } else {
                self.write(&file, value);
            }
            return Value::new(start, self.here(), What::Void);
        }
        let mut mark = None;
        loop {
            let (at, notes) = (self.at, self.notes.len());
            if self.rest().starts_with("&&") || self.rest().starts_with("||") {
                // What follows may not run.
                mark.get_or_insert(self.journal.len());
                self.advance(2);
                self.lines();
                self.expression();
                value = Value::unknown(start, self.here());
                self.space();
                continue;
            }
            self.lines();
            if self.peek() != Some(b'|') || self.second() == Some(b'|') {
                if let Some(mark) = mark {
                    self.forget_since(mark);
                }
                // A line that begins with `|` goes on with the one before; any other is a statement of its own.
                self.at = at;
                self.notes.truncate(notes);
                self.space();
                return value;
            }
            self.advance(1);
            self.lines();
            value = self.pipeline_command(Some(value));
            if value.is_unknown() {
                value = Value::unknown(start, self.here());
            }
        }
    }

    /// `$name = …`, `[type]$name = …`, `$name.member = …`. False for anything else, of which nothing is passed over.
    fn assignment(&mut self) -> bool {
        let (start, notes) = (self.at, self.notes.len());
        let mut types: Vec<&'t str> = Vec::new();
        while self.peek() == Some(b'[') {
            types.push(self.type_name());
            if types.last().is_some_and(|name| name.is_empty()) {
                self.at = start;
                return false;
            }
            self.lines();
        }
        if self.peek() != Some(b'$') || matches!(self.second(), Some(b'(')) {
            self.at = start;
            return false;
        }
        let name = self.variable_name();
        let beyond = self.beyond;
        let mut path: Vec<&'t str> = Vec::new();
        let mut odd = false;
        while let Some(byte @ (b'.' | b'[')) = self.peek() {
            self.advance(1);
            if byte == b'.' {
                path.push(self.word());
                odd |= path.last().is_some_and(|name| name.is_empty());
                if odd {
                    break;
                }
            } else {
                // Looked over again if this is no assignment: short, or none.
                let close = self.rest().bytes().take(80).position(|byte| matches!(byte, b']' | b'\n'));
                let Some(close) = close.filter(|&at| self.rest().as_bytes().get(at) == Some(&b']')) else {
                    odd = true;
                    break;
                };
                let name = self.rest().get(..close).unwrap_or("").trim();
                let quoted = name.strip_prefix(['\'', '"']).and_then(|name| name.strip_suffix(['\'', '"']));
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
                path.push(quoted.filter(|name| name.bytes().all(plain)).unwrap_or(""));
                self.advance(close.saturating_add(1));
            }
        }
        self.space();
        let assign = match (self.peek(), self.second()) {
            _ if odd => None,
            (Some(b'='), second) if second != Some(b'=') => Some((Assign::Put, 1)),
            (Some(b'+'), Some(b'=')) => Some((Assign::Add, 2)),
            (Some(b'-' | b'*' | b'/' | b'%'), Some(b'=')) => Some((Assign::Other, 2)),
            (Some(b'?'), Some(b'?')) if self.rest().starts_with("??=") => Some((Assign::Other, 3)),
            (Some(b','), _) if path.is_empty() && self.several(start) => return true,
            (Some(b'+'), Some(b'+')) | (Some(b'-'), Some(b'-')) => {
                self.advance(2);
                self.assign(name, &path, Assign::Other, beyond, Value::unknown(0, 0));
                return true;
            }
            _ => None,
        };
        let Some((assign, len)) = assign else {
            self.at = start;
            self.notes.truncate(notes);
            return false;
        };
        self.advance(len);
        let behind = self.here();
        self.lines();
        if path.is_empty() {
            self.constrain(name, &types, beyond);
        }
        if matches!(self.peek(), None | Some(b')' | b'}' | b';')) {
            self.note(NoteKind::MissingValue, behind, behind);
            self.forget(name);
            return true;
        }
        let (block, mark) = (self.peek() == Some(b'{'), self.journal.len());
        let value = self.statement();
        if block {
            // It may run wherever the variable goes.
            self.fix_since(mark);
        }
        let here = self.here();
        let value = value.unwrap_or_else(|| Value::unknown(behind, here));
        let value = if path.is_empty() { self.made(&types, value) } else { value };
        self.assign(name, &path, assign, beyond, value);
        true
    }

    /// `$one, $other = …`: which gets what is not followed. False for anything else.
    fn several(&mut self, start: usize) -> bool {
        let rest = self.text.get(start..).unwrap_or("");
        // Looked over again if this is none: short, or none.
        let head = rest.bytes().take(400).take_while(|byte| *byte != b'\n');
        let Some(at) = head.into_iter().position(|byte| byte == b'=') else { return false };
        let (names, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let plain = |name: &str| {
            let name = name.trim_matches([' ', '\t']).strip_prefix('$').unwrap_or("");
            !name.is_empty() && name.bytes().all(|byte| is_word(byte) || byte == b':')
        };
        if behind.starts_with("==") || !names.split(',').all(plain) {
            return false;
        }
        for name in names.split(',') {
            let name = name.trim_matches([' ', '\t', '$']);
            self.forget_beyond(name.rsplit(':').next().unwrap_or(name));
        }
        self.at = start.saturating_add(names.len()).saturating_add(1);
        self.lines();
        self.statement();
        true
    }
}
