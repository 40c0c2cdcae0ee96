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

/// What of an [`Anchor`] is not a number: calls that take numbers alone are the shortest, and there are hundreds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Node,
    Key,
    Span,
}

impl Anchor {
    #[inline]
    pub(super) fn packed(self) -> (Place, u32, u32) {
        match self {
            Self::Node(node) => (Place::Node, node.0, 0),
            Self::Key(node) => (Place::Key, node.0, 0),
            Self::Span(start, end) => (Place::Span, start, end),
        }
    }

    pub(super) fn unpacked(place: Place, start: u32, end: u32) -> Self {
        match place {
            Place::Node => Self::Node(NodeId(start)),
            Place::Key => Self::Key(NodeId(start)),
            Place::Span => Self::Span(start, end),
        }
    }
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

/// A text as rules give it: one that is always the same, or one that was made.
pub trait Words: Sized {
    /// Hands it to one of two functions, with what it is for.
    fn give<S, R>(
        self,
        to: S,
        fixed: impl FnOnce(S, &'static str) -> R,
        made: impl FnOnce(S, String) -> R,
    ) -> R;
}

impl Words for &'static str {
    #[inline]
    fn give<S, R>(
        self,
        to: S,
        fixed: impl FnOnce(S, &'static str) -> R,
        _: impl FnOnce(S, String) -> R,
    ) -> R {
        fixed(to, self)
    }
}

impl Words for String {
    #[inline]
    fn give<S, R>(self, to: S, _: impl FnOnce(S, &'static str) -> R, made: impl FnOnce(S, String) -> R) -> R {
        made(to, self)
    }
}

impl Words for Cow<'static, str> {
    #[inline]
    fn give<S, R>(self, to: S, _: impl FnOnce(S, &'static str) -> R, made: impl FnOnce(S, String) -> R) -> R {
        made(to, self.into_owned())
    }
}

// Every rule calls these: what is made anew for each kind of text is next to nothing.
impl Finding {
    /// Says what to do.
    #[inline]
    pub fn help(&mut self, help: impl Words) -> &mut Self {
        help.give(self, Self::set_fixed_help, Self::set_help)
    }

    /// Says how much it matters here, where that differs from the rule's own severity.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Points to another place.
    #[inline]
    pub fn related(&mut self, anchor: impl Into<Anchor>, message: impl Words) -> &mut Self {
        let (place, start, end) = anchor.into().packed();
        message.give(
            self,
            |finding, message| finding.add_fixed_related(place, start, end, message),
            |finding, message| finding.add_related(place, start, end, message),
        )
    }

    /// Offers a change that certainly means what was meant.
    #[inline]
    pub fn safe_fix(&mut self, title: impl Words, edits: impl Into<Vec<EditDraft>>) -> &mut Self {
        title.give(
            (self, edits.into()),
            |(finding, edits), title| finding.set_fixed_fix(title, true, edits),
            |(finding, edits), title| finding.set_fix(title, true, edits),
        )
    }

    /// Offers a change that may not be what was meant.
    #[inline]
    pub fn unsafe_fix(&mut self, title: impl Words, edits: impl Into<Vec<EditDraft>>) -> &mut Self {
        title.give(
            (self, edits.into()),
            |(finding, edits), title| finding.set_fixed_fix(title, false, edits),
            |(finding, edits), title| finding.set_fix(title, false, edits),
        )
    }

    #[inline(never)]
    fn set_fixed_help(&mut self, help: &str) -> &mut Self {
        self.help = help.into();
        self
    }

    #[inline(never)]
    fn set_help(&mut self, help: String) -> &mut Self {
        self.help = help;
        self
    }

    #[inline(never)]
    fn add_fixed_related(&mut self, place: Place, start: u32, end: u32, message: &str) -> &mut Self {
        self.add_related(place, start, end, message.into())
    }

    #[inline(never)]
    fn add_related(&mut self, place: Place, start: u32, end: u32, message: String) -> &mut Self {
        self.related.push((Anchor::unpacked(place, start, end), message));
        self
    }

    #[inline(never)]
    fn set_fixed_fix(&mut self, title: &str, safe: bool, edits: Vec<EditDraft>) -> &mut Self {
        self.set_fix(title.into(), safe, edits)
    }

    #[inline(never)]
    fn set_fix(&mut self, title: String, safe: bool, edits: Vec<EditDraft>) -> &mut Self {
        self.fix = Some(FixDraft { title, safe, edits });
        self
    }
}
