//! State + record → state.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use sha2::{Digest as _, Sha256};

use super::query::key;
use super::state::{MachineEntry, PolicyEntry, RepeatKey};
use super::{
    AccessInitiated, Added, Closed, Closing, Digest, Event, Grant, GrantId, Policy, PolicyBody,
    PolicyMachine, Principal, Record, Request, ResourceId, State, Status, StatusReason,
};
use crate::model::Timestamp;

/// For so long is a repeat of a call known for one.
pub(super) const REPEATS: Duration = Duration::from_hours(24);

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
                self.close_all(&put.closed, record.time);
                self.put_policy(&put.policy, record, by);
            }
            Event::PolicyDeleted(deleted) => {
                self.close_all(&deleted.closed, record.time);
                self.delete_policy(&deleted.policy);
            }
            Event::AccessInitiated(access) => {
                self.close_all(&access.replaced, record.time);
                self.initiate(access, record, by);
            }
            Event::AccessRevoked(revoked) => self.close_all(&revoked.closed, record.time),
            Event::AccessExpired(closed) => self.close_all(closed, record.time),
            Event::InventoryImported(inventory) => self.inventory = Some(Arc::new(inventory.clone())),
            Event::RoleDefinitionPut(role) => {
                self.definitions.insert_mut(key(&role.id), Arc::new(role.clone()));
            }
            Event::RoleDefinitionDeleted(role) => {
                self.definitions.remove_mut(&key(&role.id));
            }
            Event::RoleAssignmentPut(role) => {
                self.assignments.insert_mut(key(&role.id), Arc::new(role.clone()));
            }
            Event::RoleAssignmentDeleted(role) => {
                self.assignments.remove_mut(&key(&role.id));
            }
            Event::CredentialIssued(credential) => {
                self.credentials.insert_mut(key(&credential.id), Arc::new(credential.clone()));
            }
            Event::CredentialRevoked(id) => {
                if let Some(credential) = self.credentials.get_mut(&key(id)) {
                    Arc::make_mut(credential).revoked = Some(record.time);
                }
            }
            Event::Refused(_) => {}
        }
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

    /// The one shared copy of a machine's id.
    fn machine_of(&mut self, id: &ResourceId) -> Arc<ResourceId> {
        if let Some(entry) = self.machines.get(id.key()) {
            return Arc::clone(&entry.id);
        }
        let id = Arc::new(id.clone());
        let entry = MachineEntry { id: Arc::clone(&id), policies: Vec::new(), live: Vec::new(), last: None };
        self.machines.insert_mut(id.shared_key(), entry);
        id
    }

    fn put_policy(&mut self, body: &PolicyBody, record: &Record, by: &Arc<Principal>) {
        let before = self.policies.get(body.id.key()).cloned();
        let added = || Added { version: record.seq, time: record.time, by: Arc::clone(by) };
        let mut machines = Vec::with_capacity(body.machines.len());
        for rules in &body.machines {
            self.machine_of(&rules.id);
            let known = before.as_ref().and_then(|before| before.policy.machine(&rules.id));
            let added = known.map_or_else(added, |known| known.added.clone());
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
            if let Some(entry) = self.machines.get_mut(machine.rules.id.key())
                && !entry.policies.contains(&key)
            {
                entry.policies.push(Arc::clone(&key));
            }
        }
        let (kind, version, changed) = (body.kind.clone(), record.seq, record.time);
        let policy = Arc::new(Policy { id, kind, machines, version, changed });
        let mut past = match before {
            Some(before) => before.past,
            None => self.deleted.get(&key).cloned().unwrap_or_default(),
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
        let mut grants = Vec::new();
        let mut number = 0_u32;
        for machine in &access.machines {
            let id = self.machine_of(&machine.id);
            for port in &machine.ports {
                let grant = GrantId { request: index, grant: number };
                number = number.saturating_add(1);
                let previous = self.machines.get_mut(id.key()).and_then(|entry| {
                    entry.live.push(grant);
                    entry.last.replace(grant)
                });
                self.ending.insert_mut((port.end.time(), grant));
                grants.push(Grant {
                    machine: Arc::clone(&id),
                    number: port.number,
                    protocols: port.protocols,
                    prefixes: port.prefixes.clone(),
                    end: port.end.clone(),
                    closed: None,
                    previous,
                });
            }
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
        let (mut low, mut high) = (0, self.requests.len());
        while low < high {
            let middle = low.midpoint(high);
            let found = self.requests.get(middle)?.seq;
            match found.cmp(&seq) {
                core::cmp::Ordering::Equal => return u32::try_from(middle).ok(),
                core::cmp::Ordering::Less => low = middle.saturating_add(1),
                core::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    fn close_all(&mut self, closings: &[Closing], at: Timestamp) {
        closings.iter().for_each(|closing| self.close(closing, at));
    }

    /// Closes the grants that are meant, so far as they are still open; those that have ended are no longer waited
    /// for.
    fn close(&mut self, closing: &Closing, at: Timestamp) {
        let Some(index) = self.request_index(closing.request) else { return };
        let Some(place) = usize::try_from(index).ok() else { return };
        let meant = |grant: &Grant| grant.number == closing.number && *grant.machine == closing.machine;
        let mut ids: Vec<(GrantId, Timestamp, bool)> = Vec::new();
        for (number, grant) in
            (0_u32..).zip(self.requests.get(place).iter().flat_map(|request| &request.grants))
        {
            let ended = grant.end.time() <= at;
            if meant(grant) && grant.closed.is_none() && (ended || closing.reason != StatusReason::Expired) {
                ids.push((GrantId { request: index, grant: number }, grant.end.time(), ended));
            }
        }
        if ids.iter().any(|(.., ended)| !ended)
            && let Some(request) = self.requests.get_mut(place)
        {
            for grant in request.grants.iter_mut().filter(|grant| meant(grant)) {
                if grant.closed.is_none() && grant.end.time() > at {
                    grant.closed = Some(Closed { at, reason: closing.reason });
                }
            }
        }
        for (id, end, _) in ids {
            self.ending.remove_mut(&(end, id));
            if let Some(entry) = self.machines.get_mut(closing.machine.key()) {
                entry.live.retain(|live| *live != id);
            }
        }
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
