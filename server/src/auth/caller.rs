//! A caller who has proved who they are, and the roles that they hold.

use std::sync::Arc;

use jitgate_core::access::{Held, Permission, RoleDefinition, Scope, allowed, permissions_at};
use jitgate_core::ledger::Principal;

/// A role and where it is held.
#[derive(Clone, Debug)]
pub struct HeldRole {
    /// The role.
    pub role: Arc<RoleDefinition>,
    /// Where.
    pub scope: Scope,
}

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Their identity, as the ledger knows it.
    pub principal: Principal,
    /// The credential that they came with, if it was one of ours.
    pub credential: Option<String>,
    /// Every role that counts for this call.
    pub roles: Vec<HeldRole>,
}

impl Caller {
    /// True when they may do that there.
    pub fn may(&self, action: &str, scope: &Scope) -> bool {
        allowed(self.held(), action, scope)
    }

    /// What `Microsoft.Authorization/permissions` tells them of a scope.
    pub fn permissions(&self, scope: &Scope) -> Vec<&Permission> {
        permissions_at(self.held(), scope)
    }

    /// True when they hold any role in that subscription, or above it: then it is listed for them.
    pub fn sees(&self, subscription: &str) -> bool {
        self.roles.iter().any(|held| match held.scope.subscription() {
            Some(own) => own.eq_ignore_ascii_case(subscription),
            None => held.scope.is_root(),
        })
    }

    /// The subscriptions that their roles name.
    pub fn subscriptions(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().filter_map(|held| held.scope.subscription())
    }

    fn held(&self) -> impl Iterator<Item = Held<'_>> {
        self.roles.iter().map(|held| Held { role: &held.role, scope: &held.scope })
    }
}
