//! Repeats of a call, told by the client's id of it: what they are answered, and what they open.

use crate::ledger_support::{Ledger, after, machine, policy, request, user, vm};
use serde_json::{Value, json};

const HOUR: u64 = 3600;

fn with_policy() -> Ledger {
    Ledger::with_policy(&[machine("web1", &[22, 3389]), machine("web2", &[22])])
}

#[test]
fn a_repeat_gets_the_first_answer_and_opens_nothing() {
    let mut ledger = with_policy();
    ledger.client = Some("11111111-2222-3333-4444-555555555555".into());
    let body = request("web1", &[22], HOUR);
    let first = ledger.initiate(user("ann"), after(0), "default", &body);
    let recorded = ledger.lines.len();
    assert_eq!(ledger.initiate(user("ann"), after(20), "default", &body), first);
    assert_eq!(ledger.lines.len(), recorded);
    // After a restart.
    let mut again = Ledger { client: ledger.client.clone(), ..Ledger::default() };
    for record in &ledger.records {
        again.state.apply(record).expect("in order");
    }
    assert_eq!(again.initiate(user("ann"), after(50), "default", &body), first);
    assert_eq!(again.lines.len(), 0);
    ledger.check();
}

/// `status statusReason` of each port of a request.
fn words(request: &Value) -> Vec<String> {
    let machines = request["virtualMachines"].as_array().expect("machines").iter();
    let ports = machines.flat_map(|machine| machine["ports"].as_array().expect("ports"));
    let word = |value: &Value| value.as_str().expect("a word").to_string();
    ports.map(|port| format!("{} {}", word(&port["status"]), word(&port["statusReason"]))).collect()
}

#[test]
fn a_repeat_tells_what_was_closed_meanwhile_and_opens_it_not_again() {
    let mut ledger = with_policy();
    let client = Some("one".to_string());
    ledger.client.clone_from(&client);
    let body = request("web1", &[22, 3389], HOUR);
    let (_, first) = ledger.initiate(user("ann"), after(0), "default", &body);
    let one = json!({"virtualMachines": [{"id": vm("web1"), "ports": [{"number": 22}]}]});
    assert_eq!(ledger.revoke(user("ann"), after(1), &one, false).0, 200);
    let recorded = ledger.lines.len();
    let (status, answer) = ledger.initiate(user("ann"), after(2), "default", &body);
    assert_eq!(status, 202);
    assert_eq!(words(&answer), ["Revoked UserRequested", "Initiating UserRequested"]);
    assert_eq!(answer["startTimeUtc"], first["startTimeUtc"]);
    assert_eq!(ledger.lines.len(), recorded);
    // A newer request took the place of the rest.
    ledger.client = Some("two".into());
    ledger.initiate(user("ann"), after(3), "default", &request("web1", &[3389], 600));
    ledger.client.clone_from(&client);
    let (status, answer) = ledger.initiate(user("ann"), after(4), "default", &body);
    assert_eq!(status, 202);
    assert_eq!(words(&answer), ["Revoked UserRequested", "Revoked NewerRequestInitiated"]);
    assert_eq!(ledger.open_ports("web1", 4), [3389]);
    // Also after its end would have come, until the day is over.
    let (_, answer) = ledger.initiate(user("ann"), after(24 * HOUR - 1), "default", &body);
    assert_eq!(words(&answer), ["Revoked UserRequested", "Revoked NewerRequestInitiated"]);
    let (_, answer) = ledger.initiate(user("ann"), after(24 * HOUR), "default", &body);
    assert_eq!(words(&answer), ["Initiating UserRequested", "Initiating UserRequested"]);
    ledger.check();
}

#[test]
fn a_repeat_of_what_has_ended_is_carried_out_anew() {
    let mut ledger = with_policy();
    ledger.client = Some("one".into());
    let body = request("web1", &[22], HOUR);
    ledger.initiate(user("ann"), after(0), "default", &body);
    for again in [HOUR, 2 * HOUR + 1] {
        let recorded = ledger.lines.len();
        let (status, answer) = ledger.initiate(user("ann"), after(again), "default", &body);
        assert_eq!((status, words(&answer)), (202, vec!["Initiating UserRequested".to_string()]));
        assert_eq!(ledger.lines.len(), recorded + 1);
        assert_eq!(ledger.open_ports("web1", again), [22]);
        // And that has repeats of its own.
        ledger.initiate(user("ann"), after(again + 1), "default", &body);
        assert_eq!(ledger.lines.len(), recorded + 1);
    }
    ledger.check();
}

