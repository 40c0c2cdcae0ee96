//! The API from a request to its answer, over a real store, with callers and a clock of the tests' own.

mod activity;
mod agreement;
mod batch;
mod compress;
mod conditions;
mod details;
mod events;
mod inventory;
mod jit;
mod large;
mod missing;
mod openapi;
mod order;
mod places;
mod preview;
mod reading;
mod records;
mod refusals;
mod resources;
mod roles;
mod streams;
mod time;
mod told;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use axum::response::Response;
use jitgate_core::Timestamp;
use jitgate_core::access::{Permission, RoleDefinition, Scope, built_in};
use jitgate_core::ledger::{ActorKind, Principal};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use super::app::{App, Settings, Shown};
use super::caller::{Authenticator, Granted, Identified, Unauthorized};
use super::clock::{Clock, ledger_clock};
use super::limit::Limit;
use super::metrics::Metrics;
use super::peer::TrustedProxies;
use super::refusals::Refusals;
use super::router;
use super::streams::Streams;
use crate::auth::{Secret, TokenForm};
use crate::inventory::import::{File, ask};
use crate::ledger::Ledger;
use crate::store::Sqlite;
use crate::store::writer::{Fold, Writer};
use jitgate_core::rest::Caller;

pub const S: &str = "20ff7fc3-e762-44dd-bd96-b71116dcdc23";
const NOON: i64 = 1_795_348_800;

/// A server without a socket.
pub struct Site {
    pub app: Arc<App>,
    /// The system's clock, in seconds since 1970.
    seconds: Arc<AtomicI64>,
    /// The time that has passed, which is not set back with the clock.
    passed: Arc<AtomicU64>,
    callers: Arc<Callers>,
    folder: TempDir,
    /// The writer's own.
    thread: JoinHandle<()>,
    /// Once it is dropped, streams end.
    _closing: tokio::sync::watch::Sender<bool>,
}

/// Callers by their tokens.
#[derive(Default)]
struct Callers(Mutex<HashMap<String, Caller>>);

impl Authenticator for Callers {
    fn identify<'a>(&'a self, headers: &'a HeaderMap, _: IpAddr) -> Identified<'a> {
        Box::pin(async move {
            let header = headers.get(header::AUTHORIZATION).ok_or(Unauthorized::MISSING)?;
            let token = header.to_str().unwrap().strip_prefix("Bearer ").unwrap();
            self.0.lock().unwrap().get(token).cloned().ok_or(Unauthorized::INVALID)
        })
    }

    fn grant<'a>(&'a self, headers: &'a HeaderMap, form: &'a [u8]) -> Granted<'a> {
        Box::pin(async move { TokenForm::parse(form, headers).map(|_| Secret::new("{}".to_owned())) })
    }
}

fn caller(name: &str, roles: &[(&str, &str)]) -> Caller {
    let kind = if name.contains('@') { ActorKind::User } else { ActorKind::Application };
    let role = |&(role, scope): &(&str, &str)| {
        (Arc::new(built_in(role).unwrap().clone()), Scope::new(scope).unwrap())
    };
    let principal = Principal { id: format!("id of {name}").into(), name: name.into(), kind };
    let session = principal.id.clone();
    Caller { principal, session, roles: roles.iter().map(role).collect() }
}

impl Site {
    pub fn new() -> Self {
        Self::over(tempfile::tempdir().unwrap(), NOON)
    }

