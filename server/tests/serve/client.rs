//! A client that speaks as SDKs do, and the documents that it sends.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use crate::process::Server;

pub const S: &str = "3f1c9b52-7a07-4b43-8e5b-0c7a4f6f9a10";

/// A client with a connection of its own.
pub struct Client {
    agent: Agent,
    url: String,
    token: String,
}

/// What came back: nothing where the connection broke.
pub type Answer = Option<(u16, Value)>;

impl Client {
    pub fn new(server: &Server) -> Self {
        Self::with_token(server, &server.token)
    }

    /// Of another than the owner.
    pub fn with_token(server: &Server, token: &str) -> Self {
        let config =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(10)));
        Self { agent: config.build().into(), url: server.url.clone(), token: token.to_owned() }
    }

    pub fn send(&self, method: &str, path: &str, body: &Value, id: &str) -> Answer {
        let (status, text) = self.text(method, path, body, id)?;
        let json = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") };
        Some((status, json))
    }

    /// The same with the answer as it comes.
    pub fn text(&self, method: &str, path: &str, body: &Value, id: &str) -> Option<(u16, String)> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}{mark}api-version=2020-01-01", self.url))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header("x-ms-client-request-id", id);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut response = self.agent.run(request.body(body).expect("a request")).ok()?;
        let text = response.body_mut().read_to_string().ok()?;
        Some((response.status().as_u16(), text))
    }

    pub fn put(&self, name: &str, body: &Value) -> Answer {
        self.send("PUT", &path(name), body, "put")
    }

    pub fn get(&self, name: &str) -> Answer {
        self.send("GET", &path(name), &Value::Null, "get")
    }

    pub fn initiate(&self, name: &str, body: &Value, id: &str) -> Answer {
        self.send("POST", &format!("{}/initiate", path(name)), body, id)
    }
}

/// A policy's path.
pub fn path(name: &str) -> String {
    format!(
        "/subscriptions/{S}/resourceGroups/ops/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/{name}"
    )
}

pub fn machine(name: &str) -> String {
    format!("/subscriptions/{S}/resourceGroups/ops/providers/Microsoft.Compute/virtualMachines/{name}")
}

/// Two machines with two ports each, and another that tells one version from the next.
pub fn policy(machines: [&str; 2], mark: &str) -> Value {
    let port = |number: u16| json!({ "number": number, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H" });
    let entry = |name: &str| json!({ "id": machine(name), "ports": [port(22), port(3389)] });
    json!({ "kind": "Basic", "properties": { "virtualMachines": [entry(machines[0]), entry(machines[1]), entry(mark)] } })
}

/// Access to both ports of both machines, told from all others by its justification.
pub fn access(machines: [&str; 2], justification: &str) -> Value {
    let port = |number: u16| json!({ "number": number, "duration": "PT1H" });
    let entry = |name: &str| json!({ "id": machine(name), "ports": [port(22), port(3389)] });
    json!({ "virtualMachines": [entry(machines[0]), entry(machines[1])], "justification": justification })
}
