//! Whatever a policy or a request holds, code in another language makes the very same call: it is read back by the
//! parsers of others.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jitgate_core::CheckOptions;
use jitgate_core::convert::{Conversion, Format, Options, Place, convert};
use jitgate_core::read::unresolved;
use jitgate_truth::code::{Call, calls, policy_id};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// What breaks out of strings, somewhere. Not `//`, which the grammar of Bicep takes for a comment even in a string.
const HOSTILE: &[&str] = &[
    "'",
    "''",
    "\"",
    "`",
    "\\",
    "$",
    "${",
    "$${",
    "$$${",
    "%{",
    "%%{",
    "$%{",
    "%${",
    "$(",
    "${x",
    "{{",
    "{{{",
    "}}",
    "[",
    "]",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{2018}",
    "\u{2019}",
    "\u{201a}",
    "\u{201b}",
    "\u{201c}",
    "\u{2028}",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "é",
    "😀",
    "#",
    "--%",
    "; ls",
    "&",
    "|",
    "@",
    "@{",
    "$x",
    "%27",
    "###",
    " ",
    "a",
    "B",
    "7",
    "-",
    "_",
];

/// Any string of such pieces.
fn hostile() -> impl Strategy<Value = String> {
    vec(select(HOSTILE), 0..8).prop_map(|parts| parts.concat())
}

/// One that is no expression and no placeholder.
fn literal() -> impl Strategy<Value = String> {
    hostile().prop_filter("a variable takes its place", |text| unresolved(text).is_none())
}

/// A machine's name, which has to end an id.
fn name() -> impl Strategy<Value = String> {
    literal().prop_map(|text| {
        let kept = text.chars().filter(|char| !char.is_whitespace() && !char.is_control() && *char != '/');
        // With the policy's name it has 56 characters at most.
        format!("vm{}z", kept.take(24).collect::<String>())
    })
}

fn sources() -> impl Strategy<Value = Map<String, Value>> {
    let source = select(vec!["*", "10.20.0.7", "10.20.0.0/16", "198.51.100.4", "192.0.2.0/25"]);
    let plural = vec(source.clone(), 1..4).prop_map(|mut list| {
        list.sort_unstable();
        list.dedup();
        json!({ "allowedSourceAddressPrefixes": list })
    });
    prop_oneof![source.prop_map(|one| json!({ "allowedSourceAddressPrefix": one })), plural]
        .prop_map(|value| value.as_object().expect("an object").clone())
}

/// Ports by number, so that none comes twice.
fn ports<P: Strategy<Value = Map<String, Value>>>(port: P) -> impl Strategy<Value = Value> {
    proptest::collection::btree_map(1..=65535_u16, port, 1..4).prop_map(|ports| {
        let rule = |(number, mut rest): (u16, Map<String, Value>)| {
            rest.insert("number".into(), number.into());
            Value::Object(rest)
        };
        Value::Array(ports.into_iter().map(rule).collect())
    })
}

fn machines<P: Strategy<Value = Value>>(ports: P, firewall: bool) -> impl Strategy<Value = Value> {
    let address =
        option::weighted(0.2, Just("198.51.100.9")).prop_map(move |address| address.filter(|_| firewall));
    proptest::collection::btree_map(name(), (ports, address), 1..4).prop_map(|machines| {
        let machine = |(at, (name, (ports, address))): (usize, (String, (Value, Option<&str>)))| {
            let id = format!(
                "/subscriptions/b1f6f1d4-3c55-4f0e-9c1e-6a2f0f4d9d10/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/{at}{name}"
            );
            let mut machine = json!({ "id": id, "ports": ports });
            if let Some(address) = address {
                machine["publicIpAddress"] = address.into();
            }
            machine
        };
        Value::Array(machines.into_iter().enumerate().map(machine).collect())
    })
}

fn policy() -> impl Strategy<Value = Value> {
    let length = select(vec!["PT3H", "PT1H30M", "PT90M", "PT24H"]);
    let protocol = select(vec!["TCP", "UDP", "*"]);
    let rule = (sources(), protocol, length).prop_map(|(mut rule, protocol, length)| {
        rule.insert("protocol".into(), protocol.into());
        rule.insert("maxRequestAccessDuration".into(), length.into());
        rule
    });
    (option::of(literal()), machines(ports(rule), true)).prop_map(|(kind, machines)| {
        let mut policy = json!({ "properties": { "virtualMachines": machines } });
        if let Some(kind) = kind {
            policy["kind"] = kind.into();
        }
        policy
    })
}

