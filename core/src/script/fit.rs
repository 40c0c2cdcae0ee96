//! Makes findings fit for a script: their changes are JSON's, and are kept where they are the script's as well.

use alloc::string::String;
use alloc::vec::Vec;

use crate::format::format;
use crate::json::{Node, NodeId, NodeKind, Tape};
use crate::order;
use crate::rules::{EditDraft, Finding};

/// Words for JSON's brackets in what to do, and PowerShell's.
const BRACKETS: [(&str, &str); 2] = [("`[ ]`", "`@( )`"), ("`{ }`", "`@{ }`")];

/// Keeps of each finding's change what certainly means the same in the script, and takes away what does not.
pub(crate) fn fit(tape: &Tape, findings: &mut [Finding]) {
    let mut nodes = Vec::new();
    for finding in findings.iter_mut() {
        for (json, script) in BRACKETS {
            if finding.help.contains(json) {
                finding.help = finding.help.replace(json, script);
            }
        }
        let Some(fix) = &mut finding.fix else { continue };
        if nodes.is_empty() {
            nodes = leaves(tape);
        }
        let edits: Option<Vec<EditDraft>> =
            fix.edits.iter().map(|edit| edit_of(tape, &nodes, edit)).collect();
        match edits {
            Some(edits) => fix.edits = edits,
            None => finding.fix = None,
        }
    }
}

/// The strings and numbers that are written in the script as they are, by their places.
fn leaves(tape: &Tape) -> Vec<Node> {
    let all = (0..u32::try_from(tape.len()).unwrap_or(0)).map(|id| tape.node(NodeId(id)));
    let mut leaves: Vec<Node> = all
        .filter(|node| {
            matches!(node.kind, NodeKind::String | NodeKind::Number) && node.flags & !Node::BARE == 0
        })
        .collect();
    order::sort(&mut leaves, |node| node.start.into());
    leaves
}

/// The same change in the script's own notation: of a whole string or number into another.
fn edit_of(tape: &Tape, nodes: &[Node], edit: &EditDraft) -> Option<EditDraft> {
    let first = nodes.partition_point(|node| node.start < edit.start);
    let node = nodes.get(first).filter(|node| node.start == edit.start && node.end == edit.end)?;
    let raw = tape.slice(node.start, node.end);
    let text = match edit.text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(text) => string(raw, text)?,
        // A number in the place of a string is one in both notations.
        None if !edit.text.is_empty() && edit.text.bytes().all(|byte| byte.is_ascii_digit()) => {
            edit.text.clone()
        }
        None => return None,
    };
    Some(EditDraft { start: edit.start, end: edit.end, text })
}

/// A string in the quotes that stand there now; only of what means itself in all of them.
fn string(raw: &str, text: &str) -> Option<String> {
    let plain = |char: char| {
        char.is_ascii_alphanumeric()
            || matches!(char, ' ' | '*' | '.' | ',' | ':' | '/' | '-' | '_' | '+' | '(' | ')')
    };
    if !text.chars().all(plain) {
        return None;
    }
    match raw.chars().next()? {
        '"' => Some(format!("\"{text}\"")),
        '\'' => Some(format!("'{text}'")),
        _ if text.bytes().all(|byte| byte.is_ascii_alphabetic()) => Some(text.into()),
        char if char.is_ascii() => Some(format!("'{text}'")),
        _ => None,
    }
}
