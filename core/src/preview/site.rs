//! The places where a machine can be reached: each private address with the NSGs that filter it.

use alloc::vec::Vec;
use core::net::IpAddr;

use crate::model::Protocol;
use crate::network::{
    Access, Address, Index, IpConfiguration, Network, NetworkInterface, NetworkSecurityGroup, PortRange, Ref,
    RuleProtocol, SecurityRule, Value, VirtualMachine,
};

/// A private address of a machine.
#[derive(Clone, Debug)]
pub(super) struct Site<'n> {
    pub nic: &'n NetworkInterface,
    pub configuration: &'n IpConfiguration,
    pub address: IpAddr,
    /// The NSGs that were given: the subnet's, then the NIC's; an NSG on both is one.
    pub nsgs: Vec<Index<NetworkSecurityGroup>>,
    /// No NSG filters it, and that is known.
    pub unfiltered: bool,
}

/// The private addresses of a machine, as far as they are known.
pub(super) fn sites(network: &Network, machine: Index<VirtualMachine>) -> Vec<Site<'_>> {
    let nics = network.machines.get(machine.get()).map(|machine| machine.nics.as_slice()).unwrap_or_default();
    let nics = nics.iter().filter_map(|nic| network.nics.get(nic.given()?.get()));
    let configurations =
        nics.flat_map(|nic| nic.ip_configurations.iter().map(move |configuration| (nic, configuration)));
    configurations.filter_map(|(nic, configuration)| site(network, nic, configuration)).collect()
}

fn site<'n>(
    network: &'n Network,
    nic: &'n NetworkInterface,
    configuration: &'n IpConfiguration,
) -> Option<Site<'n>> {
    let address = configuration.private?;
    let subnet = configuration.subnet.given().and_then(|index| network.subnets.get(index.get()));
    let none = Ref::None;
    let of_subnet = subnet.map_or(&none, |subnet| &subnet.nsg);
    let subnet_is_missing = matches!(configuration.subnet, Ref::Missing(_));
    let mut nsgs: Vec<_> = of_subnet.given().into_iter().collect();
    nsgs.extend(nic.nsg.given().filter(|index| !nsgs.contains(index)));
    let unfiltered = !subnet_is_missing && matches!(of_subnet, Ref::None) && matches!(nic.nsg, Ref::None);
    Some(Site { nic, configuration, address, nsgs, unfiltered })
}

/// True when a rule may let in what comes to these ports of the site: whatever is not known may.
pub(super) fn may_let_in(rule: &SecurityRule, site: &Site, protocol: Protocol, ports: &[u16]) -> bool {
    rule.direction.may_be_inbound()
        && !matches!(rule.access, Value::Known(Access::Deny))
        && of_protocol(&rule.protocol, protocol)
        && !rule.sources.is_empty()
        && !rule.source_ports.is_empty()
        && rule.destinations.iter().any(|address| may_be(address, site))
        && rule.destination_ports.iter().any(|range| may_contain(range, ports))
}

fn of_protocol(rule: &Value<RuleProtocol>, protocol: Protocol) -> bool {
    match rule {
        Value::Known(RuleProtocol::Number(number)) => match protocol {
            Protocol::Tcp => *number == 6,
            Protocol::Udp => *number == 17,
            // Other protocols have no ports, and a port rule of a policy is about one.
            Protocol::Any => matches!(number, 6 | 17),
        },
        Value::Known(RuleProtocol::Any) | Value::Unknown(_) => true,
    }
}

fn may_contain(range: &Value<PortRange>, ports: &[u16]) -> bool {
    match range {
        Value::Known(range) => ports.iter().any(|&port| range.contains(port)),
        Value::Unknown(_) => true,
    }
}

fn may_be(address: &Address, site: &Site) -> bool {
    match address {
        Address::Any | Address::Unknown(_) => true,
        Address::Net(net) => net.contains(&site.address),
        Address::Range(first, last) => {
            first.is_ipv4() == site.address.is_ipv4() && (*first..=*last).contains(&site.address)
        }
        // No private address of a machine is in these two.
        Address::Tag(tag) => {
            !tag.eq_ignore_ascii_case("Internet") && !tag.eq_ignore_ascii_case("AzureLoadBalancer")
        }
        Address::Group(group) => site.configuration.asgs.iter().any(|own| match (own, group) {
            (Ref::Given(own), Ref::Given(group)) => own == group,
            // Which one that is was lost.
            (Ref::Missing(one), _) | (_, Ref::Missing(one)) if one.id.is_empty() => true,
            (Ref::Missing(own), Ref::Missing(group)) => own.id.eq_ignore_ascii_case(&group.id),
            _ => false,
        }),
    }
}
