//! From the API's JSON to what the portal shows.
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use jitgate_core::model::Protocol;
use jitgate_core::order;
use jitgate_core::rules::words::is_hidden;

use super::model::{
    Class, Exposed, Machine, MachineRules, Open, Os, Policy, PortRule, Request, RequestedPort, Rule, Through,
    User,
};
use super::{Json, MachineAddresses, Refusal, Slip};

/// A machine of `jitExposure`.
pub fn machine(json: Json) -> Machine {
    let id = ResourceId::new(&json.get("id").string());
    let requests = json.get("requests");
    Machine {
        name: visible(json.get("name").string()),
        subscription: id.subscription().unwrap_or_default().to_owned(),
        resource_group: id.resource_group().unwrap_or_default().to_owned(),
        location: json.get("location").string(),
        os: match json.get("os").text().as_deref() {
            Some("Linux") => Some(Os::Linux),
            Some("Windows") => Some(Os::Windows),
            _ => None,
        },
        size: json.get("size").string(),
        is_ec2: json.get("cloud").text().as_deref() == Some("ec2"),
        addresses: MachineAddresses {
            private: json.get("privateIpAddresses").strings(),
            public: json.get("publicIpAddresses").strings(),
        },
        class: match json.get("class").text().as_deref() {
            Some("configured") => Class::Configured,
            Some("unsupported") => Class::Unsupported,
            _ => Class::NotConfigured,
        },
        reason: json.get("reason").string(),
        policies: json
            .get("policies")
            .list()
            .map(|policy| (ResourceId::new(&policy.get("id").string()), visible(policy.get("name").string())))
            .collect(),
        through: match json.get("through").text().as_deref() {
            Some("nsg") => Some(Through::Nsg),
            Some("firewall") => Some(Through::Firewall),
            Some("securityGroup") => Some(Through::SecurityGroup),
            _ => None,
        },
        requests: requests.get("lastSevenDays").number().unwrap_or_default(),
        last_start: requests.get("lastStartTimeUtc").time(),
        last_user: requests.get("lastRequestor").string(),
        open: json.get("open").list().map(open).collect(),
        residual: json.get("residual").list().map(exposed).collect(),
        unprotected: json.get("unprotected").list().map(exposed).collect(),
        id,
    }
}

/// A name of characters that nobody sees would be a link that nobody sees: each gets a sign in its place.
fn visible(name: String) -> String {
    let is_seen = |char: char| !char.is_whitespace() && !is_hidden(char);
    if name.is_empty() || name.chars().any(is_seen) { name } else { "\u{fffd}".repeat(name.chars().count()) }
}

fn open(json: Json) -> Open {
    let mapped = json.get("mapped");
    Open {
        policy: ResourceId::new(&json.get("policy").string()),
        protocol: protocol(json),
        port: json.get("port").port(),
        sources: json.get("sources").strings(),
        start: json.get("startTimeUtc").time(),
        end: json.get("endTimeUtc").time(),
        requestor: json.get("requestor").string(),
        justification: json.get("justification").string(),
        mapped: mapped.is_there().then(|| (mapped.get("address").string(), mapped.get("port").port())),
        stopped: stopped(json),
        also_from: json.get("alsoFrom").strings(),
    }
}

/// Why nothing of a grant gets in; none where something does.
pub fn stopped(json: Json) -> Option<&'static str> {
    match (json.get("effective").is_true(), json.get("unwritten").is_true()) {
        (true, _) => None,
        (_, true) => Some("no rule can be written for it"),
        _ => Some("another filter still stops it"),
    }
}

fn exposed(json: Json) -> Exposed {
    Exposed {
        protocol: json.get("protocol").string(),
        port: json.get("port").port(),
        as_found: json.get("state").text().as_deref() == Some("asFound"),
        sources: json.get("sources").strings(),
        more: json.get("more").number().unwrap_or_default(),
        exact: json.get("exact").is_true(),
        internet: json.get("internet").is_true(),
        let_in_by: json.get("letInBy").list().map(rule).collect(),
        unfiltered: json.get("unfiltered").strings(),
    }
}

