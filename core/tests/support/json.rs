//! Makes JSON values, and texts that are nearly JSON.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Number, Value, json};

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
    mutations(value())
}

/// Texts a few changes away from these values.
pub fn mutations(values: impl Strategy<Value = Value>) -> impl Strategy<Value = String> {
    (values, any::<bool>(), vec(change(), 0..4)).prop_map(|(value, pretty, changes)| {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let mut chars: Vec<char> = text.expect("a text").chars().collect();
        for change in changes {
            match change {
                Change::Insert(at, piece) => {
                    let at = at.index(chars.len().saturating_add(1));
                    chars.splice(at..at, piece.chars());
                }
                _ if chars.is_empty() => {}
                Change::Remove(at) => drop(chars.remove(at.index(chars.len()))),
                Change::Cut(at) => chars.truncate(at.index(chars.len())),
                Change::Double(at) => chars.extend_from_within(at.index(chars.len())..),
            }
        }
        chars.into_iter().collect()
    })
}

/// One of these, or now and then anything.
fn mostly(usual: Vec<Value>) -> impl Strategy<Value = Value> {
    prop_oneof![15 => select(usual), 1 => value()]
}

fn source() -> impl Strategy<Value = Value> {
    let one = || {
        mostly(vec![
            json!("*"),
            json!("10.20.0.0/16"),
            json!("10.20.0.7"),
            json!("10.20.0.9/16"),
            json!("0.0.0.0/0"),
            json!("::1"),
            json!("::ffff:10.20.0.0/112"),
            json!("10.20.0.7-10.20.0.9"),
            json!("MY_IP"),
            json!(" 10.20.0.7 "),
            json!("10.20.0.7,10.20.0.9"),
            json!("Internet"),
            json!("010.1.1.1"),
            json!("{ip}"),
        ])
    };
    let singular = one().prop_map(|source| json!({ "allowedSourceAddressPrefix": source }));
    let plural = vec(one(), 0..4).prop_map(|sources| json!({ "allowedSourceAddressPrefixes": sources }));
    prop_oneof![4 => singular, 2 => plural, 1 => Just(json!({}))]
}

fn number() -> impl Strategy<Value = Value> {
    mostly(vec![
        json!(22),
        json!(22),
        json!(3389),
        json!("22"),
        json!(0),
        json!(70000),
        json!(22.0),
        json!("[x]"),
    ])
}

fn machines(port: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let other = super::VM.replace("web1", "WEB2");
    let id = mostly(vec![
        json!(super::VM),
        json!(super::VM),
        json!(other),
        json!("web1"),
        json!("/subscriptions/{s}/x"),
    ]);
    let machine = (id, vec(port, 0..4)).prop_map(|(id, ports)| json!({ "id": id, "ports": ports }));
    vec(machine, 0..3).prop_map(Value::Array)
}

/// The members of both objects in one.
fn both((one, other): (Value, Value)) -> Value {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => Value::Object(one.into_iter().chain(other).collect()),
        (one, _) => one,
    }
}

/// Policies, good and bad.
pub fn policy() -> impl Strategy<Value = Value> {
    let protocol =
        mostly(vec![json!("TCP"), json!("TCP"), json!("*"), json!("UDP"), json!("tcp"), json!("ICMP")]);
    let longest =
        mostly(vec![json!("PT3H"), json!("PT24H"), json!("P1D"), json!("PT1M"), json!("P1M"), json!("pt3h")]);
    let rule = (number(), protocol, longest).prop_map(|(number, protocol, longest)| {
        json!({ "number": number, "protocol": protocol, "maxRequestAccessDuration": longest })
    });
    machines((rule, source()).prop_map(both))
        .prop_map(|machines| json!({ "kind": "Basic", "properties": { "virtualMachines": machines } }))
}

/// Requests, good and bad.
pub fn request() -> impl Strategy<Value = Value> {
    let end = prop_oneof![
        mostly(vec![
            json!("2026-01-15T14:00:00Z"),
            json!("2026-01-15T14:00:00.1234567Z"),
            json!("2026-01-15T14:00:00"),
            json!("2026-01-16"),
            json!(null)
        ])
        .prop_map(|end| json!({ "endTimeUtc": end })),
        mostly(vec![json!("PT1H"), json!("PT3H"), json!("PT5M"), json!("PT30H"), json!("1 hour")])
            .prop_map(|length| json!({ "duration": length })),
        Just(json!({})),
    ];
    let port = (number(), end).prop_map(|(number, end)| both((json!({ "number": number }), end)));
    machines((port, source()).prop_map(both))
        .prop_map(|machines| json!({ "virtualMachines": machines, "justification": "patching" }))
}
