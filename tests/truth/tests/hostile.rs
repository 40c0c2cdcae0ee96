//! Rules made to fit in no memory: the engine answers with a bound, and every packet keeps within it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::net::Ipv4Addr;

use jitgate_core::network::{
    Access, Address, Direction, Engine, Flow, Index, Network, Place, PortRange, Reachable, Ref, Resource,
    RuleProtocol, SecurityRule, Stage, Value,
};
use jitgate_core::sets::{Entangled, PortRange as Range, Ports, Region, Traffic};
use jitgate_truth::boundary::Boundaries;
use jitgate_truth::build::{configuration, machine, nic, nsg, subnet, vnet, with_default_rules};
use jitgate_truth::naive;
use jitgate_truth::{Choices, Truth};

/// The engine's own limit on steps is below; what it makes can have no more ranges than that.
const MOST_RANGES: usize = 1 << 21;

/// Rules with random ranges in every part.
fn hostile(count: u32, seed: u64) -> Vec<SecurityRule> {
    let mut choices = Choices::seeded(seed);
    let mut range = move |max: usize| {
        let mut number = || u32::try_from(choices.below(max)).expect("32 bits");
        let (one, two) = (number(), number());
        (one.min(two), one.max(two))
    };
    let port = |(first, last): (u32, u32)| {
        let port = |number: u32| u16::try_from(number).expect("a port");
        Value::Known(PortRange::new(port(first), port(last)).expect("in order"))
    };
    let mut rule = |at: u32| {
        let (first, last) = range(1 << 24);
        let address = |number: u32| Ipv4Addr::from_bits(0x0b00_0000 + number).into();
        SecurityRule {
            name: format!("p{}", 100 + at),
            description: String::new(),
            priority: 100 + at,
            direction: Direction::Inbound,
            access: Value::Known(if at.is_multiple_of(2) { Access::Allow } else { Access::Deny }),
            protocol: Value::Known(RuleProtocol::Number(6)),
            sources: vec![Address::Range(address(first), address(last))],
            source_ports: vec![port(range(1 << 16))],
            destinations: vec![Address::Any],
            destination_ports: vec![port(range(1 << 16))],
            default: false,
            stand_in: false,
            perhaps: None,
            place: Place::default(),
        }
    };
    with_default_rules((0..count).map(&mut rule).collect())
}

/// One machine behind NSGs of these rules, on its NIC and on its subnet.
fn network(of_nic: Vec<SecurityRule>, of_subnet: Option<Vec<SecurityRule>>) -> Network {
    let mut network = Network::default();
    let of_nic = nsg(&mut network, "nic", of_nic);
    let of_subnet = of_subnet.map_or(Ref::None, |rules| nsg(&mut network, "subnet", rules));
    let vnet = vnet(&mut network, "net", "10.0.0.0/16");
    let subnet = subnet(&mut network, vnet, "web", "10.0.0.0/24", of_subnet);
    let nic = nic(&mut network, "nic", of_nic, vec![configuration("10.0.0.4", &subnet)]);
    machine(&mut network, "web1", vec![nic]);
    network
}

/// The bound holds every packet, `reach` is exact for each, and nothing is larger than the limit.
fn keeps_within(network: &Network) -> Engine {
    let engine = Engine::new(network.clone());
    let machine = Index::new(0);
    let effective = engine.effective(machine);
    assert!(effective.surely.ranges() <= MOST_RANGES && effective.may.ranges() <= MOST_RANGES);
    let to = network.nics[0].ip_configurations[0].private.expect("an address");
    let packets = Boundaries::of(network).packets(to, 600, &mut Choices::seeded(7));
    let mut through = 0;
    for packet in packets {
        let of = (&packet).into();
        let truth = naive::arrives(network, &network.machines[0], &packet);
        let (surely, may) = (effective.surely.contains(&of), effective.may.contains(&of));
        assert!(!surely || truth == Truth::Yes, "surely, and it does not arrive: {packet}");
        assert!(may || truth == Truth::No, "not even maybe, and it arrives: {packet}");
        let answer = engine.reach(&Flow::of(machine, &of));
        assert_eq!(answer.reachable == Reachable::Yes, truth == Truth::Yes, "{packet}");
        through += u32::from(truth == Truth::Yes);
    }
    assert!(through > 0, "some packets arrive");
    engine
}

