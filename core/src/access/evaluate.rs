//! Is this action allowed here?

use alloc::vec::Vec;

use super::role::{Permission, RoleDefinition};
use super::scope::Scope;

/// A role that the caller holds, and where.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// The role.
    pub role: &'a RoleDefinition,
    /// Where it was assigned.
    pub scope: &'a Scope,
}

/// True when one of the roles held at this scope, or above it, has the action. Who holds none may do nothing.
pub fn allowed<'a>(held: impl IntoIterator<Item = Held<'a>>, action: &str, scope: &Scope) -> bool {
    held.into_iter().any(|held| held.scope.contains(scope) && held.role.grants(action))
}

/// What `Microsoft.Authorization/permissions` lists for the caller at a scope: the permissions of each role held
/// there or above, in the order of the assignments.
pub fn permissions_at<'a>(held: impl IntoIterator<Item = Held<'a>>, scope: &Scope) -> Vec<&'a Permission> {
    let at = held.into_iter().filter(|held| held.scope.contains(scope));
    at.flat_map(|held| &held.role.permissions).collect()
}
