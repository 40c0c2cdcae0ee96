//! What a tape holds of a script beside its nodes: values that are not written so, and which nodes are documents. Without
//! the feature `script` there are none, and none of this is compiled.

#[cfg(feature = "script")]
use alloc::boxed::Box;
#[cfg(feature = "script")]
use alloc::string::String;
#[cfg(feature = "script")]
use alloc::vec::Vec;

#[cfg(feature = "script")]
use super::Node;
use super::{NodeId, Tape};
#[cfg(feature = "script")]
use crate::model::Kind;
#[cfg(feature = "script")]
use crate::part;

/// What only a script's tape has.
#[cfg(feature = "script")]
#[derive(Debug)]
pub(super) struct ScriptParts {
    /// By their nodes, in order.
    made: Vec<(u32, String)>,
    /// The documents, with their kinds where those are sure, and whether later calls undo them.
    parts: Vec<(NodeId, Option<Kind>, bool)>,
}

#[cfg(feature = "script")]
impl<'t> Tape<'t> {
    /// The nodes of a script, in the order of its documents.
    pub(crate) fn of_script(
        text: &'t str,
        nodes: Vec<Node>,
        made: Vec<(u32, String)>,
        parts: Vec<(NodeId, Option<Kind>, bool)>,
    ) -> Self {
        Self { text, nodes, script: Some(Box::new(ScriptParts { made, parts })) }
    }

    /// True for a script.
    pub const fn is_script(&self) -> bool {
        self.script.is_some()
    }

    /// What that node is worth, where it is not written so.
    pub(super) fn made(&self, id: NodeId) -> Option<&str> {
        let made = &self.script.as_ref()?.made;
        let found = made.binary_search_by_key(&id.0, |(id, _)| *id).ok()?;
        made.get(found).map(|(_, text)| text.as_str())
    }

    /// A script's documents, with their kinds where those are sure, and whether later calls undo them; none for anything
    /// else.
    pub(crate) fn parts(&self) -> &[(NodeId, Option<Kind>, bool)] {
        self.script.as_ref().map_or(&[], |script| &script.parts)
    }

    /// How much of a script's container is its opening: `@{`, or the name of a command.
    pub(crate) fn opening(&self, id: NodeId) -> u32 {
        let node = self.node(id);
        let text = self.slice(node.start, node.end);
        let bracket =
            text.bytes().take_while(|byte| matches!(byte, b'@' | b'{' | b'(' | b'[')).take(2).count();
        let len = if bracket > 0 && !text.starts_with(['{', '[', '(']) {
            bracket
        } else if bracket > 0 {
            1
        } else {
            let word = text.split([' ', '\t', '\n', '\r', '`', ';', '"', '\'']).next().unwrap_or("");
            if part::has(word, '-') || word.eq_ignore_ascii_case("foreach") { word.len() } else { 0 }
        };
        u32::try_from(len).unwrap_or(0)
    }
}

#[cfg(not(feature = "script"))]
impl Tape<'_> {
    /// True for a script.
    #[inline]
    pub const fn is_script(&self) -> bool {
        false
    }

    #[expect(clippy::unused_self, reason = "with the feature it is looked at")]
    #[inline]
    pub(super) const fn made(&self, _: NodeId) -> Option<&str> {
        None
    }
}
