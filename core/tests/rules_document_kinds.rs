//! What documents are taken for: whole ones, and what stands in or behind others.

use crate::rules_document_support::{REST, expect, fixed, found, kind, rule};
use crate::support::VM;
use crate::support::scripts::{RULE, policy};
use jitgate_core::{CheckOptions, Kind, check};

/// Who says that it tells of a network is told that it does not, and not what a policy has.
#[test]
fn a_policy_is_no_network() {
    let options = CheckOptions { kind: Some(Kind::Network), ..CheckOptions::default() };
    let policy = rule(&format!(r#""number":22,{REST}"#));
    let [one] = &check(policy.as_bytes(), &options).diagnostics[..] else { panic!("one finding") };
    assert_eq!((one.code.id(), &*one.message), ("JIT107", "this tells of no network"));
    assert!(!one.help.contains("properties"), "{}", one.help);
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

/// A batch of calls sends what the method and the address of each say.
#[test]
fn what_a_batch_sends_is_what_its_calls_say() {
    const PLACE: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default";
    let put = |more: &str| format!(r#""httpMethod":"PUT","url":"{PLACE}{more}""#);
    let post =
        |more: &str| format!(r#""httpMethod":"POST","url":"https://management.azure.com{PLACE}{more}""#);
    let policy = rule(r#""number":22,"protocol":"TCP","maxRequestAccessDuration":"PT30H""#);
    let properties =
        policy.strip_prefix(r#"{"kind":"Basic","properties":"#).and_then(|text| text.strip_suffix('}'));
    let request = format!(
        r#"{{"virtualMachines":[{{"id":"{VM}","ports":[{{"number":22,"allowedSourceAddressPrefix":"10.20.0.7","duration":"PT30H"}}]}}],"justification":"x"}}"#
    );
    let deployment = format!(r#"{{"properties":{{"template":{{"resources":[{policy}]}}}}}}"#);
    let cases = [
        (vec![(put(""), &*policy)], Kind::Policy, vec!["JIT403"]),
        (vec![(put("?api-version=2020-01-01"), &policy)], Kind::Policy, vec!["JIT403"]),
        (vec![(format!(r#""url":"{PLACE}""#), &policy)], Kind::Policy, vec!["JIT403"]),
        (vec![(r#""httpMethod":"PUT""#.into(), &policy)], Kind::Policy, vec!["JIT403"]),
        (vec![(put(""), properties.expect("properties"))], Kind::Policy, vec!["JIT113", "JIT403"]),
        (vec![(put(""), "{}")], Kind::Policy, vec!["JIT111"]),
        (vec![(post("/initiate?api-version=2020-01-01"), &request)], Kind::Request, vec!["JIT604"]),
        (vec![(post("/initiate"), &policy)], Kind::Request, vec!["JIT109", "JIT109", "JIT111"]),
        (vec![(post("/initiate"), &request), (put(""), &policy)], Kind::Template, vec!["JIT604", "JIT403"]),
        (vec![(post("x/start"), "{}"), (put(""), &policy)], Kind::Policy, vec!["JIT403"]),
        (
            vec![(put("").replace("jitNetworkAccessPolicies", "deployments"), &deployment)],
            Kind::Template,
            vec!["JIT403"],
        ),
        (vec![(put("").replace("jitNetworkAccessPolicies", "x"), "{}")], Kind::Unknown, vec!["JIT107"]),
    ];
    for (calls, expected, codes) in cases {
        let calls: Vec<_> =
            calls.iter().map(|(call, content)| format!(r#"{{"content":{content},{call}}}"#)).collect();
        let batch = format!(r#"{{"requests":[{{"httpMethod":"GET","url":"{PLACE}"}},{}]}}"#, calls.join(","));
        let mut given: Vec<_> = found(&batch).iter().map(|one| one.code.id()).collect();
        given.sort_unstable();
        let mut codes = codes;
        codes.sort_unstable();
        assert_eq!((kind(&batch), given), (expected, codes), "{batch}");
    }
}

#[test]
fn properties_under_another_name_are_not_wrapped() {
    let machines = format!(
        r#"{{"virtualMachines":[{{"id":"{VM}","ports":[{{"number":22,"allowedSourceAddressPrefix":"10.20.0.7",{REST}}}]}}]}}"#
    );
    for (name, codes, whole) in [
        ("propertes", &["JIT110"][..], "propertes"),
        ("proprties", &["JIT110"], "proprties"),
        ("PROPERTIES", &["JIT110"], "properties"),
        ("props", &["JIT110"], "properties"),
        ("Property", &["JIT110"], "properties"),
        ("config", &["JIT111", "JIT109"], "config"),
    ] {
        let policy = |name: &str| format!(r#"{{"kind":"Basic","{name}":{machines}}}"#);
        expect(&policy(name), codes);
        assert_eq!((kind(&policy(name)), fixed(&policy(name))), (Kind::Policy, policy(whole)), "{name}");
    }
    let bare = |name: &str| format!(r#"{{"{name}":{machines}}}"#);
    assert_eq!((kind(&bare("propertes")), fixed(&bare("propertes"))), (Kind::Policy, bare("propertes")));
    // What something else holds is put into nothing; what a list holds is.
    expect(&bare("jit"), &["JIT113"]);
    assert_eq!(fixed(&bare("jit")), bare("jit"));
    let listed = format!(r#"{{"value":[{machines}]}}"#);
    assert_eq!(fixed(&listed), format!(r#"{{"value":[{{"kind": "Basic", "properties": {machines}}}]}}"#));
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

/// As Windows PowerShell's `>` writes text.
#[test]
fn what_is_sent_to_nobody_may_be_utf16() {
    let said = |text: &str| {
        let bytes: Vec<u8> =
            [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let report = check(&bytes, &CheckOptions::default());
        (report.kind, report.diagnostics.iter().map(|one| one.code.id()).collect::<Vec<_>>())
    };
    let network = r#"[{"type": "Microsoft.Network/virtualNetworks", "id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v", "name": "v", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": []}]"#;
    assert_eq!(said(network), (Kind::Network, vec![]));
    let machines = format!("@{{ id = '{VM}'; ports = @{{ number = 22; {RULE} }} }}");
    assert_eq!(said(&policy("$x = 1", &machines)), (Kind::Policy, vec![]));
    assert_eq!(said(r#"{"virtualMachines": []}"#).1.first(), Some(&"JIT102"));
}

#[test]
fn names_begin_with_capitals_only_where_powershell_prints_a_policy() {
    let port = r#""Number":22,"Protocol":"TCP","AllowedSourceAddressPrefix":"10.20.0.0/16","MaxRequestAccessDuration":"PT3H""#;
    let printed =
        |id: &str, port: &str| format!(r#"{{{id}"VirtualMachines":[{{"Id":"{VM}","Ports":[{{{port}}}]}}]}}"#);
    let id = VM.replace("Microsoft.Compute", "Microsoft.Security/locations/westeurope");
    let id = format!(r#""Id":"{}","#, id.replace("virtualMachines", "jitNetworkAccessPolicies"));
    expect(&printed(&id, port), &["JIT113"]);
    expect(&format!("[{},{}]", printed(&id, port), printed(&id, port)), &["JIT113", "JIT113", "JIT516"]);
    // Other spellings are none of PowerShell's, and the service takes none of them.
    expect(&printed(&id, &port.replace("Number", "NUMBER")), &["JIT113", "JIT110"]);
    expect(&printed(&id, &port.replace(r#""Protocol""#, r#""number":23,"Protocol""#)), &["JIT113", "JIT110"]);
    expect(
        &printed("", port),
        &["JIT113", "JIT110", "JIT110", "JIT110", "JIT110", "JIT110", "JIT110", "JIT110"],
    );
    let whole = format!(r#"{{"Properties":{{"VirtualMachines":[{{"Id":"{VM}","Ports":[{{{port}}}]}}]}}}}"#);
    assert!(
        found(&whole).iter().filter(|found| found.code.id() == "JIT110").count() > 7,
        "{:#?}",
        found(&whole)
    );
}

/// `Get-AzResource -ExpandProperties | ConvertTo-Json` prints the resource with capitals, and what is in it as it is.
#[test]
fn a_resource_as_powershell_prints_it_is_decided() {
    let properties = |policy: &str| {
        let text =
            policy.strip_prefix(r#"{"kind":"Basic","properties":"#).and_then(|text| text.strip_suffix('}'));
        text.expect("properties").to_owned()
    };
    let inner = properties(&rule(&format!(r#""number":22,{REST}"#)));
    let id = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default";
    let printed = |first: &str, inner: &str| {
        format!(
            r#"{{{first}"Id":"{id}","Kind":"Basic","Location":"westeurope","Name":"default","Plan":null,
            "Type":"Microsoft.Security/locations/jitNetworkAccessPolicies","Properties":{inner}}}"#
        )
    };
    let first = format!(r#""ResourceId":"{id}","ResourceGroupName":"rg","#);
    let whole = printed(&first, &inner);
    expect(&whole, &["JIT109", "JIT109"]);
    expect(&format!("[{whole}]"), &["JIT109", "JIT109"]);
    let asked = format!(
        r#"{{"virtualMachines":[{{"id":"{VM}","ports":[{{"number":22,"allowedSourceAddressPrefix":"10.20.0.7","duration":"PT1H"}}]}}]}}"#
    );
    let context = jitgate_core::decide::Context {
        now: jitgate_core::Timestamp::parse(crate::support::NOW).expect("a time"),
        caller_address: None,
    };
    let decision = jitgate_core::decide(whole.as_bytes(), asked.as_bytes(), &context);
    assert_eq!(decision.grants.first().and_then(|grant| grant.policy.as_deref()), Some(id), "{decision:#?}");
    // Inside, and in any other document, these names are wrong.
    let count = |text: &str| found(text).iter().filter(|one| one.code.id() == "JIT110").count();
    assert_eq!(count(&printed(&first, &inner.replace("ports", "Ports"))), 1);
    assert_eq!(count(&printed("", &inner)), 6);
}
