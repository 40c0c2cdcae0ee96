//! What JIT writes into an Azure Firewall with classic rules: for each grant a DNAT rule that leads from a port
//! of the firewall to the machine.

use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::IpNet;

use super::draft::Draft;
use super::names;
use super::rules::Write;
use super::target::Target;
use crate::model::Protocol;
use crate::network::{
    Access, Address, AzureFirewall, Index, NatRule, Network, PortRange, RuleCollection, RuleProtocol, Value,
};

/// The ports that are mapped: those that nobody has registered.
const FIRST_PORT: u16 = 49152;

/// Leads the sources to the machine's address. The answer is the mapped port and where the firewall's traffic
/// to the machine then comes from: the firewall puts an address of its subnet in the place of the source's.
pub(super) fn open(
    network: &Network,
    draft: &mut Draft,
    target: &Target,
    (protocol, port): (Protocol, u16),
    sources: &[IpNet],
    (address, request): (IpAddr, &[&str]),
    writes: &mut Vec<Write>,
) -> Option<(u16, Vec<IpNet>)> {
    let (index, public) = target.firewall?;
    let firewall = draft.firewall_mut(network, index)?;
    let protocols: &[u8] = match protocol {
        Protocol::Tcp => &[6],
        Protocol::Udp => &[17],
        Protocol::Any => &[6, 17],
    };
    let mapped = free_port(firewall, &[&target.id, protocol.as_str()], port)?;
    let mut written: Vec<&str> = [&*target.policy, &target.id, protocol.as_str()].into();
    written.extend(request);
    let rule = NatRule {
        name: names::other(&[&firewall.id], &written),
        protocols: protocols.iter().map(|&number| Value::Known(RuleProtocol::Number(number))).collect(),
        sources: sources.iter().map(|&net| Address::Net(net)).collect(),
        destinations: [Address::Net(IpNet::from(public))].into(),
        destination_ports: [Value::Known(PortRange::one(mapped))].into(),
        translated_address: Value::Known(address),
        translated_port: Value::Known(port),
        place: firewall.place,
    };
    collection(firewall)?.rules.push(rule.clone());
    writes.push(Write::Nat { firewall: index, rule });
    Some((mapped, behind(network, index)))
}

/// Where traffic of the firewall comes from.
pub(super) fn behind(network: &Network, firewall: Index<AzureFirewall>) -> Vec<IpNet> {
    let Some(firewall) = network.firewalls.get(firewall.get()) else { return Vec::new() };
    let subnet = firewall.subnet.given().and_then(|subnet| network.subnets.get(subnet.get()));
    match subnet {
        Some(subnet) if !subnet.prefixes.is_empty() => subnet.prefixes.clone(),
        _ => firewall.private.map(IpNet::from).into_iter().collect(),
    }
}

/// JIT's own collection of DNAT rules, made where there is none: at the first free priority.
fn collection(firewall: &mut AzureFirewall) -> Option<&mut RuleCollection<NatRule>> {
    if !firewall.nat.iter().any(|collection| names::is_jit_collection(&collection.name)) {
        let taken = |priority: &u32| firewall.nat.iter().any(|known| known.priority == *priority);
        let priority = (100..=65000).find(|priority| !taken(priority))?;
        firewall.nat.push(RuleCollection {
            name: names::COLLECTION.into(),
            priority,
            access: Value::Known(Access::Allow),
            rules: Vec::new(),
            place: firewall.place,
        });
    }
    firewall.nat.iter_mut().find(|collection| names::is_jit_collection(&collection.name))
}

/// A port of the firewall that no DNAT rule has: the same one for the same machine and port, where it is free.
fn free_port(firewall: &AzureFirewall, machine: &[&str], port: u16) -> Option<u16> {
    let ranges: Vec<PortRange> = firewall
        .nat
        .iter()
        .flat_map(|collection| &collection.rules)
        .flat_map(|rule| &rule.destination_ports)
        .filter_map(|range| match range {
            Value::Known(range) => Some(*range),
            Value::Unknown(_) => None,
        })
        .collect();
    let count = u32::from(u16::MAX.saturating_sub(FIRST_PORT)).saturating_add(1);
    let start = names::number(machine).cast_unsigned().wrapping_add(u32::from(port));
    let mapped = |step: u32| {
        let place = start.wrapping_add(step).checked_rem(count)?;
        u16::try_from(place).ok()?.checked_add(FIRST_PORT)
    };
    (0..count).filter_map(mapped).find(|&mapped| !ranges.iter().any(|range| range.contains(mapped)))
}
