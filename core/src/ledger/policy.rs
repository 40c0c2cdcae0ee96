//! Policies as they are stored.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Prefixes, Principal, ResourceId};
use crate::model::{PolicyId, Protocol, Timestamp};

/// A port rule of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortRule {
    /// The port.
    pub number: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// From where it may be opened.
    pub prefixes: Prefixes,
    /// `maxRequestAccessDuration`, as it was written: `PT3H`.
    pub max_duration: Box<str>,
}

/// A machine of a policy, as a PUT gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineRules {
    /// The machine's resource id, as it was written.
    pub id: ResourceId,
    /// The public address of the Azure Firewall in front of it, where one was given.
    pub public_ip_address: Option<Box<str>>,
    /// Its rules, in order.
    pub ports: Vec<PortRule>,
}

/// What a PUT puts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyBody {
    /// The policy's id, by the path of the call.
    pub id: ResourceId,
    /// `kind`, where it was given.
    pub kind: Option<Box<str>>,
    /// The machines, in order.
    pub machines: Vec<MachineRules>,
}

/// A machine of a stored policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyMachine {
    /// Its id and rules.
    pub rules: MachineRules,
    /// When and by whom it was put in.
    pub added: Added,
}

/// When and by whom a machine was put into a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The event's number, which is the policy's version then.
    pub version: u64,
    /// The event's time.
    pub time: Timestamp,
    /// Who did it.
    pub by: Arc<Principal>,
}

/// A stored policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its id, as the first PUT spelt it.
    pub id: Arc<ResourceId>,
    /// `kind`, where it was given.
    pub kind: Option<Box<str>>,
    /// Its machines, in the order of the last PUT.
    pub machines: Vec<PolicyMachine>,
    /// The number of the event that put it as it is: what its `ETag` tells.
    pub version: u64,
    /// When that was.
    pub changed: Timestamp,
}

impl Policy {
    /// The parts of its id.
    pub fn parts(&self) -> PolicyId<'_> {
        let none = PolicyId { subscription: "", resource_group: "", location: "", name: "" };
        // No other id is stored.
        PolicyId::parse(self.id.text()).unwrap_or(none)
    }
}
