//! Known traps, one by one, with the answer that Azure's documents give. The engine must give it, and so must
//! the naive evaluator, for else the one would be held against another's mistake.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use jitgate_core::network::{
    ApplicationSecurityGroup, Cloud, Direction, Engine, Flow, Index, Network, NetworkSecurityGroup, Peer,
    Peering, Permission, Place, PortRange, Ref, Route, RouteTable, RuleProtocol, SecurityGroup, Value,
};
use jitgate_truth::build::{
    self, add, configuration, machine, missing, nic, nsg, prefixes, rules, subnet, vnet,
};
use jitgate_truth::{Truth, naive};

/// JIT's rule at rest, as it stands in most exports: at the end.
const JIT: &str = "4096 deny * from * port * to 10.0.1.4 port 22,3389";
/// And where there was an allow rule that it must beat.
const JIT_FIRST: &str = "1000 deny * from * port * to 10.0.1.4 port 22,3389";

/// One machine, 10.0.1.4, with these NSGs on its subnet and its NIC.
fn one(on_subnet: Option<&[&str]>, on_nic: Option<&[&str]>) -> Network {
    let mut network = Network::default();
    let filter = |network: &mut Network, name, of: Option<&[&str]>| -> Ref<NetworkSecurityGroup> {
        of.map_or(Ref::None, |of| nsg(network, name, rules(of)))
    };
    let subnet_nsg = filter(&mut network, "nsg-subnet", on_subnet);
    let nic_nsg = filter(&mut network, "nsg-nic", on_nic);
    let vnet = vnet(&mut network, "vnet", "10.0.0.0/16");
    let front = subnet(&mut network, vnet, "front", "10.0.1.0/24", subnet_nsg);
    let nic = nic(&mut network, "nic", nic_nsg, vec![configuration("10.0.1.4", &front)]);
    machine(&mut network, "vm", vec![nic]);
    network
}

/// With these rules on the NIC, and no other NSG.
fn on_nic(rules: &[&str]) -> Network {
    one(None, Some(rules))
}

/// Asks about the first machine, as in `203.0.113.7 tcp 22 yes`; with `to ADDRESS` of one of its addresses.
#[track_caller]
fn expect(network: &Network, questions: &[&str]) {
    let engine = Engine::new(network.clone());
    for question in questions {
        let words: Vec<&str> = question.split_whitespace().collect();
        let (from, protocol, port, expected, to) = match words.as_slice() {
            [from, protocol, port, expected] => (from, protocol, port, expected, None),
            [from, protocol, port, expected, "to", to] => (from, protocol, port, expected, Some(to)),
            _ => panic!("no question: {question}"),
        };
        let Value::Known(RuleProtocol::Number(number)) = build::protocol(protocol) else {
            panic!("no protocol: {protocol}")
        };
        let flow = naive::Flow {
            protocol: number,
            from: from.parse().expect("an address"),
            source_port: None,
            port: port.parse().expect("a port"),
            to: to.map(|to| to.parse().expect("an address")),
        };
        let expected = match *expected {
            "yes" => Truth::Yes,
            "no" => Truth::No,
            "maybe" => Truth::Maybe,
            other => panic!("no answer: {other}"),
        };
        assert_eq!(naive::reach(network, &network.machines[0], &flow).answer, expected, "naive: {question}");
        let answer = engine.reach(&Flow {
            machine: Index::new(0),
            from: flow.from,
            port: flow.port,
            protocol: flow.protocol,
            source_port: None,
            to: flow.to,
        });
        let engine = Truth::from(answer.reachable);
        assert_eq!(engine, expected, "{question}: {answer:?}");
    }
}

#[test]
fn an_address_inside_an_allowed_network() {
    let network = on_nic(&["100 allow tcp from 203.0.113.0/24 port * to * port 22", JIT]);
    expect(&network, &["203.0.113.0 tcp 22 yes", "203.0.113.7 tcp 22 yes", "203.0.113.255 tcp 22 yes"]);
    expect(&network, &["203.0.112.255 tcp 22 no", "203.0.114.0 tcp 22 no", "203.0.113.7 udp 22 no"]);
}

#[test]
fn a_network_that_is_one_bit_wider() {
    let network = on_nic(&["100 allow tcp from 203.0.112.0/23 port * to * port 22"]);
    expect(&network, &["203.0.112.0 tcp 22 yes", "203.0.113.255 tcp 22 yes"]);
    expect(&network, &["203.0.111.255 tcp 22 no", "203.0.114.0 tcp 22 no"]);
}

