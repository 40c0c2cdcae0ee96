//! `mappedPort`: at which port of an Azure Firewall a grant is reached, while it is open.

use alloc::string::String;
use alloc::sync::Arc;

use hashbrown::HashMap;

use super::Present;
use crate::ledger::{Grant, Policy, Request, State, Status};
use crate::model::Timestamp;
use crate::wire::ledger::SHOWN;

/// The kind of resource by which an inventory counts firewalls.
const FIREWALLS: &str = "azureFirewalls";

/// The ports of firewalls that lead to open grants.
#[derive(Debug, Default)]
pub struct MappedPorts(HashMap<Key, u16>);

/// The policy and the machine in small letters, the port, and when it was opened.
type Key = (String, String, u16, Timestamp);

impl MappedPorts {
    /// True where there may be some for the grants of these policies: where there is no firewall, or nothing is open, the
    /// network need not be asked.
    pub fn may_be(state: &State, policies: &[&Arc<Policy>], now: Timestamp) -> bool {
        let firewalls = state.inventory().and_then(|inventory| inventory.counts.get(FIREWALLS));
        firewalls.is_some_and(|count| *count > 0) && policies.iter().any(|policy| is_open(state, policy, now))
    }

    /// Those of an inventory as it stands.
    pub fn new(present: &Present) -> Self {
        let mut ports = HashMap::new();
        for opened in present.standing.opened() {
            let Some((_, port)) = opened.mapped else { continue };
            let grant = &opened.grant;
            // Of a rule for each protocol that of TCP comes first; there is room for one.
            ports.entry(key(&opened.policy, &grant.machine, grant.port, grant.from)).or_insert(port);
        }
        Self(ports)
    }

    /// The one of a grant of a request.
    pub fn of(&self, request: &Request, grant: &Grant) -> Option<u16> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&key(request.policy.text(), grant.machine.text(), grant.number, request.start)).copied()
    }
}

/// True when any port is open by that policy.
fn is_open(state: &State, policy: &Policy, now: Timestamp) -> bool {
    let is_recent = |request: &&Request| now.since(request.start).is_none_or(|age| age <= SHOWN);
    let mut grants = state.requests_of(&policy.id).take_while(is_recent).flat_map(|request| &request.grants);
    grants.any(|grant| grant.status(now) == Status::Initiated)
}

fn key(policy: &str, machine: &str, port: u16, from: Timestamp) -> Key {
    (policy.to_ascii_lowercase(), machine.to_ascii_lowercase(), port, from)
}
