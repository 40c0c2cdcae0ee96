//! Makes diagrams: from regions, from one diagram by changing its labels, from two by joining them.

use alloc::vec;
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};

use hashbrown::hash_table::{Entry, HashTable};
use hashbrown::{DefaultHashBuilder, HashMap};

use super::address::Family;
use super::diagram::{Diagram, Level, Node, Target, family_number};
use super::interval::Intervals;
use super::limit::{Entangled, Steps};
use super::packet::Region;
use super::port::Protocols;

/// A diagram in the making. Nodes are made after all that their edges lead to, in the order of the edges,
/// which gives them their canonical numbers as long as every node made is used.
pub(super) struct Builder {
    made: Diagram,
    /// The nodes by their contents.
    known: HashTable<(u64, Target)>,
    hasher: DefaultHashBuilder,
    /// The edges of the nodes in the making, those of the innermost last.
    edges: Vec<(u128, Target)>,
}

impl Builder {
    pub fn new() -> Self {
        Self {
            made: Diagram::constant(0),
            // Most diagrams are small: grown step by step, they would be moved more often than read.
            known: HashTable::with_capacity(14),
            hasher: DefaultHashBuilder::default(),
            edges: Vec::with_capacity(32),
        }
    }

    /// Where the edges of a new node begin.
    pub fn begin(&self) -> usize {
        self.edges.len()
    }

    /// Adds an edge to the node that began there, unless it goes where the one before it goes.
    #[inline]
    pub fn edge(&mut self, begin: usize, start: u128, target: Target) {
        if self.edges.len() > begin && self.edges.last().is_some_and(|last| last.1 == target) {
            return;
        }
        self.edges.push((start, target));
    }

    /// Ends the node that began there: the one that is the same, or where its only edge leads, or a new one.
    pub fn end(&mut self, begin: usize, level: Level) -> Target {
        let edges = self.edges.get(begin..).unwrap_or_default();
        if let [(_, target)] = *edges {
            self.edges.truncate(begin);
            return target;
        }
        let mut hasher = self.hasher.build_hasher();
        for (start, target) in edges {
            hasher.write_u128(*start);
            hasher.write_u32(target.bits());
        }
        let hash = hasher.finish();
        let Self { made, known, .. } = self;
        let same = |found: &(u64, Target)| {
            let (starts, targets) = made.edges(found.1);
            found.0 == hash
                && made.level(found.1) == level
                && starts.len() == edges.len()
                && edges
                    .iter()
                    .zip(starts.iter().zip(targets))
                    .all(|(edge, (start, target))| edge == &(*start, *target))
        };
        let target = match known.entry(hash, same, |found| found.0) {
            Entry::Occupied(found) => found.get().1,
            Entry::Vacant(free) => {
                let target = Target::node(made.nodes.len());
                free.insert((hash, target));
                let first = u32::try_from(made.starts.len()).unwrap_or(u32::MAX);
                made.starts.extend(edges.iter().map(|edge| edge.0));
                made.targets.extend(edges.iter().map(|edge| edge.1));
                let end = u32::try_from(made.starts.len()).unwrap_or(u32::MAX);
                made.nodes.push(Node { level, first, end });
                target
            }
        };
        self.edges.truncate(begin);
        target
    }

    /// A node that goes one way for the numbers of a set, and another for the rest up to the largest.
    fn split(&mut self, level: Level, set: &Intervals, max: u128, inside: Target, outside: Target) -> Target {
        let begin = self.begin();
        if set.ranges().first().is_none_or(|range| range.0 > 0) {
            self.edge(begin, 0, outside);
        }
        for &(first, last) in set.ranges() {
            self.edge(begin, first, inside);
            if last < max {
                self.edge(begin, last.saturating_add(1), outside);
            }
        }
        self.end(begin, level)
    }

    /// What lies under one family's destination for a region.
    fn family(&mut self, region: &Region, family: Family, inside: Target, outside: Target) -> Target {
        let (sources, destinations) = (region.sources.numbers(family), region.destinations.numbers(family));
        let portless = region.portless();
        let with_ports = region.protocols.intersection(&Protocols::with_ports());
        let max = family.max();
        // In the order in which a walk through the protocols meets them.
        let mut from = outside;
        if !portless.is_empty() {
            from = self.split(Level::Source, sources, max, inside, outside);
        }
        let mut ports = outside;
        if !with_ports.is_empty() {
            ports = self.split(Level::SourcePort, &region.source_ports.0, 0xffff, inside, outside);
            ports = self.split(Level::Source, sources, max, ports, outside);
            ports = self.split(Level::DestinationPort, &region.destination_ports.0, 0xffff, ports, outside);
        }
        let begin = self.begin();
        for protocol in 0..=u8::MAX {
            let target = match protocol {
                _ if with_ports.contains(protocol) => ports,
                _ if portless.contains(protocol) => from,
                _ => outside,
            };
            self.edge(begin, u128::from(protocol), target);
        }
        let protocols = self.end(begin, Level::Protocol);
        self.split(Level::Destination, destinations, max, protocols, outside)
    }

    /// One label for the packets of a region, another for all others.
    pub fn region(region: &Region, inside: u32, outside: u32) -> Diagram {
        let mut raw = Self::new();
        let begin = raw.begin();
        for family in Family::ALL {
            let target = if region.sources.numbers(family).is_empty() {
                Target::leaf(outside)
            } else {
                raw.family(region, family, Target::leaf(inside), Target::leaf(outside))
            };
            raw.edge(begin, family_number(family), target);
        }
        let root = raw.end(begin, Level::Family);
        // A chain is made from its end, where a walk would begin: numbered anew, it is canonical.
        map(&raw.finish(root), |label| label)
    }

