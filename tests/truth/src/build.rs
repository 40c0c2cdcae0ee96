//! Networks by hand: rules as a line of text, resources by name.

use std::net::IpAddr;

use ipnet::IpNet;
use jitgate_core::network::{
    Access, Address, Direction, Index, IpConfiguration, Missing, Network, NetworkInterface,
    NetworkSecurityGroup, Place, PortRange, Ref, RuleProtocol, SecurityRule, Subnet, Value, VirtualMachine,
    VirtualNetwork,
};

use crate::packet::{AH, ESP, ICMP, TCP, UDP};

/// Azure's rules at the end of every NSG: *Network security groups overview*, default security rules.
const DEFAULT_RULES: [(&str, &str); 3] = [
    ("AllowVnetInBound", "65000 allow * from VirtualNetwork port * to VirtualNetwork port *"),
    ("AllowAzureLoadBalancerInBound", "65001 allow * from AzureLoadBalancer port * to * port *"),
    ("DenyAllInBound", "65500 deny * from * port * to * port *"),
];

/// An inbound rule, like `100 allow tcp from 203.0.113.0/24,Internet port * to 10.0.1.4 port 22,80-90`. It is
/// called by its priority. `?` in front of an element makes it one that is not understood; `asg:0` is the
/// first application security group.
pub fn rule(text: &str) -> SecurityRule {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [
        priority,
        access,
        protocol,
        "from",
        sources,
        "port",
        source_ports,
        "to",
        destinations,
        "port",
        ports,
    ] = words.as_slice()
    else {
        panic!("not a rule: `{text}`")
    };
    SecurityRule {
        name: format!("p{priority}"),
        description: String::new(),
        priority: priority.parse().expect("a priority"),
        direction: Direction::Inbound,
        access: match *access {
            "allow" => Value::Known(Access::Allow),
            "deny" => Value::Known(Access::Deny),
            other => Value::Unknown(other.to_owned()),
        },
        protocol: self::protocol(protocol),
        sources: addresses(sources),
        source_ports: self::ports(source_ports),
        destinations: addresses(destinations),
        destination_ports: self::ports(ports),
        default: false,
        stand_in: false,
        perhaps: None,
        place: Place::default(),
    }
}

/// Several rules, and Azure's own after them.
pub fn rules(texts: &[&str]) -> Vec<SecurityRule> {
    with_default_rules(texts.iter().map(|text| rule(text)).collect())
}

/// These rules, and Azure's own after them.
pub fn with_default_rules(mut rules: Vec<SecurityRule>) -> Vec<SecurityRule> {
    rules.extend(DEFAULT_RULES.map(|(name, text)| SecurityRule {
        name: name.to_owned(),
        default: true,
        ..rule(text)
    }));
    rules
}

/// `*`, `tcp`, `udp`, `icmp`, `esp`, `ah`, a number, or `?` for one that is not understood.
pub fn protocol(text: &str) -> Value<RuleProtocol> {
    let number = match text {
        "*" => return Value::Known(RuleProtocol::Any),
        "tcp" => TCP,
        "udp" => UDP,
        "icmp" => ICMP,
        "esp" => ESP,
        "ah" => AH,
        _ => match text.parse() {
            Ok(number) => number,
            Err(_) => return Value::Unknown(text.to_owned()),
        },
    };
    Value::Known(RuleProtocol::Number(number))
}

/// Ports and ranges with commas between them.
pub fn ports(text: &str) -> Vec<Value<PortRange>> {
    elements(text).map(port).collect()
}

fn port(text: &str) -> Value<PortRange> {
    let number = |text: &str| text.parse().expect("a port");
    match text.split_once('-') {
        _ if text == "*" => Value::Known(PortRange::ALL),
        _ if text.starts_with('?') => Value::Unknown(text.to_owned()),
        Some((first, last)) => Value::Known(PortRange::new(number(first), number(last)).expect("a range")),
        None => Value::Known(PortRange::one(number(text))),
    }
}

/// Addresses, networks, ranges, tags and groups with commas between them.
pub fn addresses(text: &str) -> Vec<Address> {
    elements(text).map(address).collect()
}

