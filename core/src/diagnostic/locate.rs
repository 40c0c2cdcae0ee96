//! Findings → diagnostics: the paths and positions of everything that is reported, found in one walk over
//! the nodes and one sweep over the text, so that a valid document pays nothing for them.

use alloc::vec::Vec;

use super::lines::Positions;
use super::walk::{self, Target};
use super::{Diagnostic, Edit, Fix, Range, Related};
use crate::json::{NodeId, NodeKind, Tape};
use crate::order;
use crate::rules::{Anchor, Finding, FixDraft};

/// The diagnostics of these findings, in document order.
#[inline(never)]
pub fn locate(tape: &Tape, findings: Vec<Finding>) -> Vec<Diagnostic> {
    let mut targets: Vec<Target> = Vec::with_capacity(findings.len());
    let mut spans: Vec<(u32, u32)> = Vec::with_capacity(findings.len());
    let mut bytes = Vec::new();
    for finding in &findings {
        let related = finding.related.iter().map(|&(anchor, _)| anchor);
        for anchor in [finding.anchor].into_iter().chain(related) {
            targets.push(target(tape, anchor));
            spans.push(span(tape, anchor));
        }
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        bytes.extend(edits.flat_map(|edit| [edit.start, edit.end]));
    }
    #[cfg(feature = "script")]
    if tape.is_script() {
        let places: Vec<u32> = targets.iter().filter_map(|target| target.place).collect();
        let mut values = super::sent::values(tape, &places).into_iter();
        for target in &mut targets {
            if target.place.take().is_some() {
                target.node = values.next().unwrap_or_default();
            }
        }
    }
    bytes.extend(spans.iter().flat_map(|&(start, end)| [start, end]));
    let positions = Positions::find(tape.text(), bytes);
    let range = |(start, end)| Range { start: positions.at(start), end: positions.at(end) };
    let mut places = walk::paths(tape, &targets).into_iter().zip(spans.into_iter().map(range));
    let mut diagnostics: Vec<Diagnostic> = findings
        .into_iter()
        .map(|finding| {
            let (path, place) = places.next().unwrap_or_default();
            let related = finding.related.into_iter().map(|(_, message)| {
                let (path, range) = places.next().unwrap_or_default();
                Related { message, path, range }
            });
            let related = related.collect();
            Diagnostic {
                code: finding.code,
                severity: finding.severity,
                message: finding.message,
                help: finding.help,
                path,
                range: place,
                fix: finding.fix.map(|fix| fix_of(fix, range)),
                related,
            }
        })
        .collect();
    order::sort(&mut diagnostics, |diagnostic| {
        let (start, end) = (diagnostic.range.start.byte, diagnostic.range.end.byte);
        (u128::from(start) << 48) | (u128::from(end) << 16) | u128::from(diagnostic.code.number())
    });
    diagnostics
}

fn fix_of(draft: FixDraft, range: impl Fn((u32, u32)) -> Range) -> Fix {
    let edits = draft.edits.into_iter();
    let edits = edits.map(|edit| Edit { range: range((edit.start, edit.end)), new_text: edit.text });
    Fix { title: draft.title, safe: draft.safe, edits: edits.collect() }
}

/// The node whose path is that of the anchor.
fn target(tape: &Tape, anchor: Anchor) -> Target {
    match anchor {
        Anchor::Node(node) => Target { node, place: None },
        Anchor::Key(key) => Target { node: NodeId(key.0.saturating_add(1)), place: None },
        // A script's nodes stand in the order of what it sends: the one is found later.
        Anchor::Span(start, _) if tape.is_script() => Target { node: NodeId(0), place: Some(start) },
        Anchor::Span(start, _) => Target { node: tape.last_before(start), place: Some(start) },
    }
}

/// The text to underline, start and end.
fn span(tape: &Tape, anchor: Anchor) -> (u32, u32) {
    let id = match anchor {
        Anchor::Span(start, end) => return (start, end),
        Anchor::Node(id) | Anchor::Key(id) => id,
    };
    let node = tape.node(id);
    // A container is shown by its bracket, if it has one: nobody wants forty underlined lines.
    let bracket = node.start.saturating_add(1);
    let end = match node.kind {
        #[cfg(feature = "script")]
        NodeKind::Object | NodeKind::Array if tape.is_script() => node.start.saturating_add(tape.opening(id)),
        NodeKind::Object | NodeKind::Array => match tape.slice(node.start, bracket) {
            "{" | "[" => bracket,
            _ => node.start,
        },
        _ => node.end,
    };
    (node.start, end)
}
