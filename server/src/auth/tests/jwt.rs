//! JWTs of a provider that lives in the test.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::pkcs8::EncodePrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;

use super::*;

mod provider;

const ISSUER: &str = "https://issuer.example/v2.0";
const AUDIENCE: &str = "api://jitgate";

/// A key pair of the provider.
struct Signer {
    kid: &'static str,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl Signer {
    fn ec(kid: &'static str) -> Self {
        let secret = p256::SecretKey::from_slice(&rand::random::<[u8; 32]>()).unwrap();
        let key = EncodingKey::from_ec_der(secret.to_pkcs8_der().unwrap().as_bytes());
        Self { kid, algorithm: Algorithm::ES256, key }
    }

    fn rsa(kid: &'static str) -> Self {
        let secret = rsa::PrivateKey::new(&mut rand::rng(), 2048).unwrap();
        let key = EncodingKey::from_rsa_der(secret.to_pkcs1_der().unwrap().as_bytes());
        Self { kid, algorithm: Algorithm::RS256, key }
    }

    fn jwk(&self) -> Value {
        let mut jwk =
            serde_json::to_value(Jwk::from_encoding_key(&self.key, self.algorithm).unwrap()).unwrap();
        jwk["kid"] = self.kid.into();
        jwk["use"] = "sig".into();
        jwk.as_object_mut().unwrap().remove("alg");
        jwk
    }

    fn sign(&self, claims: &Value) -> String {
        self.sign_as(self.algorithm, Some(self.kid), claims)
    }

    fn sign_as(&self, algorithm: Algorithm, kid: Option<&str>, claims: &Value) -> String {
        let header = Header { kid: kid.map(String::from), ..Header::new(algorithm) };
        encode(&header, claims, &self.key).unwrap()
    }
}

/// RSA keys take a while to make.
static RSA: LazyLock<Signer> = LazyLock::new(|| Signer::rsa("r1"));

fn set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 3600, "nbf": NOW - 10, "iat": NOW - 10,
        "oid": "AAAAAAAA-0000-4000-8000-000000000001", "upn": "ann@contoso.com"})
}

fn with(change: &[(&str, Value)]) -> Value {
    let mut claims = claims();
    for (name, value) in change {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(*name);
        } else {
            claims[*name] = value.clone();
        }
    }
    claims
}

fn oidc(keys: &str, algorithms: &[&str]) -> Result<Oidc, OidcError> {
    let algorithms: Vec<String> = algorithms.iter().map(ToString::to_string).collect();
    Oidc::new(OidcConfig::new(ISSUER, &[AUDIENCE.into(), "second".into()], Some(keys), &algorithms)?)
}

fn of_file(folder: &Path, keys: &[Value], algorithms: &[&str]) -> Authenticator {
    let path = folder.join("keys.json");
    std::fs::write(&path, set(keys)).unwrap();
    Authenticator::new(SigningKey::random(), Some(oidc(path.to_str().unwrap(), algorithms).unwrap()))
}

#[track_caller]
fn taken(auth: &Authenticator, state: &State, token: &str) -> Caller {
    auth.check(&headers(&format!("Bearer {token}")), state, at(0)).unwrap()
}

