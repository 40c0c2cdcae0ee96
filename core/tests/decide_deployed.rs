//! What stands in a template, a plan, a state or a what-if beside what is deployed: it grants nothing, and is no policy.

use crate::decide_support::context;
use crate::support::VM;
use jitgate_core::decide::decide;
use jitgate_core::{CheckOptions, check};
use serde_json::{Value, json};

const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

fn machines(port: u16) -> Value {
    let rule = json!({"number": port, "protocol": "TCP", "allowedSourceAddressPrefix": "10.0.0.0/8", "maxRequestAccessDuration": "PT3H"});
    json!([{"id": VM, "ports": [rule]}])
}

fn properties(port: u16) -> Value {
    json!({"virtualMachines": machines(port)})
}

fn policy(port: u16) -> Value {
    json!({"kind": "Basic", "properties": properties(port)})
}

/// What is masked of a policy: each value, or none.
fn mask(of: &Value) -> Value {
    json!({"body": {"properties": {"virtualMachines": [{"ports": [of]}]}}})
}

/// A template with one policy, and more members.
fn template(properties: &Value, more: &Value) -> Value {
    let mut template = json!({"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": [{
        "type": "Microsoft.Security/locations/jitNetworkAccessPolicies", "apiVersion": "2020-01-01",
        "name": "westeurope/default", "kind": "Basic", "properties": properties,
    }]});
    template.as_object_mut().expect("an object").extend(more.as_object().expect("members").clone());
    template
}

fn values(of: &Value) -> Value {
    json!({"root_module": {"resources": [{"type": "azapi_resource", "values": of, "sensitive_values": mask(&json!({}))}]}})
}

/// A plan as `terraform show -json` prints it.
fn plan(before: &Value, after: &Value, unknown: &Value) -> Value {
    let masks = mask(&json!({}));
    json!({
        "format_version": "1.2", "terraform_version": "1.9.0",
        "variables": {"old": {"value": before}},
        "planned_values": {"outputs": {"all": {"value": after}}, "root_module": values(after)["root_module"]},
        "resource_drift": [{"change": {"actions": ["update"], "before": policy(9), "after": before}}],
        "resource_changes": [{"type": "azapi_resource", "change": {
            "actions": ["update"], "before": before, "after": after, "after_unknown": unknown,
            "before_sensitive": masks, "after_sensitive": masks,
        }}],
        "prior_state": {"format_version": "1.0", "values": values(before)},
        "configuration": {"root_module": {"resources": [{"expressions": {"body": {"constant_value": after["body"]}}}]}},
    })
}

fn body(port: u16) -> Value {
    json!({"type": "Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01", "body": policy(port)})
}

fn change(kind: &str, before: &Value, after: &Value) -> Value {
    let delta = json!([{"path": "properties", "propertyChangeType": "Modify", "before": properties(22), "after": properties(22)}]);
    json!({"status": "Succeeded", "changes": [{"changeType": kind, "before": before, "after": after, "delta": delta}]})
}

/// The same as the API answers it, where `az` and PowerShell show what is in its `properties`.
fn answered(kind: &str, before: &Value, after: &Value) -> Value {
    let changes = &change(kind, before, after)["changes"];
    json!({"status": "Succeeded", "properties": {"correlationId": "x", "changes": changes}})
}

/// What is said of the document, and the reasons against a request for each of two ports.
#[track_caller]
fn expect(document: &Value, said: &[&str], on_22: &[&str], on_3389: &[&str]) {
    let text = document.to_string();
    let report = check(text.as_bytes(), &CheckOptions::default());
    let codes: Vec<_> = report.diagnostics.iter().map(|one| one.code.id()).collect();
    assert_eq!(codes, said, "{text}");
    for (port, expected) in [(22, on_22), (3389, on_3389)] {
        let asked = json!({"virtualMachines": [{"id": VM, "ports": [{"number": port, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}]}], "justification": "x"});
        let decision = decide(text.as_bytes(), asked.to_string().as_bytes(), &context(None));
        let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect();
        assert_eq!(codes, expected, "{port}: {text}");
        assert_eq!(decision.grants.len(), usize::from(expected.is_empty()), "{text}");
    }
}

