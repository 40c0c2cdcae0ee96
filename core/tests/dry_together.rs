//! What policies that change together open and close: what one lets go of, another may keep closed.

use crate::dry_run::{Site, policy};
use crate::ledger_support::{after, user};
use crate::standing_support::policy_id;
use crate::support::scene::{machine, nsg, vm, vnet};
use serde_json::{Value, json};

/// Two machines behind an NSG that lets in everybody, `a` under both policies.
fn site() -> Site {
    let mut resources = [machine("a", &[("10.0.0.4", None)]), machine("b", &[("10.0.0.5", None)])].concat();
    resources.extend([nsg("open", &["Any 200 Allow Tcp * -> * 22,3389"]), vnet(Some("open"))]);
    let mut site = Site::new(resources);
    site.put("one", &policy(&[("a", &["22 TCP PT3H", "3389 TCP PT3H"]), ("b", &["22 TCP PT3H"])]), after(60));
    site.put("two", &policy(&[("a", &["22 TCP PT3H"])]), after(60));
    site
}

/// The ports of `a` that are open again after a call.
fn reopened(answer: &Value) -> Vec<String> {
    let find = |list: &str| {
        let all = answer.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        all.into_iter().find(|machine| machine["id"] == vm("a"))
    };
    let found = find("left").or_else(|| find("machines")).expect("it is told of");
    let boxes = found.get("reopened").and_then(|set| set["boxes"].as_array().cloned()).unwrap_or_default();
    boxes
        .iter()
        .flat_map(|one| one["ports"].as_array().expect("ports").clone())
        .map(|port| port.as_str().expect("a port").to_owned())
        .collect()
}

#[test]
fn what_both_let_go_of_is_open_again() {
    let id = |name: &str| policy_id(name).text().to_owned();
    let alone = |machines: &[(&str, &[&str])]| json!({"policy": policy(machines)});
    let with = |mut body: Value, other: &str, then: Value| {
        body["also"] = json!([{"id": id(other), "policy": then}]);
        body
    };
    let b = || policy(&[("b", &["22 TCP PT3H"])]);
    let only_rdp = || policy(&[("a", &["3389 TCP PT3H"]), ("b", &["22 TCP PT3H"])]);
    for (of, body, expected) in [
        // One of them alone: the other keeps its port closed.
        ("one", json!({"policy": b()}), &["3389"][..]),
        ("two", json!({"delete": true}), &[]),
        ("one", json!({"policy": only_rdp()}), &[]),
        // Both.
        ("one", with(json!({"policy": b()}), "two", json!(null)), &["22", "3389"]),
        ("two", with(json!({"delete": true}), "one", b()), &["22", "3389"]),
        ("one", with(json!({"policy": only_rdp()}), "two", policy(&[("a", &["3389 TCP PT3H"])])), &["22"]),
        ("two", with(alone(&[("a", &["3389 TCP PT3H"])]), "one", only_rdp()), &["22"]),
        ("two", with(alone(&[("a", &["3389 TCP PT3H"])]), "one", policy(&[("a", &["22 TCP PT3H"])])), &[]),
    ] {
        let told = site().preview(user("olga"), of, &body, after(120));
        let found: std::collections::BTreeSet<String> = reopened(&told).into_iter().collect();
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{of} {body}");
    }
}

#[test]
fn what_both_close_counts_as_closed() {
    let body = json!({"policy": policy(&[("a", &["22 TCP PT1H"])]),
        "also": [{"id": policy_id("two").text(), "policy": policy(&[("a", &["22 TCP PT1H"])])}]});
    let told = site().preview(user("olga"), "one", &body, after(120));
    assert!(told["machines"][0]["closed"].to_string().contains("\"22\""), "{told}");
    let nowhere = json!({"also": [{"id": policy_id("none").text(), "policy": null}]});
    let mut site = site();
    assert_eq!(site.refused("one", &nowhere, after(120)), "PolicyNotFound");
}
