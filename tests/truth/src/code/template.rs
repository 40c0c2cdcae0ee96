//! A template of Azure Resource Manager: JSON, and the two functions that names are made with.
//! (learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions.)

use serde_json::Value;

use super::{Call, policy, variable};

/// What is deployed.
pub fn calls(source: &str) -> Vec<Call> {
    let template: Value = serde_json::from_str(source).expect("JSON");
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    assert_eq!(template["$schema"], schema);
    assert_eq!(template["contentVersion"], "1.0.0.0");
    let parameters: Vec<&String> = template
        .get("parameters")
        .and_then(Value::as_object)
        .map(|all| all.keys().collect())
        .unwrap_or_default();
    let resources = template["resources"].as_array().expect("resources").iter();
    resources
        .map(|resource| {
            let mut resource = resource.clone();
            evaluate(&mut resource, &parameters);
            assert_eq!(resource["type"], "Microsoft.Security/locations/jitNetworkAccessPolicies");
            assert_eq!(resource["apiVersion"], "2020-01-01");
            let place = resource["name"].as_str().expect("a name").to_owned();
            Call { place, body: policy(resource.get("kind"), &resource["properties"]["virtualMachines"]) }
        })
        .collect()
}

fn evaluate(value: &mut Value, parameters: &[&String]) {
    match value {
        Value::String(text) if text.starts_with('[') && text.ends_with(']') => {
            let inner = &text[1..text.len() - 1];
            *text = if inner.starts_with('[') { text[1..].to_owned() } else { expression(inner, parameters) };
        }
        Value::Array(elements) => elements.iter_mut().for_each(|one| evaluate(one, parameters)),
        Value::Object(members) => members.values_mut().for_each(|one| evaluate(one, parameters)),
        _ => {}
    }
}

/// `concat('a', parameters('b'))`
fn expression(text: &str, parameters: &[&String]) -> String {
    let mut rest = text.strip_prefix("concat(").and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let mut out = String::new();
    loop {
        let call = rest.strip_prefix("parameters(");
        let (word, after) = literal(call.unwrap_or(rest));
        rest = after;
        if call.is_some() {
            assert!(parameters.iter().any(|name| **name == word), "{word} is no parameter");
            out.push_str(&variable(&word));
            rest = rest.strip_prefix(')').expect("an end");
        } else {
            out.push_str(&word);
        }
        match rest.strip_prefix(", ") {
            Some(more) => rest = more,
            None => break,
        }
    }
    assert_eq!(rest, "", "{text}");
    out
}

/// A string in single quotes, in which two are one.
fn literal(text: &str) -> (String, &str) {
    let mut rest = text.strip_prefix('\'').expect("a string");
    let mut out = String::new();
    loop {
        let (before, after) = rest.split_once('\'').expect("an end");
        out.push_str(before);
        match after.strip_prefix('\'') {
            Some(more) => {
                out.push('\'');
                rest = more;
            }
            None => return (out, after),
        }
    }
}
