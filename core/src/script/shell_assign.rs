//! Words of shells that assign, and commands that declare variables.

use alloc::vec::Vec;

use super::Reader;
use super::value::{Value, What};
use crate::part;

/// How a shell's word assigns.
#[derive(Clone, Copy)]
pub(super) enum Assign {
    Put,
    Add,
    /// To an element of a list.
    Element,
}

/// A command that declares variables.
#[derive(Default)]
pub(super) struct Declares<'t> {
    pub word: &'t str,
    /// What is assigned is changed on the way.
    odd: bool,
    /// Nothing can be assigned any more.
    last: bool,
    /// Not to the function's own variable.
    beyond: bool,
}

impl<'t> Declares<'t> {
    pub(super) fn new(word: &'t str) -> Self {
        Self { word, ..Self::default() }
    }

    fn is_local(&self) -> bool {
        !self.beyond && matches!(self.word, "local" | "declare" | "typeset")
    }
}

impl<'t> Reader<'t> {
    /// Takes back what was assigned for a command alone; some shells keep it behind what is built into them.
    pub(super) fn put_back(&mut self, before: &mut Vec<(&str, Option<Value<'t>>)>, command: &Value<'t>) {
        const KEEPS: [&str; 16] = [
            ":", ".", "source", "eval", "exec", "set", "shift", "trap", "unset", "return", "read", "export",
            "readonly", "local", "declare", "typeset",
        ];
        // Behind `[[`, what looks like this is none.
        let keeps = command.text().is_none_or(|word| KEEPS.contains(&word) || word.starts_with('-'));
        for (name, value) in before.drain(..).rev() {
            match value.filter(|_| !keeps) {
                Some(value) => self.set(name, value),
                None => self.forget(name),
            }
        }
    }

    pub(super) fn assign_word(&mut self, name: &str, assign: Assign, value: Value<'t>) {
        match assign {
            Assign::Put => self.set(name, value),
            Assign::Add => self.append(name, &value),
            Assign::Element => self.forget(name),
        }
    }

    /// What a word assigns that was read from there on: an unquoted `~` in it is a folder, and a `^` at a line's end is one
    /// of the value, or none.
    pub(super) fn as_assigned(&self, value: Value<'t>, start: u32) -> Value<'t> {
        let raw = self.slice(start, self.here());
        let unsure =
            raw.starts_with('~') || part::contains(raw, ":~") || matches!(self.peek(), Some(b'^' | b'`'));
        if unsure { Value::unknown(start, self.here()) } else { value }
    }

    /// `{NAME}` before a sign of redirection: the shell chooses a number for it.
    pub(super) fn chosen_number(&mut self, start: u32) -> bool {
        let raw = self.slice(start, self.here());
        let name = raw.strip_prefix('{').and_then(|raw| raw.strip_suffix('}'));
        match name.filter(|_| matches!(self.peek(), Some(b'<' | b'>'))) {
            Some(name) => {
                self.forget(name);
                true
            }
            None => false,
        }
    }

    /// `export NAME=value`
    pub(super) fn declare_assigned(
        &mut self,
        declares: &mut Declares,
        (name, assign): (&str, Assign),
        value: Value<'t>,
    ) {
        self.declare_name(declares, name);
        if declares.word == "local" && self.functions == 0 {
            // It fails.
            return self.forget(name);
        }
        self.assign_word(name, assign, value);
        if declares.last {
            // What follows fails.
            self.fixed.insert(name.into());
        }
    }

    /// A word behind `export` or its like.
    pub(super) fn declare(&mut self, declares: &mut Declares, value: &Value<'t>) {
        let Some(text) = value.text() else { return self.forget_all() };
        if text.starts_with(['-', '+']) {
            declares.odd |= text.contains(['i', 'l', 'u', 'c']);
            declares.last |= text.contains('r');
            declares.beyond |= text.contains('g');
            if text.contains('n') && declares.word != "export" {
                // Another name for a variable: whichever is assigned to may be that one.
                self.wild = true;
                self.forget_all();
            }
            return;
        }
        let name = text.split(['=', '+', '[']).next().unwrap_or("");
        self.declare_name(declares, name);
        if name.len() < text.len() || (self.functions > 0 && declares.is_local()) {
            // A variable of the function's own holds nothing at first.
            self.forget(name);
        }
        if declares.last || declares.word == "readonly" {
            self.fixed.insert(name.into());
        }
    }

    pub(super) fn declare_name(&mut self, declares: &mut Declares, name: &str) {
        declares.last |= declares.word == "readonly";
        if declares.odd {
            // What it is given is changed on the way.
            self.fix(name);
        }
        if self.functions > 0 && declares.is_local() {
            self.locals.push(name.into());
        } else if declares.beyond {
            self.forget_beyond(name);
            self.fixed.insert(name.into());
        }
    }

    /// `NAME+=value`
    pub(super) fn append(&mut self, name: &str, value: &Value<'t>) {
        match self.variable(name).cloned() {
            Some(old) if matches!((&*old.what, &*value.what), (What::List(_), What::List(_))) => {
                self.add(name, value.clone());
            }
            Some(old) if matches!(*old.what, What::Text(_)) && !matches!(*value.what, What::List(_)) => {
                let joined = self.joined(&[&old, value], old.start, value.end.max(old.start));
                self.set(name, joined);
            }
            _ => self.forget(name),
        }
    }

    /// `NAME=`, `NAME+=` or `NAME[0]=` at the start of a word, passed over.
    pub(super) fn assigned_name(&mut self) -> Option<(&'t str, Assign)> {
        let rest = self.rest();
        let len = rest.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'_').count();
        let name = rest.get(..len)?;
        if name.is_empty() || name.starts_with(|char: char| char.is_ascii_digit()) {
            return None;
        }
        let behind = rest.get(len..).unwrap_or("");
        let element = behind.strip_prefix('[').and_then(|behind| {
            let close = behind.bytes().take(80).position(|byte| matches!(byte, b']' | b'\n'))?;
            let (inside, behind) = (behind.get(..close)?, behind.get(close.saturating_add(1)..)?);
            self.may_assign(inside);
            (behind.starts_with('=') || behind.starts_with("+="))
                .then(|| len.saturating_add(close).saturating_add(2))
        });
        let (assign, sign) = match element {
            Some(len) => (Assign::Element, rest.get(len..).unwrap_or("")),
            None => (if behind.starts_with('+') { Assign::Add } else { Assign::Put }, behind),
        };
        let sign_len = if sign.starts_with("+=") { 2 } else { 1 };
        if !(sign_len == 2 || sign.starts_with('=')) {
            return None;
        }
        self.advance(rest.len().saturating_sub(sign.len()).saturating_add(sign_len));
        Some((name, assign))
    }
}
