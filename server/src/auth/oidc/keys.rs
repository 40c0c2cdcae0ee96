//! The provider's public keys (RFC 7517): kept, and asked for anew when a token names one that is not among them.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use std::{env, fs};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::config::{KeySource, OidcConfig, OidcError, keys_of};

/// However many unknown keys come, the provider is asked no oftener than this.
const LEAST_PAUSE: Duration = Duration::from_secs(30);
/// Then they are read anew without any occasion.
const MOST_AGE: Duration = Duration::from_mins(15);
/// Keys that could not be read anew for so long are void: the provider may have withdrawn them.
const LONGEST: Duration = Duration::from_hours(24);
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
    keys: RwLock<Arc<Keys>>,
    /// When the provider was last asked; none where it is to be asked at once. Who holds it asks, and the others wait for
    /// the answer.
    asked: tokio::sync::Mutex<Option<Instant>>,
}

/// What was read last.
#[derive(Default)]
struct Keys {
    usable: Vec<Usable>,
    /// Until when they are good.
    ends: Option<Instant>,
}

impl Keys {
    fn new(usable: Vec<Usable>) -> Arc<Self> {
        Arc::new(Self { usable, ends: Instant::now().checked_add(LONGEST) })
    }
}

impl KeySet {
    /// Reads the keys for the first time. A file must have some. A provider that is away, or whose answer is of no use,
    /// keeps nobody else out: it is asked again when the first of its tokens comes.
    pub fn load(config: &OidcConfig) -> Result<Self, OidcError> {
        let read =
            read(&config.keys).and_then(|keys| if keys.is_empty() { Err(NO_KEY.into()) } else { Ok(keys) });
        let (keys, asked) = match (read, &config.keys) {
            (Ok(keys), _) => (Keys::new(keys), Some(Instant::now())),
            (Err(why), KeySource::File(path)) => {
                return Err(OidcError(format!("`{}` {why}", path.display())));
            }
            (Err(error), KeySource::Url(url) | KeySource::Issuer(url)) => {
                tracing::warn!(url, error, "the provider's tokens are refused until its keys can be read");
                (Arc::default(), None)
            }
        };
        let (source, asked) = (config.keys.clone(), tokio::sync::Mutex::new(asked));
        Ok(Self { source, keys: RwLock::new(keys), asked })
    }

    /// The keys that a token with this header may be signed with: the one it names, or all where it names none.
    pub fn fitting(&self, kid: Option<&str>, algorithm: Algorithm) -> Vec<DecodingKey> {
        let keys = Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner));
        let fits = |key: &&Usable| {
            key.algorithms.contains(&algorithm) && (kid.is_none() || key.kid.as_deref() == kid)
        };
        let good = keys.ends.is_some_and(|ends| Instant::now() < ends);
        keys.usable.iter().filter(|_| good).filter(fits).map(|key| key.key.clone()).collect()
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
        match answer.map_err(|error| error.to_string()).flatten() {
            Ok(keys) => {
                if keys.is_empty() {
                    tracing::warn!("the provider's set of keys {NO_KEY}");
                }
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Keys::new(keys);
                true
            }
            Err(error) => {
                // The old ones stay for a while: a provider that is away for a moment must not lock everybody out.
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

    /// As if the keys could not be read anew for so long that they are void.
    #[cfg(test)]
    pub fn outlive(&self) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        *keys = Arc::new(Keys { usable: keys.usable.clone(), ends: Some(Instant::now()) });
    }
}

/// What is wrong with a set that has none.
const NO_KEY: &str =
    "has no key that can be used: RSA from 2048 bits on, or EC P-256 or P-384, for signatures";

/// The usable keys; or why there are none to be read, behind the name of the file.
fn read(source: &KeySource) -> Result<Vec<Usable>, String> {
    let bytes = match source {
        KeySource::File(path) => fs::read(path).map_err(|error| format!("cannot be read: {error}"))?,
        KeySource::Url(url) => fetch(url)?,
        KeySource::Issuer(issuer) => fetch(&discover(issuer)?)?,
    };
    parse(&bytes).ok_or_else(|| "is no JSON Web Key Set: it has no list `keys`".to_owned())
}

/// Asks an issuer where its keys are: each time anew, since they may move.
fn discover(issuer: &str) -> Result<String, String> {
    // A slash at the end goes (OpenID Connect Discovery 1.0, section 4).
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    keys_of(&fetch(&url)?, issuer).map_err(|OidcError(why)| format!("`{url}`: {why}"))
}

fn fetch(url: &str) -> Result<Vec<u8>, String> {
    get(url).map_err(|error| format!("`{url}` cannot be read: {error}"))
}

fn get(url: &str) -> Result<Vec<u8>, ureq::Error> {
    let secure = url.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .https_only(secure)
        .max_redirects(3)
        .tls_config(TlsConfig::builder().root_certs(trusted()).build());
    let agent = ureq::Agent::new_with_config(config.build());
    let mut response = agent.get(url).header("accept", "application/json").call()?;
    response.body_mut().with_config().limit(LARGEST).read_to_vec()
}

/// Whom the system trusts, or else `SSL_CERT_FILE` and `SSL_CERT_DIR`. Where neither names anybody, as in a container that has
/// the program alone, Mozilla's list.
fn trusted() -> RootCerts {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "certificates that are to be trusted cannot be read");
    }
    let is_told = ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| env::var_os(name).is_some());
    if found.certs.is_empty() && !is_told {
        return RootCerts::WebPki;
    }
    let certificates = found.certs.iter().map(|known| Certificate::from_der(known).to_owned());
    certificates.collect::<Vec<_>>().into()
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
