//! Sets of packets: what the words of the interface promise, by example.

use std::net::IpAddr;

use jitgate_core::sets::{
    AddressRange, Addresses, Decisions, Packet, PortRange, Ports, Protocols, Region, Size, TCP, Traffic, UDP,
};

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn net(text: &str) -> Addresses {
    Addresses::from(text.parse::<ipnet::IpNet>().expect("a CIDR block"))
}

fn tcp(port: u16, from: &str) -> Region {
    Region {
        protocols: Protocols::one(TCP),
        sources: net(from),
        destination_ports: Ports::one(port),
        ..Region::all()
    }
}

fn packet(protocol: u8, from: &str, port: u16, to: &str) -> Packet {
    let source_port = if matches!(protocol, TCP | UDP) { 50_000 } else { 0 };
    Packet { protocol, source: address(from), source_port, destination: address(to), destination_port: port }
}

fn texts(traffic: &Traffic) -> Vec<String> {
    traffic.boxes().iter().map(ToString::to_string).collect()
}

#[test]
fn the_first_match_decides() {
    let rules = [
        (Region { destination_ports: Ports::one(22), ..tcp(22, "203.0.113.7/32") }, "mine"),
        (tcp(22, "203.0.113.0/24"), "office"),
        (Region::all(), "rest"),
    ];
    let decisions = Decisions::first_match(rules.iter().map(|(region, label)| (region, *label)), "none");
    let decisions = decisions.expect("few rules");
    assert_eq!(decisions.at(&packet(TCP, "203.0.113.7", 22, "10.0.0.4")), "mine");
    assert_eq!(decisions.at(&packet(TCP, "203.0.113.8", 22, "10.0.0.4")), "office");
    assert_eq!(decisions.at(&packet(TCP, "203.0.113.8", 23, "10.0.0.4")), "rest");
    assert_eq!(decisions.at(&packet(1, "203.0.113.8", 0, "10.0.0.4")), "rest");
    assert_eq!(decisions.labels(), ["rest", "office", "mine"]);
    let office = decisions.traffic(|label| label == "office");
    assert_eq!(office.size(), Size::from(255_u64 << 48));
    assert_eq!(
        decisions.traffic_to(address("10.0.0.4"), |label| label != "rest"),
        office.union(&decisions.traffic(|label| label == "mine")).to_destinations(&net("10.0.0.4/32"))
    );
}

#[test]
fn boxes_are_told_as_people_say_them() {
    let both = Traffic::from_iter([tcp(22, "203.0.113.0/24"), tcp(3389, "203.0.113.0/24")]);
    assert_eq!(texts(&both), ["TCP 22,3389 from 203.0.113.0/24"]);
    assert_eq!(texts(&Traffic::all()), ["* from *"]);
    assert_eq!(texts(&Traffic::none()), Vec::<String>::new());
    let any = Region { protocols: Protocols::one(TCP), destination_ports: Ports::one(22), ..Region::all() };
    assert_eq!(texts(&Traffic::from(&any)), ["TCP 22 from *"]);
    let ping = Region { protocols: Protocols::one(1), destinations: net("10.0.0.4/32"), ..Region::all() };
    assert_eq!(texts(&Traffic::from(ping)), ["ICMP from 0.0.0.0/0 to 10.0.0.4"]);
}

#[test]
fn sizes_pass_128_bits() {
    // TCP and UDP with two ports each, 254 others with none; pairs of addresses of either family.
    let protocols = "8589934846";
    let per_pair = Size::from(2_u64 << 32).plus(Size::from(254));
    assert_eq!(per_pair.to_string(), protocols);
    let v6 = Traffic::from(Region { sources: Addresses::v6(), ..Region::all() });
    let v4 = Traffic::from(Region { sources: Addresses::v4(), ..Region::all() });
    let addresses = |set: Addresses| set.size();
    let pairs = |set: Addresses| addresses(set.clone()).times(addresses(set));
    assert_eq!(v6.size(), per_pair.times(pairs(Addresses::v6())));
    assert_eq!(Traffic::all().size(), v6.size().plus(v4.size()));
    assert_eq!(Addresses::v6().size().to_string(), "340282366920938463463374607431768211456");
    assert_eq!(Addresses::v6().size().short().to_string(), "2^128");
    assert_eq!(net("10.0.0.0/24").size().short().to_string(), "256");
    assert_eq!(per_pair.short().to_string(), "about 8.5 × 10^9");
}

#[test]
fn witnesses_are_packets_as_people_meet_them() {
    let witness = |region: Region| Traffic::from(region).witness();
    assert_eq!(
        witness(Region { destinations: net("10.1.0.0/16"), ..Region::all() }),
        Some(packet(TCP, "203.0.113.10", 22, "10.1.0.1"))
    );
    assert_eq!(witness(tcp(8080, "192.0.2.0/24")), Some(packet(TCP, "192.0.2.1", 8080, "10.0.0.4")));
    let ping6 = Region { protocols: Protocols::one(58), sources: net("fd00::/8"), ..Region::all() };
    assert_eq!(witness(ping6), Some(packet(58, "fd00::1", 0, "fd00::4")));
    assert_eq!(Traffic::none().witness(), None);
}

#[test]
fn ranges_are_told_as_blocks_where_they_are_ones() {
    let range = |first, last| AddressRange::new(address(first), address(last));
    let text = |first, last| range(first, last).expect("forwards").to_string();
    assert_eq!(text("10.0.0.0", "10.0.0.255"), "10.0.0.0/24");
    assert_eq!(text("10.0.0.1", "10.0.0.1"), "10.0.0.1");
    assert_eq!(text("10.0.0.1", "10.0.0.2"), "10.0.0.1-10.0.0.2");
    assert_eq!(text("0.0.0.0", "255.255.255.255"), "0.0.0.0/0");
    assert_eq!(text("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "::/0");
    assert_eq!(range("10.0.0.2", "10.0.0.1"), None);
    assert_eq!(range("10.0.0.2", "::ffff"), None);
    let ports = |ranges: &[(u16, u16)]| {
        ranges.iter().map(|(first, last)| PortRange::new(*first, *last).expect("forwards")).collect::<Ports>()
    };
    assert_eq!(ports(&[(80, 90), (22, 22), (91, 99)]).to_string(), "22,80-99");
    assert_eq!(ports(&[(0, 65_534), (65_535, 65_535)]), Ports::all());
}

#[test]
fn most_protocols_are_told_by_what_is_missing() {
    let but = |numbers: &[u8]| numbers.iter().copied().collect::<Protocols>().complement().to_string();
    assert_eq!(but(&[TCP]), "all but TCP");
    assert_eq!(but(&[TCP, UDP, 200]), "all but TCP,UDP,200");
    assert_eq!(but(&[]), "*");
    assert_eq!([TCP, UDP].into_iter().collect::<Protocols>().to_string(), "TCP,UDP");
    assert_eq!((2..=255).collect::<Protocols>().to_string(), "2-255");
}
