//! State + record → state.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::time::Duration;

use sha2::{Digest as _, Sha256};

use super::query::{key, principal_key};
use super::state::{MachineEntry, PolicyEntry, RepeatKey};
use super::{
    AccessInitiated, Added, Credential, Digest, Event, Grant, GrantId, Policy, PolicyBody, PolicyMachine,
    Principal, Record, Request, ResourceId, RoleAssignment, State, Status, StatusReason, Tag,
};
use crate::model::Timestamp;
use crate::names::Names;

/// For so long is a repeat of a call known for one.
pub(super) const REPEATS: Duration = Duration::from_hours(24);
/// So often is the place of a request guessed before it is searched by halves.
const GUESSES: u32 = 8;

/// A record that does not follow on the state: another number, or another record before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfOrder {
    /// The number that was due.
    pub expected: u64,
    /// The record's own.
    pub found: u64,
}

impl fmt::Display for OutOfOrder {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { expected, found } = self;
        if expected == found {
            write!(f, "record {found} does not follow on the record before it")
        } else {
            write!(f, "record {found} stands where {expected} is due")
        }
    }
}

impl core::error::Error for OutOfOrder {}

impl State {
    /// The state after one more record.
    ///
    /// # Errors
    /// The record does not follow on this state; nothing is changed then.
    pub fn apply(&mut self, record: &Record) -> Result<(), OutOfOrder> {
        let expected = self.seq.saturating_add(1);
        if record.seq != expected || record.previous != self.head {
            return Err(OutOfOrder { expected, found: record.seq });
        }
        self.seq = record.seq;
        self.latest = self.latest.max(record.time);
        self.head = record.digest;
        let by = self.principal_of(&record.actor.principal);
        self.event(record, &by);
        Ok(())
    }

    fn event(&mut self, record: &Record, by: &Arc<Principal>) {
        match &record.event {
            Event::PolicyPut(put) => {
                self.close_all(&put.closed, record.time, by);
                self.put_policy(&put.policy, record, by);
            }
            Event::PolicyDeleted(deleted) => {
                self.close_all(&deleted.closed, record.time, by);
                self.delete_policy(&deleted.policy);
            }
            Event::AccessInitiated(access) => {
                self.close_all(&access.replaced, record.time, by);
                self.initiate(access, record, by);
            }
            Event::AccessRevoked(revoked) => self.close_all(&revoked.closed, record.time, by),
            Event::AccessExpired(closed) => self.close_all(closed, record.time, by),
            Event::InventoryImported(inventory) => self.inventory = Some(Arc::new(inventory.clone())),
            Event::RoleDefinitionPut(role) => {
                self.definitions.insert_mut(key(&role.id), Arc::new(role.clone()));
            }
            Event::RoleDefinitionDeleted(role) => {
                self.definitions.remove_mut(&key(&role.id));
            }
            Event::RoleAssignmentPut(role) => self.assign(role),
            Event::RoleAssignmentDeleted(role) => self.unassign(&role.id),
            Event::CredentialIssued(credential) => self.issue(credential),
            Event::CredentialRevoked(id) => {
                if let Some(credential) = self.credentials.get_mut(&key(id)) {
                    Arc::make_mut(credential).revoked = Some(record.time);
                }
            }
            Event::Refused(_) => {}
        }
    }

    fn assign(&mut self, role: &RoleAssignment) {
        self.unassign(&role.id);
        let (id, role) = (key(&role.id), Arc::new(role.clone()));
        let principal = principal_key(&role.principal_id);
        let mut own = self.assignments_of.get(&*principal).cloned().unwrap_or_default();
        own.insert(own.partition_point(|one| key(&one.id) < id), Arc::clone(&role));
        self.assignments_of.insert_mut(principal.into_owned(), own);
        self.assignments.insert_mut(id, role);
    }

    fn unassign(&mut self, id: &str) {
        let id = key(id);
        let Some(principal) =
            self.assignments.get(&id).map(|role| principal_key(&role.principal_id).into_owned())
        else {
            return;
        };
        self.assignments.remove_mut(&id);
        let mut own = self.assignments_of.get(&principal).cloned().unwrap_or_default();
        own.retain(|one| key(&one.id) != id);
        if own.is_empty() {
            self.assignments_of.remove_mut(&principal);
        } else {
            self.assignments_of.insert_mut(principal, own);
        }
    }

    fn issue(&mut self, credential: &Credential) {
        let id = key(&credential.id);
        if let Some(before) = self.credentials.get(&id) {
            self.hashes.remove_mut(&before.hash);
        }
        self.hashes.insert_mut(credential.hash.clone(), id.clone());
        self.credentials.insert_mut(id, Arc::new(credential.clone()));
    }

