//! Grants on their way out: what an event says of them, and how it closes them.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Closed, Closing, Grant, GrantId, GrantView, Principal, ResourceId, State, StatusReason};
use crate::model::Timestamp;
use crate::order;

impl Closing {
    /// Of an open grant.
    pub(super) fn of(view: &GrantView, reason: StatusReason) -> Self {
        let (request, grant) = (view.request, view.grant);
        let requestor = match request.requestor.requestor() {
            "" => &*request.requestor.id,
            name => name,
        };
        Self {
            request: request.seq,
            machine: (*grant.machine).clone(),
            number: grant.number,
            policy: (*request.policy).clone(),
            protocols: grant.protocols,
            prefixes: grant.prefixes.clone(),
            start: request.start,
            end: grant.end.clone(),
            requestor: requestor.into(),
            reason,
        }
    }

    /// Of each of these.
    pub(super) fn each<'s>(views: impl Iterator<Item = GrantView<'s>>, reason: StatusReason) -> Vec<Self> {
        views.map(|view| Self::of(&view, reason)).collect()
    }

    /// Which grants of its request it means.
    fn meant(&self) -> (u16, &ResourceId) {
        (self.number, &self.machine)
    }

    fn is_of_time(&self) -> bool {
        self.reason == StatusReason::Expired
    }

    /// Where it is among those of its event.
    fn place(&self) -> (u64, (u16, &ResourceId), bool) {
        (self.request, self.meant(), self.is_of_time())
    }
}

impl State {
    /// Closes the grants that are meant, so far as they are still open; those that have ended are no longer waited
    /// for. An event may close thousands: each request and each machine is looked through once.
    pub(super) fn close_all(&mut self, closings: &[Closing], at: Timestamp, by: &Arc<Principal>) {
        let mut closings: Vec<&Closing> = closings.iter().collect();
        // Of several that mean the same, those that close before the end are first.
        order::sort_by(&mut closings, |one, other| one.place().cmp(&other.place()));
        let mut gone = Vec::new();
        for of_request in closings.chunk_by(|one, other| one.request == other.request) {
            self.close(of_request, at, by, &mut gone);
        }
        order::sort_by(&mut gone, Ord::cmp);
        for of_machine in gone.chunk_by(|(one, _), (other, _)| one == other) {
            let machine = of_machine.first().map(|(machine, _)| machine.key());
            if let Some(entry) = machine.and_then(|machine| self.machines.get_mut(machine)) {
                entry.live.retain(|live| of_machine.binary_search_by(|(_, id)| id.cmp(live)).is_err());
            }
        }
    }

    /// The same of one request, whose closings are in order; adds the grants that are no longer waited for.
    fn close<'c>(
        &mut self,
        closings: &[&'c Closing],
        at: Timestamp,
        by: &Arc<Principal>,
        gone: &mut Vec<(&'c ResourceId, GrantId)>,
    ) {
        let index = closings.first().and_then(|closing| self.request_index(closing.request));
        let Some((index, place)) = index.and_then(|index| Some((index, usize::try_from(index).ok()?))) else {
            return;
        };
        // What closes a grant, and whether its end has passed.
        let closing = |grant: &Grant| {
            let meant = (grant.number, &*grant.machine);
            let first = closings.partition_point(|closing| closing.meant() < meant);
            let closing = closings.get(first).filter(|closing| closing.meant() == meant)?;
            let ended = grant.end.time() <= at;
            let closes = grant.closed.is_none() && (ended || !closing.is_of_time());
            closes.then_some((*closing, ended))
        };
        let mut closed = Vec::new();
        for (number, grant) in
            (0_u32..).zip(self.requests.get(place).iter().flat_map(|request| &request.grants))
        {
            if let Some((closing, ended)) = closing(grant) {
                let id = GrantId { request: index, grant: number };
                self.ending.remove_mut(&(grant.end.time(), id));
                gone.push((&closing.machine, id));
                if !ended {
                    closed.push((number, closing.reason));
                }
            }
        }
        // A request that stays as it is, is not copied.
        if let Some(request) = (!closed.is_empty()).then(|| self.requests.get_mut(place)).flatten() {
            for (number, reason) in closed {
                let number = usize::try_from(number).ok();
                if let Some(grant) = number.and_then(|number| request.grants.get_mut(number)) {
                    grant.closed = Some(Closed { at, reason, by: Arc::clone(by) });
                }
            }
        }
    }
}
