//! A policy of one machine, requests for it, and the verdicts on them.

use std::net::{IpAddr, Ipv4Addr};

use jitgate_core::decide::{Context, Decision, decide};
use jitgate_core::{Timestamp, wire};
use serde_json::{Value, json};

use crate::support::{NOW, VM};

pub fn context(caller: Option<IpAddr>) -> Context {
    Context { now: Timestamp::parse(NOW).expect("a time"), caller_address: caller }
}

pub fn policy(ports: &Value) -> String {
    json!({"kind": "Basic", "properties": {"virtualMachines": [{"id": VM, "ports": ports}]}}).to_string()
}

pub fn request(ports: &Value) -> String {
    json!({"virtualMachines": [{"id": VM, "ports": ports}], "justification": "patching"}).to_string()
}

pub fn decided(policy: &str, request: &str, caller: Option<IpAddr>) -> (Decision, Value) {
    let decision = decide(policy.as_bytes(), request.as_bytes(), &context(caller));
    let json = serde_json::from_str(&wire::decision(&decision)).expect("the wire is JSON");
    (decision, json)
}

pub const ME: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 20, 0, 7));

/// The verdict on one requested port by one rule: the codes of the reasons, or what is granted.
#[track_caller]
pub fn check(rule: &str, port: &str, expected: &str) {
    let parse = |text: &str| serde_json::from_str::<Value>(&text.replace('\'', "\"")).expect("a test's JSON");
    let rule = parse(&format!("[{{'number':22,'protocol':'TCP',{rule}}}]"));
    let port = parse(&format!("[{{'number':22,{port}}}]"));
    let (decision, json) = decided(&policy(&rule), &request(&port), Some(ME));
    let verdict = if decision.is_granted() {
        let grant = &json["grants"][0];
        let sources: Vec<_> =
            grant["sources"].as_array().expect("sources").iter().filter_map(Value::as_str).collect();
        format!("{} until {}", sources.join(" "), grant["endTimeUtc"].as_str().expect("an end"))
    } else {
        let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect();
        let port =
            json.pointer("/nearest/virtualMachines/0/ports/0").map(Value::to_string).unwrap_or_default();
        format!("{} {}", codes.join(" "), port.replace('"', "'"))
    };
    assert_eq!(verdict.trim_end(), expected);
}
