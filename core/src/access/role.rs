//! Role definitions.

use alloc::string::String;
use alloc::vec::Vec;

use super::pattern::matches;
use super::scope::Scope;

/// A role: what it allows, and where it may be assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDefinition {
    /// A GUID in small letters; Azure's own for the built-in roles.
    pub id: String,
    /// The name that people see, as in `Security Reader`.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What it allows.
    pub permissions: Vec<Permission>,
    /// Where it may be assigned; this grants nothing by itself.
    pub assignable_scopes: Vec<Scope>,
    /// True for a role of Azure's or jitgate's own, which nobody may change.
    pub built_in: bool,
}

/// One entry of a role's `permissions`. Data actions are kept, but jitgate has nothing that they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permission {
    /// Patterns of what is allowed.
    pub actions: Vec<String>,
    /// Patterns of what is taken out of it.
    pub not_actions: Vec<String>,
    /// As `actions`, for data inside of resources.
    pub data_actions: Vec<String>,
    /// As `not_actions`, for data inside of resources.
    pub not_data_actions: Vec<String>,
}

/// A custom role as a document has it; it may have no id yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDraft {
    /// The id, if the document names one: a GUID in small letters.
    pub id: Option<String>,
    /// As [`RoleDefinition::name`].
    pub name: String,
    /// As [`RoleDefinition::description`].
    pub description: String,
    /// As [`RoleDefinition::permissions`].
    pub permissions: Vec<Permission>,
    /// As [`RoleDefinition::assignable_scopes`].
    pub assignable_scopes: Vec<Scope>,
}

impl RoleDefinition {
    /// True when the role has the action: one of its `Actions` matches and none of its `NotActions` does. Azure
    /// takes one entry of `permissions` for a role; of several, the `NotActions` of one hold for all.
    pub fn grants(&self, action: &str) -> bool {
        let any = |patterns: fn(&Permission) -> &Vec<String>| {
            self.permissions.iter().flat_map(patterns).any(|pattern| matches(pattern, action))
        };
        any(|permission| &permission.actions) && !any(|permission| &permission.not_actions)
    }

    /// True when the role may be assigned at this scope.
    pub fn is_assignable_at(&self, scope: &Scope) -> bool {
        self.assignable_scopes.iter().any(|above| above.contains(scope))
    }
}

impl RoleDraft {
    /// The role, with that id.
    pub fn into_role(self, id: String) -> RoleDefinition {
        RoleDefinition {
            id,
            name: self.name,
            description: self.description,
            permissions: self.permissions,
            assignable_scopes: self.assignable_scopes,
            built_in: false,
        }
    }
}
