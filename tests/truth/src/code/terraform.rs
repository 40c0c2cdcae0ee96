//! Terraform: read and evaluated by `hcl-rs`.

use hcl::eval::{Context, Evaluate};
use hcl::{Block, Structure};
use serde_json::{Value, json};

use super::{Call, variable};

const TYPE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01";

/// What is created or sent.
pub fn calls(source: &str) -> Vec<Call> {
    let body = hcl::parse(source).expect("HCL");
    let blocks: Vec<&Block> = body.iter().filter_map(Structure::as_block).collect();
    assert_eq!(blocks.len(), body.iter().count(), "blocks alone: {source}");
    let names = blocks.iter().filter(|block| block.identifier.as_str() == "variable");
    let variables: hcl::Map<String, hcl::Value> = names
        .map(|block| block.labels[0].as_str().to_owned())
        .map(|name| (name.clone(), hcl::Value::from(variable(&name))))
        .collect();
    let mut context = Context::new();
    context.declare_var("var", hcl::Value::Object(variables));
    let resources = blocks.iter().filter(|block| block.identifier.as_str() == "resource");
    resources
        .map(|block| {
            let get = |name: &str| -> Value {
                let mut attributes = block.body.attributes();
                let attribute =
                    attributes.find(|attribute| attribute.key.as_str() == name).expect("an attribute");
                let value = attribute.expr.evaluate(&context).expect("a value");
                serde_json::to_value(value).expect("JSON")
            };
            let word = |name: &str| get(name).as_str().expect("a string").to_owned();
            assert_eq!(word("type"), TYPE);
            let place = match block.labels[0].as_str() {
                "azapi_resource" => {
                    format!("{}/jitNetworkAccessPolicies/{}", word("parent_id"), word("name"))
                }
                "azapi_resource_action" => {
                    assert_eq!([get("action"), get("method")], [json!("initiate"), json!("POST")]);
                    word("resource_id")
                }
                other => panic!("no such resource: {other}"),
            };
            Call { place, body: get("body") }
        })
        .collect()
}
