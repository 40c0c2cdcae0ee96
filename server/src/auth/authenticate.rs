//! Headers and state → caller, or 401.

use std::time::Duration;

use axum::http::HeaderMap;
use jitgate_core::Timestamp;
use jitgate_core::ledger::{Credential, State};

use super::access_token::{self, SigningKey};
use super::bearer::{Rejection, bearer};
use super::directory::{credential_of_digest, roles_of};
use super::oidc::{Identity, Oidc, Untrusted};
use super::token;
use crate::http::caller::Unauthorized;
use jitgate_core::rest::Caller;

/// What callers are known by.
#[derive(Debug)]
pub struct Authenticator {
    pub(super) key: SigningKey,
    oidc: Option<Oidc>,
}

/// Why there is no caller.
#[derive(Debug)]
enum Failure {
    Rejected(Rejection),
    /// The provider may have a new key.
    UnknownKey,
}

impl Authenticator {
    /// With the key of a data folder, and a provider of JWTs if there is one.
    pub fn new(key: SigningKey, oidc: Option<Oidc>) -> Self {
        Self { key, oidc }
    }

    /// The provider of JWTs.
    pub fn oidc(&self) -> Option<&Oidc> {
        self.oidc.as_ref()
    }

    /// Who calls.
    ///
    /// # Errors
    /// There is no token, or none to be trusted.
    pub fn check(&self, headers: &HeaderMap, state: &State, now: Timestamp) -> Result<Caller, Unauthorized> {
        Ok(self.judge(headers, state, now)?)
    }

    /// As [`Self::check`]; asks the provider for its keys anew when a token is signed with one that is not known, and
    /// not oftener than the provider's limits allow.
    ///
    /// # Errors
    /// As there.
    pub async fn caller(
        &self,
        headers: &HeaderMap,
        state: &State,
        now: Timestamp,
    ) -> Result<Caller, Unauthorized> {
        match (self.judge(headers, state, now), &self.oidc) {
            (Err(Failure::UnknownKey), Some(oidc)) if oidc.refresh().await => self.check(headers, state, now),
            (judged, _) => Ok(judged?),
        }
    }

    fn judge(&self, headers: &HeaderMap, state: &State, now: Timestamp) -> Result<Caller, Failure> {
        let text = bearer(headers).map_err(Failure::Rejected)?;
        if text.starts_with(token::PREFIX) {
            return by_token(text, state, now).map_err(Failure::Rejected);
        }
        if text.starts_with(access_token::PREFIX) {
            return self.by_access_token(text, state, now).map_err(Failure::Rejected);
        }
        match &self.oidc {
            Some(oidc) => match oidc.verify(text, unix(now)) {
                Ok(identity) => Ok(of_identity(identity, state)),
                Err(Untrusted::UnknownKey) => Err(Failure::UnknownKey),
                Err(Untrusted::Expired) => Err(Failure::Rejected(Rejection::Expired)),
                Err(Untrusted::Invalid(why)) => Err(Failure::Rejected(Rejection::Invalid(why))),
            },
            None => Err(Failure::Rejected(Rejection::Invalid("it is none of this server's tokens"))),
        }
    }

    fn by_access_token(&self, text: &str, state: &State, now: Timestamp) -> Result<Caller, Rejection> {
        let said = self.key.verify(text).ok_or(Rejection::Invalid("it was not made by this server"))?;
        if said.ends <= unix(now) {
            return Err(Rejection::Expired);
        }
        let found = state.credential(&said.credential.to_string());
        of_credential(found.ok_or(Rejection::Invalid("its credential is gone"))?, state, now)
    }
}

impl From<Failure> for Unauthorized {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Rejected(rejection) => rejection.into(),
            Failure::UnknownKey => Rejection::Invalid("it is signed with a key that is not known").into(),
        }
    }
}

fn by_token(text: &str, state: &State, now: Timestamp) -> Result<Caller, Rejection> {
    let found = credential_of_digest(state, &token::digest(text));
    of_credential(found.ok_or(Rejection::Invalid("it is not known"))?, state, now)
}

/// The caller of a credential: whose it is, with the roles of the credential alone. A person's other roles do not
/// count, so that a token can be less than its owner.
fn of_credential(credential: &Credential, state: &State, now: Timestamp) -> Result<Caller, Rejection> {
    valid(credential, now)?;
    let (principal, session) = (credential.principal.clone(), credential.id.as_str().into());
    Ok(Caller { principal, session, roles: roles_of(state, &[&credential.id]) })
}

/// Whether the credential is good at this instant.
pub(super) fn valid(credential: &Credential, now: Timestamp) -> Result<(), Rejection> {
    if credential.is_valid(now) {
        Ok(())
    } else if credential.revoked.is_some() {
        Err(Rejection::Invalid("it is revoked"))
    } else {
        Err(Rejection::Expired)
    }
}

/// The caller of a JWT: the roles of the object id and of the groups. The ids of our own credentials are none that a
/// provider may speak of.
fn of_identity(identity: Identity, state: &State) -> Caller {
    let ids =
        std::iter::once(identity.principal.id.as_ref()).chain(identity.groups.iter().map(String::as_str));
    let ours = |id: &&str| state.credential(&id.to_ascii_lowercase()).is_none();
    let ids: Vec<&str> = ids.filter(ours).collect();
    let roles = roles_of(state, &ids);
    Caller { session: identity.principal.id.clone(), principal: identity.principal, roles }
}

/// Seconds since 1970; none before that.
pub(super) fn unix(now: Timestamp) -> u64 {
    let since = Timestamp::from_unix(0, 0).and_then(|epoch| now.since(epoch));
    since.unwrap_or(Duration::ZERO).as_secs()
}
