//! A decision as JSON.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::DiagnosticJson;
use crate::decide::{Decision, Grant, MachineBody, PortBody, Reason, RequestBody, Subject, Until};
use crate::rules::words;

/// `{"decision", "grants", "reasons", "nearest", "changes"}`; `nearest` is null when granted or when no
/// request for these machines and ports would be.
#[derive(Serialize)]
pub struct DecisionJson<'a> {
    decision: &'static str,
    grants: Vec<GrantJson<'a>>,
    reasons: Vec<ReasonJson<'a>>,
    nearest: Option<RequestBodyJson<'a>>,
    changes: &'a [String],
}

impl<'a> From<&'a Decision> for DecisionJson<'a> {
    fn from(decision: &'a Decision) -> Self {
        let nearest = decision.nearest.as_ref();
        Self {
            decision: if decision.is_granted() { "granted" } else { "refused" },
            grants: decision.grants.iter().map(GrantJson::from).collect(),
            reasons: decision.reasons.iter().map(ReasonJson::from).collect(),
            nearest: nearest.map(|nearest| RequestBodyJson::from(&nearest.body)),
            changes: nearest.map_or(&[], |nearest| &nearest.changes),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GrantJson<'a> {
    policy: Option<&'a str>,
    machine: &'a str,
    port: u16,
    protocol: &'static str,
    sources: Vec<String>,
    start_time_utc: String,
    end_time_utc: String,
}

impl<'a> From<&'a Grant> for GrantJson<'a> {
    fn from(grant: &'a Grant) -> Self {
        Self {
            policy: grant.policy.as_deref(),
            machine: &grant.machine,
            port: grant.port,
            protocol: grant.protocol.as_str(),
            sources: grant.sources.iter().map(words::net).collect(),
            start_time_utc: grant.start.to_string(),
            end_time_utc: grant.end.to_string(),
        }
    }
}

/// A reason is a diagnostic that also says which document it is about.
#[derive(Serialize)]
struct ReasonJson<'a> {
    document: &'static str,
    #[serde(flatten)]
    diagnostic: DiagnosticJson<'a>,
}

impl<'a> From<&'a Reason> for ReasonJson<'a> {
    fn from(reason: &'a Reason) -> Self {
        let document = match reason.document {
            Subject::Policy => "policy",
            Subject::Request => "request",
        };
        Self { document, diagnostic: DiagnosticJson::from(&reason.diagnostic) }
    }
}

/// `{"virtualMachines", "justification"?}`: the body of an `initiate` call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestBodyJson<'a> {
    virtual_machines: Vec<MachineJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
}

impl<'a> From<&'a RequestBody> for RequestBodyJson<'a> {
    fn from(body: &'a RequestBody) -> Self {
        Self {
            virtual_machines: body.machines.iter().map(MachineJson::from).collect(),
            justification: body.justification.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct MachineJson<'a> {
    id: &'a str,
    ports: Vec<PortJson<'a>>,
}

impl<'a> From<&'a MachineBody> for MachineJson<'a> {
    fn from(machine: &'a MachineBody) -> Self {
        Self { id: &machine.id, ports: machine.ports.iter().map(PortJson::from).collect() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PortJson<'a> {
    number: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_source_address_prefix: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_source_address_prefixes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time_utc: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<&'a str>,
}

impl<'a> From<&'a PortBody> for PortJson<'a> {
    fn from(port: &'a PortBody) -> Self {
        let (single, list) = match port.sources.as_slice() {
            [one] => (Some(words::net(one)), Vec::new()),
            several => (None, several.iter().map(words::net).collect()),
        };
        let (end, duration) = match &port.until {
            Until::End(end) => (Some(end.as_str()), None),
            Until::Duration(duration) => (None, Some(duration.as_str())),
        };
        Self {
            number: port.number,
            allowed_source_address_prefix: single,
            allowed_source_address_prefixes: list,
            end_time_utc: end,
            duration,
        }
    }
}
