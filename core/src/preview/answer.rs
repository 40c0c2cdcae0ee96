//! What a preview answers.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::fleet::Opened;
use super::text::RuleText;
use super::time::LiveGrant;
use crate::decide::Decision;
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Protocol, Timestamp};
use crate::network::Bounds;
use crate::sets::{Addresses, Traffic};

/// What a policy and requests do to a network.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The instant that `open` is about.
    pub at: Timestamp,
    /// Every machine of the network and of the policies, in the order of the network.
    pub machines: Vec<MachinePreview>,
    /// From the present on: the times between which nothing changes and something is open.
    pub timeline: Vec<Interval>,
    /// The answer to each request, with the index of its document. Stored requests were answered before.
    pub decisions: Vec<(usize, Decision)>,
    /// Of a policy of a fleet: what becomes of each port that the request opens.
    pub granted: Vec<Opened>,
    /// Of a policy of a fleet: the machines of the network that the stored one has and the one in its place does not.
    pub left: Vec<Left>,
    /// Of a policy of a fleet: what becomes otherwise on the instances that share a security group with its own, these too.
    pub sharing: Vec<Sharing>,
    /// What is to be said about each document.
    pub reports: Vec<DocumentReport>,
}

/// A machine.
#[derive(Clone, Debug)]
pub struct MachinePreview {
    /// Its id, as the network has it, or else the policy.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `configured`, `notConfigured` or `unsupported`.
    pub class: &'static str,
    /// Why it is of that class, in words; empty where there is nothing to say.
    pub reason: String,
    /// The names of the policies that it is in.
    pub policies: Vec<String>,
    /// The ports that they protect.
    pub ports: Vec<(Protocol, u16)>,
    /// The rules that JIT writes for it.
    pub rules: RuleChanges,
    /// What may reach it; none where it is not in a policy, or not in the network.
    pub states: Option<States>,
    /// The names of the filters whose rules cut each other into too many pieces, so that its states are bounds.
    pub entangled: Vec<String>,
    /// What reaches its protected ports in spite of JIT.
    pub residual: Vec<Residual>,
    /// What a stored policy keeps out and this one, proposed in its place, does not.
    pub reopened: Option<Bounds<Traffic>>,
}

/// A machine that a policy has no more.
#[derive(Clone, Debug)]
pub struct Left {
    /// Its id, as the policy had it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What all policies together keep out as they are stored, and do no more.
    pub reopened: Traffic,
}

/// An EC2 instance that has a security group of an instance of a policy.
#[derive(Clone, Debug)]
pub struct Sharing {
    /// Its id and its name, where it may be told of. What may not is one of these, without traffic.
    pub machine: Option<(String, String)>,
    /// The names of the groups.
    pub groups: Vec<String>,
    /// What gets in under the policies that are stored, and no more.
    pub closed: Traffic,
    /// What gets in that they keep out.
    pub reopened: Traffic,
}

/// Writes to NSGs, firewalls and security groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleChanges {
    /// New rules.
    pub added: Vec<RuleChange>,
    /// Rules that were there and get another priority.
    pub moved: Vec<RuleMove>,
    /// Permissions of EC2 security groups that are taken away.
    pub removed: Vec<RuleChange>,
}

/// A rule that comes or goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// Where.
    pub resource: ResourceText,
    /// The rule.
    pub rule: RuleText,
    /// True for a rule that is there while a request is open, and only then.
    pub for_request: bool,
}

/// A rule that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleMove {
    /// Where.
    pub resource: ResourceText,
    /// Its name.
    pub name: String,
    /// Its priority before.
    pub from: u32,
    /// Its priority after.
    pub to: u32,
}

/// What holds rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceText {
    /// `nsg`, `firewall` or `securityGroup`.
    pub kind: &'static str,
    /// The id as given.
    pub id: String,
    /// The name.
    pub name: String,
}

