//! What is said to be known of a script's request is what the script really sends: random scripts are run by bash, with a
//! function in place of `az` that tells each body. That a value is not known may be said of any.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;

use jitgate_core::convert::{Format, Options, convert};
use jitgate_truth::Choices;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

const URL: &str = "https://management.azure.com/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default/initiate?api-version=2020-01-01";

/// What is sent there.
const BODY: &str = r#"{"virtualMachines": [{"id": "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1", "ports": [{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}]}], "justification": "HERE"}"#;

/// A value that is not known has this in it.
const UNKNOWN: &str = "$(unknown)";

const VARIABLES: &[&str] = &["A", "B", "C"];
const FUNCTIONS: &[&str] = &["f", "g", "h"];

/// Something that is assigned; where it is not quoted, it is a number.
fn value(choices: &mut Choices) -> String {
    match choices.below(9) {
        0 | 1 => choices.pick(&["1", "22", "3389"]).to_owned(),
        2 => format!("\"${{{}}}5\"", choices.pick(VARIABLES)),
        3 => format!("\"${}\"", choices.pick(VARIABLES)),
        4 => format!("\"$(cat <<EOF\n${}\n\nEOF\n)\"", choices.pick(VARIABLES)),
        5 => format!("$(printf %s \"${}\" | cat | cat -)", choices.pick(VARIABLES)),
        6 => format!("$(:; echo \"${}5\")", choices.pick(VARIABLES)),
        7 => format!(
            "\"$({} && echo ${})\"",
            choices.pick(&["true", "false", "printf 1"]),
            choices.pick(VARIABLES)
        ),
        _ => format!("$(echo ${}; {}=7)", choices.pick(VARIABLES), choices.pick(VARIABLES)),
    }
}

/// A command, its ends included; `sends` counts the calls, of which each has its number.
fn command(choices: &mut Choices, depth: usize, sends: &mut usize) -> String {
    let name = choices.pick(VARIABLES);
    if choices.one_in(5) {
        *sends = sends.saturating_add(1);
        let own: Vec<String> = VARIABLES.iter().map(|name| format!("{name}=${name};")).collect();
        let body = BODY.replace("HERE", &format!("{sends}:{}", own.concat()));
        let quoted = body.replace('"', "\\\"");
        let call = format!("az rest --method post --url '{URL}' --body");
        // What else stands in the line runs, and is read, before what stands behind the document.
        let more = format!("{}{name}={}", choices.pick(&[";", " &&", " ||", " |", " &", " # x;"]), 1);
        return match choices.below(9) {
            0 => format!("{{ {call} @- <<EOF {more}\n{body}\nEOF\n}}"),
            1 => format!("{{ cat <<-'E OF'\\1 <<EOF | {call} @- {more}\nx\n\tE OF1\n{body}\nEOF\n}}"),
            2 => format!("{{ cat <<EOF | cat - | \\\n{call} @- {more}\n{body}\nEOF\n}}"),
            3 => format!("echo \"{quoted}\" | {call} @-"),
            4 => format!("{call} \"$(cat <<EOF\n{body}\nEOF\n)\""),
            _ => format!("{call} \"{quoted}\""),
        };
    }
    let simple = depth == 0 || choices.below(2) == 0;
    if simple {
        let value = value(choices);
        return match choices.below(22) {
            0..=4 => format!("{name}={value}"),
            5 => format!("{name}+={value}"),
            6 => format!("read -r {name} <<< {value}"),
            7 => format!("printf -v {name} %s {value}"),
            8 => format!(": \"${{{name}:=4}}\""),
            9 => format!("(({name} = 6))"),
            10 => format!("let {name}=8"),
            11 => format!("unset {name}"),
            12 => format!("eval '{name}=9'"),
            13 => format!("export {name}={value}"),
            14 => format!("declare {name}={value}"),
            15 => format!("{name}={value} {}", choices.pick(FUNCTIONS)),
            16 => format!("{name}={value} true"),
            17 => format!("echo $(({name} = 2)) > /dev/null"),
            18 => choices.pick(&["true", "false", "! true", ":"]).to_owned(),
            _ => choices.pick(FUNCTIONS).to_owned(),
        };
    }
    let condition = |choices: &mut Choices, sends: &mut usize| match choices.below(4) {
        0 => format!("[ \"${}\" = 22 ]", choices.pick(VARIABLES)),
        1 => "true".to_owned(),
        2 => "false".to_owned(),
        _ => command(choices, 0, sends),
    };
    let mut block = |choices: &mut Choices| {
        let commands = choices.several(1, 3, |choices| command(choices, depth.saturating_sub(1), sends));
        commands.join("\n")
    };
    match choices.below(15) {
        0 | 1 => {
            let (one, other) = (block(choices), block(choices));
            format!("if {}; then\n{one}\nelse\n{other}\nfi", condition(choices, sends))
        }
        2 => {
            let (one, other) = (block(choices), block(choices));
            format!("case \"${name}\" in\n22) {one} ;;\n1|3389) {other}\n;;\nesac")
        }
        3 => format!("for {name} in 1 22; do\n{}\ndone", block(choices)),
        4 => format!("for I in $(echo 1 2); do\n{}\ndone", block(choices)),
        5 => format!("for I in 1 2; do\n{}\n[ \"${name}\" = 22 ] && break\ndone", block(choices)),
        6 => format!("N=\nwhile [ \"$N\" != xx ]; do\nN=x$N\n{}\ndone", block(choices)),
        7 => format!("({})", block(choices)),
        8 => format!("{{ {}\n}} | cat", block(choices)),
        9 => format!("echo 5 | while read -r {name}; do\n{}\ndone", block(choices)),
        10 => format!("{{ {}\n}} && {}", block(choices), command(choices, 0, sends)),
        11 => format!("{{ {}\n}} || {}", block(choices), command(choices, 0, sends)),
        12 => {
            let first = condition(choices, sends);
            let (second, third) = (command(choices, 0, sends), command(choices, 0, sends));
            format!("{first} && {second} || {third}")
        }
        13 => format!("local {name}={} 2> /dev/null\n{}", value(choices), block(choices)),
        _ => format!("{}() {{\n{}\n}}", choices.pick(FUNCTIONS), block(choices)),
    }
}

