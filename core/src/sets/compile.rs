//! An ordered list of rules, where the first that matches decides, made into a diagram.
//!
//! From the first level down: the ends of all ranges cut a level into pieces, and each piece goes on with
//! the rules that match in it. A rule that matches everything from here on hides those after it, and
//! a list of rules that was met before, at the same level, leads to the same node. How many lists there are is
//! in the hand of who writes the rules, so that there is a limit on the steps.

use alloc::vec::Vec;
use core::net::IpAddr;

use hashbrown::{Equivalent, HashMap};

use super::address::Family;
use super::build::Builder;
use super::diagram::{Diagram, Level, Target, family_number, index};
use super::interval::Intervals;
use super::limit::{Entangled, Steps};
use super::packet::Region;
use super::port::{TCP, UDP, has_ports};
use crate::order;

/// A rule: what it matches, and the label it gives.
struct Rule<'a> {
    region: &'a Region,
    label: u32,
}

/// The numbers that a rule matches at a level.
fn numbers<'a>(rule: &Rule<'a>, level: Level, family: Family) -> Option<&'a Intervals> {
    match level {
        Level::Destination => Some(rule.region.destinations.numbers(family)),
        Level::Protocol => Some(&rule.region.protocols.0),
        Level::DestinationPort => Some(&rule.region.destination_ports.0),
        Level::Source => Some(rule.region.sources.numbers(family)),
        Level::SourcePort => Some(&rule.region.source_ports.0),
        Level::Family | Level::Leaf => None,
    }
}

/// The diagram of an ordered list of rules with their labels, if so many steps are enough.
pub(super) fn compile<'a>(
    rules: impl IntoIterator<Item = (&'a Region, u32)>,
    otherwise: u32,
    mut steps: Steps,
) -> Result<Diagram, Entangled> {
    let rules: Vec<Rule> = rules.into_iter().map(|(region, label)| Rule { region, label }).collect();
    let mut builder = Builder::new();
    let begin = builder.begin();
    for family in Family::ALL {
        let mut compiler = Compiler::new(&rules, family, otherwise, builder, steps);
        let possible = |rule: &u32| {
            compiler.rule(*rule).is_some_and(|rule| {
                !rule.region.destinations.numbers(family).is_empty()
                    && !rule.region.sources.numbers(family).is_empty()
            })
        };
        let mut all: Vec<u32> =
            (0..u32::try_from(rules.len()).unwrap_or(u32::MAX)).filter(possible).collect();
        let target = compiler.node(Level::Destination, true, &mut all);
        Compiler { builder, steps, .. } = compiler;
        builder.edge(begin, family_number(family), target);
    }
    let root = builder.end(begin, Level::Family);
    steps.made(root).map(|root| builder.finish(root))
}

/// The part of that diagram below one destination, and below one protocol and port if they are told: most rules
/// of a long list are for others, and are left out.
pub(super) fn compile_to<'a>(
    destination: IpAddr,
    only: Option<(u8, u16)>,
    rules: impl IntoIterator<Item = (&'a Region, u32)>,
    otherwise: u32,
    steps: Steps,
) -> Result<(Builder, Target), Entangled> {
    let family = Family::of(destination);
    let (level, ports) = only.map_or((Level::Protocol, true), |only| (Level::Source, has_ports(only.0)));
    let asked_for = |region: &Region| {
        only.is_none_or(|(protocol, port)| {
            let port = if ports { port } else { 0 };
            region.protocols.contains(protocol)
                && region.destination_ports.contains(port)
                && (ports || region.source_ports.contains(0))
        }) && region.destinations.contains(destination)
            && !region.sources.numbers(family).is_empty()
    };
    let rules: Vec<Rule> = rules
        .into_iter()
        .filter(|(region, _)| asked_for(region))
        .map(|(region, label)| Rule { region, label })
        .collect();
    let mut compiler = Compiler::new(&rules, family, otherwise, Builder::new(), steps);
    let mut all = (0..u32::try_from(rules.len()).unwrap_or(u32::MAX)).collect();
    let target = compiler.node(level, ports, &mut all);
    compiler.steps.made((compiler.builder, target))
}

/// A place where a rule begins to match, or matches no more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    at: u128,
    /// The place of the rule in the list at hand.
    place: u32,
    begins: bool,
}

impl Cut {
    /// As one word, which is sorted much quicker; none for numbers of more than 32 bits, which come after all
    /// that have a word. No list has 2³¹ rules.
    #[inline]
    fn pack(self) -> Option<u64> {
        let at = u64::from(u32::try_from(self.at).ok()?);
        Some((at << 32) | (u64::from(self.place) << 1) | u64::from(self.begins))
    }