#[test]
fn a_hole_in_a_network() {
    let network = on_nic(&[
        "100 deny tcp from 203.0.113.7 port * to * port 22",
        "110 allow tcp from 203.0.113.0/24 port * to * port 22",
    ]);
    expect(&network, &["203.0.113.6 tcp 22 yes", "203.0.113.7 tcp 22 no", "203.0.113.8 tcp 22 yes"]);
}

#[test]
fn an_allow_at_a_lower_number_than_the_deny_makes_it_nothing() {
    let above = on_nic(&["300 allow tcp from * port * to * port 22", JIT_FIRST]);
    expect(&above, &["203.0.113.7 tcp 22 yes", "203.0.113.7 tcp 3389 no"]);
    let below = on_nic(&["1001 allow tcp from * port * to * port 22", JIT_FIRST]);
    expect(&below, &["203.0.113.7 tcp 22 no", "10.0.1.9 tcp 22 no"]);
}

#[test]
fn the_order_of_the_text_is_of_no_account() {
    let network = on_nic(&[
        "200 deny tcp from * port * to * port 22",
        "100 allow tcp from 203.0.113.7 port * to * port 22",
    ]);
    expect(&network, &["203.0.113.7 tcp 22 yes", "203.0.113.8 tcp 22 no"]);
}

#[test]
fn everybody_and_every_ipv4_address_are_not_the_same() {
    let mut everybody = on_nic(&["100 allow tcp from * port * to * port 22"]);
    let mut four = on_nic(&["100 allow tcp from 0.0.0.0/0 port * to * port 22"]);
    for network in [&mut everybody, &mut four] {
        let front = Ref::Given(Index::new(0));
        network.nics[0].ip_configurations.push(configuration("2001:db8::4", &front));
    }
    expect(&everybody, &["203.0.113.7 tcp 22 yes", "2001:db8:1::7 tcp 22 yes"]);
    expect(&four, &["203.0.113.7 tcp 22 yes", "2001:db8:1::7 tcp 22 no"]);
}

#[test]
fn a_sender_of_one_family_reaches_no_address_of_the_other() {
    expect(&on_nic(&["100 allow * from * port * to * port *"]), &["2001:db8::7 tcp 22 no"]);
}

#[test]
fn ranges_of_ports_hold_both_ends() {
    let network = on_nic(&["100 allow tcp from * port * to * port 20-22,3389-3391,65535"]);
    expect(&network, &["203.0.113.7 tcp 19 no", "203.0.113.7 tcp 20 yes", "203.0.113.7 tcp 22 yes"]);
    expect(&network, &["203.0.113.7 tcp 23 no", "203.0.113.7 tcp 3391 yes", "203.0.113.7 tcp 3392 no"]);
    expect(&network, &["203.0.113.7 tcp 65535 yes", "203.0.113.7 tcp 65534 no", "203.0.113.7 tcp 0 no"]);
}

#[test]
fn source_ports_count() {
    // Systems take ports from 49152 up, so the first rule lets nobody in who does not choose the port.
    let low = on_nic(&["100 allow tcp from * port 1024 to * port 22"]);
    expect(&low, &["203.0.113.7 tcp 22 no"]);
    let one = on_nic(&["100 allow tcp from * port 50000 to * port 22"]);
    expect(&one, &["203.0.113.7 tcp 22 yes"]);
    let but_one = on_nic(&[
        "100 deny tcp from * port 49152-65534 to * port 22",
        "110 allow tcp from * port * to * port 22",
    ]);
    expect(&but_one, &["203.0.113.7 tcp 22 yes"]);
}

#[test]
fn both_groups_must_let_it_through() {
    let open: &[&str] = &["100 allow tcp from * port * to * port 22"];
    let other: &[&str] = &["100 allow tcp from * port * to * port 443"];
    expect(&one(Some(open), Some(open)), &["203.0.113.7 tcp 22 yes"]);
    expect(&one(Some(open), Some(other)), &["203.0.113.7 tcp 22 no", "203.0.113.7 tcp 443 no"]);
    expect(&one(Some(other), Some(open)), &["203.0.113.7 tcp 22 no"]);
    expect(&one(Some(&[]), Some(open)), &["203.0.113.7 tcp 22 no"]);
    expect(&one(Some(open), None), &["203.0.113.7 tcp 22 yes", "203.0.113.7 tcp 443 no"]);
    expect(&one(None, None), &["203.0.113.7 tcp 443 yes"]);
}

#[test]
fn within_the_virtual_network_the_default_rules_let_everything_in() {
    let network = on_nic(&[]);
    expect(&network, &["10.0.255.255 tcp 22 yes", "10.1.0.0 tcp 22 no", "168.63.129.16 tcp 22 yes"]);
    // JIT's rule stands before them.
    expect(&on_nic(&[JIT]), &["10.0.2.4 tcp 22 no", "10.0.2.4 tcp 443 yes", "168.63.129.16 tcp 22 no"]);
}