#[test]
fn too_many_pieces_are_told_as_a_bound() {
    let engine = keeps_within(&network(hostile(300, 1), None));
    let machine = Index::new(0);
    let effective = engine.effective(machine);
    assert!(effective.surely.is_empty() && !effective.is_exact());
    assert_eq!(engine.entangled(machine), [Resource::Nsg(Index::new(0))]);
    // Which rule lets it in is not told of the whole, and no rule is made up.
    let parts = engine.let_in(machine, &effective.may);
    let deciders: Vec<_> = parts.iter().flat_map(|(answer, _)| &answer.decided_by).collect();
    assert!(deciders.iter().any(|decider| decider.stage == Stage::Entangled && decider.rule.is_none()));
    assert_eq!(engine.describe(deciders[0]).rule, None);
    // However often it is asked, and whatever was asked before.
    for _ in 0..20 {
        assert_eq!(engine.effective(machine), effective);
    }
}

#[test]
fn two_filters_may_be_too_much_only_together() {
    let engine = keeps_within(&network(hostile(24, 2), Some(hostile(24, 3))));
    let machine = Index::new(0);
    if !engine.effective(machine).is_exact() {
        assert!(!engine.entangled(machine).is_empty());
    }
    let engine = keeps_within(&network(hostile(300, 2), Some(hostile(300, 3))));
    assert_eq!(engine.entangled(machine), [Resource::Nsg(Index::new(1)), Resource::Nsg(Index::new(0))]);
}

#[test]
fn few_rules_are_exact_however_they_overlap() {
    let engine = keeps_within(&network(hostile(16, 4), None));
    assert!(engine.effective(Index::new(0)).is_exact());
    assert!(engine.entangled(Index::new(0)).is_empty());
}

#[test]
fn a_port_is_known_though_the_whole_is_not() {
    let mut rules = hostile(300, 5);
    let deny = SecurityRule {
        priority: 99,
        access: Value::Known(Access::Deny),
        protocol: Value::Known(RuleProtocol::Any),
        sources: vec![Address::Any],
        source_ports: vec![Value::Known(PortRange::ALL)],
        destination_ports: vec![Value::Known(PortRange::one(22))],
        ..rules[0].clone()
    };
    rules.insert(0, deny);
    let engine = keeps_within(&network(rules, None));
    let machine = Index::new(0);
    assert!(!engine.effective(machine).is_exact());
    let exposure = engine.exposure(machine, 6, 22);
    assert!(exposure.is_exact() && exposure.may.is_empty());
}

/// Sets that are too much together: what is said has at least what it should have.
#[test]
fn joins_of_sets_are_bounded_above() {
    // Staircases: no two of their ports have the same sources, and no two ports of both.
    let stairs = |step: u16, width: u16| -> Traffic {
        let regions = (0..60_000 / step).map(|at| Region {
            destination_ports: Range::new(at * step, at * step + step - 1).expect("in order").into(),
            source_ports: (0..40)
                .filter_map(|tooth| Range::new(tooth * 1500 + at % 700, tooth * 1500 + at % 700 + width))
                .collect::<Ports>(),
            ..Region::all()
        });
        regions.map(Traffic::from).collect()
    };
    let (one, two) = (stairs(7, 300), stairs(11, 410));
    assert!(!one.is_all() && !two.is_all(), "each by itself is known");
    let (both, either) = (one.try_intersection(&two), one.union(&two));
    assert_eq!(both, Err(Entangled), "together they are too much");
    assert_eq!(one.intersection(&two), one);
    assert_eq!(one.difference(&two), one);
    assert!(either.is_all() && !one.is_subset(&two));
}

/// Nobody reads a million boxes: a set of so many is told by one that holds it.
#[test]
fn boxes_are_bounded_above() {
    let regions = (0..600_u16).map(|at| Region {
        destination_ports: Range::new(at * 100, at * 100 + 49).expect("in order").into(),
        source_ports: (0..200)
            .filter_map(|tooth| Range::new(tooth * 300 + at % 100, tooth * 300 + at % 100 + 99))
            .collect::<Ports>(),
        ..Region::all()
    });
    let set: Traffic = regions.map(Traffic::from).collect();
    let boxes = set.boxes();
    assert!(boxes.len() <= 1 << 16);
    let told: Traffic = boxes.into_iter().collect();
    assert!(set.is_subset(&told));
    assert_eq!(set.is_coarse(), told != set);
}
