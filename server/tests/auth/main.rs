//! Who gets in at a running server: the owner's link, tokens made beside it, and clients as `az` signs them in.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod oidc;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use jitgate_tests::until;
use serde_json::Value;
use tempfile::TempDir;

const SUBSCRIPTION: &str = "11111111-2222-3333-4444-555555555555";

/// A running server; it ends with the test.
struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    url: String,
}

/// What was answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    challenge: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Server {
    fn start(data: &Path, more: &[&str]) -> Self {
        Self::start_with(data, more, &[])
    }

    /// With these paths in the environment.
    fn start_with(data: &Path, more: &[&str], paths: &[(&str, &Path)]) -> Self {
        let mut command = jitgate(data, &["serve", "--listen", "127.0.0.1:0"]);
        command.env_remove("SSL_CERT_DIR").envs(paths.iter().copied());
        let mut child = command.args(more).stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("an output"));
        let first = line(&mut out);
        let url = first.strip_prefix("jitgate is on ").unwrap_or_else(|| panic!("{first}")).to_owned();
        Self { child, out, url }
    }

    fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let mut request = agent().get(format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer(request.call())
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        answer(agent().post(format!("{}{path}", self.url)).send_form(form.iter().copied()))
    }

    /// The status of a call that any valid token may make.
    fn status(&self, token: &str) -> u16 {
        self.get("/tenants?api-version=2022-12-01", Some(token)).status
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(out: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    out.read_line(&mut line).expect("a line");
    line.trim().to_owned()
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
    ureq::Agent::new_with_config(config.build())
}

fn answer(answered: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = answered.expect("an answer");
    let challenge =
        response.headers().get("www-authenticate").map(|value| value.to_str().expect("ASCII").to_owned());
    let body = response.body_mut().read_to_string().expect("a body");
    Answer { status: response.status().as_u16(), challenge: challenge.unwrap_or_default(), body }
}

/// `jitgate` with that data folder.
fn jitgate(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jitgate"));
    command.args(args).arg("--data").arg(data).env_remove("JITGATE_LOG");
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command
}

/// What it prints, if it does what it is asked to.
fn run(data: &Path, args: &[&str]) -> String {
    let output = jitgate(data, args).stderr(Stdio::piped()).output().expect("the program runs");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn token(data: &Path, name: &str, role: &str, scope: &str) -> String {
    run(data, &["token", "create", "--name", name, "--role", role, "--scope", scope]).trim().to_owned()
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn the_owner_comes_in_by_the_link_of_the_first_start() {
    let data = folder();
    let mut server = Server::start(data.path(), &[]);
    assert!(line(&mut server.out).contains("not shown again"));
    let link = line(&mut server.out);
    let token = link.strip_prefix(&format!("{}/#token=", server.url)).expect("a link").to_owned();
    assert_eq!(server.status(&token), 200);
    assert_eq!(server.get("/tenants?api-version=2022-12-01", None).status, 401);
    drop(server);
    let mut server = Server::start(data.path(), &[]);
    assert_eq!(server.status(&token), 200, "it outlives a restart");
    server.child.kill().expect("an end");
    assert_eq!(line(&mut server.out), "", "and is not shown again");
}

#[test]
fn a_refusal_says_where_to_get_a_token() {
    let data = folder();
    let server = Server::start(data.path(), &[]);
    for token in [None, Some("jgt_wrong"), Some("jga_wrong"), Some("a.b.c")] {
        let answer = server.get(&format!("/subscriptions/{SUBSCRIPTION}?api-version=2022-12-01"), token);
        assert_eq!(answer.status, 401);
        let start = format!("Bearer authorization_uri=\"{}/", server.url);
        assert!(answer.challenge.starts_with(&start) && !answer.challenge.contains("claims"), "{answer:?}");
        let code = if token.is_none() { "AuthenticationFailed" } else { "InvalidAuthenticationToken" };
        assert_eq!(answer.json()["error"]["code"], code);
    }
}

/// Tokens that are made and revoked while the server runs, with no word to it.
#[test]
fn the_command_line_beside_a_running_server() {
    let data = folder();
    let server = Server::start(data.path(), &[]);
    let scope = format!("/subscriptions/{SUBSCRIPTION}");
    let token = token(data.path(), "robot", "Reader", &scope);
    assert_eq!(server.status(&token), 200, "known at once");
    let list =
        format!("{scope}/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01");
    assert_eq!(server.get(&list, Some(&token)).json()["value"], serde_json::json!([]));
    // The server writes as well: a refusal is a record, and the two take turns.
    let policy = format!(
        "{scope}/resourceGroups/web/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default"
    );
    for place in 0..5 {
        let put = agent().put(format!("{}{policy}?api-version=2020-01-01", server.url));
        let put = answer(put.header("authorization", format!("Bearer {token}")).send("{}"));
        assert_eq!(
            (put.status, &put.json()["error"]["code"]),
            (403, &"AuthorizationFailed".into()),
            "{put:?}"
        );
        let principal = format!("aaaaaaaa-0000-4000-8000-00000000000{place}");
        run(data.path(), &["role", "assign", "Reader", "--to", &principal, "--scope", &scope]);
    }
    run(data.path(), &["token", "revoke", "robot"]);
    until("the token is void", || server.status(&token) != 200);
    let audit = run(data.path(), &["audit", "verify"]);
    assert!(audit.contains("the chain is whole"), "{audit}");
    let export = run(data.path(), &["audit", "export"]);
    assert_eq!(export.lines().filter(|line| line.contains("AuthorizationFailed")).count(), 5);
    assert!(!export.contains(&token));
}

#[test]
fn many_command_lines_at_once() {
    let data = folder();
    let server = Server::start(data.path(), &[]);
    let tokens: Vec<String> = std::thread::scope(|scope| {
        let path = data.path();
        let make = |place: usize| scope.spawn(move || token(path, &format!("t{place}"), "Reader", "/"));
        let threads: Vec<_> = (0..8).map(make).collect();
        threads.into_iter().map(|thread| thread.join().expect("a token")).collect()
    });
    // Whichever was looked for last, all are known by then.
    for token in &tokens {
        until("the token is known", || server.status(token) == 200);
    }
    assert!(run(data.path(), &["audit", "verify"]).starts_with("18 records, the chain is whole"));
}

/// The first ones make the file, whichever they are.
#[test]
fn many_command_lines_at_once_without_a_server() {
    for _ in 0..4 {
        let data = folder();
        let new = data.path().join("new");
        std::thread::scope(|scope| {
            for place in 0..6 {
                let path = &new;
                scope.spawn(move || token(path, &format!("t{place}"), "Reader", "/"));
            }
        });
        assert!(run(&new, &["audit", "verify"]).starts_with("12 records, the chain is whole"));
    }
}

/// As `az cloud register` and `az login --service-principal` do it.
#[test]
fn client_credentials() {
    let data = folder();
    let scope = format!("/subscriptions/{SUBSCRIPTION}");
    let secret = token(data.path(), "robot", "Reader", &scope);
    let server = Server::start(data.path(), &[]);
    let cloud = server.get("/metadata/endpoints?api-version=2022-09-01", None).json();
    let login = cloud["authentication"]["loginEndpoint"].as_str().expect("an endpoint").trim_end_matches('/');
    assert_eq!(login, server.url);
    for tenant in ["t1", "adfs"] {
        let version = if tenant == "adfs" { "" } else { "/v2.0" };
        let configuration =
            server.get(&format!("/{tenant}{version}/.well-known/openid-configuration"), None).json();
        let endpoint = configuration["token_endpoint"].as_str().expect("an endpoint");
        let path = endpoint.strip_prefix(&server.url).expect("an endpoint of this server");
        let form = |secret| {
            [
                ("client_id", "robot"),
                ("client_secret", secret),
                ("grant_type", "client_credentials"),
                ("scope", "https://management.azure.com//.default"),
            ]
        };
        let granted = server.post(path, &form(&secret));
        assert_eq!(granted.status, 200, "{granted:?}");
        let granted = granted.json();
        assert_eq!(granted["expires_in"], 3600);
        let token = granted["access_token"].as_str().expect("a token");
        let list = server.get("/subscriptions?api-version=2022-12-01", Some(token)).json();
        assert_eq!(list["value"][0]["subscriptionId"], SUBSCRIPTION);
        let refused = server.post(path, &form("jgt_wrong"));
        assert_eq!((refused.status, &refused.json()["error"]), (401, &"invalid_client".into()));
        assert!(!refused.body.contains("jgt_"));
    }
    // An access token outlives a restart, and not its credential.
    let asked = [("client_id", "robot"), ("client_secret", &*secret), ("grant_type", "client_credentials")];
    let granted = server.post("/t1/oauth2/v2.0/token", &asked).json();
    let token = granted["access_token"].as_str().expect("a token").to_owned();
    drop(server);
    let server = Server::start(data.path(), &[]);
    assert_eq!(server.status(&token), 200);
    drop(server);
    run(data.path(), &["token", "revoke", "robot"]);
    let server = Server::start(data.path(), &[]);
    assert_eq!(server.status(&token), 401);
    assert_eq!(server.post("/t1/oauth2/v2.0/token", &asked).status, 401);
}