fn request() -> impl Strategy<Value = Value> {
    let until = select(vec![
        ("endTimeUtc", "2026-01-15T14:00:00.1234567Z"),
        ("duration", "PT3H"),
        ("duration", "PT1H30M"),
        ("duration", "PT330S"),
    ]);
    let port = (option::weighted(0.8, sources()), until).prop_map(|(sources, (name, value))| {
        let mut port = sources.unwrap_or_default();
        port.insert(name.into(), value.into());
        port
    });
    (option::of(hostile()), machines(ports(port), false)).prop_map(|(justification, machines)| {
        let mut request = json!({ "virtualMachines": machines });
        if let Some(justification) = justification {
            request["justification"] = justification.into();
        }
        request
    })
}

/// Where the policy is, as far as somebody says it.
fn place() -> impl Strategy<Value = [Option<String>; 4]> {
    let short = |text: String| text.chars().take(24).collect::<String>();
    let part = || option::weighted(0.8, hostile().prop_map(move |text| format!("p{}", short(text))));
    [part(), part(), part(), part()]
}

fn converted(document: &Value, to: Format, place: &[Option<String>; 4]) -> Conversion<'static> {
    let [subscription, resource_group, location, name] = [0, 1, 2, 3].map(|at| place[at].as_deref());
    let place = Place { subscription, resource_group, location, name };
    let text = document.to_string();
    let conversion =
        convert(text.as_bytes(), to, &Options { check: CheckOptions::default(), place, endpoint: None });
    let report = jitgate_core::Report { text: String::new().into(), ..conversion.report };
    Conversion { report, outcome: conversion.outcome }
}

fn text(document: &Value, to: Format, place: &[Option<String>; 4]) -> String {
    let conversion = converted(document, to, place);
    conversion.outcome.unwrap_or_else(|reasons| panic!("{reasons:?} for {document}")).text
}

/// The one call that is due.
fn expected(document: &Value, to: Format, place: &[Option<String>; 4]) -> Call {
    let names = ["subscriptionid", "resourcegroupname", "location", "policyname"];
    let mut given = place.clone();
    // A region's name has small letters and no spaces.
    given[2] = given[2].take().map(|location| location.replace(' ', "").to_ascii_lowercase());
    let parts: [String; 4] =
        [0, 1, 2, 3].map(|at| given[at].clone().unwrap_or_else(|| format!("<{}>", names[at])));
    let place = match to {
        Format::Json => String::new(),
        Format::Arm | Format::Bicep => format!("{}/{}", parts[2], parts[3]),
        _ => policy_id([&parts[0], &parts[1], &parts[2], &parts[3]]),
    };
    Call { place, body: document.clone() }
}

/// What the cmdlets lack is said in another way, which means the same.
fn for_cmdlet(document: &Value) -> Value {
    let mut body = document.clone();
    let machines = |body: &Value| -> Vec<Value> {
        let machines = body.get("virtualMachines").or_else(|| body["properties"].get("virtualMachines"));
        machines.and_then(Value::as_array).cloned().unwrap_or_default()
    };
    if body.get("properties").is_some() {
        let firewall = machines(&body).iter().any(|machine| machine.get("publicIpAddress").is_some());
        if body.get("kind").is_none() && !firewall {
            body["kind"] = "Basic".into();
        }
        return body;
    }
    let several =
        |port: &Value| port["allowedSourceAddressPrefixes"].as_array().is_some_and(|list| list.len() > 1);
    let any_several = machines(&body)
        .iter()
        .any(|machine| machine["ports"].as_array().is_some_and(|ports| ports.iter().any(several)));
    if any_several || body.get("justification").is_some() {
        return body;
    }
    for machine in body["virtualMachines"].as_array_mut().expect("machines") {
        for port in machine["ports"].as_array_mut().expect("ports") {
            let port = port.as_object_mut().expect("a port");
            if let Some(Value::Array(list)) = port.remove("allowedSourceAddressPrefixes") {
                port.insert("allowedSourceAddressPrefix".into(), list[0].clone());
            }
            if let Some(duration) = port.remove("duration") {
                let end = match duration.as_str() {
                    Some("PT3H") => "[DateTime]::UtcNow.AddHours(3)",
                    Some("PT1H30M") => "[DateTime]::UtcNow.AddMinutes(90)",
                    Some("PT330S") => "[DateTime]::UtcNow.AddSeconds(330)",
                    other => panic!("{other:?}"),
                };
                port.insert("endTimeUtc".into(), end.into());
            }
        }
    }
    body
}

