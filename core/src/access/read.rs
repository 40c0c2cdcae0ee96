//! Role definitions as JSON: the form that `az role definition create` and PowerShell take, that of Resource Manager
//! (`properties.permissions`), and what `az role definition list` prints; one of them, or an array.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

use super::problem::Problem;
use super::read_role;
use super::role::RoleDraft;
use crate::diagnostic::Severity;
use crate::diagnostic::lines::Positions;
use crate::json::{Encoding, NodeId, NodeKind, Source, Tape, scan};
use crate::order;
use crate::rules::slip_message;

/// Nobody reads more.
const MAX_PROBLEMS: usize = 100;

/// What was understood of a document.
#[derive(Debug, Default)]
pub struct Reading {
    /// The roles, in order; those with an error are left out.
    pub roles: Vec<RoleDraft>,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

impl Reading {
    /// True when every role of the document may be taken as it was meant.
    pub fn is_sound(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity != Severity::Error)
    }
}

/// Reads the role definitions of a document.
pub fn read_roles(bytes: &[u8]) -> Reading {
    let source = Source::decode(bytes);
    let (tape, slips) = scan(&source.text);
    let mut reader = Reader { tape: &tape, problems: Vec::new() };
    match source.encoding {
        Encoding::Utf8 | Encoding::Utf16 | Encoding::Utf32 => {}
        Encoding::Invalid { at } => {
            reader.error_at(at, "", "the text is not UTF-8", "save the file as UTF-8");
        }
        Encoding::TooLarge => reader.error_at(0, "", "the document is too large to be read", ""),
    }
    for slip in &slips {
        let (message, help) = slip_message(slip.kind);
        reader.error_at(slip.start, "", message, help);
    }
    let readable = reader.problems.is_empty();
    let mut roles = Vec::new();
    match tape.root() {
        None if readable => reader.error_at(0, "", "there is no role definition here", ""),
        None => {}
        Some(root) if tape.kind(root) == NodeKind::Array => {
            for element in tape.elements(root) {
                roles.extend(read_role::role(&mut reader, element.value, &format!("/{}", element.index)));
            }
            if tape.elements(root).next().is_none() {
                reader.error(root, "", "there is no role definition in this list", "");
            }
        }
        Some(root) => roles.extend(read_role::role(&mut reader, root, "")),
    }
    if !readable {
        // What a mended text says may not be what was meant.
        roles.clear();
    }
    Reading { roles, problems: reader.located() }
}

/// Reads one document, and collects what is wrong with it.
pub(super) struct Reader<'a, 't> {
    pub(super) tape: &'a Tape<'t>,
    /// Each with its place in the text, as a byte offset.
    problems: Vec<(u32, Problem)>,
}

impl Reader<'_, '_> {
    /// How many errors there are up to here.
    pub(super) fn errors(&self) -> usize {
        self.problems.iter().filter(|(_, problem)| problem.severity == Severity::Error).count()
    }

    pub(super) fn error(&mut self, node: NodeId, pointer: &str, message: impl Into<String>, help: &str) {
        self.find(self.tape.node(node).start, pointer, Severity::Error, message.into(), help);
    }

    pub(super) fn warning(&mut self, node: NodeId, pointer: &str, message: impl Into<String>, help: &str) {
        self.find(self.tape.node(node).start, pointer, Severity::Warning, message.into(), help);
    }

    fn error_at(&mut self, at: u32, pointer: &str, message: impl Into<String>, help: &str) {
        self.find(at, pointer, Severity::Error, message.into(), help);
    }

    fn find(&mut self, at: u32, pointer: &str, severity: Severity, message: String, help: &str) {
        // The last one found must not be lost if it is the first error.
        if self.problems.len() < MAX_PROBLEMS || (severity == Severity::Error && self.errors() == 0) {
            let (pointer, help) = (pointer.to_string(), help.to_string());
            let problem = Problem {
                severity,
                message,
                help,
                pointer,
                position: crate::diagnostic::Position::default(),
            };
            self.problems.push((at, problem));
        }
    }

    /// A string; anything else is an error.
    pub(super) fn string(&mut self, node: NodeId, pointer: &str, what: &str) -> Option<String> {
        let text = self.tape.string(node);
        if text.is_none() {
            self.error(node, pointer, format!("{what} must be a string"), "");
        }
        text.map(alloc::borrow::Cow::into_owned)
    }

    /// The elements of an array of strings with their pointers; anything else is an error.
    pub(super) fn strings(
        &mut self,
        node: NodeId,
        pointer: &str,
        what: &str,
    ) -> Vec<(NodeId, String, String)> {
        if self.tape.kind(node) != NodeKind::Array {
            self.error(node, pointer, format!("{what} must be a list of strings"), "write it in `[` and `]`");
            return vec![];
        }
        let mut texts = Vec::new();
        for element in self.tape.elements(node) {
            let pointer = format!("{pointer}/{}", element.index);
            if let Some(text) = self.string(element.value, &pointer, "each entry") {
                texts.push((element.value, pointer, text));
            }
        }
        texts
    }

    fn located(self) -> Vec<Problem> {
        let mut problems = self.problems;
        order::sort(&mut problems, |(at, _)| (*at).into());
        let positions = Positions::find(self.tape.text(), problems.iter().map(|(at, _)| *at).collect());
        let locate = |(at, problem): (u32, Problem)| Problem { position: positions.at(at), ..problem };
        problems.into_iter().map(locate).collect()
    }
}
