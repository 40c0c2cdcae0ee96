//! Reading agrees with `serde_json` wherever that reads, stays upright where it does not, and loses nothing
//! but the line of a slip.

mod support;

use jitgate_core::diagnostic::Report;
use jitgate_core::json::{NodeId, NodeKind, Number, Tape, scan};
use jitgate_core::{CheckOptions, check};
use proptest::prelude::*;
use serde_json::Value;
use support::json::{mutated, value};

/// Fails where a node and a value differ.
fn agree(tape: &Tape, node: NodeId, value: &Value) {
    match value {
        Value::Null => assert_eq!(tape.kind(node), NodeKind::Null),
        Value::Bool(value) => {
            assert_eq!(tape.kind(node), if *value { NodeKind::True } else { NodeKind::False });
        }
        Value::Number(number) => {
            // As text: reading it back would round it.
            assert_eq!(tape.raw(node), number.to_string());
            if let Some(integer) = number.as_i64() {
                assert_eq!(tape.number(node), Some(Number::Integer(integer)));
            }
        }
        Value::String(text) => assert_eq!(tape.string(node).as_deref(), Some(text.as_str())),
        Value::Array(values) => {
            assert_eq!(tape.kind(node), NodeKind::Array);
            let elements: Vec<_> = tape.elements(node).collect();
            assert_eq!(elements.len(), values.len());
            for (element, value) in elements.iter().zip(values) {
                agree(tape, element.value, value);
            }
        }
        Value::Object(values) => {
            assert_eq!(tape.kind(node), NodeKind::Object);
            let mut members = 0;
            for member in tape.members(node) {
                let name = tape.string(member.key).expect("a name");
                agree(tape, member.value, &values[name.as_ref()]);
                members += 1;
            }
            assert_eq!(members, values.len());
        }
    }
}

/// Fails where nodes do not lie in the text, or in one another, as they should.
fn upright(text: &str) {
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
        nested(&tape, root);
    }
    let ids = || (0..u32::try_from(tape.len()).expect("few nodes")).map(NodeId);
    assert!(ids().is_sorted_by_key(|id| tape.node(id).start), "nodes stand in the order of the text");
}

fn nested(tape: &Tape, id: NodeId) {
    let node = tape.node(id);
    assert!(
        tape.text().is_char_boundary(node.start as usize) && tape.text().is_char_boundary(node.end as usize)
    );
    assert!(node.start <= node.end && id.0 < node.next);
    let mut at = (id.0 + 1, node.start);
    let members = tape.members(id).flat_map(|member| [member.key, member.value]);
    for child in members.chain(tape.elements(id).map(|element| element.value)) {
        let inner = tape.node(child);
        assert_eq!(child.0, at.0, "no node is left out");
        assert!(at.1 <= inner.start && inner.end <= node.end, "{id:?} holds {child:?}");
        at = (inner.next, inner.end);
        nested(tape, child);
    }
    assert_eq!(at.0, node.next);
}

/// Fails where a report points to what is not there.
fn sound(report: &Report) {
    let fits = |range: jitgate_core::diagnostic::Range| {
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

/// What `serde_json` makes of a text; none where the two differ on purpose: it has a limit on the size of
/// numbers, which JSON has not, and takes no byte order mark.
fn accepted(text: &str) -> Option<bool> {
    match serde_json::from_str::<Value>(text) {
        Ok(_) => Some(true),
        Err(error) if error.to_string().starts_with("number out of range") => None,
        Err(_) if text.starts_with('\u{feff}') => None,
        Err(_) => Some(false),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_serde_json(value in value()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).expect("a text")] {
            let (tape, slips) = scan(&text);
            prop_assert!(slips.is_empty(), "{slips:?} in {text}");
            agree(&tape, tape.root().expect("a value"), &value);
            upright(&text);
        }
    }

    #[test]
    fn takes_what_serde_json_takes(text in mutated()) {
        let (tape, slips) = scan(&text);
        if let Some(accepted) = accepted(&text) {
            prop_assert_eq!(slips.is_empty() && !tape.is_empty(), accepted, "{} gives {:?}", text, slips);
        }
    }

    #[test]
    fn stays_upright(text in prop_oneof![any::<String>(), mutated()]) {
        upright(&text);
        sound(&check(text.as_bytes(), &CheckOptions::default()));
    }
}
