//! The decision diagram under decisions and traffic.
//!
//! A node asks for one part of the packet, its level, and goes on by the range that the part is in. Levels
//! come in one order; a level at which nothing differs has no node, neighbouring ranges that go on alike are
//! one, and no two nodes are the same. Under protocols without ports no node asks for one. So there is one
//! diagram for a function of packets, and nodes are numbered in the one order in which a walk in depth
//! leaves them: equal functions are equal vectors.

use alloc::vec::Vec;

use super::address::{self, Family};
use super::packet::Packet;

/// The parts of a packet in the order in which they are asked for. Destinations come first, so that what
/// reaches one machine is a part of the diagram as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Level {
    Family,
    Destination,
    Protocol,
    DestinationPort,
    Source,
    SourcePort,
    /// Below the last: no more to ask.
    Leaf,
}

impl Level {
    /// The one after it.
    pub const fn next(self) -> Self {
        match self {
            Self::Family => Self::Destination,
            Self::Destination => Self::Protocol,
            Self::Protocol => Self::DestinationPort,
            Self::DestinationPort => Self::Source,
            Self::Source => Self::SourcePort,
            Self::SourcePort | Self::Leaf => Self::Leaf,
        }
    }

    /// What a digest has for it: never another.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Family => 0,
            Self::Destination => 1,
            Self::Protocol => 2,
            Self::DestinationPort => 3,
            Self::Source => 4,
            Self::SourcePort => 5,
            Self::Leaf => 6,
        }
    }

    /// The level that a digest has this byte for; none for the last, where there is nothing.
    pub fn of_byte(byte: u8) -> Option<Self> {
        let levels = [
            Self::Family,
            Self::Destination,
            Self::Protocol,
            Self::DestinationPort,
            Self::Source,
            Self::SourcePort,
        ];
        levels.into_iter().find(|level| level.byte() == byte)
    }

    /// The largest number at this level.
    pub const fn largest(self, family: Family) -> u128 {
        match self {
            Self::Family => 1,
            Self::Destination | Self::Source => family.max(),
            Self::Protocol => 0xff,
            Self::DestinationPort | Self::SourcePort => 0xffff,
            Self::Leaf => 0,
        }
    }

    /// The packet's number at this level.
    pub fn number(self, packet: &Packet) -> u128 {
        match self {
            Self::Family => family_number(Family::of(packet.destination)),
            Self::Destination => address::number(packet.destination),
            Self::Protocol => u128::from(packet.protocol),
            Self::DestinationPort => u128::from(packet.destination_port),
            Self::Source => address::number(packet.source),
            Self::SourcePort => u128::from(packet.source_port),
            Self::Leaf => 0,
        }
    }
}

/// A family as a number.
pub(super) const fn family_number(family: Family) -> u128 {
    match family {
        Family::V4 => 0,
        Family::V6 => 1,
    }
}

/// Where an edge goes: to a node, or to a leaf with a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Target(u32);

/// The bit that leaves have.
const LEAF: u32 = 1 << 31;

impl Target {
    /// A leaf with this label.
    pub const fn leaf(label: u32) -> Self {
        Self(LEAF | label)
    }

    /// A node. Two thousand million of them fit in no memory.
    pub fn node(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(0) & !LEAF)
    }

    /// The label of a leaf.
    pub const fn label(self) -> Option<u32> {
        if self.0 & LEAF == 0 { None } else { Some(self.0 & !LEAF) }
    }

    /// The index of a node; of a leaf one that no node has.
    pub const fn index(self) -> usize {
        #[expect(
            clippy::as_conversions,
            reason = "nothing is lost: no target has less than 32 bits for indices"
        )]
        {
            self.0 as usize
        }
    }

    /// As a number.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Of its number.
    pub const fn of_bits(bits: u32) -> Self {
        Self(bits)
    }
}

/// A node: its level, and where its edges end in the list of all; they begin where the node before ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub level: Level,
    pub first: u32,
    pub end: u32,
}

/// A decision diagram: a function from packets to labels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Diagram {
    pub(super) nodes: Vec<Node>,
    /// The first number of each edge's range. A node's first range begins at 0, each ends before the next,
    /// and the last at the level's largest number.
    pub(super) starts: Vec<u128>,
    /// Where each edge goes.
    pub(super) targets: Vec<Target>,
    pub(super) root: Target,
}

impl Diagram {
    /// The same label for every packet.
    pub const fn constant(label: u32) -> Self {
        Self { nodes: Vec::new(), starts: Vec::new(), targets: Vec::new(), root: Target::leaf(label) }
    }

    /// What is asked for at a target.
    #[inline]
    pub fn level(&self, target: Target) -> Level {
        self.nodes.get(target.index()).map_or(Level::Leaf, |node| node.level)
    }

    /// The edges of a node, none of a leaf: where their ranges begin, and where they go.
    #[inline]
    pub fn edges(&self, target: Target) -> (&[u128], &[Target]) {
        let Some(node) = self.nodes.get(target.index()) else { return (&[], &[]) };
        let range = index(node.first)..index(node.end);
        (self.starts.get(range.clone()).unwrap_or_default(), self.targets.get(range).unwrap_or_default())
    }

    /// The label of a packet's leaf.
    #[inline]
    pub fn at(&self, packet: &Packet) -> u32 {
        let mut target = self.root;
        loop {
            if let Some(label) = target.label() {
                return label;
            }
            target = self.step(target, self.level(target).number(packet));
        }
    }

    /// Where a node goes on to by a number.
    #[inline]
    pub fn step(&self, target: Target, number: u128) -> Target {
        let (starts, targets) = self.edges(target);
        let after = starts.partition_point(|start| *start <= number);
        after.checked_sub(1).and_then(|at| targets.get(at)).copied().unwrap_or(Target::leaf(0))
    }

    /// At a level, the ranges that go on alike from a target: those of its edges, or all in one if it asks
    /// for something further down.
    pub fn ranges(
        &self,
        target: Target,
        level: Level,
        family: Family,
    ) -> impl Iterator<Item = (u128, u128, Target)> {
        let (starts, targets) =
            if self.level(target) == level { self.edges(target) } else { (&[][..], &[][..]) };
        let max = level.largest(family);
        let whole = starts.is_empty().then_some((0, max, target));
        let ends = starts.iter().skip(1).map(|start| start.saturating_sub(1)).chain([max]);
        starts.iter().zip(ends).zip(targets).map(|((first, last), to)| (*first, last, *to)).chain(whole)
    }
}

/// A number of 32 bits as an index.
#[inline]
pub(super) const fn index(number: u32) -> usize {
    Target(number).index()
}
