//! The ledger in time: what replaces, closes and ends grants.

use crate::ledger_support;
use crate::ledger_support::{Ledger, after, machine, policy, request, user, vm, vm_id};
use jitgate_core::ledger::{
    ActorKind, Command, Credential, Inventory, InventoryFile, Principal, RoleAssignment, RoleDefinition,
};
use serde_json::{Value, json};

const HOUR: u64 = 3600;

fn with_policy() -> Ledger {
    Ledger::with_policy(&[machine("web1", &[22, 3389]), machine("web2", &[22])])
}

#[test]
fn a_grant_is_open_from_its_start_until_just_before_its_end() {
    let mut ledger = with_policy();
    ledger.initiate(user("ann"), after(10), "default", &request("web1", &[22], HOUR));
    assert_eq!(ledger.open_ports("web1", 9), [0_u16; 0]);
    assert_eq!(ledger.open_ports("web1", 10), [22]);
    assert_eq!(ledger.open_ports("web1", 10 + HOUR - 1), [22]);
    assert_eq!(ledger.open_ports("web1", 10 + HOUR), [0_u16; 0]);
    assert_eq!(ledger.open_ports("web2", 10), [0_u16; 0]);
    assert_eq!(ledger.statuses("default", after(10 + HOUR - 1)), ["Initiated UserRequested"]);
    assert_eq!(ledger.statuses("default", after(10 + HOUR)), ["Revoked Expired"]);
    assert_eq!(ledger.state.next_ending(), Some(after(10 + HOUR)));
    // The timer comes late; nothing hangs on it.
    ledger.expire(after(10 + HOUR - 1));
    assert_eq!(ledger.lines.len(), 2, "nothing has ended");
    ledger.expire(after(20 + HOUR));
    assert_eq!(ledger.lines.len(), 3);
    assert_eq!(ledger.state.next_ending(), None);
    assert_eq!(ledger.statuses("default", after(20 + HOUR)), ["Revoked Expired"]);
    ledger.expire(after(30 + HOUR));
    assert_eq!(ledger.lines.len(), 3, "once is enough");
    ledger.check();
}

#[test]
fn a_newer_request_of_the_same_requestor_takes_the_place_of_the_older() {
    let mut ledger = with_policy();
    ledger.initiate(user("ann"), after(0), "default", &request("web1", &[22, 3389], HOUR));
    ledger.initiate(user("bob"), after(0), "default", &request("web1", &[22], HOUR));
    ledger.initiate(user("ann"), after(60), "default", &request("web1", &[22], 2 * HOUR));
    assert_eq!(
        ledger.statuses("default", after(60)),
        [
            "Revoked NewerRequestInitiated",
            "Initiated UserRequested",
            "Initiated UserRequested",
            "Initiated UserRequested"
        ]
    );
    assert_eq!(ledger.statuses("default", after(59))[0], "Initiated UserRequested");
    // At the same instant, too.
    ledger.initiate(user("ann"), after(60), "default", &request("web1", &[22], 600));
    assert_eq!(ledger.statuses("default", after(60))[3], "Revoked NewerRequestInitiated");
    // Who it is, is told by the object id: the name may change.
    let mut renamed = user("ann");
    renamed.principal.name = "ann.smith@contoso.com".into();
    ledger.initiate(renamed, after(61), "default", &request("web1", &[22], 600));
    assert_eq!(ledger.statuses("default", after(61))[4], "Revoked NewerRequestInitiated");
    let requests = ledger.get("default", after(61))["properties"]["requests"].clone();
    assert_eq!(requests[0]["requestor"], "ann@contoso.com");
    assert_eq!(requests[4]["requestor"], "ann.smith@contoso.com");
    // What has ended was not replaced.
    ledger.initiate(user("bob"), after(HOUR), "default", &request("web1", &[22], 600));
    assert_eq!(ledger.statuses("default", after(HOUR))[2], "Revoked Expired");
    ledger.check();
}

/// Each port of the requests: when it was closed before its end, and by whom.
fn closed(ledger: &Ledger, seconds: u64) -> Vec<(Value, Value)> {
    let json = ledger.get("default", after(seconds));
    let requests = json["properties"]["requests"].as_array().cloned().unwrap_or_default();
    let ports = requests
        .iter()
        .flat_map(|request| request["virtualMachines"].as_array().cloned().unwrap_or_default());
    let ports = ports.flat_map(|machine| machine["ports"].as_array().cloned().unwrap_or_default());
    ports.map(|port| (port["closedTimeUtc"].clone(), port["closedBy"].clone())).collect()
}

