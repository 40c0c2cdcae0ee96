//! A machine in a policy, and a policy as it is stored.
use jitgate_core::ledger::ResourceId;
use jitgate_core::order;
use jitgate_local::Json;

use super::port::PortValue;
use crate::{array, object, quoted, same_machine};

/// A machine with its ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The machine's id.
    pub id: ResourceId,
    /// That of the firewall it is reached by; empty where there is none.
    pub public_ip: String,
    /// Its ports, in the order of the policy.
    pub ports: Vec<PortValue>,
}

impl Entry {
    fn read(json: Json) -> Self {
        Self {
            id: ResourceId::new(&json.get("id").string()),
            public_ip: json.get("publicIpAddress").string(),
            ports: json.get("ports").list().map(PortValue::read).collect(),
        }
    }

    /// As the API takes it.
    pub fn json(&self) -> String {
        let ports: Vec<_> = self.ports.iter().map(PortValue::json).collect();
        let public_ip = if self.public_ip.is_empty() { String::new() } else { quoted(&self.public_ip) };
        object(&[("id", quoted(self.id.text())), ("ports", array(&ports)), ("publicIpAddress", public_ip)])
    }

    /// True when both mean the same, in whatever order and spelling.
    pub fn means(&self, other: &Self) -> bool {
        let ports = |entry: &Self| {
            let mut ports: Vec<_> = entry.ports.iter().map(PortValue::meaning).collect();
            order::sort_by(&mut ports, Ord::cmp);
            ports
        };
        self.public_ip == other.public_ip && ports(self) == ports(other)
    }
}

/// True when both mean the same, or neither is there.
pub fn same(one: Option<&Entry>, other: Option<&Entry>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => one.means(other),
        _ => false,
    }
}

/// A policy as it is stored: each machine as it was written, which goes back as it came.
#[derive(Clone, Debug)]
pub struct Stored {
    /// `kind`: `Basic`; empty where it has none.
    pub kind: String,
    /// Each machine, and its JSON as it was written.
    pub machines: Vec<(Entry, String)>,
}

impl Stored {
    /// From its JSON.
    pub fn read(policy: &str) -> Self {
        Json::read(policy, |json| {
            let machines = json.get("properties").get("virtualMachines").list();
            Self {
                kind: json.get("kind").string(),
                machines: machines.map(|machine| (Entry::read(machine), machine.raw().to_owned())).collect(),
            }
        })
    }

    /// The machine of that id, or that the policy calls otherwise.
    pub fn entry(&self, id: &ResourceId) -> Option<&Entry> {
        self.machines.iter().map(|(entry, _)| entry).find(|entry| same_machine(&entry.id, id))
    }
}
