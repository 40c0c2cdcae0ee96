//! A server that takes the JWTs of a provider, whose key is in a file.

use std::time::{SystemTime, UNIX_EPOCH};

use jitgate_tests::until;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::pkcs8::EncodePrivateKey;
use serde_json::{Value, json};

use super::{SUBSCRIPTION, Server, folder, jitgate, run};

const ISSUER: &str = "https://login.example/v2.0";
const PERSON: &str = "aaaaaaaa-0000-4000-8000-000000000001";

#[test]
fn people_of_a_provider_have_the_roles_that_they_are_assigned() {
    let data = folder();
    let secret = p256::SecretKey::from_slice(&rand::random::<[u8; 32]>()).expect("a key");
    let key = EncodingKey::from_ec_der(secret.to_pkcs8_der().expect("its form").as_bytes());
    let mut jwk =
        serde_json::to_value(Jwk::from_encoding_key(&key, Algorithm::ES256).expect("a key")).expect("JSON");
    jwk["kid"] = "k1".into();
    let keys = data.path().join("keys.json");
    std::fs::write(&keys, json!({ "keys": [jwk] }).to_string()).expect("a file");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs();
    let sign = |claims: Value| {
        let header = Header { kid: Some("k1".into()), ..Header::new(Algorithm::ES256) };
        encode(&header, &claims, &key).expect("a token")
    };
    let claims = json!({"iss": ISSUER, "aud": "api://jitgate", "exp": now + 600, "oid": PERSON, "upn": "ann@contoso.com"});
    let options = [
        "--oidc-issuer",
        ISSUER,
        "--oidc-audience",
        "api://jitgate",
        "--oidc-jwks",
        keys.to_str().expect("a path"),
    ];
    let server = Server::start(data.path(), &options);
    let token = sign(claims.clone());
    let path = format!(
        "/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01"
    );
    let before = server.get(&path, Some(&token));
    assert_eq!(
        (before.status, &before.json()["error"]["code"]),
        (403, &"AuthorizationFailed".into()),
        "{before:?}"
    );
    assert!(before.body.contains("'ann@contoso.com' with object id"), "{before:?}");
    let scope = format!("/subscriptions/{SUBSCRIPTION}");
    run(data.path(), &["role", "assign", "Reader", "--to", PERSON, "--scope", &scope]);
    until("the assignment is taken up", || server.get(&path, Some(&token)).status == 200);
    for (name, value) in [("aud", "api://other"), ("iss", "https://other"), ("oid", "")] {
        let mut other = claims.clone();
        other[name] = value.into();
        assert_eq!(server.get(&path, Some(&sign(other))).status, 401, "{name}");
    }
}

#[test]
fn a_provider_that_cannot_be_used_stops_the_start() {
    let data = folder();
    let base = ["serve", "--listen", "127.0.0.1:0", "--oidc-audience", "a"];
    let cases: [(&str, &[&str], &str); 5] = [
        (ISSUER, &["--oidc-jwks", "missing.json"], "`missing.json` cannot be read"),
        (ISSUER, &["--oidc-jwks", "http://login.example/keys"], "keys must come by `https`"),
        (ISSUER, &["--oidc-jwks", "k", "--oidc-algorithm", "HS256"], "no algorithm that may be used"),
        ("http://login.example", &[], "keys must come by `https`"),
        ("our people", &[], "name them with `--oidc-jwks`"),
    ];
    for (issuer, more, words) in cases {
        let output = jitgate(data.path(), &base)
            .args(["--oidc-issuer", issuer])
            .args(more)
            .stderr(std::process::Stdio::piped())
            .output()
            .expect("an end");
        let notes = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && notes.contains(words), "{notes}");
    }
}
