//! A ledger under test: commands in, answers as JSON out, and everything that was recorded.

use jitgate_core::ledger::{
    Actor, ActorKind, Answer, Command, Context, Expects, Knows, Principal, PutPolicy, Refusal, ResourceId,
    State,
};
use jitgate_core::{Timestamp, wire};
use serde_json::{Value, json};

pub const SUBSCRIPTION: &str = "3f1c9b52-7a07-4b43-8e5b-0c7a4f6f9a10";

/// The second in which tests begin.
pub const NOON: &str = "2026-11-22T12:00:00.1234567Z";

pub fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

/// So many seconds after noon.
pub fn after(seconds: u64) -> Timestamp {
    time(NOON).checked_add(core::time::Duration::from_secs(seconds)).expect("a time")
}

pub fn policy_id(name: &str) -> ResourceId {
    ResourceId::new(&format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/ops/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/{name}"
    ))
}

pub fn vm(name: &str) -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/ops/providers/Microsoft.Compute/virtualMachines/{name}"
    )
}

pub fn vm_id(name: &str) -> ResourceId {
    ResourceId::new(&vm(name))
}

pub fn user(name: &str) -> Actor {
    let principal = Principal {
        id: format!("oid-{name}").into(),
        name: format!("{name}@contoso.com").into(),
        kind: ActorKind::User,
    };
    Actor { principal, address: Some("203.0.113.7".parse().expect("an address")) }
}

pub fn app(name: &str) -> Actor {
    let actor = user(name);
    Actor { principal: Principal { kind: ActorKind::Application, ..actor.principal }, ..actor }
}

