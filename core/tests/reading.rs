//! Reading agrees with `serde_json` wherever that reads, stays upright where it does not, and loses nothing
//! but the line of a slip.

use crate::support::json::{mutated, value};
use crate::support::sound::{sound, upright};
use jitgate_core::json::{NodeId, NodeKind, Number, Tape, scan};
use jitgate_core::{CheckOptions, check};
use proptest::prelude::*;
use serde_json::Value;

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
