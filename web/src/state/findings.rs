//! A document as it came, and what the core says about it.
use std::borrow::Cow;
use std::sync::Arc;

use jitgate_core::diagnostic::Report;
use jitgate_core::json::Source as Decoded;
use jitgate_core::{CheckOptions, Diagnostic, Kind, Severity, check, wire};
use jitgate_logic::{LineEnds, with_line_feeds};

/// A document: the bytes that are judged, and the same as text.
#[derive(Clone)]
pub struct Source {
    /// What is judged. A file's own bytes, until the user changes the text.
    pub bytes: Arc<[u8]>,
    /// The bytes decoded: places and fixes are counted in this.
    pub text: Arc<str>,
    /// The same as a text area holds it: every line ends with `\n`.
    pub shown: Arc<str>,
    /// It came as a file: an empty file is worth a word, an empty editor is not.
    file: bool,
}

impl Source {
    /// What a text area holds, of a document whose lines end like this.
    pub fn typed(shown: String, ends: LineEnds) -> Self {
        let shown: Arc<str> = shown.into();
        let text = match ends.write(&shown) {
            Cow::Borrowed(_) => Arc::clone(&shown),
            Cow::Owned(text) => text.into(),
        };
        Self { bytes: Arc::clone(&text).into(), text, shown, file: false }
    }

    /// What a file or a link holds.
    pub fn read(bytes: Vec<u8>, file: bool) -> Self {
        let text: Arc<str> = Decoded::decode(&bytes).text.into();
        let shown = match with_line_feeds(&text) {
            Cow::Borrowed(_) => Arc::clone(&text),
            Cow::Owned(shown) => shown.into(),
        };
        Self { bytes: bytes.into(), text, shown, file }
    }

    /// True when there is nothing to judge.
    pub fn is_blank(&self) -> bool {
        !self.file && self.text.trim().is_empty()
    }
}

/// Two sources are the same when they share their memory: comparing megabytes at each key press would be felt.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.bytes, &other.bytes)
    }
}

/// What the core says about a source.
#[derive(Clone, PartialEq)]
pub struct Findings {
    pub source: Source,
    pub kind: Kind,
    pub diagnostics: Arc<[Diagnostic]>,
}

impl Findings {
    /// Judges a source. A blank one is not judged: nobody needs to hear that nothing is no policy.
    pub fn of(source: Source, options: &CheckOptions) -> Self {
        if source.is_blank() {
            return Self { source, kind: Kind::Unknown, diagnostics: Arc::default() };
        }
        let report = check(&source.bytes, options);
        let (kind, diagnostics) = (report.kind, report.diagnostics.into());
        Self { source, kind, diagnostics }
    }

    /// The report as every surface of jitgate gives it.
    pub fn json(&self) -> String {
        let text = Cow::Borrowed(&*self.source.text);
        wire::report(&Report { text, kind: self.kind, diagnostics: self.diagnostics.to_vec() })
    }

    /// How many of them have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}
