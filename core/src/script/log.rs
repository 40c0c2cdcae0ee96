//! What a script assigns to, and where. Functions and loops run at other times than they stand: what is known in them, and
//! behind a call, hangs on what is assigned elsewhere. Each reading keeps that for the next one; the first knows no
//! variable, so that it finds whatever may be assigned, and the next finds no more than that.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Stands for every variable and file.
pub(super) const ALL: &str = "*";

/// How a name is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// In its scope alone: a function's own variable.
    Own,
    /// What is in it: seen wherever the same table is, unless it is a function's own.
    Inner,
    /// Beyond the function.
    Outer,
    /// The function of that name is called; of no name, any.
    Call,
}

/// The name of a variable, or of a file.
pub(super) type Name = Rc<str>;

/// A change.
pub(super) type Entry = (Kind, Name);

/// What a reading found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Log {
    /// All changes, with the place behind them; in order when all is read.
    pub changes: Vec<(usize, Kind, Name)>,
    /// Where what may run more than once begins and ends.
    pub loops: BTreeMap<usize, usize>,
    /// What functions change, by their names.
    pub functions: BTreeMap<Name, BTreeSet<Entry>>,
    /// Functions with the names of the parameters that they are given, in small letters; an empty one for any.
    pub given: BTreeSet<(Name, Name)>,
    /// Variables with a type that whatever is put there is made to, by where the function begins whose they are.
    pub types: BTreeSet<(usize, Name, Name)>,
    /// What stands between the elements of a list in a string is the script's own.
    pub separates: bool,
    /// Commands come from elsewhere.
    pub sourced: bool,
}

impl Log {
    /// What these functions change, and those that they call, each once.
    pub fn reached(&self, mut calls: Vec<Name>, seen: &mut BTreeSet<Name>) -> Vec<&BTreeSet<Entry>> {
        let mut found = Vec::new();
        while let Some(call) = calls.pop() {
            if call.is_empty() {
                calls.extend(self.functions.keys().filter(|name| !seen.contains(*name)).cloned());
            }
            let Some(changes) = self.functions.get(&call) else { continue };
            if seen.insert(call) {
                found.push(changes);
                let more = changes.iter().filter(|(kind, name)| *kind == Kind::Call && !seen.contains(name));
                calls.extend(more.map(|(_, name)| name.clone()));
            }
        }
        found
    }

    /// Where each name is changed last.
    pub fn last(&self) -> BTreeMap<Name, usize> {
        let (mut last, mut seen) = (BTreeMap::new(), BTreeSet::new());
        if self.functions.is_empty() {
            return last;
        }
        for (at, kind, name) in self.changes.iter().rev() {
            if *kind != Kind::Call {
                last.entry(name.clone()).or_insert(*at);
                continue;
            }
            // Whatever a function calls sees its variables.
            for (kind, name) in self.reached(alloc::vec![name.clone()], &mut seen).into_iter().flatten() {
                if *kind != Kind::Call {
                    last.entry(name.clone()).or_insert(*at);
                }
            }
        }
        last
    }
}
