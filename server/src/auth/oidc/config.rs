//! What the operator says of the provider.

use std::fmt;
use std::path::PathBuf;

use jsonwebtoken::Algorithm;
use serde::Deserialize;

/// Where the provider's keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A JSON Web Key Set in a file.
    File(PathBuf),
    /// The same behind a URL: `https`, or `http` on this machine.
    Url(String),
    /// Where the issuer of that URL says (OpenID Connect Discovery 1.0, section 4).
    Issuer(String),
}

/// A provider, as the command line names it.
#[derive(Clone, Debug)]
pub struct OidcConfig {
    /// The claim `iss`, to the letter.
    pub issuer: String,
    /// The claim `aud` holds one of these.
    pub audiences: Vec<String>,
    /// Where the keys are.
    pub keys: KeySource,
    algorithms: Vec<Algorithm>,
}

/// Why a provider cannot be used. [`fmt::Display`] says it in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcError(pub String);

impl fmt::Display for OidcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OidcError {}

/// Those with a public key. With a shared secret (HS256 and its like) whoever can check a token can make one, and an
/// attacker may use the public key as the secret; `none` is no signature at all.
const ACCEPTED: [(&str, Algorithm); 8] = [
    ("RS256", Algorithm::RS256),
    ("RS384", Algorithm::RS384),
    ("RS512", Algorithm::RS512),
    ("PS256", Algorithm::PS256),
    ("PS384", Algorithm::PS384),
    ("PS512", Algorithm::PS512),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
];

impl OidcConfig {
    /// A provider whose keys are in a file or behind a URL; without either, where the issuer says. `algorithms` are names
    /// as in a JWT's header; without any, RS256 and ES256.
    ///
    /// # Errors
    /// There is no issuer or audience, a URL is not safe, or an algorithm is none that may be used.
    pub fn new(
        issuer: &str,
        audiences: &[String],
        keys: Option<&str>,
        algorithms: &[String],
    ) -> Result<Self, OidcError> {
        if issuer.trim().is_empty() || audiences.iter().all(|audience| audience.trim().is_empty()) {
            return Err(OidcError("a provider needs an issuer and an audience".into()));
        }
        let mut accepted = Vec::new();
        for name in algorithms {
            let known = ACCEPTED.iter().find(|(known, _)| known == name);
            let Some((_, algorithm)) = known else {
                let names = ACCEPTED.map(|(name, _)| name).join(", ");
                return Err(OidcError(format!(
                    "`{name}` is no algorithm that may be used; these are: {names}"
                )));
            };
            accepted.push(*algorithm);
        }
        if accepted.is_empty() {
            accepted = vec![Algorithm::RS256, Algorithm::ES256];
        }
        let audiences = audiences.iter().filter(|audience| !audience.trim().is_empty()).cloned().collect();
        let keys = match keys {
            Some(keys) => source(keys)?,
            None => discovered(issuer)?,
        };
        Ok(Self { issuer: issuer.to_owned(), audiences, keys, algorithms: accepted })
    }

    /// What a token may be signed with.
    pub fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }
}

/// The issuer itself is asked.
fn discovered(issuer: &str) -> Result<KeySource, OidcError> {
    match source(issuer)? {
        // It has no query and no fragment (section 3 of the discovery).
        KeySource::Url(url) if !url.contains(['?', '#']) => Ok(KeySource::Issuer(url)),
        _ => Err(OidcError(format!(
            "`{issuer}` cannot be asked for its keys, since it is no plain URL: name them with `--oidc-jwks`"
        ))),
    }
}

/// Where the document of an issuer (`/.well-known/openid-configuration`) says that its keys are.
///
/// # Errors
/// It is of another issuer, or names no URL that is as safe as the issuer's own.
pub fn keys_of(document: &[u8], issuer: &str) -> Result<String, OidcError> {
    let document: Document = serde_json::from_slice(document)
        .map_err(|error| OidcError(format!("it is no document of an issuer: {error}")))?;
    if document.issuer != issuer {
        let named = document.issuer;
        return Err(OidcError(format!(
            "it is of the issuer `{named}`, which is not, to the letter, `{issuer}`"
        )));
    }
    let is_secure = |url: &str| url.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
    match source(&document.jwks_uri)? {
        KeySource::Url(url) if is_secure(&url) || !is_secure(issuer) => Ok(url),
        _ => {
            Err(OidcError(format!("its `jwks_uri` is `{}`, which is no URL with `https`", document.jwks_uri)))
        }
    }
}

