//! A change of a policy, and what becomes of it when the policy has changed meanwhile.
use jitgate_core::ledger::ResourceId;

use super::entry::{Entry, Stored, same};
use crate::{array, object, quoted};

/// What is to become of one machine.
#[derive(Clone, Debug)]
pub struct MachineChange {
    /// Which machine.
    pub id: ResourceId,
    /// What the user saw; none where it was not in the policy.
    pub base: Option<Entry>,
    /// What it is to be; none takes it out.
    pub new: Option<Entry>,
}

/// What is to become of a policy.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which policy.
    pub policy: ResourceId,
    /// What is to become of its machines, those of the form.
    pub machines: Vec<MachineChange>,
}

/// What is to be sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Merged {
    /// All is as it should be: nothing is sent.
    Done,
    /// This body; the machines in it, in their order.
    Put(String, Vec<ResourceId>),
    /// No machine is left.
    Delete,
    /// Somebody else changed these: what is stored of them now.
    Conflict(Vec<(ResourceId, Option<Entry>)>),
}

/// The change over what is stored now. Machines that it is not about stay as they are, to the letter.
pub fn merge(change: &Change, stored: Option<&Stored>) -> Merged {
    let now = |id: &ResourceId| stored.and_then(|stored| stored.entry(id));
    let pending: Vec<_> =
        change.machines.iter().filter(|machine| !same(now(&machine.id), machine.new.as_ref())).collect();
    if pending.is_empty() {
        return Merged::Done;
    }
    let touched = pending.iter().filter(|machine| !same(now(&machine.id), machine.base.as_ref()));
    let conflicts: Vec<_> = touched.map(|machine| (machine.id.clone(), now(&machine.id).cloned())).collect();
    if !conflicts.is_empty() {
        return Merged::Conflict(conflicts);
    }
    let mut machines: Vec<(ResourceId, String)> = stored
        .map(|stored| stored.machines.iter().map(|(entry, raw)| (entry.id.clone(), raw.clone())).collect())
        .unwrap_or_default();
    for machine in pending {
        let place = machines.iter().position(|(id, _)| *id == machine.id);
        match (place, &machine.new) {
            (Some(place), Some(new)) => {
                if let Some(old) = machines.get_mut(place) {
                    old.1 = new.json();
                }
            }
            (None, Some(new)) => machines.push((machine.id.clone(), new.json())),
            (_, None) => machines.retain(|(id, _)| *id != machine.id),
        }
    }
    if machines.is_empty() {
        return Merged::Delete;
    }
    let (ids, machines): (Vec<_>, Vec<_>) = machines.into_iter().unzip();
    Merged::Put(document(&change.policy, stored.map_or("", |stored| &stored.kind), &machines), ids)
}

/// A whole policy: what is stored, with these machines in place of their namesakes.
pub fn laid_over(policy: &ResourceId, stored: Option<&Stored>, own: &[(ResourceId, String)]) -> String {
    let find = |id: &ResourceId| own.iter().find(|(own, _)| own == id).map(|(_, json)| json.clone());
    let kept = stored.into_iter().flat_map(|stored| &stored.machines);
    let mut machines: Vec<String> =
        kept.map(|(entry, raw)| find(&entry.id).unwrap_or_else(|| raw.clone())).collect();
    let is_new = |id: &ResourceId| stored.is_none_or(|stored| stored.entry(id).is_none());
    machines.extend(own.iter().filter(|(id, _)| is_new(id)).map(|(_, json)| json.clone()));
    document(policy, stored.map_or("", |stored| &stored.kind), &machines)
}

/// A policy's JSON around its machines.
pub fn document(policy: &ResourceId, kind: &str, machines: &[String]) -> String {
    let kind = if kind.is_empty() { "Basic" } else { kind };
    object(&[
        ("kind", quoted(kind)),
        ("properties", object(&[("virtualMachines", array(machines))])),
        ("id", quoted(policy.text())),
        ("name", quoted(policy.name())),
        ("type", quoted("Microsoft.Security/locations/jitNetworkAccessPolicies")),
        ("location", quoted(&location(policy))),
    ])
}

/// The region in a policy's id.
pub fn location(policy: &ResourceId) -> String {
    let mut segments = policy.text().split('/');
    let found = segments.find(|segment| segment.eq_ignore_ascii_case("locations"));
    found.and_then(|_| segments.next()).unwrap_or_default().to_owned()
}
