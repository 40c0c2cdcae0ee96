//! What is said about a document: [`Report`], [`Diagnostic`], their places and fixes.

pub mod fix;
pub mod lines;
pub mod locate;
mod path;
pub mod render;
#[cfg(feature = "script")]
mod sent;
mod walk;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

pub use path::{Path, Step};

use crate::model::Kind;
use crate::rules::Code;

/// How much a diagnostic matters. The order is that of gravity: `Info` is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Accepted by the service, and surely not meant.
    Warning,
    /// Accepted by the service, but opens more than it should.
    Security,
    /// The service would refuse the document, or cannot be relied on to take it.
    Error,
}

impl Severity {
    /// All of them, the gravest first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Security, Self::Warning, Self::Info];

    /// The word on the wire: `error`, `security`, `warning` or `info`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Security => "security",
            Self::Error => "error",
        }
    }
}

/// Everything there is to say about one document.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The text that was judged: the input decoded, which is the input itself for UTF-8.
    /// All places are places in this text.
    pub text: Cow<'a, str>,
    /// What the document was read as.
    pub kind: Kind,
    /// In document order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report<'_> {
    /// The gravest severity found.
    pub fn worst(&self) -> Option<Severity> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.severity).max()
    }
}

/// One thing to say about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule speaks.
    pub code: Code,
    /// How much it matters here.
    pub severity: Severity,
    /// What is wrong and why it matters; lower-case start, no full stop.
    pub message: String,
    /// What to do about it; may be empty where the message says it all.
    pub help: String,
    /// Where, in the document.
    pub path: Path,
    /// Where, in the text.
    pub range: Range,
    /// A change of the text that mends it, where one is known.
    pub fix: Option<Fix>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
}

/// From `start` up to, but not including, `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first character.
    pub start: Position,
    /// The place just behind the last character.
    pub end: Position,
}

/// A place in a text, counted as editors and JavaScript do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1; lines end with `\n`, `\r\n` or `\r`.
    pub line: u32,
    /// From 1, in UTF-16 code units.
    pub column: u32,
    /// From 0 at the start of the text, in UTF-16 code units: JavaScript's string index.
    pub offset: u32,
    /// From 0 at the start of the text, in UTF-8 bytes: Rust's string index. Not on the wire.
    pub byte: u32,
}

/// A change of the text. Its edits do not overlap and stand in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as a button would say it: ``write `TCP` ``.
    pub title: String,
    /// True when it certainly means what was meant; `--fix` applies only those.
    pub safe: bool,
    /// What to put where.
    pub edits: Vec<Edit>,
}

/// Replaces the text of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes; empty where something is only put in.
    pub range: Range,
    /// What comes.
    pub new_text: String,
}

/// Another place that belongs to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What it has to do with it.
    pub message: String,
    /// Where it is in the document.
    pub path: Path,
    /// Where it is in the text.
    pub range: Range,
}