    #[inline]
    fn unpack(word: u64) -> Self {
        let low = word & u64::from(u32::MAX);
        Self { at: u128::from(word >> 32), place: u32::try_from(low >> 1).unwrap_or(0), begins: low & 1 != 0 }
    }
}

struct Compiler<'a> {
    rules: &'a [Rule<'a>],
    family: Family,
    otherwise: u32,
    /// Of each rule, the first level from which on it matches everything.
    free_from: Vec<Level>,
    builder: Builder,
    /// What lists of rules led to, at which level, and whether there are ports.
    known: HashMap<(Level, bool, Vec<u32>), Target>,
    steps: Steps,
}

/// What a list is known by, while it is not kept: it is hashed as what is kept.
#[derive(Hash)]
struct Key<'l>(Level, bool, &'l [u32]);

impl Equivalent<(Level, bool, Vec<u32>)> for Key<'_> {
    fn equivalent(&self, kept: &(Level, bool, Vec<u32>)) -> bool {
        (self.0, self.1, self.2) == (kept.0, kept.1, &*kept.2)
    }
}

impl<'a> Compiler<'a> {
    fn new(rules: &'a [Rule<'a>], family: Family, otherwise: u32, builder: Builder, steps: Steps) -> Self {
        let free_from = rules
            .iter()
            .map(|rule| {
                let levels = [
                    Level::SourcePort,
                    Level::Source,
                    Level::DestinationPort,
                    Level::Protocol,
                    Level::Destination,
                ];
                let bound = levels.into_iter().find(|level| {
                    !numbers(rule, *level, family).is_some_and(|set| set.is_all(level.largest(family)))
                });
                bound.map_or(Level::Family, Level::next)
            })
            .collect();
        Self { rules, family, otherwise, free_from, builder, known: HashMap::new(), steps }
    }

    fn rule(&self, rule: u32) -> Option<&'a Rule<'a>> {
        self.rules.get(index(rule))
    }

    /// True if the rule matches everything from this level on. Where there are no ports, what it says of
    /// them was looked at before.
    fn is_free(&self, rule: u32, level: Level, ports: bool) -> bool {
        let from = self.free_from.get(index(rule)).copied().unwrap_or(Level::Leaf);
        from <= level
            || !ports
                && level > Level::Protocol
                && (level > Level::Source
                    || self.rule(rule).is_some_and(|rule| {
                        rule.region.sources.numbers(self.family).is_all(self.family.max())
                    }))
    }

    /// What a list of rules leads to from this level on. The list ends with the first rule that is free; what it says
    /// in vain is taken out of it.
    fn node(&mut self, level: Level, ports: bool, list: &mut Vec<u32>) -> Target {
        self.steps.take(list.len());
        if self.steps.are_spent() {
            return Target::leaf(self.otherwise);
        }
        self.trim(list, level, ports);
        let Some(&first) = list.first() else { return Target::leaf(self.otherwise) };
        if self.is_free(first, level, ports) {
            return Target::leaf(self.rule(first).map_or(self.otherwise, |rule| rule.label));
        }
        if !ports && matches!(level, Level::DestinationPort | Level::SourcePort) {
            return self.node(level.next(), ports, list);
        }
        let max = level.largest(self.family);
        let is_all = |rule: &u32| {
            self.rule(*rule)
                .and_then(|rule| numbers(rule, level, self.family))
                .is_some_and(|set| set.is_all(max))
        };
        if level != Level::Protocol && list.iter().all(is_all) {
            return self.node(level.next(), ports, list);
        }
        if let Some(known) = self.known.get(&Key(level, ports, list)) {
            return *known;
        }
        let begin = self.builder.begin();
        if level == Level::Protocol {
            self.protocols(begin, list);
        } else {
            self.pieces(begin, level, ports, list);
        }
        let made = self.builder.end(begin, level);
        self.known.insert((level, ports, list.clone()), made);
        made
    }

    /// Leaves out the last rules that say what is said without them: what the free rule at the end says, or
    /// what is said where no rule matches.
    fn trim(&self, list: &mut Vec<u32>, level: Level, ports: bool) {
        let label = |rule: &u32| self.rule(*rule).map_or(self.otherwise, |rule| rule.label);
        let end = list.pop_if(|last| self.is_free(*last, level, ports));
        let said = end.as_ref().map_or(self.otherwise, label);
        while list.pop_if(|last| label(last) == said).is_some() {}
        list.extend(end.filter(|_| said != self.otherwise));
    }

    /// The edges for protocols: those with ports apart from those without.
    fn protocols(&mut self, begin: usize, list: &[u32]) {
        let mut cuts: Vec<u128> = [0, u128::from(TCP), u128::from(UDP)].into();
        cuts.extend([TCP, UDP].map(|protocol| u128::from(protocol).saturating_add(1)));
        for rule in list.iter().filter_map(|rule| self.rule(*rule)) {
            let ranges = rule.region.protocols.0.ranges();
            cuts.extend(ranges.iter().flat_map(|(first, last)| [*first, last.saturating_add(1)]));
        }
        order::distinct(&mut cuts);
        for protocol in cuts.into_iter().filter_map(|cut| u8::try_from(cut).ok()) {
            let ports = has_ports(protocol);
            let matching = |rule: &&u32| {
                self.rule(**rule).is_some_and(|Rule { region, .. }| {
                    region.protocols.contains(protocol)
                        && (ports || region.source_ports.contains(0) && region.destination_ports.contains(0))
                })
            };
            let mut some: Vec<u32> = list.iter().filter(matching).copied().collect();
            self.hide(&mut some, Level::DestinationPort, ports);
            let target = self.node(Level::DestinationPort, ports, &mut some);
            self.builder.edge(begin, u128::from(protocol), target);
        }
    }

    /// Leaves out the rules after the first that is free.
    fn hide(&self, list: &mut Vec<u32>, level: Level, ports: bool) {
        if let Some(free) = list.iter().position(|rule| self.is_free(*rule, level, ports)) {
            list.truncate(free.saturating_add(1));
        }
    }

    /// The edges for the pieces into which the rules cut a level.
    fn pieces(&mut self, begin: usize, level: Level, ports: bool, list: &[u32]) {
        let max = level.largest(self.family);
        let next = level.next();
        // The rules that match in the piece at hand, and those that hide others from there on: a bit each.
        let mut matching = Bits::new(list.len());
        let mut free = Bits::new(list.len());
        let (mut packed, mut wide): (Vec<u64>, Vec<Cut>) = (Vec::new(), Vec::new());
        let mut cut = |cut: Cut| match cut.pack() {
            Some(word) => packed.push(word),
            None => wide.push(cut),
        };
        for (place, rule) in (0_u32..).zip(list) {
            if self.is_free(*rule, next, ports) {
                free.set(place, true);
            }
            let Some(set) = self.rule(*rule).and_then(|rule| numbers(rule, level, self.family)) else {
                continue;
            };
            for &(at, last) in set.ranges() {
                if at == 0 {
                    matching.set(place, true);
                } else {
                    cut(Cut { at, place, begins: true });
                }
                if last < max {
                    cut(Cut { at: last.saturating_add(1), place, begins: false });
                }
            }
        }
        #[expect(
            clippy::stable_sort_primitive,
            reason = "each rule's ranges are in order already, which it makes use of"
        )]
        packed.sort();
        order::sort_by(&mut wide, Ord::cmp);
        let mut cuts = packed.into_iter().map(Cut::unpack).chain(wide).peekable();
        let mut start = 0;
        let mut some = Vec::with_capacity(list.len());
        loop {
            // The first that is free and what stands before it.
            some.clear();
            let mut is_hidden = false;
            matching.each_until(|place| {
                some.extend(list.get(index(place)));
                is_hidden = free.get(place);
                is_hidden
            });
            let target = match *some {
                [] => Target::leaf(self.otherwise),
                [only] if is_hidden => {
                    Target::leaf(self.rule(only).map_or(self.otherwise, |rule| rule.label))
                }
                _ => self.node(next, ports, &mut some),
            };
            self.builder.edge(begin, start, target);
            self.steps.take(matching.words());
            if self.steps.are_spent() {
                return;
            }
            let Some(cut) = cuts.peek() else { return };
            start = cut.at;
            while let Some(cut) = cuts.next_if(|cut| cut.at == start) {
                matching.set(cut.place, cut.begins);
            }
        }
    }
}

/// A bit for each place in a list.
struct Bits(Vec<u64>);

impl Bits {
    fn new(len: usize) -> Self {
        Self(alloc::vec![0; len.div_ceil(64)])
    }

    /// What it takes to look at all of them.
    #[inline]
    fn words(&self) -> usize {
        self.0.len()
    }

    #[inline]
    fn set(&mut self, place: u32, on: bool) {
        if let Some(word) = self.0.get_mut(index(place >> 6)) {
            let bit = 1_u64.wrapping_shl(place);
            *word = if on { *word | bit } else { *word & !bit };
        }
    }

    #[inline]
    fn get(&self, place: u32) -> bool {
        self.0.get(index(place >> 6)).is_some_and(|word| word & 1_u64.wrapping_shl(place) != 0)
    }

    /// Shows each place whose bit is on, in order, until told to stop.
    #[inline]
    fn each_until(&self, mut stop: impl FnMut(u32) -> bool) {
        for (word, base) in self.0.iter().zip((0_u32..).step_by(64)) {
            let mut rest = *word;
            while rest != 0 {
                if stop(base.saturating_add(rest.trailing_zeros())) {
                    return;
                }
                rest &= rest.wrapping_sub(1);
            }
        }
    }
}
