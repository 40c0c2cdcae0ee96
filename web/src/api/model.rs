//! What the portal shows, as the API has it.
use std::sync::Arc;

use jitgate_core::Timestamp;
use jitgate_core::ledger::ResourceId;
use jitgate_core::model::Protocol;
use jitgate_logic::same_machine;

use super::MachineAddresses;

/// The tabs of the just-in-time page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Configured,
    NotConfigured,
    Unsupported,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Os {
    Linux,
    Windows,
}

/// Where just-in-time access works on a machine: the firewall's where both are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    Nsg,
    Firewall,
    SecurityGroup,
}

/// A machine, what is open on it, and what reaches it in spite of just-in-time access (`jitExposure`).
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    pub id: ResourceId,
    pub name: String,
    /// Empty for instances of EC2, as is the group.
    pub subscription: String,
    pub resource_group: String,
    pub location: String,
    pub os: Option<Os>,
    pub size: String,
    /// An instance of EC2.
    pub is_ec2: bool,
    /// Of an instance of EC2; those of others are with their network interfaces.
    pub addresses: MachineAddresses,
    pub class: Class,
    /// Why it is unsupported; empty for the others.
    pub reason: String,
    /// Id and name.
    pub policies: Vec<(ResourceId, String)>,
    pub through: Option<Through>,
    /// Approved requests of the last seven days.
    pub requests: u64,
    pub last_start: Option<Timestamp>,
    pub last_user: String,
    /// Live grants.
    pub open: Vec<Open>,
    /// What reaches protected ports without any grant.
    pub residual: Vec<Exposed>,
    /// What reaches management ports that no policy protects.
    pub unprotected: Vec<Exposed>,
}

/// A live grant.
#[derive(Clone, Debug, PartialEq)]
pub struct Open {
    pub policy: ResourceId,
    pub protocol: Protocol,
    pub port: u16,
    pub sources: Vec<String>,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    pub requestor: String,
    pub justification: String,
    /// Address and port to connect to, where the firewall maps it.
    pub mapped: Option<(String, u16)>,
    /// Why nothing of it gets in; none where something does.
    pub stopped: Option<&'static str>,
    /// Who else gets there as long as it is open.
    pub also_from: Vec<String>,
}

/// Traffic that reaches a port.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposed {
    pub protocol: String,
    pub port: u16,
    /// In the network as it was imported; otherwise at rest under our rules.
    pub as_found: bool,
    pub sources: Vec<String>,
    /// So many sources more.
    pub more: u64,
    pub exact: bool,
    /// Nearly all public addresses are among the sources.
    pub internet: bool,
    pub let_in_by: Vec<Rule>,
    /// The machine's addresses at which nothing filters.
    pub unfiltered: Vec<String>,
}

/// A rule of an NSG, firewall or security group.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub name: String,
    /// What it stands in.
    pub resource: String,
    pub priority: Option<u64>,
}

/// A policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub id: ResourceId,
    pub name: String,
    pub location: String,
    pub machines: Vec<MachineRules>,
    /// The latest first.
    pub requests: Vec<Arc<Request>>,
    /// Where a single policy was asked for.
    pub etag: Option<String>,
    /// As it came.
    pub json: Arc<str>,
}

impl Policy {
    /// What it has of a machine, whatever it calls it.
    pub fn rules_of(&self, machine: &ResourceId) -> Option<&MachineRules> {
        self.machines.iter().find(|own| same_machine(&own.id, machine))
    }
}

/// A machine in a policy.
#[derive(Clone, Debug, PartialEq)]
pub struct MachineRules {
    pub id: ResourceId,
    /// `publicIpAddress`: that of the firewall it is reached by.
    pub public_ip: String,
    pub ports: Vec<PortRule>,
}

/// A port in a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortRule {
    pub number: u16,
    pub protocol: Protocol,
    /// `*` for whatever the request names.
    pub sources: Vec<String>,
    /// `maxRequestAccessDuration`, as in `PT3H`.
    pub longest: String,
}

/// A request that was granted.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub policy: ResourceId,
    pub start: Option<Timestamp>,
    pub requestor: String,
    pub justification: String,
    pub ports: Vec<RequestedPort>,
}

/// A port of a request on one machine.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestedPort {
    pub machine: ResourceId,
    pub number: u16,
    pub sources: Vec<String>,
    pub end: Option<Timestamp>,
    /// `Initiated` while it is open, else `Revoked`.
    pub is_open: bool,
    /// `UserRequested`, `Expired`, `NewerRequestInitiated`.
    pub reason: String,
    /// When it was closed, where that was before its end, and by whom; empty for an application.
    pub closed: Option<(Timestamp, String)>,
}

/// Who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The object id.
    pub id: String,
    pub name: String,
    /// The caller's address, as the server sees it; empty where it is not known.
    pub address: String,
}
