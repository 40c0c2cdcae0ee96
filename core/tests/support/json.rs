//! Makes JSON values, and texts that are nearly JSON.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Number, Value};

/// Names that mean something, and names that mean nothing.
fn name() -> impl Strategy<Value = String> {
    let known = vec![
        "properties",
        "virtualMachines",
        "ports",
        "number",
        "Number",
        "protocol",
        "id",
        "kind",
        "value",
        "requests",
        "allowedSourceAddressPrefix",
        "allowedSourceAddressPrefixes",
        "maxRequestAccessDuration",
        "duration",
        "endTimeUtc",
        "type",
        "resources",
        "$schema",
        "nextLink",
        "copy",
    ];
    prop_oneof![4 => select(known).prop_map(str::to_owned), 1 => any::<String>()]
}

fn text() -> impl Strategy<Value = String> {
    let known = vec![
        "TCP",
        "*",
        "PT3H",
        "P1D",
        "10.20.0.0/16",
        "0.0.0.0/0",
        "Basic",
        "2026-01-15T18:00:00Z",
        "{vm}",
        "[x()]",
        super::VM,
        "Microsoft.Security/locations/jitNetworkAccessPolicies",
        "\u{1f680}\u{0}\"\\",
    ];
    prop_oneof![4 => select(known).prop_map(str::to_owned), 1 => any::<String>()]
}

/// Any value, with a liking for what policies hold.
pub fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<u16>().prop_map(Value::from),
        any::<f64>().prop_map(|float| Number::from_f64(float).map_or(Value::Null, Value::Number)),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            btree_map(name(), inner, 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// What people and machines do to a text.
#[derive(Clone, Debug)]
enum Change {
    Remove(Index),
    Insert(Index, &'static str),
    Cut(Index),
    Double(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let pieces = vec![
        ",", ":", "\"", "'", "{", "}", "[", "]", "\\", "\\u", "\\ud800", "\\udc00", "\n", "\r\n", "\t", "\0",
        "//", "/*", "*/", "#", "-", "+", "0", "1e999", "1.", ".5", "0x", "true", "True", "nul", "\u{a0}",
        "\u{feff}", "“", "”", "é", "=", "/a/b",
    ];
    prop_oneof![
        any::<Index>().prop_map(Change::Remove),
        (any::<Index>(), select(pieces)).prop_map(|(at, piece)| Change::Insert(at, piece)),
        any::<Index>().prop_map(Change::Cut),
        any::<Index>().prop_map(Change::Double),
    ]
}

/// Texts a few changes away from JSON.
pub fn mutated() -> impl Strategy<Value = String> {
    (value(), any::<bool>(), vec(change(), 0..4)).prop_map(|(value, pretty, changes)| {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let mut chars: Vec<char> = text.expect("a text").chars().collect();
        for change in changes {
            match change {
                Change::Insert(at, piece) => {
                    let at = at.index(chars.len() + 1);
                    chars.splice(at..at, piece.chars());
                }
                _ if chars.is_empty() => {}
                Change::Remove(at) => drop(chars.remove(at.index(chars.len()))),
                Change::Cut(at) => chars.truncate(at.index(chars.len())),
                Change::Double(at) => {
                    let at = at.index(chars.len());
                    let tail = chars[at..].to_vec();
                    chars.extend(tail);
                }
            }
        }
        chars.into_iter().collect()
    })
}
