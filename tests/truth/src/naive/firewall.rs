//! Azure Firewall with classic rules. *Azure Firewall rule processing logic*: DNAT rules come first, by the
//! priority of their collections; a match goes on to the translated address and port, and is allowed without
//! another rule, unless a network rule collection denies the translated traffic. *Azure Firewall inbound NAT*:
//! the source becomes one of the firewall's own addresses in its subnet.

use std::net::IpAddr;

use ipnet::IpNet;
use jitgate_core::network::{
    Access, Address, AzureFirewall, NatRule, Network, NetworkRule, PortRange, RuleCollection, RuleProtocol,
    Value, VirtualMachine, VirtualNetwork,
};

use super::address::stands_for;
use super::machine::{Flow, direct, ends_here, source_ports};
use super::nsg::{Stage, Verdict};
use super::rule::{ports, protocol};
use crate::{Packet, Truth};

/// Where a DNAT rule sends a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Translation {
    /// To this address,
    pub address: IpAddr,
    /// at this port.
    pub port: u16,
}

/// The way of a packet to a firewall's public address; empty if it does not lead to the machine, and to that port of
/// it, if one is meant.
pub fn way(network: &Network, machine: &VirtualMachine, packet: &Packet, port: Option<u16>) -> Vec<Verdict> {
    let Some(firewall) =
        network.firewalls.iter().find(|firewall| firewall.public.contains(&packet.destination))
    else {
        return Vec::new();
    };
    let unknown = Verdict { stage: Stage::Firewall, passes: Truth::Maybe, by: None };
    if firewall.managed {
        return vec![unknown];
    }
    let vnet = vnet_of(network, firewall);
    for collection in in_order(&firewall.nat) {
        for rule in &collection.rules {
            let to = (&*rule.sources, &*rule.destinations, &*rule.destination_ports);
            match matches(network, vnet, &rule.protocols, to, packet) {
                Truth::No => {}
                Truth::Maybe => return vec![unknown],
                Truth::Yes => {
                    let Some(translation) = translation(rule) else { return vec![unknown] };
                    if !ends_here(network, machine, &translation)
                        || port.is_some_and(|port| port != translation.port)
                    {
                        return Vec::new();
                    }
                    let denied = denied(network, vnet, firewall, packet, translation);
                    let by = Some((firewall.name.clone(), rule.name.clone()));
                    let mut way = vec![Verdict { stage: Stage::Firewall, passes: !denied, by }];
                    way.push(behind(network, machine, firewall, packet, translation));
                    return way;
                }
            }
        }
    }
    Vec::new()
}

/// The public addresses and ports of firewalls that the question may mean: the one asked for, or all that lead
/// to the machine's port.
pub fn fronts(network: &Network, machine: &VirtualMachine, flow: &Flow) -> Vec<(IpAddr, u16)> {
    let mut fronts = Vec::new();
    for firewall in &network.firewalls {
        for public in &firewall.public {
            match flow.to {
                Some(to) if to == *public => fronts.push((to, flow.port)),
                Some(_) => {}
                None => fronts.extend(
                    firewall
                        .nat
                        .iter()
                        .flat_map(|collection| &collection.rules)
                        .filter(|rule| leads_to(network, machine, rule, flow.port))
                        .flat_map(|rule| &rule.destination_ports)
                        .filter_map(|range| match range {
                            Value::Known(range) => Some((*public, range.first())),
                            Value::Unknown(_) => None,
                        }),
                ),
            }
        }
    }
    fronts.retain(|(public, _)| public.is_ipv4() == flow.from.is_ipv4());
    fronts
}

fn leads_to(network: &Network, machine: &VirtualMachine, rule: &NatRule, port: u16) -> bool {
    translation(rule).is_some_and(|to| to.port == port && ends_here(network, machine, &to))
}

/// True if the first network rule that matches the translated packet, still with its own source, denies it.
fn denied(
    network: &Network,
    vnet: Option<&VirtualNetwork>,
    firewall: &AzureFirewall,
    packet: &Packet,
    to: Translation,
) -> Truth {
    let packet = Packet::new(packet.protocol, (packet.source, packet.source_port), (to.address, to.port));
    for collection in in_order::<NetworkRule>(&firewall.network) {
        for rule in &collection.rules {
            let to = (&*rule.sources, &*rule.destinations, &*rule.destination_ports);
            match (matches(network, vnet, &rule.protocols, to, &packet), &collection.access) {
                (Truth::No, _) => {}
                (Truth::Yes, Value::Known(access)) => return (*access == Access::Deny).into(),
                _ => return Truth::Maybe,
            }
        }
    }
    Truth::No
}

/// What lies behind the firewall: each address of its subnet may be the source, and any port. It is surely so only
/// if it is so from each of them.
fn behind(
    network: &Network,
    machine: &VirtualMachine,
    firewall: &AzureFirewall,
    packet: &Packet,
    to: Translation,
) -> Verdict {
    let subnet = firewall.subnet.given().map(|subnet| &network.subnets[subnet.get()]);
    let sources = subnet.iter().flat_map(|subnet| &subnet.prefixes).flat_map(IpNet::hosts);
    let ports = source_ports(network, 0..=u16::MAX);
    let mut answers = sources
        .flat_map(|source| ports.iter().map(move |port| (source, *port)))
        .map(|from| direct(network, machine, &Packet::new(packet.protocol, from, (to.address, to.port))));
    let first = answers.next().unwrap_or(Truth::Maybe);
    let passes = if answers.all(|answer| answer == first) { first } else { Truth::Maybe };
    Verdict { stage: Stage::Nic, passes, by: None }
}

fn translation(rule: &NatRule) -> Option<Translation> {
    match (&rule.translated_address, &rule.translated_port) {
        (Value::Known(address), Value::Known(port)) => Some(Translation { address: *address, port: *port }),
        _ => None,
    }
}

fn vnet_of<'a>(network: &'a Network, firewall: &AzureFirewall) -> Option<&'a VirtualNetwork> {
    let subnet = &network.subnets[firewall.subnet.given()?.get()];
    Some(&network.vnets[subnet.vnet.given()?.get()])
}

fn in_order<R>(collections: &[RuleCollection<R>]) -> Vec<&RuleCollection<R>> {
    let mut collections: Vec<_> = collections.iter().collect();
    collections.sort_by_key(|collection| collection.priority);
    collections
}

fn matches(
    network: &Network,
    vnet: Option<&VirtualNetwork>,
    protocols: &[Value<RuleProtocol>],
    (sources, destinations, destination_ports): (&[Address], &[Address], &[Value<PortRange>]),
    packet: &Packet,
) -> Truth {
    let address = |of: &[Address], address: IpAddr| {
        Truth::any(of.iter().map(|element| stands_for(network, vnet, element, address)))
    };
    Truth::all([
        Truth::any(protocols.iter().map(|named| {
            Truth::all([
                protocol(named, packet),
                ports(named, destination_ports, packet, packet.destination_port),
            ])
        })),
        address(sources, packet.source),
        address(destinations, packet.destination),
    ])
}
