//! Which addresses an element of a rule stands for.

use std::net::{IpAddr, Ipv4Addr};

use jitgate_core::network::{
    Address, ApplicationSecurityGroup, IpConfiguration, Network, Ref, VirtualMachine, VirtualNetwork,
};

use super::same;
use crate::Truth;

/// The platform's own address, from which load balancers probe and hosts serve.
pub const HOST: IpAddr = IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16));

/// True if the element stands for the address, in a rule that applies to a subnet of `vnet`.
pub fn stands_for(
    network: &Network,
    vnet: Option<&VirtualNetwork>,
    element: &Address,
    address: IpAddr,
) -> Truth {
    match element {
        Address::Any => Truth::Yes,
        Address::Net(net) => net.contains(&address).into(),
        Address::Range(first, last) => {
            (first.is_ipv4() == address.is_ipv4() && *first <= address && address <= *last).into()
        }
        Address::Tag(name) => tag(network, vnet, name, address),
        Address::Group(group) => in_group(network, vnet, group, address),
        Address::Unknown(_) => Truth::Maybe,
    }
}

/// *Virtual network service tags*: `AzureLoadBalancer` is the host's address, `Internet` what is outside of
/// the virtual network, other tags are lists that Microsoft publishes.
fn tag(network: &Network, vnet: Option<&VirtualNetwork>, name: &str, address: IpAddr) -> Truth {
    match name.to_ascii_lowercase().as_str() {
        "azureloadbalancer" => (address == HOST).into(),
        "virtualnetwork" => in_virtual_network(network, vnet, address),
        "internet" => !in_virtual_network(network, vnet, address),
        name => match network.tags.iter().find(|(known, _)| known == name) {
            Some((_, prefixes)) => prefixes.iter().any(|prefix| prefix.contains(&address)).into(),
            None => Truth::Maybe,
        },
    }
}

/// *Virtual network service tags*, `VirtualNetwork`: the address space, what is connected to it (peers, and
/// through a gateway other networks, which are not given), the host's address, and prefixes used on
/// user-defined routes. What subnets or peerings tell that are not known may be anything.
pub fn in_virtual_network(network: &Network, vnet: Option<&VirtualNetwork>, address: IpAddr) -> Truth {
    if address == HOST {
        return Truth::Yes;
    }
    let Some(vnet) = vnet else { return Truth::Maybe };
    let mut answer = Truth::from(vnet.prefixes.iter().any(|prefix| prefix.contains(&address)));
    if vnet.subnets_lost || vnet.peerings_lost {
        answer = answer.max(Truth::Maybe);
    }
    for peering in vnet.peerings.iter().filter(|peering| peering.connected) {
        let remote = peering.remote.given().and_then(|remote| network.vnets.get(remote.get()));
        let told = peering.prefixes.iter().chain(remote.iter().flat_map(|remote| &remote.prefixes));
        let mut peer = Truth::No;
        let mut known = false;
        for prefix in told {
            known = true;
            peer = peer.max(prefix.contains(&address).into());
        }
        if !known || peering.uses_remote_gateways {
            peer = peer.max(Truth::Maybe);
        }
        answer = answer.max(peer);
    }
    for subnet in vnet.subnets.iter().map(|subnet| &network.subnets[subnet.get()]) {
        if subnet.name.eq_ignore_ascii_case("GatewaySubnet") {
            answer = answer.max(Truth::Maybe);
        }
        answer = answer.max(match &subnet.route_table {
            Ref::None => Truth::No,
            Ref::Missing(_) => Truth::Maybe,
            Ref::Given(table) => {
                let routes = &network.route_tables[table.get()].routes;
                routes.iter().any(|route| route.prefix.contains(&address)).into()
            }
        });
    }
    answer
}

