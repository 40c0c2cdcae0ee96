//! The rules that JIT writes: what a policy takes away at rest, and what a grant opens.
//!
//! The order is that of the machines' ids, so that the order in a document changes nothing.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::IpNet;

use super::draft::Draft;
use super::site::sites;
use super::target::Target;
use super::{Mode, ec2, firewall, names, nsg};
use crate::model::Protocol;
use crate::network::{
    AzureFirewall, Cloud, Index, NatRule, Network, NetworkSecurityGroup, Permission, SecurityGroup,
    SecurityRule,
};
use crate::order;

/// One thing written.
#[derive(Clone, Debug)]
pub(super) enum Write {
    /// A rule in an NSG.
    Rule { nsg: Index<NetworkSecurityGroup>, rule: SecurityRule },
    /// A rule that should be in an NSG, in which no number is left that would do.
    NoPriority { nsg: Index<NetworkSecurityGroup>, ports: Vec<u16> },
    /// A DNAT rule in an Azure Firewall.
    Nat { firewall: Index<AzureFirewall>, rule: NatRule },
    /// A permission taken away from an EC2 security group, and what is left of it.
    Revoke { group: Index<SecurityGroup>, permission: Permission, kept: Vec<Permission> },
    /// A new EC2 security group.
    Group { group: SecurityGroup },
}

/// Writes for whom: the index of the target.
pub(super) type Writes = Vec<(usize, Write)>;

/// What closes the protected ports of all targets.
pub(super) fn rest(network: &Network, draft: &mut Draft, targets: &[Target], mode: Mode) -> Writes {
    let mut order: Vec<(usize, &Target)> = targets.iter().enumerate().collect();
    order::sort_by(&mut order, |(_, a), (_, b)| key(a).cmp(key(b)));
    let mut all = Vec::new();
    for (index, target) in order {
        let mut writes = Vec::new();
        if is_ec2(network, target) {
            ec2::revoke(network, draft, target, &mut writes);
        } else {
            nsg::deny(network, draft, target, mode, &mut writes);
        }
        all.extend(writes.into_iter().map(|write| (index, write)));
    }
    all
}

/// An id without regard to case.
fn key(target: &Target) -> impl Iterator<Item = u8> + '_ {
    target.id.bytes().chain([0]).chain(target.policy.bytes()).map(|byte| byte.to_ascii_lowercase())
}

/// What opens a port of a machine for these sources. `request` tells one request from another. The answer is
/// the port of the firewall that leads there, where one does.
pub(super) fn open(
    network: &Network,
    draft: &mut Draft,
    target: &Target,
    port: (Protocol, u16),
    sources: &[IpNet],
    request: &[&str],
) -> (Vec<Write>, Option<(IpAddr, u16)>) {
    let mut writes = Vec::new();
    let mut mapped = None;
    if is_ec2(network, target) {
        ec2::open(network, draft, target, port, sources, request, &mut writes);
        return (writes, None);
    }
    let sites = target.machine.map(|machine| sites(network, machine)).unwrap_or_default();
    let first = sites.iter().map(|site| site.address).find(IpAddr::is_ipv4);
    // The firewall leads to one address of the machine, and only from there the NSGs let it in.
    if let (Some((_, public)), Some(first)) = (target.firewall, first) {
        let place = (first, request);
        if let Some((port_there, from)) =
            firewall::open(network, draft, target, port, sources, place, &mut writes)
        {
            mapped = Some((public, port_there));
            nsg::allow(network, draft, target, port, &from, (Some(first), request), &mut writes);
        }
    } else {
        nsg::allow(network, draft, target, port, sources, (None, request), &mut writes);
    }
    (writes, mapped)
}

/// Takes back what a grant wrote, and nothing else.
pub(super) fn take_back(draft: &mut Draft, write: &Write) {
    match write {
        Write::Rule { nsg, rule } => {
            let rules = draft.nsgs.iter_mut().find(|(index, _)| index == nsg);
            if let Some((_, rules)) = rules
                && let Some(at) = rules.iter().rposition(|known| known == rule)
            {
                Arc::make_mut(rules).remove(at);
            }
        }
        Write::Nat { firewall, rule } => {
            let firewall = draft.firewalls.iter_mut().find(|(index, _)| index == firewall);
            let collections = firewall.into_iter().flat_map(|(_, firewall)| &mut firewall.nat);
            for collection in collections.filter(|collection| names::is_jit_collection(&collection.name)) {
                collection.rules.retain(|known| known != rule);
            }
        }
        Write::Group { group } => {
            if let Some(at) = draft.new_groups.iter().rposition(|(_, known)| known == group) {
                draft.new_groups.remove(at);
            }
        }
        Write::NoPriority { .. } | Write::Revoke { .. } => {}
    }
}

/// True for an instance of EC2.
pub(super) fn is_ec2(network: &Network, target: &Target) -> bool {
    let machine = target.machine.and_then(|machine| network.machines.get(machine.get()));
    machine.is_some_and(|machine| machine.cloud == Cloud::Ec2)
}
