//! How fast the network engine is, at three sizes each: `cargo bench -p jitgate-core --bench network`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a measurement, of networks that it makes itself"
)]

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use ipnet::IpNet;
use jitgate_core::network::{
    Access, Address, ApplicationSecurityGroup, Direction, Engine, Flow, Index, IpConfiguration, Network,
    NetworkInterface, NetworkSecurityGroup, Place, PortRange, Ref, RuleProtocol, SecurityRule, Subnet, Value,
    VirtualMachine, VirtualNetwork,
};

/// Numbers that look random and are the same in each run (splitmix64, by Sebastiano Vigna).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end)).expect("it is below")
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(u32::try_from(of.len()).expect("few"))).expect("few")]
    }
}

fn net(random: &mut Random) -> IpNet {
    let length = u8::try_from(16 + random.below(17)).expect("at most 32");
    let address = Ipv4Addr::from_bits(random.below(u32::MAX));
    IpNet::new(address.into(), length).expect("a length").trunc()
}

/// A rule as people write them: mostly one port and one to three blocks.
fn rule(random: &mut Random, priority: u32) -> SecurityRule {
    let sources = match random.below(20) {
        0 => vec![Address::Any],
        1 => vec![Address::Tag(random.pick(&["VirtualNetwork", "Internet", "AzureLoadBalancer"]).into())],
        2 => vec![Address::Group(Ref::Given(Index::new(0)))],
        _ => (0..=random.below(3)).map(|_| Address::Net(net(random))).collect(),
    };
    let destinations = match random.below(4) {
        0 => vec![Address::Net(IpNet::from(machine_address(random.below(16))))],
        _ => vec![Address::Any],
    };
    let port = random.pick(&[22, 80, 443, 1433, 3306, 3389, 5432, 5985, 5986, 8080, 8443]);
    let ports = match random.below(10) {
        0 => PortRange::ALL,
        1 => PortRange::new(port, port.saturating_add(100)).expect("a range"),
        2 => PortRange::one(u16::try_from(random.below(65536)).expect("a port")),
        _ => PortRange::one(port),
    };
    SecurityRule {
        name: format!("rule-{priority}"),
        description: String::new(),
        priority,
        direction: Direction::Inbound,
        access: Value::Known(if random.below(5) == 0 { Access::Deny } else { Access::Allow }),
        protocol: Value::Known(random.pick(&[
            RuleProtocol::Number(6),
            RuleProtocol::Number(6),
            RuleProtocol::Number(6),
            RuleProtocol::Number(17),
            RuleProtocol::Any,
        ])),
        sources,
        source_ports: vec![Value::Known(PortRange::ALL)],
        destinations,
        destination_ports: vec![Value::Known(ports)],
        default: false,
        stand_in: false,
        perhaps: None,
        place: Place::default(),
    }
}

fn rules(random: &mut Random, count: u32) -> Vec<SecurityRule> {
    let mut rules: Vec<_> = (0..count).map(|at| rule(random, 100 + at)).collect();
    let own = |priority, access, source: Address, destination: Address| SecurityRule {
        priority,
        access: Value::Known(access),
        protocol: Value::Known(RuleProtocol::Any),
        sources: vec![source],
        destinations: vec![destination],
        destination_ports: vec![Value::Known(PortRange::ALL)],
        default: true,
        ..rule(&mut Random(1), priority)
    };
    let tag = |tag: &str| Address::Tag(tag.into());
    rules.push(own(65000, Access::Allow, tag("VirtualNetwork"), tag("VirtualNetwork")));
    rules.push(own(65001, Access::Allow, tag("AzureLoadBalancer"), Address::Any));
    rules.push(own(65500, Access::Deny, Address::Any, Address::Any));
    rules
}

fn machine_address(at: u32) -> IpAddr {
    Ipv4Addr::from_bits(0x0a00_0004 + at).into()
}

