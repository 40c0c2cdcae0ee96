//! Could this address reach that machine and port? And what decides at each stage.

use alloc::vec::Vec;
use core::net::IpAddr;

use super::Engine;
use super::answer::{Answer, Decider, Flow, Reachable, Resource, Stage};
use super::bounds::Bounds;
use super::compile::FIRST_ORDINARY_PORT;
use super::doors::{Door, Front, Gate, Private};
use crate::network::{AzureFirewall, Index};
use crate::sets::{Addresses, Family, Packet, has_ports};

/// A way as far as it was gone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    /// What comes of it so far.
    pub reachable: Reachable,
    stages: [Option<Decider>; 4],
}

impl Path {
    /// At the beginning.
    pub const START: Self = Self { reachable: Reachable::Yes, stages: [None; 4] };

    /// One stage further.
    pub fn then(mut self, decider: Decider) -> Self {
        self.reachable = self.reachable.min(decider.reachable);
        if let Some(free) = self.stages.iter_mut().find(|stage| stage.is_none()) {
            *free = Some(decider);
        }
        self
    }

    fn answer(self) -> Answer {
        let decided_by: Vec<_> = self.stages.into_iter().flatten().collect();
        Answer { reachable: self.reachable, decided_by }
    }
}

impl Engine {
    /// Whether a flow reaches its machine, and what decides it.
    pub fn reach(&self, flow: &Flow) -> Answer {
        let mut best: Option<Path> = None;
        for door in self.base.doors.of(flow.machine) {
            best = better(best, self.direct(flow, door));
            if best.is_none_or(|best| best.reachable < Reachable::Yes) {
                best = better(best, self.through(flow, door));
            }
            if best.is_some_and(|best| best.reachable == Reachable::Yes) {
                break;
            }
        }
        let nowhere = || {
            // Of a firewall that has the address no rule leads to the machine.
            let firewall = flow.to.and_then(|to| self.firewall_at(to));
            // One whose rules and address are not known may have it, and hand on whatever it will; what is known to be
            // somebody else's it has not.
            let free = |to: &IpAddr| self.machines_at(*to).is_empty();
            let same = |to: &IpAddr| Family::of(*to) == Family::of(flow.from);
            let to = flow.to.filter(same).filter(free);
            let lost = || to.and_then(|_| self.hidden_firewall(flow.machine));
            let (stage, resource, reachable) = match (firewall, firewall.or_else(lost)) {
                (Some(firewall), _) => (Stage::Firewall, Resource::Firewall(firewall), Reachable::No),
                (None, Some(lost)) => (Stage::NotGiven, Resource::Firewall(lost), Reachable::Maybe),
                (None, None) => (Stage::NoAddress, Resource::Machine(flow.machine), Reachable::No),
            };
            Path::START.then(Decider { stage, resource, rule: None, reachable })
        };
        best.unwrap_or_else(nowhere).answer()
    }

    /// To one of the machine's own addresses; none if it is not the one that is meant.
    fn direct(&self, flow: &Flow, door: &Door) -> Option<Path> {
        let (destination, certain) = self.destination(flow, door)?;
        let uncertain = (!certain).then_some(Decider {
            stage: Stage::NotGiven,
            resource: Resource::Machine(flow.machine),
            rule: None,
            reachable: Reachable::Maybe,
        });
        let start = uncertain.map_or(Path::START, |decider| Path::START.then(decider));
        let packet = |port| packet(flow.protocol, (flow.from, port), (destination, flow.port));
        if !has_ports(flow.protocol) {
            return Some(self.gates(start, flow, door, &packet(0)));
        }
        if let Some(port) = flow.source_port {
            return Some(self.gates(start, flow, door, &packet(port)));
        }
        // The sender takes whichever port gets through.
        let mut best = self.gates(start, flow, door, &packet(FIRST_ORDINARY_PORT));
        for gate in [door.subnet, door.nic] {
            let Gate::Table(table) = gate else { continue };
            let cuts = self.table(table).map(|table| table.source_port_cuts(FIRST_ORDINARY_PORT));
            for &port in cuts.unwrap_or_default() {
                if best.reachable == Reachable::Yes {
                    break;
                }
                let path = self.gates(start, flow, door, &packet(port));
                if path.reachable > best.reachable {
                    best = path;
                }
            }
        }
        Some(best)
    }

