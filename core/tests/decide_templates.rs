//! Decisions by policies in templates, whose `copy` makes machines and ports.

use crate::support::{NOW, VM};
use jitgate_core::decide::{Context, decide};
use jitgate_core::{CheckOptions, Timestamp, check};
use serde_json::{Value, json};

/// How often a template's `copy` makes something is not known: it grants nothing, and says so.
#[test]
fn what_a_template_may_copy_is_not_granted() {
    let rule = json!({"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"});
    let asked = json!({"virtualMachines": [{"id": VM, "ports": [{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}]}]});
    let context = Context { now: Timestamp::parse(NOW).expect("a time"), caller_address: None };
    for count in [json!(0), json!(2), json!("[length(parameters('vms'))]")] {
        let copy = |name: &str, input: &Value| json!([{"name": name, "count": count, "input": input}]);
        let whole = json!({"copy": copy("virtualMachines", &json!({"id": VM, "ports": [rule]}))});
        let ports = json!({"virtualMachines": [{"id": VM, "copy": copy("ports", &rule)}]});
        for properties in [whole, ports] {
            let policy = json!({"$schema": "x", "resources": [{
                "type": "Microsoft.Security/locations/jitNetworkAccessPolicies",
                "name": "westeurope/default", "properties": properties,
            }]});
            let decision = decide(policy.to_string().as_bytes(), asked.to_string().as_bytes(), &context);
            let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect();
            assert_eq!(codes, ["JIT627"], "{policy}");
        }
    }
}

/// The codes of the reasons; none where it is granted.
fn reasons(policy: &Value, asked: &Value) -> Vec<&'static str> {
    let context = Context { now: Timestamp::parse(NOW).expect("a time"), caller_address: None };
    let decision = decide(policy.to_string().as_bytes(), asked.to_string().as_bytes(), &context);
    assert_eq!(decision.is_granted(), decision.reasons.is_empty());
    decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect()
}

fn asked(port: u16) -> Value {
    json!({"virtualMachines": [{"id": VM, "ports": [{"number": port, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}]}]})
}

