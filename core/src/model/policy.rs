//! A policy: the machines it protects and, for each, the ports that may be opened.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::{DurationText, Field, IdText, PolicyId, PortText, ProtocolText, Request, Sources};
use crate::json::NodeId;

/// A string that is taken as it is.
pub type Text<'t> = Cow<'t, str>;

/// A just-in-time network access policy.
#[derive(Debug, Default)]
pub struct Policy<'t> {
    /// The object it was read from.
    pub node: NodeId,
    /// Its resource id; read-only.
    pub id: Field<Text<'t>>,
    /// Its name; read-only. In a template: the location, a slash and the name.
    pub name: Field<Text<'t>>,
    /// The resource type; read-only.
    pub resource_type: Field<Text<'t>>,
    /// `Basic`
    pub kind: Field<Text<'t>>,
    /// The region; read-only.
    pub location: Field<Text<'t>>,
    /// True for a resource of a template, whose name includes the location.
    pub in_template: bool,
    /// `virtualMachines`; its machines are in `machines`.
    pub machine_list: Field<()>,
    /// The machines, in order.
    pub machines: Vec<Machine<'t>>,
    /// What a template's `copy` makes machines of, however many that may be: known to rules, but no machines to decide by.
    pub copied: Vec<Machine<'t>>,
    /// `requests`; its requests are in `history`.
    pub request_list: Field<()>,
    /// The requests made so far.
    pub history: Vec<Request<'t>>,
    /// A script puts it, and then puts another in its place or deletes it.
    pub undone: bool,
    /// How far the service has got; read-only.
    pub provisioning_state: Field<Text<'t>>,
    /// Undocumented; the service answers `false`.
    pub append_mode: Field<bool>,
}

impl Policy<'_> {
    /// The parts of its resource id, if it has one.
    pub fn policy_id(&self) -> Option<PolicyId<'_>> {
        PolicyId::parse(self.id.get()?)
    }

    /// Its name, from wherever it is known.
    pub fn policy_name(&self) -> Option<&str> {
        let named = self.name.get().map(|name| name.rsplit('/').next().unwrap_or(name));
        named.or_else(|| self.policy_id().map(|id| id.name))
    }
}

/// A machine in a policy.
#[derive(Debug, Default)]
pub struct Machine<'t> {
    /// The object it was read from.
    pub node: NodeId,
    /// The machine's resource id.
    pub id: Field<IdText<'t>>,
    /// `ports`; its rules are in `ports`.
    pub port_list: Field<()>,
    /// The rules, in order.
    pub ports: Vec<PortRule>,
    /// What a template's `copy` makes rules of: likewise.
    pub copied: Vec<PortRule>,
    /// The public address of the Azure Firewall in front of it, where there is one.
    pub public_ip_address: Field<Text<'t>>,
}

/// A port that may be opened: by which protocol, from where, for how long.
#[derive(Debug, Default)]
pub struct PortRule {
    /// The object it was read from.
    pub node: NodeId,
    /// The port.
    pub number: Field<PortText>,
    /// The protocol.
    pub protocol: Field<ProtocolText>,
    /// From where it may be opened.
    pub sources: Sources,
    /// `maxRequestAccessDuration`: for how long at most.
    pub max_duration: Field<DurationText>,
}
