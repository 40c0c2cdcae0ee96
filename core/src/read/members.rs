//! Goes through an object's members against its shape: duplicates, unknown and misspelt names, and
//! what is missing are found here and nowhere else.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::fact::Expected;
use super::shape::{Name, Need, Shape};
use super::{Fact, Reader};
use crate::json::{NodeId, NodeKind};

/// No shape has more members.
const MOST: usize = 24;

impl<'t> Reader<'_, 't> {
    /// Hands each known member to `each`; a name given twice is handed over twice, the last one to count.
    pub(super) fn members(
        &mut self,
        node: NodeId,
        shape: &'static Shape,
        mut each: impl FnMut(&mut Self, Name, NodeId),
    ) {
        let tape = self.tape;
        let mut seen: [Option<NodeId>; MOST] = [None; MOST];
        let mut strange = Strange::default();
        for member in tape.members(node) {
            let Some(index) = self.index(shape, node, member.key, &mut strange) else { continue };
            if let Some(slot) = seen.get_mut(index)
                && let Some(first) = slot.replace(member.key)
            {
                self.fact(Fact::DuplicateName { first, second: member.key });
            }
            self.member(shape, index, member.value, &mut each);
        }
        if !strange.misspelt.is_empty() {
            self.misspelt(node, shape, &mut seen, &strange, &mut each);
        }
        for (&(name, _, need), key) in shape.members.iter().zip(&seen) {
            if need != Need::Required {
                continue;
            }
            let value = key.map(value_of);
            if value.is_none_or(|value| tape.kind(value) == NodeKind::Null) && !copies(shape, &seen) {
                self.fact(Fact::Missing { node, object: shape.title, name, null: value });
            }
        }
    }

    #[inline]
    fn member(
        &mut self,
        shape: &'static Shape,
        index: usize,
        value: NodeId,
        each: &mut impl FnMut(&mut Self, Name, NodeId),
    ) {
        match shape.members.get(index) {
            Some(&(_, Name::Other, _)) => self.names(value),
            Some(&(_, name, _)) => each(self, name, value),
            None => {}
        }
    }

    /// The index in the shape of the member with that name; other spellings are put aside.
    #[inline]
    fn index(
        &mut self,
        shape: &'static Shape,
        node: NodeId,
        key: NodeId,
        strange: &mut Strange<'t>,
    ) -> Option<usize> {
        if let Some(text) = self.tape.plain(key)
            && let Some(index) = position(shape, text)
        {
            return Some(index);
        }
        self.strange(shape, node, key, strange)
    }

    #[cold]
    fn strange(
        &mut self,
        shape: &'static Shape,
        node: NodeId,
        key: NodeId,
        strange: &mut Strange<'t>,
    ) -> Option<usize> {
        let text = self.tape.string(key)?;
        if let Some(index) = position(shape, &text) {
            return Some(index);
        }
        if let Some((index, right, sure)) = meant(shape, &text) {
            strange.misspelt.push(Misspelt { key, index, right, sure });
            return None;
        }
        // A note to the reader; `$schema` and its like.
        if !text.starts_with(['$', '_']) && !text.starts_with("//") {
            self.fact(Fact::UnknownName { node, key, object: shape.title });
        }
        if let Some(first) = strange.unknown.insert(text, key) {
            self.fact(Fact::DuplicateName { first, second: key });
        }
        self.names(value_of(key));
        None
    }

    /// Reads misspelt members as what they are meant for, where that is not there itself.
    #[cold]
    fn misspelt(
        &mut self,
        node: NodeId,
        shape: &'static Shape,
        seen: &mut [Option<NodeId>; MOST],
        strange: &Strange,
        each: &mut impl FnMut(&mut Self, Name, NodeId),
    ) {
        for &Misspelt { key, index, right, sure } in &strange.misspelt {
            let slot = seen.get_mut(index);
            let beside = slot.as_ref().and_then(|slot| **slot);
            let same = self.tape.string(key).is_some_and(|text| same_letters(&text, right));
            if beside.is_some() && !same {
                // `port` beside `number` is no other spelling of it.
                self.fact(Fact::UnknownName { node, key, object: shape.title });
            } else {
                self.fact(Fact::MisspeltName { key, object: shape.title, right, sure, beside });
            }
            match slot {
                Some(slot @ None) => {
                    *slot = Some(key);
                    self.member(shape, index, value_of(key), each);
                }
                _ => self.names(value_of(key)),
            }
        }
    }

    /// Looks for duplicate names in a value whose shape is of no interest, all the way down.
    pub(super) fn names(&mut self, node: NodeId) {
        let tape = self.tape;
        self.own_names(node);
        tape.members(node).for_each(|member| self.names(member.value));
        tape.elements(node).for_each(|element| self.names(element.value));
    }

    /// Looks for duplicate names in this object alone.
    pub(super) fn own_names(&mut self, node: NodeId) {
        let mut seen = HashMap::new();
        for member in self.tape.members(node) {
            if let Some(name) = self.tape.string(member.key)
                && let Some(first) = seen.insert(name, member.key)
            {
                self.fact(Fact::DuplicateName { first, second: member.key });
            }
        }
    }
}

