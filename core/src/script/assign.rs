//! What PowerShell's assignments make of variables: of what is in them, and where it is not known, nothing.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::Reader;
use super::calls::is_separator;
use super::expression::MAX_DEPTH;
use super::files::FILE;
use super::log::{Kind, Name};
use super::note::NoteKind;
use super::operator::{Operator, apply};
use super::statement::Assign;
use super::value::{Key, Value, What};
use crate::part::AnyCase;

impl<'t> Reader<'t> {
    pub(super) fn assign(
        &mut self,
        name: &'t str,
        path: &[&'t str],
        assign: Assign,
        beyond: bool,
        value: Value<'t>,
    ) {
        self.log.separates |= is_separator(name);
        if beyond {
            if !path.is_empty() {
                self.forget_inside(name, path);
            }
            return self.forget_beyond(name);
        }
        if name.get(..9).is_some_and(|drive| drive.same_in_any_case("variable:")) {
            return self.forget_all();
        }
        let kind = self.kind;
        if !path.is_empty() {
            self.kind = Kind::Inner;
        }
        self.assign_here(name, path, assign, value);
        self.kind = kind;
    }

    fn assign_here(&mut self, name: &'t str, path: &[&'t str], assign: Assign, value: Value<'t>) {
        let named = !path.is_empty() && path.iter().all(|name| !name.is_empty());
        match (path, assign) {
            ([], Assign::Put) => {
                self.offer_variable(name, &value);
                self.set_typed(name, value);
            }
            ([], Assign::Add) => self.add(name, value),
            (_, Assign::Put) if named => self.put_member(name, path, value),
            (_, Assign::Add) if named => {
                let mut old = self.variable(name).cloned();
                for member in path {
                    old = old.and_then(|old| old.member(member).cloned());
                }
                let sum = old.and_then(|old| apply(self, Operator::Plus, &old, &value));
                match sum {
                    Some(sum) => self.put_member(name, path, sum),
                    None => self.forget_inside(name, path),
                }
            }
            _ => self.forget_inside(name, path),
        }
    }

    /// `$list += value`
    pub(super) fn add(&mut self, name: &str, value: Value<'t>) {
        let key = self.known_as(name);
        let old = self.variables.remove(&key).filter(|old| !old.is_unknown());
        let Some(mut old) = old else { return self.add_to_unknown(name, &value) };
        let shared = Rc::strong_count(&old.what) > 1;
        let fits = if shared { self.pay(old.size) } else { true };
        let list = if fits { Rc::make_mut(&mut old.what) } else { &mut What::Unknown };
        if let What::List(values) = list
            && value.depth < MAX_DEPTH
        {
            old.size = old.size.saturating_add(value.size);
            old.depth = old.depth.max(value.depth.saturating_add(2));
            match &*value.what {
                What::List(more) => values.extend(more.iter().cloned()),
                What::Unknown => values.push(Value::several(value.start, value.end)),
                _ => values.push(value),
            }
            self.offer_variable(name, &old);
            return self.set_typed(name, old);
        }
        match apply(self, Operator::Plus, &old, &value) {
            Some(sum) if fits => self.set_typed(name, sum),
            _ => self.forget(name),
        }
    }

    /// The same where it is not known what the list holds: machines are put into nothing but lists.
    fn add_to_unknown(&mut self, name: &str, value: &Value<'t>) {
        let is_machine = |value: &Value| value.member("id").is_some() && value.member("ports").is_some();
        let values = match &*value.what {
            What::List(values) if self.pay(values.len()) => values.clone(),
            _ => alloc::vec![value.clone()],
        };
        if self.cased || !values.iter().any(is_machine) {
            return self.forget(name);
        }
        let before = Value::several(value.start, value.start);
        let values = core::iter::once(before).chain(values).collect();
        let list = Value::new(value.start, value.end, What::List(values));
        self.offer_variable(name, &list);
        self.set_typed(name, list);
    }

    /// `$table.member = value`, or of a table in that table.
    pub(super) fn put_member(&mut self, name: &str, path: &[&str], value: Value<'t>) {
        let key = self.known_as(name);
        let places = self.changed(name, path);
        let Some(mut table) = self.variables.remove(&key) else { return self.forget(name) };
        let (start, end) = (value.start, value.end);
        let mut shared = false;
        if !self.pay(table.size) || !put(&mut table, path, value, &mut shared) {
            self.forget_holders(places, name);
            return self.forget(name);
        }
        if shared {
            // Tables are not copied when they are put somewhere: the change is seen there, too.
            self.note(NoteKind::SharedTable, start, end);
            self.forget_holders(places, name);
        }
        self.offer_variable(name, &table);
        self.set(name, table);
    }

