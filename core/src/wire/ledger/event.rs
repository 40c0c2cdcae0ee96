//! Events as they stand in records: an object with one member, named after the event.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::policy::{BodyJson, members};
use super::role::{AssignmentJson, CredentialJson, DefinitionJson, InventoryJson};
use crate::ledger::{
    AccessInitiated, AccessMachine, AccessPort, AccessRevoked, Attempt, Closing, Digest, End, Event,
    PolicyDeleted, PolicyPut, Prefixes, Protocols, ResourceId, StatusReason,
};
use crate::model::{ProtocolText, Timestamp};

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum EventJson<'a> {
    #[serde(borrow)]
    PolicyPut(PutJson<'a>),
    #[serde(borrow)]
    PolicyDeleted(DeletedJson<'a>),
    #[serde(borrow)]
    AccessInitiated(AccessJson<'a>),
    #[serde(borrow)]
    AccessRevoked(RevokedJson<'a>),
    #[serde(borrow)]
    AccessExpired(Vec<ClosingJson<'a>>),
    #[serde(borrow)]
    InventoryImported(InventoryJson<'a>),
    #[serde(borrow)]
    RoleDefinitionPut(DefinitionJson<'a>),
    #[serde(borrow)]
    RoleDefinitionDeleted(DefinitionJson<'a>),
    #[serde(borrow)]
    RoleAssignmentPut(AssignmentJson<'a>),
    #[serde(borrow)]
    RoleAssignmentDeleted(AssignmentJson<'a>),
    #[serde(borrow)]
    CredentialIssued(CredentialJson<'a>),
    #[serde(borrow)]
    CredentialRevoked(Text<'a>),
    #[serde(borrow)]
    Refused(AttemptJson<'a>),
}

#[derive(Serialize, Deserialize)]
pub(super) struct PutJson<'a> {
    #[serde(borrow)]
    policy: BodyJson<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    removed: Vec<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    closed: Vec<ClosingJson<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct DeletedJson<'a> {
    #[serde(borrow)]
    policy: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    removed: Vec<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    closed: Vec<ClosingJson<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessJson<'a> {
    #[serde(borrow)]
    policy: Text<'a>,
    #[serde(borrow)]
    virtual_machines: Vec<MachineJson<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    justification: Option<Text<'a>>,
    body_sha256: String,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    replaced: Vec<ClosingJson<'a>>,
}

#[derive(Serialize, Deserialize)]
struct MachineJson<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    ports: Vec<PortJson<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PortJson<'a> {
    number: u16,
    #[serde(borrow)]
    protocols: Vec<Text<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    allowed_source_address_prefix: Option<Text<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    allowed_source_address_prefixes: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    end_time_utc: Text<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct RevokedJson<'a> {
    #[serde(borrow)]
    policy: Text<'a>,
    #[serde(borrow)]
    closed: Vec<ClosingJson<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    justification: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClosingJson<'a> {
    request: u64,
    #[serde(borrow)]
    virtual_machine: Text<'a>,
    #[serde(borrow)]
    policy: Text<'a>,
    #[serde(borrow)]
    port: PortJson<'a>,
    #[serde(borrow)]
    start_time_utc: Text<'a>,
    #[serde(borrow)]
    requestor: Text<'a>,
    #[serde(borrow)]
    status_reason: Text<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AttemptJson<'a> {
    #[serde(borrow)]
    operation: Text<'a>,
    #[serde(borrow)]
    scope: Text<'a>,
    status: u16,
    #[serde(borrow)]
    code: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
}

impl<'a> From<&'a Event> for EventJson<'a> {
    fn from(event: &'a Event) -> Self {
        match event {
            Event::PolicyPut(put) => Self::PolicyPut(PutJson {
                policy: BodyJson::from(&put.policy),
                removed: texts(&put.removed),
                closed: closings(&put.closed),
            }),
            Event::PolicyDeleted(deleted) => Self::PolicyDeleted(DeletedJson {
                policy: deleted.policy.text().into(),
                removed: texts(&deleted.removed),
                closed: closings(&deleted.closed),
            }),
            Event::AccessInitiated(access) => Self::AccessInitiated(AccessJson::from(access)),
            Event::AccessRevoked(revoked) => Self::AccessRevoked(RevokedJson {
                policy: revoked.policy.text().into(),
                closed: closings(&revoked.closed),
                justification: revoked.justification.as_deref().map(Cow::Borrowed),
            }),
            Event::AccessExpired(closed) => Self::AccessExpired(closings(closed)),
            Event::InventoryImported(inventory) => Self::InventoryImported(inventory.into()),
            Event::RoleDefinitionPut(role) => Self::RoleDefinitionPut(role.into()),
            Event::RoleDefinitionDeleted(role) => Self::RoleDefinitionDeleted(role.into()),
            Event::RoleAssignmentPut(role) => Self::RoleAssignmentPut(role.into()),
            Event::RoleAssignmentDeleted(role) => Self::RoleAssignmentDeleted(role.into()),
            Event::CredentialIssued(credential) => Self::CredentialIssued(credential.into()),
            Event::CredentialRevoked(id) => Self::CredentialRevoked(id.into()),
            Event::Refused(attempt) => Self::Refused(AttemptJson {
                operation: (&*attempt.operation).into(),
                scope: (&*attempt.scope).into(),
                status: attempt.status,
                code: (&*attempt.code).into(),
                message: (&*attempt.message).into(),
            }),
        }
    }
}

impl EventJson<'_> {
    /// None where a word or a time in it is none.
    pub(super) fn into_event(self) -> Option<Event> {
        Some(match self {
            Self::PolicyPut(put) => Event::PolicyPut(PolicyPut {
                policy: put.policy.into_body()?,
                removed: ids(&put.removed),
                closed: into_closings(put.closed)?,
            }),
            Self::PolicyDeleted(deleted) => Event::PolicyDeleted(PolicyDeleted {
                policy: ResourceId::new(&deleted.policy),
                removed: ids(&deleted.removed),
                closed: into_closings(deleted.closed)?,
            }),
            Self::AccessInitiated(access) => Event::AccessInitiated(access.into_access()?),
            Self::AccessRevoked(revoked) => Event::AccessRevoked(AccessRevoked {
                policy: ResourceId::new(&revoked.policy),
                closed: into_closings(revoked.closed)?,
                justification: revoked.justification.as_deref().map(Arc::from),
            }),
            Self::AccessExpired(closed) => Event::AccessExpired(into_closings(closed)?),
            Self::InventoryImported(inventory) => Event::InventoryImported(inventory.into()),
            Self::RoleDefinitionPut(role) => Event::RoleDefinitionPut(role.into()),
            Self::RoleDefinitionDeleted(role) => Event::RoleDefinitionDeleted(role.into()),
            Self::RoleAssignmentPut(role) => Event::RoleAssignmentPut(role.into()),
            Self::RoleAssignmentDeleted(role) => Event::RoleAssignmentDeleted(role.into()),
            Self::CredentialIssued(credential) => Event::CredentialIssued(credential.into_credential()?),
            Self::CredentialRevoked(id) => Event::CredentialRevoked(id.into_owned()),
            Self::Refused(attempt) => Event::Refused(Attempt {
                operation: attempt.operation.into_owned(),
                scope: attempt.scope.into_owned(),
                status: attempt.status,
                code: attempt.code.into_owned(),
                message: attempt.message.into_owned(),
            }),
        })
    }
}

impl<'a> From<&'a AccessInitiated> for AccessJson<'a> {
    fn from(access: &'a AccessInitiated) -> Self {
        let machine = |machine: &'a AccessMachine| MachineJson {
            id: machine.id.text().into(),
            ports: machine.ports.iter().map(PortJson::from).collect(),
        };
        Self {
            policy: access.policy.text().into(),
            virtual_machines: access.machines.iter().map(machine).collect(),
            justification: access.justification.as_deref().map(Cow::Borrowed),
            body_sha256: Digest(access.body).to_string(),
            replaced: closings(&access.replaced),
        }
    }
}

impl AccessJson<'_> {
    fn into_access(self) -> Option<AccessInitiated> {
        let machine = |machine: MachineJson| {
            let ports = machine.ports.into_iter().map(PortJson::into_port).collect::<Option<_>>()?;
            Some(AccessMachine { id: ResourceId::new(&machine.id), ports })
        };
        Some(AccessInitiated {
            policy: ResourceId::new(&self.policy),
            machines: self.virtual_machines.into_iter().map(machine).collect::<Option<_>>()?,
            justification: self.justification.as_deref().map(Arc::from),
            body: Digest::parse(&self.body_sha256)?.0,
            replaced: into_closings(self.replaced)?,
        })
    }
}

impl<'a> From<&'a AccessPort> for PortJson<'a> {
    fn from(port: &'a AccessPort) -> Self {
        Self::new(port.number, port.protocols, &port.prefixes, &port.end)
    }
}

impl<'a> PortJson<'a> {
    fn new(number: u16, protocols: Protocols, prefixes: &'a Prefixes, end: &End) -> Self {
        let (single, list) = members(prefixes);
        Self {
            number,
            protocols: protocols.iter().map(|protocol| protocol.as_str().into()).collect(),
            allowed_source_address_prefix: single,
            allowed_source_address_prefixes: list,
            end_time_utc: end.written().into(),
        }
    }

    fn into_port(self) -> Option<AccessPort> {
        let protocol = |text: &Text| match ProtocolText::parse(text) {
            ProtocolText::Exact(protocol) => Some(protocol),
            _ => None,
        };
        let (single, list) = (self.allowed_source_address_prefix, self.allowed_source_address_prefixes);
        Some(AccessPort {
            number: self.number,
            protocols: self.protocols.iter().map(protocol).collect::<Option<_>>()?,
            prefixes: Prefixes::new(single.as_deref(), list.as_deref()),
            end: End::parse(&self.end_time_utc)?,
        })
    }
}

impl<'a> From<&'a Closing> for ClosingJson<'a> {
    fn from(closing: &'a Closing) -> Self {
        Self {
            request: closing.request,
            virtual_machine: closing.machine.text().into(),
            policy: closing.policy.text().into(),
            port: PortJson::new(closing.number, closing.protocols, &closing.prefixes, &closing.end),
            start_time_utc: closing.start.to_service_form().into(),
            requestor: (&*closing.requestor).into(),
            status_reason: closing.reason.as_str().into(),
        }
    }
}

impl ClosingJson<'_> {
    fn into_closing(self) -> Option<Closing> {
        let port = self.port.into_port()?;
        Some(Closing {
            request: self.request,
            machine: ResourceId::new(&self.virtual_machine),
            number: port.number,
            policy: ResourceId::new(&self.policy),
            protocols: port.protocols,
            prefixes: port.prefixes,
            start: Timestamp::parse(&self.start_time_utc)?,
            end: port.end,
            requestor: (&*self.requestor).into(),
            reason: StatusReason::from_name(&self.status_reason)?,
        })
    }
}

fn texts(ids: &[ResourceId]) -> Vec<Text<'_>> {
    ids.iter().map(|id| id.text().into()).collect()
}

fn ids(texts: &[Text]) -> Vec<ResourceId> {
    texts.iter().map(|text| ResourceId::new(text)).collect()
}

fn closings(closings: &[Closing]) -> Vec<ClosingJson<'_>> {
    closings.iter().map(ClosingJson::from).collect()
}

fn into_closings(closings: Vec<ClosingJson>) -> Option<Vec<Closing>> {
    closings.into_iter().map(ClosingJson::into_closing).collect()
}