#[test]
fn people_programs_and_groups() {
    let folder = tempfile::tempdir().unwrap();
    let signer = Signer::ec("e1");
    let auth = of_file(folder.path(), &[signer.jwk(), RSA.jwk()], &[]);
    let mut world = World::default();
    world.assign("JIT Access Role", "aaaaaaaa-0000-4000-8000-000000000001", GROUP);
    world.assign("Reader", "bbbbbbbb-0000-4000-8000-000000000002", OTHER);
    world.assign("Owner", "cccccccc-0000-4000-8000-000000000003", "/");
    for signer in [&signer, &RSA] {
        let caller = taken(&auth, &world.state, &signer.sign(&claims()));
        assert_eq!(caller.principal.name.as_ref(), "ann@contoso.com");
        assert_eq!(caller.principal.kind, ActorKind::User);
        assert!(
            caller.may(action::JIT_INITIATE, &scope(GROUP)) && !caller.may(action::JIT_READ, &scope(OTHER))
        );
    }
    // Some providers write the only group without a list.
    let group = "bbbbbbbb-0000-4000-8000-000000000002";
    for groups in [json!([group]), json!(group)] {
        let caller = taken(&auth, &world.state, &signer.sign(&with(&[("groups", groups)])));
        assert!(
            caller.may(action::JIT_READ, &scope(OTHER)) && !caller.may(action::JIT_INITIATE, &scope(OTHER))
        );
    }
    let names = [
        (vec![("upn", Value::Null), ("preferred_username", json!("p"))], "p", ActorKind::User),
        (vec![("upn", json!("")), ("email", json!("e"))], "e", ActorKind::User),
        (vec![("upn", Value::Null), ("appid", json!("app-1"))], "app-1", ActorKind::Application),
        (vec![("idtyp", json!("app")), ("azp", json!("app-2"))], "app-2", ActorKind::Application),
        (vec![("upn", Value::Null)], "AAAAAAAA-0000-4000-8000-000000000001", ActorKind::Application),
        (vec![("oid", Value::Null), ("sub", json!("s"))], "ann@contoso.com", ActorKind::User),
        (vec![("aud", json!(["x", "second"]))], "ann@contoso.com", ActorKind::User),
    ];
    for (change, name, kind) in names {
        let caller = taken(&auth, &world.state, &signer.sign(&with(&change)));
        assert_eq!((caller.principal.name.as_ref(), caller.principal.kind), (name, kind), "{change:?}");
    }
    let caller =
        taken(&auth, &world.state, &signer.sign(&with(&[("oid", Value::Null), ("sub", json!("s"))])));
    assert_eq!((caller.principal.id.as_ref(), caller.roles.len()), ("s", 0));
}

#[test]
fn claims_that_do_not_do() {
    let folder = tempfile::tempdir().unwrap();
    let signer = Signer::ec("e1");
    let auth = of_file(folder.path(), &[signer.jwk()], &[]);
    let state = State::new();
    let (expired, invalid) = ("ExpiredAuthenticationToken", "InvalidAuthenticationToken");
    let cases = [
        (vec![("exp", json!(NOW - 59))], None),
        (vec![("exp", json!(NOW - 60))], Some(expired)),
        (vec![("exp", json!(1_768_478_340.5))], None),
        (vec![("nbf", json!(NOW + 60))], None),
        (vec![("nbf", json!(NOW + 61))], Some(invalid)),
        (vec![("nbf", Value::Null)], None),
        (vec![("exp", Value::Null)], Some(invalid)),
        (vec![("exp", json!("soon"))], Some(invalid)),
        (vec![("exp", json!(-1))], Some(invalid)),
        (vec![("iss", json!("https://issuer.example/v2.0/"))], Some(invalid)),
        (vec![("iss", Value::Null)], Some(invalid)),
        (vec![("aud", json!("api://other"))], Some(invalid)),
        (vec![("aud", Value::Null)], Some(invalid)),
        (vec![("oid", Value::Null)], Some(invalid)),
        (vec![("oid", json!(7))], Some(invalid)),
        (vec![("oid", json!("a\nb"))], Some(invalid)),
        (vec![("upn", json!("x".repeat(300)))], Some(invalid)),
    ];
    for (change, code) in cases {
        let header = headers(&format!("Bearer {}", signer.sign(&with(&change))));
        let answer = auth.check(&header, &state, at(0));
        assert_eq!(answer.err().map(|unauthorized| unauthorized.code), code, "{change:?}");
    }
}

