//! The timeline of a preview as JSON.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::traffic::TrafficJson;
use crate::network::Bounds;
use crate::preview::{Interval, LiveGrant, Origin, Role};
use crate::rules::words;
use crate::sets::Traffic;

/// `{"from", "until", "seconds": "3600", "grants": [Grant…], "opened": [{"id", "name", "traffic": Traffic, "addressSeconds": "921600"}…]}`:
/// a time in which nothing changes; `opened` is what is open then and not at rest.
#[derive(Serialize)]
pub struct IntervalJson<'a> {
    from: String,
    until: String,
    seconds: String,
    grants: Vec<GrantJson<'a>>,
    opened: Vec<OpenedJson<'a>>,
}

impl<'a> From<&'a Interval> for IntervalJson<'a> {
    fn from(interval: &'a Interval) -> Self {
        let seconds = interval.seconds();
        let opened = |(id, name, traffic): &'a (String, String, Bounds<Traffic>)| OpenedJson {
            id,
            name,
            address_seconds: TrafficJson::addresses_of(&traffic.may).times(seconds.into()).to_string(),
            traffic: TrafficJson::change(&traffic.may, &traffic.surely),
        };
        Self {
            from: interval.from.to_string(),
            until: interval.until.to_string(),
            seconds: seconds.to_string(),
            grants: interval.grants.iter().map(|(grant, mapped)| GrantJson::new(grant, *mapped)).collect(),
            opened: interval.opened.iter().map(opened).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OpenedJson<'a> {
    id: &'a str,
    name: &'a str,
    traffic: TrafficJson,
    address_seconds: String,
}

/// `{"machine", "port", "protocol", "sources", "from", "until", "who": "…"|null, "why": "…"|null,
/// "document": {"role": "policy"|"request", "index": 0}, "mapped"?: {"address", "port"}}`: `from` and `until` are the
/// grant's own; `mapped` is the port of the Azure Firewall that leads there.
#[derive(Serialize)]
struct GrantJson<'a> {
    machine: &'a str,
    port: u16,
    protocol: &'static str,
    sources: Vec<String>,
    from: String,
    until: String,
    who: Option<&'a str>,
    why: Option<&'a str>,
    document: DocumentJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    mapped: Option<MappedJson>,
}

#[derive(Serialize)]
struct MappedJson {
    address: String,
    port: u16,
}

impl<'a> GrantJson<'a> {
    fn new(grant: &'a LiveGrant, mapped: Option<(core::net::IpAddr, u16)>) -> Self {
        let document = match grant.origin {
            Origin::History(index) => DocumentJson { role: Role::Policy.as_str(), index },
            Origin::Request(index) => DocumentJson { role: Role::Request.as_str(), index },
        };
        Self {
            machine: &grant.machine,
            port: grant.port,
            protocol: grant.protocol.as_str(),
            sources: grant.sources.iter().map(words::net).collect(),
            from: grant.from.to_string(),
            until: grant.until.to_string(),
            who: grant.who.as_deref(),
            why: grant.why.as_deref(),
            document,
            mapped: mapped.map(|(address, port)| MappedJson { address: address.to_string(), port }),
        }
    }
}

#[derive(Serialize)]
pub(super) struct DocumentJson {
    pub(super) role: &'static str,
    pub(super) index: usize,
}
