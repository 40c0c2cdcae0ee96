//! A server that takes the JWTs of a provider, whose key is in a file.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use jitgate_tests::until;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::pkcs8::EncodePrivateKey;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
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

/// Answers every call over TLS with a set of keys. The answer is the address, and the certificate in its file.
fn provider(folder: &Path, keys: String) -> String {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("ca.pem"), made.cert.pem()).expect("a file");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("versions").with_no_client_auth();
    let config = Arc::new(config.with_single_cert(vec![made.cert.der().clone()], key).expect("a pair"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://localhost:{}/keys", listener.local_addr().expect("an address").port());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(config.clone()).expect("a connection");
            let mut stream = StreamOwned::new(connection, stream);
            let mut call = [0; 4096];
            // Who does not trust the certificate breaks off.
            if stream.read(&mut call).is_ok() {
                let length = keys.len();
                let answer =
                    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{keys}");
                drop(stream.write_all(answer.as_bytes()).and_then(|()| stream.flush()));
            }
        }
    });
    url
}

/// A provider of one's own has a certificate of one's own authority.
#[test]
fn a_provider_is_trusted_where_the_system_trusts_it() {
    for trusted in [true, false] {
        let data = folder();
        let secret = p256::SecretKey::from_slice(&rand::random::<[u8; 32]>()).expect("a key");
        let key = EncodingKey::from_ec_der(secret.to_pkcs8_der().expect("its form").as_bytes());
        let jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).expect("a key");
        let url = provider(data.path(), json!({ "keys": [jwk] }).to_string());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs();
        let claims = json!({"iss": ISSUER, "aud": "api://jitgate", "exp": now + 600, "oid": PERSON});
        let token = encode(&Header::new(Algorithm::ES256), &claims, &key).expect("a token");
        let options = ["--oidc-issuer", ISSUER, "--oidc-audience", "api://jitgate", "--oidc-jwks", &url];
        let file = data.path().join(if trusted { "ca.pem" } else { "none.pem" });
        std::fs::write(data.path().join("none.pem"), "").expect("a file");
        let server = Server::start_with(data.path(), &options, &[("SSL_CERT_FILE", file.as_path())]);
        let status = server.status(&token);
        assert_eq!(status == 401, !trusted, "trusted: {trusted}, {status}");
    }
}
