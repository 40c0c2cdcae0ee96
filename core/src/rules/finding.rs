//! What a rule finds: the words, and places as nodes or bytes. Paths, lines and columns come later, for
//! all findings at once.

use alloc::borrow::Cow;
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

// Every rule calls these: what is made anew for each kind of text is next to nothing.
impl Finding {
    /// Says what to do.
    #[inline]
    pub fn help(&mut self, help: impl Into<Cow<'static, str>>) -> &mut Self {
        self.set_help(help.into())
    }

    /// Says how much it matters here, where that differs from the rule's own severity.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Points to another place.
    #[inline]
    pub fn related(&mut self, anchor: impl Into<Anchor>, message: impl Into<Cow<'static, str>>) -> &mut Self {
        self.add_related(anchor.into(), message.into())
    }

    /// Offers a change that certainly means what was meant.
    #[inline]
    pub fn safe_fix(
        &mut self,
        title: impl Into<Cow<'static, str>>,
        edits: impl Into<Vec<EditDraft>>,
    ) -> &mut Self {
        self.set_fix(title.into(), true, edits.into())
    }

    /// Offers a change that may not be what was meant.
    #[inline]
    pub fn unsafe_fix(
        &mut self,
        title: impl Into<Cow<'static, str>>,
        edits: impl Into<Vec<EditDraft>>,
    ) -> &mut Self {
        self.set_fix(title.into(), false, edits.into())
    }

    #[inline(never)]
    fn set_help(&mut self, help: Cow<'static, str>) -> &mut Self {
        self.help = help.into_owned();
        self
    }

    #[inline(never)]
    fn add_related(&mut self, anchor: Anchor, message: Cow<'static, str>) -> &mut Self {
        self.related.push((anchor, message.into_owned()));
        self
    }

    #[inline(never)]
    fn set_fix(&mut self, title: Cow<'static, str>, safe: bool, edits: Vec<EditDraft>) -> &mut Self {
        self.fix = Some(FixDraft { title: title.into_owned(), safe, edits });
        self
    }
}
