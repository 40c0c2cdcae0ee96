//! One slip leaves every other diagnostic standing: each comma, colon, quote and bracket of documents full of
//! faults is taken out in turn.

use std::collections::BTreeSet;

use crate::support::VM;
use jitgate_core::json::{NodeId, NodeKind, scan};
use jitgate_core::{CheckOptions, check};

/// So many diagnostics more than before come of one slip at most.
const MOST_BRED: usize = 3;

/// What was found, and on which line.
type Found = BTreeSet<(u32, &'static str, String)>;

fn found(text: &str) -> Found {
    let report = check(text.as_bytes(), &CheckOptions::default());
    let found = report.diagnostics.into_iter();
    found
        .map(|diagnostic| (diagnostic.range.start.line, diagnostic.code.id(), diagnostic.path.pointer()))
        .collect()
}

/// The places of all commas, colons, quotes and brackets outside strings.
fn marks(text: &str) -> Vec<usize> {
    let (tape, slips) = scan(text);
    assert!(slips.is_empty(), "the document is intact");
    let mut inside = vec![false; text.len()];
    let mut marks = Vec::new();
    for id in (0..u32::try_from(tape.len()).expect("few nodes")).map(NodeId) {
        let node = tape.node(id);
        if matches!(node.kind, NodeKind::String | NodeKind::Object | NodeKind::Array) {
            marks.extend([node.start as usize, node.end as usize - 1]);
        }
        if node.kind == NodeKind::String {
            inside[node.start as usize..node.end as usize].fill(true);
        }
    }
    marks.extend(text.match_indices([',', ':']).map(|(at, _)| at).filter(|&at| !inside[at]));
    marks
}

/// What is lost by each slip: its place, and what is no longer reported.
fn losses(text: &str) -> Vec<String> {
    let all = found(text);
    let mut losses = Vec::new();
    for at in marks(text) {
        let line = u32::try_from(text[..at].matches('\n').count()).expect("few lines") + 1;
        let after = found(&format!("{}{}", &text[..at], &text[at + 1..]));
        // A slip is said once or twice, with what it does to its own line: it does not breed.
        let bred = after.len().saturating_sub(all.len());
        if bred > MOST_BRED {
            losses.push(format!("bred {bred} in line {line}: {:?}", after.difference(&all)));
        }
        let lost: Vec<_> = all.iter().filter(|one| one.0 != line && !after.contains(one)).collect();
        if !lost.is_empty() {
            let what = &text[at..=at];
            losses.push(format!(
                "without `{what}` in line {line}: {}: lost {lost:?}",
                text.lines().nth(line as usize - 1).unwrap_or("")
            ));
        }
    }
    losses
}

/// Machines with a fault in every rule.
fn machines() -> serde_json::Value {
    let rule = |number: i64, source: &str| {
        serde_json::json!({
            "number": number, "protocol": "TCP", "allowedSourceAddressPrefix": source,
            "maxRequestAccessDuration": "PT36H",
        })
    };
    let plural = serde_json::json!({
        "number": 70000, "protocol": "TCP", "allowedSourceAddressPrefixes": ["10.20.0.0/16", "10.21.0.0/16"],
        "maxRequestAccessDuration": "PT36H",
    });
    serde_json::json!([
        { "id": VM, "ports": [rule(70000, "10.20.0.0/16"), rule(70001, "10.20.0.0/16"), plural.clone()] },
        { "id": VM, "ports": [rule(70002, "10.20.0.0/16")] },
        { "id": VM.replace("web1", "web2"), "ports": [plural, rule(70003, "10.20.0.0/16")] },
    ])
}

#[track_caller]
fn expect_no_loss(document: &serde_json::Value) {
    let text = serde_json::to_string_pretty(document).expect("a text");
    assert!(found(&text).len() > 5, "the document is full of faults");
    for text in [text.replace('\n', "\r\n"), text] {
        let losses = losses(&text);
        assert!(losses.is_empty(), "{text}\n{} losses:\n{}", losses.len(), losses.join("\n"));
    }
}

#[test]
fn a_policy() {
    expect_no_loss(&serde_json::json!({
        "kind": "basic",
        "properties": { "virtualMachines": machines(), "requests": [], "provisioningState": "Failed" },
    }));
}

#[test]
fn a_list_of_policies() {
    let policy = serde_json::json!({ "kind": "basic", "properties": { "virtualMachines": machines() } });
    expect_no_loss(&serde_json::json!({ "value": [policy.clone(), policy] }));
}

#[test]
fn a_request() {
    let port = |number: i64| serde_json::json!({ "number": number, "allowedSourceAddressPrefix": "10.20.0.7", "endTimeUtc": null });
    expect_no_loss(&serde_json::json!({
        "virtualMachines": [
            { "id": VM, "ports": [port(70000), port(70001)] },
            { "id": VM.replace("web1", "web2"), "ports": [port(70003)] },
        ],
        "justification": 5,
    }));
}
