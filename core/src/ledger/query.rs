//! What a state can be asked.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Bound;

use ipnet::Ipv4Net;
use rpds::RedBlackTreeSetSync;

use super::{
    Credential, GrantId, GrantView, Inventory, Policy, Principal, Request, ResourceId, RoleAssignment,
    RoleDefinition, State,
};
use crate::access::is_guid;
use crate::model::{Protocol, Timestamp};
use crate::order;

/// Which policies a list is of.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Of this subscription.
    pub subscription: &'a str,
    /// Of this resource group alone.
    pub resource_group: Option<&'a str>,
    /// Of this location alone.
    pub location: Option<&'a str>,
}

impl Scope<'_> {
    /// What the keys of policies in the subscription, or the resource group, begin with.
    pub fn prefix(&self) -> String {
        let mut prefix = alloc::format!("/subscriptions/{}/", self.subscription.to_ascii_lowercase());
        if let Some(group) = self.resource_group {
            prefix.push_str(&alloc::format!("resourcegroups/{}/", group.to_ascii_lowercase()));
        }
        prefix
    }
}

/// What is open at one port by one protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The port.
    pub number: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// To whom, by all grants together: canonical, without overlaps.
    pub sources: Vec<Ipv4Net>,
}

/// The first key of each place that begins so.
fn firsts<'k>(
    keys: &'k RedBlackTreeSetSync<Arc<str>>,
    prefix: &str,
    segments: usize,
) -> impl Iterator<Item = &'k Arc<str>> + use<'k> {
    let prefix: Arc<str> = prefix.into();
    let mut start = prefix.clone();
    core::iter::from_fn(move || {
        let range = (Bound::Included(start.clone()), Bound::Unbounded);
        let key = keys.range::<Arc<str>, _>(range).next().filter(|key| key.starts_with(&*prefix))?;
        let end = key.match_indices('/').nth(segments).map_or(key.len(), |(at, _)| at);
        // What is in the place goes on with a slash, and `0` comes right after that.
        start = [key.get(..end).unwrap_or(key), "0"].concat().into();
        Some(key)
    })
}

impl State {
    /// A policy, by its id in any case.
    pub fn policy(&self, id: &ResourceId) -> Option<&Arc<Policy>> {
        Some(&self.policies.get(id.key())?.policy)
    }

    /// How many policies there are.
    pub fn policy_count(&self) -> usize {
        self.policies.size()
    }

    /// All policies, in the order of their keys.
    pub fn all_policies(&self) -> impl Iterator<Item = &Arc<Policy>> {
        self.order.iter().filter_map(|key| Some(&self.policies.get(key)?.policy))
    }

    /// The first policy of each place whose key begins so, in order. A place is so many segments of keys: two are a
    /// subscription, four a resource group, eight a location in one.
    pub fn first_policies(&self, prefix: &str, segments: usize) -> impl Iterator<Item = &Arc<Policy>> {
        firsts(&self.order, prefix, segments).filter_map(|key| Some(&self.policies.get(key)?.policy))
    }

    /// The same of the keys of policies that were deleted.
    pub fn first_deleted(&self, prefix: &str, segments: usize) -> impl Iterator<Item = &str> {
        firsts(&self.gone, prefix, segments).map(|key| &**key)
    }

