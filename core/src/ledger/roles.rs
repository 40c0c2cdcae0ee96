//! Role definitions, role assignments, credentials and the inventory, as the ledger keeps them. What they allow is
//! not judged here.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Principal;
use crate::access::{self, Permission, Scope};
use crate::model::Timestamp;

/// A custom role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDefinition {
    /// Its GUID.
    pub id: String,
    /// What it is called: `roleName`.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it allows: `Microsoft.Compute/*/read`.
    pub actions: Vec<String>,
    /// What it takes away from that.
    pub not_actions: Vec<String>,
    /// Where it may be assigned.
    pub assignable_scopes: Vec<String>,
}

impl RoleDefinition {
    /// The role as the rules of access want it. A scope that is none is left out: there it cannot be assigned.
    pub fn role(&self) -> access::RoleDefinition {
        let permission = Permission {
            actions: self.actions.clone(),
            not_actions: self.not_actions.clone(),
            ..Permission::default()
        };
        access::RoleDefinition {
            id: self.id.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            permissions: alloc::vec![permission],
            assignable_scopes: self.assignable_scopes.iter().filter_map(|scope| Scope::new(scope)).collect(),
            built_in: false,
        }
    }
}

/// A role given to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleAssignment {
    /// Its GUID.
    pub id: String,
    /// The GUID of the role, a built-in one or one of ours.
    pub role_definition_id: String,
    /// The object id of whom it is given to.
    pub principal_id: String,
    /// Where: `/subscriptions/…`.
    pub scope: String,
}

/// Something that proves who calls. The secret itself is never here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its own id.
    pub id: String,
    /// What its maker called it.
    pub name: String,
    /// Whose it is.
    pub principal: Principal,
    /// A digest of the secret, in whatever form its maker chose.
    pub hash: String,
    /// From when on it is void, where it ever is by itself.
    pub expires: Option<Timestamp>,
    /// When it was issued.
    pub issued: Timestamp,
    /// When it was revoked, if it was.
    pub revoked: Option<Timestamp>,
}

impl Credential {
    /// True when it is good at this instant. What is revoked is void at once: when that was is the ledger's time, which
    /// may be ahead of the clock that asks.
    pub fn is_valid(&self, at: Timestamp) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|end| at < end)
    }
}

/// The inventory that is in use: which files, not what is in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The files.
    pub files: Vec<InventoryFile>,
    /// How many of each kind of resource they hold, by a word: `virtualMachines`.
    pub counts: BTreeMap<String, u64>,
}

/// A file of the inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryFile {
    /// Its name, as it was imported.
    pub name: String,
    /// SHA-256 of its bytes: 64 small hexadecimal digits.
    pub sha256: String,
    /// How many bytes it has.
    pub size: u64,
}