/// `hcl-rs` takes an escaped `$` for one that is not, and reads `$${` as `${`; Terraform itself is asked below.
fn beyond_hcl_rs(to: Format, text: &str) -> bool {
    to == Format::Terraform && (text.contains("\\u0024{") || text.contains("\\u0025{"))
}

/// What Terraform says; none where it is not installed.
fn terraform(folder: &Path, words: &[&str], input: &str) -> Option<Output> {
    let mut command = Command::new("terraform");
    command.args(words).current_dir(folder).env("TF_CLI_CONFIG_FILE", "/dev/null");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("a question");
    Some(child.wait_with_output().expect("an end"))
}

#[test]
fn terraform_itself_reads_the_same() {
    let names = [
        "$${",
        "$$${",
        "%%{",
        "a$${b}",
        "${a}",
        "%{a}",
        "$$",
        "$%{",
        "${$${",
        "\u{202e}$${",
        "\"\\${",
        "😀%%%{",
    ];
    let policy = json!({ "properties": { "virtualMachines": [] } });
    let folder = tempfile::tempdir().expect("a folder");
    for name in names {
        let known = [Some("s".into()), Some("g".into()), Some("l".into()), Some(name.to_owned())];
        let code = text(&policy, Format::Terraform, &known);
        let line = code.lines().find_map(|line| line.trim().strip_prefix("name      = ")).expect("a name");
        fs::write(folder.path().join("name.tf"), format!("locals {{\n  name = {line}\n}}\n"))
            .expect("a file");
        let Some(formatted) = terraform(folder.path(), &["fmt", "-check", "-"], &code) else {
            // Past what keeps the output of tests that pass.
            writeln!(io::stdout(), "skipped: the names that Terraform itself reads, for want of `terraform`")
                .expect("an output");
            return;
        };
        assert!(formatted.status.success(), "`terraform fmt` would change this: {code}");
        let answer = terraform(folder.path(), &["console"], "base64encode(local.name)").expect("an answer");
        let answer = String::from_utf8(answer.stdout).expect("UTF-8");
        let decoded = BASE64_STANDARD.decode(answer.trim().trim_matches('"')).expect("an answer");
        assert_eq!(String::from_utf8(decoded).as_deref(), Ok(name), "{line}");
    }
}

fn config() -> ProptestConfig {
    let cases = std::env::var("JITGATE_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn policies_make_the_same_call(policy in policy(), place in place()) {
        for to in Format::ALL {
            let text = text(&policy, to, &place);
            let mut due = expected(&policy, to, &place);
            if to == Format::PowerShell {
                due.body = for_cmdlet(&policy);
            }
            if !beyond_hcl_rs(to, &text) {
                prop_assert_eq!(calls(to, &text), vec![due], "{}\n{}", to.as_str(), text);
            }
        }
    }

    #[test]
    fn requests_make_the_same_call(request in request(), place in place()) {
        for to in Format::ALL {
            if matches!(to, Format::Arm | Format::Bicep) {
                let reasons = converted(&request, to, &place).outcome.expect_err("a request is no resource");
                prop_assert!(reasons[0].contains("an action, not a resource"), "{:?}", reasons);
                continue;
            }
            let text = text(&request, to, &place);
            let mut due = expected(&request, to, &place);
            if to == Format::PowerShell {
                due.body = for_cmdlet(&request);
            }
            if !beyond_hcl_rs(to, &text) {
                prop_assert_eq!(calls(to, &text), vec![due], "{}\n{}", to.as_str(), text);
            }
        }
    }

    #[test]
    fn several_policies_make_a_call_each(policies in vec(policy(), 2..4), mut place in place()) {
        place[3] = None;
        let list = json!({ "value": policies });
        for to in Format::ALL {
            let text = text(&list, to, &place);
            if beyond_hcl_rs(to, &text) {
                continue;
            }
            let found = calls(to, &text);
            if to == Format::Json {
                prop_assert_eq!(&found[0].body["value"].as_array().map(Vec::len), &Some(policies.len()));
                continue;
            }
            prop_assert_eq!(found.len(), policies.len());
            for (found, policy) in found.iter().zip(&policies) {
                let machines = &policy["properties"]["virtualMachines"];
                prop_assert_eq!(&found.body["properties"]["virtualMachines"], machines);
            }
            // None takes the place of another.
            for (at, one) in found.iter().enumerate() {
                prop_assert!(found[..at].iter().all(|other| other.place != one.place), "{}", one.place);
            }
        }
    }
}