/// A rule for a port: TCP, from anywhere, three hours.
pub fn rule(port: u16) -> Value {
    json!({"number": port, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"})
}

pub fn machine(name: &str, ports: &[u16]) -> Value {
    json!({"id": vm(name), "ports": ports.iter().map(|&port| rule(port)).collect::<Vec<_>>()})
}

pub fn policy(machines: &[Value]) -> Value {
    json!({"kind": "Basic", "properties": {"virtualMachines": machines}})
}

/// A request for ports, for so many seconds.
pub fn request(name: &str, ports: &[u16], seconds: u64) -> Value {
    let port = |port: &u16| json!({"number": port, "duration": format!("PT{seconds}S")});
    json!({"virtualMachines": [{"id": vm(name), "ports": ports.iter().map(port).collect::<Vec<_>>()}]})
}

/// A ledger, and the lines that were stored.
#[derive(Default)]
pub struct Ledger {
    pub state: State,
    pub lines: Vec<String>,
    pub records: Vec<jitgate_core::ledger::Record>,
    pub client: Option<String>,
}

impl Ledger {
    /// With a policy of these machines, which somebody put at noon.
    pub fn with_policy(machines: &[Value]) -> Self {
        let mut ledger = Self::default();
        let (status, _) = ledger.put(user("olga"), after(0), "default", &policy(machines));
        assert_eq!(status, 200);
        ledger
    }

    /// The ports of a machine that are open so many seconds after noon.
    pub fn open_ports(&self, machine: &str, seconds: u64) -> Vec<u16> {
        self.state.open(&vm_id(machine), after(seconds)).iter().map(|open| open.number).collect()
    }

    pub fn context(&self, actor: Actor, now: Timestamp) -> Context {
        let correlation_id = format!("correlation-{}", self.lines.len());
        Context { now, actor, correlation_id, client_request_id: self.client.clone() }
    }

    pub fn run(&mut self, actor: Actor, now: Timestamp, command: &Command) -> Result<Answer, Refusal> {
        let context = self.context(actor, now);
        let before = self.state.clone();
        let kept = before.clone();
        let done = self.state.execute(command, &context);
        assert_eq!(before, kept, "a copy does not change with what comes after it");
        for sealed in done.records {
            self.lines.push(sealed.json);
            self.records.push(sealed.record);
        }
        done.outcome
    }

    /// The status and the body of the answer.
    pub fn call(&mut self, actor: Actor, now: Timestamp, command: &Command) -> (u16, Value) {
        match self.run(actor, now, command) {
            Ok(answer) => {
                let body = wire::ledger::answer(&self.state, &answer, now);
                (answer.status(), body.map_or(Value::Null, |body| serde_json::from_str(&body).expect("JSON")))
            }
            Err(refusal) => {
                let body = wire::ledger::refusal(&refusal);
                (refusal.status, serde_json::from_str(&body).expect("JSON"))
            }
        }
    }

    pub fn put_command(&self, name: &str, body: &Value) -> PutPolicy {
        PutPolicy {
            policy: policy_id(name),
            body: body.to_string().into_bytes(),
            expects: Expects::Anything,
            knows: Knows::at(self.state.seq()),
        }
    }

    pub fn put(&mut self, actor: Actor, now: Timestamp, name: &str, body: &Value) -> (u16, Value) {
        let command = Command::PutPolicy(self.put_command(name, body));
        self.call(actor, now, &command)
    }

    pub fn delete(&mut self, actor: Actor, now: Timestamp, name: &str) -> u16 {
        let command = Command::DeletePolicy { policy: policy_id(name), expects: Expects::Anything };
        self.call(actor, now, &command).0
    }

    pub fn initiate(&mut self, actor: Actor, now: Timestamp, name: &str, body: &Value) -> (u16, Value) {
        let command = Command::Initiate {
            policy: policy_id(name),
            body: body.to_string().into_bytes(),
            expects: Expects::Anything,
        };
        self.call(actor, now, &command)
    }

    pub fn revoke(&mut self, actor: Actor, now: Timestamp, body: &Value, may_write: bool) -> (u16, Value) {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.call(
            actor,
            now,
            &Command::Revoke { policy: policy_id("default"), body, expects: Expects::Anything, may_write },
        )
    }

    pub fn expire(&mut self, now: Timestamp) {
        self.run(user("nobody"), now, &Command::Expire).expect("time goes on");
    }

    pub fn get(&self, name: &str, now: Timestamp) -> Value {
        self.get_of(&policy_id(name), now)
    }

    /// The policy of that id, as a GET answers it.
    pub fn get_of(&self, id: &ResourceId, now: Timestamp) -> Value {
        let policy = self.state.policy(id).expect("a policy");
        serde_json::from_str(&wire::ledger::policy(&self.state, policy, now)).expect("JSON")
    }

    /// `status statusReason` of each port of each request of the policy, in order.
    pub fn statuses(&self, name: &str, now: Timestamp) -> Vec<String> {
        let policy = self.get(name, now);
        let requests = policy["properties"]["requests"].as_array().expect("requests").clone();
        let machines =
            requests.iter().flat_map(|one| one["virtualMachines"].as_array().expect("machines").clone());
        let ports = machines.flat_map(|one| one["ports"].as_array().expect("ports").clone());
        let word = |value: &Value| value.as_str().expect("a word").to_string();
        ports.map(|port| format!("{} {}", word(&port["status"]), word(&port["statusReason"]))).collect()
    }

    /// What was stored makes the same state, and is whole.
    pub fn check(&self) {
        let mut again = State::new();
        for (line, record) in self.lines.iter().zip(&self.records) {
            let parsed = wire::ledger::parse_record(line).expect("a record");
            assert_eq!(parsed, *record, "a record is read as it was");
            assert_eq!(wire::ledger::record(&parsed), *line, "and written as it was");
            again.apply(&parsed).expect("records follow on each other");
        }
        assert_eq!(again, self.state, "the fold of the records is the state");
        let head = jitgate_core::ledger::verify(&self.lines, None).expect("a whole chain");
        assert_eq!((head.seq, head.digest), (self.state.seq(), self.state.head()));
    }
}
