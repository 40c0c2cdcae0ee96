//! Values as the API spells them.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};

use serde_json::{Map, Value};

use crate::json::{NodeId, NodeKind, Tape};
use crate::network::Os;
use crate::read::is_cut_off;
use crate::wire::string;

/// Members with secrets in templates, or with what `az` adds.
const DROPPED: [&str; 8] = [
    "additionalUnattendContent",
    "adminPassword",
    "customData",
    "password",
    "protectedSettings",
    "protectedSettingsFromKeyVault",
    "resourceGroup",
    "userData",
];
/// Words, for which PowerShell writes numbers.
const WORDS: [&str; 5] = ["caching", "createOption", "deleteOption", "osType", "type"];

/// A value as JSON, with members as the API spells them: PowerShell begins them with a capital.
pub(super) fn write(tape: &Tape, node: NodeId, json: &mut String) {
    match tape.kind(node) {
        NodeKind::Object => {
            let mut seen = BTreeSet::new();
            json.push('{');
            for member in tape.members(node) {
                let name = tape.string(member.key).unwrap_or_default();
                let name = match name.split_at_checked(1) {
                    // Settings and ids that are names are as somebody wrote them.
                    Some((first, rest)) if !name.contains(['.', '/']) => {
                        format!("{}{rest}", first.to_ascii_lowercase())
                    }
                    _ => name.into_owned(),
                };
                let kind = tape.kind(member.value);
                if kind == NodeKind::Null
                    || is_lost(tape, member.value)
                    || DROPPED.iter().any(|dropped| name.eq_ignore_ascii_case(dropped))
                    || (kind == NodeKind::Number && WORDS.contains(&name.as_str()))
                    || !seen.insert(name.clone())
                {
                    continue;
                }
                if !json.ends_with('{') {
                    json.push(',');
                }
                json.push_str(&string(&name));
                json.push(':');
                write(tape, member.value, json);
            }
            json.push('}');
        }
        NodeKind::Array => {
            json.push('[');
            for (place, element) in tape.elements(node).enumerate() {
                if place > 0 {
                    json.push(',');
                }
                write(tape, element.value, json);
            }
            json.push(']');
        }
        NodeKind::Number if serde_json::from_str::<serde_json::Number>(tape.raw(node)).is_ok() => {
            json.push_str(tape.raw(node));
        }
        NodeKind::True => json.push_str("true"),
        NodeKind::False => json.push_str("false"),
        NodeKind::Null => json.push_str("null"),
        _ => json.push_str(&tape.string(node).map_or_else(|| string(tape.raw(node)), |text| string(&text))),
    }
}

/// True for what PowerShell writes for a value below its `-Depth`: the name of its type, and nothing for an empty list.
pub(super) fn is_lost(tape: &Tape, node: NodeId) -> bool {
    match tape.kind(node) {
        NodeKind::String => tape.string(node).is_some_and(|text| {
            let of_azure = text.starts_with("Microsoft.Azure.") && text.contains(".Models.");
            text.is_empty() || of_azure || text.starts_with("System.") || is_cut_off(&text)
        }),
        NodeKind::Array => tape.elements(node).any(|element| is_lost(tape, element.value)),
        _ => false,
    }
}

/// A `storageProfile` that tells the operating system, which other members may tell alone.
pub(super) fn with_system(profile: String, os: Os) -> String {
    let Ok(mut all) = serde_json::from_str::<Map<String, Value>>(&profile) else { return profile };
    let disk = all.entry("osDisk").or_insert(Value::Null);
    if !disk.is_object() {
        *disk = Value::Object(Map::new());
    }
    match disk.as_object_mut() {
        Some(disk) if !disk.contains_key("osType") => disk.insert("osType".into(), os.word().into()),
        _ => return profile,
    };
    Value::Object(all).to_string()
}