    /// Forgets a variable of which something is changed, and whatever else that is in; `path` leads there, without the
    /// names that are not known.
    pub(super) fn forget_inside(&mut self, name: &str, path: &[&str]) {
        let places = if path.is_empty() { Vec::new() } else { self.changed(name, path) };
        self.forget(name);
        self.forget_holders(places, name);
    }

    /// The lists and tables that are changed where something is put there.
    fn changed(&mut self, name: &str, path: &[&str]) -> Vec<*const What<'t>> {
        let mut places = Vec::new();
        let Some(mut value) = self.variable(name).cloned() else { return places };
        let mut left = path;
        while let [member, inner @ ..] = left
            && !inner.is_empty()
            && let Some(next) = value.member(member).cloned()
        {
            (value, left) = (next, inner);
        }
        if left.len() == 1 {
            places.push(Rc::as_ptr(&value.what));
        } else if self.pay(value.size) {
            containers(&value, &mut places);
        } else {
            self.forget_all();
        }
        places
    }

    /// Forgets every variable in which one of these lists and tables is, but for the one of that name.
    pub(super) fn forget_holders(&mut self, changed: impl IntoIterator<Item = *const What<'t>>, but: &str) {
        let changed: BTreeSet<*const What<'t>> = changed.into_iter().collect();
        if changed.is_empty() {
            return;
        }
        let size = self.variables.values().fold(0_usize, |size, value| size.saturating_add(value.size));
        if !self.pay(size.saturating_add(changed.len())) {
            return self.forget_all();
        }
        let but = self.known_as(but);
        // Files hold what was written to them.
        let may = |name: &Name| *name != but && !name.starts_with(FILE);
        let found = self.variables.iter().filter(|(name, value)| may(name) && holds(value, &changed));
        let names: Vec<Name> = found.map(|(name, _)| name.clone()).collect();
        names.iter().for_each(|name| self.forget(name));
    }
}

/// The lists and tables in a value, itself among them.
fn containers<'t>(value: &Value<'t>, places: &mut Vec<*const What<'t>>) {
    match &*value.what {
        What::List(values) => values.iter().for_each(|value| containers(value, places)),
        What::Table { members, .. } => members.iter().for_each(|(_, value)| containers(value, places)),
        _ => return,
    }
    places.push(Rc::as_ptr(&value.what));
}

/// True where one of these lists and tables is in the value. JSON is a copy of what it was made of.
fn holds<'t>(value: &Value<'t>, changed: &BTreeSet<*const What<'t>>) -> bool {
    match &*value.what {
        What::List(_) | What::Table { .. } if changed.contains(&Rc::as_ptr(&value.what)) => true,
        What::List(values) => values.iter().any(|value| holds(value, changed)),
        What::Table { members, .. } => members.iter().any(|(_, value)| holds(value, changed)),
        _ => false,
    }
}

/// Puts a value into a table, or into one that is in it; false where there is no table. `shared` where such a table was
/// put elsewhere before.
fn put<'t>(table: &mut Value<'t>, path: &[&str], value: Value<'t>, shared: &mut bool) -> bool {
    let Some((member, inner)) = path.split_first() else { return false };
    *shared |= matches!(*table.what, What::Table { .. }) && Rc::strong_count(&table.what) > 1;
    let What::Table { members, .. } = Rc::make_mut(&mut table.what) else { return false };
    let place = members.iter_mut().find(|(key, _)| key.name.same_in_any_case(member));
    let done = match place {
        Some((_, old)) if inner.is_empty() => {
            *old = value;
            true
        }
        Some((_, old)) => put(old, inner, value, shared),
        None if inner.is_empty() => {
            let end = value.start;
            let name = Cow::Owned((*member).to_string());
            members.push((Key { start: end, end, name, flags: None }, value));
            true
        }
        None => false,
    };
    // Worked out anew, with its size.
    let what = core::mem::replace(&mut table.what, Rc::new(What::Unknown));
    let what = Rc::try_unwrap(what).unwrap_or_else(|shared| (*shared).clone());
    *table = Value::new(table.start, table.end, what);
    done
}
