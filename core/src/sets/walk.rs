//! Walks through a set of packets: how many there are, and one that stands for them.

use alloc::vec::Vec;
use core::net::IpAddr;

use hashbrown::HashMap;

use super::address::{Addresses, Family, number};
use super::diagram::{Diagram, Level, Target, family_number};
use super::interval::Intervals;
use super::packet::{Packet, Region};
use super::port::{Protocols, TCP, UDP, has_ports};
use super::size::Size;
use super::traffic::Traffic;

/// What the parts of a packet so far mean for those to come.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Context {
    pub family: Family,
    pub ports: bool,
}

impl Traffic {
    /// How many packets: exact. Protocols without ports count once for each pair of addresses.
    pub fn size(&self) -> Size {
        let mut counter = Counter { diagram: &self.0, known: HashMap::new() };
        Family::ALL
            .into_iter()
            .map(|family| {
                let target = self.below(family);
                counter.count(Level::Destination, target, Context { family, ports: true })
            })
            .sum()
    }

    /// From where its packets come.
    pub fn sources(&self) -> Addresses {
        let [v4, v6] = Family::ALL.map(|family| self.sources_by(family, None));
        Addresses { v4, v6 }
    }

    /// From where its packets of one protocol come.
    pub fn sources_of(&self, protocol: u8) -> Addresses {
        let [v4, v6] = Family::ALL.map(|family| self.sources_by(family, Some(protocol)));
        Addresses { v4, v6 }
    }

    /// The sources of one family's packets, of one protocol or of all.
    pub(super) fn sources_by(&self, family: Family, protocol: Option<u8>) -> Intervals {
        let mut sources = Vec::new();
        let mut seen = alloc::vec![false; self.0.nodes.len()];
        let mut open = Vec::from([(Level::Destination, self.below(family))]);
        while let Some((level, target)) = open.pop() {
            if target == Target::leaf(0) {
                continue;
            }
            if self.0.level(target) == level
                && let Some(seen) = seen.get_mut(target.index())
                && core::mem::replace(seen, true)
            {
                continue;
            }
            let asked = |first: u128, last: u128| {
                level != Level::Protocol
                    || protocol.is_none_or(|protocol| (first..=last).contains(&u128::from(protocol)))
            };
            for (first, last, to) in self.0.ranges(target, level, family) {
                match level {
                    // A node leads to something: where nothing is left there is none.
                    Level::Source if to != Target::leaf(0) => sources.push((first, last)),
                    Level::Source => {}
                    _ if asked(first, last) => open.push((level.next(), to)),
                    _ => {}
                }
            }
        }
        Intervals::from_ranges(sources)
    }

    /// The part of the diagram for one family.
    pub(super) fn below(&self, family: Family) -> Target {
        match self.0.level(self.0.root) {
            Level::Family => self.0.step(self.0.root, family_number(family)),
            _ => self.0.root,
        }
    }

    /// A packet in it, none if it is empty: one as people meet them, where there are such. Of two equal sets
    /// it is the same.
    pub fn witness(&self) -> Option<Packet> {
        let family = Family::ALL.into_iter().find(|family| self.below(*family) != Target::leaf(0))?;
        let mut target = self.below(family);
        pick_parts(family, |level| {
            let range = self.0.ranges(target, level, family).filter(|range| range.2 != Target::leaf(0));
            let ranges: Vec<_> = range.collect();
            let inside = |number: u128| ranges.iter().find(|range| range.0 <= number && number <= range.1);
            let (found, range) = liked(level, family)
                .find_map(|number| inside(number).map(|range| (number, range)))
                .or_else(|| ranges.first().map(|range| (ordinary(range.0, range.1), range)))?;
            target = range.2;
            Some(found)
        })
    }
}

impl Region {
    /// A packet in it, none if it is empty: the one that [`Traffic::witness`] finds.
    pub fn witness(&self) -> Option<Packet> {
        let protocols =
            self.portless().union(&if self.source_ports.is_empty() || self.destination_ports.is_empty() {
                Protocols::none()
            } else {
                self.protocols.intersection(&Protocols::with_ports())
            });
        let family = Family::ALL.into_iter().find(|&family| {
            !self.sources.numbers(family).is_empty() && !self.destinations.numbers(family).is_empty()
        })?;
        pick_parts(family, |level| {
            let set = match level {
                Level::Destination => self.destinations.numbers(family),
                Level::Protocol => &protocols.0,
                Level::DestinationPort => &self.destination_ports.0,
                Level::Source => self.sources.numbers(family),
                Level::SourcePort => &self.source_ports.0,
                Level::Family | Level::Leaf => return None,
            };
            let first = || set.ranges().first().map(|&(first, last)| ordinary(first, last));
            liked(level, family).find(|&number| set.contains(number)).or_else(first)
        })
    }
}

