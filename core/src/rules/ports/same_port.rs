//! The rules of a machine that are about one port.

use alloc::vec::Vec;

use crate::model::{Machine, PortRule, Protocol};
use crate::order;

/// A rule whose port and protocol are known.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub port: u16,
    pub protocol: Protocol,
    pub rule: &'a PortRule,
}

/// The rules whose port is named more than once, by port, each port's by protocol and then in the order of
/// the document. Empty, and without cost, for nearly every machine.
pub fn repeated<'a>(machine: &'a Machine) -> Vec<Known<'a>> {
    let mut seen = 0_u64;
    for rule in &machine.ports {
        let Some(port) = number(rule) else { continue };
        let bit = 1_u64.rotate_left(u32::from(port));
        if seen & bit != 0 {
            return sorted(machine);
        }
        seen |= bit;
    }
    Vec::new()
}

fn number(rule: &PortRule) -> Option<u16> {
    rule.number.get().and_then(|number| number.port())
}

/// Two ports share a bit, but may still differ.
#[cold]
fn sorted<'a>(machine: &'a Machine) -> Vec<Known<'a>> {
    let mut known: Vec<_> = machine
        .ports
        .iter()
        .filter_map(|rule| {
            let protocol = rule.protocol.get().and_then(|protocol| protocol.protocol())?;
            Some(Known { port: number(rule)?, protocol, rule })
        })
        .collect();
    order::sort(&mut known, |known| {
        let rank = match known.protocol {
            Protocol::Tcp => 0,
            Protocol::Udp => 1,
            Protocol::Any => 2,
        };
        (u128::from(known.port) << 8) | rank
    });
    known
}
