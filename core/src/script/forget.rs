//! What is remembered of variables and files, and when it is forgotten: with every change, with the calls of functions, and
//! where it is not certain that a block runs, how often, and when.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::Reader;
use super::command::PIPED;
use super::files::FILE;
use super::log::{ALL, Entry, Kind, Name};
use super::value::{Value, What};

impl<'t> Reader<'t> {
    /// Remembers a change.
    pub(super) fn enter(&mut self, kind: Kind, name: Name) {
        // No function has files or the environment of its own.
        let everywhere = &*name == ALL || name.contains(['/', ':']);
        let kind = if everywhere && kind != Kind::Call { Kind::Outer } else { kind };
        if !self.hopes {
            self.log.changes.push((self.at, kind, name.clone()));
        }
        self.journal.push((kind, name));
    }

    /// Remembers a variable.
    #[inline(never)]
    pub(super) fn set(&mut self, name: &str, value: Value<'t>) {
        let name = self.known_as(name);
        self.enter(self.kind_of(&name), name.clone());
        if self.wild || self.is_fixed(&name) {
            self.drop(&name);
        } else {
            self.variables.insert(name, value);
        }
    }

    #[inline(never)]
    pub(super) fn forget(&mut self, name: &str) {
        let name = self.known_as(name);
        self.drop(&name);
        self.enter(self.kind_of(&name), name);
    }

    fn kind_of(&self, name: &str) -> Kind {
        let local = || self.locals.iter().rev().take(64).any(|local| **local == *name);
        if self.kind == Kind::Outer && local() { Kind::Own } else { self.kind }
    }

    /// The same of a variable beyond the function that is read.
    pub(super) fn forget_beyond(&mut self, name: &str) {
        let name = self.known_as(name);
        self.drop(&name);
        self.enter(Kind::Outer, name);
    }

    /// Forgets the variable whose name was just read.
    pub(super) fn change(&mut self, name: &str) {
        if self.beyond {
            self.forget_beyond(name);
        } else {
            self.forget(name);
        }
    }

    /// Forgets a variable that is never known again.
    pub(super) fn fix(&mut self, name: &str) {
        self.forget_beyond(name);
        self.fixed.insert(self.known_as(name));
    }

    /// Forgets every variable and file.
    pub(super) fn forget_all(&mut self) {
        self.drop(ALL);
        self.enter(Kind::Outer, ALL.into());
    }

    pub(super) fn drop(&mut self, name: &str) {
        match name {
            ALL => self.variables.clear(),
            FILE => {
                while let Some((name, _)) = self.variables.range(Name::from(FILE)..).next()
                    && name.starts_with(FILE)
                {
                    let name = name.clone();
                    self.variables.remove(&name);
                }
            }
            name => {
                self.variables.remove(name);
            }
        }
    }

    /// Forgets what was changed since: whether that was done, and how often, is not known.
    #[inline(never)]
    pub(super) fn forget_since(&mut self, mark: usize) {
        let since = self.journal.split_off(mark.min(self.journal.len()));
        since.iter().filter(|(kind, _)| *kind != Kind::Call).for_each(|(_, name)| self.drop(name));
        self.journal.extend(since);
    }

    /// Forgets for good what was changed since: it may be done again at any time.
    pub(super) fn fix_since(&mut self, mark: usize) {
        let since: BTreeSet<Entry> = self.journal.get(mark..).unwrap_or(&[]).iter().cloned().collect();
        let (names, _) = self.spread(&since, true);
        self.wild |= names.contains(ALL);
        // What is piped in is set anew each time.
        names.iter().filter(|name| !PIPED.contains(&&***name)).for_each(|name| self.fix(name));
    }

    /// The names among these changes, and those that functions change which are called there; whether one of those changes
    /// what is in a value.
    fn spread(&mut self, changes: &BTreeSet<Entry>, own: bool) -> (BTreeSet<Name>, bool) {
        let known = self.known.clone().unwrap_or_default();
        if !self.pay(64) {
            return (BTreeSet::from([ALL.into()]), true);
        }
        let of = |wanted: Kind| changes.iter().filter(move |(kind, _)| *kind == wanted).map(|(_, name)| name);
        let mut names: BTreeSet<Name> = BTreeSet::new();
        if own {
            names
                .extend(changes.iter().filter(|(kind, _)| *kind != Kind::Call).map(|(_, name)| name.clone()));
        }
        let mut inner = false;
        for changes in known.reached(of(Kind::Call).cloned().collect(), &mut BTreeSet::new()) {
            // Each takes room as well as time.
            if !self.pay(changes.len().saturating_mul(32)) {
                names.insert(ALL.into());
                break;
            }
            for (kind, name) in changes {
                inner |= *kind == Kind::Inner;
                let beyond = match kind {
                    Kind::Outer => true,
                    Kind::Inner => !changes.contains(&(Kind::Own, name.clone())),
                    Kind::Own | Kind::Call => false,
                };
                if beyond {
                    names.insert(name.clone());
                }
            }
        }
        (names, inner)
    }