#[test]
fn the_internet_is_what_the_virtual_network_is_not() {
    let network = on_nic(&[
        "100 deny * from VirtualNetwork port * to * port *",
        "110 allow tcp from internet port * to * port 22",
    ]);
    expect(&network, &["203.0.113.7 tcp 22 yes", "10.0.0.0 tcp 22 no", "9.255.255.255 tcp 22 yes"]);
    expect(&network, &["168.63.129.16 tcp 22 no", "203.0.113.7 tcp 23 no"]);
}

#[test]
fn peers_and_routes_are_of_the_virtual_network() {
    let mut network = on_nic(&[]);
    let peering = |space, connected| Peering {
        remote: missing("/subscriptions/1/other"),
        prefixes: prefixes(space),
        connected,
        ..Peering::default()
    };
    network.vnets[0].peerings = vec![peering("10.1.0.0/16", true), peering("10.2.0.0/16", false)];
    expect(&network, &["10.1.0.4 tcp 22 yes", "10.2.0.4 tcp 22 no", "192.168.0.1 tcp 22 no"]);
    let route = Route {
        prefix: "0.0.0.0/0".parse().expect("a prefix"),
        next_hop: None,
        next_hop_type: "VirtualAppliance".to_owned(),
    };
    let table = add(&mut network.route_tables, RouteTable { routes: vec![route], ..RouteTable::default() });
    network.subnets[0].route_table = Ref::Given(table);
    // A default route of one's own makes the whole Internet a part of the tag.
    expect(&network, &["203.0.113.7 tcp 22 yes"]);
}

#[test]
fn what_is_behind_a_gateway_is_not_known() {
    let mut network = on_nic(&["100 allow tcp from Internet port * to * port 22"]);
    let vnet = Index::new(0);
    subnet(&mut network, vnet, "GatewaySubnet", "10.0.255.0/27", Ref::None);
    // The tag Internet may lack it, VirtualNetwork may have it; what has been given is known.
    expect(&network, &["203.0.113.7 tcp 443 maybe", "10.0.3.4 tcp 443 yes", "10.0.3.4 tcp 22 yes"]);
}

#[test]
fn a_tag_without_a_list_is_a_bound() {
    let mut network = on_nic(&[
        "100 deny tcp from Storage.WestEurope port * to * port 22",
        "110 allow tcp from * port * to * port 22",
        "120 allow tcp from Sql port * to * port 1433",
    ]);
    expect(&network, &["203.0.113.7 tcp 22 maybe", "203.0.113.7 tcp 1433 maybe", "203.0.113.7 udp 22 no"]);
    network.tags = vec![("storage.westeurope".to_owned(), prefixes("203.0.113.0/25"))];
    expect(&network, &["203.0.113.127 tcp 22 no", "203.0.113.128 tcp 22 yes"]);
}

#[test]
fn two_nics_are_two_ways() {
    let mut network = on_nic(&["100 allow tcp from 203.0.113.7 port * to * port 22"]);
    let back = subnet(&mut network, Index::new(0), "back", "10.0.2.0/24", Ref::None);
    let open = nsg(&mut network, "nsg-back", rules(&["100 allow tcp from 203.0.113.8 port * to * port 22"]));
    let second = nic(&mut network, "nic-back", open, vec![configuration("10.0.2.4", &back)]);
    network.machines[0].nics.push(second);
    expect(&network, &["203.0.113.7 tcp 22 yes", "203.0.113.8 tcp 22 yes", "203.0.113.9 tcp 22 no"]);
    expect(&network, &["203.0.113.7 tcp 22 yes to 10.0.1.4", "203.0.113.7 tcp 22 no to 10.0.2.4"]);
}

#[test]
fn a_public_address_stands_for_the_private_one() {
    let mut network = on_nic(&["100 allow tcp from * port * to 10.0.1.4 port 22"]);
    network.nics[0].ip_configurations[0].public = Some("198.51.100.9".parse().expect("an address"));
    expect(&network, &["203.0.113.7 tcp 22 yes to 198.51.100.9", "203.0.113.7 tcp 22 no to 198.51.100.8"]);
    // *Network security groups overview*: rules are looked at after the public address was translated.
    let public = on_nic(&["100 allow tcp from * port * to 198.51.100.9 port 22"]);
    expect(&public, &["203.0.113.7 tcp 22 no"]);
}

#[test]
fn a_rule_for_another_machine_opens_nothing_here() {
    expect(&on_nic(&["100 allow tcp from * port * to 10.0.1.5 port 22"]), &["203.0.113.7 tcp 22 no"]);
}

