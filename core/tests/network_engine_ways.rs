//! The engine: the ways through Azure Firewalls, EC2 security groups, what a virtual network is, and which
//! machines just-in-time access is for.

use crate::network_engine_support as support;
use crate::network_engine_support::{address, ip, machine, nic, nsg, subnet, tcp};
use jitgate_core::network::engine::Reason;
use jitgate_core::network::{
    Access, Address, AzureFirewall, Class, Cloud, Engine, Flow, Index, Missing, NatRule, Network,
    NetworkRule, Peer, Peering, Permission, Place, PortRange, PublicIpAddress, Reachable, Ref, Resource,
    Route, RouteTable, RuleCollection, RuleProtocol, SecurityGroup, Sku, Stage, Unsupported, Value,
    VirtualNetwork,
};
use jitgate_core::sets::{Packet, Traffic};

const FRONT: &str = "192.0.2.1";

/// 10.0.0.4 behind an NSG, and a firewall that hands port 2222 on to its port 22.
fn behind_firewall(rules: &[&str]) -> Network {
    let mut network = Network::default();
    let on_nic = nsg(&mut network, "nsg", rules);
    let subnet = subnet(&mut network, Ref::None);
    let nic = nic(&mut network, &["10.0.0.4"], &subnet, on_nic);
    machine(&mut network, "vm", vec![nic]);
    let mut of_firewall = network.subnets[0].clone();
    of_firewall.prefixes = vec!["10.0.9.0/26".parse().expect("a block")];
    network.subnets.push(of_firewall);
    network.firewalls.push(AzureFirewall {
        name: "firewall".into(),
        subnet: Ref::Given(Index::new(1)),
        public: vec![ip(FRONT)],
        nat: vec![collection(100, Access::Allow, vec![nat("203.0.113.0/24", 2222, 22)])],
        ..AzureFirewall::default()
    });
    network
}

fn collection<R>(priority: u32, access: Access, rules: Vec<R>) -> RuleCollection<R> {
    let (name, place) = (format!("collection-{priority}"), Place::default());
    RuleCollection { name, priority, access: Value::Known(access), rules, place }
}

fn nat(from: &str, port: u16, translated: u16) -> NatRule {
    NatRule {
        name: format!("nat-{port}"),
        protocols: vec![Value::Known(RuleProtocol::Number(6))],
        sources: vec![address(from)],
        destinations: vec![address(FRONT)],
        destination_ports: vec![Value::Known(PortRange::one(port))],
        translated_address: Value::Known(ip("10.0.0.4")),
        translated_port: Value::Known(translated),
        place: Place::default(),
    }
}

/// The answer with its stages; the exact traffic must agree with it for what comes to the firewall.
fn through(network: &Network, from: &str, port: u16) -> (Reachable, Vec<Stage>) {
    let engine = Engine::new(network.clone());
    let flow = Flow { to: Some(ip(FRONT)), ..tcp(from, port) };
    let answer = engine.reach(&flow);
    let traffic = engine.effective(Index::new(0));
    let packet = Packet {
        protocol: 6,
        source: ip(from),
        source_port: 50000,
        destination: ip(FRONT),
        destination_port: port,
    };
    let bounds = (traffic.surely.contains(&packet), traffic.may.contains(&packet));
    assert_eq!(
        bounds,
        (answer.reachable == Reachable::Yes, answer.reachable != Reachable::No),
        "{from} {port}"
    );
    let exposed = engine.exposure(Index::new(0), 6, 22);
    assert_eq!(exposed.may.contains(&packet), answer.reachable != Reachable::No, "{from} {port}");
    (answer.reachable, answer.decided_by.iter().map(|decider| decider.stage).collect())
}

