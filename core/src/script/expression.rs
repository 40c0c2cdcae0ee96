//! Expressions: values with commas and operators between them, and what is taken out of values.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Reader;
use super::branch::truth;
use super::note::NoteKind;
use super::operator::Operator;
use super::value::{Value, What};
use crate::part::AnyCase;

/// How deep brackets are read in a script.
pub(super) const MAX_DEPTH: usize = 48;

impl<'t> Reader<'t> {
    /// An expression, to its end or the end of its line.
    pub(super) fn expression(&mut self) -> Value<'t> {
        self.binding(0)
    }

    /// Values with operators between them that bind more closely than `least` (`about_Operator_Precedence`).
    fn binding(&mut self, least: u8) -> Value<'t> {
        let mut left = self.list();
        loop {
            self.space();
            let (at, mark) = (self.at, self.journal.len());
            let Some(operator) = self.operator() else { return left };
            if operator.binds() <= least {
                self.at = at;
                return left;
            }
            self.lines();
            let right = self.binding(operator.binds());
            left = self.apply(operator, &left, &right);
            if matches!(operator, Operator::And | Operator::Or | Operator::Other) {
                // It may not have been looked at.
                self.forget_since(mark);
            }
        }
    }

    /// Values with commas between them.
    fn list(&mut self) -> Value<'t> {
        let first = self.unary();
        self.space();
        if self.peek() != Some(b',') {
            return first;
        }
        let start = first.start;
        let mut values = alloc::vec![first];
        while self.peek() == Some(b',') {
            let comma = self.at;
            self.advance(1);
            self.lines();
            if self.tables > 0 && self.at_member() {
                // A comma for a `;`: what follows is no value, but the next member.
                self.at = comma;
                break;
            }
            if matches!(self.peek(), None | Some(b')' | b'}' | b';' | b'|')) {
                self.note_here(NoteKind::MissingValue);
                break;
            }
            values.push(self.unary());
            self.space();
        }
        let end = values.last().map_or(start, |last| last.end);
        match values.pop() {
            Some(only) if values.is_empty() => only,
            last => {
                values.extend(last);
                Value::new(start, end.max(start), What::List(values))
            }
        }
    }

    /// True where a name and a `=` stand.
    fn at_member(&self) -> bool {
        let rest = self.rest();
        let name = rest.trim_start_matches(|char: char| char.is_ascii_alphanumeric() || char == '_');
        let behind = name.trim_start_matches([' ', '\t']);
        name.len() < rest.len() && behind.starts_with('=') && !behind.starts_with("==")
    }

    /// One value, without commas or operators.
    pub(super) fn value(&mut self) -> Value<'t> {
        self.unary()
    }

    /// A value with what stands in front of it and what is taken out of it.
    pub(super) fn unary(&mut self) -> Value<'t> {
        let start = self.here();
        if self.depth >= MAX_DEPTH {
            return self.too_deep();
        }
        self.depth = self.depth.saturating_add(1);
        let value = self.signed(start);
        self.depth = self.depth.saturating_sub(1);
        value
    }

    fn signed(&mut self, start: u32) -> Value<'t> {
        match self.peek() {
            Some(b',') => {
                self.advance(1);
                self.lines();
                let value = self.unary();
                Value::new(start, value.end.max(start), What::List(alloc::vec![value]))
            }
            Some(b'!') => {
                self.advance(1);
                self.space();
                let value = self.unary();
                self.negated(&value, start)
            }
            Some(b'-' | b'+') if self.rest().starts_with("++$") || self.rest().starts_with("--$") => {
                self.advance(2);
                let name = self.variable_name();
                self.change(name);
                let value = Value::unknown(start, self.here());
                self.taken_out(value, None)
            }
            Some(b'-' | b'+') => {
                let sign = self.peek();
                self.advance(1);
                if sign == Some(b'-') && self.peek().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.')
                {
                    return self.number(start);
                }
                let word = self.word();
                self.space();
                let value = self.unary();
                if sign == Some(b'-') && word.same_in_any_case("not") {
                    return self.negated(&value, start);
                }
                if sign == Some(b'-') && word.same_in_any_case("join") {
                    let nothing = Value::made(start, start, String::new(), false);
                    let joined = self.apply(Operator::Join, &value, &nothing);
                    return Value { start, end: value.end.max(start), ..joined };
                }
                Value::unknown(start, value.end.max(start))
            }
            Some(b'[') => self.cast(start),
            _ => self.primary(),
        }
    }

    /// `-not` of a value.
    fn negated(&self, value: &Value<'t>, start: u32) -> Value<'t> {
        let what = match truth(value, self.text) {
            Some(true) => What::False,
            Some(false) => What::True,
            None => What::Unknown,
        };
        Value::new(start, value.end.max(start), what)
    }

    fn primary(&mut self) -> Value<'t> {
        let start = self.here();
        match self.peek() {
            Some(b'$') => {
                if self.second() == Some(b'(') {
                    self.advance(1);
                    let value = self.parenthesis(start);
                    return self.taken_out(value, None);
                }
                let name = self.variable_name();
                let beyond = self.beyond;
                let value = self.named(name, start);
                let value = self.taken_out(value, Some(name));
                if self.rest().starts_with("++") || self.rest().starts_with("--") {
                    self.advance(2);
                    self.beyond = beyond;
                    self.change(name);
                    return Value::unknown(start, self.here());
                }
                value
            }
            Some(b'@') => {
                let value = self.at_sign(start);
                self.taken_out(value, None)
            }
            Some(b'(') => {
                let value = self.parenthesis(start);
                self.taken_out(value, None)
            }
            Some(b'{') => {
                self.block(true);
                Value::unknown(start, self.here())
            }
            Some(b'.') if !self.second().is_some_and(|byte| byte.is_ascii_digit()) => {
                self.pipeline_command(None)
            }
            Some(b'0'..=b'9' | b'.') => self.number(start),
            Some(_) if self.at_quote() => {
                let value = self.string();
                self.taken_out(value, None)
            }
            _ => self.bare(start),
        }
    }

    /// What starts with `@`.
    fn at_sign(&mut self, start: u32) -> Value<'t> {
        if let Some(value) = self.here_string() {
            return value;
        }
        self.advance(1);
        let behind = self.here();
        // `@ {`, as translated pages have it.
        self.space();
        let opens = matches!(self.peek(), Some(b'{' | b'('));
        if opens && self.here() > behind {
            self.note(NoteKind::SplitBracket, start, self.here().saturating_add(1));
        }
        match self.peek() {
            Some(b'{') => self.table(start),
            Some(b'(') => self.array(start),
            _ => {
                self.word();
                Value::unknown(start, self.here())
            }
        }
    }

    /// `.name`, `[0]`, `.Method( … )` behind a value; `variable` is its name where it is one.
    pub(super) fn taken_out(&mut self, mut value: Value<'t>, variable: Option<&str>) -> Value<'t> {
        let start = value.start;
        // A method changes the variable's own value, if it stands right behind it, and may change it further on.
        let mut direct = true;
        loop {
            let called = core::mem::replace(&mut direct, false);
            match self.peek() {
                Some(b'.')
                    if self.second().is_some_and(|byte| {
                        byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$' | b'"' | b'\'')
                    }) =>
                {
                    self.advance(1);
                    let name = self.member_name();
                    if ["PSVariable", "InvokeScript", "InvokeCommand"]
                        .iter()
                        .any(|one| name.same_in_any_case(one))
                    {
                        self.forget_all();
                    }
                    if self.peek() == Some(b'(') {
                        let on = if called { value } else { held_apart(value) };
                        value = self.called(on, name, variable);
                        continue;
                    }
                    value = match value.member(name) {
                        Some(inner) => inner.clone(),
                        None => count(&value, name, start, self.here()),
                    };
                }
                Some(b':') if self.second() == Some(b':') => {
                    self.advance(2);
                    let name = self.member_name();
                    value = Value::unknown(start, self.here());
                    if self.peek() == Some(b'(') {
                        value = self.called(value, name, None);
                    }
                }
                Some(b'[') => {
                    self.advance(1);
                    self.lines();
                    let index = if self.peek() == Some(b']') {
                        Value::unknown(start, start)
                    } else {
                        self.expression()
                    };
                    self.lines();
                    self.take("]");
                    value = element(&value, &index, self.text)
                        .unwrap_or_else(|| Value::unknown(start, self.here()));
                }
                _ => return value,
            }
        }
    }

    fn member_name(&mut self) -> &'t str {
        match self.peek() {
            Some(b'$') => {
                self.variable_name();
                ""
            }
            Some(_) if self.at_quote() => {
                let start = self.here();
                self.string();
                let raw = self.slice(start, self.here());
                raw.get(1..raw.len().saturating_sub(1)).unwrap_or("")
            }
            _ => self.word(),
        }
    }

    /// Brackets nested too deep: passed over.
    fn too_deep(&mut self) -> Value<'t> {
        let start = self.here();
        self.deep.get_or_insert(start);
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'{' | b'(' => open = open.saturating_add(1),
                b'}' | b')' | b'\n' | b';' if open == 0 => break,
                b'}' | b')' => open = open.saturating_sub(1),
                _ => {}
            }
            self.skip_char();
        }
        Value::new(start, self.here(), What::Broken)
    }

    /// The elements that statements give between brackets.
    pub(super) fn flat(values: Vec<Value<'t>>) -> Vec<Value<'t>> {
        let mut flat = Vec::with_capacity(values.len());
        for value in values {
            match &*value.what {
                What::List(inner) => flat.extend(inner.iter().cloned()),
                What::Void => {}
                _ => flat.push(value),
            }
        }
        flat
    }
}

