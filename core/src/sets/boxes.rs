//! A set of packets as boxes that a person can read.

use alloc::vec::Vec;
use core::mem;

use hashbrown::HashMap;

use super::address::{Addresses, Family};
use super::diagram::{Level, Target};
use super::interval::Intervals;
use super::limit::MOST_BOXES;
use super::packet::Region;
use super::port::{Ports, Protocols};
use super::traffic::Traffic;

impl Traffic {
    /// The set as few boxes that have nothing in common: first by destination, then by protocol, by port and
    /// by source; what differs in one of them alone is told in one box. Equal sets give equal boxes. Where
    /// protocols without ports are alone, the ports say all.
    ///
    /// A set that falls into more boxes than anybody reads is told [coarsely](Self::is_coarse): one box for each
    /// family, with all that is in the set and more.
    pub fn boxes(&self) -> Vec<Region> {
        let mut boxes: Vec<Region> = Vec::new();
        if self.is_coarse() {
            boxes.extend(Family::ALL.into_iter().filter_map(|family| self.hull(family)));
            join_families(&mut boxes);
            return boxes;
        }
        for family in Family::ALL {
            self.boxes_of(family, &mut boxes);
        }
        join(&mut boxes);
        join_families(&mut boxes);
        join(&mut boxes);
        boxes
    }

    /// True if the boxes hold more than the set does.
    pub fn is_coarse(&self) -> bool {
        // So few ranges, on five levels, make no more boxes than that.
        const FEW: usize = 40;
        if self.ranges() <= FEW {
            return false;
        }
        let of = |family| {
            let mut known = alloc::vec![None; self.0.nodes.len()];
            self.paths(Level::Destination, self.below(family), &mut known)
        };
        Family::ALL.into_iter().map(of).fold(0, usize::saturating_add) > MOST_BOXES
    }

    /// How many boxes there are below a target, before any are joined.
    fn paths(&self, level: Level, target: Target, known: &mut [Option<usize>]) -> usize {
        if target.label().is_some() || level == Level::Leaf {
            return usize::from(target != Target::leaf(0));
        }
        if self.0.level(target) != level {
            return self.paths(level.next(), target, known);
        }
        if let Some(Some(known)) = known.get(target.index()) {
            return *known;
        }
        // Ranges that go on alike are one box.
        let mut targets = self.0.edges(target).1.to_vec();
        crate::order::sort(&mut targets, |target| target.bits().into());
        targets.dedup();
        let below = targets.into_iter().map(|to| self.paths(level.next(), to, known));
        let paths = below.fold(0, usize::saturating_add);
        if let Some(known) = known.get_mut(target.index()) {
            *known = Some(paths);
        }
        paths
    }

    /// One box around all of a family; none where nothing is of it.
    fn hull(&self, family: Family) -> Option<Region> {
        let destinations = self.0.ranges(self.below(family), Level::Destination, family);
        let inside = destinations.filter(|range| range.2 != Target::leaf(0));
        let destinations = Intervals::from_ranges(inside.map(|(first, last, _)| (first, last)));
        let sources = self.sources_by(family, None);
        (!destinations.is_empty()).then(|| Region {
            sources: Addresses::of(family, sources),
            destinations: Addresses::of(family, destinations),
            ..Region::all()
        })
    }

    /// The boxes of one family, not yet joined. Below protocols without ports no node asks for one, so that
    /// their ports are all.
    fn boxes_of(&self, family: Family, boxes: &mut Vec<Region>) {
        for (destinations, target) in self.groups(self.below(family), Level::Destination, family) {
            for (protocols, target) in self.groups(target, Level::Protocol, family) {
                for (destination_ports, target) in self.groups(target, Level::DestinationPort, family) {
                    for (sources, target) in self.groups(target, Level::Source, family) {
                        for (source_ports, _) in self.groups(target, Level::SourcePort, family) {
                            boxes.push(Region {
                                protocols: Protocols(protocols.clone()),
                                sources: Addresses::of(family, sources.clone()),
                                source_ports: Ports(source_ports),
                                destinations: Addresses::of(family, destinations.clone()),
                                destination_ports: Ports(destination_ports.clone()),
                            });
                        }
                    }
                }
            }
        }
    }

    /// The ranges at a level that lead to the same target, each with all its numbers; those that lead to
    /// nothing are left out.
    fn groups(&self, target: Target, level: Level, family: Family) -> Vec<(Intervals, Target)> {
        let mut groups: Vec<(Vec<(u128, u128)>, Target)> = Vec::new();
        let mut known: HashMap<Target, usize> = HashMap::new();
        for (first, last, to) in self.0.ranges(target, level, family) {
            if to == Target::leaf(0) {
                continue;
            }
            let at = *known.entry(to).or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.0.push((first, last)),
                None => groups.push(([(first, last)].into(), to)),
            }
        }
        groups.into_iter().map(|(ranges, to)| (Intervals::from_ranges(ranges), to)).collect()
    }
}

/// Joins boxes that differ in one part alone, until there are none.
fn join(boxes: &mut Vec<Region>) {
    loop {
        let before = boxes.len();
        join_by(boxes, |one| &mut one.destination_ports, Ports::union);
        join_by(boxes, |one| &mut one.sources, Addresses::union);
        join_by(boxes, |one| &mut one.protocols, Protocols::union);
        join_by(boxes, |one| &mut one.destinations, Addresses::union);
        join_by(boxes, |one| &mut one.source_ports, Ports::union);
        if boxes.len() == before {
            return;
        }
    }
}

/// Joins boxes that differ in this part alone.
fn join_by<T: Default>(
    boxes: &mut Vec<Region>,
    part: impl Fn(&mut Region) -> &mut T,
    union: impl Fn(&T, &T) -> T,
) {
    let mut known: HashMap<Region, usize> = HashMap::with_capacity(boxes.len());
    let mut joined: Vec<(Region, T)> = Vec::with_capacity(boxes.len());
    for mut one in boxes.drain(..) {
        let mine = mem::take(part(&mut one));
        match known.get(&one).and_then(|at| joined.get_mut(*at)) {
            Some((_, other)) => *other = union(other, &mine),
            None => {
                known.insert(one.clone(), joined.len());
                joined.push((one, mine));
            }
        }
    }
    boxes.extend(joined.into_iter().map(|(mut one, mine)| {
        *part(&mut one) = mine;
        one
    }));
}

/// Tells a box of IPv4 and one of IPv6 as one where they differ in addresses alone: no packet has both.
fn join_families(boxes: &mut Vec<Region>) {
    let mut joined: Vec<Region> = Vec::with_capacity(boxes.len());
    for one in boxes.drain(..) {
        let partner = joined.iter_mut().find(|other| {
            other.destinations.v6.is_empty()
                && one.destinations.v4.is_empty()
                && (&other.protocols, &other.destination_ports, &other.source_ports)
                    == (&one.protocols, &one.destination_ports, &one.source_ports)
        });
        match partner {
            Some(other) => {
                other.sources = other.sources.union(&one.sources);
                other.destinations = other.destinations.union(&one.destinations);
            }
            None => joined.push(one),
        }
    }
    *boxes = joined;
}
