//! Which resources a record is about: what the activity log finds it by, and who may see it.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::iter::once;

use super::{Closing, Event, ResourceId};

/// A resource in a subscription that a record is about. All in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mention {
    /// The subscription's id.
    pub subscription: String,
    /// The resource's whole id.
    pub resource: String,
    /// It is what the operation was done to, and not something that is only touched by it.
    pub subject: bool,
}

/// What the activity log finds an event by: the resources that are in a subscription, each once.
pub fn mentions(event: &Event) -> Vec<Mention> {
    let ids = ids(event);
    let mut mentions: Vec<Mention> = Vec::new();
    let mut seen = hashbrown::HashSet::new();
    for (id, subject) in &ids {
        if let Some(subscription) = id.subscription()
            && seen.insert((id.key(), *subject))
        {
            let (subscription, resource) = (subscription.to_ascii_lowercase(), id.key().to_string());
            mentions.push(Mention { subscription, resource, subject: *subject });
        }
    }
    mentions
}

/// A resource that an event is about, and whether the operation was done to it.
type Named<'e> = (Cow<'e, ResourceId>, bool);

/// Every resource that the event is about: policies and scopes as subjects, machines as touched.
pub fn ids(event: &Event) -> Vec<Named<'_>> {
    let subject = |id| (Cow::Borrowed(id), true);
    let touched = |id| (Cow::Borrowed(id), false);
    match event {
        Event::PolicyPut(put) => {
            let machines = put.policy.machines.iter().map(|machine| &machine.id).chain(&put.removed);
            once(subject(&put.policy.id)).chain(machines.map(touched)).collect()
        }
        Event::PolicyDeleted(deleted) => {
            once(subject(&deleted.policy)).chain(deleted.removed.iter().map(touched)).collect()
        }
        Event::AccessInitiated(access) => {
            let machines = access.machines.iter().map(|machine| &machine.id);
            once(subject(&access.policy)).chain(machines.map(touched)).collect()
        }
        Event::AccessRevoked(revoked) => {
            once(subject(&revoked.policy)).chain(closed(&revoked.closed).map(touched)).collect()
        }
        // Of many policies perhaps, each port for itself.
        Event::AccessExpired(closings) => closed(closings).map(subject).collect(),
        Event::RoleAssignmentPut(role) | Event::RoleAssignmentDeleted(role) => {
            vec![(Cow::Owned(ResourceId::new(&role.scope)), true)]
        }
        Event::Refused(attempt) => vec![(Cow::Owned(ResourceId::new(&attempt.scope)), true)],
        Event::InventoryImported(_)
        | Event::RoleDefinitionPut(_)
        | Event::RoleDefinitionDeleted(_)
        | Event::CredentialIssued(_)
        | Event::CredentialRevoked(_) => Vec::new(),
    }
}

fn closed(closings: &[Closing]) -> impl Iterator<Item = &ResourceId> {
    closings.iter().map(|closing| &closing.machine)
}

/// What a stream of changes calls the event.
pub fn kind(event: &Event) -> &'static str {
    match event {
        Event::PolicyPut(_) => "policyPut",
        Event::PolicyDeleted(_) => "policyDeleted",
        Event::AccessInitiated(_) => "accessInitiated",
        Event::AccessRevoked(_) => "accessRevoked",
        Event::AccessExpired(_) => "accessExpired",
        Event::InventoryImported(_) => "inventoryImported",
        Event::RoleDefinitionPut(_) => "roleDefinitionPut",
        Event::RoleDefinitionDeleted(_) => "roleDefinitionDeleted",
        Event::RoleAssignmentPut(_) => "roleAssignmentPut",
        Event::RoleAssignmentDeleted(_) => "roleAssignmentDeleted",
        Event::CredentialIssued(_) => "credentialIssued",
        Event::CredentialRevoked(_) => "credentialRevoked",
        Event::Refused(_) => "refused",
    }
}
