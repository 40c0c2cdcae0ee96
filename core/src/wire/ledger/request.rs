//! Requests as the service shows them.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::policy::{Mapped, members};
use crate::ledger::{Grant, Request, Status, StatusReason};
use crate::model::Timestamp;
use crate::wire::json;

const REVOKED: &str = Status::Revoked(StatusReason::Expired).as_str();
const INITIATING: (&str, &str) = ("Initiating", "UserRequested");

/// A request as the 202 of `initiate` answers it: each port is `Initiating`.
pub fn request(request: &Request) -> String {
    json(&RequestJson::new(request, |_| true, |_| INITIATING))
}

/// The same for a repeat of the call: what is no longer open says so.
pub(super) fn repeated(request: &Request, at: Timestamp) -> String {
    let words = |grant: &Grant| match grant.status(at) {
        Status::Initiated => INITIATING,
        Status::Revoked(reason) => (grant.status(at).as_str(), reason.as_str()),
    };
    json(&RequestJson::new(request, |_| true, words))
}

/// `{"virtualMachines", "startTimeUtc", "requestor", "justification"?}`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestJson<'a> {
    virtual_machines: Vec<MachineJson<'a>>,
    start_time_utc: String,
    requestor: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
}

#[derive(Serialize)]
struct MachineJson<'a> {
    id: &'a str,
    ports: Vec<PortJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PortJson<'a> {
    number: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_source_address_prefix: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_source_address_prefixes: Option<Vec<Cow<'a, str>>>,
    end_time_utc: String,
    status: &'static str,
    status_reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mapped_port: Option<u16>,
    /// Ours: when it was closed, where that was before its end, and by whom; nothing for an application.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_time_utc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_by: Option<&'a str>,
}

impl<'a> RequestJson<'a> {
    /// As it stands at an instant.
    pub(super) fn standing(request: &'a Request, at: Timestamp, mapped: Mapped) -> Self {
        let mut standing = Self::new(request, |_| true, status(at));
        let ports = standing.virtual_machines.iter_mut().flat_map(|machine| &mut machine.ports);
        for (port, grant) in ports.zip(&request.grants) {
            port.mapped_port = mapped(request, grant);
        }
        standing
    }

    /// As it stands at an instant, with the grants that are wanted alone.
    pub(super) fn part(request: &'a Request, wanted: impl Fn(usize) -> bool, at: Timestamp) -> Self {
        Self::new(request, wanted, status(at))
    }

    fn new(
        request: &'a Request,
        wanted: impl Fn(usize) -> bool,
        status: impl Fn(&Grant) -> (&'static str, &'static str),
    ) -> Self {
        let mut virtual_machines: Vec<MachineJson> = Vec::new();
        for (_, grant) in request.grants.iter().enumerate().filter(|&(index, _)| wanted(index)) {
            let id = grant.machine.text();
            let port = PortJson::new(grant, status(grant));
            match virtual_machines.last_mut() {
                Some(last) if last.id == id => last.ports.push(port),
                _ => virtual_machines.push(MachineJson { id, ports: alloc::vec![port] }),
            }
        }
        Self {
            virtual_machines,
            start_time_utc: request.start.to_service_form(),
            requestor: request.requestor.requestor(),
            justification: request.justification.as_deref(),
        }
    }
}

impl<'a> PortJson<'a> {
    fn new(grant: &'a Grant, (status, status_reason): (&'static str, &'static str)) -> Self {
        let (single, list) = members(&grant.prefixes);
        let closed = grant.closed.as_ref().filter(|_| status == REVOKED);
        Self {
            number: grant.number,
            allowed_source_address_prefix: single,
            allowed_source_address_prefixes: list,
            end_time_utc: grant.end.text(),
            status,
            status_reason,
            mapped_port: None,
            closed_time_utc: closed.map(|closed| closed.at.to_service_form()),
            closed_by: closed.map(|closed| closed.by.requestor()),
        }
    }
}

fn status(at: Timestamp) -> impl Fn(&Grant) -> (&'static str, &'static str) {
    move |grant| {
        let status = grant.status(at);
        (status.as_str(), status.reason().as_str())
    }
}
