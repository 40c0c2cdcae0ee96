//! The provider's public keys (RFC 7517): kept, and asked for anew when a token names one that is not among them.

use std::fs;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};

use super::config::{KeySource, OidcConfig, OidcError, keys_of};

/// However many unknown keys come, the provider is asked no oftener than this.
const LEAST_PAUSE: Duration = Duration::from_secs(30);
/// Then they are read anew without any occasion.
const MOST_AGE: Duration = Duration::from_mins(15);
const TIMEOUT: Duration = Duration::from_secs(10);
/// Microsoft's key set, one of the largest, has 20 KB.
const LARGEST: u64 = 1024 * 1024;
/// NIST SP 800-131A: shorter RSA keys than 2048 bits are not to be used.
const LEAST_RSA_BYTES: usize = 256;

/// A key, and what it may be used for.
#[derive(Clone)]
struct Usable {
    kid: Option<String>,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

/// The keys at hand.
pub struct KeySet {
    source: KeySource,
    keys: RwLock<Arc<Vec<Usable>>>,
    /// When the provider was last asked; none where it is to be asked at once. Who holds it asks, and the others wait for
    /// the answer.
    asked: tokio::sync::Mutex<Option<Instant>>,
}

/// Why there are no keys.
enum Unread {
    /// Whoever has them does not answer now, and may later.
    Away(String),
    /// What is there is of no use.
    Wrong(String),
}

impl KeySet {
    /// Reads the keys for the first time. A provider that is away keeps nobody else out: it is asked again when the first
    /// of its tokens comes.
    pub fn load(config: &OidcConfig) -> Result<Self, OidcError> {
        let (keys, asked) = match read(&config.keys) {
            Ok(keys) => (keys, Some(Instant::now())),
            Err(Unread::Away(error)) => {
                tracing::warn!(%error, "the provider's tokens are refused until its keys can be read");
                (Vec::new(), None)
            }
            Err(Unread::Wrong(why)) => return Err(OidcError(why)),
        };
        Ok(Self {
            source: config.keys.clone(),
            keys: RwLock::new(Arc::new(keys)),
            asked: tokio::sync::Mutex::new(asked),
        })
    }

    /// The keys that a token with this header may be signed with: the one it names, or all where it names none.
    pub fn fitting(&self, kid: Option<&str>, algorithm: Algorithm) -> Vec<DecodingKey> {
        let keys = Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner));
        let fits = |key: &&Usable| {
            key.algorithms.contains(&algorithm) && (kid.is_none() || key.kid.as_deref() == kid)
        };
        keys.iter().filter(fits).map(|key| key.key.clone()).collect()
    }

    /// Reads the keys anew, unless that was done within the last half minute. True when they may have changed. Those
    /// who come meanwhile wait for the one that asks, without a thread of their own.
    pub async fn refresh(&self) -> bool {
        let came = Instant::now();
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|asked| asked > came) {
            // Somebody else asked while this call waited.
            return true;
        }
        if asked.is_some_and(|asked| asked.elapsed() < LEAST_PAUSE) {
            return false;
        }
        let source = self.source.clone();
        let answer = tokio::task::spawn_blocking(move || read(&source)).await;
        *asked = Some(Instant::now());
        match answer.map_err(|error| Unread::Wrong(error.to_string())).flatten() {
            Ok(keys) => {
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
                true
            }
            Err(Unread::Away(error) | Unread::Wrong(error)) => {
                // The old ones stay: a provider that is away for a moment must not lock everybody out.
                tracing::warn!(%error, "the provider's keys could not be read anew");
                false
            }
        }
    }

    /// True when the keys are older than any provider expects them to be kept: one that was withdrawn must not be good
    /// for ever.
    pub async fn is_old(&self) -> bool {
        self.asked.lock().await.is_none_or(|asked| asked.elapsed() > MOST_AGE)
    }

    /// Lets the next refresh happen at once.
    #[cfg(test)]
    pub async fn forget_when(&self) {
        *self.asked.lock().await = None;
    }
}

fn read(source: &KeySource) -> Result<Vec<Usable>, Unread> {
    let (name, bytes) = match source {
        KeySource::File(path) => {
            let name = path.display().to_string();
            let bytes = fs::read(path);
            let bytes = bytes.map_err(|error| Unread::Wrong(format!("`{name}` cannot be read: {error}")))?;
            (name, bytes)
        }
        KeySource::Url(url) => (url.clone(), fetch(url)?),
        KeySource::Issuer(issuer) => {
            let url = discover(issuer)?;
            let bytes = fetch(&url)?;
            (url, bytes)
        }
    };
    let keys = parse(&bytes)
        .ok_or_else(|| Unread::Wrong(format!("`{name}` is no JSON Web Key Set: it has no list `keys`")))?;
    if keys.is_empty() {
        return Err(Unread::Wrong(format!(
            "`{name}` has no key that can be used: RSA from 2048 bits on, or EC P-256 or P-384, for signatures"
        )));
    }
    Ok(keys)
}

/// Asks an issuer where its keys are: each time anew, since they may move.
fn discover(issuer: &str) -> Result<String, Unread> {
    // A slash at the end goes (OpenID Connect Discovery 1.0, section 4).
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    keys_of(&fetch(&url)?, issuer).map_err(|OidcError(why)| Unread::Wrong(format!("`{url}`: {why}")))
}

fn fetch(url: &str) -> Result<Vec<u8>, Unread> {
    use ureq::Error::{ConnectionFailed, HostNotFound, Io, StatusCode, Timeout};
    get(url).map_err(|error| {
        let why = format!("`{url}` cannot be read: {error}");
        match error {
            ConnectionFailed | HostNotFound | Io(_) | StatusCode(500..) | Timeout(_) => Unread::Away(why),
            _ => Unread::Wrong(why),
        }
    })
}

fn get(url: &str) -> Result<Vec<u8>, ureq::Error> {
    let secure = url.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
    let config =
        ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).https_only(secure).max_redirects(3);
    let agent = ureq::Agent::new_with_config(config.build());
    let mut response = agent.get(url).header("accept", "application/json").call()?;
    response.body_mut().with_config().limit(LARGEST).read_to_vec()
}

/// The usable keys of a set; others are passed over. None for what is no set.
fn parse(bytes: &[u8]) -> Option<Vec<Usable>> {
    let set: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let keys = set.get("keys")?.as_array()?;
    Some(keys.iter().filter_map(|key| usable(&serde_json::from_value(key.clone()).ok()?)).collect())
}

fn usable(jwk: &Jwk) -> Option<Usable> {
    if matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption | PublicKeyUse::Other(_))) {
        return None;
    }
    let mut algorithms = match &jwk.algorithm {
        AlgorithmParameters::RSA(rsa) => {
            let modulus = URL_SAFE_NO_PAD.decode(rsa.n.trim_end_matches('=')).ok()?;
            let bytes = modulus.iter().skip_while(|byte| **byte == 0).count();
            if bytes < LEAST_RSA_BYTES {
                return None;
            }
            AlgorithmFamily::Rsa.algorithms().to_vec()
        }
        AlgorithmParameters::EllipticCurve(ec) => match ec.curve {
            EllipticCurve::P256 => vec![Algorithm::ES256],
            EllipticCurve::P384 => vec![Algorithm::ES384],
            _ => return None,
        },
        // A shared secret, above all, has no place in a public set.
        _ => return None,
    };
    if let Some(only) = jwk.common.key_algorithm {
        algorithms.retain(|algorithm| format!("{algorithm:?}") == only.to_string());
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    (!algorithms.is_empty()).then(|| Usable { kid: jwk.common.key_id.clone(), algorithms, key })
}