    /// The diagram from this root.
    pub fn finish(self, root: Target) -> Diagram {
        Diagram { root, ..self.made }
    }
}

/// The same diagram with other labels.
pub(super) fn map(from: &Diagram, label: impl FnMut(u32) -> u32) -> Diagram {
    let mut builder = Builder::new();
    let root = Copier::new(from, label).copy(&mut builder, from.root);
    builder.finish(root)
}

/// Copies parts of a diagram with other labels.
pub(super) struct Copier<'a, F> {
    from: &'a Diagram,
    label: F,
    copies: Vec<Option<Target>>,
}

impl<'a, F: FnMut(u32) -> u32> Copier<'a, F> {
    pub fn new(from: &'a Diagram, label: F) -> Self {
        Self { from, label, copies: Vec::new() }
    }

    /// The copy of what a target leads to.
    pub fn copy(&mut self, builder: &mut Builder, target: Target) -> Target {
        if let Some(label) = target.label() {
            return Target::leaf((self.label)(label));
        }
        if let Some(Some(copy)) = self.copies.get(target.index()) {
            return *copy;
        }
        let (starts, targets) = self.from.edges(target);
        let begin = builder.begin();
        for (start, to) in starts.iter().zip(targets) {
            let to = self.copy(builder, *to);
            builder.edge(begin, *start, to);
        }
        let copy = builder.end(begin, self.from.level(target));
        if self.copies.is_empty() {
            self.copies = vec![None; self.from.nodes.len()];
        }
        if let Some(known) = self.copies.get_mut(target.index()) {
            *known = Some(copy);
        }
        copy
    }
}

/// What to do where two diagrams meet.
pub(super) enum Join {
    /// The rest has this label.
    Label(u32),
    /// The rest is as in the left one.
    Left,
    /// The rest is as in the right one.
    Right,
    /// Go on: more must be known.
    Deeper,
}

/// Joins two diagrams, if so many steps are enough. The function sees a label where a side has come to a leaf, and must
/// not ask to go deeper when both have.
pub(super) fn join(
    left: &Diagram,
    right: &Diagram,
    steps: Steps,
    rule: impl FnMut(Option<u32>, Option<u32>) -> Join,
) -> Result<Diagram, Entangled> {
    let mut joiner = Joiner {
        left: Copier::new(left, |label| label),
        right: Copier::new(right, |label| label),
        rule,
        builder: Builder::new(),
        known: HashMap::new(),
        steps,
    };
    let root = joiner.join(left.root, right.root);
    let Joiner { builder, steps, .. } = joiner;
    steps.made(root).map(|root| builder.finish(root))
}

/// Joins each with its neighbour, and what that gives with its neighbour again: so all joins of a round are
/// of like size, and few are large.
pub(super) fn in_rounds<T, E>(
    mut items: Vec<T>,
    join: impl Fn(&T, &T) -> Result<T, E>,
) -> Result<Option<T>, E> {
    while items.len() > 1 {
        let mut round = Vec::with_capacity(items.len().div_ceil(2));
        let mut rest = items.into_iter();
        while let Some(one) = rest.next() {
            round.push(match rest.next() {
                Some(two) => join(&one, &two)?,
                None => one,
            });
        }
        items = round;
    }
    Ok(items.pop())
}

struct Joiner<'a, L, R, F> {
    left: Copier<'a, L>,
    right: Copier<'a, R>,
    rule: F,
    builder: Builder,
    known: HashMap<(Target, Target), Target>,
    steps: Steps,
}

impl<L, R, F> Joiner<'_, L, R, F>
where
    L: FnMut(u32) -> u32,
    R: FnMut(u32) -> u32,
    F: FnMut(Option<u32>, Option<u32>) -> Join,
{
    fn join(&mut self, left: Target, right: Target) -> Target {
        match (self.rule)(left.label(), right.label()) {
            Join::Label(label) => return Target::leaf(label),
            Join::Left => return self.left.copy(&mut self.builder, left),
            Join::Right => return self.right.copy(&mut self.builder, right),
            Join::Deeper => {}
        }
        if let Some(known) = self.known.get(&(left, right)) {
            return *known;
        }
        let (one, two) = (self.left.from, self.right.from);
        let level = one.level(left).min(two.level(right));
        // A side that asks for something further down goes on as it is, whatever the number.
        let alone = ([0], [left], [right]);
        let ones = if one.level(left) == level { one.edges(left) } else { (&alone.0[..], &alone.1[..]) };
        let twos = if two.level(right) == level { two.edges(right) } else { (&alone.0[..], &alone.2[..]) };
        let mut ones = ones.0.iter().zip(ones.1).peekable();
        let mut twos = twos.0.iter().zip(twos.1).peekable();
        let begin = self.builder.begin();
        let (mut here, mut there) = (left, right);
        loop {
            let start = match (ones.peek(), twos.peek()) {
                (Some((one, _)), Some((two, _))) => **one.min(two),
                (Some((one, _)), None) => **one,
                (None, Some((two, _))) => **two,
                (None, None) => break,
            };
            if let Some((_, target)) = ones.next_if(|(one, _)| **one == start) {
                here = *target;
            }
            if let Some((_, target)) = twos.next_if(|(two, _)| **two == start) {
                there = *target;
            }
            self.steps.take(1);
            if self.steps.are_spent() {
                break;
            }
            let target = self.join(here, there);
            self.builder.edge(begin, start, target);
        }
        let made = self.builder.end(begin, level);
        self.known.insert((left, right), made);
        made
    }
}
