//! The engine: what single packets meet, and that the exact traffic says the same.

use crate::network_engine_support::{address, ip, machine, nic, nsg, one, rules, subnet, tcp};
use jitgate_core::network::{
    Address, Engine, Flow, Index, Missing, Network, NotFound, Place, PortRange, Reachable, Ref, Stage, Value,
};
use jitgate_core::sets::{Addresses, Packet, Ports, Protocols, Region, Traffic};

/// The answer, and the names of the rules that decide.
fn ask(engine: &Engine, flow: &Flow) -> (Reachable, Vec<String>) {
    let answer = engine.reach(flow);
    let name = |decider: &_| engine.describe(decider).rule.unwrap_or_default().to_owned();
    agree(engine, flow, answer.reachable);
    (answer.reachable, answer.decided_by.iter().map(name).collect())
}

/// The exact traffic says of a flow's packet, to each address of the machine, what was answered.
fn agree(engine: &Engine, flow: &Flow, reachable: Reachable) {
    let traffic = engine.effective(flow.machine);
    let private = ["10.0.0.4", "10.0.0.5", "fd00::4"].map(ip);
    let packets = private.into_iter().filter(|to| to.is_ipv4() == flow.from.is_ipv4()).map(|to| {
        let port = |port| if matches!(flow.protocol, 6 | 17) { port } else { 0 };
        Packet {
            protocol: flow.protocol,
            source: flow.from,
            source_port: port(flow.source_port.unwrap_or(50000)),
            destination: flow.to.unwrap_or(to),
            destination_port: port(flow.port),
        }
    });
    let packets: Vec<_> = packets.collect();
    let surely = packets.iter().any(|packet| traffic.surely.contains(packet));
    let may = packets.iter().any(|packet| traffic.may.contains(packet));
    assert_eq!((surely, may), (reachable == Reachable::Yes, reachable != Reachable::No), "{flow:?}");
}

#[test]
fn traps() {
    let yes = |rules: &[&str], from, port, by: &str| {
        assert_eq!(
            ask(&one(rules), &tcp(from, port)),
            (Reachable::Yes, vec![by.to_owned()]),
            "{rules:?} {from}"
        );
    };
    let no = |rules: &[&str], from, port, by: &str| {
        assert_eq!(
            ask(&one(rules), &tcp(from, port)),
            (Reachable::No, vec![by.to_owned()]),
            "{rules:?} {from}"
        );
    };
    let jit = ["300 allow tcp 22 from 203.0.113.0/24", "4096 deny tcp 22,3389 from *"];
    // One address inside an allowed block, the block's ends, and the addresses beside them.
    for from in ["203.0.113.0", "203.0.113.7", "203.0.113.255"] {
        yes(&jit, from, 22, "rule-300");
    }
    for from in ["203.0.112.255", "203.0.114.0"] {
        no(&jit, from, 22, "rule-4096");
    }
    // An allow below the deny in number goes before it, and one above comes too late, even from inside.
    no(&jit, "10.0.0.9", 3389, "rule-4096");
    yes(
        &["4096 allow tcp 22 from 203.0.113.7", "4095 allow tcp 22 from 203.0.113.0/24"],
        "203.0.113.7",
        22,
        "rule-4095",
    );
    // A hole in a wider block.
    let hole = ["100 deny tcp 22 from 203.0.113.7", "200 allow tcp 20-25 from 203.0.112.0/23"];
    no(&hole, "203.0.113.7", 22, "rule-100");
    yes(&hole, "203.0.113.6", 22, "rule-200");
    yes(&hole, "203.0.113.7", 20, "rule-200");
    yes(&hole, "203.0.112.0", 25, "rule-200");
    no(&hole, "203.0.112.0", 26, "rule-65500");
    no(&hole, "203.0.112.0", 19, "rule-65500");
    // `*` is of both families, `0.0.0.0/0` of one.
    yes(&["100 allow tcp 22 from *"], "2001:db8::1", 22, "rule-100");
    no(&["100 allow tcp 22 from 0.0.0.0/0"], "2001:db8::1", 22, "rule-65500");
    yes(&["100 allow tcp 22 from 0.0.0.0/0"], "198.51.100.1", 22, "rule-100");
    yes(&["100 allow tcp 22 from 2001:db8::/32"], "2001:db8::1", 22, "rule-100");
    // Tags.
    yes(&[], "10.0.255.255", 22, "rule-65000");
    yes(&[], "fd00::9", 22, "rule-65000");
    yes(&[], "168.63.129.16", 22, "rule-65000");
    no(&["100 deny * * from AzureLoadBalancer"], "168.63.129.16", 22, "rule-100");
    no(&[], "10.1.0.0", 22, "rule-65500");
    yes(&["100 allow tcp 22 from internet"], "198.51.100.1", 22, "rule-100");
    yes(&["100 allow tcp 22 from Internet"], "10.0.0.9", 22, "rule-65000");
    // The destination is the private address, and another one does not count.
    yes(&["100 allow tcp 22 from * to 10.0.0.4"], "198.51.100.1", 22, "rule-100");
    no(&["100 allow tcp 22 from * to 10.0.0.5"], "198.51.100.1", 22, "rule-65500");
    // Protocols.
    no(&["100 allow udp 22 from *"], "198.51.100.1", 22, "rule-65500");
    yes(&["100 allow * 22 from *"], "198.51.100.1", 22, "rule-100");
}

