//! Azure networks: a few machines in two subnets, with peers, routes, groups and tags.

use std::net::IpAddr;

use jitgate_core::network::{
    ApplicationSecurityGroup, Cloud, Index, IpConfiguration, Network, NetworkSecurityGroup, Peering,
    PublicIpAddress, Ref, Route, RouteTable, Sku, Subnet, VirtualNetwork,
};

use super::nsg;
use crate::build::{self, add, id, missing, prefixes};
use crate::choices::Choices;

/// Whether everything that matters is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knowledge {
    /// Everything.
    Full,
    /// There are values that are not understood, tags without a list, and references to what is not given.
    Partial,
}

/// A network with at least one machine.
pub fn azure(choices: &mut Choices, most_rules: usize, knowledge: Knowledge) -> Network {
    let mut network = Network {
        tags: vec![
            ("azurecloud".to_owned(), prefixes("128.0.0.0/2,2001:db8:8000::/33")),
            ("storage.westeurope".to_owned(), prefixes("203.0.113.64/26,198.51.100.0/24,2001:db8:0:1::/64")),
        ],
        ..Network::default()
    };
    let groups = choices.below(3);
    for group in 0..groups {
        let name = format!("asg{group}");
        let group = ApplicationSecurityGroup {
            id: id("Network/applicationSecurityGroups", &name),
            name,
            ..ApplicationSecurityGroup::default()
        };
        network.asgs.push(group);
    }
    let vnet = build::vnet(&mut network, "vnet", "10.0.0.0/16,2001:db8:0:1::/64");
    let mut filters = vec![Ref::None];
    for name in ["nsg-a", "nsg-b", "nsg-c"].into_iter().take(1 + choices.below(3)) {
        let rules = nsg::rules(choices, most_rules, groups, knowledge);
        filters.push(build::nsg(&mut network, name, rules));
    }
    let subnets = [
        build::subnet(
            &mut network,
            vnet,
            "front",
            "10.0.1.0/24,2001:db8:0:1::/64",
            filter(choices, &filters, knowledge),
        ),
        build::subnet(&mut network, vnet, "back", "10.0.2.0/24", filter(choices, &filters, knowledge)),
    ];
    surroundings(choices, &mut network, vnet, knowledge);
    for at in 0..=choices.below(3) {
        machine(choices, &mut network, at, &subnets, &filters, groups, knowledge);
    }
    network
}

fn filter(
    choices: &mut Choices,
    filters: &[Ref<NetworkSecurityGroup>],
    knowledge: Knowledge,
) -> Ref<NetworkSecurityGroup> {
    if knowledge == Knowledge::Partial && choices.one_in(12) {
        return missing(&id("Network/networkSecurityGroups", "gone"));
    }
    // From the last one, so that the simplest choice is to have a filter.
    filters[filters.len() - 1 - choices.below(filters.len())].clone()
}

/// What `VirtualNetwork` takes in: peers and routes, and what lies behind gateways.
fn surroundings(
    choices: &mut Choices,
    network: &mut Network,
    vnet: Index<VirtualNetwork>,
    knowledge: Knowledge,
) {
    if choices.one_in(4) {
        let other = build::vnet(network, "other", "203.0.112.0/24");
        let told = choices.one_in(2);
        network.vnets[vnet.get()].peerings.push(Peering {
            remote: if told { Ref::Given(other) } else { missing(&id("Network/virtualNetworks", "gone")) },
            prefixes: if told && choices.one_in(2) { Vec::new() } else { prefixes("203.0.112.0/24") },
            uses_remote_gateways: knowledge == Knowledge::Partial && choices.one_in(3),
            connected: !choices.one_in(4),
        });
    }
    if choices.one_in(4) {
        let mut table = RouteTable {
            id: id("Network/routeTables", "routes"),
            name: "routes".to_owned(),
            ..RouteTable::default()
        };
        table.routes = choices.several(1, 2, |choices| Route {
            prefix: nsg::net(choices),
            next_hop: None,
            next_hop_type: "VirtualAppliance".to_owned(),
        });
        let table = add(&mut network.route_tables, table);
        let at = choices.below(2);
        network.subnets[at].route_table = Ref::Given(table);
    }
    if knowledge == Knowledge::Partial {
        network.more = choices.one_in(10);
        network.vnets[vnet.get()].subnets_lost = choices.one_in(12);
        network.vnets[vnet.get()].peerings_lost = choices.one_in(12);
        if choices.one_in(8) {
            build::subnet(network, vnet, "GatewaySubnet", "10.0.255.0/27", Ref::None);
        }
        if choices.one_in(8) {
            network.subnets[1].route_table = missing(&id("Network/routeTables", "gone"));
        }
        if choices.one_in(12) {
            network.subnets[1].vnet = missing(&id("Network/virtualNetworks", "gone"));
            network.vnets[vnet.get()].subnets.retain(|subnet| subnet.get() != 1);
        }
    }
}

