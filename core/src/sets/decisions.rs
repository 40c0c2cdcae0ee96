//! What an ordered list of rules decides for every packet.

use alloc::vec::Vec;
use core::borrow::Borrow;
use core::hash::Hash;
use core::net::IpAddr;

use hashbrown::HashMap;

use super::address::{self, Family};
use super::build::{self, Builder, Copier};
use super::compile::compile;
use super::diagram::{Diagram, Level, Target, family_number, index};
use super::limit::{Entangled, MOST_STEPS, Steps};
use super::packet::{Packet, Region};
use super::traffic::{self, Traffic};

/// A label for every packet: which rule decides, or what it decides. Lists of rules that decide alike make
/// equal values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decisions<L> {
    diagram: Diagram,
    /// The labels by number, numbered as the diagram comes to them.
    labels: Vec<L>,
}

impl<L: Copy + Eq + Hash> Decisions<L> {
    /// The label of the first rule that matches, or the other where none does, if it is not too much work: there are
    /// lists of a hundred rules for which it fits in no memory.
    pub fn first_match<R: Borrow<Region>>(
        rules: impl IntoIterator<Item = (R, L)>,
        otherwise: L,
    ) -> Result<Self, Entangled> {
        let mut labels = Labels::new();
        let other = labels.number(otherwise);
        let rules: Vec<(R, u32)> =
            rules.into_iter().map(|(region, label)| (region, labels.number(label))).collect();
        let diagram = compile(
            rules.iter().map(|(region, label)| (region.borrow(), *label)),
            other,
            Steps::most(MOST_STEPS),
        )?;
        Ok(Self { diagram, labels: labels.list }.in_order())
    }

    /// The label of a packet.
    #[inline]
    pub fn at(&self, packet: &Packet) -> L {
        #[expect(clippy::indexing_slicing, reason = "every leaf's number is that of a label")]
        self.labels[index(self.diagram.at(packet))]
    }

    fn label(&self, number: u32) -> Option<L> {
        self.labels.get(index(number)).copied()
    }

    /// The labels that some packet has.
    pub fn labels(&self) -> &[L] {
        &self.labels
    }

    /// The packets whose label is chosen.
    pub fn traffic(&self, mut chosen: impl FnMut(L) -> bool) -> Traffic {
        Traffic(build::map(&self.diagram, |label| u32::from(self.label(label).is_some_and(&mut chosen))))
    }

    /// The packets to one destination whose label is chosen: a small part of the rules' whole, and quick.
    pub fn traffic_to(&self, destination: IpAddr, mut chosen: impl FnMut(L) -> bool) -> Traffic {
        let mut builder = Builder::new();
        let mut copier =
            Copier::new(&self.diagram, |label| u32::from(self.label(label).is_some_and(&mut chosen)));
        let target = copier.copy(&mut builder, self.below(destination));
        Traffic(traffic::toward(builder, destination, target))
    }

    /// The packets of one protocol to one destination and port whose label is chosen: a still smaller part. Where
    /// the protocol has no ports, the port is of no account.
    pub fn traffic_at(
        &self,
        destination: IpAddr,
        protocol: u8,
        port: u16,
        mut chosen: impl FnMut(L) -> bool,
    ) -> Traffic {
        let mut target = self.below(destination);
        for (level, number) in
            [(Level::Protocol, u128::from(protocol)), (Level::DestinationPort, u128::from(port))]
        {
            if self.diagram.level(target) == level {
                target = self.diagram.step(target, number);
            }
        }
        let mut builder = Builder::new();
        let mut copier =
            Copier::new(&self.diagram, |label| u32::from(self.label(label).is_some_and(&mut chosen)));
        let target = copier.copy(&mut builder, target);
        Traffic(traffic::toward_port(builder, (destination, protocol, port), target))
    }

    /// The part of the diagram below a destination.
    fn below(&self, destination: IpAddr) -> Target {
        let Diagram { root, .. } = self.diagram;
        let mut target = root;
        for (level, number) in [
            (Level::Family, family_number(Family::of(destination))),
            (Level::Destination, address::number(destination)),
        ] {
            if self.diagram.level(target) == level {
                target = self.diagram.step(target, number);
            }
        }
        target
    }

    /// Numbers the labels as the diagram comes to them, and leaves out those that no packet has.
    fn in_order(self) -> Self {
        let mut numbers: Vec<Option<u32>> = alloc::vec![None; self.labels.len()];
        let mut labels = Vec::new();
        let mut renumber = |label: u32| {
            let Some(known) = numbers.get_mut(index(label)) else { return 0 };
            *known.get_or_insert_with(|| {
                labels.extend(self.labels.get(index(label)));
                u32::try_from(labels.len().saturating_sub(1)).unwrap_or(0)
            })
        };
        let mut diagram = self.diagram;
        for target in diagram.targets.iter_mut().chain([&mut diagram.root]) {
            if let Some(label) = target.label() {
                *target = Target::leaf(renumber(label));
            }
        }
        Decisions { diagram, labels }
    }
}

/// Labels by number, in the order in which they came.
struct Labels<L> {
    list: Vec<L>,
    known: HashMap<L, u32>,
}

impl<L: Copy + Eq + Hash> Labels<L> {
    fn new() -> Self {
        Self { list: Vec::new(), known: HashMap::new() }
    }

    /// The number of a label; a new one if it has none.
    fn number(&mut self, label: L) -> u32 {
        *self.known.entry(label).or_insert_with(|| {
            self.list.push(label);
            u32::try_from(self.list.len().saturating_sub(1)).unwrap_or(0)
        })
    }
}
