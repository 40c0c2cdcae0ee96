//! Who may do what: Azure's role definitions and scopes, and the question whether an action is allowed.
//!
//! The rules are those of `Microsoft.Authorization`: an action is allowed where one role that is assigned at the
//! scope, or above it, has it in its `Actions` and not in its `NotActions`. Roles add up: what one role takes out,
//! another may give. There are no deny assignments here, and no management groups.

pub mod action;
mod builtin;
mod evaluate;
mod pattern;
mod problem;
mod read;
mod read_role;
mod role;
mod scope;

pub use builtin::{JIT_ACCESS_ROLE, built_in, built_in_roles, least_privileged_role};
pub use evaluate::{Held, allowed, permissions_at};
pub use pattern::matches;
pub use problem::Problem;
pub use read::{Reading, read_roles};
pub use role::{Permission, RoleDefinition, RoleDraft};
pub use scope::{Scope, ScopeError, is_guid};
