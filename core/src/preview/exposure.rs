//! What a policy and a network together show that neither shows alone. Facts have no words; the rules of family 7
//! give them some.

use alloc::string::String;
use alloc::vec::Vec;

use super::answer::Role;
use crate::json::NodeId;
use crate::model::Protocol;

/// Something found, and where.
#[derive(Clone, Debug)]
pub struct ExposureFact {
    /// In which document.
    pub role: Role,
    /// Its place among those of the role.
    pub index: usize,
    /// Where in it.
    pub node: NodeId,
    /// What it is.
    pub exposure: Exposure,
}

/// Something that a policy's rules do, or do not do, on the network. Machines are told by name.
#[derive(Clone, Debug)]
pub enum Exposure {
    /// A machine of a policy is not in the network; the place is the machine in the policy.
    MachineNotInNetwork {
        /// Its name.
        machine: String,
    },
    /// Which machine of a network one of a policy is, is not known; the place is the machine in the policy.
    MachineNotKnown {
        /// What stands in the place of its id.
        machine: String,
    },
    /// A machine that cannot have JIT; the place is the machine in the policy.
    Unsupported {
        /// Its name.
        machine: String,
        /// Why, in words.
        reason: String,
    },
    /// No NSG filters an address, so that there is nowhere to write a rule; the place is the machine in the policy.
    Unfiltered {
        /// Its name.
        machine: String,
        /// The private address.
        address: String,
    },
    /// A rule finds no number; the place is the machine in the policy.
    NoPriority {
        /// Its name.
        machine: String,
        /// The NSG.
        nsg: String,
        /// The ports that stay as they are.
        ports: Vec<u16>,
    },
    /// Whatever is granted, nobody gets through; the place is the port rule.
    DeadPort {
        /// The machine.
        machine: String,
        /// The protocol.
        protocol: Protocol,
        /// The port.
        port: u16,
        /// The rule that stops it, its resource and its priority.
        stopped_by: Option<RuleName>,
    },
    /// A protected port is reachable at rest; the place is the port rule.
    Residual {
        /// The machine.
        machine: String,
        /// The protocol.
        protocol: Protocol,
        /// The port.
        port: u16,
        /// From where, in words.
        sources: String,
        /// From where else it may be, with those, if something that is not known is so; empty where that is nowhere.
        perhaps: String,
        /// The rules that let it in.
        rules: Vec<RuleName>,
        /// What closes it.
        steps: Vec<String>,
        /// False where this is only so if something that is not known is so.
        certain: bool,
    },
    /// An allow stands above JIT's deny; the place is the allow.
    ShadowedDeny {
        /// The machine.
        machine: String,
        /// The allow.
        allow: RuleName,
        /// The deny's name and priority.
        deny: (String, u32),
        /// The protocol.
        protocol: Protocol,
        /// The port.
        port: u16,
        /// From where, in words.
        sources: String,
        /// What closes it.
        steps: Vec<String>,
    },
    /// A rule of JIT is not as JIT writes it; the place is the rule.
    Edited {
        /// The machine.
        machine: String,
        /// The rule.
        rule: String,
        /// What differs, in words.
        difference: String,
    },
    /// JIT's rules are not where they should be; the place is the machine in the policy.
    Wiped {
        /// The machine.
        machine: String,
        /// The NSG without them.
        nsg: String,
        /// The private address.
        address: String,
    },
    /// A rule of JIT that nothing stands behind any more; the place is the rule.
    Stale {
        /// The rule.
        rule: String,
        /// It lets something in.
        allows: bool,
        /// Why, in words.
        reason: String,
    },
    /// What JIT does for one machine lets something into another; the place is the machine in the policy.
    OpensAnother {
        /// The machine.
        machine: String,
        /// The other one, where it may be told.
        other: Option<Other>,
    },
    /// What JIT does for one machine closes something on another; the place is the machine in the policy.
    ClosesAnother {
        /// The machine.
        machine: String,
        /// The other one, where it may be told.
        other: Option<Other>,
    },
    /// The rules before a machine cut each other into too many pieces; the place is the machine in the policy.
    Entangled {
        /// The machine.
        machine: String,
        /// The filters whose rules they are.
        filters: Vec<String>,
    },
    /// A grant opens more than was asked for; the place is the port rule.
    OpensMore {
        /// The machine.
        machine: String,
        /// What else it opens, in words.
        traffic: String,
        /// False where it only may.
        certain: bool,
    },
}

/// A machine that JIT touches beside those that it protects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its name.
    pub machine: String,
    /// What is let in there, or closed, in words.
    pub traffic: String,
    /// False where it only may be.
    pub certain: bool,
}

/// A rule by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleName {
    /// Its name; of a permission, which has none, what it says.
    pub name: String,
    /// The NSG, firewall or group.
    pub resource: String,
    /// Its priority, where it has one.
    pub priority: Option<u32>,
}
