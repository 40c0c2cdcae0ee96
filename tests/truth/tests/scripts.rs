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

/// What is sent there: of one variable, in a request of which each has its own machine.
const BODY: &str = r#"{"virtualMachines": [{"id": "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/NUMBER", "ports": [{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}]}], "justification": "HERE"}"#;

/// A value that is not known, nor any part of it, begins so.
const UNKNOWN: &str = "{{";

const VARIABLES: &[&str] = &["A", "B", "C"];
const FUNCTIONS: &[&str] = &["f", "g", "h"];

/// A request of that number, which tells that variable.
fn body(number: usize, variable: &str) -> String {
    BODY.replace("NUMBER", &format!("{variable}{number}")).replace("HERE", &format!("${variable}"))
}

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
        let body = body(*sends, choices.pick(VARIABLES));
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
fn run(script: &str) -> BTreeSet<(String, String)> {
    // Functions that call each other come to an end, and so does what bash says of that.
    let stub = "exec 2> /dev/null 3>&1\nFUNCNEST=5\naz() { case $7 in @-) cat >&3 ;; *) printf '%s\\n' \"$7\" >&3 ;; esac; }\n";
    let output = Command::new("bash")
        .args(["--norc", "-c", &format!("ulimit -t 1\n{stub}{script}")])
        .output()
        .expect("bash");
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    let body = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}\n{script}"));
    told.lines().map(|line| told_by(&body(line))).collect()
}

/// Which variable a request tells, and what it holds.
fn told_by(request: &Value) -> (String, String) {
    let id = request["virtualMachines"][0]["id"].as_str().expect("an id");
    let name = id.rsplit('/').next().expect("a name");
    (name.to_owned(), request["justification"].as_str().unwrap_or_default().to_owned())
}

/// What is said of the script's requests.
fn read(script: &str) -> Vec<(String, String)> {
    // This form takes any number of requests.
    let outcome = convert(script.as_bytes(), Format::Rest, &Options::default()).outcome;
    let Ok(text) = outcome else { return Vec::new() };
    let requests = text.text.split("\n###\n").filter_map(|call| call.get(call.find("\n{\n")?..));
    requests.map(|request| told_by(&serde_json::from_str(request).expect("JSON"))).collect()
}

#[test]
fn what_is_compared() {
    let call = |number, name| {
        let body = body(number, name).replace('"', "\\\"");
        format!("az rest --method post --url '{URL}' --body \"{body}\"\n")
    };
    // Much of it is known.
    let script = format!("A=22\nread B <<< 5\n{}{}", call(1, "A"), call(2, "B"));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(read(&script), [pair("A1", "22"), pair("B2", "{{justification}}")]);
    assert_eq!(run(&script), BTreeSet::from([pair("A1", "22"), pair("B2", "5")]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_known_is_sent(numbers in vec(any::<u32>(), 20..200)) {
        let script = script(&mut Choices::of(numbers));
        let said = read(&script);
        for (name, sent) in run(&script) {
            let all: Vec<_> = said.iter().filter(|(other, _)| *other == name).map(|(_, value)| value).collect();
            // A call that is read several times may be said to send several bodies.
            let fits = all.is_empty() || all.iter().any(|said| **said == sent || said.starts_with(UNKNOWN));
            prop_assert!(fits, "{}: {} is not among {:?}:\n{}", name, sent, all, script);
        }
    }
}