/// What may reach a machine.
#[derive(Clone, Debug)]
pub struct States {
    /// Without JIT; of a policy of a fleet, without that policy.
    pub before: Bounds<Traffic>,
    /// As the network is now, were no request open; only where rules of JIT for the machine were found in it.
    pub as_found: Option<Bounds<Traffic>>,
    /// With JIT, and no request open.
    pub at_rest: Bounds<Traffic>,
    /// With the requests that are open at the instant.
    pub open: Bounds<Traffic>,
    /// After the last of them has ended.
    pub after: Bounds<Traffic>,
}

impl States {
    /// What JIT closes: what may have come in before, and surely does not at rest.
    pub fn closed(&self) -> Traffic {
        // Where it is too much work to know, nothing is claimed to be closed.
        self.before.may.try_difference(&self.at_rest.may).unwrap_or_default()
    }

    /// What of that surely came in before: the rest hangs on something that is not known.
    pub fn surely_closed(&self) -> Traffic {
        surely_lost(&self.before, &self.at_rest)
    }

    /// What JIT opens at rest, which should be nothing.
    pub fn opened_at_rest(&self) -> Traffic {
        lost(&self.at_rest, &self.before)
    }

    /// What the requests open.
    pub fn opened(&self) -> Traffic {
        lost(&self.open, &self.at_rest)
    }

    /// What of that surely is shut at rest, and surely open then.
    pub fn surely_opened(&self) -> Traffic {
        surely_lost(&self.open, &self.at_rest)
    }

    /// True if the last end leaves nothing behind. Equal sets are equal values, and have one digest.
    pub fn is_restored(&self) -> bool {
        self.after == self.at_rest
    }
}

/// What is in the one and not in the other, be it surely or maybe. Where that is too much work to know, all of the one.
pub(super) fn lost(from: &Bounds<Traffic>, to: &Bounds<Traffic>) -> Traffic {
    let may = from.may.difference(&to.may);
    if from.is_exact() && to.is_exact() {
        return may;
    }
    may.try_union(&from.surely.difference(&to.surely)).unwrap_or_else(|_| from.may.clone())
}

/// What surely is in the one, and surely not in the other. Where that is too much work to know, nothing is sure.
pub(super) fn surely_lost(from: &Bounds<Traffic>, to: &Bounds<Traffic>) -> Traffic {
    from.surely.try_difference(&to.may).unwrap_or_default()
}

/// What still reaches a protected port.
#[derive(Clone, Debug)]
pub struct Residual {
    /// The protocol of the policy's rule.
    pub protocol: Protocol,
    /// The port.
    pub port: u16,
    /// True if this is so in the network as it is now; else it is so after JIT has written its rules.
    pub as_found: bool,
    /// What reaches it.
    pub traffic: Bounds<Traffic>,
    /// The rules that let it in.
    pub let_in_by: Vec<RuleChange>,
    /// The addresses of the machine at which nothing filters what comes in.
    pub unfiltered: Addresses,
    /// What closes it.
    pub closing: Closing,
}

/// The smallest change that closes a residual exposure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closing {
    /// In words, one for each rule to change.
    pub steps: Vec<String>,
    /// It was applied, and nothing reached the port any more.
    pub proved: bool,
}

/// A time in which nothing changes and something is open.
#[derive(Clone, Debug)]
pub struct Interval {
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// The grants that are open, with the port of the firewall that leads there, where one does.
    pub grants: Vec<(LiveGrant, Option<(IpAddr, u16)>)>,
    /// What they open: machine, its name, and the traffic that is not there at rest, or may not be.
    pub opened: Vec<(String, String, Bounds<Traffic>)>,
}

impl Interval {
    /// How long it is.
    pub fn seconds(&self) -> u64 {
        self.until.since(self.from).map_or(0, |length| length.as_secs())
    }
}

/// Which document a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A policy.
    Policy,
    /// A request.
    Request,
    /// A file of the network.
    Network,
}

impl Role {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Request => "request",
            Self::Network => "network",
        }
    }
}

/// What is to be said about a document.
#[derive(Clone, Debug)]
pub struct DocumentReport {
    /// Its role.
    pub role: Role,
    /// Its place among those of the role, from 0.
    pub index: usize,
    /// What it was read as.
    pub kind: Kind,
    /// In document order.
    pub diagnostics: Vec<Diagnostic>,
}
