//! Small networks, made by hand.

use std::net::IpAddr;

use jitgate_core::network::{
    Access, Address, Direction, Engine, Flow, Index, IpConfiguration, Network, NetworkInterface,
    NetworkSecurityGroup, Place, PortRange, Ref, RuleProtocol, SecurityRule, Subnet, Value, VirtualMachine,
    VirtualNetwork,
};

pub fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// `*`, an address, a block or else a tag.
pub fn address(text: &str) -> Address {
    match (text, text.parse(), text.parse()) {
        ("*", ..) => Address::Any,
        (_, Ok(net), _) => Address::Net(net),
        (_, _, Ok::<IpAddr, _>(address)) => Address::Net(address.into()),
        _ => Address::Tag(text.into()),
    }
}

/// `*`, `22` or `20-25`.
pub fn ports(text: &str) -> PortRange {
    let number = |text: &str| text.parse().expect("a port");
    match text.split_once('-') {
        _ if text == "*" => PortRange::ALL,
        None => PortRange::one(number(text)),
        Some((first, last)) => PortRange::new(number(first), number(last)).expect("a range"),
    }
}

/// `100 allow tcp 22 from 203.0.113.0/24,198.51.100.7 to 10.0.0.4`; the last part may be left out.
pub fn rule(text: &str) -> SecurityRule {
    let words: Vec<&str> = text.split(' ').collect();
    let list = |word: &str| word.split(',').map(address).collect::<Vec<_>>();
    SecurityRule {
        name: format!("rule-{}", words[0]),
        description: String::new(),
        priority: words[0].parse().expect("a priority"),
        direction: Direction::Inbound,
        access: Value::Known(if words[1] == "allow" { Access::Allow } else { Access::Deny }),
        protocol: Value::Known(match words[2] {
            "*" => RuleProtocol::Any,
            "tcp" => RuleProtocol::Number(6),
            "udp" => RuleProtocol::Number(17),
            "icmp" => RuleProtocol::Number(1),
            other => RuleProtocol::Number(other.parse().expect("a protocol")),
        }),
        sources: list(words[5]),
        source_ports: vec![Value::Known(PortRange::ALL)],
        destinations: words.get(7).map_or(vec![Address::Any], |word| list(word)),
        destination_ports: words[3].split(',').map(|word| Value::Known(ports(word))).collect(),
        default: false,
        stand_in: false,
        perhaps: None,
        place: Place::default(),
    }
}

/// Rules with Azure's own behind them.
pub fn rules(texts: &[&str]) -> Vec<SecurityRule> {
    let own = [
        "65000 allow * * from VirtualNetwork to VirtualNetwork",
        "65001 allow * * from AzureLoadBalancer",
        "65500 deny * * from *",
    ];
    texts.iter().chain(&own).map(|text| rule(text)).collect()
}

pub fn nsg(network: &mut Network, name: &str, texts: &[&str]) -> Ref<NetworkSecurityGroup> {
    network.nsgs.push(NetworkSecurityGroup {
        id: format!("/nsgs/{name}"),
        name: name.into(),
        rules: rules(texts),
        place: Place::default(),
        ..NetworkSecurityGroup::default()
    });
    Ref::Given(Index::new(network.nsgs.len() - 1))
}

/// A virtual network 10.0.0.0/16 and `fd00::/48` with one subnet.
pub fn subnet(network: &mut Network, nsg: Ref<NetworkSecurityGroup>) -> Ref<Subnet> {
    let nets = || vec!["10.0.0.0/16".parse().expect("a block"), "fd00::/48".parse().expect("a block")];
    let (vnet, subnet) = (Index::new(network.vnets.len()), Index::new(network.subnets.len()));
    network.vnets.push(VirtualNetwork {
        name: "vnet".into(),
        prefixes: nets(),
        subnets: vec![subnet],
        ..VirtualNetwork::default()
    });
    network.subnets.push(Subnet {
        name: "default".into(),
        vnet: Ref::Given(vnet),
        prefixes: nets(),
        nsg,
        ..Subnet::default()
    });
    Ref::Given(subnet)
}

/// A NIC with an IP configuration for each address.
pub fn nic(
    network: &mut Network,
    addresses: &[&str],
    subnet: &Ref<Subnet>,
    nsg: Ref<NetworkSecurityGroup>,
) -> Ref<NetworkInterface> {
    let configuration = |address: &&str| IpConfiguration {
        private: Some(ip(address)),
        subnet: subnet.clone(),
        ..IpConfiguration::default()
    };
    network.nics.push(NetworkInterface {
        name: "nic".into(),
        nsg,
        ip_configurations: addresses.iter().map(configuration).collect(),
        ..NetworkInterface::default()
    });
    Ref::Given(Index::new(network.nics.len() - 1))
}

pub fn machine(network: &mut Network, name: &str, nics: Vec<Ref<NetworkInterface>>) -> Index<VirtualMachine> {
    network.machines.push(VirtualMachine {
        id: format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/{name}"),
        name: name.into(),
        nics,
        ..VirtualMachine::default()
    });
    Index::new(network.machines.len() - 1)
}

/// One machine, 10.0.0.4 and `fd00::4`, with these rules on its NIC.
pub fn one(texts: &[&str]) -> Engine {
    let mut network = Network::default();
    let nsg = nsg(&mut network, "nsg", texts);
    let subnet = subnet(&mut network, Ref::None);
    let nic = nic(&mut network, &["10.0.0.4", "fd00::4"], &subnet, nsg);
    machine(&mut network, "vm", vec![nic]);
    Engine::new(network)
}

/// To the first machine.
pub fn tcp(from: &str, port: u16) -> Flow {
    Flow { machine: Index::new(0), from: ip(from), port, protocol: 6, source_port: None, to: None }
}
