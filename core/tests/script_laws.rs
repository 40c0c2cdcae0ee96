//! What holds of every script: a policy means the same in PowerShell as in JSON, however it is laid out.

use std::collections::BTreeSet;

use crate::support::json::{policy, request};
use crate::support::printer::Printer;
use crate::support::sound::sound;
use crate::support::{NOW, VM};
use jitgate_core::{CheckOptions, Timestamp, check};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

type Found = BTreeSet<(&'static str, String, String)>;

fn found(text: &str) -> Found {
    let options = CheckOptions { now: Timestamp::parse(NOW), ..CheckOptions::default() };
    let report = check(text.as_bytes(), &options);
    sound(&report);
    let mut found = Found::new();
    for one in report.diagnostics {
        let (start, end) = (one.range.start.byte as usize, one.range.end.byte as usize);
        // What is plain is written alike in both; brackets, and what has escapes, are not.
        let marked = report.text.get(start..end).expect("a place").trim_matches(['"', '\'', '@', '\n']);
        let plain = marked
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b':' | b'-'));
        let written_otherwise = matches!(marked, "null" | "true" | "false");
        let marked = if plain && !written_otherwise { marked } else { "" };
        found.insert((one.code.id(), one.path.pointer(), marked.to_owned()));
    }
    found
}

/// What differs on purpose, or by what a literal cannot say.
fn comparable(found: Found) -> Found {
    found
        .into_iter()
        .map(|(code, pointer, marked)| match code {
            // Named in JSON, a value that is not known is so in both; its text may be told apart by more.
            "JIT115" | "JIT116" => (code, pointer, String::new()),
            _ => (code, pointer, marked),
        })
        .collect()
}

/// A policy that cmdlets can send: everything has its type.
fn typed() -> impl Strategy<Value = Value> {
    let pick = |values: Vec<Value>| proptest::sample::select(values);
    let port = (
        pick(vec![json!(22), json!(3389), json!(0), json!(70000), json!(22)]),
        pick(vec![json!("TCP"), json!("tcp"), json!("*"), json!("UDP"), json!("ICMP")]),
        pick(vec![
            json!("10.20.0.0/16"),
            json!("*"),
            json!("10.20.0.7/16"),
            json!("::1"),
            json!("0.0.0.0/0"),
            json!("<address>"),
        ]),
        pick(vec![json!("PT3H"), json!("P1D"), json!("PT30H"), json!("P1M"), json!("3 hours")]),
    );
    let port = port.prop_map(|(number, protocol, source, longest)| json!({
        "number": number, "protocol": protocol, "allowedSourceAddressPrefix": source, "maxRequestAccessDuration": longest
    }));
    let id = pick(vec![
        json!(VM),
        json!(VM.replace("web1", "web2")),
        json!("web1"),
        json!(VM.replace("/rg/", "/other/")),
    ]);
    let machine = (id, vec(port, 0..4)).prop_map(|(id, ports)| json!({ "id": id, "ports": ports }));
    vec(machine, 0..4).prop_map(|machines| json!({ "kind": "Basic", "location": "West Europe", "name": "default", "properties": { "virtualMachines": machines } }))
}

/// The same with names in another case, one table for a list of one, lists of one for a value.
fn loosened(value: &Value, choices: &mut Printer) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| {
                    let value = loosened(value, choices);
                    let value = match (name.as_str(), &value) {
                        ("ports", Value::Array(ports)) if ports.len() == 1 && choices.choose(2) == 0 => {
                            ports[0].clone()
                        }
                        ("allowedSourceAddressPrefix", Value::String(_)) if choices.choose(2) == 0 => {
                            json!([value])
                        }
                        _ => value,
                    };
                    let name = match choices.choose(3) {
                        0 => name.to_ascii_uppercase(),
                        1 => name.to_ascii_lowercase(),
                        _ => name.clone(),
                    };
                    (name, value)
                })
                .collect(),
        ),
        Value::Array(values) => Value::Array(values.iter().map(|value| loosened(value, choices)).collect()),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_that_a_script_makes_is_that_json(value in prop_oneof![policy(), request()], choices in vec(any::<u8>(), 1..200)) {
        let json = value.to_string();
        let literal = Printer { choices, at: 0 }.literal(&value);
        let script = format!("$body = {literal} | ConvertTo-Json -Depth 40\nInvoke-RestMethod -Method Put -Uri $uri -Body $body");
        prop_assert_eq!(comparable(found(&script)), comparable(found(&json)), "{}", script);
    }

    #[test]
    fn a_cmdlet_sends_what_json_would(value in typed(), choices in vec(any::<u8>(), 1..200)) {
        let mut printer = Printer { choices, at: 0 };
        let machines = loosened(&value["properties"]["virtualMachines"], &mut printer);
        let literal = printer.literal(&machines);
        let script = format!("$vms = {literal}\nSet-AzJitNetworkAccessPolicy -Kind Basic -Location 'West Europe' -Name default -ResourceGroupName rg -VirtualMachine $vms");
        prop_assert_eq!(comparable(found(&script)), comparable(found(&value.to_string())), "{}", script);
    }
}
