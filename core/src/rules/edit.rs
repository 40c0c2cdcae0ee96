//! Changes of the text that fixes are made of.

use alloc::string::String;

use super::EditDraft;
use crate::json::{NodeId, NodeKind, Tape};

impl EditDraft {
    /// Puts this text in the place of a value or a name.
    pub fn replace(tape: &Tape, node: NodeId, text: impl Into<String>) -> Self {
        let node = tape.node(node);
        Self { start: node.start, end: node.end, text: text.into() }
    }

    /// Puts a string there, quoted and escaped as JSON wants it.
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
        let (start, end) = if node.next < tape.node(array).next {
            (node.start, tape.node(NodeId(node.next)).start)
        } else {
            // The last one: only then is the comma the one before.
            let others = tape.elements(array).map(|other| other.value).take_while(|&other| other != element);
            (others.last().map_or(node.start, |before| tape.node(before).end), node.end)
        };
        Self { start, end, text: String::new() }
    }

    /// Takes a member out of its object with the comma that belongs to it.
    pub fn remove_member(tape: &Tape, object: NodeId, key: NodeId) -> Self {
        let mut before = None;
        let mut members = tape.members(object);
        let mut value = key;
        for member in members.by_ref() {
            value = member.value;
            if member.key == key {
                break;
            }
            before = Some(member.value);
        }
        let (start, end) = (tape.node(key).start, tape.node(value).end);
        let (start, end) = match (members.next(), before) {
            (Some(next), _) => (start, tape.node(next.key).start),
            (None, Some(before)) => (tape.node(before).end, end),
            (None, None) => (start, end),
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
