//! The token endpoint: client credentials for a short-lived access token (RFC 6749, section 4.4), as
//! `az login --service-principal` and Azure's SDKs ask for one. The secret is one of our own tokens, the client its
//! name or id.

use std::time::Duration;

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jitgate_core::Timestamp;
use jitgate_core::ledger::State;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use uuid::Uuid;

use super::access_token::LIFETIME;
use super::authenticate::{Authenticator, unix, valid};
use super::directory::credential_of_digest;
use super::secret::Secret;
use super::token::digest;

/// The largest form that is read, in bytes.
pub const MAX_FORM: usize = 16 * 1024;

/// An error of the endpoint; its answer is [`OAuthError::body`], with `Cache-Control: no-store`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// The HTTP status: 400 or 401.
    pub status: u16,
    /// `error`, of RFC 6749, section 5.2.
    pub error: &'static str,
    /// `error_description`, with a number as Microsoft Entra has them.
    pub description: &'static str,
    number: u32,
}

/// What the client asks for.
#[derive(Debug, Default)]
pub struct TokenForm {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<Secret>,
    resource: Option<String>,
}

#[derive(Serialize)]
struct TokenBody<'a> {
    token_type: &'static str,
    expires_in: u64,
    ext_expires_in: u64,
    /// Seconds since 1970, as a string; for clients of the first version of the endpoint, which send `resource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    access_token: &'a str,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    error_description: &'a str,
    error_codes: [u32; 1],
}

#[derive(Serialize)]
struct OpenidConfiguration {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    /// The library for JavaScript takes no description without it.
    jwks_uri: String,
    token_endpoint_auth_methods_supported: [&'static str; 2],
    grant_types_supported: [&'static str; 1],
    response_types_supported: [&'static str; 1],
}

impl OAuthError {
    const fn new(status: u16, error: &'static str, number: u32, description: &'static str) -> Self {
        Self { status, error, description, number }
    }

    /// `{"error", "error_description", "error_codes"}`.
    pub fn body(&self) -> String {
        let body =
            ErrorBody { error: self.error, error_description: self.description, error_codes: [self.number] };
        serde_json::to_string(&body).unwrap_or_default()
    }

    /// The same for a client that is not known and for a wrong secret: who does not know the one shall not learn
    /// whether the other is right.
    const INVALID_CLIENT: Self = Self::new(
        401,
        "invalid_client",
        7_000_215,
        "AADSTS7000215: The client is not known, its secret is wrong, or it has expired or was revoked.",
    );
}

impl TokenForm {
    /// Reads the body and, where the client identifies itself there, the header `Authorization: Basic`.
    ///
    /// # Errors
    /// It is too long, or a member comes twice.
    pub fn parse(body: &[u8], headers: &HeaderMap) -> Result<Self, OAuthError> {
        if body.len() > MAX_FORM {
            return Err(OAuthError::new(
                400,
                "invalid_request",
                900_144,
                "AADSTS900144: The request body is too long.",
            ));
        }
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let value = value.into_owned();
            let before = match name.as_ref() {
                "grant_type" => form.grant_type.replace(value).is_some(),
                "client_id" => form.client_id.replace(value).is_some(),
                "client_secret" => form.client_secret.replace(Secret::new(value)).is_some(),
                "resource" => form.resource.replace(value).is_some(),
                // `scope` and the rest change nothing: there is one thing to get a token for.
                _ => false,
            };
            if before {
                let description = "AADSTS90014: A parameter of the request body comes twice.";
                return Err(OAuthError::new(400, "invalid_request", 90_014, description));
            }
        }
        if form.client_secret.is_none()
            && let Some((id, secret)) = basic(headers)
        {
            form.client_id = form.client_id.or(Some(id));
            form.client_secret = Some(secret);
        }
        Ok(form)
    }
}

impl Authenticator {
    /// The body of a 200: an access token for that client.
    ///
    /// # Errors
    /// The client is not known, or asks for something else.
    pub fn grant(&self, form: &TokenForm, state: &State, now: Timestamp) -> Result<Secret, OAuthError> {
        match form.grant_type.as_deref() {
            Some("client_credentials") => {}
            Some(_) => {
                let description = "AADSTS70003: Only the grant type 'client_credentials' is supported.";
                return Err(OAuthError::new(400, "unsupported_grant_type", 70_003, description));
            }
            None => {
                let description =
                    "AADSTS900144: The request body must contain the following parameter: 'grant_type'.";
                return Err(OAuthError::new(400, "invalid_request", 900_144, description));
            }
        }
        let (Some(client), Some(secret)) = (&form.client_id, &form.client_secret) else {
            let description = "AADSTS7000218: The request body must contain the parameters 'client_id' and 'client_secret'.";
            return Err(OAuthError::new(401, "invalid_client", 7_000_218, description));
        };
        let credential =
            credential_of_digest(state, &digest(secret.expose())).ok_or(OAuthError::INVALID_CLIENT)?;
        let is_client = credential.id.eq_ignore_ascii_case(client) || credential.name == *client;
        let id = Uuid::parse_str(&credential.id).map_err(|_| OAuthError::INVALID_CLIENT)?;
        if !is_client || valid(credential, now).is_err() {
            return Err(OAuthError::INVALID_CLIENT);
        }
        // An access token does not outlive its credential.
        let left = credential
            .expires
            .and_then(|end| end.since(now))
            .map_or(LIFETIME, |left: Duration| left.as_secs());
        let expires_in = left.min(LIFETIME);
        let ends = unix(now).saturating_add(expires_in);
        let access_token = self.key.sign(id, ends);
        let body = TokenBody {
            token_type: "Bearer",
            expires_in,
            ext_expires_in: expires_in,
            expires_on: form.resource.is_some().then(|| ends.to_string()),
            resource: form.resource.as_deref(),
            access_token: access_token.expose(),
        };
        Ok(Secret::new(serde_json::to_string(&body).unwrap_or_default()))
    }
}

/// `/{tenant}/v2.0/.well-known/openid-configuration`, or the same of `/adfs`. `origin` is this server's, as the client
/// knows it; `tenant` is the path's, which has been percent-decoded. None for a tenant that cannot be one.
pub fn openid_configuration(origin: &str, tenant: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if tenant.is_empty() || tenant.len() > 128 || !tenant.bytes().all(fits) {
        return None;
    }
    let (tenant, version) =
        if tenant.eq_ignore_ascii_case("adfs") { ("adfs", "") } else { (tenant, "/v2.0") };
    let (issuer, endpoints) =
        (format!("{origin}/{tenant}{version}"), format!("{origin}/{tenant}/oauth2{version}"));
    let jwks_uri = format!("{origin}/{tenant}/discovery{version}/keys");
    let body = OpenidConfiguration {
        issuer,
        authorization_endpoint: format!("{endpoints}/authorize"),
        token_endpoint: format!("{endpoints}/token"),
        jwks_uri,
        token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
        grant_types_supported: ["client_credentials"],
        response_types_supported: ["token"],
    };
    serde_json::to_string(&body).ok()
}

/// Id and secret of `Authorization: Basic`, each percent-encoded as RFC 6749, section 2.3.1 wants it.
fn basic(headers: &HeaderMap) -> Option<(String, Secret)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, text) = value.split_once(' ')?;
    let decoded = scheme.eq_ignore_ascii_case("Basic").then(|| STANDARD.decode(text.trim()).ok())??;
    let decoded = String::from_utf8(decoded).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().ok().map(String::from);
    Some((plain(id)?, Secret::new(plain(secret)?)))
}