/// What counts of it.
#[derive(Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: String,
}

fn source(text: &str) -> Result<KeySource, OidcError> {
    let Some((scheme, rest)) = text.split_once("://") else { return Ok(KeySource::File(text.into())) };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        let port = authority.strip_prefix(host);
        port.is_some_and(|port| {
            port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
        })
    });
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(KeySource::Url(text.to_owned())),
        "http" if local => Ok(KeySource::Url(text.to_owned())),
        "http" => Err(OidcError(format!(
            "`{text}`: keys must come by `https`, or anybody on the way could change them"
        ))),
        _ => Err(OidcError(format!("`{text}` is neither a file nor a URL with `https`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(keys: &str, algorithms: &[&str]) -> Result<OidcConfig, OidcError> {
        let algorithms: Vec<String> = algorithms.iter().map(ToString::to_string).collect();
        OidcConfig::new("https://issuer", &["a".into()], Some(keys), &algorithms)
    }

    #[test]
    fn sources() {
        for url in [
            "https://issuer/keys",
            "HTTPS://issuer",
            "http://127.0.0.1:9/keys",
            "http://localhost/k",
            "http://[::1]:80",
        ] {
            assert_eq!(config(url, &[]).unwrap().keys, KeySource::Url(url.into()), "{url}");
        }
        for url in [
            "http://issuer/keys",
            "ftp://issuer",
            "http://localhost.evil/keys",
            "http://127.0.0.1@evil/",
            "http://localhost:80@evil/",
        ] {
            assert!(config(url, &[]).is_err(), "{url}");
        }
        assert_eq!(config("keys.json", &[]).unwrap().keys, KeySource::File("keys.json".into()));
    }

    #[test]
    fn algorithms() {
        assert_eq!(config("k", &[]).unwrap().algorithms(), [Algorithm::RS256, Algorithm::ES256]);
        assert_eq!(config("k", &["PS256"]).unwrap().algorithms(), [Algorithm::PS256]);
        for bad in ["none", "HS256", "rs256", "EdDSA", ""] {
            assert!(config("k", &["RS256", bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn both_are_needed() {
        assert!(OidcConfig::new("", &["a".into()], Some("k"), &[]).is_err());
        assert!(OidcConfig::new("i", &[], Some("k"), &[]).is_err());
        assert!(OidcConfig::new("i", &[" ".into()], Some("k"), &[]).is_err());
    }

    #[test]
    fn an_issuer_is_asked_where_no_keys_are_named() {
        let new = |issuer: &str| OidcConfig::new(issuer, &["a".into()], None, &[]).map(|config| config.keys);
        for issuer in ["https://issuer/v2.0", "http://127.0.0.1:9/t", "https://issuer/"] {
            assert_eq!(new(issuer), Ok(KeySource::Issuer(issuer.into())), "{issuer}");
        }
        for issuer in ["issuer", "http://issuer", "https://issuer?a=b", "urn:x", "ftp://issuer"] {
            assert!(new(issuer).is_err(), "{issuer}");
        }
    }

    #[test]
    fn documents_of_issuers() {
        let (secure, local) = ("https://i/v2.0", "http://127.0.0.1:1");
        let document = |issuer: &str, keys: &str| {
            format!(r#"{{"issuer":"{issuer}","jwks_uri":"{keys}","token_endpoint":"https://i/token"}}"#)
        };
        for (issuer, of, keys, good) in [
            (secure, secure, "https://keys/k?x=1", true),
            (local, local, "http://127.0.0.1:2/k", true),
            (local, local, "https://keys/k", true),
            (secure, "https://i/v2.0/", "https://keys/k", false),
            (secure, "https://other", "https://keys/k", false),
            (secure, secure, "http://keys/k", false),
            (secure, secure, "http://127.0.0.1/k", false),
            (local, local, "http://keys/k", false),
            (secure, secure, "/etc/passwd", false),
        ] {
            let found = keys_of(document(of, keys).as_bytes(), issuer);
            assert_eq!(found.ok().as_deref(), good.then_some(keys), "{of} {keys}");
        }
        for text in ["", "[]", r#"{"issuer":"https://i/v2.0"}"#, r#"{"issuer":1,"jwks_uri":2}"#] {
            assert!(keys_of(text.as_bytes(), secure).is_err(), "{text}");
        }
    }
}