    /// The data that another left, at another time.
    pub fn over(folder: TempDir, seconds: i64) -> Self {
        let store = Sqlite::open(&folder.path().join("x.db")).unwrap();
        let reader = Arc::new(store.reader(Ledger::row));
        let (writer, thread) = Writer::start(store, Ledger::default()).unwrap();
        let seconds = Arc::new(AtomicI64::new(seconds));
        let (clock, passed) = (seconds.clone(), Arc::new(AtomicU64::new(0)));
        let wall: Clock = Arc::new(move || Timestamp::from_unix(clock.load(Ordering::SeqCst), 0).unwrap());
        let elapsed = passed.clone();
        let elapsed = Arc::new(move || Duration::from_secs(elapsed.load(Ordering::SeqCst)));
        let callers = Arc::new(Callers::default());
        let group = format!("/subscriptions/{S}/resourceGroups/g1");
        for (token, caller) in [
            ("owner", caller("owner@contoso.com", &[("Owner", "/")])),
            ("ann", caller("ann@contoso.com", &[("Contributor", &group)])),
            ("app", caller("app", &[("Contributor", &group)])),
            ("reader", caller("reader@contoso.com", &[("Reader", &group)])),
            ("nobody", caller("nobody@contoso.com", &[])),
        ] {
            callers.0.lock().unwrap().insert(token.to_owned(), caller);
        }
        let settings = Settings {
            address: "127.0.0.1:7080".parse().unwrap(),
            tls: false,
            public_url: None,
            proxies: TrustedProxies(vec!["10.0.0.0/8".parse().unwrap()]),
            body_time: Duration::from_secs(30),
            known: Duration::ZERO,
            page: 3,
        };
        let (closing, closed) = tokio::sync::watch::channel(false);
        let app = App {
            inventory: crate::inventory::Cache::default(),
            clock: ledger_clock(wall.clone(), elapsed, writer.watch()),
            wall,
            writer,
            reader,
            authenticator: callers.clone(),
            limit: Limit::new(1000),
            refusals: Refusals::default(),
            streams: Streams::default(),
            metrics: Metrics::new(),
            shown: Shown::default(),
            closed,
            settings,
        };
        Self { app: Arc::new(app), seconds, passed, callers, folder, thread, _closing: closing }
    }

    /// From now on callers may send so many calls a second: few, so that a slow machine gets there as well.
    pub fn rate(&mut self, per_second: u32) {
        Arc::get_mut(&mut self.app).unwrap().limit = Limit::new(per_second);
    }

    /// Imports these resources, in place of what was imported before.
    pub async fn import(&self, resources: &[Value]) {
        let bytes = json!({ "value": resources }).to_string().into_bytes();
        let file = File { name: "all.json".to_owned(), bytes };
        let ask = ask(vec![file], BTreeMap::new(), (self.app.clock)());
        self.app.writer.send(ask).await.unwrap().0.unwrap();
    }

    /// The folder, for another server over the same data. Nobody writes to it any more.
    pub fn end(self) -> TempDir {
        drop(Arc::into_inner(self.app).expect("no call is under way"));
        self.thread.join().unwrap();
        self.folder
    }

    /// Time passes, for the clock as well.
    pub fn pass(&self, seconds: u64) {
        self.passed.fetch_add(seconds, Ordering::SeqCst);
        self.set(i64::try_from(seconds).unwrap());
    }

