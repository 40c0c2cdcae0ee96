//! Headers and state → caller, or 401.

use std::time::Duration;

use axum::http::HeaderMap;
use jitgate_core::Timestamp;
use jitgate_core::ledger::{Credential, State};

use super::access_token::{self, SigningKey};
use super::bearer::{Rejection, Unauthorized, bearer};
use super::caller::Caller;
use super::directory::{credential_of_digest, roles_of};
use super::oidc::{Identity, Oidc, Untrusted};
use super::token;

/// What callers are known by.
#[derive(Debug)]
pub struct Authenticator {
    pub(super) key: SigningKey,
    oidc: Option<Oidc>,
    tenant: String,
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
        let tenant = key.tenant().to_string();
        Self { key, oidc, tenant }
    }

    /// The GUID of the tenant that this server plays.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The provider of JWTs.
    #[cfg(test)]
    pub fn oidc(&self) -> Option<&Oidc> {
        self.oidc.as_ref()
    }

    /// Who calls. `origin` is this server's, as the client knows it: `https://host:port`.
    ///
    /// # Errors
    /// 401, with what goes into `WWW-Authenticate`.
    pub fn check(
        &self,
        headers: &HeaderMap,
        state: &State,
        now: Timestamp,
        origin: &str,
    ) -> Result<Caller, Unauthorized> {
        self.judge(headers, state, now).map_err(|failure| self.answer(&failure, origin))
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
        origin: &str,
    ) -> Result<Caller, Unauthorized> {
        match (self.judge(headers, state, now), &self.oidc) {
            (Err(Failure::UnknownKey), Some(oidc)) if oidc.refresh().await => {
                self.check(headers, state, now, origin)
            }
            (judged, _) => judged.map_err(|failure| self.answer(&failure, origin)),
        }
    }

    fn answer(&self, failure: &Failure, origin: &str) -> Unauthorized {
        match failure {
            Failure::Rejected(rejection) => rejection.answer(origin, &self.tenant),
            Failure::UnknownKey => {
                Rejection::Invalid("it is signed with a key that is not known").answer(origin, &self.tenant)
            }
        }
    }

    fn judge(&self, headers: &HeaderMap, state: &State, now: Timestamp) -> Result<Caller, Failure> {
        let text = bearer(headers).map_err(Failure::Rejected)?;
        if text.starts_with(token::PREFIX) {
            return self.by_token(text, state, now).map_err(Failure::Rejected);
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

    fn by_token(&self, text: &str, state: &State, now: Timestamp) -> Result<Caller, Rejection> {
        let found = credential_of_digest(state, &token::digest(text));
        of_credential(found.ok_or(Rejection::Invalid("it is not known"))?, state, now)
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

/// The caller of a credential: whose it is, with the roles of the credential alone. A person's other roles do not
/// count, so that a token can be less than its owner.
fn of_credential(credential: &Credential, state: &State, now: Timestamp) -> Result<Caller, Rejection> {
    valid(credential, now)?;
    Ok(Caller {
        principal: credential.principal.clone(),
        credential: Some(credential.id.clone()),
        roles: roles_of(state, std::iter::once(credential.id.as_str())),
    })
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
    let roles = roles_of(state, ids.filter(ours));
    Caller { principal: identity.principal, credential: None, roles }
}

/// Seconds since 1970; none before that.
pub(super) fn unix(now: Timestamp) -> u64 {
    let since = Timestamp::from_unix(0, 0).and_then(|epoch| now.since(epoch));
    since.unwrap_or(Duration::ZERO).as_secs()
}
