//! Which grants count for the rules as they stand: those that are live, and those before them whose rules theirs may have
//! had to wait behind, back to when nothing was open at an NSG or a firewall.

use alloc::collections::{BTreeMap, BinaryHeap};
use alloc::vec::Vec;
use core::cmp::Ordering;

use hashbrown::HashSet;

use crate::ledger::{GrantId, GrantView, ResourceId, State};
use crate::model::Timestamp;
use crate::preview::Fleet;
use crate::wire::ledger::SHOWN;

/// No more grants are gone through for one NSG. One that so many have kept open without a break has rules whose numbers no
/// longer hang on those before.
const MOST: usize = 4000;

/// Of the machines that policies of the fleet have, in the order in which they were granted.
pub(super) fn counting<'s>(state: &'s State, fleet: &Fleet, now: Timestamp) -> Vec<GrantView<'s>> {
    let live = state.live(now).filter(|view| fleet.knows(view.grant.machine.text()));
    let mut counting: BTreeMap<GrantId, GrantView> = live.map(|view| (view.id, view)).collect();
    let machines: HashSet<&ResourceId> = counting.values().map(|view| &*view.grant.machine).collect();
    let mut places = HashSet::new();
    for machine in machines {
        for (place, beside) in fleet.beside(machine.text()) {
            if places.insert(place) {
                let machines: Vec<ResourceId> = beside.map(ResourceId::new).collect();
                counting.extend(since_calm(state, &machines, now).into_iter().map(|view| (view.id, view)));
            }
        }
    }
    counting.into_values().collect()
}

/// A time in which something of a machine was open without a break.
struct Stretch<'s> {
    from: Timestamp,
    until: Timestamp,
    grants: Vec<GrantView<'s>>,
    /// The machine's last grant before it.
    before: Option<GrantView<'s>>,
}

/// What may have been open last.
enum Ahead<'s> {
    /// A machine's grants from this one back, which were not looked at yet.
    Unknown(GrantView<'s>),
    Known(Stretch<'s>),
}

/// By a time from which on nothing of it was open.
struct Waiting<'s>(Timestamp, Ahead<'s>);

impl Ord for Waiting<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Waiting<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting<'_> {}

/// The grants of some machines since none of them had anything open.
fn since_calm<'s>(state: &'s State, machines: &[ResourceId], now: Timestamp) -> Vec<GrantView<'s>> {
    // Further back goes nobody who reads the policies.
    let is_old = |view: &GrantView| now.since(view.request.start).is_some_and(|age| age > SHOWN);
    let mut waiting: BinaryHeap<Waiting> = machines
        .iter()
        .filter_map(|machine| {
            let (end, last) = (state.last_end(machine)?, state.grants_of(machine).next()?);
            Some(Waiting(end, Ahead::Unknown(last)))
        })
        .collect();
    let (mut since, mut counting) = (now, Vec::new());
    while let Some(Waiting(until, ahead)) = waiting.pop().filter(|waiting| waiting.0 > since) {
        match ahead {
            Ahead::Unknown(last) => {
                let stretch = stretch(state, last, &is_old, MOST.saturating_sub(counting.len()));
                waiting.push(Waiting(stretch.until.min(until), Ahead::Known(stretch)));
            }
            Ahead::Known(stretch) => {
                since = since.min(stretch.from);
                counting.extend(stretch.grants);
                if let Some(before) = stretch.before.filter(|before| !is_old(before)) {
                    waiting.push(Waiting(stretch.from, Ahead::Unknown(before)));
                }
            }
        }
        if counting.len() >= MOST {
            break;
        }
    }
    counting
}

/// The stretch that ends with this grant.
fn stretch<'s>(
    state: &'s State,
    last: GrantView<'s>,
    is_old: &dyn Fn(&GrantView) -> bool,
    most: usize,
) -> Stretch<'s> {
    let mut stretch =
        Stretch { from: last.request.start, until: last.until(), grants: Vec::new(), before: Some(last) };
    while let Some(view) = stretch.before {
        let begun = stretch
            .grants
            .last()
            .is_some_and(|known: &GrantView| known.is_first() && !known.id.is_of_request_of(view.id));
        if begun || is_old(&view) || stretch.grants.len() >= most {
            break;
        }
        stretch.from = view.request.start;
        stretch.until = stretch.until.max(view.until());
        stretch.grants.push(view);
        stretch.before = state.before(&view);
    }
    stretch
}
