//! Closings of many grants by one event. What grew with the product of two lists would take minutes here.

use crate::ledger_support::{Ledger, after, machine, policy, request, user, vm, vm_id};
use jitgate_core::ledger::{Closing, Event};
use serde_json::{Value, json};

const HOUR: u64 = 3600;

/// How many machines a document names.
const MANY: u16 = 8000;

/// How many ports a machine may have.
const PORTS: u16 = 1000;

/// What the last event closed.
fn closed(ledger: &Ledger) -> &[Closing] {
    match &ledger.records.last().expect("a record").event {
        Event::PolicyPut(put) => &put.closed,
        Event::AccessInitiated(access) => &access.replaced,
        Event::AccessRevoked(revoked) => &revoked.closed,
        Event::AccessExpired(closed) => closed,
        other => panic!("{other:?} closes nothing"),
    }
}

fn open_count(ledger: &Ledger, at: u64) -> usize {
    ledger.state.live(after(at)).count()
}

/// The same requestor asks for as much again, in one request, and then closes it all.
#[test]
fn a_large_request_takes_the_place_of_another() {
    let name = |number: u16| format!("web{number}");
    let machines: Vec<_> = (0..MANY).map(|number| machine(&name(number), &[22])).collect();
    let mut ledger = Ledger::default();
    ledger.put(user("olga"), after(0), "default", &policy(&machines));
    let asked = |number: u16| request(&name(number), &[22], HOUR)["virtualMachines"][0].clone();
    let all = json!({"virtualMachines": (0..MANY).map(asked).collect::<Vec<_>>()});
    for at in [1, 2] {
        assert_eq!(ledger.initiate(user("ann"), after(at), "default", &all).0, 202);
        assert_eq!(open_count(&ledger, at), usize::from(MANY));
    }
    assert!(closed(&ledger).iter().map(|one| one.machine.name().to_string()).eq((0..MANY).map(name)));
    assert_eq!(ledger.revoke(user("ann"), after(3), &Value::Null, false).0, 200);
    assert_eq!((closed(&ledger).len(), open_count(&ledger, 3)), (usize::from(MANY), 0));
    ledger.check();
}

/// One machine is named once for each of its ports, while all of them are open; then a policy without half of them
/// takes the place of its own, and time ends the rest.
#[test]
fn a_machine_with_many_open_ports() {
    let ports: Vec<u16> = (1..=PORTS).collect();
    let mut ledger = Ledger::default();
    ledger.put(user("olga"), after(0), "default", &policy(&[machine("web1", &ports)]));
    let asked = |port: &u16| request("web1", &[*port], HOUR)["virtualMachines"][0].clone();
    let each = json!({"virtualMachines": ports.iter().map(asked).collect::<Vec<_>>()});
    for at in [1, 2] {
        assert_eq!(ledger.initiate(user("ann"), after(at), "default", &each).0, 202);
        assert_eq!(open_count(&ledger, at), ports.len());
    }
    assert!(closed(&ledger).iter().map(|one| one.number).eq(ports.iter().copied()));
    let half = &ports[..ports.len() / 2];
    ledger.put(user("olga"), after(3), "default", &policy(&[machine("web1", half)]));
    assert!(closed(&ledger).iter().map(|one| one.number).eq(ports[half.len()..].iter().copied()));
    assert_eq!(open_count(&ledger, 3), half.len());
    while ledger.state.next_ending().is_some() {
        let recorded = ledger.lines.len();
        ledger.expire(after(2 + HOUR));
        assert_eq!(ledger.lines.len(), recorded + 1, "what has ended at this instant is written down");
        assert!(!closed(&ledger).is_empty());
        assert!(recorded < 100, "what is written down is not waited for any more");
    }
    ledger.check();
}

/// A port that one request names twice has two grants: the end of one leaves the other open.
#[test]
fn grants_of_one_port_and_one_request_end_each_for_itself() {
    let mut ledger = Ledger::default();
    ledger.put(user("olga"), after(0), "default", &policy(&[machine("web1", &[22, 3389])]));
    let port = |number: u16, hours: u64| json!({"number": number, "duration": format!("PT{hours}H")});
    let ports = [port(22, 2), port(22, 1), port(3389, 2), port(22, 2)];
    let body = json!({"virtualMachines": [{"id": vm("web1"), "ports": ports}]});
    assert_eq!(ledger.initiate(user("ann"), after(0), "default", &body).0, 202);
    ledger.expire(after(HOUR));
    assert_eq!(closed(&ledger).len(), 1);
    assert_eq!(ledger.state.live_on(&vm_id("web1"), after(HOUR)).len(), 3);
    let one = json!({"virtualMachines": [{"id": vm("web1"), "ports": [{"number": 22}]}]});
    assert_eq!(ledger.revoke(user("ann"), after(HOUR + 1), &one, false).0, 200);
    assert_eq!(
        ledger.statuses("default", after(HOUR + 2)),
        ["Revoked UserRequested", "Revoked Expired", "Initiated UserRequested", "Revoked UserRequested"]
    );
    ledger.check();
}
