//! What holds of every script: a policy means the same in PowerShell as in JSON, however it is laid out, and nothing
//! breaks the reader.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeSet;

use jitgate_core::json::{NodeId, Tape};
use jitgate_core::read::Language;
use jitgate_core::{CheckOptions, Timestamp, check, script};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::json::{policy, request, value};
use support::sound::sound;
use support::{NOW, VM};

/// Prints values as PowerShell literals; each choice takes one of the numbers.
struct Printer {
    choices: Vec<u8>,
    at: usize,
}

impl Printer {
    fn choose(&mut self, most: usize) -> usize {
        self.at += 1;
        usize::from(self.choices[self.at % self.choices.len()]).wrapping_add(self.at) % most
    }

    fn space(&mut self) -> &'static str {
        ["", " ", "\t", " <# it is #> ", " `\n  "][self.choose(5)]
    }

    fn lines(&mut self) -> &'static str {
        ["", " ", "\n", "\r\n    ", " # on its own; ' \" } )\n", "<#\n @{ #>\n"][self.choose(6)]
    }

    fn string(&mut self, text: &str) -> String {
        let single = text
            .replace('\'', "''")
            .replace('‘', "‘‘")
            .replace('’', "’’")
            .replace('‚', "‚‚")
            .replace('‛', "‛‛");
        let odd = text.contains(['‘', '’', '‚', '‛', '“', '”', '„']);
        let plain = !odd && !text.contains(['`', '$', '\r', '\n']);
        match self.choose(4) {
            0 if plain => format!("\"{}\"", text.replace('"', "\"\"")),
            1 if plain => format!("\"{}\"", text.replace('"', "`\"")),
            2 if !odd && !text.contains(['\r', '\n', '\'']) => format!("@'\n{text}\n'@"),
            3 if !odd => {
                let ticked: String = text
                    .chars()
                    .map(|char| match char {
                        '`' | '$' | '"' => format!("`{char}"),
                        '\n' => "`n".into(),
                        '\r' => "`r".into(),
                        _ => char.to_string(),
                    })
                    .collect();
                format!("\"{ticked}\"")
            }
            _ => format!("'{single}'"),
        }
    }

    fn name(&mut self, name: &str) -> String {
        let word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        if word && self.choose(3) > 0 { name.to_owned() } else { self.string(name) }
    }

    fn literal(&mut self, value: &Value) -> String {
        match value {
            Value::Null => "$null".into(),
            Value::Bool(value) => if *value { "$true" } else { "$False" }.into(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => self.string(text),
            Value::Array(values) => {
                let mut list = String::from("@(");
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        list += [",", " ,", ",\n"][self.choose(3)];
                    }
                    list += self.lines();
                    // A list in a list would become a part of it.
                    let inner = self.literal(value);
                    let nested = value.is_array();
                    list += &if nested && values.len() == 1 { format!(",{inner}") } else { inner };
                }
                list + self.lines() + ")"
            }
            Value::Object(members) => {
                let mut table = String::from("@{");
                for (name, value) in members {
                    table += self.lines();
                    table += &self.name(name);
                    table += self.space();
                    table += "=";
                    table += self.space();
                    table += &self.literal(value);
                    table += [";", "\n", " ;\n", "\r\n"][self.choose(4)];
                }
                table + self.lines() + "}"
            }
        }
    }
}

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

/// Fails where a script's nodes do not lie in one another as they should, or not in the text.
fn upright(tape: &Tape) {
    fn inside(tape: &Tape, id: NodeId) {
        let node = tape.node(id);
        assert!(node.start <= node.end && tape.text().get(node.start as usize..node.end as usize).is_some());
        let mut at = id.0 + 1;
        let members = tape.members(id).flat_map(|member| [member.key, member.value]);
        for child in members.chain(tape.elements(id).map(|element| element.value)) {
            assert_eq!(child.0, at, "no node is left out");
            inside(tape, child);
            at = tape.node(child).next;
        }
        assert_eq!(at, node.next);
    }
    let root = tape.root().expect("a document");
    assert_eq!(tape.node(root).next as usize, tape.len(), "one value at the top");
    inside(tape, root);
}

