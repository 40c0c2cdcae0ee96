//! Cases of family 1 beyond the examples on the pages.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use jitgate_core::diagnostic::{Diagnostic, fix};
use jitgate_core::{CheckOptions, Kind, check};
use support::VM;

/// A policy with one machine that holds these members beside its id.
fn policy(machine: &str) -> String {
    format!(r#"{{"kind":"Basic","properties":{{"virtualMachines":[{{"id":"{VM}",{machine}}}]}}}}"#)
}

/// A policy with one port rule that holds these members beside its source.
fn rule(members: &str) -> String {
    policy(&format!(r#""ports":[{{"allowedSourceAddressPrefix":"10.20.0.0/16",{members}}}]"#))
}

fn found(document: &str) -> Vec<Diagnostic> {
    check(document.as_bytes(), &CheckOptions::default()).diagnostics
}

#[track_caller]
fn expect(document: &str, codes: &[&str]) {
    let found = found(document);
    let given: Vec<_> = found.iter().map(|diagnostic| diagnostic.code.id()).collect();
    assert_eq!(given, codes, "{document}\n{found:#?}");
}

/// What the safe fixes make of a document.
fn fixed(document: &str) -> String {
    fix::apply_safe(&check(document.as_bytes(), &CheckOptions::default())).text
}

const SOURCE: &str = r#""allowedSourceAddressPrefix":"10.20.0.0/16""#;
const REST: &str = r#""protocol":"TCP","maxRequestAccessDuration":"PT3H""#;

#[test]
fn names_in_other_spellings() {
    let port = |name: &str| rule(&format!(r#""{name}":22,{REST}"#));
    for name in ["Number", "NUMBER", "port", "portNumber", "port_number", "nubmer", "numbr", "numberOfPorts"]
    {
        expect(&port(name), &["JIT110"]);
    }
    for name in ["Number", "port_number", "numberOfPorts"] {
        assert_eq!(fixed(&port(name)), port("number"), "{name} surely means `number`");
    }
    for name in ["nubmer", "numbr"] {
        assert_eq!(fixed(&port(name)), port(name), "{name} may mean something else");
    }
    // Nothing like it: unknown, and then missing.
    expect(&port("gate"), &["JIT111", "JIT109"]);
}

#[test]
fn a_misspelt_name_beside_the_right_one() {
    let both = |first: &str, second: &str| rule(&format!(r#""{first}":22,"{second}":3389,{REST}"#));
    expect(&both("number", "Number"), &["JIT110"]);
    expect(&both("Number", "number"), &["JIT110"]);
    expect(&both("Number", "NUMBER"), &["JIT110", "JIT110"]);
    expect(&both("number", "port"), &["JIT109"]);
    expect(&both("number", "number"), &["JIT108"]);
    expect(&rule(&format!(r#""number":22,"x":1,"x":2,{REST}"#)), &["JIT109", "JIT108", "JIT109"]);
    // The right name is the one that is read, wherever it stands.
    for members in [r#""Number":70000,"number":22,"#, r#""number":22,"Number":70000,"#] {
        expect(&rule(&format!("{members}{REST}")), &["JIT110"]);
    }
    assert_eq!(fixed(&both("number", "Number")), both("number", "Number"), "no fix makes a duplicate");
}

#[test]
fn values_of_the_wrong_type() {
    for (machine, code) in [
        (r#""ports":"22""#, "JIT112"),
        (r#""ports":22"#, "JIT112"),
        (r#""ports":[null]"#, "JIT112"),
        (r#""ports":[[]]"#, "JIT112"),
        (r#""ports":["System.Collections.Hashtable"]"#, "JIT112"),
        (r#""ports":["@{number=22; protocol=TCP}"]"#, "JIT112"),
        (r#""ports":"System.Object[]""#, "JIT112"),
        (r#""ports":"@{outputs('ports')}""#, "JIT116"),
        (r#""ports":null"#, "JIT111"),
    ] {
        expect(&policy(machine), &[code]);
    }
    expect(&rule(r#""number":[22],"protocol":"TCP","maxRequestAccessDuration":"PT3H""#), &["JIT112"]);
    expect(&rule(r#""number":22,"protocol":6,"maxRequestAccessDuration":"PT3H""#), &["JIT112"]);
    expect(&rule(r#""number":22,"protocol":"TCP","maxRequestAccessDuration":3"#), &["JIT112"]);
}

#[test]
fn one_source_in_place_of_a_list() {
    let list = |value: &str| {
        policy(&format!(r#""ports":[{{"number":22,{REST},"allowedSourceAddressPrefixes":{value}}}]"#))
    };
    assert_eq!(fixed(&list(r#""10.20.0.7""#)), list(r#"["10.20.0.7"]"#));
    assert_eq!(
        fixed(&list(r#""10.20.0.7,10.20.0.9""#)),
        list(r#""10.20.0.7,10.20.0.9""#),
        "a guess is no safe fix"
    );
    let found = found(&list(r#""10.20.0.7, 10.20.0.9""#));
    let fix = found.iter().find_map(|diagnostic| diagnostic.fix.as_ref()).expect("a possible fix");
    assert_eq!(
        fix.edits.iter().map(|edit| edit.new_text.as_str()).collect::<String>(),
        r#"["10.20.0.7", "10.20.0.9"]"#
    );
    expect(&list(r#""office""#), &["JIT112"]);
}

#[test]
fn parts_of_requests() {
    let machine = format!(
        r#"{{"id":"{VM}","ports":[{{"number":22,"duration":"PT1H","allowedSourceAddressPrefix":"10.20.0.7"}}]}}"#
    );
    for (part, whole) in [
        (machine.clone(), format!(r#"{{"virtualMachines": [{machine}]}}"#)),
        (format!("[{machine}]"), format!(r#"{{"virtualMachines": [{machine}]}}"#)),
    ] {
        assert!(found(&part).iter().any(|diagnostic| diagnostic.code.id() == "JIT113"), "{part}");
        assert_eq!(fixed(&part), whole);
    }
}

#[test]
fn a_bare_policy_with_its_envelope_has_no_simple_fix() {
    let bare = format!(r#"{{"kind":"Basic","virtualMachines":[{{"id":"{VM}","ports":[]}}]}}"#);
    assert!(found(&bare).iter().any(|diagnostic| diagnostic.code.id() == "JIT113"));
    assert_eq!(fixed(&bare), bare);
}

#[test]
fn what_a_template_copies_is_not_missing() {
    let template = format!(
        r#"{{"$schema":"x","contentVersion":"1","resources":[{{"type":"Microsoft.Security/locations/jitNetworkAccessPolicies","apiVersion":"2020-01-01","name":"westeurope/default","kind":"Basic","properties":{{"copy":[{{"name":"virtualMachines","count":2,"input":{{"id":"{VM}","ports":[{{"number":22,"allowedSourceAddressPrefix":"10.20.0.0/16",{REST}}}]}}}}]}}}}]}}"#
    );
    expect(&template, &[]);
}

#[test]
fn other_documents() {
    for document in
        ["5", "true", "null", "{}", "[1]", r#"{"value":[{"type":"Microsoft.Storage/storageAccounts"}]}"#]
    {
        expect(document, &["JIT107"]);
    }
    // An availability set has `virtualMachines` too.
    let set = format!(
        r#"{{"type":"Microsoft.Compute/availabilitySets","properties":{{"virtualMachines":[{{"id":"{VM}"}}]}}}}"#
    );
    expect(&set, &["JIT107"]);
    expect("[]", &[]);
    expect(r#"{"value":[],"nextLink":null}"#, &[]);
    expect(r#"{"value":[],"nextLink":""}"#, &[]);
    expect(r#"{"value":[{"properties":{"virtualMachines":[]}},null]}"#, &["JIT120", "JIT112"]);
    for (text, code) in
        [("", "JIT105"), (" \r\n\t", "JIT105"), ("\u{feff}", "JIT105"), ("/* */ // x", "JIT105")]
    {
        expect(text, &[code]);
    }
}

#[test]
fn the_last_finding_says_that_there_are_more() {
    let nulls = |count: usize| {
        let list = vec!["null"; count].join(",");
        format!(r#"{{"kind":"Basic","properties":{{"virtualMachines":[{list}]}}}}"#)
    };
    let last = |document: &str| {
        let found = found(document);
        (found.len(), found.last().expect("findings").code.id())
    };
    assert_eq!(last(&nulls(10_001)), (10_001, "JIT112"));
    assert_eq!(last(&nulls(10_002)), (10_001, "JIT118"));
    assert_eq!(last(&nulls(100_000)), (10_001, "JIT118"));
    assert_eq!(last(&format!("[{}]", ",".repeat(100_000))), (10_001, "JIT118"));
}

#[test]
fn comments_go_and_line_ends_stay() {
    for end in ["\n", "\r\n"] {
        let lines = |lines: [&str; 4]| lines.join(end);
        let (first, last) = (r#"{"kind":"Basic","properties":"#, r#"{"virtualMachines":[]}}"#);
        assert_eq!(
            fixed(&lines([first, "// for now", "# the end", last])),
            lines([first, "", "", last]),
            "{end:?}"
        );
    }
}

fn kind(document: &str) -> Kind {
    check(document.as_bytes(), &CheckOptions::default()).kind
}

#[test]
fn what_a_template_copies_is_judged() {
    let rule =
        |number: u32| format!(r#"{{"number":{number},"allowedSourceAddressPrefix":"10.20.0.0/16",{REST}}}"#);
    let template = |properties: &str| {
        format!(
            r#"{{"$schema":"x","resources":[{{"type":"Microsoft.Security/locations/jitNetworkAccessPolicies","name":"westeurope/default","properties":{{{properties}}}}}]}}"#
        )
    };
    let copy = |name: &str, input: &str| format!(r#""copy":[{{"name":"{name}","count":2,"input":{input}}}]"#);
    let machine = |ports: &str| format!(r#"{{"id":"{VM}",{ports}}}"#);
    let ports = |number| format!(r#""ports":[{}]"#, rule(number));
    for (properties, codes) in [
        (copy("virtualMachines", &machine(&ports(22))), &[][..]),
        (copy("virtualMachines", &machine(&ports(70_000))), &["JIT201"]),
        (copy("VirtualMachines", &machine(&copy("ports", &rule(70_000)))), &["JIT201"]),
        (format!(r#""virtualMachines":[{}]"#, machine(&copy("ports", &rule(70_000)))), &["JIT201"]),
        (copy("virtualMachines", "{}"), &["JIT111", "JIT111"]),
        // Other arrays, and what is computed, are nothing to judge.
        (copy("tags", &machine(&ports(70_000))), &[]),
        (copy("virtualMachines", r#""[variables('machine')]""#), &[]),
    ] {
        expect(&template(&properties), codes);
    }
}

#[test]
fn what_is_inside_a_document_is_what_it_says() {
    let machines = |port: &str| format!(r#""virtualMachines":[{{"id":"{VM}","ports":[{{{port}}}]}}]"#);
    let port = r#""number":22,"allowedSourceAddressPrefix":"10.20.0.7""#;
    // An example of the specification: the answer is a request as it is stored, whose end may have passed.
    let ended = machines(&format!(
        r#"{port},"endTimeUtc":"2018-05-17T09:06:45Z","status":"Revoked","statusReason":"Expired""#
    ));
    let answer = format!(
        r#"{{"responses":{{"202":{{{ended},"startTimeUtc":"2018-05-17T08:06:45Z","requestor":""}}}}}}"#
    );
    assert_eq!((kind(&answer), found(&answer).len()), (Kind::Template, 0), "{:#?}", found(&answer));
    // A policy without its `properties`, and a request that was written after a policy.
    let rules = machines(&format!("{port},{REST}"));
    expect(&format!(r#"{{"jit":{{{rules}}}}}"#), &["JIT113"]);
    let asked = machines(&format!(r#"{port},"protocol":"*","duration":"PT1H""#));
    let request = format!(r#"{{{asked},"justification":"a disk"}}"#);
    assert_eq!(kind(&request), Kind::Request);
    expect(&request, &[]);
    // A reason for it makes no request of a policy.
    assert_eq!(kind(&format!(r#"{{{rules},"justification":"a disk"}}"#)), Kind::Policy);
}

#[test]
fn definitions_of_azure_policy_are_no_policies() {
    let definition = r#"{"properties":{"displayName":"x","policyRule":{"if":{},"then":{}}}}"#;
    assert_eq!(kind(definition), Kind::Unknown);
    expect(definition, &["JIT107"]);
    assert_eq!(kind(r#"{"properties":{}}"#), Kind::Policy);
}

#[test]
fn lines_before_the_document_leave_it_standing() {
    let document = rule(&format!(r#""number":70000,{REST}"#));
    for before in [
        "WARNING: this command is in preview",
        "```json",
        "HTTP/1.1 200 OK\nContent-Type: application/json\n",
        "Built-In policy for web",
        "from the portal:",
        "Log\n[2026-01-01 10:00] start",
    ] {
        let text = format!("{before}\n{document}");
        expect(&text, &["JIT101", "JIT201"]);
        let first = &found(&text)[0];
        assert_eq!(
            (first.range.start.byte, usize::try_from(first.range.end.byte).expect("short")),
            (0, before.trim_end().len()),
            "{before}"
        );
    }
    // A text that lacks its bracket is read to its end.
    expect("virtualMachines: [\n{\n}]", &["JIT101", "JIT101", "JIT111", "JIT111", "JIT101"]);
}

#[test]
fn other_texts_are_named() {
    for (text, words) in [
        (
            "ERROR: (AuthorizationFailed) The client has no authorization\nCode: x",
            "an error that the Azure CLI",
        ),
        ("import json\nbody = {'kind': 'Basic'}\nrun('az rest')", "a program"),
        ("const policy = {\n  kind: 'Basic',\n}", "a program"),
        ("Set-ASCJITAccessPolicy -VM $vm -Port 22", "PowerShell"),
        ("# enable\nGet-AzVM | Out-Null", "PowerShell"),
    ] {
        let found = found(text);
        assert!(found.len() == 1 && found[0].message.contains(words), "{text}\n{found:#?}");
    }
}

#[test]
fn brackets_are_put_around_what_a_list_may_hold() {
    let sources = |value: &str| {
        policy(&format!(r#""ports":[{{"number":22,{REST},"allowedSourceAddressPrefixes":{value}}}]"#))
    };
    assert_eq!(fixed(&sources(r#""10.20.0.0/16""#)), sources(r#"["10.20.0.0/16"]"#));
    for value in ["{}", r#"{"a":1}"#] {
        assert_eq!(fixed(&sources(value)), sources(value));
    }
    assert_eq!(fixed(&policy(r#""ports":"10.20.0.0/16""#)), policy(r#""ports":"10.20.0.0/16""#));
}

#[test]
fn brackets_are_put_around_what_looks_like_an_element() {
    let port = format!(r#"{{"number":22,"allowedSourceAddressPrefix":"10.20.0.0/16",{REST}}}"#);
    assert_eq!(fixed(&policy(&format!(r#""ports":{port}"#))), policy(&format!(r#""ports":[{port}]"#)));
    // A map of ports, an empty object, what PowerShell 5 makes of an array: one word each, and no fix.
    for object in ["{}", &format!(r#"{{"ssh":{port}}}"#), &format!(r#"{{"value":[{port}],"Count":1}}"#)] {
        let document = policy(&format!(r#""ports":{object}"#));
        expect(&document, &["JIT112"]);
        assert_eq!(fixed(&document), document);
        assert_eq!(found(&document)[0].help, "write a list in `[ ]`");
    }
    let machines = format!(r#"{{"properties":{{"virtualMachines":{{"web1":{{"id":"{VM}","ports":[]}}}}}}}}"#);
    expect(&machines, &["JIT112"]);
    assert_eq!(fixed(&machines), machines);
}

#[test]
fn a_list_is_what_any_of_its_elements_says() {
    let port = format!(r#"{{"number":70000,"allowedSourceAddressPrefix":"10.20.0.0/16",{REST}}}"#);
    let machine = |ports: &str| format!(r#"{{"id":"{VM}{}"{ports}}}"#, ports.len());
    let second = machine(&format!(r#","ports":[{port}]"#));
    for first in [machine(r#","ports":[]"#), machine(""), machine(r#","ports":[{"number":22}]"#)] {
        let list = format!("[{first},{second}]");
        assert_eq!(kind(&list), Kind::Policy, "{list}");
        let found = found(&list);
        assert!(found.iter().any(|diagnostic| diagnostic.code.id() == "JIT201"), "{list}\n{found:#?}");
        assert!(found.iter().all(|diagnostic| diagnostic.code.id() != "JIT110"), "{list}\n{found:#?}");
    }
    assert_eq!(kind(&format!(r#"[{{"number":22}},{port}]"#)), Kind::Policy);
    assert_eq!(kind(r#"[{"number":22},{"number":22,"duration":"PT1H"}]"#), Kind::Request);
    // Requests may name the protocol.
    for end in [r#""duration":"PT1H""#, r#""endTimeUtc":"2030-01-01T00:00:00Z""#] {
        let ports = format!(r#"{{"number":22,{end}}},{{"number":22,"protocol":"TCP",{end}}}"#);
        assert_eq!(kind(&format!("[{ports}]")), Kind::Request, "{ports}");
        let machines =
            format!("[{},{}]", machine(r#","ports":[]"#), machine(&format!(r#","ports":[{ports}]"#)));
        assert_eq!(kind(&machines), Kind::Request, "{machines}");
    }
}

#[test]
fn columns_of_resource_graph_are_at_home() {
    let document = rule(&format!(r#""number":22,{REST}"#));
    let columns = r#""tenantId":"6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10","subscriptionId":"6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10","managedBy":"","sku":null,"plan":null,"identity":null,"zones":null,"extendedLocation":null,"tags":null,"resourceGroup":"rg","#;
    let row = document.replacen('{', &format!("{{{columns}"), 1);
    let answer =
        format!(r#"{{"totalRecords":1,"count":1,"data":[{row}],"facets":[],"resultTruncated":"false"}}"#);
    for text in [row.clone(), format!("[{row}]"), format!(r#"{{"value":[{row}]}}"#), answer] {
        expect(&text, &[]);
    }
    // A name that is nearly right is told all the same.
    expect(&document.replace("\"kind\":\"Basic\"", "\"Kind\":null"), &["JIT110"]);
}

#[test]
fn words_before_the_document_leave_it_standing() {
    let document = rule(&format!(r#""number":70000,{REST}"#));
    for before in
        ["DEBUG: ", "body: ", "2026-01-01T00:00:00Z INFO body: ", "policy = ", "Request body {sent}: "]
    {
        expect(&format!("{before}{document}"), &["JIT101", "JIT201"]);
    }
    for before in ["body:", "Request:\nbody:", "Request:\n\nheaders: none\nbody:"] {
        expect(&format!("{before}\n{document}"), &["JIT101", "JIT201"]);
    }
    let long = format!("body: {}", document.replacen('{', "{\n ", 1));
    expect(&long, &["JIT101", "JIT201"]);
    expect("kind: Basic\nproperties:\n  virtualMachines: []", &["JIT106"]);
}

#[test]
fn json_in_a_string_is_told() {
    let document = rule(&format!(r#""number":22,{REST}"#));
    let string = serde_json::to_string(&document).expect("a string");
    for text in [string.clone(), format!(r#"{{"RequestBody":{string}}}"#)] {
        expect(&text, &["JIT107"]);
        assert!(found(&text)[0].message.contains("in a string"), "{text}");
    }
    let query = r#"{"query":"Resources | where type =~ \"Microsoft.Compute/virtualMachines\""}"#;
    expect(query, &["JIT107"]);
    assert!(!found(query)[0].message.contains("in a string"));
}

/// On one line, such a value reaches to the quote of the next string.
#[test]
fn a_value_without_its_closing_quote_ends_at_the_comma() {
    let sources = r#""allowedSourceAddressPrefixes":["10.20.0.7, "10.20.0.0/33"]"#;
    for (members, codes) in [
        (
            format!(r#""number":70000, "protocol": "TCP, "maxRequestAccessDuration": "PT3H", {SOURCE}"#),
            ["JIT201", "JIT101"],
        ),
        (
            format!(r#""protocol":"TCP,"number":70000,"maxRequestAccessDuration":"PT3H",{SOURCE}"#),
            ["JIT101", "JIT201"],
        ),
        (format!(r#""number":22,{REST},{sources}"#), ["JIT101", "JIT321"]),
    ] {
        let document = policy(&format!(r#""ports":[{{{members}}}]"#));
        expect(&document, &codes);
        assert_eq!(fixed(&document), document, "where it ends is a guess");
    }
}
