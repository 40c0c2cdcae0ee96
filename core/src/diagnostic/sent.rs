//! Which value a place in a script belongs to. A script's values stand in the order of what it sends, and one may be sent
//! several times: a place belongs to the innermost value around it, where that is sent first.

use alloc::vec::Vec;

use crate::json::{NodeId, Tape};
use crate::order;

/// A value and where it is written, with its name if that stands in front of it.
struct Written {
    start: u32,
    end: u32,
    value: NodeId,
}

/// The values that these places belong to, in the order of the places; the whole document for one outside of all.
pub(super) fn values(tape: &Tape, places: &[u32]) -> Vec<NodeId> {
    let mut found = alloc::vec![NodeId(0); places.len()];
    if places.is_empty() {
        return found;
    }
    let mut written = written(tape).into_iter().peekable();
    let mut order: Vec<usize> = (0..places.len()).collect();
    order::sort(&mut order, |&index| places.get(index).copied().unwrap_or_default().into());
    // What is open where the walk stands, the outer before the inner.
    let mut open: Vec<Written> = Vec::new();
    for index in order {
        let Some(&place) = places.get(index) else { continue };
        while let Some(next) = written.next_if(|next| next.start <= place) {
            close(&mut open, next.start);
            let again = open.last().is_some_and(|last| {
                (last.start, last.end) == (next.start, next.end) && next.value.0 >= tape.node(last.value).next
            });
            if !again {
                open.push(next);
            }
        }
        close(&mut open, place);
        if let (Some(slot), Some(last)) = (found.get_mut(index), open.last()) {
            *slot = last.value;
        }
    }
    found
}

/// Takes off what ends before that place.
fn close(open: &mut Vec<Written>, place: u32) {
    while open.last().is_some_and(|last| last.end <= place) {
        open.pop();
    }
}

/// Every value, in the order of the text, the outer before the inner.
fn written(tape: &Tape) -> Vec<Written> {
    let mut written = Vec::with_capacity(tape.len());
    let mut add = |start: u32, end: u32, value: NodeId| {
        if end > start {
            written.push(Written { start, end, value });
        }
    };
    if let Some(root) = tape.root() {
        add(tape.node(root).start, tape.node(root).end, root);
    }
    for id in (0..u32::try_from(tape.len()).unwrap_or(0)).map(NodeId) {
        for element in tape.elements(id) {
            let node = tape.node(element.value);
            add(node.start, node.end, element.value);
        }
        for member in tape.members(id) {
            let (key, node) = (tape.node(member.key), tape.node(member.value));
            if node.start >= key.end {
                // A value that is missing is missed just behind its name.
                add(key.start, node.end.saturating_add(u32::from(node.end == node.start)), member.value);
            } else {
                add(key.start, key.end, member.value);
                // What the call itself wraps around its values stands nowhere of its own.
                if (node.start, node.end) != (tape.node(id).start, tape.node(id).end) {
                    add(node.start, node.end, member.value);
                }
            }
        }
    }
    order::sort(&mut written, |one| {
        let (start, end, value) =
            (u128::from(one.start), u128::from(u32::MAX.saturating_sub(one.end)), one.value.0);
        (start << 64) | (end << 32) | u128::from(value)
    });
    written
}