    /// True where the script has a function of that name.
    pub(super) fn is_function_named(&self, name: &str) -> bool {
        self.known.as_ref().is_some_and(|known| known.functions.contains_key(&self.known_as(name)))
    }

    /// Forgets what a function changes that is called, and the functions that it calls in turn; of no name, any.
    pub(super) fn call_function(&mut self, name: &str, given: &[Value<'t>]) {
        if self.hopes {
            // There is none.
            return;
        }
        let name = self.known_as(name);
        self.enter(Kind::Call, name.clone());
        if !self.known.as_ref().is_some_and(|known| name.is_empty() || known.functions.contains_key(&name)) {
            return;
        }
        let (names, inner) = self.spread(&BTreeSet::from([(Kind::Call, name)]), false);
        names.iter().for_each(|name| {
            self.drop(name);
            self.journal.push((Kind::Outer, name.clone()));
        });
        let holds = |value: &Value| matches!(*value.what, What::Table { .. } | What::List(_));
        if inner && given.iter().any(holds) {
            // It may change what is in a table that it is given, which may be in others.
            let tables: Vec<Name> = self
                .variables
                .iter()
                .filter(|(_, value)| holds(value))
                .map(|(name, _)| name.clone())
                .collect();
            tables.iter().for_each(|name| self.forget_beyond(name));
        }
    }

    /// Keeps what a function changes.
    pub(super) fn keep_function(&mut self, name: &str, mark: usize) {
        let name = self.known_as(name);
        let changes = self.journal.get(mark..).unwrap_or(&[]).iter().cloned();
        self.log.functions.entry(name).or_default().extend(changes);
    }

    /// A function is given a parameter of that name; of no name, any.
    pub(super) fn gives(&mut self, function: &str, parameter: &str) {
        self.log.given.insert((function.to_ascii_lowercase().into(), parameter.to_ascii_lowercase().into()));
    }

    /// The names of the parameters that a function is given.
    pub(super) fn given_to(&self, function: &str) -> BTreeSet<Name> {
        let name = function.to_ascii_lowercase();
        let given = self.known.iter().flat_map(|known| {
            let of = |name: &str| known.given.range((Name::from(name), Name::from(""))..);
            let own = of(&name).take_while(|(function, _)| **function == *name);
            own.chain(of("").take_while(|(function, _)| function.is_empty()))
        });
        given.map(|(_, parameter)| parameter.clone()).collect()
    }

    /// Forgets what is changed behind this place, for a function that begins here; all variables as they were.
    pub(super) fn forget_later(&mut self) -> BTreeMap<Name, Value<'t>> {
        self.give_up();
        if !self.pay(self.variables.len()) {
            self.variables.clear();
        }
        let before = self.variables.clone();
        let at = self.at;
        let later = |name: &str| self.last.get(name).is_some_and(|&last| last >= at);
        let (all, files) = (later(ALL), later(FILE));
        // In a loop, what stands before runs again.
        let all = all || self.loops > 0;
        let gone = |name: &str| all || later(name) || (files && name.starts_with(FILE));
        self.variables.retain(|name, _| !gone(name));
        before
    }

    /// What begins here may run more than once: what is changed in it is not known at its start, either.
    pub(super) fn begin_loop(&mut self) -> usize {
        self.loops = self.loops.saturating_add(1);
        let begin = self.at;
        self.give_up();
        if let Some(known) = self.known.clone() {
            let Some(&end) = known.loops.get(&begin) else {
                self.drop(ALL);
                return begin;
            };
            let from = known.changes.partition_point(|(at, ..)| *at < begin);
            let to = known.changes.partition_point(|(at, ..)| *at <= end);
            // Paid for before it is looked at: of loops in loops, the inner ones are in all.
            let names = if self.pay(to.saturating_sub(from).saturating_mul(32)) {
                let inside = known.changes.get(from..to).unwrap_or_default().iter();
                let inside: BTreeSet<Entry> = inside.map(|(_, kind, name)| (*kind, name.clone())).collect();
                self.spread(&inside, true).0
            } else {
                BTreeSet::from([ALL.into()])
            };
            names.iter().for_each(|name| self.drop(name));
        }
        begin
    }

    /// Ends a reading that hoped for none of this.
    pub(super) fn give_up(&mut self) {
        if core::mem::take(&mut self.hopes) {
            self.gave_up = true;
            self.at = self.bytes.len();
        }
    }

    pub(super) fn end_loop(&mut self, begin: usize) {
        self.loops = self.loops.saturating_sub(1);
        let end = self.log.loops.entry(begin).or_default();
        *end = self.at.max(*end);
    }
}