fn pieces() -> impl Strategy<Value = String> {
    let known = vec![
        "@{",
        "@(",
        "(",
        ")",
        "}",
        "{",
        "$(",
        "\"",
        "'",
        "@\"\n",
        "\n\"@",
        "@'\n",
        "\n'@",
        "`",
        "`\n",
        "\n",
        ";",
        ",",
        "=",
        " = ",
        ":",
        "$x",
        "$x.y",
        "${x}",
        "[string]",
        "[",
        "]",
        "+",
        " -f ",
        " -split ",
        "#",
        "<#",
        "#>",
        "|",
        "number = 22",
        "ports=",
        "id = 'x'",
        "protocol",
        "virtualMachines",
        "$x = ",
        "$x += ",
        "foreach ($a in $b) {",
        "if ($a) {",
        "else {",
        "param(",
        "function f {",
        "Set-AzJitNetworkAccessPolicy ",
        "-VirtualMachine ",
        "-Kind Basic ",
        "Start-AzJitNetworkAccessPolicy ",
        "@x ",
        "az rest --method put --url https://x/jitNetworkAccessPolicies/a --body ",
        "'{\"virtualMachines\": [",
        "| ConvertTo-Json ",
        "<<EOF\n",
        "\nEOF\n",
        "X=",
        "é",
        "“",
        "’",
        "–",
        "\u{feff}",
        "\\",
        "\\\"",
        "1",
        "0x16",
        "10.0.0.1",
        "..",
        "&",
        "é = ",
        "\r\n",
        "$_",
        "@ {",
        "foreach ($p in 22, 3389) {",
        "22, 3389 | % {",
        "-eq",
        "..",
        ".Add(",
        "for p in 22 3389; do ",
        "done",
        "fi",
        " && ",
        "PUT https://x/jitNetworkAccessPolicies/a\n\n",
        "{{x}}",
        "@x = 1\n",
        "###\n",
    ];
    let piece =
        prop_oneof![8 => proptest::sample::select(known).prop_map(str::to_owned), 1 => any::<String>()];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Scripts as people write them, all of which are read without a word.
const SAMPLES: [&str; 6] = [
    include_str!("samples/how-to.ps1"),
    include_str!("samples/loop.ps1"),
    include_str!("samples/splat.ps1"),
    include_str!("samples/rest.ps1"),
    include_str!("samples/loop.sh"),
    include_str!("samples/policy.http"),
];

/// What a tired hand does to a text.
#[derive(Clone, Debug)]
enum Slip {
    Leave(proptest::sample::Index, usize),
    Put(proptest::sample::Index, &'static str),
    Cut(proptest::sample::Index),
    Double(proptest::sample::Index, usize),
    Swap(proptest::sample::Index),
}

fn slips() -> impl Strategy<Value = Vec<Slip>> {
    use proptest::sample::{Index, select};
    let pieces = select(vec![
        "@{",
        "@(",
        "(",
        ")",
        "}",
        "{",
        "\"",
        "'",
        "@\"\n",
        "\n\"@",
        "`",
        "\n",
        ";",
        ",",
        "=",
        "|",
        "$",
        "$(",
        "#",
        "<#",
        "foreach (",
        "| % {",
        ".Add(",
        " += ",
        "if (",
        "else {",
        "break",
        "EOF",
        "<<EOF\n",
        "done",
        "for x in a; do ",
        "fi",
        "&&",
        "{{",
        "}}",
        "###\n",
        "“",
        "’",
        "é",
        "\u{200b}",
        "\r\n",
        "\t",
        "\0",
    ]);
    let slip = prop_oneof![
        (any::<Index>(), 1_usize..40).prop_map(|(at, len)| Slip::Leave(at, len)),
        (any::<Index>(), pieces).prop_map(|(at, piece)| Slip::Put(at, piece)),
        any::<Index>().prop_map(Slip::Cut),
        (any::<Index>(), 1_usize..200).prop_map(|(at, len)| Slip::Double(at, len)),
        any::<Index>().prop_map(Slip::Swap),
    ];
    vec(slip, 0..5)
}

fn slipped(text: &str, slips: &[Slip]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for slip in slips {
        let len = chars.len();
        if len < 2 {
            break;
        }
        match slip {
            Slip::Leave(at, many) => drop(chars.drain(at.index(len)..(at.index(len) + many).min(len))),
            Slip::Put(at, piece) => drop(chars.splice(at.index(len)..at.index(len), piece.chars())),
            Slip::Cut(at) => chars.truncate(at.index(len)),
            Slip::Double(at, many) => {
                let from = at.index(len);
                chars.extend_from_within(from..(from + many).min(len));
            }
            Slip::Swap(at) => chars.swap(at.index(len - 1), at.index(len - 1) + 1),
        }
    }
    chars.into_iter().collect()
}

#[test]
fn samples_are_right() {
    for sample in SAMPLES {
        assert_eq!(found(sample), Found::new(), "{sample}");
        let report = check(sample.as_bytes(), &CheckOptions::default());
        assert_ne!(report.kind, jitgate_core::Kind::Unknown, "{sample}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn broken_samples_get_an_answer(sample in proptest::sample::select(SAMPLES.to_vec()), slips in slips()) {
        let text = slipped(sample, &slips);
        for language in [Language::PowerShell, Language::Shell, Language::Http] {
            if let (Some(tape), _) = script::read(&text, language) {
                upright(&tape);
            }
        }
        let report = check(text.as_bytes(), &CheckOptions::default());
        sound(&report);
        // Nothing is lost without a word.
        prop_assert!(report.kind != jitgate_core::Kind::Unknown || !report.diagnostics.is_empty(), "{}", text);
        // What is mended is still a script.
        let fixed = jitgate_core::diagnostic::fix::apply_safe(&report);
        sound(&check(fixed.text.as_bytes(), &CheckOptions::default()));
        for to in jitgate_core::convert::Format::ALL {
            let options = jitgate_core::convert::Options::default();
            drop(jitgate_core::convert::convert(text.as_bytes(), to, &options));
        }
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

    #[test]
    fn nothing_breaks_it(text in prop_oneof![pieces(), any::<String>(), value().prop_map(|value| Printer { choices: vec![1, 2, 3], at: 0 }.literal(&value))]) {
        for language in [Language::PowerShell, Language::Shell, Language::Http] {
            for text in [text.clone(), format!("$x = @{{{text}"), format!("az rest --body '{text}")] {
                if let (Some(tape), _) = script::read(&text, language) {
                    upright(&tape);
                }
                sound(&check(text.as_bytes(), &CheckOptions::default()));
            }
        }
    }

    #[test]
    fn bytes_do_not_break_it(bytes in vec(any::<u8>(), 0..300)) {
        sound(&check(&[b"$x = @{ ports = ".as_slice(), &bytes].concat(), &CheckOptions::default()));
    }
}