#[test]
fn portless_protocols() {
    let ask = |rule: &str, protocol, from| {
        ask(&one(&[rule]), &Flow { protocol, from: ip(from), ..tcp(from, 22) }).0
    };
    assert_eq!(ask("100 allow icmp 7 from *", 1, "198.51.100.1"), Reachable::Yes);
    assert_eq!(ask("100 allow icmp 7 from *", 58, "2001:db8::1"), Reachable::Yes);
    assert_eq!(ask("100 allow icmp 7 from *", 58, "198.51.100.1"), Reachable::No);
    assert_eq!(ask("100 allow 50 7 from *", 50, "198.51.100.1"), Reachable::Yes);
    assert_eq!(ask("100 allow 50 7 from *", 51, "198.51.100.1"), Reachable::No);
    assert_eq!(ask("100 allow * 22 from *", 1, "198.51.100.1"), Reachable::No);
    assert_eq!(ask("100 allow * 0-22 from *", 1, "198.51.100.1"), Reachable::Yes);
}

#[test]
fn source_ports() {
    let with = |first, last| {
        let mut rules = rules(&["100 allow tcp 22 from *"]);
        rules[0].source_ports = vec![Value::Known(PortRange::new(first, last).expect("a range"))];
        one(&[]).with_rules(Index::new(0), rules)
    };
    let from = |source_port| Flow { source_port, ..tcp("198.51.100.1", 22) };
    assert_eq!(with(100, 200).reach(&from(None)).reachable, Reachable::No);
    assert_eq!(with(100, 49152).reach(&from(None)).reachable, Reachable::Yes);
    assert_eq!(with(60000, 60001).reach(&from(None)).reachable, Reachable::Yes);
    assert_eq!(with(60000, 60001).reach(&from(Some(59999))).reachable, Reachable::No);
    assert_eq!(with(60000, 60001).reach(&from(Some(60001))).reachable, Reachable::Yes);
}

#[test]
fn both_stages_and_two_nics() {
    let mut network = Network::default();
    let on_subnet = nsg(&mut network, "subnet", &["100 allow tcp 22-23 from *"]);
    let on_nic = nsg(&mut network, "nic", &["100 allow tcp 22 from *"]);
    let subnet = subnet(&mut network, on_subnet);
    let first = nic(&mut network, &["10.0.0.4"], &subnet, on_nic);
    let second = nic(&mut network, &["10.0.0.5"], &subnet, Ref::None);
    machine(&mut network, "vm", vec![first, second]);
    let engine = Engine::new(network);
    let stages = |flow| {
        let answer = engine.reach(&flow);
        agree(&engine, &flow, answer.reachable);
        (answer.reachable, answer.decided_by.iter().map(|decider| decider.stage).collect::<Vec<_>>())
    };
    let flow = tcp("198.51.100.1", 22);
    let (first, second) = (Some(ip("10.0.0.4")), Some(ip("10.0.0.5")));
    assert_eq!(stages(flow), (Reachable::Yes, vec![Stage::SubnetNsg, Stage::NicNsg]));
    assert_eq!(stages(Flow { port: 23, ..flow }), (Reachable::Yes, vec![Stage::SubnetNsg]));
    assert_eq!(
        stages(Flow { port: 23, to: first, ..flow }),
        (Reachable::No, vec![Stage::SubnetNsg, Stage::NicNsg])
    );
    assert_eq!(stages(Flow { port: 23, to: second, ..flow }), (Reachable::Yes, vec![Stage::SubnetNsg]));
    assert_eq!(stages(Flow { port: 24, ..flow }), (Reachable::No, vec![Stage::SubnetNsg]));
    assert_eq!(
        engine.reach(&Flow { to: Some(ip("10.0.0.6")), ..flow }).decided_by[0].stage,
        Stage::NoAddress
    );
    assert_eq!(engine.reach(&tcp("2001:db8::1", 22)).decided_by[0].stage, Stage::NoAddress);

    let open = engine.effective(Index::new(0));
    let ssh = Traffic::from(Region { destinations: Addresses::from(ip("10.0.0.4")), ..Region::all() });
    let parts = engine.let_in(Index::new(0), &ssh);
    let joined: Traffic = parts.iter().map(|(_, part)| part.clone()).collect();
    assert_eq!(joined, open.may.intersection(&ssh));
    assert!(parts.iter().all(|(answer, _)| answer.decided_by.len() == 2));
}