/// Machines in turn behind NSGs of so many rules, on their NICs.
fn network(machines: u32, nsgs: u32, rule_count: u32) -> Network {
    let mut random = Random(u64::from(machines) + u64::from(rule_count));
    let mut network = Network::default();
    let prefixes = || vec!["10.0.0.0/8".parse().expect("a block")];
    network
        .asgs
        .push(ApplicationSecurityGroup { name: "group".into(), ..ApplicationSecurityGroup::default() });
    network.vnets.push(VirtualNetwork {
        prefixes: prefixes(),
        subnets: vec![Index::new(0)],
        ..VirtualNetwork::default()
    });
    network.subnets.push(Subnet {
        vnet: Ref::Given(Index::new(0)),
        prefixes: prefixes(),
        ..Subnet::default()
    });
    for at in 0..nsgs {
        let rules = rules(&mut random, rule_count);
        network.nsgs.push(NetworkSecurityGroup {
            name: format!("nsg-{at}"),
            rules,
            ..NetworkSecurityGroup::default()
        });
    }
    for at in 0..machines {
        let place = usize::try_from(at).expect("few");
        network.nics.push(NetworkInterface {
            nsg: Ref::Given(Index::new(usize::try_from(at % nsgs).expect("few"))),
            ip_configurations: vec![IpConfiguration {
                private: Some(machine_address(at)),
                subnet: Ref::Given(Index::new(0)),
                asgs: (at % 10 == 0).then_some(Ref::Given(Index::new(0))).into_iter().collect(),
                ..IpConfiguration::default()
            }],
            ..NetworkInterface::default()
        });
        network.machines.push(VirtualMachine {
            id: format!("vm-{at}"),
            nics: vec![Ref::Given(Index::new(place))],
            ..VirtualMachine::default()
        });
    }
    network
}

/// The middle one of several runs.
fn time<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let mut times: Vec<_> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[runs / 2]
}

fn main() {
    for count in [10, 100, 1000] {
        let given = network(16, 1, count);
        let machine = Index::new(0);
        let runs = if count == 1000 { 20 } else { 100 };
        let first = time(runs, || Engine::new(given.clone()).effective(machine));
        let loading = time(runs, || Engine::new(given.clone()));
        let engine = Engine::new(given.clone());
        let before = engine.effective(machine);
        let again = time(runs, || engine.effective(machine));
        let mut changed = engine.rules(Index::new(0)).to_vec();
        let at = changed.len() / 2;
        changed[at] = rule(&mut Random(7), changed[at].priority);
        let after = engine.with_rules(Index::new(0), changed).effective(machine);
        let difference =
            time(runs, || (after.may.difference(&before.may), before.may.difference(&after.may)));
        println!(
            "{count} rules: load {loading:?}, with effective traffic {first:?}, effective traffic again {again:?}, \
             difference of two {difference:?}"
        );

        let mut random = Random(3);
        let flows: Vec<_> = (0..10_000)
            .map(|_| Flow {
                machine: Index::new(usize::try_from(random.below(16)).expect("few")),
                from: net(&mut random).addr(),
                port: random.pick(&[22, 80, 443, 3389, 9000]),
                protocol: random.pick(&[6, 6, 17]),
                source_port: None,
                to: None,
            })
            .collect();
        let all = time(20, || flows.iter().map(|flow| engine.reach(flow).decided_by.len()).sum::<usize>());
        println!("{count} rules: one answer {} ns", all.as_nanos() / flows.len() as u128);
    }
    for (machines, nsgs) in [(100, 5), (1000, 50), (10_000, 500)] {
        let given = network(machines, nsgs, 50);
        let start = Instant::now();
        let engine = Engine::new(given);
        let loaded = start.elapsed();
        let mut open = 0;
        for machine in 0..usize::try_from(machines).expect("few") {
            for port in [22, 3389, 5985, 5986] {
                let exposure = engine.exposure(Index::new(machine), 6, port);
                open += usize::from(!exposure.may.is_empty());
            }
        }
        println!(
            "{machines} machines, {nsgs} NSGs of 50 rules: load {loaded:?}, with four ports each {:?} ({open} open)",
            start.elapsed()
        );
    }
}
