//! What the ledger knows of credentials and roles, as far as a call needs it.

use std::sync::{Arc, LazyLock};

use jitgate_core::access::{self, Scope, built_in_roles};
use jitgate_core::ledger::{Credential, RoleAssignment, State};
use sha2::{Digest, Sha256};

use super::access_token::guid_of;

/// A role, and where it is held.
type Held = (Arc<access::RoleDefinition>, Scope);

/// The credential whose secret has this digest. How long the look-up takes may tell of digests, and so of nothing: nobody
/// can make a token with the digest that they want.
pub fn credential_of_digest<'s>(state: &'s State, digest: &str) -> Option<&'s Arc<Credential>> {
    state.credential_of_hash(digest)
}

/// The credential of that id, or the last one of that name that is not revoked, else the last one at all.
pub fn find_credential<'s>(state: &'s State, id_or_name: &str) -> Option<&'s Arc<Credential>> {
    let named = state.credentials().filter(|credential| credential.name == id_or_name);
    let newest = named.max_by_key(|credential| (credential.revoked.is_none(), credential.issued));
    state.credential(&id_or_name.to_ascii_lowercase()).or(newest)
}

/// The roles assigned to any of these ids: of a credential, or of a person or program and their groups.
pub fn roles_of(state: &State, ids: &[&str]) -> Vec<Held> {
    let mut own: Vec<_> = ids.iter().flat_map(|id| state.assignments_of(id)).collect();
    if ids.len() > 1 {
        // In the order of all assignments, each once.
        own.sort_by_cached_key(|assignment| assignment.id.to_ascii_lowercase());
        own.dedup_by(|one, other| one.id.eq_ignore_ascii_case(&other.id));
    }
    own.into_iter().filter_map(|assignment| held(state, assignment)).collect()
}

/// None for a role that is gone, or a scope that is none: such an assignment gives nothing.
fn held(state: &State, assignment: &RoleAssignment) -> Option<Held> {
    let role = role(state, &assignment.role_definition_id)?;
    Some((role, Scope::new(&assignment.scope)?))
}

/// The role of that id, built in or our own.
pub fn role(state: &State, id: &str) -> Option<Arc<access::RoleDefinition>> {
    let own = || state.role_definition(id).map(|role| Arc::new(role.role()));
    known(|role| role.id.eq_ignore_ascii_case(id)).or_else(own)
}

/// The role of that id, full or its last segment, or of that name; built in or our own.
pub fn find_role(state: &State, id_or_name: &str) -> Option<Arc<access::RoleDefinition>> {
    let id = id_or_name.rsplit('/').next().unwrap_or_default();
    let named = || {
        let own = state.role_definitions().find(|role| role.name.eq_ignore_ascii_case(id_or_name));
        own.map(|role| Arc::new(role.role()))
    };
    known(|role| role.name.eq_ignore_ascii_case(id_or_name)).or_else(|| role(state, id)).or_else(named)
}

/// A built-in role.
fn known(is: impl Fn(&access::RoleDefinition) -> bool) -> Option<Arc<access::RoleDefinition>> {
    static ROLES: LazyLock<Vec<Arc<access::RoleDefinition>>> =
        LazyLock::new(|| built_in_roles().iter().cloned().map(Arc::new).collect());
    ROLES.iter().find(|role| is(role)).cloned()
}

/// The object id of a person whom jitgate itself gave a token: made of the name, so that all tokens of a person are
/// one requestor.
pub fn user_object_id(name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"jitgate user\0");
    hash.update(name.to_lowercase());
    guid_of(&hash.finalize().into()).to_string()
}