#[test]
fn what_is_deployed_counts_and_nothing_else() {
    let with = |more: Value| template(&properties(3389), &more);
    let nested = json!({"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": [{
        "type": "Microsoft.Resources/deployments", "name": "inner", "properties": {
            "parameters": {"old": {"value": policy(22)}}, "template": with(json!({"variables": {"old": policy(22)}})),
        },
    }]});
    let instance = json!({"id": "x", "input": {"value": policy(3389)}, "output": {"value": policy(3389)}});
    for document in [
        with(json!({"variables": {"old": policy(22)}})),
        with(json!({"variables": {"old": {"deeper": properties(22)}}})),
        with(json!({"parameters": {"old": {"type": "object", "defaultValue": policy(22)}}})),
        with(json!({"metadata": {"old": policy(22)}})),
        with(json!({"outputs": {"old": {"type": "object", "value": policy(22)}}})),
        with(json!({"outputs": {"same": {"type": "object", "value": properties(3389)}}})),
        nested,
        plan(&body(22), &body(3389), &json!({"id": true, "output": true})),
        plan(&body(22), &body(3389), &mask(&json!({"number": false}))),
        // What an older program or a part of a plan has.
        json!({"planned_values": values(&body(3389))}),
        json!({"format_version": "1.0", "values": values(&body(3389))}),
        json!({"version": 4, "outputs": {"old": {"value": policy(22)}}, "resources": [{"instances": [{"attributes": instance}]}]}),
        json!({"resource": {"azapi_resource": {"jit": body(3389)}}, "locals": {"old": policy(22)}, "variable": {"old": {"default": policy(22)}}}),
        change("Modify", &policy(22), &policy(3389)),
        answered("Modify", &policy(22), &policy(3389)),
        // What deploys a template.
        json!({"properties": {"mode": "Incremental", "template": with(json!({})), "parameters": {"old": {"value": policy(22)}}}}),
        change("NoChange", &policy(22), &policy(3389)),
        change("NoChange", &policy(3389), &Value::Null),
        change("Ignore", &policy(3389), &Value::Null),
        json!({"deployment": {"resources": [{
            "type": "azure-native:security:JitNetworkAccessPolicy",
            "inputs": {"kind": "Basic", "resourceGroupName": "rg", "virtualMachines": machines(3389)},
            "outputs": {"kind": "Basic", "type": "x", "virtualMachines": machines(22)},
        }]}}),
    ] {
        expect(&document, &[], &["JIT622"], &[]);
    }
}

#[test]
fn what_is_gone_or_only_told_of_grants_nothing() {
    for document in [
        plan(&body(22), &Value::Null, &json!({})),
        change("Delete", &policy(22), &Value::Null),
        answered("Delete", &policy(22), &Value::Null),
        json!({"$schema": "deploymentParameters.json#", "contentVersion": "1.0.0.0", "parameters": {"jit": {"value": properties(22)}}}),
        json!({"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": [], "variables": {"jit": policy(22)}}),
    ] {
        expect(&document, &[], &["JIT628"], &["JIT628"]);
    }
}

/// What a template computes the whole policy from, or a plan knows in part, may allow anything.
#[test]
fn what_is_not_known_is_not_granted() {
    let parameter = json!({"parameters": {"p": {"type": "object", "defaultValue": properties(22)}}});
    let deeper = json!({"variables": {"p": {"jit": properties(22)}}});
    for (expression, more) in [
        ("[variables('p')]", json!({"variables": {"p": properties(22)}})),
        ("[parameters('p')]", parameter),
        ("[variables('p').jit]", deeper),
        ("[variables('p').properties]", json!({"variables": {"p": policy(22)}})),
    ] {
        let document = template(&json!(expression), &more);
        expect(&document, &["JIT116"], &["JIT627"], &["JIT627"]);
    }
    // A plan leaves out what it does not know.
    for missing in ["number", "allowedSourceAddressPrefix", "protocol", "maxRequestAccessDuration"] {
        let mut after = body(22);
        let rule = after.pointer_mut("/body/properties/virtualMachines/0/ports/0").expect("a rule");
        rule.as_object_mut().expect("an object").remove(missing);
        let document = plan(&Value::Null, &after, &mask(&json!({missing: true})));
        let said: &[_] = if missing == "allowedSourceAddressPrefix" { &["JIT304"] } else { &[] };
        expect(&document, said, &["JIT627"], &["JIT627"]);
    }
}

/// What is wrong with a part of what is deployed is wrong wherever it stands; what was is past.
#[test]
fn parts_are_checked() {
    let long = |port| {
        let text = policy(port).to_string().replace("PT3H", "PT30H");
        serde_json::from_str::<Value>(&text).expect("JSON")
    };
    let codes = |document: &Value| {
        let text = document.to_string();
        let report = check(text.as_bytes(), &CheckOptions::default());
        report.diagnostics.iter().map(|one| one.code.id()).collect::<Vec<_>>()
    };
    let with = |more: Value| codes(&template(&json!("[variables('p')]"), &more));
    assert_eq!(with(json!({"variables": {"p": long(22)["properties"]}})), ["JIT116", "JIT403"]);
    assert_eq!(with(json!({"variables": {"p": long(22)}})), ["JIT116", "JIT403"]);
    assert_eq!(with(json!({"metadata": {"p": long(22)}})), ["JIT116"]);
    let parameters = json!({"contentVersion": "1.0.0.0", "parameters": {"p": {"value": long(22)}}});
    assert_eq!(codes(&parameters), ["JIT403"]);
    assert_eq!(codes(&change("Modify", &long(22), &policy(22))), Vec::<&str>::new());
    assert_eq!(codes(&change("Modify", &policy(22), &long(22))), ["JIT403"]);
}

/// No code puts what is not deployed.
#[test]
fn no_code_is_made_of_it() {
    use jitgate_core::convert::{Format, Options, convert};
    for document in [
        template(&properties(3389), &json!({"variables": {"old": policy(22)}})),
        plan(&body(22), &body(3389), &json!({})),
    ] {
        let text = document.to_string();
        let written = convert(text.as_bytes(), Format::Json, &Options::default()).outcome.expect("code").text;
        let written: Value = serde_json::from_str(&written).expect("one policy");
        assert_eq!(written["properties"], properties(3389), "{text}");
    }
}
