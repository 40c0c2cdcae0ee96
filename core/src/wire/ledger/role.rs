//! Roles, credentials and inventories as they stand in events.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::ledger::{
    ActorKind, Credential, Inventory, InventoryFile, Principal, RoleAssignment, RoleDefinition,
};
use crate::model::Timestamp;

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DefinitionJson<'a> {
    id: Text<'a>,
    name: Text<'a>,
    description: Text<'a>,
    actions: Vec<Text<'a>>,
    not_actions: Vec<Text<'a>>,
    assignable_scopes: Vec<Text<'a>>,
}

fn borrowed(texts: &[String]) -> Vec<Text<'_>> {
    texts.iter().map(|text| Cow::Borrowed(text.as_str())).collect()
}

fn owned(texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().map(Cow::into_owned).collect()
}

impl<'a> From<&'a RoleDefinition> for DefinitionJson<'a> {
    fn from(role: &'a RoleDefinition) -> Self {
        Self {
            id: (&*role.id).into(),
            name: (&*role.name).into(),
            description: (&*role.description).into(),
            actions: borrowed(&role.actions),
            not_actions: borrowed(&role.not_actions),
            assignable_scopes: borrowed(&role.assignable_scopes),
        }
    }
}

impl From<DefinitionJson<'_>> for RoleDefinition {
    fn from(json: DefinitionJson) -> Self {
        Self {
            id: json.id.into_owned(),
            name: json.name.into_owned(),
            description: json.description.into_owned(),
            actions: owned(json.actions),
            not_actions: owned(json.not_actions),
            assignable_scopes: owned(json.assignable_scopes),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AssignmentJson<'a> {
    id: Text<'a>,
    role_definition_id: Text<'a>,
    principal_id: Text<'a>,
    scope: Text<'a>,
}

impl<'a> From<&'a RoleAssignment> for AssignmentJson<'a> {
    fn from(role: &'a RoleAssignment) -> Self {
        Self {
            id: (&*role.id).into(),
            role_definition_id: (&*role.role_definition_id).into(),
            principal_id: (&*role.principal_id).into(),
            scope: (&*role.scope).into(),
        }
    }
}

impl From<AssignmentJson<'_>> for RoleAssignment {
    fn from(json: AssignmentJson) -> Self {
        Self {
            id: json.id.into_owned(),
            role_definition_id: json.role_definition_id.into_owned(),
            principal_id: json.principal_id.into_owned(),
            scope: json.scope.into_owned(),
        }
    }
}

/// A principal: `{"id", "name", "kind"}`.
#[derive(Serialize, Deserialize)]
pub(super) struct PrincipalJson<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub kind: Text<'a>,
}

impl<'a> From<&'a Principal> for PrincipalJson<'a> {
    fn from(principal: &'a Principal) -> Self {
        let (id, name) = ((&*principal.id).into(), (&*principal.name).into());
        Self { id, name, kind: principal.kind.as_str().into() }
    }
}

impl PrincipalJson<'_> {
    pub(super) fn into_principal(self) -> Option<Principal> {
        let kind = ActorKind::from_name(&self.kind)?;
        Some(Principal { id: (&*self.id).into(), name: (&*self.name).into(), kind })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct CredentialJson<'a> {
    id: Text<'a>,
    name: Text<'a>,
    #[serde(borrow)]
    principal: PrincipalJson<'a>,
    hash: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    issued: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<String>,
}

impl<'a> From<&'a Credential> for CredentialJson<'a> {
    fn from(credential: &'a Credential) -> Self {
        Self {
            id: (&*credential.id).into(),
            name: (&*credential.name).into(),
            principal: PrincipalJson::from(&credential.principal),
            hash: (&*credential.hash).into(),
            expires: credential.expires.map(|time| time.to_string()),
            issued: credential.issued.to_string(),
            revoked: credential.revoked.map(|time| time.to_string()),
        }
    }
}

impl CredentialJson<'_> {
    pub(super) fn into_credential(self) -> Option<Credential> {
        let time = |text: Option<String>| match text {
            Some(text) => Timestamp::parse(&text).map(Some),
            None => Some(None),
        };
        Some(Credential {
            id: self.id.into_owned(),
            name: self.name.into_owned(),
            principal: self.principal.into_principal()?,
            hash: self.hash.into_owned(),
            expires: time(self.expires)?,
            issued: Timestamp::parse(&self.issued)?,
            revoked: time(self.revoked)?,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct InventoryJson<'a> {
    files: Vec<FileJson<'a>>,
    counts: BTreeMap<String, u64>,
}

#[derive(Serialize, Deserialize)]
struct FileJson<'a> {
    name: Text<'a>,
    sha256: Text<'a>,
    size: u64,
}

impl<'a> From<&'a Inventory> for InventoryJson<'a> {
    fn from(inventory: &'a Inventory) -> Self {
        let file = |file: &'a InventoryFile| FileJson {
            name: (&*file.name).into(),
            sha256: (&*file.sha256).into(),
            size: file.size,
        };
        Self { files: inventory.files.iter().map(file).collect(), counts: inventory.counts.clone() }
    }
}

impl From<InventoryJson<'_>> for Inventory {
    fn from(json: InventoryJson) -> Self {
        let file = |file: FileJson| InventoryFile {
            name: file.name.into_owned(),
            sha256: file.sha256.into_owned(),
            size: file.size,
        };
        Self { files: json.files.into_iter().map(file).collect(), counts: json.counts }
    }
}
