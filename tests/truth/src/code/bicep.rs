//! Bicep: resources, objects, arrays and strings.
//! (learn.microsoft.com/azure/azure-resource-manager/bicep/data-types, file.)

use serde_json::{Map, Value, json};
use tree_sitter::Node;

use super::tree::{all, children, parse, text};
use super::{Call, policy, variable};

/// What is deployed.
pub fn calls(source: &str) -> Vec<Call> {
    let tree = parse(&tree_sitter_bicep::LANGUAGE.into(), source);
    let symbols: Vec<&str> = all(tree.root_node(), "resource_declaration")
        .into_iter()
        .map(|resource| text(children(resource)[0], source))
        .collect();
    assert!(symbols.iter().enumerate().all(|(at, name)| !symbols[..at].contains(name)), "{symbols:?}");
    let resources = all(tree.root_node(), "resource_declaration");
    resources
        .into_iter()
        .map(|resource| {
            let parts = children(resource);
            let kind = value(parts[1], source);
            assert_eq!(kind, json!("Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01"));
            let resource = value(parts[2], source);
            let place = resource["name"].as_str().expect("a name").to_owned();
            let machines = &resource["properties"]["virtualMachines"];
            Call { place, body: policy(resource.get("kind"), machines) }
        })
        .collect()
}

fn value(node: Node, source: &str) -> Value {
    match node.kind() {
        "object" => {
            let members = children(node).into_iter().map(|member| {
                let parts = children(member);
                (text(parts[0], source).to_owned(), value(parts[1], source))
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        "array" => Value::Array(children(node).into_iter().map(|element| value(element, source)).collect()),
        "number" => json!(text(node, source).parse::<u32>().expect("a number")),
        "identifier" => json!(variable(text(node, source))),
        "string" => json!(string(text(node, source))),
        other => panic!("{other}: {}", text(node, source)),
    }
}

/// What a string says, read strictly: no escape and no character that the language does not know.
fn string(text: &str) -> String {
    let mut inner = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).expect("quotes");
    let mut out = String::new();
    while let Some(char) = inner.chars().next() {
        inner = &inner[char.len_utf8()..];
        match char {
            '\'' | '\n' | '\r' => panic!("the string ends too early: {text}"),
            '$' if inner.starts_with('{') => {
                let (name, rest) = inner[1..].split_once('}').expect("an end");
                out.push_str(&variable(name));
                inner = rest;
            }
            '\\' => {
                let escaped = inner.chars().next().expect("something escaped");
                inner = &inner[escaped.len_utf8()..];
                match escaped {
                    '\\' | '\'' | '$' => out.push(escaped),
                    'n' => out.push('\n'),
                    'r' => out.push('\r'),
                    't' => out.push('\t'),
                    'u' => {
                        let (code, rest) =
                            inner.strip_prefix('{').and_then(|rest| rest.split_once('}')).expect("a code");
                        let code = u32::from_str_radix(code, 16).expect("hexadecimal digits");
                        out.push(char::from_u32(code).expect("a character"));
                        inner = rest;
                    }
                    other => panic!("no such escape: {other}"),
                }
            }
            _ => out.push(char),
        }
    }
    out
}