    /// The one shared copy of who acts.
    fn principal_of(&mut self, principal: &Principal) -> Arc<Principal> {
        match self.principals.get(&principal.id) {
            Some(known) if **known == *principal => Arc::clone(known),
            _ => {
                let principal = Arc::new(principal.clone());
                self.principals.insert_mut(Arc::clone(&principal.id), Arc::clone(&principal));
                principal
            }
        }
    }

    /// Changes the entry of a machine, and makes it where there is none. In one step: finding a machine among all is
    /// most of the work.
    fn with_machine(&mut self, id: &ResourceId, change: impl FnOnce(&mut MachineEntry)) {
        if let Some(entry) = self.machines.get_mut(id.key()) {
            return change(entry);
        }
        let mut entry = MachineEntry::new(id);
        change(&mut entry);
        self.machines.insert_mut(id.shared_key(), entry);
    }

    fn put_policy(&mut self, body: &PolicyBody, record: &Record, by: &Arc<Principal>) {
        let before = self.policies.get(body.id.key()).cloned();
        let added = || Added { version: record.seq, time: record.time, by: Arc::clone(by) };
        let mut known = Names::of_any_case(0);
        for machine in before.iter().flat_map(|before| &before.policy.machines) {
            known.insert(machine.rules.id.text(), 0, &machine.added);
        }
        let mut machines = Vec::with_capacity(body.machines.len());
        for rules in &body.machines {
            let added = known.get(rules.id.text(), 0).map_or_else(added, |added| (*added).clone());
            machines.push(PolicyMachine { rules: rules.clone(), added });
        }
        let id =
            before.as_ref().map_or_else(|| Arc::new(body.id.clone()), |before| Arc::clone(&before.policy.id));
        let key = id.shared_key();
        let old = before.iter().flat_map(|before| &before.policy.machines).map(|machine| &machine.rules.id);
        for machine in old {
            self.unlist(machine, &key);
        }
        for machine in &machines {
            self.with_machine(&machine.rules.id, |entry| {
                if !entry.policies.contains(&key) {
                    entry.policies.push(Arc::clone(&key));
                }
            });
        }
        let (kind, changed) = (body.kind.clone(), record.time);
        let tag = Tag::new(record.seq, &record.digest);
        let policy = Arc::new(Policy { id, kind, machines, tag, changed });
        let mut past = match before {
            Some(before) => before.past,
            None => {
                self.order.insert_mut(Arc::clone(&key));
                self.gone.remove_mut(&key);
                self.deleted.get(&key).cloned().unwrap_or_default()
            }
        };
        past.puts.insert_mut(Arc::clone(&by.id), record.seq);
        self.deleted.remove_mut(&key);
        self.policies.insert_mut(key, PolicyEntry { policy, past });
    }

    fn delete_policy(&mut self, id: &ResourceId) {
        if let Some(entry) = self.policies.get(id.key()).cloned() {
            for machine in &entry.policy.machines {
                self.unlist(&machine.rules.id, id.key());
            }
            self.policies.remove_mut(id.key());
            self.order.remove_mut(id.key());
            self.gone.insert_mut(entry.policy.id.shared_key());
            self.deleted.insert_mut(entry.policy.id.shared_key(), entry.past);
        }
    }

    /// A machine is in that policy no longer.
    fn unlist(&mut self, machine: &ResourceId, policy: &str) {
        if let Some(entry) = self.machines.get_mut(machine.key()) {
            entry.policies.retain(|key| **key != *policy);
        }
    }

    fn initiate(&mut self, access: &AccessInitiated, record: &Record, by: &Arc<Principal>) {
        let Ok(index) = u32::try_from(self.requests.len()) else { return };
        let mut grants = Vec::with_capacity(access.machines.iter().map(|machine| machine.ports.len()).sum());
        for machine in &access.machines {
            self.with_machine(&machine.id, |entry| {
                entry.open(&machine.ports, (index, record.time), &mut grants);
            });
        }
        for (number, grant) in (0..).zip(&grants) {
            self.ending.insert_mut((grant.end.time(), GrantId { request: index, grant: number }));
        }
        let (policy, previous) = match self.policies.get_mut(access.policy.key()) {
            Some(entry) => (Arc::clone(&entry.policy.id), entry.past.last.replace(index)),
            None => (Arc::new(access.policy.clone()), None),
        };
        self.requests.push_back_mut(Request {
            seq: record.seq,
            start: record.time,
            policy,
            requestor: Arc::clone(by),
            justification: access.justification.clone(),
            grants: grants.into(),
            previous,
        });
        self.remember(access, record, index);
    }

