//! Objects that have a member twice, which is said of every document: readers of JSON take the first or the last, and which of
//! them counts is not known.

use super::kind::Found;
use super::{Parent, Reader};
use crate::json::{NodeId, NodeKind};
use crate::names::Names;

impl Reader<'_, '_> {
    /// Reads a resource again where members in it are there twice and differ: with the first of each, in the place of the last.
    pub(super) fn read_again(&mut self, found: Found, node: NodeId, parent: Option<Parent>) {
        if found == Found::Other || !self.has_twice(node) {
            return;
        }
        let said = self.draft.facts.len();
        self.first = true;
        self.read(found, node, parent);
        self.first = false;
        self.draft.facts.truncate(said);
    }

    /// True where there are such members in a resource. Those in its `resources` are looked at by themselves.
    fn has_twice(&self, node: NodeId) -> bool {
        let tape = self.tape;
        match tape.kind(node) {
            NodeKind::Array => tape.elements(node).any(|one| self.has_twice(one.value)),
            NodeKind::Object => {
                let mut seen: Names<'_, NodeId> = Names::of_any_case(0);
                tape.members(node).any(|member| {
                    let key = tape.string(member.key).unwrap_or_default();
                    let elsewhere = ["resources", "tags"].iter().any(|name| key.eq_ignore_ascii_case(name));
                    if elsewhere || tape.kind(member.value) == NodeKind::Null {
                        return false;
                    }
                    let first = seen.insert(key, 0, member.value).copied();
                    first.is_some_and(|first| tape.raw(first) != tape.raw(member.value))
                        || self.has_twice(member.value)
                })
            }
            _ => false,
        }
    }
}
