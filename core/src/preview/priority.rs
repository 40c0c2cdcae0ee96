//! Where JIT's rules go among the rules of an NSG.
//!
//! What Defender for Cloud does is documented in part only; this follows what exported NSGs show. A deny goes
//! just above the first rule that would let its traffic in, at 1000 or more, and existing rules make room
//! by moving down together. Without such a rule it goes to the end. Allows go from 100 on.

use alloc::vec::Vec;

use super::Mode;

const FIRST: u32 = 100;
const LAST: u32 = 4096;
/// What is before is left to allows.
const FIRST_DENY: u32 = 1000;

/// Where a deny goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// To a free number; the existing rules stay.
    At(u32),
    /// To a number that becomes free when rules move: pairs of their old and new numbers.
    Moving(u32, Vec<(u32, u32)>),
    /// Nowhere: no number is left that would do.
    Full,
}

/// The priorities of an NSG's inbound rules, default rules aside.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    /// Of the rules that may be moved, ascending.
    pub others: Vec<u32>,
    /// Of JIT's own rules.
    pub own: Vec<u32>,
}

impl Numbers {
    fn is_free(&self, number: u32) -> bool {
        self.others.binary_search(&number).is_err() && !self.own.contains(&number)
    }

    /// The number for an allow that must stand above `deny`.
    pub(super) fn allow(&self, deny: u32) -> Option<u32> {
        (FIRST..=LAST).take_while(|&number| number < deny).find(|&number| self.is_free(number))
    }

    /// The number that the last of so many allows gets.
    pub(super) fn allow_of(&self, count: usize) -> Option<u32> {
        (FIRST..=LAST).filter(|&number| self.is_free(number)).take(count).last()
    }

    /// The highest free number below another.
    pub(super) fn free_below(&self, number: u32) -> Option<u32> {
        self.last_free(FIRST, number)
    }

    /// The lowest free number above another.
    pub(super) fn free_above(&self, number: u32) -> Option<u32> {
        (number.saturating_add(1)..=LAST).find(|&number| self.is_free(number))
    }

    /// The number for a deny; `let_in` is the number of the first rule that would let its traffic in.
    pub(super) fn deny(&self, let_in: Option<u32>, mode: Mode) -> Placement {
        let Some(let_in) = let_in.filter(|_| mode == Mode::Enforce) else {
            let last = (FIRST..=LAST).rev().find(|&number| self.is_free(number));
            return last.map_or(Placement::Full, Placement::At);
        };
        if let Some(number) = self.last_free(FIRST_DENY, let_in) {
            return Placement::At(number);
        }
        let first_step = FIRST_DENY.saturating_add(1).saturating_sub(let_in).max(1);
        (first_step..=LAST)
            .map_while(|step| self.all_move(step))
            .find_map(|moved| moved.deny_above(let_in))
            .or_else(|| self.some_move(let_in))
            .unwrap_or(Placement::Full)
    }

    /// The highest free number from `from` on that is below `below`.
    fn last_free(&self, from: u32, below: u32) -> Option<u32> {
        (from..below).rev().filter(|&number| number <= LAST).find(|&number| self.is_free(number))
    }

    /// All rules move on by so much, or a little more where a number is taken. None where they would pass the last number.
    fn all_move(&self, step: u32) -> Option<Moved<'_>> {
        let mut to: Vec<u32> = Vec::with_capacity(self.others.len());
        for &from in &self.others {
            let least = to.last().map_or(0, |last| last.saturating_add(1));
            to.push(self.next(from.saturating_add(step).max(least))?);
        }
        Some(Moved { numbers: self, to })
    }

    /// Only the rules from `let_in` on move, and only as far as they must.
    fn some_move(&self, let_in: u32) -> Option<Placement> {
        let deny = (FIRST_DENY..=LAST)
            .find(|&number| !self.own.contains(&number) && (number >= let_in || self.is_free(number)))?;
        let mut moves = Vec::new();
        let mut last = deny;
        for &from in self.others.iter().filter(|&&number| number >= let_in) {
            last = self.next(from.max(last.saturating_add(1)))?;
            if last != from {
                moves.push((from, last));
            }
        }
        Some(Placement::Moving(deny, moves))
    }

    /// The first number from `number` on that none of JIT's own rules has.
    fn next(&self, number: u32) -> Option<u32> {
        (number..=LAST).find(|number| !self.own.contains(number))
    }
}

/// The numbers after a move.
struct Moved<'n> {
    numbers: &'n Numbers,
    to: Vec<u32>,
}

impl Moved<'_> {
    fn deny_above(self, let_in: u32) -> Option<Placement> {
        let moves = || self.numbers.others.iter().copied().zip(self.to.iter().copied());
        let (_, below) = moves().find(|&(from, _)| from == let_in)?;
        let after = Numbers { others: self.to.clone(), own: self.numbers.own.clone() };
        let deny = after.last_free(FIRST_DENY, below)?;
        Some(Placement::Moving(deny, moves().collect()))
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{Mode, Numbers, Placement};

    fn numbers(others: &[u32], own: &[u32]) -> Numbers {
        Numbers { others: others.to_vec(), own: own.to_vec() }
    }

    #[test]
    fn as_exported_groups_show() {
        // The portal's usual RDP 300 and Port_80 310 become 1001 and 1011, the deny 1000.
        let expected = Placement::Moving(1000, [(300, 1001), (310, 1011)].to_vec());
        assert_eq!(numbers(&[300, 310], &[]).deny(Some(300), Mode::Enforce), expected);
        // A second machine in the same NSG: 1001, and the rules move on by one.
        let expected = Placement::Moving(1001, [(1001, 1002), (1011, 1012)].to_vec());
        assert_eq!(numbers(&[1001, 1011], &[1000]).deny(Some(1001), Mode::Enforce), expected);
        // Nothing lets it in: the end of the list.
        assert_eq!(numbers(&[300, 310], &[]).deny(None, Mode::Enforce), Placement::At(4096));
        assert_eq!(numbers(&[300], &[4096]).deny(None, Mode::Enforce), Placement::At(4095));
        // Room above the rule that lets it in.
        assert_eq!(numbers(&[1500, 2000], &[]).deny(Some(2000), Mode::Enforce), Placement::At(1999));
        assert_eq!(numbers(&[300, 310], &[]).deny(Some(300), Mode::Document), Placement::At(4096));
    }

    #[test]
    fn where_all_cannot_move_together() {
        let expected = Placement::Moving(1000, [(500, 1001)].to_vec());
        assert_eq!(numbers(&[500, 4096], &[]).deny(Some(500), Mode::Enforce), expected);
        let full: Vec<u32> = (1000..=4096).collect();
        assert_eq!(numbers(&full, &[]).deny(Some(1000), Mode::Enforce), Placement::Full);
        let full: Vec<u32> = (100..=4096).collect();
        assert_eq!(numbers(&full, &[]).deny(None, Mode::Document), Placement::Full);
        assert_eq!(numbers(&full, &[]).allow(4096), None);
        assert_eq!(numbers(&[100, 101], &[102]).allow(1000), Some(103));
    }
}