    /// Remembers what tells a repeat of this call, and forgets what is over a day old.
    fn remember(&mut self, access: &AccessInitiated, record: &Record, index: u32) {
        while let Some(&(time, key)) = self.repeat_queue.peek() {
            if record.time.since(time).is_none_or(|age| age < REPEATS) {
                break;
            }
            self.repeat_queue.dequeue_mut();
            // The call may have been carried out anew since.
            let known = self.repeats.get(&key).and_then(|&index| usize::try_from(index).ok());
            let start = known.and_then(|index| self.requests.get(index)).map(|request| request.start);
            if start.is_none_or(|start| start <= time) {
                self.repeats.remove_mut(&key);
            }
        }
        let client = record.client_request_id.as_deref();
        let principal = &record.actor.principal;
        if let Some(key) = repeat_key(principal, client, &access.policy, &Digest(access.body)) {
            self.repeats.insert_mut(key, index);
            self.repeat_queue.enqueue_mut((record.time, key));
        }
    }

    /// The place of the request that the event of this number granted.
    pub(super) fn request_index(&self, seq: u64) -> Option<u32> {
        let at = |index: usize| self.requests.get(index).map(|request| request.seq);
        let (mut low, mut high) = (0, self.requests.len().checked_sub(1)?);
        // Numbers grow evenly as a rule: a guess between the two ends is near. Halves are for when it is not.
        for step in 0_u32.. {
            let (first, last) = (at(low)?, at(high)?);
            let within = seq.checked_sub(first).filter(|_| low <= high && seq <= last)?;
            let middle = if step < GUESSES {
                let span = u64::try_from(high.checked_sub(low)?).ok()?;
                let part = within.saturating_mul(span).checked_div(last.saturating_sub(first)).unwrap_or(0);
                low.checked_add(usize::try_from(part).ok()?)?
            } else {
                low.midpoint(high)
            };
            match at(middle)?.cmp(&seq) {
                Ordering::Equal => return u32::try_from(middle).ok(),
                Ordering::Less => low = middle.checked_add(1)?,
                Ordering::Greater => high = middle.checked_sub(1)?,
            }
        }
        None
    }

    /// The request that this call made already, if it is a repeat: while its policy is there, and not all of it has
    /// ended by time. What was closed stays so, and is not opened again by a late retry.
    pub(super) fn repeated(
        &self,
        principal: &Principal,
        client: Option<&str>,
        policy: &ResourceId,
        body: &Digest,
        now: Timestamp,
    ) -> Option<&Request> {
        self.policy(policy)?;
        let index = self.repeats.get(&repeat_key(principal, client, policy, body)?)?;
        let request = self.requests.get(usize::try_from(*index).ok()?)?;
        let recent = now.since(request.start).is_some_and(|age| age < REPEATS);
        let expired = |grant: &Grant| grant.status(now) == Status::Revoked(StatusReason::Expired);
        (recent && !request.grants.iter().all(expired)).then_some(request)
    }
}

/// None without a client's id: then every call is one of its own.
fn repeat_key(
    principal: &Principal,
    client: Option<&str>,
    policy: &ResourceId,
    body: &Digest,
) -> Option<RepeatKey> {
    let mut hash = Sha256::new();
    for part in [&*principal.id, client?, policy.key()] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.update(body.0);
    hash.finalize().first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{Arc, Principal, Request, ResourceId, State, Timestamp};

    #[test]
    fn a_request_is_found_by_its_number_however_the_numbers_lie() {
        let spread = |each: fn(u64) -> u64| (0..60).map(each).collect::<Vec<_>>();
        for numbers in [
            Vec::new(),
            alloc::vec![1],
            alloc::vec![u64::MAX],
            spread(|n| 100 + n),
            spread(|n| 7 * n + n % 3),
            spread(|n| 1 << n),
            spread(|n| u64::MAX - (1 << (59 - n))),
            spread(|n| if n < 30 { n } else { u64::MAX - 60 + n }),
        ] {
            let mut state = State::new();
            for &seq in &numbers {
                state.requests.push_back_mut(Request {
                    seq,
                    start: Timestamp::EPOCH,
                    policy: Arc::new(ResourceId::new("p")),
                    requestor: Arc::new(Principal::system()),
                    justification: None,
                    grants: [].into(),
                    previous: None,
                });
            }
            let near = numbers.iter().flat_map(|&n| [n.saturating_sub(1), n, n.saturating_add(1)]);
            for seq in near.chain([0, u64::MAX]) {
                let place = numbers.iter().position(|&number| number == seq);
                assert_eq!(
                    state.request_index(seq),
                    place.and_then(|place| u32::try_from(place).ok()),
                    "{seq}"
                );
            }
        }
    }
}