fn rule(json: Json) -> Rule {
    Rule {
        name: json.get("name").string(),
        resource: json.get("resource").get("name").string(),
        priority: json.get("priority").number(),
    }
}

/// A policy as GET and the lists have it.
pub fn policy(json: Json) -> Policy {
    let id = ResourceId::new(&json.get("id").string());
    let properties = json.get("properties");
    let mut requests: Vec<_> =
        properties.get("requests").list().map(|one| Arc::new(request(&id, one))).collect();
    order::sort_by(&mut requests, |one, other| other.start.cmp(&one.start));
    Policy {
        name: json.get("name").string(),
        location: json.get("location").string(),
        machines: properties.get("virtualMachines").list().map(machine_rules).collect(),
        requests,
        etag: None,
        json: json.raw().into(),
        id,
    }
}

fn machine_rules(json: Json) -> MachineRules {
    MachineRules {
        id: ResourceId::new(&json.get("id").string()),
        public_ip: json.get("publicIpAddress").string(),
        ports: json.get("ports").list().map(port_rule).collect(),
    }
}

fn port_rule(json: Json) -> PortRule {
    PortRule {
        number: json.get("number").port(),
        protocol: protocol(json),
        sources: sources(json),
        longest: json.get("maxRequestAccessDuration").string(),
    }
}

fn protocol(json: Json) -> Protocol {
    match json.get("protocol").text().as_deref() {
        Some("TCP") => Protocol::Tcp,
        Some("UDP") => Protocol::Udp,
        _ => Protocol::Any,
    }
}

/// The two spellings of sources.
fn sources(json: Json) -> Vec<String> {
    match json.get("allowedSourceAddressPrefix").text() {
        Some(one) => vec![one.into_owned()],
        None => json.get("allowedSourceAddressPrefixes").strings(),
    }
}

fn request(policy: &ResourceId, json: Json) -> Request {
    let machines = json.get("virtualMachines").list();
    let ports = machines.flat_map(|machine| {
        let id = ResourceId::new(&machine.get("id").string());
        machine.get("ports").list().map(move |port| requested(&id, port)).collect::<Vec<_>>()
    });
    Request {
        policy: policy.clone(),
        start: json.get("startTimeUtc").time(),
        requestor: json.get("requestor").string(),
        justification: json.get("justification").string(),
        ports: ports.collect(),
    }
}

fn requested(machine: &ResourceId, json: Json) -> RequestedPort {
    RequestedPort {
        machine: machine.clone(),
        number: json.get("number").port(),
        sources: sources(json),
        end: json.get("endTimeUtc").time(),
        is_open: json.get("status").text().is_some_and(|status| status != "Revoked"),
        reason: json.get("statusReason").string(),
        closed: json.get("closedTimeUtc").time().map(|at| (at, json.get("closedBy").string())),
    }
}

/// Who is signed in.
pub fn user(json: Json) -> User {
    User {
        id: json.get("objectId").string(),
        name: json.get("name").string(),
        address: json.get("ipAddress").string(),
    }
}

/// `{"error": {…}}`.
pub fn refusal(status: u16, text: &str) -> Refusal {
    Json::read(text, |json| {
        let error = json.get("error");
        let mut infos = error.get("additionalInfo").list();
        let nearest = infos.find(|info| info.get("type").string() == "NearestAccessRequest");
        let info = nearest.map(|nearest| nearest.get("info"));
        let slip = |detail: Json| Slip {
            code: detail.get("code").string(),
            message: detail.get("message").string(),
            target: detail.get("target").string(),
        };
        let message = error.get("message").string();
        Refusal {
            status,
            code: error.get("code").string(),
            message: if message.is_empty() {
                format!("The answer has the status {status}.")
            } else {
                message
            },
            wait: 0,
            target: error.get("target").string(),
            details: error.get("details").list().map(slip).collect(),
            nearest: info.map(|info| info.get("request").raw().to_owned()),
            changes: info.map(|info| info.get("changes").strings()).unwrap_or_default(),
        }
    })
}
