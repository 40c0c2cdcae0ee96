//! Whether a flow reaches its machine, as JSON.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::network::{Access, Answer, Decider, Engine};

/// `{"reachable": "yes"|"no"|"maybe", "decidedBy": [Decider…]}`: what decides at each stage, in the order of the packet's
/// way, up to where it is stopped.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReachJson<'a> {
    reachable: &'static str,
    decided_by: Vec<DeciderJson<'a>>,
}

impl<'a> ReachJson<'a> {
    /// The engine that answered knows the names.
    pub fn new(engine: &'a Engine, answer: &Answer) -> Self {
        let decided_by = answer.decided_by.iter().map(|decider| DeciderJson::new(engine, decider)).collect();
        Self { reachable: answer.reachable.word(), decided_by }
    }
}

/// `{"stage": "firewall"|"firewallNetworkRule"|"subnetNsg"|"nicNsg"|"securityGroup"|"noFilter"|"publicAddress"|"notGiven"|"noAddress"|"entangled",
/// "reachable": "yes"|"no"|"maybe", "resource": "nsg-web", "id": "/subscriptions/…", "rule": "AllowSSH"|null,
/// "priority": 300|null, "access": "Allow"|"Deny"|null, "unknown"?: ["Storage"]}`.
///
/// `resource` is its name, or its id where it was not given. `rule` is null where no rule matches, where an EC2
/// permission decides, which has no name, and where rules decide that are not known. `unknown` lists what in the rule is not
/// known, as it is written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeciderJson<'a> {
    stage: &'static str,
    reachable: &'static str,
    resource: &'a str,
    id: &'a str,
    rule: Option<&'a str>,
    priority: Option<u32>,
    access: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<String>,
}

impl<'a> DeciderJson<'a> {
    fn new(engine: &'a Engine, decider: &Decider) -> Self {
        let described = engine.describe(decider);
        Self {
            stage: decider.stage.word(),
            reachable: decider.reachable.word(),
            resource: described.name.unwrap_or(described.id),
            id: described.id,
            rule: described.rule,
            priority: described.priority,
            access: described.access.map(|access| match access {
                Access::Allow => "Allow",
                Access::Deny => "Deny",
            }),
            unknown: described.unknown,
        }
    }
}