#[test]
fn forged_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let (signer, stranger) = (Signer::ec("e1"), Signer::ec("e1"));
    let auth = of_file(folder.path(), &[signer.jwk(), RSA.jwk()], &[]);
    let mut world = World::default();
    world.assign("Owner", "aaaaaaaa-0000-4000-8000-000000000001", "/");
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let good = signer.sign(&claims());
    let [head, body, signature]: [&str; 3] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let more = part(&with(&[("upn", json!("eve@contoso.com"))]));
    let mut forged = vec![
        stranger.sign(&claims()),
        format!("{head}.{more}.{signature}"),
        format!("{head}.{body}."),
        format!("{head}.{body}"),
        format!("{head}.{body}.{signature}.{signature}"),
        // Another key of the set, under this one's name.
        RSA.sign_as(Algorithm::RS256, Some("e1"), &claims()),
    ];
    for none in ["none", "None", "NONE", ""] {
        let head = part(&json!({"alg": none, "typ": "JWT"}));
        forged.push(format!("{head}.{body}."));
        forged.push(format!("{head}.{body}.{signature}"));
    }
    // The public key as the secret of an HMAC.
    for jwk in [signer.jwk(), RSA.jwk()] {
        for member in ["n", "x", "y"] {
            let Some(text) = jwk[member].as_str() else { continue };
            for secret in [text.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(text).unwrap()] {
                let key = EncodingKey::from_secret(&secret).unwrap();
                for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                    let header =
                        Header { kid: jwk["kid"].as_str().map(String::from), ..Header::new(algorithm) };
                    forged.push(encode(&header, &claims(), &key).unwrap());
                }
            }
        }
    }
    assert!(forged.len() > 25);
    for token in forged {
        let (code, _) = refused(&auth, &headers(&format!("Bearer {token}")), &world.state, 0);
        assert_eq!(code, "InvalidAuthenticationToken", "{token}");
    }
    taken(&auth, &world.state, &good);
    // Without `kid` every fitting key is tried.
    taken(&auth, &world.state, &signer.sign_as(Algorithm::ES256, None, &claims()));
}

#[test]
fn algorithms_and_keys_are_pinned() {
    let folder = tempfile::tempdir().unwrap();
    let state = State::new();
    let auth = of_file(folder.path(), &[RSA.jwk()], &["PS256"]);
    assert!(taken(&auth, &state, &RSA.sign_as(Algorithm::PS256, Some("r1"), &claims())).roles.is_empty());
    let header = headers(&format!("Bearer {}", RSA.sign(&claims())));
    assert_eq!(refused(&auth, &header, &state, 0).0, "InvalidAuthenticationToken");
    // The key itself says what it is for.
    let mut jwk = RSA.jwk();
    jwk["alg"] = "PS256".into();
    let auth = of_file(folder.path(), &[jwk], &[]);
    assert!(refused(&auth, &header, &state, 0).1.contains("key that is not known"));
    let secret = json!({"kty": "oct", "kid": "o", "k": "AAAA"});
    let mut encryption = RSA.jwk();
    encryption["use"] = "enc".into();
    let mut weak = RSA.jwk();
    // 2,040 bits.
    weak["n"] = URL_SAFE_NO_PAD.encode([0xc1; 255]).into();
    let odd = json!({"kty": "new", "kid": "n"});
    let path = folder.path().join("none.json");
    std::fs::write(&path, set(&[secret, encryption, weak, odd])).unwrap();
    let error = oidc(path.to_str().unwrap(), &[]).unwrap_err().to_string();
    assert!(error.contains("has no key that can be used"), "{error}");
    std::fs::write(&path, "[]").unwrap();
    assert!(oidc(path.to_str().unwrap(), &[]).unwrap_err().to_string().contains("no JSON Web Key Set"));
    assert!(oidc("/nowhere/keys.json", &[]).unwrap_err().to_string().contains("cannot be read"));
}

/// A provider cannot speak of our own credentials.
#[test]
fn an_object_id_that_is_a_credential() {
    let folder = tempfile::tempdir().unwrap();
    let signer = Signer::ec("e1");
    let auth = of_file(folder.path(), &[signer.jwk()], &[]);
    let mut world = World::default();
    let (id, _) = world.token("robot", "Owner", "/", None);
    for change in [[("oid", json!(id))], [("oid", json!(id.to_uppercase()))], [("groups", json!([id]))]] {
        assert!(taken(&auth, &world.state, &signer.sign(&with(&change))).roles.is_empty(), "{change:?}");
    }
}
