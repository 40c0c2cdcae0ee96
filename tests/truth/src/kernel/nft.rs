//! A network's filters as rules of nftables. Each element of each list becomes a line of its own, so nothing
//! is computed here that the kernel could get right by itself.

use std::fmt::Write;
use std::net::IpAddr;

use ipnet::IpNet;
use jitgate_core::network::{
    Access, Address, Cloud, Direction, IpConfiguration, Network, NetworkInterface, NetworkSecurityGroup,
    Peer, Permission, PortRange, Ref, RuleProtocol, SecurityRule, Value, VirtualNetwork,
};

use crate::packet::{ICMP, ICMPV6, TCP, UDP, has_ports};

const HOST: &str = "168.63.129.16";

/// The families: how nftables calls their addresses, and as which it knows their packets.
const FAMILIES: [(&str, &str); 2] = [("ip", "ipv4"), ("ip6", "ipv6")];

/// The ruleset. A packet to a machine passes the subnet's filter, then the interface's; one to any other
/// address passes. All that matters must be known, and all subnets be of the first virtual network.
pub fn ruleset(network: &Network) -> String {
    let mut text = "table inet filters {\n".to_owned();
    for (at, nsg) in network.nsgs.iter().enumerate() {
        chain(&mut text, &format!("nsg{at}"), &group(network, nsg));
    }
    for (at, nic) in network.nics.iter().enumerate() {
        chain(&mut text, &format!("nic{at}"), &permissions(network, nic));
    }
    stage(&mut text, network, "subnet", 0, |_, _, configuration| {
        let subnet = &network.subnets[configuration.subnet.given()?.get()];
        Some(format!("nsg{}", subnet.nsg.given()?.get()))
    });
    stage(&mut text, network, "interface", 10, |at, nic, _| {
        let machine = network
            .machines
            .iter()
            .find(|machine| machine.nics.iter().any(|nic| nic.given().is_some_and(|nic| nic.get() == at)))?;
        if machine.cloud == Cloud::Ec2 {
            return Some(format!("nic{at}"));
        }
        Some(format!("nsg{}", nic.nsg.given()?.get()))
    });
    text.push_str("}\n");
    text
}

/// A chain that lets through what a line accepts, and nothing else.
fn chain(text: &mut String, name: &str, lines: &[String]) {
    writeln!(text, "chain {name} {{\n{}\ndrop\n}}", lines.join("\n")).expect("a string");
}

/// One stop on the way of every packet: by its destination it goes to the filter that stands there.
fn stage(
    text: &mut String,
    network: &Network,
    name: &str,
    priority: u8,
    filter: impl Fn(usize, &NetworkInterface, &IpConfiguration) -> Option<String>,
) {
    writeln!(text, "chain {name} {{\ntype filter hook input priority {priority}; policy accept;")
        .expect("a string");
    for (at, nic) in network.nics.iter().enumerate() {
        for configuration in &nic.ip_configurations {
            if let (Some(filter), Some(address)) = (filter(at, nic, configuration), configuration.private) {
                writeln!(text, "{} daddr {address} goto {filter}", family(address)).expect("a string");
            }
        }
    }
    text.push_str("}\n");
}

fn group(network: &Network, nsg: &NetworkSecurityGroup) -> Vec<String> {
    let mut rules: Vec<&SecurityRule> =
        nsg.rules.iter().filter(|rule| rule.direction == Direction::Inbound).collect();
    rules.sort_by_key(|rule| rule.priority);
    rules.into_iter().flat_map(|rule| lines(network, rule)).collect()
}

/// Every combination of the elements of a rule.
fn lines(network: &Network, rule: &SecurityRule) -> Vec<String> {
    let verdict = match known(&rule.access) {
        Access::Allow => "accept",
        Access::Deny => "drop",
    };
    let mut lines = Vec::new();
    for (family, packets) in FAMILIES {
        let side = |elements: &[Address], side| -> Vec<String> {
            elements.iter().flat_map(|element| address(network, element, family, side)).collect()
        };
        for source in side(&rule.sources, "saddr") {
            for destination in side(&rule.destinations, "daddr") {
                for transport in transport(rule, family) {
                    lines
                        .push(format!("meta nfproto {packets} {source} {destination} {transport} {verdict}"));
                }
            }
        }
    }
    lines
}

/// Protocol and ports. What has no ports has port 0, for a rule about any protocol.
fn transport(rule: &SecurityRule, family: &str) -> Vec<String> {
    let protocol = known(&rule.protocol);
    if let RuleProtocol::Number(number) = protocol
        && !has_ports(number)
    {
        return vec![without_ports(number, family)];
    }
    let protocols = match protocol {
        RuleProtocol::Number(number) => number.to_string(),
        RuleProtocol::Any => format!("{{ {TCP}, {UDP} }}"),
    };
    let mut found = Vec::new();
    for source in &rule.source_ports {
        for destination in &rule.destination_ports {
            let (source, destination) = (known(source), known(destination));
            found.push(format!(
                "meta l4proto {protocols} th sport {} th dport {}",
                ports(source),
                ports(destination)
            ));
            if protocol == RuleProtocol::Any && source.first() == 0 && destination.first() == 0 {
                found.push(format!("meta l4proto != {{ {TCP}, {UDP} }}"));
            }
        }
    }
    found
}

