//! Sets of numbers as ranges: what sets of addresses, ports and protocols are made of.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::size::Size;
use crate::order;

/// A set of numbers: ranges in order that neither overlap nor touch, so equal sets are equal values. One
/// type for numbers of every width: another one for each would be the same code again.
///
/// Most sets in rules are one range, which is kept in place: a list of its own for each would be most of the
/// time that a long list of rules takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Intervals {
    /// None or one.
    One(Option<(u128, u128)>),
    /// Two or more.
    More(Vec<(u128, u128)>),
}

impl Default for Intervals {
    fn default() -> Self {
        Self::none()
    }
}

impl Ord for Intervals {
    fn cmp(&self, other: &Self) -> Ordering {
        self.ranges().cmp(other.ranges())
    }
}

impl PartialOrd for Intervals {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Of ranges in order that neither overlap nor touch.
impl From<Vec<(u128, u128)>> for Intervals {
    fn from(ranges: Vec<(u128, u128)>) -> Self {
        match *ranges {
            [] => Self::none(),
            [only] => Self::One(Some(only)),
            _ => Self::More(ranges),
        }
    }
}

/// Adds a range that begins no earlier than any before it.
fn push(ranges: &mut Vec<(u128, u128)>, (first, last): (u128, u128)) {
    match ranges.last_mut() {
        Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
        _ => ranges.push((first, last)),
    }
}

impl Intervals {
    /// The empty set.
    pub const fn none() -> Self {
        Self::One(None)
    }

    /// From one number to another, both included; nothing if that is backwards.
    pub fn range(first: u128, last: u128) -> Self {
        Self::One((first <= last).then_some((first, last)))
    }

    /// What is in any of the ranges, in whatever order they come.
    pub fn from_ranges(ranges: impl IntoIterator<Item = (u128, u128)>) -> Self {
        let mut all = ranges.into_iter().filter(|(first, last)| first <= last);
        let Some(one) = all.next() else { return Self::none() };
        let Some(two) = all.next() else { return Self::One(Some(one)) };
        let mut ranges = Vec::from([one, two]);
        ranges.extend(all);
        if !ranges.is_sorted() {
            order::sort_by(&mut ranges, Ord::cmp);
        }
        let mut joined = Vec::with_capacity(ranges.len());
        for range in ranges {
            push(&mut joined, range);
        }
        joined.into()
    }

    /// The ranges, in order.
    pub const fn ranges(&self) -> &[(u128, u128)] {
        match self {
            Self::One(one) => one.as_slice(),
            Self::More(more) => more.as_slice(),
        }
    }

    /// True if nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.ranges().is_empty()
    }

    /// True if all numbers up to this one are in it.
    pub fn is_all(&self, max: u128) -> bool {
        matches!(*self, Self::One(Some((0, last))) if last == max)
    }

    /// True if the number is in it.
    pub fn contains(&self, number: u128) -> bool {
        let after = self.ranges().partition_point(|range| range.0 <= number);
        after.checked_sub(1).and_then(|at| self.ranges().get(at)).is_some_and(|range| number <= range.1)
    }

    /// How many.
    pub fn size(&self) -> Size {
        self.ranges().iter().map(|&(first, last)| Size::of_range(first, last)).sum()
    }

    /// What is in either.
    pub fn union(&self, other: &Self) -> Self {
        let (ours, theirs) = (self.ranges(), other.ranges());
        let mut all = Vec::with_capacity(ours.len().saturating_add(theirs.len()));
        let (mut left, mut right) = (ours.iter().copied().peekable(), theirs.iter().copied().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (Some(one), Some(two)) if two < one => right.next(),
                (Some(_), _) => left.next(),
                (None, _) => right.next(),
            };
            match next {
                Some(range) => push(&mut all, range),
                None => return all.into(),
            }
        }
    }

    /// What is in both.
    pub fn intersection(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        let (mut left, mut right) = (self.ranges().iter().peekable(), other.ranges().iter().peekable());
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
        both.into()
    }

    /// The numbers up to the largest that are not in it.
    pub fn complement(&self, max: u128) -> Self {
        let mut rest = Vec::with_capacity(self.ranges().len().saturating_add(1));
        let mut next = Some(0);
        for &(first, last) in self.ranges() {
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
        rest.into()
    }

    /// What is in this one alone.
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement(u128::MAX))
    }

    /// True if all of it is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.ranges().iter().all(|range| {
            let after = other.ranges().partition_point(|wide| wide.0 <= range.0);
            after.checked_sub(1).and_then(|at| other.ranges().get(at)).is_some_and(|wide| range.1 <= wide.1)
        })
    }
}