fn machine(
    choices: &mut Choices,
    network: &mut Network,
    at: usize,
    subnets: &[Ref<Subnet>; 2],
    filters: &[Ref<NetworkSecurityGroup>],
    groups: usize,
    knowledge: Knowledge,
) {
    let host = 4 + u8::try_from(at).expect("few machines");
    let name = format!("vm{at}");
    let mut nics = Vec::new();
    let mut front = configuration(choices, [10, 0, 1, host].into(), &subnets[0], groups, knowledge);
    front.public_ip = public_address(choices, network, &name, knowledge);
    let mut configurations = vec![front];
    if choices.one_in(3) {
        let address = [0x2001, 0xdb8, 0, 1, 0, 0, 0, u16::from(host)].into();
        configurations.push(configuration(choices, address, &subnets[0], groups, knowledge));
    }
    if choices.one_in(5) {
        configurations.push(configuration(
            choices,
            [10, 0, 1, host + 100].into(),
            &subnets[0],
            groups,
            knowledge,
        ));
    }
    let nsg = filter(choices, filters, knowledge);
    nics.push(build::nic(network, &format!("{name}-nic0"), nsg, configurations));
    if choices.one_in(3) {
        let back = configuration(choices, [10, 0, 2, host].into(), &subnets[1], groups, knowledge);
        let nsg = filter(choices, filters, knowledge);
        nics.push(build::nic(network, &format!("{name}-nic1"), nsg, vec![back]));
    }
    if knowledge == Knowledge::Partial && choices.one_in(20) {
        nics.push(missing(&id("Network/networkInterfaces", "gone")));
    }
    let machine = build::machine(network, &name, nics);
    network.machines[machine.get()].cloud = Cloud::Azure;
}

/// Of either kind, or of one that is not told.
fn public_address(
    choices: &mut Choices,
    network: &mut Network,
    name: &str,
    knowledge: Knowledge,
) -> Ref<PublicIpAddress> {
    if choices.one_in(2) {
        return Ref::None;
    }
    let id = id("Network/publicIPAddresses", name);
    if knowledge == Knowledge::Partial && choices.one_in(6) {
        return missing(&id);
    }
    let kinds = if knowledge == Knowledge::Partial { 3 } else { 2 };
    let sku = [Sku::Standard, Sku::Basic, Sku::Unknown][choices.below(kinds)];
    let public = PublicIpAddress { id, name: name.to_owned(), sku, ..PublicIpAddress::default() };
    Ref::Given(add(&mut network.public_ips, public))
}

fn configuration(
    choices: &mut Choices,
    private: IpAddr,
    subnet: &Ref<Subnet>,
    groups: usize,
    knowledge: Knowledge,
) -> IpConfiguration {
    let asgs = (0..groups).filter(|_| choices.one_in(2)).map(|at| Ref::Given(Index::new(at)));
    let mut made = IpConfiguration {
        name: "ipconfig".to_owned(),
        private: Some(private),
        asgs: asgs.collect(),
        subnet: subnet.clone(),
        ..IpConfiguration::default()
    };
    if knowledge == Knowledge::Partial && choices.one_in(16) {
        made.subnet = missing(&id("Network/virtualNetworks", "vnet/subnets/gone"));
    }
    made
}
