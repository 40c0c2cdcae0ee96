//! Loops over values that are known: their blocks are read once for each value, so that what they make is known as well.
//! Where a loop may end early, or takes more than there is fuel for, it is not followed, and what it assigns is forgotten.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::Reader;
use super::call::{Call, Offer};
use super::command::PIPED;
use super::log::Name;
use super::note::NoteKind;
use super::statement::Read;
use super::value::{Value, What};
use crate::part::AnyCase;

/// What statements change, as it was at some place of the script.
pub(super) struct Snapshot<'t> {
    variables: BTreeMap<Name, Value<'t>>,
    journal: usize,
    locals: usize,
    calls: Vec<Call<'t>>,
    offers: Vec<Offer<'t>>,
    ended: bool,
    pub jumped: bool,
}

impl<'t> Reader<'t> {
    /// Remembers how everything stands; nothing where that costs more than is left.
    pub(super) fn snapshot(&mut self) -> Option<Snapshot<'t>> {
        let cost = [self.variables.len(), self.calls.len(), self.offers.len()];
        self.pay(cost.into_iter().fold(1, usize::saturating_add).saturating_mul(8)).then(|| Snapshot {
            variables: self.variables.clone(),
            journal: self.journal.len(),
            locals: self.locals.len(),
            calls: self.calls.clone(),
            offers: self.offers.clone(),
            ended: self.ended,
            jumped: self.jumped,
        })
    }

    /// Makes everything as it was, but for where the reader stands and what it has said.
    pub(super) fn undo(&mut self, before: Snapshot<'t>) {
        self.variables = before.variables;
        self.journal.truncate(before.journal);
        self.locals.truncate(before.locals);
        self.calls = before.calls;
        self.offers = before.offers;
        self.ended = before.ended;
        self.jumped = before.jumped;
    }

    /// `foreach ($name in values) { … }`, from behind its first word on.
    pub(super) fn foreach(&mut self, start: u32) -> Read<'t> {
        let parallel = self.switches();
        let mut over = None;
        let mut name = "";
        if self.peek() == Some(b'(') {
            let (at, open) = (self.at, self.here());
            self.advance(1);
            self.lines();
            if self.peek() == Some(b'$') {
                name = self.variable_name();
                self.space();
                self.word();
                // The parenthesis is closed by what reads the rest of it.
                self.at = self.at.saturating_sub(1).max(at);
            } else {
                self.at = at;
            }
            over = Some(self.parenthesis(open));
            self.lines();
        }
        if let Some(over) = over.filter(|_| !parallel && !name.is_empty())
            && let Some(values) = self.each(&[name], &over)
        {
            return Read::of(self.collected(values, start));
        }
        self.forget(name);
        // Where it was read some times, it is passed.
        if self.peek() != Some(b'{') {
            return Read::Value(Value::unknown(start, self.here()));
        }
        if self.block(true) { Read::Value(Value::unknown(start, self.here())) } else { Read::Silent }
    }

    /// `… | ForEach-Object { … }`, from behind the command's name on; nothing where that is not followed.
    pub(super) fn for_each_object(&mut self, start: u32, over: &Value<'t>) -> Option<Value<'t>> {
        let at = self.at;
        self.space();
        if self.rest().get(..8).is_some_and(|word| word.same_in_any_case("-process")) {
            self.advance(8);
            self.lines();
        }
        let begin = self.at;
        let Some(values) = self.each(&PIPED, over) else {
            if self.at > begin {
                self.arguments();
                return Some(Value::unknown(start, self.here()));
            }
            self.at = at;
            return None;
        };
        let value = self.collected(values, start);
        // Blocks behind it run before and after the loop.
        let alone = self.arguments().is_empty();
        Some(if alone { value } else { Value::unknown(start, self.here()) })
    }

    /// Reads the block that stands here once for each of these values, which the variables of these names hold in turn;
    /// what it gives. Nothing where it is not read, or not to its end: what it assigns is forgotten then.
    pub(super) fn each(&mut self, names: &[&str], over: &Value<'t>) -> Option<Vec<Value<'t>>> {
        if self.peek() != Some(b'{') {
            return None;
        }
        if let Some((start, end)) = self.long.filter(|_| over.is_unknown())
            && over.start <= start
            && end <= over.end
        {
            self.note(NoteKind::LongLoop, start, end);
        }
        let elements = elements(over)?;
        let block = self.block_text();
        if !self.pay(block.len()) || jumps(block) {
            return None;
        }
        let (begin, mark) = (self.at, self.journal.len());
        let jumped = core::mem::replace(&mut self.jumped, false);
        let mut given = Vec::new();
        self.loops = self.loops.saturating_add(1);
        for element in elements {
            self.at = begin;
            match names {
                [name] => self.set(name, element),
                _ => self.show_piped([Some(element.clone()), Some(element)]),
            }
            let (values, closed) = self.inside(b'}');
            given.extend(values);
            if !closed || self.jumped || !self.pay(self.at.saturating_sub(begin).saturating_add(64)) {
                self.loops = self.loops.saturating_sub(1);
                self.jumped |= jumped;
                self.forget_since(mark);
                return None;
            }
        }
        self.loops = self.loops.saturating_sub(1);
        self.jumped = jumped;
        Some(given)
    }

    /// What a block gave, as one value: several are a list, and none is nothing.
    pub(super) fn collected(&self, mut values: Vec<Value<'t>>, start: u32) -> Value<'t> {
        values.retain(|value| !matches!(*value.what, What::Void));
        let end = self.here();
        match values.pop() {
            None => Value::new(start, end, What::Void),
            Some(one) if values.is_empty() => one,
            Some(last) => {
                values.push(last);
                Value::new(start, end, What::List(Self::flat(values)))
            }
        }
    }
}

/// True for what may leave a loop early.
fn jumps(block: &str) -> bool {
    const WORDS: [&str; 4] = ["break", "continue", "return", "exit"];
    let mut words = block.split(|char: char| !char.is_ascii_alphanumeric() && char != '_');
    words.any(|word| WORDS.iter().any(|one| one.same_in_any_case(word)))
}

/// The values that a loop over this one meets; nothing where they are not known, or where there are none: a list that is
/// empty is often one to be filled in.
fn elements<'t>(over: &Value<'t>) -> Option<Vec<Value<'t>>> {
    match &*over.what {
        What::List(values) => {
            let known = |value: &Value| !matches!(*value.what, What::Unknown | What::Broken);
            (!values.is_empty() && values.iter().all(known)).then(|| values.clone())
        }
        What::Text(_) | What::Number(_) | What::True | What::False | What::Table { .. } => {
            Some(alloc::vec![over.clone()])
        }
        What::Json(..) | What::Null | What::Void | What::Unknown | What::Broken => None,
    }
}
