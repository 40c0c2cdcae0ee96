//! What a rule finds: the words, and places as nodes or bytes. Paths, lines and columns come later, for
//! all findings at once.

use alloc::string::String;
use alloc::vec::Vec;

use super::Code;
use crate::diagnostic::Severity;
use crate::json::NodeId;

/// The place of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// A value; of an object or an array, its opening bracket is shown.
    Node(NodeId),
    /// The name of a member; its path is the member's.
    Key(NodeId),
    /// Bytes of the text, start and end.
    Span(u32, u32),
}

impl From<NodeId> for Anchor {
    fn from(node: NodeId) -> Self {
        Self::Node(node)
    }
}

/// Something found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Who found it.
    pub code: Code,
    /// How much it matters here.
    pub severity: Severity,
    /// Where.
    pub anchor: Anchor,
    /// What is wrong and why it matters.
    pub message: String,
    /// What to do.
    pub help: String,
    /// A change that mends it.
    pub fix: Option<FixDraft>,
    /// Other places that belong to it.
    pub related: Vec<(Anchor, String)>,
}

/// A fix, its places in bytes.
#[derive(Clone, Debug)]
pub struct FixDraft {
    /// As a button would say it.
    pub title: String,
    /// Certainly what was meant.
    pub safe: bool,
    /// What goes where, in the order of the text, without overlaps.
    pub edits: Vec<EditDraft>,
}

/// Puts `text` in the place of the bytes from `start` to `end`.
#[derive(Clone, Debug)]
pub struct EditDraft {
    /// First byte that goes.
    pub start: u32,
    /// Just behind the last.
    pub end: u32,
    /// What comes.
    pub text: String,
}

impl Finding {
    /// Says what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = help.into();
        self
    }

    /// Says how much it matters here, where that differs from the rule's own severity.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Points to another place.
    pub fn related(&mut self, anchor: impl Into<Anchor>, message: impl Into<String>) -> &mut Self {
        self.related.push((anchor.into(), message.into()));
        self
    }

    /// Offers a change that certainly means what was meant.
    pub fn safe_fix(&mut self, title: impl Into<String>, edits: impl Into<Vec<EditDraft>>) -> &mut Self {
        self.fix = Some(FixDraft { title: title.into(), safe: true, edits: edits.into() });
        self
    }

    /// Offers a change that may not be what was meant.
    pub fn unsafe_fix(&mut self, title: impl Into<String>, edits: impl Into<Vec<EditDraft>>) -> &mut Self {
        self.fix = Some(FixDraft { title: title.into(), safe: false, edits: edits.into() });
        self
    }
}
