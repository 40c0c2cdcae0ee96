//! How a caller is told, and what is answered to nobody.

use std::borrow::Cow;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use jitgate_core::rest::{Caller, TENANT};

use super::error::Error;
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
