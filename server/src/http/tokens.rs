//! Callers by bearer tokens whose digests are in the ledger.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jitgate_core::Timestamp;
use jitgate_core::access::{Permission, RoleDefinition, Scope, built_in};
use jitgate_core::ledger::{Principal, State};
use sha2::{Digest, Sha256};

use super::app::Clock;
use super::caller::{Authenticator, Caller, Identified, Unauthorized};
use crate::ledger::Ledger;
use crate::store::writer::Writer;

/// Looks tokens up in the ledger's credentials.
pub struct Tokens {
    /// The way to the ledger.
    pub writer: Writer<Ledger>,
    /// The time.
    pub clock: Clock,
}

/// A new token, and the digest of it that is stored.
pub fn new_token() -> (String, String) {
    let token = format!("jgt_{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()));
    let digest = digest(&token);
    (token, digest)
}

fn digest(token: &str) -> String {
    Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Authenticator for Tokens {
    fn identify<'a>(&'a self, headers: &'a HeaderMap, _: IpAddr) -> Identified<'a> {
        Box::pin(async move {
            let token = headers.get(header::AUTHORIZATION).ok_or(Unauthorized::MISSING)?;
            let token = token.to_str().ok().and_then(|value| {
                let (scheme, token) = value.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
            });
            let token = token.ok_or(Unauthorized::INVALID)?;
            let ledger = self.writer.state();
            find(ledger.state(), &digest(token), (self.clock)())
        })
    }
}

fn find(state: &State, digest: &str, now: Timestamp) -> Result<Caller, Unauthorized> {
    // Digests of 32 random bytes: how long the comparison takes tells nothing that helps to find another.
    let credential =
        state.credentials().find(|credential| credential.hash == digest).ok_or(Unauthorized::INVALID)?;
    if !credential.is_valid(state.present(now)) {
        return Err(Unauthorized::EXPIRED);
    }
    Ok(Caller { principal: credential.principal.clone(), roles: roles(state, &credential.principal) })
}

fn roles(state: &State, principal: &Principal) -> Vec<(Arc<RoleDefinition>, Scope)> {
    let own = state.role_assignments().filter(|one| one.principal_id.eq_ignore_ascii_case(&principal.id));
    own.filter_map(|one| Some((role(state, &one.role_definition_id)?, Scope::new(&one.scope)?))).collect()
}

fn role(state: &State, id: &str) -> Option<Arc<RoleDefinition>> {
    if let Some(role) = built_in(id) {
        return Some(Arc::new(role.clone()));
    }
    let role = state.role_definition(id)?;
    let permission = Permission {
        actions: role.actions.clone(),
        not_actions: role.not_actions.clone(),
        data_actions: Vec::new(),
        not_data_actions: Vec::new(),
    };
    Some(Arc::new(RoleDefinition {
        id: role.id.clone(),
        name: role.name.clone(),
        description: role.description.clone(),
        built_in: false,
        permissions: vec![permission],
        assignable_scopes: role.assignable_scopes.iter().filter_map(|scope| Scope::new(scope)).collect(),
    }))
}