/// *Application security groups*: whoever is in the group, by private address. Of one that was not given, others
/// may be in it; and an interface that was not given, as one of another page, may be in any, with an address of a virtual network.
fn in_group(
    network: &Network,
    vnet: Option<&VirtualNetwork>,
    group: &Ref<ApplicationSecurityGroup>,
    address: IpAddr,
) -> Truth {
    let is_member = |configuration: &&IpConfiguration| configuration.asgs.iter().any(|asg| same(asg, group));
    let members = network.nics.iter().flat_map(|nic| &nic.ip_configurations).filter(is_member);
    let known = Truth::any(members.map(|member| match member.private {
        Some(private) => (private == address).into(),
        None => Truth::Maybe,
    }));
    let is_missing = |machine: &VirtualMachine| machine.nics.iter().any(|nic| nic.given().is_none());
    let unseen = network.more || network.machines.iter().any(is_missing);
    if known != Truth::Yes && is_known(network, group) && is_told(network, vnet, address) {
        return Truth::No;
    }
    if matches!(group, Ref::Missing(_)) || (unseen && may_be_an_interface(network, address)) {
        known.max(Truth::Maybe)
    } else {
        known
    }
}

/// True where it is known which group that is.
fn is_known(network: &Network, group: &Ref<ApplicationSecurityGroup>) -> bool {
    match group {
        Ref::None => true,
        Ref::Missing(group) => group.id.starts_with('/'),
        Ref::Given(group) => network.asgs[group.get()].id.starts_with('/'),
    }
}

/// True where the address is that of an interface of this virtual network of which all groups are known, and of no other.
fn is_told(network: &Network, vnet: Option<&VirtualNetwork>, address: IpAddr) -> bool {
    let all_known = |one: &IpConfiguration| one.asgs.iter().all(|group| is_known(network, group));
    let vnet_of = |one: &IpConfiguration| {
        let subnet = one.subnet.given().map(|subnet| &network.subnets[subnet.get()]);
        subnet.and_then(|subnet| subnet.vnet.given()).map(|vnet| &network.vnets[vnet.get()])
    };
    let here = |one: &IpConfiguration| match (vnet_of(one), vnet) {
        (Some(one), Some(other)) => core::ptr::eq(one, other),
        _ => false,
    };
    let nics = || network.nics.iter().filter(|nic| nic.security_groups.is_empty());
    let is_it = |one: &&IpConfiguration| one.private == Some(address);
    nics().flat_map(|nic| nic.ip_configurations.iter().filter(is_it)).all(all_known)
        && nics()
            .filter(|nic| nic.ip_configurations.iter().all(all_known))
            .any(|nic| nic.ip_configurations.iter().filter(is_it).any(here))
}

/// An interface has an address of a virtual network: of one that was given, or that a peering tells of. Where there is
/// another, of which no address is known, it may have any.
fn may_be_an_interface(network: &Network, address: IpAddr) -> bool {
    let peerings: Vec<_> = network.vnets.iter().flat_map(|vnet| &vnet.peerings).collect();
    let told = network.vnets.iter().flat_map(|vnet| &vnet.prefixes);
    let mut told = told.chain(peerings.iter().flat_map(|peering| &peering.prefixes));
    let known = |id: &str| {
        network.vnets.iter().any(|vnet| vnet.id.eq_ignore_ascii_case(id))
            || peerings.iter().any(|peering| match &peering.remote {
                Ref::Missing(remote) => remote.id.eq_ignore_ascii_case(id) && !peering.prefixes.is_empty(),
                Ref::None | Ref::Given(_) => false,
            })
    };
    let mut named: Vec<String> = Vec::new();
    let of_subnets = network.subnets.iter().map(|subnet| &subnet.vnet);
    for of in of_subnets.chain(peerings.iter().map(|peering| &peering.remote)) {
        if let Ref::Missing(of) = of {
            named.push(of.id.clone());
        }
    }
    for configuration in network.nics.iter().flat_map(|nic| &nic.ip_configurations) {
        if let Ref::Missing(subnet) = &configuration.subnet {
            named.push(subnet.id.split("/subnets/").next().unwrap_or_default().to_owned());
        }
    }
    let lost = network.vnets.iter().any(|vnet| vnet.peerings_lost);
    lost || named.iter().any(|id| !known(id)) || told.any(|prefix| prefix.contains(&address))
}