fn address(text: &str) -> Address {
    if text == "*" {
        return Address::Any;
    }
    if text.starts_with('?') {
        return Address::Unknown(text.to_owned());
    }
    if let Some(group) = text.strip_prefix("asg:") {
        return Address::Group(
            group.parse().map_or_else(|_| missing(group), |at| Ref::Given(Index::new(at))),
        );
    }
    if let Some(range) = text.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?))) {
        return Address::Range(range.0, range.1);
    }
    match (text.parse::<IpNet>(), text.parse::<IpAddr>()) {
        (Ok(net), _) => Address::Net(net),
        (_, Ok(address)) => Address::Net(address.into()),
        _ => Address::Tag(text.to_owned()),
    }
}

fn elements(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|element| !element.is_empty() && *element != "-")
}

/// A reference to something that was not given.
pub fn missing<T>(id: &str) -> Ref<T> {
    Ref::Missing(Missing { id: id.to_owned(), place: Place::default() })
}

/// The id of a resource.
pub fn id(kind: &str, name: &str) -> String {
    format!(
        "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.{kind}/{name}"
    )
}

/// Adds to a list and refers to what was added.
pub fn add<T>(list: &mut Vec<T>, one: T) -> Index<T> {
    list.push(one);
    Index::new(list.len() - 1)
}

/// Prefixes with commas between them.
pub fn prefixes(text: &str) -> Vec<IpNet> {
    elements(text).map(|prefix| prefix.parse().expect("a prefix")).collect()
}

/// Adds an NSG of these rules.
pub fn nsg(network: &mut Network, name: &str, rules: Vec<SecurityRule>) -> Ref<NetworkSecurityGroup> {
    Ref::Given(add(
        &mut network.nsgs,
        NetworkSecurityGroup {
            id: id("Network/networkSecurityGroups", name),
            name: name.to_owned(),
            rules,
            ..NetworkSecurityGroup::default()
        },
    ))
}

/// Adds a virtual network without subnets.
pub fn vnet(network: &mut Network, name: &str, space: &str) -> Index<VirtualNetwork> {
    let vnet = VirtualNetwork {
        id: id("Network/virtualNetworks", name),
        name: name.to_owned(),
        prefixes: prefixes(space),
        ..VirtualNetwork::default()
    };
    add(&mut network.vnets, vnet)
}

/// Adds a subnet to a virtual network.
pub fn subnet(
    network: &mut Network,
    vnet: Index<VirtualNetwork>,
    name: &str,
    space: &str,
    nsg: Ref<NetworkSecurityGroup>,
) -> Ref<Subnet> {
    let parent = &mut network.vnets[vnet.get()];
    let subnet = Subnet {
        id: format!("{}/subnets/{name}", parent.id),
        name: name.to_owned(),
        vnet: Ref::Given(vnet),
        prefixes: prefixes(space),
        nsg,
        ..Subnet::default()
    };
    let index = add(&mut network.subnets, subnet);
    parent.subnets.push(index);
    Ref::Given(index)
}

/// A configuration with a private address in a subnet.
pub fn configuration(private: &str, subnet: &Ref<Subnet>) -> IpConfiguration {
    IpConfiguration {
        name: "ipconfig".to_owned(),
        private: Some(private.parse().expect("an address")),
        subnet: subnet.clone(),
        ..IpConfiguration::default()
    }
}

/// Adds an interface.
pub fn nic(
    network: &mut Network,
    name: &str,
    nsg: Ref<NetworkSecurityGroup>,
    ip_configurations: Vec<IpConfiguration>,
) -> Ref<NetworkInterface> {
    let nic = NetworkInterface {
        id: id("Network/networkInterfaces", name),
        name: name.to_owned(),
        nsg,
        ip_configurations,
        ..NetworkInterface::default()
    };
    Ref::Given(add(&mut network.nics, nic))
}

/// Adds a virtual machine.
pub fn machine(network: &mut Network, name: &str, nics: Vec<Ref<NetworkInterface>>) -> Index<VirtualMachine> {
    let machine = VirtualMachine {
        id: id("Compute/virtualMachines", name),
        name: name.to_owned(),
        location: "westeurope".to_owned(),
        nics,
        ..VirtualMachine::default()
    };
    add(&mut network.machines, machine)
}
