//! Cases of family 1 beyond the examples on the pages.

use crate::rules_document_support::{REST, SOURCE, expect, fixed, found, policy, rule};
use crate::support::VM;

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

/// One letter makes either name of sources of this: the value tells which.
#[test]
fn a_misspelt_name_of_sources_is_told_by_its_value() {
    let port = |member: &str| policy(&format!(r#""ports":[{{"number":22,{REST},{member}}}]"#));
    for (member, right) in [
        (r#""allowedSourceAddressPrefixs":["10.20.0.7"]"#, "`allowedSourceAddressPrefixes`"),
        (r#""allowedSourceAddressPrefixs":["10.20.0.7","10.20.0.9"]"#, "`allowedSourceAddressPrefixes`"),
        (r#""allowedSourceAddressPrefixs":"10.20.0.7""#, "`allowedSourceAddressPrefix`"),
    ] {
        expect(&port(member), &["JIT110"]);
        assert!(found(&port(member))[0].message.ends_with(&format!("{right} is")), "{member}");
        assert_eq!(fixed(&port(member)), port(member));
    }
    assert_eq!(
        fixed(&port(r#""sourceAddressPrefix":["10.20.0.7"]"#)),
        port(r#""allowedSourceAddressPrefixes":["10.20.0.7"]"#)
    );
    expect(&port(r#""AllowedSourceAddressPrefix":["10.20.0.7"]"#), &["JIT110", "JIT312"]);
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