#[test]
fn a_firewall_hands_on() {
    let open = behind_firewall(&[]);
    // Behind the firewall the source is one of its own, which the NSG's default rules let in.
    assert_eq!(through(&open, "203.0.113.7", 2222), (Reachable::Yes, vec![Stage::Firewall, Stage::NicNsg]));
    assert_eq!(through(&open, "203.0.114.7", 2222).0, Reachable::No);
    assert_eq!(through(&open, "203.0.113.7", 22).0, Reachable::No);
    let engine = Engine::new(open.clone());
    let anyhow = engine.reach(&tcp("203.0.113.7", 22));
    assert_eq!((anyhow.reachable, anyhow.decided_by[0].stage), (Reachable::Yes, Stage::Firewall));
    assert_eq!(engine.describe(&anyhow.decided_by[0]).rule, Some("nat-2222"));
    assert_eq!(engine.reach(&tcp("203.0.113.7", 2222)).reachable, Reachable::No);
    let shut = engine.with_nat(Index::new(0), Vec::new());
    assert_eq!(shut.reach(&tcp("203.0.113.7", 22)).reachable, Reachable::No);

    // What the NSG says of the client's own address is of no account.
    let closed =
        behind_firewall(&["100 deny tcp 22 from 10.0.9.0/26", "200 allow tcp 22 from 203.0.113.0/24"]);
    assert_eq!(through(&closed, "203.0.113.7", 2222), (Reachable::No, vec![Stage::Firewall, Stage::NicNsg]));
    // Which of the firewall's addresses it will be is not known.
    let partly = behind_firewall(&["100 deny tcp 22 from 10.0.9.0/27"]);
    assert_eq!(through(&partly, "203.0.113.7", 2222).0, Reachable::Maybe);
}

#[test]
fn a_firewalls_rules_in_their_order() {
    let denied = |access: &[(u32, Access)]| {
        let mut network = behind_firewall(&[]);
        let rule = NetworkRule {
            name: "network".into(),
            protocols: vec![Value::Known(RuleProtocol::Any)],
            sources: vec![address("203.0.113.128/25")],
            destinations: vec![address("10.0.0.0/24")],
            destination_ports: vec![Value::Known(PortRange::one(22))],
            place: Place::default(),
        };
        let collections =
            access.iter().map(|(priority, access)| collection(*priority, *access, vec![rule.clone()]));
        network.firewalls[0].network = collections.collect();
        network
    };
    let deny = denied(&[(200, Access::Deny)]);
    assert_eq!(through(&deny, "203.0.113.127", 2222).0, Reachable::Yes);
    assert_eq!(through(&deny, "203.0.113.128", 2222).0, Reachable::No);
    assert!(through(&deny, "203.0.113.128", 2222).1.contains(&Stage::FirewallNetwork));
    assert_eq!(
        through(&denied(&[(200, Access::Deny), (100, Access::Allow)]), "203.0.113.128", 2222).0,
        Reachable::Yes
    );

    // The first rule that takes a packet keeps it, wherever it leads.
    let mut shadowed = behind_firewall(&[]);
    let elsewhere =
        NatRule { translated_address: Value::Known(ip("10.0.0.77")), ..nat("203.0.113.7", 2222, 22) };
    shadowed.firewalls[0].nat.push(collection(50, Access::Allow, vec![elsewhere]));
    assert_eq!(through(&shadowed, "203.0.113.7", 2222).0, Reachable::No);
    assert_eq!(through(&shadowed, "203.0.113.8", 2222).0, Reachable::Yes);

    let mut managed = behind_firewall(&[]);
    managed.firewalls[0].managed = true;
    assert_eq!(through(&managed, "203.0.113.7", 2222).0, Reachable::Maybe);
}

