//! Is a slip's fix surely what was meant? Only where what stands on both sides of it is in order. A word, a quote or a
//! sign that does not belong there is read as slips, too: what mends those would be a guess, and might make of it a
//! document that says something else.

use crate::json::{Node, NodeId, NodeKind, Slip, SlipKind, Tape};
use crate::part;

/// So many comments in a row are passed over, and none that is longer: nothing is looked through again and again.
const MOST_COMMENTS: usize = 4;
const LONGEST_COMMENT: usize = 128;

/// True where the fix of a slip, whose kind has one that may be safe, leaves no doubt.
pub(super) fn is_sure(tape: &Tape, slip: &Slip) -> bool {
    match slip.kind {
        SlipKind::MissingComma => is_sure_comma(tape, slip),
        SlipKind::MissingColon => is_sure_colon(tape, slip),
        SlipKind::Comment => is_sure_comment(tape, slip),
        SlipKind::MissingQuotes => {
            let id = tape.last_before(slip.start);
            // A name that has no value is no name.
            is_bounded(tape, slip) && tape.kind(behind(id)) != NodeKind::Broken
        }
        _ => is_bounded(tape, slip),
    }
}

/// True for a whole name or value between signs: nothing else touches it.
fn is_bounded(tape: &Tape, slip: &Slip) -> bool {
    let before = sign_before(tape, slip.start);
    match sign_behind(tape, slip.end) {
        Some(':' | '=') => {
            let name = tape.slice(slip.start, slip.end).trim_end_matches('"');
            matches!(before, Some('{' | ',')) && (slip.kind != SlipKind::MissingQuotes || is_name(name))
        }
        Some(',' | '}' | ']') => matches!(before, Some(':' | '[' | ',' | '=')),
        _ => false,
    }
}

/// Between two members, or two elements of one kind.
fn is_sure_comma(tape: &Tape, slip: &Slip) -> bool {
    let end = end_before(tape, slip.start);
    let last = tape.last_before(end.saturating_sub(1));
    let next = behind(last);
    let (before, node) = (tape.node(last), tape.node(next));
    let between = tape.slice(slip.end, node.start);
    let bracket = tape.slice(end.saturating_sub(1), end);
    let whole = before.end == end && is_whole(tape, before);
    if !(whole || matches!(bracket, "}" | "]")) || node.start < slip.end || !between.trim().is_empty() {
        return false;
    }
    if slip.end > slip.start {
        // One is written, though not JSON's.
        return true;
    }
    match sign_behind(tape, node.end) {
        Some(':') => {
            let name = is_whole(tape, node) || (is_name(tape.raw(next)) && between.contains('\n'));
            name && node.kind == NodeKind::String && is_whole(tape, tape.node(behind(next)))
        }
        Some(',' | ']' | '"' | '{') => match node.kind {
            NodeKind::String => {
                let element = before.kind == NodeKind::String && sign_before(tape, before.start) != Some(':');
                whole && element && is_whole(tape, node)
            }
            NodeKind::Object => bracket == "}",
            _ => false,
        },
        _ => false,
    }
}

/// Between a name and its value.
fn is_sure_colon(tape: &Tape, slip: &Slip) -> bool {
    let end = end_before(tape, slip.start);
    let id = tape.last_before(end.saturating_sub(1));
    let (name, value) = (tape.node(id), tape.node(behind(id)));
    let named = name.end == end
        && !name.has(Node::OPEN)
        && tape.string(id).is_some_and(|name| is_name(&name))
        && matches!(sign_before(tape, name.start), Some('{' | ','));
    let follows = value.start >= slip.end && tape.slice(slip.end, value.start).trim().is_empty();
    // `=` says that it is one.
    let written = slip.end > slip.start && value.kind != NodeKind::Broken;
    let member = || {
        is_whole(tape, name)
            && is_whole(tape, value)
            && matches!(sign_behind(tape, value.end), Some(',' | '}'))
    };
    named && follows && (written || member())
}

/// Not in the middle of a text whose quotes are missing.
fn is_sure_comment(tape: &Tape, slip: &Slip) -> bool {
    let before = tape.slice(0, slip.start);
    let line = before.trim_end_matches([' ', '\t']);
    let first = line.is_empty() || line.ends_with(['\n', '\r', '\u{feff}']);
    first || (is_whole(tape, tape.node(tape.last_before(slip.start))) && !before.ends_with(':'))
}

/// A value or a name that is written as it should be, or in other quotes.
fn is_whole(tape: &Tape, node: Node) -> bool {
    let opens = |bracket| tape.slice(node.start, node.end).starts_with(bracket);
    match node.kind {
        NodeKind::Broken => false,
        NodeKind::Object => opens('{'),
        NodeKind::Array => opens('['),
        _ => !node.has(Node::OPEN) && !node.has(Node::BARE),
    }
}

/// What names are made of.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
}

fn behind(id: NodeId) -> NodeId {
    NodeId(id.0.saturating_add(1))
}

/// Where the text before a place ends.
fn end_before(tape: &Tape, at: u32) -> u32 {
    u32::try_from(tape.slice(0, at).trim_end().len()).unwrap_or(0)
}

/// The sign before a place, and before the comments there.
fn sign_before(tape: &Tape, at: u32) -> Option<char> {
    let mut text = tape.slice(0, at).trim_end();
    for _ in 0..MOST_COMMENTS {
        if text.ends_with(['{', '[', ',', ':']) {
            break;
        }
        let near = text.floor_char_boundary(text.len().saturating_sub(LONGEST_COMMENT));
        let line = text.get(near..)?;
        let start = if line.ends_with("*/") {
            part::rfind(line, "/*")
        } else {
            let start = line.rfind(['\n', '\r']).map_or(0, |end| end.saturating_add(1));
            let line = line.get(start..)?.trim_start();
            Some(start).filter(|_| line.starts_with("//") || line.starts_with('#'))
        };
        let Some(start) = start else { break };
        text = text.get(..near.saturating_add(start))?.trim_end();
    }
    text.chars().next_back()
}

fn sign_behind(tape: &Tape, at: u32) -> Option<char> {
    let at = usize::try_from(at).ok()?;
    tape.text().get(at..)?.trim_start().chars().next()
}
