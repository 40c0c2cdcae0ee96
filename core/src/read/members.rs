//! Goes through an object's members against its shape: duplicates, unknown and misspelt names, and
//! what is missing are found here and nowhere else.

use alloc::string::String;
use alloc::vec::Vec;

use super::shape::{Need, Property, Shape};
use super::{Fact, Reader};
use crate::json::{NodeId, NodeKind};

/// No shape has more members.
const MOST: usize = 24;

impl Reader<'_, '_> {
    /// Hands each known member to `each`; a name given twice is handed over twice, the last one to count.
    pub(super) fn members(
        &mut self,
        node: NodeId,
        shape: &'static Shape,
        mut each: impl FnMut(&mut Self, Property, NodeId),
    ) {
        let tape = self.tape;
        let mut seen: [Option<NodeId>; MOST] = [None; MOST];
        let mut strange: Vec<NodeId> = Vec::new();
        for member in tape.members(node) {
            let Some(index) = self.index(shape, member.key, &mut strange) else { continue };
            if let Some(slot) = seen.get_mut(index)
                && let Some(first) = slot.replace(member.key)
            {
                self.fact(Fact::DuplicateName { first, second: member.key });
            }
            match shape.members.get(index) {
                Some(&(_, Property::Other, _)) => self.names(member.value),
                Some(&(_, name, _)) => each(self, name, member.value),
                None => {}
            }
        }
        for (&(name, _, need), key) in shape.members.iter().zip(&seen) {
            if need != Need::Required {
                continue;
            }
            // The value stands behind its name.
            let value = key.map(|key| NodeId(key.0.saturating_add(1)));
            if value.is_none_or(|value| tape.kind(value) == NodeKind::Null) {
                self.fact(Fact::Missing { node, object: shape.title, name, null: value });
            }
        }
    }

    /// The index in the shape of the member with that name, in whatever spelling.
    #[inline]
    fn index(&mut self, shape: &'static Shape, key: NodeId, strange: &mut Vec<NodeId>) -> Option<usize> {
        if let Some(text) = self.tape.plain(key)
            && let Some(index) = position(shape, text)
        {
            return Some(index);
        }
        self.strange(shape, key, strange)
    }

    #[cold]
    fn strange(&mut self, shape: &'static Shape, key: NodeId, strange: &mut Vec<NodeId>) -> Option<usize> {
        let text = self.tape.string(key)?;
        if let Some(index) = position(shape, &text) {
            return Some(index);
        }
        let value = NodeId(key.0.saturating_add(1));
        if let Some((right, sure)) = meant(shape, &text) {
            self.fact(Fact::MisspeltName { key, object: shape.title, right, sure });
            return position(shape, right);
        }
        // A note to the reader; `$schema` and its like.
        if !text.starts_with(['$', '_']) && !text.starts_with("//") {
            self.fact(Fact::UnknownName { key, object: shape.title });
        }
        let same = |&earlier: &NodeId| self.tape.string(earlier).is_some_and(|earlier| earlier == text);
        if let Some(first) = strange.iter().copied().find(same) {
            self.fact(Fact::DuplicateName { first, second: key });
        } else if strange.len() < 64 {
            strange.push(key);
        }
        self.names(value);
        None
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
        let mut seen = hashbrown::HashMap::new();
        for member in self.tape.members(node) {
            if let Some(name) = self.tape.string(member.key)
                && let Some(first) = seen.insert(name, member.key)
            {
                self.fact(Fact::DuplicateName { first, second: member.key });
            }
        }
    }
}

#[inline]
fn position(shape: &Shape, text: &str) -> Option<usize> {
    shape.members.iter().position(|&(name, ..)| name == text)
}

/// The member that a name is meant for, and whether that is sure.
fn meant(shape: &'static Shape, text: &str) -> Option<(&'static str, bool)> {
    let plain: String =
        text.chars().filter(|char| !matches!(char, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect();
    let names = || shape.members.iter().filter(|(.., need)| *need != Need::Ignored).map(|&(name, ..)| name);
    if let Some(name) = names().find(|name| name.eq_ignore_ascii_case(&plain)) {
        return Some((name, true));
    }
    if let Some(&(_, name)) = shape.aliases.iter().find(|(alias, _)| *alias == plain) {
        return Some((name, true));
    }
    // Two slips in a long name, one in a short one.
    let near =
        |name: &&str| distance(&plain, &name.to_ascii_lowercase()) <= if name.len() < 8 { 1 } else { 2 };
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
            Some(("maxRequestAccessDuration", true))
        );
        assert_eq!(meant(&PORT_RULE, "port"), Some(("number", true)));
        assert_eq!(meant(&PORT_RULE, "nubmer"), Some(("number", false)));
        assert_eq!(meant(&PORT_RULE, "comment"), None);
    }

    #[test]
    fn every_shape_fits() {
        assert!(ALL.iter().all(|shape| shape.members.len() <= MOST));
    }
}
