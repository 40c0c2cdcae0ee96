//! Sets of packets against packet after packet: every one of a small universe, which has both ends of each
//! range and the numbers beside them.

use crate::sets_support::{PROTOCOLS, addresses, region};
use jitgate_core::sets::{Decisions, Packet, Region, Traffic, has_ports};
use proptest::prelude::*;

/// Every packet of the universe that there can be.
fn packets() -> Vec<Packet> {
    let mut packets = Vec::new();
    for protocol in PROTOCOLS.into_iter().chain([2, 16]) {
        let ports: &[u16] = if has_ports(protocol) { &[0, 1, 2, 22, 24, 65_535] } else { &[0] };
        for source in addresses() {
            for destination in addresses() {
                for &source_port in ports {
                    for &destination_port in ports {
                        if source.is_ipv4() == destination.is_ipv4() {
                            packets.push(Packet {
                                protocol,
                                source,
                                source_port,
                                destination,
                                destination_port,
                            });
                        }
                    }
                }
            }
        }
    }
    packets
}

/// As a rule reads: each part is looked for on its own.
fn matches(region: &Region, packet: &Packet) -> bool {
    let within = |ports: &jitgate_core::sets::Ports, port: u16| {
        ports.ranges().any(|range| range.first() <= port && port <= range.last())
    };
    let among = |set: &jitgate_core::sets::Addresses, address| {
        set.ranges().any(|range| range.first() <= address && address <= range.last())
    };
    region.protocols.iter().any(|protocol| protocol == packet.protocol)
        && among(&region.sources, packet.source)
        && among(&region.destinations, packet.destination)
        && within(&region.source_ports, packet.source_port)
        && within(&region.destination_ports, packet.destination_port)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_first_match_decides(rules in prop::collection::vec((region(), 0_u8..4), 0..9)) {
        let decisions = Decisions::first_match(rules.iter().map(|(region, label)| (region, *label)), 9);
        let decisions = decisions.expect("few rules");
        let (low, high) = (decisions.traffic(|label| label < 2), decisions.traffic(|label| label >= 2));
        let boxes = low.boxes();
        for packet in packets() {
            let first = rules.iter().find(|(region, _)| matches(region, &packet));
            let label = first.map_or(9, |(_, label)| *label);
            prop_assert_eq!(decisions.at(&packet), label, "{:?}", packet);
            prop_assert_eq!(low.contains(&packet), label < 2);
            prop_assert_eq!(high.contains(&packet), label >= 2);
            let holders = boxes.iter().filter(|region| region.contains(&packet)).count();
            prop_assert_eq!(holders, usize::from(label < 2));
        }
        for destination in addresses() {
            let only = Region { destinations: destination.into(), ..Region::all() };
            prop_assert_eq!(
                decisions.traffic_to(destination, |label| label < 2),
                low.intersection(&only.into())
            );
        }
    }

    #[test]
    fn operations(one in region(), two in region(), three in region()) {
        let a = Traffic::from(&one).union(&Traffic::from(&two));
        let b = Traffic::from(&three);
        let (union, both, less) = (a.union(&b), a.intersection(&b), a.difference(&b));
        let not = a.complement();
        for packet in packets() {
            let in_a = matches(&one, &packet) || matches(&two, &packet);
            let in_b = matches(&three, &packet);
            prop_assert_eq!(one.contains(&packet), matches(&one, &packet));
            prop_assert_eq!(union.contains(&packet), in_a || in_b);
            prop_assert_eq!(both.contains(&packet), in_a && in_b);
            prop_assert_eq!(less.contains(&packet), in_a && !in_b);
            prop_assert_eq!(not.contains(&packet), !in_a);
        }
    }
}
