//! What a record of the ledger says has changed, and what has to be fetched for it.
use std::collections::BTreeSet;

use jitgate_core::ledger::{Closing, Event, ResourceId};
use jitgate_core::wire::ledger::parse_record;

use crate::is_instance;

/// Of more machines of one resource group than this the group's list is fetched.
const FEW: usize = 6;
/// No more calls than this: beyond it, everything is fetched.
const MOST_CALLS: usize = 32;

/// What may be other than it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Policies: changed, new or gone, or their requests are others.
    pub policies: BTreeSet<ResourceId>,
    /// Machines: who has access, and what reaches them.
    pub machines: BTreeSet<ResourceId>,
    /// The rules that JIT writes are others. Rules of machines behind the same filter may have got other priorities, so
    /// that these machines have to be looked at as well, if not at once.
    pub rules: bool,
    /// It is not told what.
    pub everything: bool,
}

/// What to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// All is as it was.
    Nothing,
    /// All machines and policies.
    Everything,
    /// These alone.
    Some {
        /// Policies, each by itself.
        policies: Vec<ResourceId>,
        /// Machines, each by itself.
        machines: Vec<ResourceId>,
        /// Subscription and resource group: the lists of their machines.
        groups: Vec<(String, String)>,
    },
}

impl Touched {
    /// It is not known what has changed.
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// A policy, and machines of it.
    pub fn policy(policy: ResourceId, machines: impl IntoIterator<Item = ResourceId>) -> Self {
        Self { policies: [policy].into(), machines: machines.into_iter().collect(), ..Self::default() }
    }

    /// By a record, as it is stored and as streams of changes have it. Of what cannot be read, anything may be true.
    pub fn of_record(line: &str) -> Self {
        let Ok(record) = parse_record(line) else { return Self::everything() };
        let mut touched = Self::default();
        match &record.event {
            Event::PolicyPut(put) => {
                touched.rules = true;
                touched.policies.insert(put.policy.id.clone());
                touched.machines.extend(put.policy.machines.iter().map(|machine| machine.id.clone()));
                touched.machines.extend(put.removed.iter().cloned());
                touched.close(&put.closed);
            }
            Event::PolicyDeleted(deleted) => {
                touched.rules = true;
                touched.policies.insert(deleted.policy.clone());
                touched.machines.extend(deleted.removed.iter().cloned());
                touched.close(&deleted.closed);
            }
            Event::AccessInitiated(access) => {
                touched.policies.insert(access.policy.clone());
                touched.machines.extend(access.machines.iter().map(|machine| machine.id.clone()));
                touched.close(&access.replaced);
            }
            Event::AccessRevoked(revoked) => {
                touched.policies.insert(revoked.policy.clone());
                touched.close(&revoked.closed);
            }
            Event::AccessExpired(closed) => touched.close(closed),
            // Who may see what is another matter now.
            Event::InventoryImported(_)
            | Event::RoleDefinitionPut(_)
            | Event::RoleDefinitionDeleted(_)
            | Event::RoleAssignmentPut(_)
            | Event::RoleAssignmentDeleted(_) => touched.everything = true,
            Event::CredentialIssued(_) | Event::CredentialRevoked(_) | Event::Refused(_) => {}
        }
        touched
    }

    fn close(&mut self, closed: &[Closing]) {
        self.policies.extend(closed.iter().map(|closing| closing.policy.clone()));
        self.machines.extend(closed.iter().map(|closing| closing.machine.clone()));
    }

    /// And this.
    pub fn add(&mut self, other: Self) {
        self.policies.extend(other.policies);
        self.machines.extend(other.machines);
        self.rules |= other.rules;
        self.everything |= other.everything;
    }

    /// The calls for it: few, and each for something that it names.
    pub fn fetch(&self) -> Fetch {
        // Instances of EC2 share the groups that are changed for them, and are in no list of a group.
        let is_apart = |id: &ResourceId| is_instance(id) || id.resource_group().is_none();
        if self.everything || self.machines.iter().any(is_apart) {
            return Fetch::Everything;
        }
        let mut places: Vec<((String, String), Vec<ResourceId>)> = Vec::new();
        for id in &self.machines {
            let place = (
                id.subscription().unwrap_or_default().to_ascii_lowercase(),
                id.resource_group().unwrap_or_default().to_ascii_lowercase(),
            );
            match places.iter_mut().find(|(own, _)| *own == place) {
                Some((_, machines)) => machines.push(id.clone()),
                None => places.push((place, vec![id.clone()])),
            }
        }
        let (many, few): (Vec<_>, Vec<_>) =
            places.into_iter().partition(|(_, machines)| machines.len() > FEW);
        let groups: Vec<_> = many.into_iter().map(|(place, _)| place).collect();
        let machines: Vec<_> = few.into_iter().flat_map(|(_, machines)| machines).collect();
        let policies: Vec<_> = self.policies.iter().cloned().collect();
        match policies.len().saturating_add(machines.len()).saturating_add(groups.len()) {
            0 => Fetch::Nothing,
            1..=MOST_CALLS => Fetch::Some { policies, machines, groups },
            _ => Fetch::Everything,
        }
    }
}

#[cfg(test)]
mod tests;
