//! What JIT writes into NSGs.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use super::draft::Draft;
use super::priority::Placement;
use super::rules::Write;
use super::site::{Site, may_let_in, sites};
use super::target::Target;
use super::{Mode, names};
use crate::model::Protocol;
use crate::network::{
    Access, Address, Direction, Index, Network, NetworkSecurityGroup, PortRange, RuleProtocol, SecurityRule,
    Value,
};

/// The denies of a machine: one for each private address, NSG and protocol, all ports in one rule.
pub(super) fn deny(
    network: &Network,
    draft: &mut Draft,
    target: &Target,
    mode: Mode,
    writes: &mut Vec<Write>,
) {
    let Some(machine) = target.machine else { return };
    for site in sites(network, machine) {
        for &nsg in &site.nsgs {
            for protocol in [Protocol::Tcp, Protocol::Udp, Protocol::Any] {
                let ports = target.ports_of(protocol);
                if !ports.is_empty() {
                    writes.push(deny_ports(network, draft, target, mode, (&site, nsg), protocol, &ports));
                }
            }
        }
    }
}

fn deny_ports(
    network: &Network,
    draft: &mut Draft,
    target: &Target,
    mode: Mode,
    (site, nsg): (&Site, Index<NetworkSecurityGroup>),
    protocol: Protocol,
    ports: &[u16],
) -> Write {
    let lets_in = |rule: &&SecurityRule| is_movable(rule) && may_let_in(rule, site, protocol, ports);
    let first = draft.rules(network, nsg).iter().filter(lets_in).map(|rule| rule.priority).min();
    let (priority, moves) = match draft.numbers(network, nsg).deny(first, mode) {
        Placement::At(priority) => (priority, Vec::new()),
        Placement::Moving(priority, moves) => (priority, moves),
        Placement::Full => return Write::NoPriority { nsg, ports: ports.to_vec() },
    };
    let rule = SecurityRule {
        name: names::deny(&place(network, site, nsg), &[&target.policy, &target.id, protocol.as_str()]),
        description: names::deny_description(&target.policy, &target.name),
        priority,
        access: Value::Known(Access::Deny),
        sources: [Address::Any].into(),
        ..rule(network, nsg, site.address, protocol, ports)
    };
    if let Some(rules) = draft.rules_mut(network, nsg) {
        for existing in rules.iter_mut() {
            let moved = moves.iter().find(|(from, _)| *from == existing.priority);
            if let Some((_, to)) = moved
                && existing.direction.may_be_inbound()
                && is_movable(existing)
            {
                existing.priority = *to;
            }
        }
        rules.push(rule.clone());
    }
    Write::Rule { nsg, rule }
}

/// True for a rule that JIT puts below its own. One whose number is not known, or that stands in for rules that are not, may
/// be anywhere, and stays so.
pub(super) fn is_movable(rule: &SecurityRule) -> bool {
    !rule.default && rule.priority > 0 && names::written_by_jit(rule).is_none()
}

/// The allows of a grant: one for each private IPv4 address and NSG. Sources are of IPv4, so that for an
/// IPv6 address there is nothing to write.
pub(super) fn allow(
    network: &Network,
    draft: &mut Draft,
    target: &Target,
    (protocol, port): (Protocol, u16),
    sources: &[IpNet],
    (only, request): (Option<IpAddr>, &[&str]),
    writes: &mut Vec<Write>,
) {
    let Some(machine) = target.machine else { return };
    let through = |site: &Site| site.address.is_ipv4() && only.is_none_or(|only| only == site.address);
    for site in sites(network, machine).into_iter().filter(through) {
        for &nsg in &site.nsgs {
            let denied = |rule: &&SecurityRule| {
                names::written_by_jit(rule) == Some(Access::Deny)
                    && rule
                        .destinations
                        .iter()
                        .any(|to| matches!(to, Address::Net(net) if net.contains(&site.address)))
            };
            let below = draft.rules(network, nsg).iter().filter(denied).map(|rule| rule.priority).min();
            // Without a deny, which found no number, any will do.
            let Some(priority) = draft.numbers(network, nsg).allow(below.unwrap_or(u32::MAX)) else {
                writes.push(Write::NoPriority { nsg, ports: [port].into() });
                continue;
            };
            let mut written: Vec<&str> = [&*target.policy, &target.id, protocol.as_str()].into();
            written.extend(request);
            let rule = SecurityRule {
                name: names::allow(&place(network, &site, nsg), &written),
                description: names::allow_description(&target.policy, &target.name),
                priority,
                access: Value::Known(Access::Allow),
                sources: sources.iter().map(|net| source(*net)).collect(),
                ..rule(network, nsg, site.address, protocol, &[port])
            };
            if let Some(rules) = draft.rules_mut(network, nsg) {
                rules.push(rule.clone());
            }
            writes.push(Write::Rule { nsg, rule });
        }
    }
}

/// Everybody is `*`, as Azure writes it; to an IPv4 address it is the same.
fn source(net: IpNet) -> Address {
    if net == IpNet::V4(Ipv4Net::default()) { Address::Any } else { Address::Net(net) }
}

/// What a rule's number is made of: the NSG and the IP configuration.
fn place<'a>(network: &'a Network, site: &'a Site, nsg: Index<NetworkSecurityGroup>) -> [&'a str; 3] {
    let nsg = network.nsgs.get(nsg.get()).map_or("", |nsg| &nsg.id);
    [nsg, &site.nic.id, &site.configuration.name]
}

/// What denies and allows have in common.
fn rule(
    network: &Network,
    nsg: Index<NetworkSecurityGroup>,
    address: IpAddr,
    protocol: Protocol,
    ports: &[u16],
) -> SecurityRule {
    SecurityRule {
        name: String::new(),
        description: String::new(),
        priority: 0,
        direction: Direction::Inbound,
        access: Value::Unknown(String::new()),
        protocol: Value::Known(match protocol {
            Protocol::Tcp => RuleProtocol::Number(6),
            Protocol::Udp => RuleProtocol::Number(17),
            Protocol::Any => RuleProtocol::Any,
        }),
        sources: Vec::new(),
        source_ports: [Value::Known(PortRange::ALL)].into(),
        destinations: [Address::Net(IpNet::from(address))].into(),
        destination_ports: ports.iter().map(|&port| Value::Known(PortRange::one(port))).collect(),
        default: false,
        stand_in: false,
        perhaps: None,
        place: network.nsgs.get(nsg.get()).map(|nsg| nsg.place).unwrap_or_default(),
    }
}