    /// The policies of a scope in the order of their keys, those behind the key `after` where one is given: a page
    /// ends with any number of them, and the next begins after the last one's [`ResourceId::key`].
    pub fn policies<'s>(
        &'s self,
        scope: &Scope<'s>,
        after: Option<&str>,
    ) -> impl Iterator<Item = &'s Arc<Policy>> + use<'s> {
        let prefix = scope.prefix();
        let start = match after {
            Some(after) if after >= prefix.as_str() => Bound::Excluded(after.into()),
            _ => Bound::Included(Arc::from(prefix.as_str())),
        };
        let location = scope.location;
        self.order
            .range::<Arc<str>, _>((start, Bound::Unbounded))
            .take_while(move |key| key.starts_with(&prefix))
            .filter_map(|key| Some(&self.policies.get(key)?.policy))
            .filter(move |policy| {
                location.is_none_or(|location| same_location(policy.parts().location, location))
            })
    }

    /// The policies that a machine is in.
    pub fn policies_of(&self, machine: &ResourceId) -> impl Iterator<Item = &Arc<Policy>> {
        let keys = self.machines.get(machine.key()).map(|entry| entry.policies.as_slice());
        keys.unwrap_or_default().iter().filter_map(|key| Some(&self.policies.get(&**key)?.policy))
    }

    /// How many machines were ever in a policy.
    pub fn machine_count(&self) -> usize {
        self.machines.size()
    }

    /// The machines that were in a policy once and are in none now, in no order.
    pub fn former_machines(&self) -> impl Iterator<Item = &ResourceId> {
        self.machines.values().filter(|entry| entry.policies.is_empty()).map(|entry| &*entry.id)
    }

    /// The version of a policy that somebody put last, if they ever put it.
    pub(super) fn last_put(&self, policy: &ResourceId, principal: &str) -> Option<u64> {
        self.policies.get(policy.key())?.past.puts.get(principal).copied()
    }

    /// The requests made by a policy, the newest first; those of an earlier one of its name are among them.
    pub fn requests_of(&self, policy: &ResourceId) -> impl Iterator<Item = &Request> {
        let request = |index: u32| self.requests.get(usize::try_from(index).ok()?);
        let last = self.policies.get(policy.key()).and_then(|entry| entry.past.last);
        core::iter::successors(last.and_then(request), move |one| request(one.previous?))
    }

    /// How many requests were granted so far.
    pub fn request_count(&self) -> usize {
        self.requests.len()
    }

    /// The request that the event of this number granted.
    pub fn request(&self, seq: u64) -> Option<&Request> {
        self.requests.get(usize::try_from(self.request_index(seq)?).ok()?)
    }

    /// A grant.
    pub fn grant(&self, id: GrantId) -> Option<GrantView<'_>> {
        let request = self.requests.get(usize::try_from(id.request).ok()?)?;
        Some(GrantView { id, request, grant: request.grants.get(usize::try_from(id.grant).ok()?)? })
    }

    /// All grants on a machine, the newest first, whatever became of them.
    pub fn grants_of(&self, machine: &ResourceId) -> impl Iterator<Item = GrantView<'_>> {
        let last = self.machines.get(machine.key()).and_then(|entry| entry.last);
        core::iter::successors(last.and_then(|id| self.grant(id)), |view| self.grant(view.grant.previous?))
    }

    /// A time at which no grant on a machine is open any more.
    pub fn last_end(&self, machine: &ResourceId) -> Option<Timestamp> {
        let entry = self.machines.get(machine.key())?;
        entry.last.map(|_| entry.until)
    }

    /// The grant on the same machine before another.
    pub fn before(&self, view: &GrantView) -> Option<GrantView<'_>> {
        self.grant(view.grant.previous?)
    }

    /// The grants that are open at an instant. For one before [`Self::latest`] every request is looked at.
    pub fn live(&self, at: Timestamp) -> impl Iterator<Item = GrantView<'_>> {
        let past = at < self.latest;
        let every = past.then(|| (0..self.requests.len()).flat_map(|index| self.grants_in(index)));
        let now = (!past).then(|| self.ending.iter().filter_map(|&(_, id)| self.grant(id)));
        let both = every.into_iter().flatten().chain(now.into_iter().flatten());
        both.filter(move |view| view.is_live(at))
    }

    fn grants_in(&self, index: usize) -> impl Iterator<Item = GrantView<'_>> {
        let request = u32::try_from(index).ok().zip(self.requests.get(index));
        request.into_iter().flat_map(|(number, request)| {
            (0..).zip(&request.grants).map(move |(grant, each)| GrantView {
                id: GrantId { request: number, grant },
                request,
                grant: each,
            })
        })
    }

    /// The grants on a machine that are open at an instant, the oldest first.
    pub fn live_on(&self, machine: &ResourceId, at: Timestamp) -> Vec<GrantView<'_>> {
        let mut live: Vec<_> = if at < self.latest {
            self.grants_of(machine).collect()
        } else {
            let ids = self.machines.get(machine.key()).map(|entry| entry.live.as_slice());
            ids.unwrap_or_default().iter().filter_map(|&id| self.grant(id)).collect()
        };
        live.retain(|view| view.is_live(at));
        order::sort_by(&mut live, |one, other| one.id.cmp(&other.id));
        live
    }

    /// What is open on a machine at an instant: the union of its grants, by port and protocol.
    pub fn open(&self, machine: &ResourceId, at: Timestamp) -> Vec<Open> {
        let mut open: Vec<Open> = Vec::new();
        for view in self.live_on(machine, at) {
            for protocol in view.grant.protocols.iter() {
                let number = view.grant.number;
                let sources = view.grant.prefixes.nets();
                match open.iter_mut().find(|open| (open.number, open.protocol) == (number, protocol)) {
                    Some(open) => open.sources.extend(sources),
                    None => open.push(Open { number, protocol, sources }),
                }
            }
        }
        open.iter_mut().for_each(|open| open.sources = Ipv4Net::aggregate(&open.sources));
        order::sort_by(&mut open, |a, b| (a.number, a.protocol).cmp(&(b.number, b.protocol)));
        open
    }

    /// The first end of a grant that no event has closed yet: when to send
    /// [`Command::Expire`](super::Command::Expire). It may have passed.
    pub fn next_ending(&self) -> Option<Timestamp> {
        self.ending.first().map(|&(end, _)| end)
    }

    /// The custom roles, by id.
    pub fn role_definitions(&self) -> impl Iterator<Item = &Arc<RoleDefinition>> {
        self.definitions.values()
    }

    /// A custom role.
    pub fn role_definition(&self, id: &str) -> Option<&Arc<RoleDefinition>> {
        self.definitions.get(&key(id))
    }

    /// The role assignments, by id.
    pub fn role_assignments(&self) -> impl Iterator<Item = &Arc<RoleAssignment>> {
        self.assignments.values()
    }

    /// A role assignment.
    pub fn role_assignment(&self, id: &str) -> Option<&Arc<RoleAssignment>> {
        self.assignments.get(&key(id))
    }

    /// What is assigned to somebody, by id.
    pub fn assignments_of(&self, principal: &str) -> &[Arc<RoleAssignment>] {
        self.assignments_of.get(&*principal_key(principal)).map_or(&[], Vec::as_slice)
    }

    /// The credentials, by id, those that are void too.
    pub fn credentials(&self) -> impl Iterator<Item = &Arc<Credential>> {
        self.credentials.values()
    }

    /// A credential.
    pub fn credential(&self, id: &str) -> Option<&Arc<Credential>> {
        self.credentials.get(&key(id))
    }

    /// The credential of that hash: of several, the one that was issued last.
    pub fn credential_of_hash(&self, hash: &str) -> Option<&Arc<Credential>> {
        self.credentials.get(self.hashes.get(hash)?)
    }

    /// Somebody who acted once, with the name of the last time.
    pub fn principal(&self, id: &str) -> Option<&Arc<Principal>> {
        self.principals.get(id)
    }

    /// The inventory in use.
    pub fn inventory(&self) -> Option<&Arc<Inventory>> {
        self.inventory.as_ref()
    }
}

/// Azure's regions are known by two names, of which one is the other without its spaces and capitals: `East US` and
/// `eastus`.
fn same_location(one: &str, other: &str) -> bool {
    let letters = |name: &'_ str| -> String { name.split_whitespace().collect() };
    letters(one).eq_ignore_ascii_case(&letters(other))
}

/// Ids of roles and credentials are compared without regard to case, too.
pub(super) fn key(id: &str) -> String {
    id.to_ascii_lowercase()
}

/// What the ids of principals are compared by: a GUID has no case, the `sub` of a provider may have.
pub(super) fn principal_key(id: &str) -> Cow<'_, str> {
    if is_guid(id) { key(id).into() } else { id.into() }
}
