//! Who is calling, and what that caller may do.

use std::borrow::Cow;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use jitgate_core::access::{Held, Permission, RoleDefinition, Scope, allowed, permissions_at};
use jitgate_core::ledger::Principal;

use super::error::Error;
use super::places::TENANT;
use crate::auth::{OAuthError, Secret};

/// Tells callers by what they send.
pub trait Authenticator: Send + Sync {
    /// Who sent these headers from that address.
    fn identify<'a>(&'a self, headers: &'a HeaderMap, peer: IpAddr) -> Identified<'a>;

    /// The answer of the token endpoint to this form: JSON.
    fn grant<'a>(&'a self, headers: &'a HeaderMap, form: &'a [u8]) -> Granted<'a>;
}

/// What [`Authenticator::identify`] comes to.
pub type Identified<'a> = Pin<Box<dyn Future<Output = Result<Caller, Unauthorized>> + Send + 'a>>;

/// What [`Authenticator::grant`] comes to.
pub type Granted<'a> = Pin<Box<dyn Future<Output = Result<Secret, OAuthError>> + Send + 'a>>;

/// Somebody who has shown who they are.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// The roles, and where they were assigned.
    pub roles: Vec<(Arc<RoleDefinition>, Scope)>,
}

/// Nobody that is known, and why: no token, a wrong one, one that has expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unauthorized {
    /// Azure's code: `AuthenticationFailed`, `InvalidAuthenticationToken`, `ExpiredAuthenticationToken`.
    pub code: &'static str,
    /// For people; holds nothing of the token, and no quotes.
    pub message: Cow<'static, str>,
}

impl Unauthorized {
    /// Without any token.
    pub const MISSING: Self = Self {
        code: "AuthenticationFailed",
        message: Cow::Borrowed("Authentication failed. The 'Authorization' header is missing."),
    };
    /// With a token that is none of ours.
    pub const INVALID: Self =
        Self { code: "InvalidAuthenticationToken", message: Cow::Borrowed("The access token is invalid.") };
    /// With a token whose time is over.
    pub const EXPIRED: Self =
        Self { code: "ExpiredAuthenticationToken", message: Cow::Borrowed("The access token is expired.") };

    /// The answer, with where to get a token. `origin` is this server's, as the client knows it.
    pub fn answer(self, origin: &str) -> Error {
        // Without `claims=`: with it, clients ask for another token and send the call once more.
        let challenge = format!(
            "Bearer authorization_uri=\"{origin}/{TENANT}\", error=\"invalid_token\", error_description=\"{}\"",
            self.message
        );
        let plain = HeaderValue::from_static("Bearer realm=\"jitgate\"");
        let challenge = HeaderValue::try_from(challenge).unwrap_or(plain);
        Error::new(StatusCode::UNAUTHORIZED, self.code, self.message)
            .header(header::WWW_AUTHENTICATE, challenge)
    }
}

impl Caller {
    fn held(&self) -> impl Iterator<Item = Held<'_>> {
        self.roles.iter().map(|(role, scope)| Held { role, scope })
    }

    /// True when the caller may do it there.
    pub fn may(&self, action: &str, scope: &Scope) -> bool {
        allowed(self.held(), action, scope)
    }

    /// True when the caller may do it there, or somewhere below.
    pub fn may_below(&self, action: &str, scope: &Scope) -> bool {
        self.may(action, scope)
            || self.held().any(|held| scope.contains(held.scope) && allowed([held], action, held.scope))
    }

    /// True when any role was assigned there, above, or below.
    pub fn knows(&self, scope: &Scope) -> bool {
        self.roles.iter().any(|(_, at)| at.contains(scope) || scope.contains(at))
    }

    /// What the caller may do there.
    pub fn permissions(&self, scope: &Scope) -> Vec<&Permission> {
        permissions_at(self.held(), scope)
    }

    /// The answer to what the caller may not do: the same whether or not the thing exists.
    pub fn forbidden(&self, action: &str, scope: &str) -> Error {
        let Principal { id, name, .. } = &self.principal;
        let message = format!(
            "The client '{name}' with object id '{id}' does not have authorization to perform action '{action}' over \
             scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
        );
        Error::new(StatusCode::FORBIDDEN, "AuthorizationFailed", message)
    }
}