    /// The clock is set ahead, or back.
    pub fn set(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Another token of the same caller.
    pub fn also(&self, token: &str, other: &str) {
        let mut callers = self.callers.0.lock().unwrap();
        let same = callers.get(token).unwrap().clone();
        callers.insert(other.to_owned(), Caller { session: other.into(), ..same });
    }

    /// From now on the token is of somebody with these roles; without any it is refused.
    pub fn roles(&self, token: &str, roles: &[(&str, &str)]) {
        let mut callers = self.callers.0.lock().unwrap();
        if roles.is_empty() {
            callers.remove(token);
        } else {
            callers.insert(token.to_owned(), caller(&format!("{token}@contoso.com"), roles));
        }
    }

    /// From now on the token is of somebody with a role of these actions alone.
    pub fn custom(&self, token: &str, actions: &[&str], not_actions: &[&str], scope: &str) {
        let all = |list: &[&str]| list.iter().map(|action| (*action).to_owned()).collect();
        let (actions, not_actions) = (all(actions), all(not_actions));
        let permissions = vec![Permission { actions, not_actions, ..Permission::default() }];
        let role = RoleDefinition { permissions, ..built_in("Reader").unwrap().clone() };
        let roles = vec![(Arc::new(role), Scope::new(scope).unwrap())];
        let new = Caller { roles, ..caller(&format!("{token}@contoso.com"), &[]) };
        self.callers.0.lock().unwrap().insert(token.to_owned(), new);
    }

    async fn respond(&self, peer: &str, mut request: Request<Body>) -> Response {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711)));
        router(self.app.clone()).oneshot(request).await.unwrap()
    }

    /// Sends a call, and looks at the headers of the answer alone.
    pub async fn head(&self, request: Request<Body>) -> HeaderMap {
        self.respond("203.0.113.7", request).await.headers().clone()
    }

    /// Sends a call from an address; the body of the answer is as it came.
    pub async fn raw(&self, peer: &str, request: Request<Body>) -> (u16, HeaderMap, Bytes) {
        let response = self.respond(peer, request).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, to_bytes(response.into_body(), usize::MAX).await.unwrap())
    }

    /// Sends a call from an address.
    pub async fn send_from(&self, peer: &str, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let (status, headers, bytes) = self.raw(peer, request).await;
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let answer = Answer { status, headers, text };
        openapi::hold(&method, &path, &answer);
        answer
    }

    /// Sends a call of somebody.
    pub async fn call(&self, token: &str, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.send_from("203.0.113.7", request(token, method, path).body(body).unwrap()).await
    }

    pub async fn get(&self, token: &str, path: &str) -> Answer {
        self.call(token, "GET", path, &Value::Null).await
    }

    /// All pages of a list. No two have the same address or an item in common: such a list may have no end.
    pub async fn pages(&self, token: &str, path: &str) -> Vec<Value> {
        let (mut pages, mut addresses, mut items) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            assert!(addresses.insert(path.clone()), "the page at {path} comes again");
            let answer = self.get(token, &path).await;
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            let page = answer.json();
            for item in page["value"].as_array().unwrap() {
                assert!(items.insert(item.to_string()), "the page at {path} has again {item}");
            }
            let link = page.get("nextLink").map(|link| link.as_str().unwrap());
            assert!(link.is_none() || page["value"] != json!([]), "an empty page at {path} is not the last");
            next = link.map(|link| link.strip_prefix("http://jit.example").unwrap().to_owned());
            pages.push(page);
        }
        pages
    }
}

pub fn request(token: &str, method: &str, path: &str) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path.replace("{s}", S)).header("host", "jit.example");
    if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error's code.
    pub fn code(&self) -> String {
        assert_eq!(self.headers["content-type"], "application/json; charset=utf-8", "{self:?}");
        let json = self.json();
        assert!(json["error"]["message"].is_string(), "{json}");
        json["error"]["code"].as_str().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub const POLICY: &str = "/subscriptions/{s}/resourceGroups/g1/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default";

/// The address of an operation on that policy.
pub fn at(rest: &str) -> String {
    format!("{POLICY}{rest}?api-version=2020-01-01")
}

pub fn machine(name: &str) -> String {
    format!("/subscriptions/{S}/resourceGroups/g1/providers/Microsoft.Compute/virtualMachines/{name}")
}

/// A policy of these machines: port 22 for three hours from everywhere.
pub fn policy(machines: &[&str]) -> Value {
    let port = json!({ "number": 22, "protocol": "*", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H" });
    let machines: Vec<Value> =
        machines.iter().map(|name| json!({ "id": machine(name), "ports": [port] })).collect();
    json!({ "kind": "Basic", "properties": { "virtualMachines": machines } })
}

/// A request for port 22 of a machine, for an hour.
pub fn access(name: &str) -> Value {
    json!({ "virtualMachines": [{ "id": machine(name), "ports": [{ "number": 22, "duration": "PT1H" }] }] })
}
