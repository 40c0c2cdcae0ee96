//! Decisions on long lists. What grew with the product of two of them would take minutes here, and gigabytes.

use crate::decide_support::{decided, policy, request};
use crate::support::{CALLER, VM};
use serde_json::{Value, json};

/// So many addresses with gaps between them.
fn scattered(first: u8, count: u32) -> Vec<String> {
    (0..count).map(|at| format!("{first}.{}.{}.{}", at >> 15, (at >> 7) & 255, (at * 2) & 255)).collect()
}

/// What one reason says does not grow with the policy, and what all of them hold not with the product of both: a list
/// of thousands against another of thousands would else fill any memory.
#[test]
fn long_lists_against_each_other() {
    let policy = policy(
        &json!([{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefixes": scattered(10, 8000), "maxRequestAccessDuration": "PT3H"}]),
    );
    let asking = |sources: &[String]| {
        request(&json!([{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefixes": sources}]))
    };
    let (granted, _) = decided(&policy, &asking(&scattered(10, 8000)), Some(CALLER));
    assert_eq!(
        (granted.is_granted(), granted.grants.len(), granted.grants[0].sources.len()),
        (true, 1, 8000)
    );
    let (refused, _) = decided(&policy, &asking(&scattered(11, 8000)), Some(CALLER));
    assert_eq!(
        (refused.is_granted(), refused.reasons.len(), refused.nearest.is_some()),
        (false, 8000, false)
    );
    let longest = refused.reasons.iter().map(|reason| reason.diagnostic.help.len()).max();
    assert!(longest.is_some_and(|longest| longest < 500), "{longest:?}");
    // The same wide block again and again: some of it is allowed.
    let wide = vec!["10.0.0.0/9".to_owned(); 8000];
    let (refused, json) = decided(&policy, &asking(&wide), None);
    let reason = &refused.reasons[0].diagnostic;
    assert!(reason.message.ends_with("10.0.0.38, …` is") && reason.message.len() < 500, "{}", reason.message);
    let (full, _) = decided(&policy, &asking(&vec!["11.0.0.0/9".to_owned(); 20_000]), None);
    assert!(!full.is_granted(), "warnings alone fill the report");
    let nearest = json.pointer("/nearest/virtualMachines/0/ports/0/allowedSourceAddressPrefixes");
    assert_eq!(nearest.and_then(Value::as_array).map(Vec::len), Some(8000));
}

/// How often a document says the same.
const OFTEN: usize = 20_000;

/// What the rule allows is worked out once, and kept once, however often its port is asked for.
#[test]
fn one_port_again_and_again() {
    let policy = policy(
        &json!([{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefixes": scattered(10, 8000), "maxRequestAccessDuration": "PT3H"}]),
    );
    let asking = |port: &Value, count| request(&json!(vec![port; count]));
    let hour = json!({"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.0.0.2"});
    let (granted, _) = decided(&policy, &asking(&hour, 8000), None);
    assert!(granted.grants.len() == 8000 && granted.grants.windows(2).all(|two| two[0] == two[1]));
    // A wide block, of which the rule allows thousands of parts.
    let wide = json!({"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.0.0.0/9"});
    let (refused, json) = decided(&policy, &asking(&wide, OFTEN), None);
    assert!(!refused.is_granted());
    let ports = json.pointer("/nearest/virtualMachines/0/ports").and_then(Value::as_array).expect("ports");
    assert_eq!(ports.len(), 1);
    assert_eq!(ports[0]["allowedSourceAddressPrefixes"].as_array().map(Vec::len), Some(8000));
}

/// The rules of a machine are put in order once, however often it is named.
#[test]
fn one_machine_again_and_again() {
    let rule = |number: usize| json!({"number": number, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"});
    let policy = policy(&json!((1..=OFTEN).map(rule).collect::<Vec<_>>()));
    let machine = |number: usize| json!({"id": VM, "ports": [{"number": number, "duration": "PT1H"}]});
    let asking = |numbers: core::ops::RangeInclusive<usize>| {
        json!({"virtualMachines": numbers.map(machine).collect::<Vec<_>>()}).to_string()
    };
    let (granted, _) = decided(&policy, &asking(1..=8000), Some(CALLER));
    let ports: Vec<_> = granted.grants.iter().map(|grant| usize::from(grant.port)).collect();
    assert_eq!(ports, (1..=8000).collect::<Vec<_>>());
    // Ports that have no rule.
    let (refused, _) = decided(&policy, &asking(OFTEN + 1..=2 * OFTEN), Some(CALLER));
    let codes: Vec<_> = refused.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect();
    assert!(codes.contains(&"JIT622"), "{codes:?}");
}
