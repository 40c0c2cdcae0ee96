//! Decisions by policies in templates, whose `copy` makes machines and ports.

use crate::support::{NOW, VM};
use jitgate_core::Timestamp;
use jitgate_core::decide::{Context, decide};
use serde_json::{Value, json};

/// How often a template's `copy` makes something is not known: it grants nothing, and says so.
#[test]
fn what_a_template_may_copy_is_not_granted() {
    let rule = json!({"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"});
    let asked = json!({"virtualMachines": [{"id": VM, "ports": [{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}]}]});
    let context = Context { now: Timestamp::parse(NOW).expect("a time"), caller_address: None };
    for count in [json!(0), json!(2), json!("[length(parameters('vms'))]")] {
        let copy = |name: &str, input: &Value| json!([{"name": name, "count": count, "input": input}]);
        let whole = json!({"copy": copy("virtualMachines", &json!({"id": VM, "ports": [rule]}))});
        let ports = json!({"virtualMachines": [{"id": VM, "copy": copy("ports", &rule)}]});
        for properties in [whole, ports] {
            let policy = json!({"$schema": "x", "resources": [{
                "type": "Microsoft.Security/locations/jitNetworkAccessPolicies",
                "name": "westeurope/default", "properties": properties,
            }]});
            let decision = decide(policy.to_string().as_bytes(), asked.to_string().as_bytes(), &context);
            let codes: Vec<_> = decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect();
            assert_eq!(codes, ["JIT627"], "{policy}");
        }
    }
}
