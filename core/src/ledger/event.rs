//! What happened. Everything that the state is made of is in events, and an event says by itself what it did.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{
    Credential, End, Inventory, PolicyBody, Prefixes, Protocols, ResourceId, RoleAssignment, RoleDefinition,
    StatusReason, operation,
};
use crate::model::Timestamp;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A policy was put.
    PolicyPut(PolicyPut),
    /// A policy was deleted.
    PolicyDeleted(PolicyDeleted),
    /// Access was granted.
    AccessInitiated(AccessInitiated),
    /// Grants were closed by somebody.
    AccessRevoked(AccessRevoked),
    /// Grants reached their end. Each was closed at that, whenever this was written.
    AccessExpired(Vec<Closing>),
    /// Another inventory took the place of the one before.
    InventoryImported(Inventory),
    /// A custom role was put.
    RoleDefinitionPut(RoleDefinition),
    /// A custom role was deleted.
    RoleDefinitionDeleted(RoleDefinition),
    /// A role was given.
    RoleAssignmentPut(RoleAssignment),
    /// A role was taken.
    RoleAssignmentDeleted(RoleAssignment),
    /// A credential was issued.
    CredentialIssued(Credential),
    /// A credential was revoked: its id.
    CredentialRevoked(String),
    /// Something was tried and refused.
    Refused(Attempt),
}

impl Event {
    /// The operation's name, as role definitions and the activity log have it.
    pub fn operation(&self) -> &str {
        match self {
            Self::PolicyPut(_) => operation::POLICY_WRITE,
            Self::PolicyDeleted(_) => operation::POLICY_DELETE,
            Self::AccessInitiated(_) => operation::INITIATE,
            Self::AccessRevoked(_) => operation::REVOKE,
            Self::AccessExpired(_) => operation::EXPIRE,
            Self::InventoryImported(_) => operation::INVENTORY_WRITE,
            Self::RoleDefinitionPut(_) => operation::DEFINITION_WRITE,
            Self::RoleDefinitionDeleted(_) => operation::DEFINITION_DELETE,
            Self::RoleAssignmentPut(_) => operation::ASSIGNMENT_WRITE,
            Self::RoleAssignmentDeleted(_) => operation::ASSIGNMENT_DELETE,
            Self::CredentialIssued(_) => operation::CREDENTIAL_WRITE,
            Self::CredentialRevoked(_) => operation::CREDENTIAL_DELETE,
            Self::Refused(attempt) => &attempt.operation,
        }
    }

    /// What it is about: the id of a policy, a scope, or the id of a role or credential; empty where it is about
    /// several things.
    pub fn scope(&self) -> &str {
        match self {
            Self::PolicyPut(put) => put.policy.id.text(),
            Self::PolicyDeleted(deleted) => deleted.policy.text(),
            Self::AccessInitiated(access) => access.policy.text(),
            Self::AccessRevoked(revoked) => revoked.policy.text(),
            Self::RoleDefinitionPut(role) | Self::RoleDefinitionDeleted(role) => &role.id,
            Self::RoleAssignmentPut(role) | Self::RoleAssignmentDeleted(role) => &role.scope,
            Self::CredentialIssued(credential) => &credential.id,
            Self::CredentialRevoked(id) => id,
            Self::Refused(attempt) => &attempt.scope,
            Self::AccessExpired(_) | Self::InventoryImported(_) => "",
        }
    }
}

/// A policy was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyPut {
    /// As it is from now on.
    pub policy: PolicyBody,
    /// Machines that were in it before and are no longer, as they were written.
    pub removed: Vec<ResourceId>,
    /// Grants that this closed, because the policy has their machine or port no longer.
    pub closed: Vec<Closing>,
}

/// A policy was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDeleted {
    /// Its id.
    pub policy: ResourceId,
    /// The machines that it had.
    pub removed: Vec<ResourceId>,
    /// Grants that this closed.
    pub closed: Vec<Closing>,
}

/// Access was granted, from the record's time on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessInitiated {
    /// By which policy.
    pub policy: ResourceId,
    /// What was granted.
    pub machines: Vec<AccessMachine>,
    /// Why it was asked for.
    pub justification: Option<Arc<str>>,
    /// SHA-256 of the request's body, by which a repeat of the call is known.
    pub body: [u8; 32],
    /// Older grants of the same requestor that these took the place of.
    pub replaced: Vec<Closing>,
}

/// A machine in a granted request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessMachine {
    /// Its id.
    pub id: ResourceId,
    /// The ports granted.
    pub ports: Vec<AccessPort>,
}

/// A port in a granted request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPort {
    /// The port.
    pub number: u16,
    /// By which protocols.
    pub protocols: Protocols,
    /// To whom: as the request wrote it, or the caller's address.
    pub prefixes: Prefixes,
    /// Until when, exclusive.
    pub end: End,
}

/// Grants were closed by somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRevoked {
    /// By which policy they were granted.
    pub policy: ResourceId,
    /// The grants.
    pub closed: Vec<Closing>,
    /// Why, where it was said.
    pub justification: Option<Arc<str>>,
}

/// A grant that was closed. The first three tell which; the rest is for those who read the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The number of the event that granted it.
    pub request: u64,
    /// The machine.
    pub machine: ResourceId,
    /// The port.
    pub number: u16,
    /// By which policy it was granted.
    pub policy: ResourceId,
    /// By which protocols.
    pub protocols: Protocols,
    /// To whom.
    pub prefixes: Prefixes,
    /// From when.
    pub start: Timestamp,
    /// Until when it would have been open.
    pub end: End,
    /// Who had asked for it: the requestor as shown, else the object id.
    pub requestor: Box<str>,
    /// Why it was closed.
    pub reason: StatusReason,
}

/// Something that was tried and refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The operation: `Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action`.
    pub operation: String,
    /// On what: the id of a resource or a scope.
    pub scope: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The error's code.
    pub code: String,
    /// The error's message.
    pub message: String,
}

impl Attempt {
    /// No member is longer than that; what is beyond is cut, so that nobody can fill the log with one call.
    pub const MOST_BYTES: usize = 1024;

    /// With each member cut to [`Self::MOST_BYTES`].
    #[must_use]
    pub fn bounded(mut self) -> Self {
        for text in [&mut self.operation, &mut self.scope, &mut self.code, &mut self.message] {
            text.truncate(text.floor_char_boundary(Self::MOST_BYTES));
        }
        self
    }
}
