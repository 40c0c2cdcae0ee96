//! A server that speaks TLS, with a certificate that is renewed while it runs.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use jitgate_tests::until;
use serde_json::Value;
use tempfile::TempDir;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::process::{PROGRAM, Server};

/// A new certificate for this machine with its key, in their files; the answer is the certificate in DER.
fn renew(folder: &Path) -> Vec<u8> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("a file");
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).expect("a file");
    made.cert.der().to_vec()
}

fn start(folder: &TempDir) -> (Server, Vec<u8>) {
    let certificate = renew(folder.path());
    let file = |name: &str| folder.path().join(name);
    let mut command = Command::new(PROGRAM);
    command.args(["serve", "--listen", "127.0.0.1:0", "--tls-cert"]).arg(file("cert.pem"));
    command.arg("--tls-key").arg(file("key.pem")).arg("--data");
    (Server::demo(command, &file("data")), certificate)
}

/// What a client that trusts this certificate alone is answered, on a new connection: nothing where it breaks off.
fn get(server: &Server, trusted: &[u8], path: &str) -> Option<(u16, Value)> {
    get_with(server, trusted, path, &[])
}

/// The same with more headers.
fn get_with(server: &Server, trusted: &[u8], path: &str, headers: &[(&str, String)]) -> Option<(u16, Value)> {
    let roots = RootCerts::from(vec![Certificate::from_der(trusted).to_owned()]);
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(10)))
        .tls_config(TlsConfig::builder().root_certs(roots).build());
    let mut request = ureq::Agent::new_with_config(config.build()).get(format!("{}{path}", server.url));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let mut response = request.header("authorization", format!("Bearer {}", server.token)).call().ok()?;
    let text = response.body_mut().read_to_string().expect("a body");
    Some((response.status().as_u16(), serde_json::from_str(&text).expect("JSON")))
}

#[test]
fn it_answers_over_tls_and_takes_up_a_new_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, first) = start(&folder);
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    assert_eq!(get(&server, &first, "/healthz").map(|(status, _)| status), Some(200));
    let cloud = get(&server, &first, "/metadata/endpoints?api-version=2022-09-01").expect("an answer").1;
    assert_eq!(cloud["resourceManager"], format!("{}/", server.url));
    let tenants = get(&server, &first, "/tenants?api-version=2022-12-01");
    assert_eq!(tenants.map(|(status, _)| status), Some(200));
    let plain = ureq::get(server.url.replace("https", "http") + "/healthz").call();
    assert!(plain.is_err(), "there is TLS alone");

    let second = renew(folder.path());
    assert_eq!(get(&server, &second, "/healthz"), None, "the old one is still there");
    server.signal("-HUP");
    until("the new one is taken up", || get(&server, &second, "/healthz").is_some());
    assert_eq!(get(&server, &first, "/healthz"), None);

    // What cannot be used changes nothing; what can be is taken up without a word.
    std::fs::write(folder.path().join("cert.pem"), "nothing").expect("a file");
    server.signal("-HUP");
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(get(&server, &second, "/healthz").map(|(status, _)| status), Some(200));
    let third = renew(folder.path());
    until("the new one is taken up", || get(&server, &third, "/healthz").is_some());
    assert!(server.end().success());
}

#[test]
fn a_head_beyond_the_limits_is_answered_over_tls_in_the_form_of_all_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, certificate) = start(&folder);
    let many: Vec<(&str, String)> = (0..600).map(|number| ("x-many", number.to_string())).collect();
    let (status, body) = get_with(&server, &certificate, "/healthz", &many).expect("an answer");
    assert_eq!((status, &body["error"]["code"]), (431, &"RequestHeaderFieldsTooLarge".into()));
    assert_eq!(body["error"]["message"], "The head of the request is too large.", "it is not ours");
}
