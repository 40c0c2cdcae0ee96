//! Sets of packets.

use alloc::vec::Vec;
use core::net::IpAddr;

use sha2::{Digest, Sha256};

use super::address::{self, Addresses, Family};
use super::build::{self, Builder, Join};
use super::compile::compile_to;
use super::diagram::{Diagram, Level, Target, family_number};
use super::limit::{Entangled, MOST_STEPS, Steps};
use super::packet::{Packet, Region};
use super::port::has_ports;

/// A set of packets. Equal sets are equal values, whatever they were made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Traffic(pub(super) Diagram);

impl Default for Traffic {
    fn default() -> Self {
        Self::none()
    }
}

impl Traffic {
    /// No packet.
    pub const fn none() -> Self {
        Self(Diagram::constant(0))
    }

    /// Every packet that there is.
    pub const fn all() -> Self {
        Self(Diagram::constant(1))
    }

    /// The packets to one destination that an ordered list of rules lets through, where the first that matches
    /// decides, and what matches none is stopped: the quickest way to ask a list once, if it is not too much work.
    pub fn first_match_to<'r>(
        destination: IpAddr,
        rules: impl IntoIterator<Item = (&'r Region, bool)>,
    ) -> Result<Self, Entangled> {
        let rules = rules.into_iter().map(|(region, passes)| (region, u32::from(passes)));
        let (builder, target) = compile_to(destination, None, rules, 0, Steps::most(MOST_STEPS))?;
        Ok(Self(toward(builder, destination, target)))
    }

    /// The part of that which is of one protocol and comes to one port.
    pub fn first_match_at<'r>(
        (destination, protocol, port): (IpAddr, u8, u16),
        rules: impl IntoIterator<Item = (&'r Region, bool)>,
    ) -> Result<Self, Entangled> {
        let rules = rules.into_iter().map(|(region, passes)| (region, u32::from(passes)));
        let only = Some((protocol, port));
        let (builder, target) = compile_to(destination, only, rules, 0, Steps::most(MOST_STEPS))?;
        Ok(Self(toward_port(builder, (destination, protocol, port), target)))
    }

    /// How large it is in memory: the ranges of all parts that are told apart.
    pub fn ranges(&self) -> usize {
        self.0.starts.len()
    }

    /// What is in either. It is exact, but for sets whose rules cut each other into too many pieces: then it is every
    /// packet, which is to say that what this and the like of it give has at least what it should have.
    pub fn union(&self, other: &Self) -> Self {
        self.try_union(other).unwrap_or_else(|Entangled| Self::all())
    }

    /// What is in either, if it is not too much work.
    pub fn try_union(&self, other: &Self) -> Result<Self, Entangled> {
        self.join(other, |one, two| match (one, two) {
            (Some(1), _) | (_, Some(1)) => Join::Label(1),
            (Some(_), _) => Join::Right,
            (_, Some(_)) => Join::Left,
            _ => Join::Deeper,
        })
    }

    /// What is in any of them, if it is not too much work.
    pub fn try_union_of(parts: Vec<Self>) -> Result<Self, Entangled> {
        build::in_rounds(parts, Self::try_union).map(Option::unwrap_or_default)
    }

    /// What is in both; where that is too much work, what is in this one.
    pub fn intersection(&self, other: &Self) -> Self {
        self.try_intersection(other).unwrap_or_else(|Entangled| self.clone())
    }

    /// What is in both, if it is not too much work.
    pub fn try_intersection(&self, other: &Self) -> Result<Self, Entangled> {
        self.join(other, |one, two| match (one, two) {
            (Some(0), _) | (_, Some(0)) => Join::Label(0),
            (Some(_), _) => Join::Right,
            (_, Some(_)) => Join::Left,
            _ => Join::Deeper,
        })
    }

    /// What is in this one alone; where that is too much work, this one.
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    /// What is in this one alone, if it is not too much work.
    pub fn try_difference(&self, other: &Self) -> Result<Self, Entangled> {
        self.try_intersection(&other.complement())
    }

    fn join(
        &self,
        other: &Self,
        rule: impl FnMut(Option<u32>, Option<u32>) -> Join,
    ) -> Result<Self, Entangled> {
        build::join(&self.0, &other.0, Steps::most(MOST_STEPS), rule).map(Self)
    }