#[test]
fn security_groups_together() {
    let permission = |port, peers| Permission {
        protocol: Value::Known(RuleProtocol::Number(6)),
        ports: Value::Known(PortRange::one(port)),
        peers,
        place: Place::default(),
    };
    let mut network = Network::default();
    let net = |net: &str| Peer::Net(net.parse().expect("a block"));
    let group = |ingress| SecurityGroup { id: "sg-1".into(), ingress, ..SecurityGroup::default() };
    network.security_groups.push(group(vec![permission(22, vec![net("203.0.113.0/24")])]));
    network.security_groups.push(SecurityGroup {
        id: "sg-2".into(),
        ..group(vec![permission(443, vec![Peer::Group(Ref::Given(Index::new(0)))])])
    });
    for _ in 0..2 {
        nic(&mut network, &["10.0.0.4"], &Ref::None, Ref::None);
    }
    network.nics[1].ip_configurations[0].private = Some(ip("10.0.0.5"));
    network.nics[0].security_groups = vec![Ref::Given(Index::new(0)), Ref::Given(Index::new(1))];
    for at in 0..2 {
        machine(&mut network, "instance", vec![Ref::Given(Index::new(at))]);
        network.machines[at].cloud = Cloud::Ec2;
    }
    let engine = Engine::new(network.clone());
    let reach = |from, port| engine.reach(&tcp(from, port));
    assert_eq!(reach("203.0.113.7", 22).reachable, Reachable::Yes);
    assert_eq!(reach("203.0.113.7", 22).decided_by[0].stage, Stage::SecurityGroup);
    assert_eq!(reach("203.0.113.7", 443).reachable, Reachable::No);
    assert_eq!(reach("10.0.0.4", 443).reachable, Reachable::Yes);
    assert_eq!(reach("10.0.0.5", 443).reachable, Reachable::No);
    // No group, no way in.
    let other = Flow { machine: Index::new(1), ..tcp("203.0.113.7", 22) };
    assert_eq!(engine.reach(&other).reachable, Reachable::No);
    assert!(engine.effective(Index::new(1)).may.is_empty());
    assert_eq!(engine.classify(Index::new(1), false), Class::Unsupported(Reason::NoSecurityGroup));
    assert_eq!(engine.classify(Index::new(0), false), Class::NotConfigured);
    // What is sure stays sure beside what is not known.
    let missing = Missing { id: "sg-3".into(), place: Place::default() };
    network.nics[0].security_groups.insert(0, Ref::Missing(missing));
    let engine = Engine::new(network);
    assert_eq!(engine.reach(&tcp("203.0.113.7", 22)).reachable, Reachable::Yes);
    let unsure = engine.reach(&tcp("203.0.113.7", 23));
    assert_eq!((unsure.reachable, unsure.decided_by[0].stage), (Reachable::Maybe, Stage::NotGiven));
    assert_eq!(engine.describe(&unsure.decided_by[0]).id, "sg-3");
    let revoked = engine.with_permissions(Index::new(0), Vec::new());
    assert_eq!(revoked.reach(&tcp("203.0.113.7", 22)).reachable, Reachable::Maybe);
}

#[test]
fn what_a_virtual_network_is() {
    let with = |change: &dyn Fn(&mut Network)| {
        let mut network = support::one(&[]).network().clone();
        change(&mut network);
        let engine = Engine::new(network);
        move |from| engine.reach(&tcp(from, 22)).reachable
    };
    assert_eq!(with(&|_| {})("10.7.0.1"), Reachable::No);
    let peering = |connected| Peering {
        connected,
        prefixes: vec!["10.7.0.0/16".parse().expect("a block")],
        ..Peering::default()
    };
    let peer = with(&|network| network.vnets[0].peerings.push(peering(true)));
    assert_eq!((peer("10.7.0.1"), peer("10.8.0.1")), (Reachable::Yes, Reachable::No));
    assert_eq!(with(&|network| network.vnets[0].peerings.push(peering(false)))("10.7.0.1"), Reachable::No);
    let routed = with(&|network| {
        let (prefix, next_hop_type) = ("10.7.0.0/16".parse().expect("a block"), "VirtualAppliance".into());
        let routes = vec![Route { prefix, next_hop: None, next_hop_type }];
        network.route_tables.push(RouteTable { routes, ..RouteTable::default() });
        network.subnets[0].route_table = Ref::Given(Index::new(0));
    });
    assert_eq!((routed("10.7.0.1"), routed("10.8.0.1")), (Reachable::Yes, Reachable::No));
    // Networks behind a gateway are not in the export.
    let gateway = with(&|network| network.subnets[0].name = "gatewaysubnet".into());
    assert_eq!((gateway("10.0.9.9"), gateway("10.8.0.1")), (Reachable::Yes, Reachable::Maybe));
    let lent = with(&|network| {
        network.vnets[0].peerings.push(Peering { uses_remote_gateways: true, ..peering(true) });
    });
    assert_eq!((lent("10.7.0.1"), lent("10.8.0.1")), (Reachable::Yes, Reachable::Maybe));
}

