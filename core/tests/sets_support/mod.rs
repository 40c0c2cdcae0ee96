//! Regions and sets of packets at random, of numbers that meet often and lie at the ends of their ranges.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jitgate_core::sets::{AddressRange, Addresses, PortRange, Ports, Protocols, Region, Traffic};
use proptest::prelude::*;

/// Where ranges of ports begin and end.
pub const PORTS: [u16; 6] = [0, 1, 22, 23, 3389, 65_535];

/// The protocols of rules, and their neighbours.
pub const PROTOCOLS: [u8; 7] = [0, 1, 6, 7, 17, 58, 255];

/// Where ranges of addresses begin and end.
pub fn addresses() -> Vec<IpAddr> {
    let v4 = [0, 1, 0x0a00_0000, 0x0a00_00ff, 0x0a00_0100, u32::MAX];
    let v6 = [0, 1, 0x0a00_0000, 1 << 32, 0xfd << 120, u128::MAX];
    let v4 = v4.into_iter().map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits)));
    v4.chain(v6.into_iter().map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits)))).collect()
}

fn pair<T: Clone + Ord + std::fmt::Debug + 'static>(among: Vec<T>) -> impl Strategy<Value = (T, T)> {
    let one = prop::sample::select(among);
    (one.clone(), one).prop_map(|(one, two)| if one <= two { (one, two) } else { (two, one) })
}

fn some_ports() -> impl Strategy<Value = Ports> {
    let range = pair(PORTS.to_vec()).prop_map(|(first, last)| PortRange::new(first, last).expect("forwards"));
    prop_oneof![2 => Just(Ports::all()), 3 => prop::collection::vec(range, 1..3).prop_map(Ports::from_iter)]
}

fn some_protocols() -> impl Strategy<Value = Protocols> {
    let some = prop::collection::vec(prop::sample::select(PROTOCOLS.to_vec()), 1..3);
    prop_oneof![1 => Just(Protocols::all()), 3 => some.prop_map(Protocols::from_iter)]
}

fn some_addresses() -> impl Strategy<Value = Addresses> {
    // Ends of two families make no range, and are both taken alone.
    let range = pair(addresses()).prop_map(|(first, last)| match AddressRange::new(first, last) {
        Some(range) => Addresses::from(range),
        None => Addresses::from(first).union(&last.into()),
    });
    let some = prop::collection::vec(range, 1..3)
        .prop_map(|parts| parts.iter().fold(Addresses::none(), |sum, part| sum.union(part)));
    prop_oneof![2 => Just(Addresses::all()), 1 => Just(Addresses::v4()), 4 => some]
}

/// What one rule matches.
pub fn region() -> impl Strategy<Value = Region> {
    (some_protocols(), some_addresses(), some_ports(), some_addresses(), some_ports()).prop_map(
        |(protocols, sources, source_ports, destinations, destination_ports)| Region {
            protocols,
            sources,
            source_ports,
            destinations,
            destination_ports,
        },
    )
}

/// A few regions, or all but those.
pub fn traffic() -> impl Strategy<Value = Traffic> {
    (prop::collection::vec(region(), 0..4), any::<bool>()).prop_map(|(regions, turned)| {
        let set = Traffic::from_iter(regions);
        if turned { set.complement() } else { set }
    })
}