    /// The private address that is meant, and whether it surely is.
    fn destination(&self, flow: &Flow, door: &Door) -> Option<(IpAddr, bool)> {
        let family = Family::of(flow.from);
        // Nobody sends from one family to the other.
        if flow.to.is_some_and(|to| Family::of(to) != family) {
            return None;
        }
        let own = door.private.of_family(family);
        let Some(to) = flow.to else {
            let one_family = match &door.private {
                Private::Known(_) => true,
                Private::OneOf(addresses) => {
                    addresses.ranges().all(|range| Family::of(range.first()) == family)
                }
            };
            return own.map(|own| (own, one_family));
        };
        if door.public == Some(to) {
            return own.map(|own| (own, true));
        }
        match &door.private {
            Private::Known(address) if *address == to => return own.map(|own| (own, true)),
            Private::OneOf(addresses) if addresses.contains(to) && Family::of(to) == family => {
                return Some((to, false));
            }
            Private::Known(_) | Private::OneOf(_) => {}
        }
        let may_be_hidden = door.hidden_public && self.machines_at(to).is_empty() && !self.is_firewall(to);
        own.filter(|_| may_be_hidden && Family::of(to) == family).map(|own| (own, false))
    }

    fn is_firewall(&self, address: IpAddr) -> bool {
        self.firewall_at(address).is_some()
    }

    fn firewall_at(&self, address: IpAddr) -> Option<Index<AzureFirewall>> {
        let mut firewalls = self.network().firewalls.iter();
        firewalls.position(|firewall| firewall.public.contains(&address)).map(Index::new)
    }

    /// The senders that a public address lets in where nothing else filters.
    pub(super) fn past(&self, door: &Door, front: Front) -> Bounds<Addresses> {
        let inside = self.base.names.inside(&self.base.network, door.vnet);
        let may = if front == Front::Closed { inside.may } else { Addresses::all() };
        Bounds { surely: inside.surely, may }
    }

    /// Through the filters before a door, up to the one that stops the packet.
    pub(super) fn gates(&self, start: Path, flow: &Flow, door: &Door, packet: &Packet) -> Path {
        if (door.subnet, door.nic) == (Gate::Open, Gate::Open) {
            let resource = Resource::Machine(flow.machine);
            let (stage, reachable) = match door.bare() {
                None => (Stage::NoFilter, Reachable::Yes),
                Some(front) => {
                    let inside = self.past(door, front);
                    let reachable = match packet.source {
                        source if inside.surely.contains(source) => Reachable::Yes,
                        source if inside.may.contains(source) => Reachable::Maybe,
                        _ => Reachable::No,
                    };
                    (Stage::PublicAddress, reachable)
                }
            };
            return start.then(Decider { stage, resource, rule: None, reachable });
        }
        let mut path = start;
        for (gate, stage) in [(door.subnet, Stage::SubnetNsg), (door.nic, Stage::NicNsg)] {
            if path.reachable == Reachable::No {
                break;
            }
            path = match gate {
                Gate::Open => path,
                Gate::NotGiven(resource) => path.then(Decider {
                    stage: Stage::NotGiven,
                    resource,
                    rule: None,
                    reachable: Reachable::Maybe,
                }),
                Gate::Table(table) => match self.table(table) {
                    Some(table) => path.then(table.judge(packet, stage, flow.machine)),
                    None => path,
                },
            };
        }
        path
    }
}

/// A packet; without ports where the protocol has none.
pub(super) fn packet(protocol: u8, source: (IpAddr, u16), destination: (IpAddr, u16)) -> Packet {
    let port = |port| if has_ports(protocol) { port } else { 0 };
    Packet {
        protocol,
        source: source.0,
        source_port: port(source.1),
        destination: destination.0,
        destination_port: port(destination.1),
    }
}

/// The better of two ways, the first of equals.
pub(super) fn better(best: Option<Path>, path: Option<Path>) -> Option<Path> {
    match (best, path) {
        (Some(best), Some(path)) if path.reachable > best.reachable => Some(path),
        (best, path) => best.or(path),
    }
}