fn without_ports(number: u8, family: &str) -> String {
    match (number, family) {
        (ICMP, "ip6") => format!("meta l4proto {{ {ICMP}, {ICMPV6} }}"),
        _ => format!("meta l4proto {number}"),
    }
}

/// The permissions of all groups on an interface, one by one: there is no order, since none denies.
fn permissions(network: &Network, nic: &NetworkInterface) -> Vec<String> {
    let groups = nic.security_groups.iter().filter_map(Ref::given);
    let permissions = groups.flat_map(|group| &network.security_groups[group.get()].ingress);
    permissions.flat_map(|permission| permission_lines(network, permission)).collect()
}

fn permission_lines(network: &Network, permission: &Permission) -> Vec<String> {
    let mut lines = Vec::new();
    for peer in &permission.peers {
        let sources = match peer {
            Peer::Net(net) => vec![*net],
            Peer::Group(group) => {
                let is_member = |nic: &&NetworkInterface| {
                    nic.security_groups.iter().any(|of| of.given() == group.given())
                };
                let members = network.nics.iter().filter(is_member).flat_map(|nic| &nic.ip_configurations);
                members.filter_map(|member| member.private).map(IpNet::from).collect()
            }
            Peer::PrefixList(text) | Peer::Unknown(text) => panic!("not known: `{text}`"),
        };
        for source in sources {
            let family = family(source.addr());
            let transport = match known(&permission.protocol) {
                RuleProtocol::Any => String::new(),
                RuleProtocol::Number(number) if has_ports(number) => {
                    format!("meta l4proto {number} th dport {}", ports(known(&permission.ports)))
                }
                RuleProtocol::Number(number) => format!("meta l4proto {number}"),
            };
            lines.push(format!("{} {transport} accept", prefix(source, family, "saddr")));
        }
    }
    lines
}

/// What an element says of an address, one text for each thing that it may be.
fn address(network: &Network, element: &Address, family: &str, side: &str) -> Vec<String> {
    let nets = |nets: Vec<IpNet>| -> Vec<String> {
        let of_family = nets.into_iter().filter(|net| self::family(net.addr()) == family);
        of_family.map(|net| prefix(net, family, side)).collect()
    };
    let vnet = network.vnets.first();
    match element {
        Address::Any => vec![String::new()],
        Address::Net(net) => nets(vec![*net]),
        Address::Range(first, _) if self::family(*first) != family => Vec::new(),
        Address::Range(first, last) => vec![format!("{family} {side} {first}-{last}")],
        Address::Group(group) => {
            let members = network.nics.iter().flat_map(|nic| &nic.ip_configurations);
            let members = members.filter(|member| member.asgs.iter().any(|asg| asg.given() == group.given()));
            nets(members.filter_map(|member| member.private).map(IpNet::from).collect())
        }
        Address::Tag(tag) => match tag.to_ascii_lowercase().as_str() {
            "azureloadbalancer" => nets(vec![host()]),
            "virtualnetwork" => nets(virtual_network(network, vnet.expect("a virtual network"))),
            "internet" => {
                let inside = virtual_network(network, vnet.expect("a virtual network"));
                let inside = inside.into_iter().filter(|net| self::family(net.addr()) == family);
                if inside.clone().any(|net| net.prefix_len() == 0) {
                    return Vec::new();
                }
                vec![inside.map(|net| format!("{family} {side} != {net}")).collect::<Vec<_>>().join(" ")]
            }
            name => {
                let list = network.tags.iter().find(|(known, _)| known == name);
                nets(list.unwrap_or_else(|| panic!("not known: `{name}`")).1.clone())
            }
        },
        Address::Unknown(text) => panic!("not known: `{text}`"),
    }
}

/// The virtual network, its connected peers, its routes, and the host.
fn virtual_network(network: &Network, vnet: &VirtualNetwork) -> Vec<IpNet> {
    let mut nets = vnet.prefixes.clone();
    for peering in vnet.peerings.iter().filter(|peering| peering.connected) {
        nets.extend(&peering.prefixes);
        nets.extend(peering.remote.given().iter().flat_map(|remote| &network.vnets[remote.get()].prefixes));
    }
    let tables = vnet.subnets.iter().filter_map(|subnet| network.subnets[subnet.get()].route_table.given());
    nets.extend(tables.flat_map(|table| &network.route_tables[table.get()].routes).map(|route| route.prefix));
    nets.push(host());
    nets
}

fn host() -> IpNet {
    HOST.parse::<IpAddr>().expect("an address").into()
}

/// A prefix of length 0 says nothing, and nftables takes no such one.
fn prefix(net: IpNet, family: &str, side: &str) -> String {
    if net.prefix_len() == 0 {
        format!("meta nfproto {}", if family == "ip" { "ipv4" } else { "ipv6" })
    } else {
        format!("{family} {side} {net}")
    }
}

fn family(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "ip" } else { "ip6" }
}

fn ports(range: PortRange) -> String {
    format!("{}-{}", range.first(), range.last())
}

fn known<T: Copy>(value: &Value<T>) -> T {
    match value {
        Value::Known(known) => *known,
        Value::Unknown(text) => panic!("not known: `{text}`"),
    }
}
