//! The ledger: what is too large, and refused for that.

use crate::ledger_support::{Ledger, after, machine, policy, request, user, vm};
use jitgate_core::{CheckOptions, Severity, check};
use serde_json::json;

fn with_policy() -> Ledger {
    Ledger::with_policy(&[machine("web1", &[22, 3389])])
}

/// Bytes count, of what is asked for as of what is closed; and what is refused changes nothing.
#[test]
fn a_justification_is_no_longer_than_it_may_be() {
    for (why, fits) in [
        ("a".repeat(4096), true),
        ("a".repeat(4097), false),
        ("ä".repeat(2048), true),
        ("ä".repeat(2049), false),
    ] {
        let mut ledger = with_policy();
        let mut body = request("web1", &[22], 600);
        assert_eq!(ledger.initiate(user("ann"), after(1), "default", &body).0, 202);
        let (status, answer) =
            ledger.revoke(user("ann"), after(2), &json!({"justification": why.as_str()}), false);
        assert_eq!(status, if fits { 200 } else { 400 }, "{answer}");
        assert_eq!(ledger.open_ports("web1", 2).is_empty(), fits);
        body["justification"] = json!(why.as_str());
        let (status, answer) = ledger.initiate(user("bob"), after(3), "default", &body);
        assert_eq!(status, if fits { 202 } else { 400 }, "{answer}");
        if !fits {
            assert_eq!(
                (&answer["error"]["code"], &answer["error"]["target"]),
                (&json!("InvalidInitiateInput"), &json!("/justification"))
            );
        }
        ledger.check();
    }
}

/// What is too large is refused before it is judged, however good it is, and by the service alone.
#[test]
fn machines_ports_and_requests_have_limits() {
    let sources = |count: usize| -> Vec<String> {
        (0..count).map(|number| format!("10.0.{}.{}", number / 250, number % 250)).collect()
    };
    let rules = |ports: usize, count: usize| {
        let one = |number: usize| json!({"number": number, "protocol": "TCP", "allowedSourceAddressPrefixes": sources(count), "maxRequestAccessDuration": "PT3H"});
        json!({"id": vm("web2"), "ports": (1..=ports).map(one).collect::<Vec<_>>()})
    };
    let ports = "/properties/virtualMachines/1/ports";
    for (ports, sources, target) in [
        (1000, 1, None),
        (1001, 1, Some(ports.to_owned())),
        (2, 4000, None),
        (2, 4001, Some(format!("{ports}/0/allowedSourceAddressPrefixes"))),
    ] {
        let mut ledger = Ledger::default();
        let body = policy(&[machine("web1", &[22]), rules(ports, sources)]);
        let (status, answer) = ledger.put(user("olga"), after(0), "default", &body);
        let error = &answer["error"];
        assert_eq!(status, if target.is_some() { 400 } else { 200 }, "{ports} {sources}: {error}");
        assert_eq!(error["target"].as_str(), target.as_deref(), "{ports} {sources}");
        assert!(target.is_none() || error["code"] == "InvalidPolicyInput", "{error}");
        let text = body.to_string();
        let report = check(text.as_bytes(), &CheckOptions::default());
        assert!(report.diagnostics.iter().all(|one| one.severity != Severity::Error), "{ports} {sources}");
        ledger.check();
    }
    let all: Vec<u16> = (1..=1000).collect();
    let mut ledger = Ledger::with_policy(&[machine("web1", &all), machine("web2", &all)]);
    let asked = |name: &str, ports: usize, count: usize| {
        let one = |number: usize| match count {
            0 => json!({"number": number, "duration": "PT1H"}),
            _ => {
                json!({"number": number, "duration": "PT1H", "allowedSourceAddressPrefixes": sources(count)})
            }
        };
        json!({"id": vm(name), "ports": (1..=ports).map(one).collect::<Vec<_>>()})
    };
    for (machines, target) in [
        (vec![asked("web1", 1000, 0), asked("web2", 1000, 1)], None),
        (vec![asked("web1", 1, 1), asked("web2", 1001, 0)], Some("/virtualMachines/1/ports")),
        (vec![asked("web1", 999, 0), asked("WEB1", 2, 0)], Some("/virtualMachines/1/ports")),
        (vec![asked("web1", 1, 1000)], None),
        (vec![asked("web1", 1, 1001)], Some("/virtualMachines/0/ports/0/allowedSourceAddressPrefixes")),
        (vec![asked("web1", 2, 500), asked("web2", 1, 1)], Some("/virtualMachines")),
    ] {
        let body = json!({"virtualMachines": machines});
        let (status, answer) = ledger.initiate(user("ann"), after(1), "default", &body);
        let error = &answer["error"];
        assert_eq!(status, if target.is_some() { 400 } else { 202 }, "{target:?}: {error}");
        assert_eq!(error["target"].as_str(), target);
        assert!(target.is_none() || error["code"] == "InvalidInitiateInput", "{error}");
    }
    ledger.check();
}
