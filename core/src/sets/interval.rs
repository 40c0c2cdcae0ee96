//! Sets of numbers as ranges: what sets of addresses, ports and protocols are made of.

use alloc::vec;
use alloc::vec::Vec;

/// A set of numbers: ranges in order that neither overlap nor touch, so equal sets are equal values. One
/// type for numbers of every width: another one for each would be the same code again.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Intervals(Vec<(u128, u128)>);

impl Intervals {
    /// The empty set.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// From one number to another, both included; nothing if that is backwards.
    pub fn range(first: u128, last: u128) -> Self {
        Self(if first <= last { vec![(first, last)] } else { Vec::new() })
    }

    /// What is in any of the ranges, in whatever order they come.
    pub fn from_ranges(ranges: impl IntoIterator<Item = (u128, u128)>) -> Self {
        let mut ranges: Vec<_> = ranges.into_iter().filter(|(first, last)| first <= last).collect();
        if !ranges.is_sorted() {
            ranges.sort_unstable();
        }
        let mut joined = Self(Vec::with_capacity(ranges.len()));
        for range in ranges {
            joined.push(range);
        }
        joined
    }

    /// Adds a range that begins no earlier than any before it.
    fn push(&mut self, (first, last): (u128, u128)) {
        match self.0.last_mut() {
            Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
            _ => self.0.push((first, last)),
        }
    }

    /// The ranges, in order.
    pub fn ranges(&self) -> &[(u128, u128)] {
        &self.0
    }

    /// True if nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if all numbers up to this one are in it.
    pub fn is_all(&self, max: u128) -> bool {
        matches!(*self.0, [(0, last)] if last == max)
    }

    /// True if the number is in it.
    pub fn contains(&self, number: u128) -> bool {
        let after = self.0.partition_point(|range| range.0 <= number);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|range| number <= range.1)
    }

    /// What is in either.
    pub fn union(&self, other: &Self) -> Self {
        let mut all = Self(Vec::with_capacity(self.0.len().saturating_add(other.0.len())));
        let (mut left, mut right) = (self.0.iter().copied().peekable(), other.0.iter().copied().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (Some(one), Some(two)) if two < one => right.next(),
                (Some(_), _) => left.next(),
                (None, _) => right.next(),
            };
            match next {
                Some(range) => all.push(range),
                None => return all,
            }
        }
    }

    /// What is in both.
    pub fn intersection(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(&&one), Some(&&two)) = (left.peek(), right.peek()) {
            let (first, last) = (one.0.max(two.0), one.1.min(two.1));
            if first <= last {
                both.push((first, last));
            }
            if one.1 <= two.1 {
                left.next();
            } else {
                right.next();
            }
        }
        Self(both)
    }

    /// The numbers up to the largest that are not in it.
    pub fn complement(&self, max: u128) -> Self {
        let mut rest = Vec::with_capacity(self.0.len().saturating_add(1));
        let mut next = Some(0);
        for &(first, last) in &self.0 {
            if let (Some(from), Some(to)) = (next, first.checked_sub(1))
                && from <= to
            {
                rest.push((from, to));
            }
            next = last.checked_add(1);
        }
        if let Some(from) = next
            && from <= max
        {
            rest.push((from, max));
        }
        Self(rest)
    }

    /// What is in this one alone.
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement(u128::MAX))
    }

    /// True if all of it is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().all(|range| {
            let after = other.0.partition_point(|wide| wide.0 <= range.0);
            after.checked_sub(1).and_then(|at| other.0.get(at)).is_some_and(|wide| range.1 <= wide.1)
        })
    }
}
