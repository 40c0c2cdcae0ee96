//! JWTs of an OpenID Connect provider: trusted by signature, issuer, audience and time, and by nothing that the token
//! says of itself.

mod claims;
mod config;
mod keys;

use std::fmt;

use jitgate_core::ledger::Principal;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};

use claims::Claims;
pub use config::{OidcConfig, OidcError};
use keys::KeySet;

/// How far the provider's clock may be off, in seconds.
const SKEW: u64 = 60;

/// A provider whose tokens are taken.
pub struct Oidc {
    config: OidcConfig,
    keys: KeySet,
}

/// Who a token speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The person or program.
    pub principal: Principal,
    /// The object ids of the groups that they are in.
    pub groups: Vec<String>,
}

/// Why a token is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untrusted {
    /// It names a key that the provider did not have when it was last asked, or none of those fits.
    UnknownKey,
    /// It is over.
    Expired,
    /// Anything else, in words.
    Invalid(&'static str),
}

impl Oidc {
    /// Reads the provider's keys; with a URL, asks for them.
    ///
    /// # Errors
    /// The file cannot be read, or has no key. A provider that does not answer, or in a way that is of no use, is no error:
    /// it is asked again.
    pub fn new(config: OidcConfig) -> Result<Self, OidcError> {
        let keys = KeySet::load(&config)?;
        Ok(Self { config, keys })
    }

    /// Who the token speaks of, at that time in seconds since 1970.
    ///
    /// # Errors
    /// It is not to be trusted.
    pub fn verify(&self, token: &str, now: u64) -> Result<Identity, Untrusted> {
        // `none` and whatever else is unknown does not even parse.
        let header = decode_header(token).map_err(|_| Untrusted::Invalid("it is no signed JWT"))?;
        if !self.config.algorithms().contains(&header.alg) {
            return Err(Untrusted::Invalid("it is signed with an algorithm that is not accepted"));
        }
        let keys = self.keys.fitting(header.kid.as_deref(), header.alg);
        if keys.is_empty() {
            return Err(Untrusted::UnknownKey);
        }
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[&self.config.issuer]);
        validation.set_audience(&self.config.audiences);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // Times are judged below, by the caller's clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        // Keys without a `kid` may be others by now.
        let mut last = Untrusted::UnknownKey;
        for key in keys {
            match decode::<Claims>(token, &key, &validation) {
                Ok(data) => return data.claims.identity(now, SKEW),
                Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {}
                Err(error) => last = why(&error),
            }
        }
        Err(last)
    }

    /// As if the keys could not be read anew for so long that they are void.
    #[cfg(test)]
    pub fn outlive(&self) {
        self.keys.outlive();
    }

    /// Lets the next refresh happen at once.
    #[cfg(test)]
    pub async fn forget_when(&self) {
        self.keys.forget_when().await;
    }

    /// Asks the provider for its keys anew, unless it was asked a moment ago. True when they were read.
    pub async fn refresh(&self) -> bool {
        self.keys.refresh().await
    }

    /// The same, where they are old.
    pub async fn refresh_old(&self) {
        if self.keys.is_old().await {
            self.keys.refresh().await;
        }
    }
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc").field("config", &self.config).finish_non_exhaustive()
    }
}

fn why(error: &jsonwebtoken::errors::Error) -> Untrusted {
    Untrusted::Invalid(match error.kind() {
        ErrorKind::InvalidIssuer => "it is of another issuer",
        ErrorKind::InvalidAudience => "it is for another audience",
        ErrorKind::MissingRequiredClaim(_) => "it lacks one of the claims `exp`, `iss`, `aud`",
        ErrorKind::InvalidAlgorithm => "its signature is wrong",
        _ => "it cannot be read",
    })
}