#[test]
fn one_nsg_in_two_virtual_networks() {
    let mut network = support::one(&[]).network().clone();
    network.vnets.push(VirtualNetwork {
        prefixes: vec!["10.0.0.0/8".parse().expect("a block")],
        ..VirtualNetwork::default()
    });
    let mut other = network.subnets[0].clone();
    other.vnet = Ref::Given(Index::new(1));
    network.subnets.push(other);
    let nsg = network.nics[0].nsg.clone();
    let interface = nic(&mut network, &["10.0.0.5"], &Ref::Given(Index::new(1)), nsg);
    machine(&mut network, "other", vec![interface]);
    let engine = Engine::new(network);
    assert_eq!(engine.reach(&tcp("10.9.0.1", 22)).reachable, Reachable::No);
    assert_eq!(
        engine.reach(&Flow { machine: Index::new(1), ..tcp("10.9.0.1", 22) }).reachable,
        Reachable::Yes
    );
}

#[test]
fn classes() {
    let class =
        |network: &Network, in_policy| Engine::new(network.clone()).classify(Index::new(0), in_policy);
    let mut network = behind_firewall(&[]);
    assert_eq!(class(&network, false), Class::NotConfigured);
    assert_eq!(class(&network, true), Class::Configured);
    network.nics[0].nsg = Ref::None;
    assert_eq!(class(&network, false), Class::NotConfigured);
    network.firewalls[0].managed = true;
    assert_eq!(class(&network, false), Class::Unsupported(Reason::FirewallManager));
    network.firewalls[0].managed = false;
    network.vnets.push(VirtualNetwork::default());
    network.subnets[1].vnet = Ref::Given(Index::new(1));
    assert_eq!(class(&network, false), Class::Unsupported(Reason::NoFilter));
    network.nics[0].ip_configurations[0].subnet =
        Ref::Missing(Missing { id: "subnet".into(), place: Place::default() });
    assert_eq!(class(&network, false), Class::Unsupported(Reason::NotGiven));
    network.machines[0].unsupported = Some(Unsupported::DisabledByPolicy);
    assert_eq!(class(&network, true), Class::Unsupported(Reason::DisabledByPolicy));
    network.machines[0].cloud = Cloud::AzureClassic;
    assert_eq!(class(&network, true), Class::Unsupported(Reason::Classic));
    assert!(matches!(address("Internet"), Address::Tag(_)));
}

#[test]
fn a_firewalls_port_that_leads_nowhere() {
    let network = behind_firewall(&[]);
    let (reachable, stages) = through(&network, "203.0.113.7", 22);
    assert_eq!((reachable, stages.as_slice()), (Reachable::No, &[Stage::Firewall][..]));
    let engine = Engine::new(network);
    let answer = engine.reach(&Flow { to: Some(ip(FRONT)), ..tcp("203.0.113.7", 22) });
    // The firewall has the address, and none of its rules matches.
    assert_eq!(answer.decided_by[0].resource, Resource::Firewall(Index::new(0)));
    assert_eq!(engine.describe(&answer.decided_by[0]).rule, None);
    let nowhere = engine.reach(&Flow { to: Some(ip("192.0.2.77")), ..tcp("203.0.113.7", 22) });
    assert_eq!(nowhere.decided_by[0].stage, Stage::NoAddress);
}