#[test]
fn what_was_not_given_is_named() {
    let unknown = ["100 allow tcp 22 from Storage.WestEurope", "200 deny tcp 22 from *"];
    let engine = one(&unknown);
    let answer = engine.reach(&tcp("198.51.100.1", 22));
    assert_eq!(answer.reachable, Reachable::Maybe);
    assert_eq!(engine.describe(&answer.decided_by[0]).unknown, ["Storage.WestEurope"]);
    assert_eq!(ask(&engine, &tcp("198.51.100.1", 22)).1, ["rule-100"]);
    // With the file of tags it is known, whatever the case.
    let mut network = engine.network().clone();
    network.tags.push(("storage.westeurope".into(), vec!["198.51.100.0/24".parse().expect("a block")]));
    let known = Engine::new(network);
    assert_eq!(known.reach(&tcp("198.51.100.1", 22)).reachable, Reachable::Yes);
    assert_eq!(known.reach(&tcp("198.51.101.1", 22)).reachable, Reachable::No);
    // A deny that may match takes away what is sure, and no more.
    let deny = one(&["100 deny tcp 22 from AzureCloud", "200 allow tcp 22 from *"]);
    assert_eq!(ask(&deny, &tcp("198.51.100.1", 22)), (Reachable::Maybe, vec!["rule-100".to_owned()]));

    let missing = |id: &str| Missing { id: id.into(), place: Place::default() };
    let mut network = Network::default();
    let of_subnet = Ref::Missing(missing("/nsgs/subnet"));
    let subnet = subnet(&mut network, of_subnet);
    let inside = nsg(&mut network, "nic", &[]);
    let interface = nic(&mut network, &["10.0.0.4"], &subnet, inside);
    machine(&mut network, "vm", vec![interface]);
    machine(&mut network, "other", vec![Ref::Missing(missing("/nics/other"))]);
    let engine = Engine::new(network);
    let named = |flow: &Flow| {
        let answer = engine.reach(flow);
        let ids: Vec<_> =
            answer.decided_by.iter().map(|decider| engine.describe(decider).id.to_owned()).collect();
        (answer.reachable, ids.concat())
    };
    assert_eq!(named(&tcp("10.0.0.9", 22)), (Reachable::Maybe, "/nsgs/subnet/nsgs/nic".into()));
    assert_eq!(named(&tcp("198.51.100.1", 22)), (Reachable::No, "/nsgs/subnet/nsgs/nic".into()));
    let other = Flow { machine: Index::new(1), ..tcp("198.51.100.1", 22) };
    assert!(named(&other).1.ends_with("/nics/other"));
    assert_eq!(named(&other).0, Reachable::Maybe);
    assert!(engine.effective(Index::new(1)).surely.is_empty());
}

#[test]
fn rules_out_of_order_and_twice() {
    // Of two rules with one priority it is not known which one decides.
    let clash = one(&["100 allow tcp 22 from *", "100 deny tcp 22 from 203.0.113.0/24"]);
    assert_eq!(ask(&clash, &tcp("203.0.113.7", 22)).0, Reachable::Maybe);
    assert_eq!(ask(&clash, &tcp("203.0.114.7", 22)).0, Reachable::Yes);
    let backwards = one(&["300 deny tcp 22 from *", "200 allow tcp 22 from 203.0.113.0/24"]);
    assert_eq!(ask(&backwards, &tcp("203.0.113.7", 22)).0, Reachable::Yes);
    // A list without elements matches nothing.
    let mut empty = rules(&["100 allow tcp 22 from *"]);
    empty[0].sources.clear();
    assert_eq!(
        one(&[]).with_rules(Index::new(0), empty).reach(&tcp("203.0.113.7", 22)).reachable,
        Reachable::No
    );
}

