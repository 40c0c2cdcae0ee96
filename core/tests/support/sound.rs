//! What holds of every text, however broken.

use jitgate_core::diagnostic::{Range, Report};
use jitgate_core::json::{NodeId, Tape, scan};

/// Fails where nodes do not lie in the text, or in one another, as they should.
pub fn upright(text: &str) {
    let (tape, slips) = scan(text);
    for slip in &slips {
        assert!(
            slip.start <= slip.end
                && tape.slice(slip.start, slip.end).len() == (slip.end - slip.start) as usize
        );
    }
    assert!(slips.is_sorted_by_key(|slip| slip.start));
    if let Some(root) = tape.root() {
        assert_eq!(tape.node(root).next as usize, tape.len(), "one value at the top");
        nested(&tape, root, true);
    }
    let ids = || (0..u32::try_from(tape.len()).expect("few nodes")).map(NodeId);
    assert!(ids().is_sorted_by_key(|id| tape.node(id).start), "nodes stand in the order of the text");
}

/// Fails where a node is no part of the text, or its children are not the nodes behind it; told that it is of JSON, also
/// where they do not lie in it one behind the other.
pub fn nested(tape: &Tape, id: NodeId, is_json: bool) {
    let node = tape.node(id);
    assert!(
        tape.text().get(node.start as usize..node.end as usize).is_some() && id.0 < node.next,
        "{id:?} is no part of the text"
    );
    let mut at = (id.0 + 1, node.start);
    let members = tape.members(id).flat_map(|member| [member.key, member.value]);
    for child in members.chain(tape.elements(id).map(|element| element.value)) {
        let inner = tape.node(child);
        assert_eq!(child.0, at.0, "no node is left out");
        assert!(!is_json || at.1 <= inner.start && inner.end <= node.end, "{id:?} holds {child:?}");
        at = (inner.next, inner.end);
        nested(tape, child, is_json);
    }
    assert_eq!(at.0, node.next);
}

/// Fails where a report points to what is not there.
pub fn sound(report: &Report) {
    let fits = |range: Range| {
        range.start.byte <= range.end.byte
            && report.text.get(range.start.byte as usize..range.end.byte as usize).is_some()
    };
    for diagnostic in &report.diagnostics {
        assert!(fits(diagnostic.range), "{diagnostic:?}");
        assert!(diagnostic.related.iter().all(|related| fits(related.range)), "{diagnostic:?}");
        let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
        assert!(edits.clone().all(|edit| fits(edit.range)), "{diagnostic:?}");
        assert!(edits.is_sorted_by_key(|edit| edit.range.start.byte), "{diagnostic:?}");
    }
}