/// A list or a table that a method cannot change here: what comes of it would have to be put back further up.
fn held_apart(value: Value<'_>) -> Value<'_> {
    match *value.what {
        What::List(_) | What::Table { .. } => Value::unknown(value.start, value.end),
        _ => value,
    }
}

/// So far into a list an element is looked for.
const MOST_BEFORE: usize = 1000;

/// `.Count` and `.Length`.
fn count<'t>(value: &Value<'t>, name: &str, start: u32, end: u32) -> Value<'t> {
    let counts = name.same_in_any_case("Count") || name.same_in_any_case("Length");
    match &*value.what {
        What::List(values) if counts && !values.iter().any(Value::is_unknown) => {
            Value::new(start, end, What::Number(Some(values.len().to_string())))
        }
        _ => Value::unknown(start, end),
    }
}

/// The element there, unless what stands before it may be any number.
pub(super) fn at_place<'a, 't>(values: &'a [Value<'t>], place: usize) -> Option<&'a Value<'t>> {
    let sure = !values.iter().take(place.min(MOST_BEFORE)).any(Value::is_several);
    values.get(place).filter(|_| sure && place <= MOST_BEFORE)
}

/// The element at that place, or the member of that name.
fn element<'t>(value: &Value<'t>, index: &Value<'t>, text: &'t str) -> Option<Value<'t>> {
    if let Some(name) = index.text() {
        return value.member(name).cloned();
    }
    let What::Number(_) = &*index.what else { return None };
    let place: usize = index.inside(text)?.parse().ok()?;
    match &*value.what {
        What::List(values) => at_place(values, place).cloned(),
        What::Table { .. } if place == 0 => Some(value.clone()),
        _ => None,
    }
}

impl<'t> Reader<'t> {
    /// Puts an operator to work.
    fn apply(&mut self, operator: Operator, left: &Value<'t>, right: &Value<'t>) -> Value<'t> {
        let (start, end) = (left.start, right.end.max(left.start));
        super::operator::apply(self, operator, left, right).unwrap_or_else(|| Value::unknown(start, end))
    }
}