fn script(choices: &mut Choices) -> String {
    let mut sends = 0;
    let mut script = String::new();
    for name in VARIABLES {
        writeln!(script, "{name}=22").expect("a text");
    }
    for name in FUNCTIONS {
        let body = choices.several(1, 3, |choices| command(choices, 1, &mut sends));
        writeln!(script, "{name}() {{\n{}\n}}", body.join("\n")).expect("a text");
    }
    for line in choices.several(1, 6, |choices| command(choices, 2, &mut sends)) {
        writeln!(script, "{line}").expect("a text");
    }
    script
}

/// What bash sends, each as its number and what the variables hold.
fn run(script: &str) -> BTreeSet<String> {
    // Functions that call each other come to an end, and so does what bash says of that.
    let stub = "exec 2> /dev/null 3>&1\nFUNCNEST=5\naz() { case $7 in @-) cat >&3 ;; *) printf '%s\\n' \"$7\" >&3 ;; esac; }\n";
    let output = Command::new("bash")
        .args(["--norc", "-c", &format!("ulimit -t 1\n{stub}{script}")])
        .output()
        .expect("bash");
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    told.lines()
        .map(|body| {
            let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{body}\n{script}"));
            body["justification"].as_str().expect("a string").to_owned()
        })
        .collect()
}

/// What is said of the script's requests.
fn read(script: &str) -> Vec<String> {
    let outcome = convert(script.as_bytes(), Format::Json, &Options::default()).outcome;
    let Ok(text) = outcome else { return Vec::new() };
    let value: Value = serde_json::from_str(&text.text).expect("JSON");
    let requests = match &value {
        Value::Array(requests) => requests.clone(),
        one => one.get("value").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![one.clone()]),
    };
    requests.iter().filter_map(|one| one["justification"].as_str().map(str::to_owned)).collect()
}

/// True where what was sent may be what is said: the same, but for what is not known.
fn fits(said: &str, sent: &str) -> bool {
    let (said, sent): (Vec<&str>, Vec<&str>) = (said.split(';').collect(), sent.split(';').collect());
    let alike = |(said, sent): (&&str, &&str)| {
        let (begin, end) = said.split_once(UNKNOWN).unwrap_or((*said, ""));
        if said.contains(UNKNOWN) {
            sent.starts_with(begin) && sent.ends_with(end.rsplit(UNKNOWN).next().unwrap_or(end))
        } else {
            said == sent
        }
    };
    said.len() == sent.len() && said.iter().zip(&sent).all(alike)
}

#[test]
fn what_fits() {
    assert!(fits("1:A=22;B=$(unknown);", "1:A=22;B=5;") && fits("1:A=$(unknown)5;", "1:A=225;"));
    assert!(!fits("1:A=22;B=$(unknown);", "1:A=1;B=5;") && !fits("1:A=$(unknown)5;", "1:A=22;"));
    // And much of it is known.
    let body = BODY.replace('"', "\\\"").replace("HERE", "1:A=$A;B=$B;");
    let script = format!("A=22\nread B <<< 5\naz rest --method post --url '{URL}' --body \"{body}\"\n");
    assert_eq!(read(&script), ["1:A=22;B=$(unknown);"]);
    assert_eq!(run(&script), BTreeSet::from(["1:A=22;B=5;".to_owned()]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_known_is_sent(numbers in vec(any::<u32>(), 20..200)) {
        let script = script(&mut Choices::of(numbers));
        let said = read(&script);
        for sent in run(&script) {
            let number = sent.split(':').next().unwrap_or("");
            let of = |said: &&String| said.split(':').next() == Some(number);
            let all: Vec<_> = said.iter().filter(of).collect();
            // A call that is read several times may be said to send several bodies.
            prop_assert!(all.is_empty() || all.iter().any(|said| fits(said, &sent)), "{} is not among {:?}:\n{}", sent, all, script);
        }
    }
}