/// A packet whose parts are picked one by one.
fn pick_parts(family: Family, mut pick: impl FnMut(Level) -> Option<u128>) -> Option<Packet> {
    let destination = pick(Level::Destination)?;
    let protocol = u8::try_from(pick(Level::Protocol)?).ok()?;
    let ports = has_ports(protocol);
    let destination_port = if ports { pick(Level::DestinationPort)? } else { 0 };
    let source = pick(Level::Source)?;
    let source_port = if ports { pick(Level::SourcePort)? } else { 0 };
    Some(Packet {
        protocol,
        source: family.address(source),
        source_port: u16::try_from(source_port).ok()?,
        destination: family.address(destination),
        destination_port: u16::try_from(destination_port).ok()?,
    })
}

/// What is liked at a level. When none of that is there, any number will do: one inside of a range, if it can be.
fn liked(level: Level, family: Family) -> impl Iterator<Item = u128> {
    LIKED.iter().filter_map(move |like| like.at(level, family))
}

/// Numbers that people know at sight, the best first.
enum Like {
    Protocol(u8),
    Port(u16),
    SourcePort(u16),
    Source(IpAddr),
    Destination(IpAddr),
}

impl Like {
    fn at(&self, level: Level, family: Family) -> Option<u128> {
        match (self, level) {
            (Self::Protocol(protocol), Level::Protocol) => Some(u128::from(*protocol)),
            (Self::Port(port), Level::DestinationPort) | (Self::SourcePort(port), Level::SourcePort) => {
                Some(u128::from(*port))
            }
            (Self::Source(address), Level::Source) | (Self::Destination(address), Level::Destination)
                if Family::of(*address) == family =>
            {
                Some(number(*address))
            }
            _ => None,
        }
    }
}

/// Sources are of the ranges for documentation, which stand for the internet at large.
const LIKED: &[Like] = &[
    Like::Protocol(TCP),
    Like::Protocol(UDP),
    Like::Protocol(1),
    Like::Protocol(58),
    Like::Port(22),
    Like::Port(3389),
    Like::Port(5985),
    Like::Port(5986),
    Like::Port(443),
    Like::Port(80),
    Like::SourcePort(50_000),
    Like::SourcePort(49_152),
    Like::Source(IpAddr::V4(core::net::Ipv4Addr::new(203, 0, 113, 10))),
    Like::Source(IpAddr::V4(core::net::Ipv4Addr::new(198, 51, 100, 10))),
    Like::Source(IpAddr::V6(core::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x10))),
    Like::Destination(IpAddr::V4(core::net::Ipv4Addr::new(10, 0, 0, 4))),
    Like::Destination(IpAddr::V6(core::net::Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 4))),
];

/// A number of a range that is not its first where there are more: that of a network, or port 0, is a
/// special case.
fn ordinary(first: u128, last: u128) -> u128 {
    first.saturating_add(u128::from(first < last))
}

struct Counter<'a> {
    diagram: &'a Diagram,
    known: HashMap<(Target, Context), Size>,
}

impl Counter<'_> {
    /// How many ways there are from a target to what is in the set, from this level on.
    fn count(&mut self, level: Level, target: Target, context: Context) -> Size {
        match (level, target.label()) {
            (_, Some(0)) => return Size::ZERO,
            (Level::Leaf, _) => return Size::ONE,
            (Level::DestinationPort | Level::SourcePort, _) if !context.ports => {
                return self.count(level.next(), target, context);
            }
            _ => {}
        }
        let at_node = self.diagram.level(target) == level;
        if at_node && let Some(known) = self.known.get(&(target, context)) {
            return *known;
        }
        let diagram = self.diagram;
        let mut sum = Size::ZERO;
        // Most edges lead to what is in the set or out of it: those are summed up before they are multiplied.
        let mut inside = Size::ZERO;
        for (first, last, to) in diagram.ranges(target, level, context.family) {
            if level == Level::Protocol {
                for (ports, many) in with_and_without_ports(first, last) {
                    let each = self.count(level.next(), to, Context { ports, ..context });
                    sum = sum.plus(each.times(Size::from(many)));
                }
            } else if to == Target::leaf(1) {
                inside = inside.plus(Size::of_range(first, last));
            } else if to != Target::leaf(0) {
                sum = sum.plus(self.count(level.next(), to, context).times(Size::of_range(first, last)));
            }
        }
        if inside != Size::ZERO {
            sum = sum.plus(self.count(level.next(), Target::leaf(1), context).times(inside));
        }
        if at_node {
            self.known.insert((target, context), sum);
        }
        sum
    }
}

/// How many protocols of a range have ports and how many have not; nothing where there are none.
fn with_and_without_ports(first: u128, last: u128) -> impl Iterator<Item = (bool, u64)> {
    let within = |protocol: &u8| (first..=last).contains(&u128::from(*protocol));
    let with: u64 = [TCP, UDP].iter().filter(|protocol| within(protocol)).map(|_| 1).sum();
    let all = u64::try_from(last.saturating_sub(first)).unwrap_or(0).saturating_add(1);
    [(true, with), (false, all.saturating_sub(with))].into_iter().filter(|(_, many)| *many > 0)
}