/// A policy that a template holds, with a rule for these ports, and with more members.
fn resource(ports: &[u16], more: &Value) -> Value {
    let rule = |port: &u16| json!({"number": port, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"});
    let ports: Vec<_> = ports.iter().map(rule).collect();
    let mut resource = json!({
        "type": "Microsoft.Security/locations/jitNetworkAccessPolicies", "apiVersion": "2020-01-01",
        "name": "westeurope/default", "properties": {"virtualMachines": [{"id": VM, "ports": ports}]},
    });
    let members = resource.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("members").clone());
    resource
}

fn template(resources: &[Value]) -> Value {
    json!({"$schema": "x", "contentVersion": "1.0.0.0", "resources": resources})
}

/// The same in a deployment of its own, which has more members.
fn nested(resource: &Value, more: &Value) -> Value {
    let mut deployment = json!({
        "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "access",
        "properties": {"mode": "Incremental", "template": template(std::slice::from_ref(resource))},
    });
    deployment.as_object_mut().expect("an object").extend(more.as_object().expect("members").clone());
    deployment
}

/// What a template never deploys grants nothing, and what it may deploy is not known.
#[test]
fn what_a_template_may_not_deploy_is_not_granted() {
    let said = |template: &Value| {
        let text = template.to_string();
        let report = check(text.as_bytes(), &CheckOptions::default());
        report.diagnostics.iter().map(|one| one.code.id()).filter(|code| *code < "JIT3").collect::<Vec<_>>()
    };
    for (more, found, refused) in [
        (json!({}), vec![], vec![]),
        (json!({"condition": true}), vec![], vec![]),
        (json!({"condition": null}), vec![], vec![]),
        (json!({"copy": {"name": "all", "count": 1}}), vec![], vec![]),
        (json!({"condition": false}), vec!["JIT120"], vec!["JIT628"]),
        (json!({"copy": {"name": "all", "count": 0}}), vec!["JIT120"], vec!["JIT628"]),
        (json!({"existing": true}), vec!["JIT120"], vec!["JIT628"]),
        (json!({"condition": "[parameters('x')]"}), vec!["JIT116"], vec!["JIT627"]),
        (json!({"copy": {"name": "all", "count": "[parameters('x')]"}}), vec!["JIT116"], vec!["JIT627"]),
        (
            json!({"condition": "[parameters('x')]", "copy": {"name": "all", "count": 0}}),
            vec!["JIT120"],
            vec!["JIT628"],
        ),
    ] {
        for template in [
            template(&[resource(&[22], &more)]),
            template(&[nested(&resource(&[22], &json!({})), &more)]),
            template(&[nested(&nested(&resource(&[22], &json!({})), &json!({})), &more)]),
            json!({"$schema": "x", "contentVersion": "1", "languageVersion": "2.0", "resources": {"policy": resource(&[22], &more)}}),
        ] {
            assert_eq!(said(&template), found, "{template}");
            assert_eq!(reasons(&template, &asked(22)), refused, "{template}");
        }
    }
    // What hangs on nothing is granted beside it.
    let other = nested(
        &resource(&[3389], &json!({"name": "westeurope/other"})),
        &json!({"condition": "[parameters('x')]"}),
    );
    assert_eq!(reasons(&template(&[resource(&[22], &json!({})), other.clone()]), &asked(22)), [""; 0]);
    assert_eq!(reasons(&template(&[other, resource(&[22], &json!({}))]), &asked(3389)), ["JIT627"]);
}

/// Whichever of two is put last replaces the other: which one that is, is not known.
#[test]
fn a_policy_that_a_template_holds_twice_grants_nothing() {
    let named = |name: &str| json!({"name": name});
    let (first, second) = (resource(&[22], &json!({})), resource(&[3389], &named("WestEurope/default")));
    let elsewhere = |group: &str| {
        let text = resource(&[3389], &json!({})).to_string();
        serde_json::from_str::<Value>(&text.replace("/rg/", &format!("/{group}/"))).expect("JSON")
    };
    let mut unknown = resource(&[3389], &json!({}));
    unknown["properties"]["virtualMachines"][0]["id"] = json!("[parameters('vm')]");
    let perhaps = resource(&[3389], &json!({"condition": "[parameters('x')]"}));
    for (resources, refused) in [
        (vec![first.clone(), second.clone()], vec!["JIT627"]),
        (vec![second, first.clone()], vec!["JIT627"]),
        (vec![first.clone(), resource(&[3389], &named("westeurope/other"))], vec![]),
        // Of one name, but in another resource group: another policy.
        (vec![first.clone(), elsewhere("rg2")], vec![]),
        (vec![elsewhere("rg2"), first.clone(), elsewhere("rg2")], vec![]),
        // In which group this one is, or whether it is there at all, is not known.
        (vec![first.clone(), unknown], vec!["JIT627"]),
        (vec![first.clone(), perhaps], vec!["JIT627"]),
    ] {
        let template = template(&resources);
        assert_eq!(reasons(&template, &asked(22)), refused, "{template}");
    }
    let thrice = template(&[first, elsewhere("rg2"), elsewhere("rg2")]);
    let found = check(thrice.to_string().as_bytes(), &CheckOptions::default()).diagnostics;
    assert!(found.iter().any(|one| one.code.id() == "JIT516"), "the second and the third are one: {found:?}");
}

/// A list of which an element is not known may hold anything.
#[test]
fn an_element_that_is_not_known_may_be_any() {
    let rule = |port: u16| json!({"number": port, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"});
    let machine = |ports: &Value| json!({"id": VM, "ports": ports});
    let of = |machines: &Value| {
        let properties = json!({"properties": {"virtualMachines": machines}});
        template(&[resource(&[], &properties)])
    };
    let unknown = "[variables('r')]";
    let other = json!({"id": VM.replace("web1", "other"), "ports": [rule(22)]});
    for (machines, refused) in [
        (json!([machine(&json!([unknown]))]), vec!["JIT627"]),
        (json!([machine(&json!([rule(80), unknown]))]), vec!["JIT627"]),
        (json!([machine(&json!([unknown, rule(22)]))]), vec![]),
        (json!([machine(&json!([rule(80), 5]))]), vec!["JIT112"]),
        (json!([unknown]), vec!["JIT627"]),
        (json!([other, unknown]), vec!["JIT627"]),
        (json!([unknown, machine(&json!([rule(22)]))]), vec![]),
        (json!([unknown, machine(&json!([rule(80)]))]), vec!["JIT627"]),
        (json!([machine(&json!([rule(80)]))]), vec!["JIT622"]),
    ] {
        assert_eq!(reasons(&of(&machines), &asked(22)), refused, "{machines}");
    }
    let script = |first: &str| {
        format!(
            "$p = {first}\nSet-AzJitNetworkAccessPolicy -Kind Basic -Location westeurope -Name a -ResourceGroupName rg \
             -VirtualMachine @(@{{id='{VM}'; ports=@($p)}})"
        )
    };
    let known =
        "@{number=80; protocol='TCP'; allowedSourceAddressPrefix='*'; maxRequestAccessDuration='PT3H'}";
    let context = Context { now: Timestamp::parse(NOW).expect("a time"), caller_address: None };
    for (first, refused) in [("Get-Ports", "JIT627"), (known, "JIT622")] {
        let decision = decide(script(first).as_bytes(), asked(22).to_string().as_bytes(), &context);
        let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect();
        assert_eq!(codes, [refused], "{first}");
    }
}

/// What a request asks for beside what is known keeps all of it from being granted; the rest of it would be.
#[test]
fn an_element_of_a_request_that_is_not_known_is_not_granted() {
    let policy = template(&[resource(&[22], &json!({}))]);
    let context = Context { now: Timestamp::parse(NOW).expect("a time"), caller_address: None };
    let machine = asked(22)["virtualMachines"][0].clone();
    let port = machine["ports"][0].clone();
    let left = "a machine that is not known: left out";
    for (machines, change) in [
        (json!("[variables('r')]"), None),
        (json!(["[variables('r')]"]), None),
        (json!([machine, "[variables('r')]"]), Some(left)),
        (
            json!([{"id": VM, "ports": ["[variables('r')]", port]}]),
            Some("web1: a port that is not known left out"),
        ),
    ] {
        let asked = json!({"virtualMachines": machines, "justification": "x"}).to_string();
        let decision = decide(policy.to_string().as_bytes(), asked.as_bytes(), &context);
        let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect();
        assert_eq!(codes, ["JIT627"], "{asked}");
        let changes = decision.nearest.map(|nearest| nearest.changes);
        assert_eq!(changes, change.map(|change| vec![change.to_string()]), "{asked}");
    }
}
