//! Who may revoke what, and what a revocation closes.

use crate::ledger_support::{Ledger, after, app, machine, policy_id, request, user, vm};
use jitgate_core::ledger::{Command, Expects};
use serde_json::{Value, json};

const HOUR: u64 = 3600;

fn with_policy() -> Ledger {
    Ledger::with_policy(&[machine("web1", &[22, 3389]), machine("web2", &[22])])
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
