//! What a rule is given beside the part it looks at: the text, the options, and where to put what it finds.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::finding::Place;
use super::{Anchor, Code, Finding, Rule, Words, words};
use crate::CheckOptions;
use crate::json::{NodeId, Tape};
use crate::model::Timestamp;

/// A report holds no more findings than this; past it, one last finding says that there are more.
pub const MOST_FINDINGS: usize = 10_000;

/// The surroundings of a rule at work.
#[derive(Debug)]
pub struct Context<'a, 't> {
    tape: &'a Tape<'t>,
    options: CheckOptions,
    findings: Vec<Finding>,
    last: Option<Finding>,
    /// Something was found past the limit.
    full: bool,
    /// What a part of the text says is a guess.
    guessed: bool,
    /// Nothing that is known was found in the text.
    unknown: bool,
}

impl<'a, 't> Context<'a, 't> {
    /// For a document.
    pub fn new(tape: &'a Tape<'t>, options: CheckOptions) -> Self {
        Self { tape, options, findings: Vec::new(), last: None, full: false, guessed: false, unknown: false }
    }

    /// What a part of the text says is a guess: no other fix is safe, since it may be about that.
    pub(super) fn guess(&mut self) {
        self.guessed = true;
    }

    /// It is not known what the text is, or what belongs to what: no fix is safe.
    pub(super) fn doubt(&mut self) {
        self.unknown = true;
    }

    /// The document's nodes.
    #[inline]
    pub fn tape(&self) -> &'a Tape<'t> {
        self.tape
    }

    /// A string's value; empty for any other node.
    pub fn text(&self, node: NodeId) -> Cow<'t, str> {
        self.tape.string(node).unwrap_or_default()
    }

    /// A string's value as messages show it.
    #[cold]
    #[inline(never)]
    pub fn quoted(&self, node: NodeId) -> String {
        words::quoted(&self.text(node))
    }

    /// The present, where the caller told it.
    pub fn now(&self) -> Option<Timestamp> {
        self.options.now
    }

    /// Reports something that rule `R` found; what is returned takes help, fixes and related places.
    #[cold]
    #[inline]
    pub fn find<R: Rule>(&mut self, anchor: impl Into<Anchor>, message: impl Words) -> &mut Finding {
        let (place, start, end) = anchor.into().packed();
        message.give(
            self,
            |cx, message| cx.push_fixed(R::CODE, place, start, end, message),
            |cx, message| cx.push(R::CODE, place, start, end, message),
        )
    }

    #[cold]
    #[inline(never)]
    fn push_fixed(&mut self, code: Code, place: Place, start: u32, end: u32, message: &str) -> &mut Finding {
        self.push(code, place, start, end, message.into())
    }

    #[cold]
    #[inline(never)]
    fn push(&mut self, code: Code, place: Place, start: u32, end: u32, message: String) -> &mut Finding {
        let finding = Finding {
            code,
            severity: code.meta().severity,
            anchor: Anchor::unpacked(place, start, end),
            message,
            help: String::new(),
            fix: None,
            related: Vec::new(),
        };
        // The last finding is kept apart, where it can be pointed to without an index.
        if let Some(earlier) = self.last.take() {
            if self.findings.len() < MOST_FINDINGS {
                self.findings.push(earlier);
            } else {
                self.full = true;
            }
        }
        self.last.insert(finding)
    }

    /// True when something was found that is not kept: there is no sense in looking on.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// What was found so far.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().chain(&self.last)
    }

    /// All that was found.
    pub fn into_findings(mut self) -> Vec<Finding> {
        self.findings.extend(self.last);
        if self.guessed || self.unknown {
            // What rests on a guess is one.
            let all = self.unknown;
            let others = self.findings.iter_mut().filter(|finding| all || finding.code != Code::InvalidJson);
            others.filter_map(|finding| finding.fix.as_mut()).for_each(|fix| fix.safe = false);
        }
        #[cfg(feature = "script")]
        if self.tape.is_script() {
            crate::script::fit(self.tape, &mut self.findings);
        }
        self.findings
    }
}