/// *Public IP addresses*: one of the Standard kind is closed until an NSG opens it.
#[test]
fn public_addresses_by_their_kind() {
    let network = |sku, nsg: Option<&[&str]>| {
        let mut network = Network::default();
        let subnet = subnet(&mut network, Ref::None);
        let nsg = nsg.map_or(Ref::None, |rules| self::nsg(&mut network, "nsg", rules));
        let nic = nic(&mut network, &["10.0.0.4"], &subnet, nsg);
        machine(&mut network, "vm", vec![nic]);
        let public = &mut network.nics[0].ip_configurations[0];
        public.public = Some(ip("198.51.100.4"));
        public.public_ip = Ref::Given(Index::new(0));
        network.public_ips.push(PublicIpAddress {
            sku,
            address: public.public,
            ..PublicIpAddress::default()
        });
        network
    };
    let ask = |network: &Network, from: &str| {
        let engine = Engine::new(network.clone());
        let answer = engine.reach(&Flow { source_port: Some(50000), ..tcp(from, 22) });
        let packet = Packet {
            protocol: 6,
            source: ip(from),
            source_port: 50000,
            destination: ip("10.0.0.4"),
            destination_port: 22,
        };
        let traffic = engine.effective(Index::new(0));
        let bounds = (traffic.surely.contains(&packet), traffic.may.contains(&packet));
        assert_eq!(bounds, (answer.reachable == Reachable::Yes, answer.reachable != Reachable::No), "{from}");
        // What lets it in is told apart by that alone.
        let parts = engine.let_in(Index::new(0), &traffic.may);
        let all: Traffic = parts.iter().map(|(_, part)| part.clone()).collect();
        assert_eq!(all, traffic.may);
        (answer.reachable, answer.decided_by[0].stage)
    };
    let (outside, inside) = ("203.0.113.7", "10.0.9.9");
    let standard = network(Sku::Standard, None);
    assert_eq!(ask(&standard, outside), (Reachable::No, Stage::PublicAddress));
    assert_eq!(ask(&standard, inside), (Reachable::Yes, Stage::PublicAddress));
    let basic = network(Sku::Basic, None);
    assert_eq!(ask(&basic, outside), (Reachable::Yes, Stage::NoFilter));
    // Of one whose kind is not told, or that was not given at all, it is not known.
    let mut unknown = network(Sku::Unknown, None);
    for _ in 0..2 {
        assert_eq!(ask(&unknown, outside), (Reachable::Maybe, Stage::PublicAddress));
        assert_eq!(ask(&unknown, inside), (Reachable::Yes, Stage::PublicAddress));
        let missing = Missing { id: "/publicIPAddresses/gone".into(), place: Place::default() };
        unknown.nics[0].ip_configurations[0].public_ip = Ref::Missing(missing);
    }
    // An NSG decides whatever the kind is.
    let rules: &[&str] = &["100 allow tcp 22 from 203.0.113.0/24"];
    for sku in [Sku::Standard, Sku::Basic, Sku::Unknown] {
        assert_eq!(ask(&network(sku, Some(rules)), outside), (Reachable::Yes, Stage::NicNsg));
        assert_eq!(ask(&network(sku, Some(rules)), "192.0.2.1"), (Reachable::No, Stage::NicNsg));
    }
    // What a route or a gateway connects may come by a private way.
    let mut routed = network(Sku::Standard, None);
    routed.vnets[0].peerings.push(Peering {
        connected: true,
        uses_remote_gateways: true,
        ..Peering::default()
    });
    assert_eq!(ask(&routed, outside), (Reachable::Maybe, Stage::PublicAddress));
    // Without a public address nothing from outside comes but by a private way, which nothing filters.
    let mut private = network(Sku::Standard, None);
    private.nics[0].ip_configurations[0].public = None;
    private.nics[0].ip_configurations[0].public_ip = Ref::None;
    assert_eq!(ask(&private, outside), (Reachable::Yes, Stage::NoFilter));
}

/// A permission for some types of ICMP lets in some of it: surely nothing, and maybe all.
#[test]
fn icmp_types_are_bounds() {
    let ask = |ports: Value<PortRange>, protocol| {
        let mut network = Network::default();
        network.security_groups.push(SecurityGroup {
            id: "sg-1".into(),
            ingress: vec![Permission {
                protocol: Value::Known(RuleProtocol::Number(protocol)),
                ports,
                peers: vec![Peer::Net("203.0.113.0/24".parse().expect("a block"))],
                place: Place::default(),
            }],
            ..SecurityGroup::default()
        });
        nic(&mut network, &["10.0.0.4"], &Ref::None, Ref::None);
        network.nics[0].security_groups = vec![Ref::Given(Index::new(0))];
        machine(&mut network, "instance", vec![Ref::Given(Index::new(0))]);
        network.machines[0].cloud = Cloud::Ec2;
        let engine = Engine::new(network);
        let answer = engine.reach(&Flow { protocol, ..tcp("203.0.113.7", 0) });
        let traffic = engine.effective(Index::new(0));
        assert_eq!(traffic.surely.is_empty(), answer.reachable != Reachable::Yes);
        assert!(!traffic.may.is_empty());
        (answer.reachable, engine.describe(&answer.decided_by[0]).unknown)
    };
    let echo = || Value::Unknown("ICMP type 8".to_owned());
    assert_eq!(ask(echo(), 1), (Reachable::Maybe, vec!["ICMP type 8".to_owned()]));
    assert_eq!(ask(echo(), 47), (Reachable::Maybe, vec!["ICMP type 8".to_owned()]));
    assert_eq!(ask(Value::Known(PortRange::ALL), 1), (Reachable::Yes, Vec::new()));
}
