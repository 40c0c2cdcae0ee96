//! The kernel's verdict on real packets, against the engine's and the naive evaluator's.
#![allow(clippy::arithmetic_side_effects, reason = "numbers of packets")]

use std::collections::HashSet;
use std::net::IpAddr;
use std::process::ExitCode;
use std::time::Instant;

use jitgate_core::network::{Engine, Flow, Index, Network, Reachable, Ref};
use jitgate_truth::boundary::Boundaries;
use jitgate_truth::kernel::{Lab, can_travel, ruleset};
use jitgate_truth::random::{Knowledge, azure, ec2};
use jitgate_truth::{Choices, Packet, Truth, naive};

const NETWORKS: u64 = 150;
const PACKETS: usize = 400;

fn main() -> ExitCode {
    let lab = match Lab::open(&machines()) {
        Ok(lab) => lab,
        Err(reason) => {
            println!(
                "skipped: the Linux kernel as the judge of filters, for want of root, `nft` or `ip`: {reason}"
            );
            println!("test result: ok. 0 passed; 0 failed; 1 ignored");
            return ExitCode::SUCCESS;
        }
    };
    let started = Instant::now();
    let (mut sent, mut came) = (0, 0);
    for seed in 0..NETWORKS {
        let (a, b) = compare(&lab, seed);
        sent += a;
        came += b;
    }
    println!("{sent} packets, {came} came through, {:?}", started.elapsed());
    println!("test result: ok. 1 passed; 0 failed; 0 ignored");
    ExitCode::SUCCESS
}

fn compare(lab: &Lab, seed: u64) -> (usize, usize) {
    let mut choices = Choices::seeded(seed);
    let mut network: Network = if seed % 5 == 4 {
        ec2(&mut choices, 6, Knowledge::Full)
    } else {
        azure(&mut choices, 8, Knowledge::Full)
    };
    // What a public address lets in by its kind is the platform's doing, of which the kernel knows nothing.
    for configuration in network.nics.iter_mut().flat_map(|nic| &mut nic.ip_configurations) {
        configuration.public_ip = Ref::None;
    }
    let text = ruleset(&network);
    lab.load(&text);
    let boundaries = Boundaries::of(&network);
    let mut packets: Vec<Packet> = Vec::new();
    for private in network.nics.iter().flat_map(|nic| &nic.ip_configurations).filter_map(|c| c.private) {
        packets.extend(boundaries.packets(private, PACKETS, &mut choices));
    }
    packets.retain(can_travel);
    let engine = Engine::new(network.clone());
    let machines = (0..network.machines.len()).map(Index::new);
    let arrived = lab.arrived(&packets);
    for (at, packet) in packets.iter().enumerate() {
        let naive =
            Truth::any(network.machines.iter().map(|machine| naive::direct(&network, machine, packet)));
        let kernel = Truth::from(arrived.contains(&at));
        let engine =
            machines.clone().map(|machine| engine.reach(&Flow::of(machine, &packet.into())).reachable).max();
        let engine = Truth::from(engine == Some(Reachable::Yes));
        assert!(
            naive == kernel && engine == kernel,
            "seed {seed}: {packet}: engine {engine:?}, naive {naive:?}, kernel {kernel:?}\n{text}"
        );
    }
    (packets.len(), arrived.len())
}

/// Every private address that a random network may have.
fn machines() -> Vec<IpAddr> {
    let mut found: HashSet<IpAddr> = HashSet::new();
    for host in [4_u8, 5, 6, 104, 105, 106] {
        found.insert([10, 0, 1, host].into());
        found.insert([10, 0, 2, host].into());
        found.insert([0x2001, 0xdb8, 0, 1, 0, 0, 0, u16::from(host)].into());
    }
    found.into_iter().collect()
}