#[test]
fn groups_are_their_members() {
    let mut network = on_nic(&[
        "100 deny * from * port * to asg:1 port 443",
        "110 allow tcp from asg:0 port * to asg:1 port 22",
        "120 deny * from * port * to * port *",
    ]);
    network.asgs = vec![ApplicationSecurityGroup::default(), ApplicationSecurityGroup::default()];
    network.nics[0].ip_configurations[0].asgs = vec![Ref::Given(Index::new(1))];
    let mut admin = configuration("10.0.1.9", &Ref::Given(Index::new(0)));
    admin.asgs = vec![Ref::Given(Index::new(0))];
    let nic = nic(&mut network, "nic-admin", Ref::None, vec![admin]);
    machine(&mut network, "admin", vec![nic]);
    expect(&network, &["10.0.1.9 tcp 22 yes", "10.0.1.8 tcp 22 no", "10.0.1.9 tcp 443 no"]);
}

#[test]
fn protocols_without_ports() {
    let icmp = on_nic(&["100 allow icmp from * port * to * port 22"]);
    expect(&icmp, &["203.0.113.7 icmp 0 yes", "203.0.113.7 tcp 22 no", "203.0.113.7 esp 0 no"]);
    // A packet without a port matches no rule about one, so JIT's does not stop it.
    let some = on_nic(&[JIT_FIRST, "1001 allow * from * port * to * port *"]);
    expect(&some, &["203.0.113.7 icmp 0 yes", "203.0.113.7 tcp 22 no", "203.0.113.7 udp 3389 no"]);
    let ah = on_nic(&["100 deny ah from * port * to * port *", "110 allow * from * port * to * port *"]);
    expect(&ah, &["203.0.113.7 ah 0 no", "203.0.113.7 esp 0 yes", "203.0.113.7 47 0 yes"]);
}

#[test]
fn what_was_not_given_makes_it_maybe() {
    let mut network = one(None, Some(&["100 allow tcp from * port * to * port 22"]));
    network.subnets[0].nsg = missing("/subscriptions/1/nsg");
    expect(&network, &["203.0.113.7 tcp 22 maybe", "203.0.113.7 tcp 443 no"]);
    let mut network = on_nic(&["100 allow tcp from * port * to * port 22"]);
    network.machines[0].nics.push(missing("/subscriptions/1/nic"));
    expect(&network, &["203.0.113.7 tcp 22 yes", "203.0.113.7 tcp 443 maybe"]);
}

#[test]
fn outbound_rules_are_of_no_account() {
    let mut network =
        on_nic(&["100 deny * from * port * to * port *", "110 allow tcp from * port * to * port 22"]);
    network.nsgs[0].rules[0].direction = Direction::Outbound;
    expect(&network, &["203.0.113.7 tcp 22 yes"]);
}

#[test]
fn nothing_in_a_list_matches_nothing() {
    let network = on_nic(&[
        "100 deny tcp from - port * to * port 22",
        "110 allow tcp from * port * to * port 22",
        "120 allow tcp from * port * to * port -",
    ]);
    expect(&network, &["203.0.113.7 tcp 22 yes", "203.0.113.7 tcp 443 no"]);
}

#[test]
fn security_groups_only_add() {
    let mut network = Network::default();
    let group = |from: &str| {
        let peers = vec![Peer::Net(from.parse().expect("a prefix"))];
        let protocol = build::protocol("tcp");
        let ports = Value::Known(PortRange::one(22));
        let ingress = vec![Permission { protocol, ports, peers, place: Place::default() }];
        SecurityGroup { id: format!("sg-{from}"), ingress, ..SecurityGroup::default() }
    };
    network.security_groups = vec![group("203.0.113.7/32"), group("203.0.113.8/32")];
    let nic = nic(&mut network, "eni", Ref::None, vec![configuration("10.0.1.4", &Ref::None)]);
    machine(&mut network, "i-1", vec![nic]);
    network.machines[0].cloud = Cloud::Ec2;
    // Without a group nothing comes in.
    expect(&network, &["203.0.113.7 tcp 22 no"]);
    network.nics[0].security_groups = vec![Ref::Given(Index::new(0)), Ref::Given(Index::new(1))];
    expect(&network, &["203.0.113.7 tcp 22 yes", "203.0.113.8 tcp 22 yes", "203.0.113.9 tcp 22 no"]);
    // What is not known can only open more.
    network.nics[0].security_groups.push(missing("sg-gone"));
    expect(&network, &["203.0.113.7 tcp 22 yes", "203.0.113.9 tcp 22 maybe"]);
}
