//! The nodes of a document in the order of the text: a container is followed by what it holds, a
//! member by its name, then its value. `next` skips a whole value at once.

#[cfg(feature = "script")]
use alloc::boxed::Box;
use alloc::vec::Vec;

#[cfg(feature = "script")]
use super::script::ScriptParts;
use crate::part;

/// An index into a [`Tape`]; nodes are numbered in document order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// `{…}`; its members follow as name, value, name, value, …
    Object,
    /// `[…]`; its elements follow.
    Array,
    /// A string; also a member's name.
    String,
    /// A number, not yet looked at closely.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
    /// Something unreadable, already reported as a slip.
    Broken,
}

/// One value, or the name of a member.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// First byte; for a string, its opening quote.
    pub start: u32,
    /// Just behind the last byte.
    pub end: u32,
    /// The node behind this one and all it holds.
    pub next: u32,
    /// What it is.
    pub kind: NodeKind,
    /// Bits of [`Node::ESCAPED`] and its like.
    pub flags: u8,
    /// How many members or elements it holds, at most `u16::MAX`: a hint for capacities.
    pub count: u16,
}

impl Node {
    /// The string holds a backslash.
    pub const ESCAPED: u8 = 1;
    /// The string's closing quote is missing.
    pub const OPEN: u8 = 2;
    /// The string stands without quotes.
    pub const BARE: u8 = 4;
    /// The string stands in quotes of more than one byte.
    pub const WIDE: u8 = 8;
    /// The string holds no brackets, no signs of expressions and no two capitals or x's in a row: it stands for
    /// itself. Of a string without this flag, nothing is known.
    pub const PLAIN: u8 = 16;
    /// The value is not written so in the text: the tape holds it apart.
    pub const MADE: u8 = 32;
    /// The end of a script's text cuts the object short.
    pub const CUT: u8 = 64;

    /// True when all these flags are set.
    pub const fn has(&self, flag: u8) -> bool {
        self.flags & flag == flag
    }
}

/// A document's nodes over its text.
#[derive(Debug, Default)]
pub struct Tape<'t> {
    pub(super) text: &'t str,
    pub(super) nodes: Vec<Node>,
    /// What only scripts have.
    #[cfg(feature = "script")]
    pub(super) script: Option<Box<ScriptParts>>,
}

impl<'t> Tape<'t> {
    /// What stands for a node that is not there.
    const NOWHERE: Node =
        Node { start: 0, end: 0, next: u32::MAX, kind: NodeKind::Broken, flags: 0, count: 0 };

    /// A text of which nothing was read.
    pub fn of(text: &'t str) -> Self {
        Self::of_nodes(text, Vec::new())
    }

    /// A text and its nodes.
    pub(super) fn of_nodes(text: &'t str, nodes: Vec<Node>) -> Self {
        Self {
            text,
            nodes,
            #[cfg(feature = "script")]
            script: None,
        }
    }

    /// The text that was scanned.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The top-level value; none for a text without any.
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// That node; a broken one at the start of the text for an id of another tape.
    #[inline]
    pub fn node(&self, id: NodeId) -> Node {
        usize::try_from(id.0).ok().and_then(|index| self.nodes.get(index)).copied().unwrap_or(Self::NOWHERE)
    }

    /// The last node that starts at this place or before it; the first one if there is none.
    pub fn last_before(&self, place: u32) -> NodeId {
        let behind = self.nodes.partition_point(|node| node.start <= place);
        NodeId(u32::try_from(behind.saturating_sub(1)).unwrap_or(0))
    }

    /// True for an object that the end of the text cuts short: what it lacks may have followed.
    pub fn is_cut_short(&self, id: NodeId) -> bool {
        let node = self.node(id);
        if self.is_script() {
            return node.has(Node::CUT);
        }
        let until = self.slice(node.start, node.end).trim_end();
        let behind = usize::try_from(node.end).ok().and_then(|end| self.text.get(end..)).unwrap_or("");
        node.kind == NodeKind::Object && !until.ends_with('}') && part::trim(behind).is_empty()
    }

    /// What that node is.
    #[inline]
    pub fn kind(&self, id: NodeId) -> NodeKind {
        self.node(id).kind
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True for a text without any value.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node's own text, quotes and brackets included.
    pub fn raw(&self, id: NodeId) -> &'t str {
        let node = self.node(id);
        self.slice(node.start, node.end)
    }

    /// The text between two places; empty where they are none.
    #[inline(never)]
    pub fn slice(&self, start: u32, end: u32) -> &'t str {
        self.slice_here(start, end)
    }

    /// As [`Self::slice`], for the one place that is in a hurry.
    #[inline]
    pub(super) fn slice_here(&self, start: u32, end: u32) -> &'t str {
        let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else { return "" };
        self.text.get(start..end).unwrap_or("")
    }

    /// The members of an object; none for any other node.
    pub fn members(&self, id: NodeId) -> Members<'_, 't> {
        let (at, end) = self.inside(id, NodeKind::Object);
        Members { tape: self, at, end }
    }

    /// The elements of an array; none for any other node.
    pub fn elements(&self, id: NodeId) -> Elements<'_, 't> {
        let (at, end) = self.inside(id, NodeKind::Array);
        Elements { tape: self, at, end, index: 0 }
    }

    fn inside(&self, id: NodeId, kind: NodeKind) -> (u32, u32) {
        let node = self.node(id);
        if node.kind == kind { (id.0.saturating_add(1), node.next) } else { (0, 0) }
    }
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name.
    pub key: NodeId,
    /// Its value.
    pub value: NodeId,
}

/// The members of an object, in the order of the text.
#[derive(Debug)]
pub struct Members<'a, 't> {
    tape: &'a Tape<'t>,
    at: u32,
    end: u32,
}

impl Iterator for Members<'_, '_> {
    type Item = Member;

    #[inline]
    fn next(&mut self) -> Option<Member> {
        if self.at >= self.end {
            return None;
        }
        let key = NodeId(self.at);
        // A name is one node, and its value follows it.
        let value = NodeId(self.at.saturating_add(1));
        self.at = self.tape.node(value).next;
        Some(Member { key, value })
    }
}

/// An element of an array.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    /// From 0.
    pub index: u32,
    /// Its value.
    pub value: NodeId,
}

/// The elements of an array, in order.
#[derive(Debug)]
pub struct Elements<'a, 't> {
    tape: &'a Tape<'t>,
    at: u32,
    end: u32,
    index: u32,
}

impl Iterator for Elements<'_, '_> {
    type Item = Element;

    #[inline]
    fn next(&mut self) -> Option<Element> {
        if self.at >= self.end {
            return None;
        }
        let element = Element { index: self.index, value: NodeId(self.at) };
        self.at = self.tape.node(element.value).next;
        self.index = self.index.saturating_add(1);
        Some(element)
    }
}