#[test]
fn what_was_closed_early_says_when_and_by_whom() {
    let mut ledger = with_policy();
    let open = (Value::Null, Value::Null);
    let at = |seconds: u64, by: &str| (json!(after(seconds).to_service_form()), json!(by));
    ledger.initiate(user("ann"), after(0), "default", &request("web1", &[22], HOUR));
    ledger.initiate(user("bob"), after(0), "default", &request("web1", &[3389], HOUR));
    ledger.initiate(user("bob"), after(0), "default", &request("web2", &[22], HOUR));
    assert_eq!(closed(&ledger, 1), [open.clone(), open.clone(), open.clone()]);
    // By a newer request of the same person, and by a policy that has the port no longer.
    ledger.initiate(user("ann"), after(60), "default", &request("web1", &[22], HOUR));
    ledger.put(user("olga"), after(90), "default", &policy(&[machine("web1", &[22])]));
    let now =
        [at(60, "ann@contoso.com"), at(90, "olga@contoso.com"), at(90, "olga@contoso.com"), open.clone()];
    assert_eq!(closed(&ledger, 90), now);
    // Before that nobody knows of it, and what time ends nobody closes.
    assert_eq!(closed(&ledger, 89)[1..3], [open.clone(), open.clone()]);
    assert_eq!(closed(&ledger, 60 + HOUR)[3], open);
    ledger.check();
}

#[test]
fn a_policy_closes_what_it_has_no_longer() {
    let mut ledger = with_policy();
    ledger.initiate(user("ann"), after(0), "default", &request("web1", &[22, 3389], HOUR));
    ledger.initiate(user("ann"), after(0), "default", &request("web2", &[22], HOUR));
    let (_, answer) = ledger.put(user("olga"), after(5), "default", &policy(&[machine("web1", &[3389])]));
    assert_eq!(ledger.open_ports("web1", 5), [3389]);
    assert_eq!(ledger.open_ports("web2", 5), [0_u16; 0]);
    assert_eq!(
        ledger.statuses("default", after(5)),
        ["Revoked UserRequested", "Initiated UserRequested", "Revoked UserRequested"]
    );
    assert_eq!(answer["properties"]["requests"].as_array().map(Vec::len), Some(2), "history outlives a PUT");
    // The protocol is a part of the port.
    let mut udp = machine("web1", &[3389]);
    udp["ports"][0]["protocol"] = json!("*");
    ledger.put(user("olga"), after(6), "default", &policy(&[udp.clone()]));
    assert_eq!(ledger.open_ports("web1", 6), [3389]);
    udp["ports"][0]["protocol"] = json!("UDP");
    ledger.put(user("olga"), after(7), "default", &policy(&[udp]));
    assert_eq!(ledger.open_ports("web1", 7), [0_u16; 0]);
    // A grant by another policy stays.
    ledger.put(user("olga"), after(8), "other", &policy(&[machine("web2", &[22])]));
    ledger.initiate(user("ann"), after(9), "other", &request("web2", &[22], HOUR));
    assert_eq!(ledger.delete(user("olga"), after(10), "default"), 200);
    assert_eq!(ledger.open_ports("web2", 10), [22]);
    assert_eq!(ledger.delete(user("olga"), after(11), "other"), 200);
    assert_eq!(ledger.open_ports("web2", 11), [0_u16; 0]);
    // A new policy of the old name has the history of the old one, and no more than that.
    ledger.put(user("olga"), after(12), "default", &policy(&[machine("web1", &[22])]));
    assert_eq!(
        ledger.statuses("default", after(12)),
        ["Revoked UserRequested", "Revoked UserRequested", "Revoked UserRequested"]
    );
    assert_eq!(ledger.open_ports("web1", 12), [0_u16; 0]);
    ledger.initiate(user("ann"), after(13), "default", &request("web1", &[22], HOUR));
    assert_eq!(ledger.statuses("default", after(13)).len(), 4);
    ledger.delete(user("olga"), after(14), "default");
    ledger.put(user("olga"), after(15), "default", &policy(&[machine("web1", &[22])]));
    assert_eq!(ledger.statuses("default", after(15)).len(), 4);
    ledger.check();
}

