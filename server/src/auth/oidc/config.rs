//! What the operator says of the provider.

use std::fmt;
use std::path::PathBuf;

use jsonwebtoken::Algorithm;

/// Where the provider's keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A JSON Web Key Set in a file.
    File(PathBuf),
    /// The same behind a URL: `https`, or `http` on this machine.
    Url(String),
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
    /// A provider whose keys are in a file or behind a URL. `algorithms` are names as in a JWT's header; without any,
    /// RS256 and ES256.
    ///
    /// # Errors
    /// There is no issuer or audience, the URL is not safe, or an algorithm is none that may be used.
    pub fn new(
        issuer: &str,
        audiences: &[String],
        keys: &str,
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
        Ok(Self { issuer: issuer.to_owned(), audiences, keys: source(keys)?, algorithms: accepted })
    }

    /// What a token may be signed with.
    pub fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }
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
        OidcConfig::new("https://issuer", &["a".into()], keys, &algorithms)
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
        assert!(OidcConfig::new("", &["a".into()], "k", &[]).is_err());
        assert!(OidcConfig::new("i", &[], "k", &[]).is_err());
        assert!(OidcConfig::new("i", &[" ".into()], "k", &[]).is_err());
    }
}
