//! `if` and what belongs to it. A branch is followed where its condition is certain; else all branches are read, and what
//! they assign is forgotten behind them.

use alloc::vec::Vec;

use super::Reader;
use super::statement::Read;
use super::value::{Value, What};
use crate::part::AnyCase;

impl<'t> Reader<'t> {
    /// `if (…) { … } elseif (…) { … } else { … }`, from behind its first word on.
    pub(super) fn branches(&mut self, start: u32) -> Read<'t> {
        // One ran, none did so far, or that is not known.
        let mut ran = Some(false);
        let mut gives = false;
        let mut given = Vec::new();
        let mut condition = true;
        // Where conditions begin that may not be looked at.
        let mut mark = None;
        loop {
            self.lines();
            let holds = match self.peek() {
                Some(b'(') if condition => {
                    let here = self.journal.len();
                    let value = self.parenthesis(self.here());
                    self.lines();
                    if ran == Some(true) {
                        self.forget_since(here);
                    }
                    if self.assumes { None } else { truth(&value, self.text) }
                }
                _ if condition => None,
                _ => Some(true),
            };
            match (ran, holds) {
                (Some(false), Some(true)) if self.peek() == Some(b'{') => {
                    (given, _) = self.inside(b'}');
                    ran = Some(true);
                }
                (Some(true), _) | (_, Some(false)) => self.dead(),
                _ => {
                    gives |= self.block(false);
                    ran = None;
                }
            }
            match self.next_branch() {
                Some(more) => condition = more,
                None => break,
            }
            mark.get_or_insert(self.journal.len());
        }
        if let Some(mark) = mark.filter(|_| ran.is_none()) {
            self.forget_since(mark);
        }
        match ran {
            None if gives => Read::Value(Value::unknown(start, self.here())),
            None => Read::Silent,
            Some(_) => Read::of(self.collected(given, start)),
        }
    }

    /// `elseif` or `else`, passed over; true where a condition follows.
    fn next_branch(&mut self) -> Option<bool> {
        let (at, notes) = (self.at, self.notes.len());
        self.lines();
        let rest = self.rest();
        let len = rest.bytes().take(8).take_while(u8::is_ascii_alphabetic).count();
        let word = rest.get(..len).unwrap_or("");
        let condition = word.same_in_any_case("elseif");
        if condition || word.same_in_any_case("else") {
            self.advance(len);
            return Some(condition);
        }
        self.at = at;
        self.notes.truncate(notes);
        None
    }

    /// A block that does not run: its slips are said, and nothing else comes of it.
    fn dead(&mut self) {
        let Some(before) = self.snapshot() else {
            self.block(false);
            return;
        };
        let said = self.notes.len();
        self.block(false);
        let slips = self.notes.split_off(said.min(self.notes.len()));
        self.notes.extend(slips.into_iter().filter(|note| note.kind.is_slip()));
        self.undo(before);
    }
}

/// Whether PowerShell takes the value for true, where that is certain.
pub(super) fn truth(value: &Value, source: &str) -> Option<bool> {
    match &*value.what {
        What::True | What::Table { .. } => Some(true),
        What::False | What::Null | What::Void => Some(false),
        What::Number(_) => value.inside(source)?.parse::<i64>().ok().map(|number| number != 0),
        What::Text(text) if !text.partly => Some(!text.text.is_empty()),
        What::List(values) => match values.as_slice() {
            [] => Some(false),
            // Lists of lists have rules of their own.
            [one] if matches!(*one.what, What::List(_)) => None,
            [one] => truth(one, source),
            [one, other, ..] if !one.is_unknown() && !other.is_unknown() => Some(true),
            _ => None,
        },
        What::Text(_) | What::Json(..) | What::Unknown | What::Broken => None,
    }
}