#[test]
fn one_port_alone_is_a_part_of_the_whole() {
    let lists: [&[&str]; 5] = [
        &[],
        &[
            "100 deny tcp 22 from 203.0.113.7",
            "200 allow tcp 20-25 from 203.0.112.0/23",
            "300 allow * * from 2001:db8::/32",
        ],
        &["100 deny * * from *"],
        &["100 deny tcp 22 from AzureCloud", "200 allow tcp 22 from *"],
        &["100 allow icmp 9 from 203.0.113.0/24", "200 allow * 0 from *"],
    ];
    for list in lists {
        for (protocol, port) in [(6, 22), (6, 25), (17, 22), (1, 0), (58, 0)] {
            // Asked before and after the whole was worked out, which are two ways to find it.
            let engine = one(list);
            let before = engine.exposure(Index::new(0), protocol, port);
            let whole = engine.effective(Index::new(0));
            let part = Traffic::from(Region {
                protocols: Protocols::one(protocol),
                destination_ports: Ports::one(port),
                ..Region::all()
            });
            assert_eq!(before.may, whole.may.intersection(&part), "{list:?} {protocol} {port}");
            assert_eq!(before.surely, whole.surely.intersection(&part), "{list:?} {protocol} {port}");
            assert_eq!(engine.exposure(Index::new(0), protocol, port), before, "{list:?} {protocol} {port}");
        }
    }
}

#[test]
fn changed_rules_touch_nothing_else() {
    let before = one(&["100 allow tcp 22 from *"]);
    let after = before.with_rules(Index::new(0), rules(&["100 deny tcp 22 from *"]));
    assert_eq!(before.reach(&tcp("203.0.113.7", 22)).reachable, Reachable::Yes);
    assert_eq!(after.reach(&tcp("203.0.113.7", 22)).reachable, Reachable::No);
    let back = after.with_rules(Index::new(0), before.rules(Index::new(0)).to_vec());
    assert_eq!(back.effective(Index::new(0)), before.effective(Index::new(0)));
}

#[test]
fn an_unknown_address_counts_as_any_of_its_subnet() {
    let mut network = Network::default();
    let rules = ["100 allow tcp 22 from 203.0.113.0/24", "110 allow tcp 23 from 203.0.113.0/24 to 10.0.0.4"];
    let on_nic = nsg(&mut network, "nsg", &rules);
    let subnet = subnet(&mut network, Ref::None);
    network.subnets[0].prefixes.truncate(1);
    let nic = nic(&mut network, &["10.0.0.4"], &subnet, on_nic);
    network.nics[0].ip_configurations[0].private = None;
    machine(&mut network, "vm", vec![nic]);
    let engine = Engine::new(network);
    assert_eq!(engine.reach(&tcp("203.0.113.7", 22)).reachable, Reachable::Yes);
    assert_eq!(engine.reach(&tcp("203.0.113.7", 23)).reachable, Reachable::Maybe);
    assert_eq!(engine.reach(&tcp("203.0.113.7", 24)).reachable, Reachable::No);
}

#[test]
fn machines_by_id_name_and_address() {
    let mut network = Network::default();
    for name in ["web", "db", "web"] {
        machine(&mut network, name, Vec::new());
    }
    network.machines[2].id = "/subscriptions/s/resourceGroups/other/web".into();
    network.machines[1].name = "Database".into();
    let subnet = subnet(&mut network, Ref::None);
    let nic = nic(&mut network, &["10.0.0.4"], &subnet, Ref::None);
    network.machines[1].nics.push(nic);
    let engine = Engine::new(network);
    assert_eq!(engine.find("WEB"), Err(NotFound::Ambiguous));
    assert_eq!(engine.find("database"), Ok(Index::new(1)));
    assert_eq!(engine.find("DB"), Ok(Index::new(1)));
    assert_eq!(engine.find("/SUBSCRIPTIONS/s/resourcegroups/other/web"), Ok(Index::new(2)));
    assert_eq!(engine.find("mail"), Err(NotFound::Unknown));
    assert_eq!(engine.machines_at(ip("10.0.0.4")), [Index::new(1)]);
    assert!(matches!(address("Storage"), Address::Tag(_)));
}