/// A port whose time is over is not opened again as long as another of the same request is open.
#[test]
fn a_repeat_of_what_has_ended_in_part_opens_nothing() {
    let mut ledger = with_policy();
    ledger.client = Some("one".into());
    let port = |number: u16, duration: &str| json!({"number": number, "duration": duration});
    let ports = [port(22, "PT10M"), port(3389, "PT1H")];
    let body = json!({"virtualMachines": [{"id": vm("web1"), "ports": ports}]});
    assert_eq!(ledger.initiate(user("ann"), after(0), "default", &body).0, 202);
    for (again, recorded, open) in [(599, 2, vec![22, 3389]), (600, 2, vec![3389]), (HOUR, 3, vec![22, 3389])]
    {
        assert_eq!(ledger.initiate(user("ann"), after(again), "default", &body).0, 202);
        assert_eq!((ledger.lines.len(), ledger.open_ports("web1", again)), (recorded, open), "{again}");
    }
    ledger.check();
}

#[test]
fn a_repeat_of_what_was_carried_out_anew_outlives_the_first() {
    let mut ledger = with_policy();
    ledger.client = Some("one".into());
    let body = request("web1", &[22], HOUR);
    ledger.initiate(user("ann"), after(0), "default", &body);
    ledger.initiate(user("ann"), after(24 * HOUR - 600), "default", &body);
    // A request of another's makes the ledger forget the first one.
    ledger.initiate(user("bob"), after(24 * HOUR + 10), "default", &body);
    let recorded = ledger.lines.len();
    assert_eq!(ledger.initiate(user("ann"), after(24 * HOUR + 20), "default", &body).0, 202);
    assert_eq!(ledger.lines.len(), recorded);
    ledger.check();
}

#[test]
fn without_its_policy_a_call_is_no_repeat() {
    let mut ledger = with_policy();
    ledger.client = Some("one".into());
    let body = request("web1", &[22], HOUR);
    ledger.initiate(user("ann"), after(0), "default", &body);
    ledger.delete(user("olga"), after(30), "default");
    let (status, answer) = ledger.initiate(user("ann"), after(40), "default", &body);
    assert_eq!((status, &answer["error"]["code"]), (404, &json!("PolicyNotFound")));
    assert_eq!(ledger.open_ports("web1", 40), [0_u16; 0]);
    ledger.check();
}

#[test]
fn what_is_no_repeat() {
    // `az` gives all requests of one command the same id.
    let mut ledger = with_policy();
    ledger.client = Some("same".into());
    let body = request("web1", &[22], HOUR);
    assert_eq!(ledger.initiate(user("ann"), after(0), "default", &body).0, 202);
    let before = ledger.lines.len();
    ledger.initiate(user("ann"), after(1), "default", &request("web2", &[22], HOUR));
    ledger.initiate(user("bob"), after(2), "default", &body);
    ledger.put(user("olga"), after(3), "other", &policy(&[machine("web1", &[22])]));
    ledger.initiate(user("ann"), after(4), "other", &body);
    ledger.client = Some("another".into());
    ledger.initiate(user("ann"), after(5), "default", &body);
    ledger.client = None;
    ledger.initiate(user("ann"), after(6), "default", &body);
    ledger.initiate(user("ann"), after(7), "default", &body);
    assert_eq!(ledger.lines.len(), before + 7);
    // Who calls and the id of the call are two things, where the one may go on as the other begins.
    for (name, client) in [("ann", "e-1"), ("anne", "-1"), ("anne-", "1")] {
        ledger.client = Some(client.into());
        assert_eq!(ledger.initiate(user(name), after(8), "default", &body).0, 202);
    }
    assert_eq!(ledger.lines.len(), before + 10);
    ledger.check();
}