    /// Every packet that is not in it.
    pub fn complement(&self) -> Self {
        // Only the leaves change: the nodes and their numbers stay.
        let turn = |target: Target| target.label().map_or(target, |label| Target::leaf(1 ^ label));
        let mut diagram = self.0.clone();
        diagram.targets.iter_mut().for_each(|target| *target = turn(*target));
        diagram.root = turn(diagram.root);
        Self(diagram)
    }

    /// True if all of it is in the other; false, too, where that is too much work to know.
    pub fn is_subset(&self, other: &Self) -> bool {
        self == other || self.try_difference(other).is_ok_and(|rest| rest.is_empty())
    }

    /// True if nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.root == Target::leaf(0)
    }

    /// True if every packet is in it.
    pub fn is_all(&self) -> bool {
        self.0.root == Target::leaf(1)
    }

    /// True if the packet is in it; one with addresses of two families is in none.
    pub fn contains(&self, packet: &Packet) -> bool {
        packet.source.is_ipv4() == packet.destination.is_ipv4() && self.0.at(packet) == 1
    }

    /// SHA-256 of the canonical form: equal for equal sets, and nobody finds two others with the same. It
    /// can be kept to prove later that nothing changed.
    pub fn digest(&self) -> [u8; 32] {
        let Diagram { nodes, root, .. } = &self.0;
        let mut hash = Sha256::new();
        // Another form, or another order of levels, must begin with another word.
        hash.update(b"traffic 1");
        hash.update(root.bits().to_be_bytes());
        let mut bytes = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let (from, to) = self.0.edges(Target::node(index));
            bytes.clear();
            bytes.push(node.level.byte());
            bytes.extend_from_slice(&u32::try_from(from.len()).unwrap_or(u32::MAX).to_be_bytes());
            for (start, target) in from.iter().zip(to) {
                bytes.extend_from_slice(&start.to_be_bytes());
                bytes.extend_from_slice(&target.bits().to_be_bytes());
            }
            hash.update(&bytes);
        }
        hash.finalize().into()
    }

    /// What goes to these destinations.
    pub fn to_destinations(&self, destinations: &Addresses) -> Self {
        self.intersection(&Region { destinations: destinations.clone(), ..Region::all() }.into())
    }

    /// What comes from these sources.
    pub fn from_sources(&self, sources: &Addresses) -> Self {
        self.intersection(&Region { sources: sources.clone(), ..Region::all() }.into())
    }
}

impl From<&Region> for Traffic {
    fn from(region: &Region) -> Self {
        Self(Builder::region(region, 1, 0))
    }
}

impl From<Region> for Traffic {
    fn from(region: Region) -> Self {
        Self::from(&region)
    }
}

/// What is in any of them; where that is too much work, every packet.
impl FromIterator<Self> for Traffic {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        Self::try_union_of(parts.into_iter().collect()).unwrap_or_else(|Entangled| Self::all())
    }
}

/// What is in any of them.
impl FromIterator<Region> for Traffic {
    fn from_iter<I: IntoIterator<Item = Region>>(regions: I) -> Self {
        regions.into_iter().map(Self::from).collect()
    }
}

/// The diagram of what goes to one destination and is then in what the target leads to.
pub(super) fn toward(mut builder: Builder, destination: IpAddr, target: Target) -> Diagram {
    let none = Target::leaf(0);
    let family = Family::of(destination);
    let target = only(&mut builder, Level::Destination, (address::number(destination), family.max()), target);
    let begin = builder.begin();
    for each in Family::ALL {
        builder.edge(begin, family_number(each), if each == family { target } else { none });
    }
    let root = builder.end(begin, Level::Family);
    builder.finish(root)
}

/// The same of one protocol and port.
pub(super) fn toward_port(
    mut builder: Builder,
    (destination, protocol, port): (IpAddr, u8, u16),
    mut target: Target,
) -> Diagram {
    if has_ports(protocol) {
        target = only(&mut builder, Level::DestinationPort, (u128::from(port), 0xffff), target);
    }
    let target = only(&mut builder, Level::Protocol, (u128::from(protocol), 0xff), target);
    toward(builder, destination, target)
}

/// A node that leads on by one number alone, of those up to the largest.
fn only(builder: &mut Builder, level: Level, (number, max): (u128, u128), target: Target) -> Target {
    let none = Target::leaf(0);
    let begin = builder.begin();
    if number > 0 {
        builder.edge(begin, 0, none);
    }
    builder.edge(begin, number, target);
    if number < max {
        builder.edge(begin, number.saturating_add(1), none);
    }
    builder.end(begin, level)
}
