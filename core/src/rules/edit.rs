//! Changes of the text that fixes are made of.

use alloc::string::String;

use super::EditDraft;
use crate::json::{NodeId, NodeKind, Tape};

impl EditDraft {
    /// Puts this text in the place of a value or a name.
    #[inline]
    pub fn replace(tape: &Tape, node: NodeId, text: impl Into<String>) -> Self {
        Self::replace_made(tape, node, text.into())
    }

    #[inline(never)]
    fn replace_made(tape: &Tape, node: NodeId, text: String) -> Self {
        let node = tape.node(node);
        Self { start: node.start, end: node.end, text }
    }

    /// Puts a string there, quoted and escaped as JSON wants it.
    #[inline(never)]
    pub fn string(tape: &Tape, node: NodeId, text: &str) -> Self {
        Self::replace(tape, node, quote(text))
    }

    /// Puts text in at a place.
    pub fn insert(at: u32, text: impl Into<String>) -> Self {
        Self { start: at, end: at, text: text.into() }
    }

    /// Takes an element out of its array with the comma that belongs to it.
    pub fn remove_element(tape: &Tape, array: NodeId, element: NodeId) -> Self {
        let node = tape.node(element);
        Self::remove(tape, array, (node.start, node.end), node.next, || {
            let before = tape.elements(array).take_while(|other| other.value != element).last();
            before.map(|before| before.value)
        })
    }

    /// Takes a member out of its object with the comma that belongs to it.
    pub fn remove_member(tape: &Tape, object: NodeId, key: NodeId) -> Self {
        let value = tape.node(NodeId(key.0.saturating_add(1)));
        Self::remove(tape, object, (tape.node(key).start, value.end), value.next, || {
            let before = tape.members(object).take_while(|other| other.key != key).last();
            before.map(|before| before.value)
        })
    }

    /// Removes a span of a container up to the node `next`, if that is still inside; else from the end of
    /// the node before, which is looked for only then: it takes a walk.
    fn remove(
        tape: &Tape,
        container: NodeId,
        (start, end): (u32, u32),
        next: u32,
        before: impl FnOnce() -> Option<NodeId>,
    ) -> Self {
        let (start, end) = if next < tape.node(container).next {
            (start, tape.node(NodeId(next)).start)
        } else {
            (before().map_or(start, |before| tape.node(before).end), end)
        };
        Self { start, end, text: String::new() }
    }
}

/// The object or array that holds this value directly; none for the document's own value.
pub fn parent(tape: &Tape, child: NodeId) -> Option<NodeId> {
    let mut holder = tape.root()?;
    loop {
        let inside = |&id: &NodeId| id <= child && child.0 < tape.node(id).next;
        let inner = match tape.kind(holder) {
            NodeKind::Object => tape.members(holder).map(|member| member.value).find(inside),
            NodeKind::Array => tape.elements(holder).map(|element| element.value).find(inside),
            _ => None,
        }?;
        if inner == child {
            return Some(holder);
        }
        holder = inner;
    }
}

/// The name of the member that holds this value: it stands directly before it.
pub fn key_of(value: NodeId) -> NodeId {
    NodeId(value.0.saturating_sub(1))
}

/// A JSON string of that text.
pub fn quote(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
