//! The ledger in time: what replaces, closes and ends grants.

use crate::ledger_support;
use crate::ledger_support::{Ledger, after, app, machine, policy, policy_id, request, user, vm, vm_id};
use jitgate_core::ledger::{
    ActorKind, Command, Credential, Expects, Inventory, InventoryFile, Principal, RoleAssignment,
    RoleDefinition,
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
fn who_may_revoke_what() {
    let mut ledger = with_policy();
    ledger.initiate(user("ann"), after(0), "default", &request("web1", &[22, 3389], HOUR));
    ledger.initiate(user("bob"), after(0), "default", &request("web1", &[22], HOUR));
    ledger.initiate(app("robot"), after(0), "default", &request("web2", &[22], HOUR));
    // One's own, one port.
    let one = json!({"virtualMachines": [{"id": vm("web1").to_uppercase(), "ports": [{"number": 22}]}], "justification": "done"});
    let (status, answer) = ledger.revoke(user("ann"), after(1), &one, false);
    assert_eq!(status, 200);
    let ports = &answer["value"][0]["virtualMachines"][0]["ports"];
    assert_eq!(ports.as_array().map(Vec::len), Some(1), "{answer}");
    assert_eq!(
        (&ports[0]["status"], &ports[0]["statusReason"]),
        (&json!("Revoked"), &json!("UserRequested"))
    );
    assert_eq!(ledger.open_ports("web1", 1), [22, 3389], "Bob's lives on");
    // Nothing of one's own is left there.
    let (status, answer) = ledger.revoke(user("ann"), after(2), &one, false);
    assert_eq!((status, &answer["error"]["code"]), (404, &json!("AccessNotFound")));
    assert!(ledger.lines.last().is_some_and(|line| line.contains("AccessNotFound")), "a refusal is recorded");
    // Another's.
    let bobs = json!({"requestor": "BOB@contoso.com"});
    let (status, answer) = ledger.revoke(user("ann"), after(3), &bobs, false);
    assert_eq!((status, &answer["error"]["code"]), (403, &json!("AuthorizationFailed")));
    // One's own among them changes nothing.
    for everybodys in ["*", "oid-BOB"] {
        assert_eq!(ledger.revoke(user("ann"), after(3), &json!({"requestor": everybodys}), false).0, 403);
    }
    // Nor is it told whether there is anything of theirs.
    for nobodys in ["carol", "robot@contoso.com", "oid-carol"] {
        for body in [
            json!({"requestor": nobodys}),
            json!({"requestor": nobodys, "virtualMachines": [{"id": vm("web9")}]}),
        ] {
            assert_eq!(ledger.revoke(user("ann"), after(3), &body, false).0, 403, "{body}");
        }
    }
    assert_eq!(ledger.open_ports("web1", 3), [22, 3389]);
    assert_eq!(ledger.revoke(user("olga"), after(4), &bobs, true).0, 200);
    assert_eq!(ledger.open_ports("web1", 4), [3389]);
    // Without a body: all one's own.
    assert_eq!(ledger.revoke(user("ann"), after(5), &Value::Null, false).0, 200);
    assert_eq!(ledger.open_ports("web1", 5), [0_u16; 0]);
    // Everybody's.
    assert_eq!(ledger.open_ports("web2", 5), [22]);
    assert_eq!(ledger.revoke(user("olga"), after(6), &json!({"requestor": "*"}), true).0, 200);
    assert_eq!(ledger.open_ports("web2", 6), [0_u16; 0]);
    // Where nothing is named, nothing need be open.
    let recorded = ledger.lines.len();
    for body in [Value::Null, json!({}), json!({"requestor": "*"}), json!({"virtualMachines": null})] {
        assert_eq!(ledger.revoke(user("olga"), after(6), &body, true), (200, json!({"value": []})));
    }
    assert_eq!(ledger.lines.len(), recorded, "and nothing is recorded");
    // Nonsense.
    let (status, answer) = ledger.revoke(user("olga"), after(7), &json!({"virtualMachines": 5}), true);
    assert_eq!((status, &answer["error"]["code"]), (400, &json!("InvalidRequestContent")));
    let command = Command::Revoke {
        policy: policy_id("missing"),
        body: Vec::new(),
        expects: Expects::Anything,
        may_write: true,
    };
    assert_eq!(ledger.call(user("olga"), after(8), &command).0, 404);
    ledger.check();
}

#[test]
fn a_revocation_closes_what_it_names_and_no_more() {
    let mut ledger = with_policy();
    ledger.initiate(user("ann"), after(0), "default", &request("web1", &[22, 3389], HOUR));
    let machines = |machine: Value| json!({"virtualMachines": [machine]});
    for (body, words, code, place) in [
        (json!({"foo": 1}), "the unknown member `foo`", "JIT109", "/foo"),
        (
            json!({"virtualMachine": [{"id": vm("web1")}]}),
            "the unknown member `virtualMachine`",
            "JIT109",
            "/virtualMachine",
        ),
        (
            machines(json!({"id": vm("web1"), "port": [{"number": 22}]})),
            "the unknown member `port`",
            "JIT109",
            "/virtualMachines/0/port",
        ),
        (
            machines(json!({"id": vm("web1"), "ports": [{"numbr": 22}]})),
            "the unknown member `numbr`",
            "JIT109",
            "/virtualMachines/0/ports/0/numbr",
        ),
        (machines(json!({"ports": [{"number": 22}]})), "has no `id`", "JIT111", "/virtualMachines/0"),
        (
            json!({"virtualMachines": [{"id": vm("web1"), "ports": [{"number": 22}, {"number": "x"}]}]}),
            "not that of a port",
            "JIT201",
            "/virtualMachines/0/ports/1/number",
        ),
        (
            machines(json!({"id": vm("web1"), "ports": [{}]})),
            "has no `number`",
            "JIT111",
            "/virtualMachines/0/ports/0",
        ),
        (
            machines(json!({"id": vm("web1"), "ports": [{"number": 70000}]})),
            "not that of a port",
            "JIT201",
            "/virtualMachines/0/ports/0/number",
        ),
        (
            machines(json!({"id": vm("web1"), "ports": []})),
            "`ports` of an element of `virtualMachines` is empty",
            "JIT112",
            "/virtualMachines/0/ports",
        ),
        (
            machines(json!(vm("web1"))),
            "an element of `virtualMachines` is not an object",
            "JIT112",
            "/virtualMachines/0",
        ),
        (json!({"virtualMachines": []}), "is empty", "JIT112", "/virtualMachines"),
        (json!({"requestor": 5}), "`requestor` is not a text", "JIT112", "/requestor"),
        (json!([]), "the body is not an object", "JIT112", ""),
        (json!("all"), "the body is not an object", "JIT112", ""),
    ] {
        let (status, answer) = ledger.revoke(user("ann"), after(1), &body, true);
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("InvalidRequestContent")), "{body}");
        let message = answer["error"]["message"].as_str().expect("a message");
        assert!(message.contains(words), "{body}: {message}");
        let detail = &answer["error"]["details"][0];
        assert_eq!(answer["error"]["target"], place, "{body}: {answer}");
        assert_eq!((&detail["code"], &detail["target"]), (&json!(code), &json!(place)), "{body}: {answer}");
    }
    for (body, words) in [
        (machines(json!({"id": vm("web9")})), "is not in the policy"),
        (machines(json!({"id": vm("web1"), "ports": [{"number": 23}]})), "has no port 23 for the machine"),
        (machines(json!({"id": vm("web2")})), "Nothing of what is named is open by a request of yours"),
        (json!({"requestor": "bob@contoso.com"}), "open by a request of 'bob@contoso.com'"),
    ] {
        let (status, answer) = ledger.revoke(user("ann"), after(2), &body, true);
        assert_eq!((status, &answer["error"]["code"]), (404, &json!("AccessNotFound")), "{body}");
        let message = answer["error"]["message"].as_str().expect("a message");
        assert!(message.contains(words), "{body}: {message}");
    }
    for body in [
        r#"{"requestor":"bob@contoso.com","requestor":"*"}"#.to_string(),
        format!(r#"{{"virtualMachines":[{{"id":"{}","id":"{}"}}]}}"#, vm("web2"), vm("web1")),
        r#"{"virtualMachines":[{"id":"x"}],"virtualMachines":null}"#.to_string(),
        "{".to_string(),
    ] {
        let command = Command::Revoke {
            policy: policy_id("default"),
            body: body.clone().into(),
            expects: Expects::Anything,
            may_write: true,
        };
        let (status, answer) = ledger.call(user("ann"), after(2), &command);
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("InvalidRequestContent")), "{body}");
        assert_eq!(answer["error"]["target"], "", "{body}");
        assert!(answer["error"]["details"][0]["code"].is_string(), "{body}");
    }
    assert_eq!(ledger.open_ports("web1", 2), [22, 3389], "nothing was closed");
    // As initiate has it: a number as a text, and a slash behind an id.
    let body = machines(json!({"id": vm("web1") + "/", "ports": [{"number": "22"}]}));
    assert_eq!(ledger.revoke(user("ann"), after(3), &body, false).0, 200);
    assert_eq!(ledger.open_ports("web1", 3), [3389]);
    ledger.check();
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