#[test]
fn a_grant_stays_while_rules_cover_its_protocols() {
    for (granted, then, stays) in [
        ("TCP", "TCP", true),
        ("TCP", "*", true),
        ("TCP", "UDP", false),
        ("UDP", "*", true),
        ("UDP", "TCP", false),
        ("*", "*", true),
        ("*", "TCP", false),
        ("*", "UDP", false),
        ("TCP UDP", "*", true),
        ("TCP UDP", "TCP UDP", true),
        ("TCP UDP", "TCP", false),
    ] {
        let rules = |protocols: &str| {
            let rule = |protocol: &str| {
                let mut rule = ledger_support::rule(22);
                rule["protocol"] = json!(protocol);
                rule
            };
            policy(&[json!({"id": vm("web1"), "ports": protocols.split(' ').map(rule).collect::<Vec<_>>()})])
        };
        let mut ledger = Ledger::default();
        ledger.put(user("olga"), after(0), "default", &rules(granted));
        assert_eq!(ledger.initiate(user("ann"), after(1), "default", &request("web1", &[22], HOUR)).0, 202);
        ledger.put(user("olga"), after(2), "default", &rules(then));
        let open: Vec<_> =
            ledger.state.open(&vm_id("web1"), after(2)).iter().map(|open| open.protocol.as_str()).collect();
        assert_eq!(open.join(" "), if stays { granted } else { "" }, "{granted} → {then}");
        let expected = if stays { "Initiated UserRequested" } else { "Revoked UserRequested" };
        assert_eq!(ledger.statuses("default", after(2)), [expected], "{granted} → {then}");
        ledger.check();
    }
}

#[test]
fn a_clock_that_jumps_back_opens_nothing() {
    let mut ledger = with_policy();
    ledger.initiate(user("ann"), after(0), "default", &request("web1", &[22], HOUR));
    ledger.expire(after(HOUR));
    let back = ledger.state.present(after(60));
    assert_eq!(back, after(HOUR));
    assert_eq!(ledger.state.open(&vm_id("web1"), back), []);
    // What is asked for then starts where the ledger stands.
    let (_, answer) = ledger.initiate(user("ann"), after(60), "default", &request("web1", &[22], 600));
    assert_eq!(answer["startTimeUtc"], "2026-11-22T13:00:00.1234567Z");
    assert_eq!(answer["virtualMachines"][0]["ports"][0]["endTimeUtc"], "2026-11-22T13:10:00.1234567Z");
    ledger.check();
}

#[test]
fn roles_credentials_and_inventories() {
    let mut ledger = Ledger::default();
    let definition = RoleDefinition {
        id: "D1".into(),
        name: "JIT Access Role".into(),
        description: "Opens \"ports\"".into(),
        actions: vec!["Microsoft.Security/*/read".into()],
        not_actions: vec![],
        assignable_scopes: vec!["/subscriptions/s".into()],
    };
    let assignment = RoleAssignment {
        id: "A1".into(),
        role_definition_id: "D1".into(),
        principal_id: "oid-ann".into(),
        scope: "/subscriptions/s".into(),
    };
    let credential = Credential {
        id: "C1".into(),
        name: "robot".into(),
        principal: Principal { id: "oid-robot".into(), name: "robot".into(), kind: ActorKind::Application },
        hash: "00ff".into(),
        expires: Some(after(HOUR)),
        // Neither of these is for whoever asks to say.
        issued: after(9999),
        revoked: Some(after(0)),
    };
    let file = InventoryFile { name: "vms.json".into(), sha256: "ab".into(), size: 7 };
    let inventory = Inventory { files: vec![file], counts: [("virtualMachines".to_string(), 3)].into() };
    for command in [
        Command::PutRoleDefinition(definition.clone()),
        Command::PutRoleAssignment(assignment.clone()),
        Command::IssueCredential(Box::new(credential)),
        Command::ImportInventory(inventory.clone()),
    ] {
        assert_eq!(ledger.call(user("olga"), after(1), &command).0, 200);
    }
    let state = &ledger.state;
    assert_eq!(state.role_definition("d1").map(|role| (**role).clone()), Some(definition));
    assert_eq!(state.role_assignments().map(|role| (**role).clone()).collect::<Vec<_>>(), [assignment]);
    assert_eq!(state.inventory().map(|inventory| (**inventory).clone()), Some(inventory));
    let issued = state.credential("c1").expect("it was issued");
    assert_eq!(issued.issued, after(1), "by the ledger's time");
    assert!(issued.is_valid(after(HOUR - 1)) && !issued.is_valid(after(HOUR)));
    ledger.check();
    let recorded = ledger.lines.len();
    for (command, status) in [
        (Command::RevokeCredential("C1".into()), 200),
        (Command::RevokeCredential("C1".into()), 204),
        (Command::DeleteRoleAssignment("a1".into()), 200),
        (Command::DeleteRoleAssignment("a1".into()), 204),
        (Command::DeleteRoleDefinition("d1".into()), 200),
        (Command::DeleteRoleDefinition("d1".into()), 204),
    ] {
        assert_eq!(ledger.call(user("olga"), after(2), &command).0, status, "{command:?}");
    }
    assert_eq!(ledger.lines.len(), recorded + 3);
    assert!(!ledger.state.credential("c1").expect("it is still known").is_valid(after(2)));
    assert_eq!(ledger.state.role_assignments().count() + ledger.state.role_definitions().count(), 0);
    ledger.check();
}