/// True where a template's `copy` makes members that are not known here.
#[cold]
fn copies(shape: &Shape, seen: &[Option<NodeId>; MOST]) -> bool {
    shape.members.iter().zip(seen).any(|(&(_, name, _), key)| name == Name::Copy && key.is_some())
}

/// Names that are none of the shape's.
#[derive(Default)]
struct Strange<'t> {
    misspelt: Vec<Misspelt>,
    unknown: HashMap<Cow<'t, str>, NodeId>,
}

/// A name in another spelling.
#[derive(Clone, Copy)]
struct Misspelt {
    key: NodeId,
    index: usize,
    right: &'static str,
    sure: bool,
}

/// A member's value stands behind its name.
const fn value_of(key: NodeId) -> NodeId {
    NodeId(key.0.saturating_add(1))
}

/// True for an object; anything else is said, unless it is `null` or broken.
pub(super) fn object(reader: &mut Reader, node: NodeId, name: &'static str) -> bool {
    match reader.tape.kind(node) {
        NodeKind::Object => return true,
        // `null` is reported as missing where a member must be there, and broken text as a slip.
        NodeKind::Broken | NodeKind::Null if name == "properties" => {}
        NodeKind::String if reader.text(node, name).get().is_none() => {}
        NodeKind::Broken => {}
        found => {
            reader.fact(Fact::WrongType { node, name, expected: Expected::Object, found });
            reader.names(node);
        }
    }
    false
}

#[inline]
fn position(shape: &Shape, text: &str) -> Option<usize> {
    shape.members.iter().position(|&(name, ..)| name == text)
}

/// A name without what other ways of writing names put in.
fn plain(text: &str) -> String {
    text.chars().filter(|char| !matches!(char, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// True for `Max_Request_Access_Duration` and `maxRequestAccessDuration`.
fn same_letters(text: &str, name: &str) -> bool {
    plain(text).eq_ignore_ascii_case(name)
}

/// The member that a name is meant for, with its index, and whether that is sure.
fn meant(shape: &'static Shape, text: &str) -> Option<(usize, &'static str, bool)> {
    // The longest name has 28 letters.
    if text.len() > 64 {
        return None;
    }
    let (name, sure) = likely(shape, &plain(text))?;
    Some((position(shape, name)?, name, sure))
}

fn likely(shape: &'static Shape, plain: &str) -> Option<(&'static str, bool)> {
    let names = || shape.members.iter().filter(|(.., need)| *need != Need::Ignored).map(|&(name, ..)| name);
    if let Some(name) = names().find(|name| name.eq_ignore_ascii_case(plain)) {
        return Some((name, true));
    }
    if let Some(&(_, name)) = shape.aliases.iter().find(|(alias, _)| *alias == plain) {
        return Some((name, true));
    }
    // Two slips in a long name, one in a short one.
    let near =
        |name: &&str| distance(plain, &name.to_ascii_lowercase()) <= if name.len() < 8 { 1 } else { 2 };
    names().find(near).map(|name| (name, false))
}

/// How many letters must be put in, left out, changed or swapped to make one of the other. Long names
/// are nobody's slip.
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let a: Vec<char> = a.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=a.len()).collect();
    let mut previous = None;
    for (row, other) in b.chars().enumerate() {
        let mut line = alloc::vec![row.saturating_add(1)];
        let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
        for (index, &char) in a.iter().enumerate() {
            let change = at(&last, index).saturating_add(usize::from(char != other));
            let leave = at(&line, index).saturating_add(1);
            let put = at(&last, index.saturating_add(1)).saturating_add(1);
            let swap = match (index.checked_sub(1), previous) {
                (Some(back), Some(above)) if a.get(back) == Some(&other) && char == above => {
                    at(&before, back).saturating_add(1)
                }
                _ => usize::MAX,
            };
            line.push(change.min(leave).min(put).min(swap));
        }
        previous = Some(other);
        before = core::mem::replace(&mut last, line);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::shape::{ALL, PORT_RULE};
    use super::{MOST, distance, meant};

    #[test]
    fn near_names() {
        assert_eq!(distance("protocol", "protocol"), 0);
        assert_eq!(distance("protcol", "protocol"), 1);
        assert_eq!(distance("portocol", "protocol"), 1);
        assert_eq!(distance("portcool", "protocol"), 2);
        assert_eq!(distance("nubmer", "number"), 1);
        assert_eq!(
            meant(&PORT_RULE, "Max_Request_Access_Duration"),
            Some((3, "maxRequestAccessDuration", true))
        );
        assert_eq!(meant(&PORT_RULE, "port"), Some((0, "number", true)));
        assert_eq!(meant(&PORT_RULE, "nubmer"), Some((0, "number", false)));
        assert_eq!(meant(&PORT_RULE, "comment"), None);
    }

    #[test]
    fn every_shape_fits() {
        assert!(ALL.iter().all(|shape| shape.members.len() <= MOST));
    }
}
