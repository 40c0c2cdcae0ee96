//! Reads code back to the calls that it makes. The grammars are those of others (tree-sitter, `hcl-rs`, `serde_json`, the
//! shell that is there); what their tokens mean is told here once more, from the languages' documentation.

pub mod bicep;
pub mod http;
pub mod powershell;
pub mod shell;
pub mod template;
pub mod terraform;
pub mod tree;

use jitgate_core::convert::Format;
use serde_json::{Value, json};

/// A call that puts a policy or asks for access.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The policy's id; for a template `location/name`, which is all that it says. A variable stands as `<name>`.
    pub place: String,
    /// The call's body.
    pub body: Value,
}

/// The calls of a text.
pub fn calls(format: Format, text: &str) -> Vec<Call> {
    match format {
        Format::PowerShell => powershell::calls(text),
        Format::Az => shell::calls(text),
        Format::Rest => http::calls(text),
        Format::Arm => template::calls(text),
        Format::Bicep => bicep::calls(text),
        Format::Terraform => terraform::calls(text),
        Format::Json => {
            let body = serde_json::from_str(text).expect("JSON");
            vec![Call { place: String::new(), body }]
        }
    }
}

/// The id of a policy.
pub fn policy_id([subscription, group, location, name]: [&str; 4]) -> String {
    format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Security/locations/{location}/jitNetworkAccessPolicies/{name}"
    )
}

/// The id in an address or path: what is encoded is decoded, and what belongs to the call is checked and left out.
fn place(address: &str, is_request: bool) -> String {
    let path = address.strip_prefix("https://management.azure.com").unwrap_or(address);
    let path = path.strip_suffix("?api-version=2020-01-01").expect("the version of the API");
    let path = if is_request { path.strip_suffix("/initiate").expect("the action") } else { path };
    assert!(path.is_ascii() && !path.contains([' ', '"', '\'', '#', '?']), "{path}");
    assert_eq!(path.matches('/').count(), 10, "{path}");
    percent_encoding::percent_decode_str(path).decode_utf8().expect("UTF-8").into_owned()
}

/// A policy's body.
fn policy(kind: Option<&Value>, machines: &Value) -> Value {
    let properties = json!({ "virtualMachines": machines });
    match kind {
        Some(kind) => json!({ "kind": kind, "properties": properties }),
        None => json!({ "properties": properties }),
    }
}

/// `policy_name` and `policyName` as `<policyname>`: languages differ in how they write names.
fn variable(name: &str) -> String {
    format!("<{}>", name.replace('_', "").to_ascii_lowercase())
}
