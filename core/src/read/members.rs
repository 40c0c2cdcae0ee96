//! Goes through an object's members against its shape: duplicates, unknown and misspelt names, and
//! what is missing are found here and nowhere else.

use alloc::collections::VecDeque;
use core::mem::replace;

use super::near::{meant, position, same_letters};
use super::shape::{Need, Property, Shape};
use super::{Fact, Reader, Standing};
use crate::json::{NodeId, NodeKind};
use crate::names::Names;
use crate::part;

/// No shape has more members.
const MOST: usize = 21;

/// One source, and a list of them.
const SINGULAR: &str = "allowedSourceAddressPrefix";
const PLURAL: &str = "allowedSourceAddressPrefixes";

/// The name of no member: the first node is the document itself.
const NONE: NodeId = NodeId(0);

impl<'t> Reader<'_, 't> {
    /// Hands each known member to `each`; a name given twice is handed over twice, the last one to count.
    pub(super) fn members(
        &mut self,
        node: NodeId,
        shape: &'static Shape,
        mut each: impl FnMut(&mut Self, Property, NodeId),
    ) {
        let tape = self.tape;
        let mut seen = [NONE; MOST];
        let mut strange = Strange::default();
        let mut members = tape.members(node);
        // Members mostly come in the order of the shape.
        let mut next = 0;
        // Misspelt members come last, when it is known whether what they mean is there too. One loop for both
        // kinds: `each` is large and stands here once.
        loop {
            let (index, value) = if let Some(member) = members.next() {
                let Some(index) = self.index(shape, next, node, member.key, &mut strange) else { continue };
                next = index.saturating_add(1);
                if let Some(slot) = seen.get_mut(index) {
                    let first = replace(slot, member.key);
                    if first != NONE {
                        self.fact(Fact::DuplicateName { first, second: member.key });
                    }
                }
                (index, member.value)
            } else {
                let Some(misspelt) = strange.misspelt.pop_front() else { break };
                let Some(index) = self.misspelt(node, shape, &mut seen, misspelt) else { continue };
                (index, value_of(misspelt.key))
            };
            match shape.members.get(index) {
                Some(&(_, Property::Other, _)) => self.names(value),
                Some(&(_, name, _)) => each(self, name, value),
                None => {}
            }
        }
        for (&(name, _, need), &key) in shape.members.iter().zip(&seen) {
            if need != Need::Required {
                continue;
            }
            let value = (key != NONE).then(|| value_of(key));
            let missing = value.is_none_or(|value| tape.kind(value) == NodeKind::Null);
            if missing
                && self.standing == Standing::Whole
                && !copies(shape, &seen)
                && !tape.is_cut_short(node)
            {
                self.fact(Fact::Missing { node, object: shape.title, name, null: value });
            }
        }
    }

    /// As [`Self::members`], made once for all shapes of which a document has few objects.
    #[inline(never)]
    pub(super) fn few_members(
        &mut self,
        node: NodeId,
        shape: &'static Shape,
        each: &mut dyn FnMut(&mut Self, Property, NodeId),
    ) {
        self.members(node, shape, each);
    }

    /// The index in the shape of the member with that name; other spellings are put aside.
    #[inline]
    fn index(
        &mut self,
        shape: &'static Shape,
        next: usize,
        node: NodeId,
        key: NodeId,
        strange: &mut Strange<'t>,
    ) -> Option<usize> {
        if let Some(text) = self.tape.plain(key) {
            if shape.members.get(next).is_some_and(|(name, ..)| part::same(name, text)) {
                return Some(next);
            }
            if let Some(index) = position(shape, text) {
                return Some(index);
            }
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
        if let Some((mut index, mut right, sure)) = meant(shape, &text) {
            // The two names of sources are as near to each other as to their slips: the value tells.
            let array = right == SINGULAR && self.tape.kind(value_of(key)) == NodeKind::Array;
            if let Some(plural) = position(shape, PLURAL).filter(|_| array && !same_letters(&text, right)) {
                (index, right) = (plural, PLURAL);
            }
            strange.misspelt.push_back(Misspelt { key, index, right, sure });
            return None;
        }
        // A column of Resource Graph that is empty; a note to the reader; `$schema` and its like.
        if self.standing == Standing::Whole
            && self.tape.kind(value_of(key)) != NodeKind::Null
            && !text.starts_with(['$', '_'])
            && !text.starts_with("//")
        {
            self.fact(Fact::UnknownName { node, key, object: shape.title });
        }
        let unknown = strange.unknown.get_or_insert_with(Names::exact);
        if let Some(last) = unknown.insert(text, 0, key) {
            self.fact(Fact::DuplicateName { first: replace(last, key), second: key });
        }
        self.names(value_of(key));
        None
    }

    /// The index of the member that a misspelt one is read as: none where that is there itself.
    #[cold]
    fn misspelt(
        &mut self,
        node: NodeId,
        shape: &'static Shape,
        seen: &mut [NodeId; MOST],
        Misspelt { key, index, right, sure }: Misspelt,
    ) -> Option<usize> {
        let slot = seen.get_mut(index)?;
        let beside = (*slot != NONE).then_some(*slot);
        *slot = beside.unwrap_or(key);
        let text = self.tape.string(key).unwrap_or_default();
        if self.is_printed && beside.is_none() && begins_large(&text, right) {
            return Some(index);
        }
        let same = same_letters(&text, right);
        self.fact(if beside.is_some() && !same {
            // `port` beside `number` is no other spelling of it.
            Fact::UnknownName { node, key, object: shape.title }
        } else {
            Fact::MisspeltName { key, object: shape.title, right, sure, beside }
        });
        if beside.is_some() {
            self.names(value_of(key));
            return None;
        }
        Some(index)
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
        let mut seen = Names::exact();
        for member in self.tape.members(node) {
            if let Some(name) = self.tape.string(member.key)
                && let Some(last) = seen.insert(name, 0, member.key)
            {
                self.fact(Fact::DuplicateName { first: replace(last, member.key), second: member.key });
            }
        }
    }
}

/// True where a template's `copy` makes members that are not known here.
#[cold]
fn copies(shape: &Shape, seen: &[NodeId; MOST]) -> bool {
    shape.members.iter().zip(seen).any(|(&(_, name, _), &key)| name == Property::Copy && key != NONE)
}

/// True for the name with a capital at its beginning.
fn begins_large(text: &str, right: &str) -> bool {
    let mut both = text.bytes().zip(right.bytes());
    text.len() == right.len()
        && both.next().is_some_and(|(one, other)| one == other.to_ascii_uppercase())
        && both.all(|(one, other)| one == other)
}

/// Names that are none of the shape's.
#[derive(Default)]
struct Strange<'t> {
    misspelt: VecDeque<Misspelt>,
    unknown: Option<Names<'t, NodeId>>,
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

#[cfg(test)]
mod tests {
    use super::super::shape::ALL;
    use super::MOST;

    #[test]
    fn every_shape_fits() {
        assert!(ALL.iter().all(|shape| shape.members.len() <= MOST));
    }
}
