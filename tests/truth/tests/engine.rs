//! The engine against the naive evaluator: on random networks, at every border that a rule draws.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use jitgate_core::network::{
    Answer, Bounds, Engine, Flow, Index, Network, Reachable, Resource, Stage, VirtualMachine,
};
use jitgate_core::sets::Traffic;
use jitgate_truth::boundary::Boundaries;
use jitgate_truth::naive::{self, Reached};
use jitgate_truth::random::{Knowledge, azure, behind_firewall, ec2};
use jitgate_truth::{Choices, Packet, Truth};
use proptest::prelude::*;

/// To one address of one machine.
const PACKETS: usize = 400;
const RULES: usize = 7;

fn numbers() -> impl Strategy<Value = Vec<u32>> {
    proptest::collection::vec(any::<u32>(), 0..400)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_is_known(numbers in numbers()) {
        agrees(&azure(&mut Choices::of(numbers), RULES, Knowledge::Full))?;
    }

    #[test]
    fn not_all_is_known(numbers in numbers()) {
        agrees(&azure(&mut Choices::of(numbers), RULES, Knowledge::Partial))?;
    }

    #[test]
    fn ec2_instances(numbers in numbers(), partial: bool) {
        let knowledge = if partial { Knowledge::Partial } else { Knowledge::Full };
        agrees(&ec2(&mut Choices::of(numbers), RULES, knowledge))?;
    }

    #[test]
    fn firewalls(numbers in numbers()) {
        agrees(&behind_firewall(&mut Choices::of(numbers), 3))?;
    }
}

/// Asks both about every machine, at each of its addresses and at those of firewalls.
fn agrees(network: &Network) -> Result<(), TestCaseError> {
    let engine = Engine::new(network.clone());
    let boundaries = Boundaries::of(network);
    let mut choices = Choices::seeded(1);
    let configurations = network.nics.iter().flat_map(|nic| &nic.ip_configurations);
    let mut addresses: Vec<_> = configurations.filter_map(|configuration| configuration.private).collect();
    addresses.extend(network.firewalls.iter().flat_map(|firewall| &firewall.public));
    for at in 0..network.machines.len() {
        let machine = Index::new(at);
        let effective = engine.effective(machine);
        for address in &addresses {
            for (at, packet) in boundaries.packets(*address, PACKETS, &mut choices).into_iter().enumerate() {
                agree_on(network, &engine, machine, &effective, &packet)?;
                if at % 16 == 0 {
                    agree_on_any(network, &engine, machine, &packet)?;
                }
            }
        }
    }
    Ok(())
}

/// One packet: whether it is in the effective traffic, whether it gets there, and by which rules.
fn agree_on(
    network: &Network,
    engine: &Engine,
    machine: Index<VirtualMachine>,
    effective: &Bounds<Traffic>,
    packet: &Packet,
) -> Result<(), TestCaseError> {
    let given = &network.machines[machine.get()];
    let naive = naive::arrives(network, given, packet);
    prop_assert_eq!(naive, within(effective, packet), "effective traffic of {}: {}", &given.name, packet);

    let flow = naive::Flow {
        protocol: packet.protocol,
        from: packet.source,
        source_port: Some(packet.source_port),
        port: packet.destination_port,
        to: Some(packet.destination),
    };
    let naive = naive::reach(network, given, &flow);
    let answer = engine.reach(&question(machine, &flow));
    prop_assert_eq!(
        naive.answer,
        Truth::from(answer.reachable),
        "{}: {}\n{:?}",
        &given.name,
        packet,
        &answer
    );
    deciders_agree(network, &naive, &answer).map_err(|why| TestCaseError::fail(format!("{packet}: {why}")))
}

/// The same without an address, and without a source port, when any will do.
fn agree_on_any(
    network: &Network,
    engine: &Engine,
    machine: Index<VirtualMachine>,
    packet: &Packet,
) -> Result<(), TestCaseError> {
    let given = &network.machines[machine.get()];
    for (to, source_port) in
        [(None, Some(packet.source_port)), (Some(packet.destination), None), (None, None)]
    {
        let flow = naive::Flow {
            protocol: packet.protocol,
            from: packet.source,
            source_port,
            port: packet.destination_port,
            to,
        };
        let naive = naive::reach(network, given, &flow);
        let answer = engine.reach(&question(machine, &flow));
        prop_assert_eq!(
            naive.answer,
            Truth::from(answer.reachable),
            "{}: {:?}\n{:?}",
            &given.name,
            flow,
            &answer
        );
    }
    Ok(())
}

/// Where there is one way, and one rule that surely decides at a stage of it, both name that rule.
fn deciders_agree(network: &Network, naive: &Reached, answer: &Answer) -> Result<(), String> {
    let [way] = naive.ways.as_slice() else { return Ok(()) };
    for verdict in way {
        let stage = match verdict.stage {
            naive::Stage::Subnet => Stage::SubnetNsg,
            naive::Stage::Nic => Stage::NicNsg,
            naive::Stage::Firewall | naive::Stage::SecurityGroup => continue,
        };
        let Some((nsg, rule)) = &verdict.by else { continue };
        let Some(decider) = answer.decided_by.iter().find(|decider| decider.stage == stage) else {
            // What an earlier stage stopped comes to no later one.
            let stopped = answer.decided_by.iter().any(|decider| decider.reachable == Reachable::No);
            if stopped {
                continue;
            }
            return Err(format!("no decider at {stage:?} in {answer:?}"));
        };
        let (Resource::Nsg(of), Some(at)) = (decider.resource, decider.rule) else {
            return Err(format!("no rule in {decider:?}, which is {rule} of {nsg}"));
        };
        let of = &network.nsgs[of.get()];
        let named = &of.rules[usize::try_from(at).expect("32 bits")].name;
        if (&of.name, named) != (nsg, rule) || Truth::from(decider.reachable) != verdict.passes {
            return Err(format!("{named} of {} decides, not {rule} of {nsg}: {decider:?}", of.name));
        }
    }
    Ok(())
}

fn question(machine: Index<VirtualMachine>, flow: &naive::Flow) -> Flow {
    Flow {
        machine,
        from: flow.from,
        port: flow.port,
        protocol: flow.protocol,
        source_port: flow.source_port,
        to: flow.to,
    }
}

fn within(effective: &Bounds<Traffic>, packet: &Packet) -> Truth {
    let packet = packet.into();
    match (effective.surely.contains(&packet), effective.may.contains(&packet)) {
        (true, _) => Truth::Yes,
        (false, true) => Truth::Maybe,
        (false, false) => Truth::No,
    }
}
