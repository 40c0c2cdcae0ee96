//! The packets at which an answer can change: on each border that a rule draws, and on both sides of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use jitgate_core::network::{Address, Network, Peer, PortRange, Value};

use crate::Packet;
use crate::choices::Choices;
use crate::packet::{AH, ESP, ICMP, ICMPV6, TCP, UDP, has_ports};

const PROTOCOLS: [u8; 8] = [TCP, UDP, ICMP, ESP, AH, ICMPV6, 0, 255];

/// All values of each dimension that lie on a border, or next to one.
#[derive(Clone, Debug)]
pub struct Boundaries {
    /// Sources of both families.
    pub sources: Vec<IpAddr>,
    /// Source ports.
    pub source_ports: Vec<u16>,
    /// Destination ports.
    pub ports: Vec<u16>,
}

impl Boundaries {
    /// The borders of every rule.
    pub fn of(network: &Network) -> Self {
        let mut sources: Vec<IpAddr> = ends(Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::BROADCAST.into());
        sources.extend(ends(Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::from(u128::MAX).into()));
        let (mut source_ports, mut ports) = (vec![0, 49152, u16::MAX], vec![0, u16::MAX]);
        for rule in network.nsgs.iter().flat_map(|nsg| &nsg.rules) {
            sources.extend(rule.sources.iter().flat_map(element));
            source_ports.extend(rule.source_ports.iter().flat_map(range));
            ports.extend(rule.destination_ports.iter().flat_map(range));
        }
        for permission in network.security_groups.iter().flat_map(|group| &group.ingress) {
            ports.extend(range(&permission.ports));
            for peer in &permission.peers {
                if let Peer::Net(prefix) = peer {
                    sources.extend(net(*prefix));
                }
            }
        }
        for firewall in &network.firewalls {
            for rule in firewall.nat.iter().flat_map(|collection| &collection.rules) {
                sources.extend(rule.sources.iter().flat_map(element));
                ports.extend(rule.destination_ports.iter().flat_map(range));
                if let Value::Known(port) = rule.translated_port {
                    ports.push(port);
                }
            }
            for rule in firewall.network.iter().flat_map(|collection| &collection.rules) {
                sources.extend(rule.sources.iter().flat_map(element));
            }
        }
        sources.extend(surroundings(network));
        sources.sort_unstable();
        sources.dedup();
        for ports in [&mut source_ports, &mut ports] {
            ports.sort_unstable();
            ports.dedup();
        }
        Self { sources, source_ports, ports }
    }

    /// Every combination to that destination; or, if there are more than `most`, so many of them.
    pub fn packets(&self, destination: IpAddr, most: usize, choices: &mut Choices) -> Vec<Packet> {
        let sources: Vec<IpAddr> =
            self.sources.iter().copied().filter(|source| source.is_ipv4() == destination.is_ipv4()).collect();
        let with_ports = sources.len() * self.source_ports.len() * self.ports.len();
        let packets = PROTOCOLS.map(|protocol| if has_ports(protocol) { with_ports } else { sources.len() });
        if packets.iter().sum::<usize>() > most {
            let packet = |_| {
                let from = (choices.pick(&sources), choices.pick(&self.source_ports));
                Packet::new(choices.pick(&PROTOCOLS), from, (destination, choices.pick(&self.ports)))
            };
            return (0..most).map(packet).collect();
        }
        let mut packets = Vec::new();
        for protocol in PROTOCOLS {
            let of = |ports: &[u16]| if has_ports(protocol) { ports.to_vec() } else { vec![0] };
            for source in &sources {
                for source_port in of(&self.source_ports) {
                    for port in of(&self.ports) {
                        packets.push(Packet::new(protocol, (*source, source_port), (destination, port)));
                    }
                }
            }
        }
        packets
    }
}

/// What tags and groups stand for, and the machines themselves.
fn surroundings(network: &Network) -> Vec<IpAddr> {
    let host: IpAddr = [168, 63, 129, 16].into();
    let mut found = ends(host, host);
    for configuration in network.nics.iter().flat_map(|nic| &nic.ip_configurations) {
        found.extend(configuration.private.into_iter().flat_map(|private| ends(private, private)));
    }
    let spaces = network.vnets.iter().flat_map(|vnet| {
        vnet.prefixes.iter().chain(vnet.peerings.iter().flat_map(|peering| &peering.prefixes))
    });
    let routes = network.route_tables.iter().flat_map(|table| &table.routes).map(|route| &route.prefix);
    let tags = network.tags.iter().flat_map(|(_, prefixes)| prefixes);
    found.extend(spaces.chain(routes).chain(tags).flat_map(|prefix| net(*prefix)));
    found
}

fn element(element: &Address) -> Vec<IpAddr> {
    match element {
        Address::Net(prefix) => net(*prefix),
        Address::Range(first, last) => ends(*first, *last),
        Address::Any | Address::Tag(_) | Address::Group(_) | Address::Unknown(_) => Vec::new(),
    }
}

fn net(prefix: IpNet) -> Vec<IpAddr> {
    ends(prefix.network(), prefix.broadcast())
}

/// The first and the last, and their neighbours.
fn ends(first: IpAddr, last: IpAddr) -> Vec<IpAddr> {
    let number = |address: IpAddr| match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    };
    let address = |number: Option<u128>| match first {
        IpAddr::V4(_) => Some(Ipv4Addr::from_bits(u32::try_from(number?).ok()?).into()),
        IpAddr::V6(_) => Some(Ipv6Addr::from_bits(number?).into()),
    };
    let (first, last) = (number(first), number(last));
    [Some(first), first.checked_sub(1), Some(last), last.checked_add(1)]
        .into_iter()
        .filter_map(address)
        .collect()
}

fn range(range: &Value<PortRange>) -> Vec<u16> {
    match range {
        Value::Known(range) => {
            let (first, last) = (range.first(), range.last());
            [Some(first), first.checked_sub(1), Some(last), last.checked_add(1)]
                .into_iter()
                .flatten()
                .collect()
        }
        Value::Unknown(_) => Vec::new(),
    }
}
