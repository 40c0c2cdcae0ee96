//! Tests of the drafts, by what they are about.
mod change;
mod judge;
mod port;
mod row;

use jitgate_core::ledger::ResourceId;
use jitgate_local::Json;

use super::{Entry, PortValue, Stored};

pub const POLICY: &str = "/subscriptions/5d1f0c1e-33f1-4a8e-9d9f-0b9a6f7c2e51/resourceGroups/rg-web/providers/\
                          Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default";

pub fn machine(name: &str) -> ResourceId {
    let group = POLICY.split("/providers/").next().unwrap_or_default();
    ResourceId::new(&format!("{group}/providers/Microsoft.Compute/virtualMachines/{name}"))
}

pub fn port(json: &str) -> PortValue {
    Json::read(json, PortValue::read)
}

/// A machine with these ports, each with the usual settings.
pub fn entry(name: &str, ports: &[&str]) -> Entry {
    Entry {
        id: machine(name),
        public_ip: String::new(),
        ports: ports.iter().map(|number| PortValue::usual(number)).collect(),
    }
}

/// A policy that has them, as it would be stored.
pub fn stored(entries: &[Entry]) -> Stored {
    let machines: Vec<String> = entries.iter().map(Entry::json).collect();
    Stored::read(&super::document(&ResourceId::new(POLICY), "", &machines))
}
