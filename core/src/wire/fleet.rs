//! A fleet as JSON: what is open now and why.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::Serialize;

use super::RuleChangeJson;
use super::traffic::{addresses, is_false};
use crate::network::{Cloud, Os};
use crate::preview::{Activity, Exposed, MachineExposure, Opened};
use crate::rules::words;

/// More sources than this are not listed; `addresses` counts all.
const MOST_SOURCES: usize = 50;

/// `{"id", "name", "cloud"?: "azure"|"azureClassic"|"ec2", "location"?, "os"?: "Linux"|"Windows", "size"?,
/// "privateIpAddresses"?: […], "publicIpAddresses"?: […], "class": "configured"|"notConfigured"|"unsupported", "reason"?, "policies": [{"id", "name"}…], "through"?: "nsg"|"firewall"|"securityGroup",
/// "requests": {"lastSevenDays": 2, "lastStartTimeUtc"?, "lastRequestor"?}, "open": [Open…], "residual": [Port…], "unprotected": [Port…]}`.
///
/// `open` are the grants that are live; `residual` what reaches protected ports without any; `unprotected` what reaches
/// management ports that no policy protects. The addresses are those of an instance of EC2, which has no interface at an
/// address of Azure's. `through` says where just-in-time access works on a configured machine.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MachineExposureJson<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cloud: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    location: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    os: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    size: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    private_ip_addresses: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    public_ip_addresses: Vec<String>,
    class: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'static str,
    policies: Vec<PolicyJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    through: Option<&'static str>,
    requests: RequestsJson<'a>,
    open: Vec<OpenJson<'a>>,
    residual: Vec<PortJson<'a>>,
    unprotected: Vec<PortJson<'a>>,
}

#[derive(Serialize)]
struct PolicyJson<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Default, Serialize)]
struct RequestsJson<'a> {
    #[serde(rename = "lastSevenDays")]
    count: usize,
    #[serde(rename = "lastStartTimeUtc", skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    #[serde(rename = "lastRequestor", skip_serializing_if = "Option::is_none")]
    requestor: Option<&'a str>,
}

impl<'a> From<&'a MachineExposure<'a>> for MachineExposureJson<'a> {
    fn from(machine: &'a MachineExposure<'a>) -> Self {
        let (class, reason) = machine.group();
        let texts = |all: &Vec<IpAddr>| all.iter().map(IpAddr::to_string).collect();
        let [private_ip_addresses, public_ip_addresses] = machine.addresses.each_ref().map(texts);
        let policies = machine.policies.iter().map(|&(id, name)| PolicyJson { id, name });
        let ports = |protected: bool| {
            let ports = machine.exposed.iter().filter(|port| port.protected == protected);
            ports.map(PortJson::from).collect()
        };
        Self {
            id: machine.id,
            name: machine.name,
            cloud: machine.cloud.map(|cloud| match cloud {
                Cloud::Azure => "azure",
                Cloud::AzureClassic => "azureClassic",
                Cloud::Ec2 => "ec2",
            }),
            location: machine.location,
            os: machine.os.map(Os::word),
            size: machine.size,
            private_ip_addresses,
            public_ip_addresses,
            class,
            reason,
            policies: policies.collect(),
            through: through(machine, class),
            requests: machine.activity.map(RequestsJson::from).unwrap_or_default(),
            open: machine.open.iter().map(|opened| OpenJson::from(*opened)).collect(),
            residual: ports(true),
            unprotected: ports(false),
        }
    }
}

/// Where both are, the portal shows the firewall alone.
fn through(machine: &MachineExposure, class: &str) -> Option<&'static str> {
    match machine.cloud? {
        _ if class != "configured" => None,
        _ if machine.through_firewall => Some("firewall"),
        _ if !machine.filtered => None,
        Cloud::Ec2 => Some("securityGroup"),
        _ => Some("nsg"),
    }
}

impl<'a> From<&'a Activity> for RequestsJson<'a> {
    fn from(activity: &'a Activity) -> Self {
        let last = activity.last.as_ref();
        Self {
            count: activity.last_seven_days,
            start: last.map(|(start, _)| start.to_string()),
            requestor: last.map(|(_, who)| who.as_str()),
        }
    }
}

/// `{"policy", "protocol", "port", "sources": […], "startTimeUtc", "endTimeUtc", "requestor", "justification"?,
/// "mapped"?: {"address", "port"}, "effective": true, "unwritten"?: true, "alsoFrom"?: […]}`: `effective` is false where
/// nothing of it gets in: another filter still stops it or, if it is `unwritten`, no rule is there for it; `alsoFrom` is who else gets there as long as it is open, by rules of the firewall's own.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OpenJson<'a> {
    policy: &'a str,
    protocol: &'static str,
    port: u16,
    sources: Vec<String>,
    start_time_utc: String,
    end_time_utc: String,
    requestor: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mapped: Option<MappedJson>,
    effective: bool,
    #[serde(skip_serializing_if = "is_false")]
    unwritten: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also_from: Vec<String>,
}

/// `{"machine", …Open, "unsure"?: true, "stopped"?: […]}`: what becomes of a port that a request opens; `unsure` where it is
/// not known whether anything gets in, `stopped` are sources of which nothing does.
#[derive(Serialize)]
pub struct GrantedJson<'a> {
    machine: &'a str,
    #[serde(flatten)]
    open: OpenJson<'a>,
    #[serde(skip_serializing_if = "is_false")]
    unsure: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stopped: Vec<String>,
}

impl<'a> From<&'a Opened> for GrantedJson<'a> {
    fn from(opened: &'a Opened) -> Self {
        let mut stopped = addresses(&opened.stopped);
        stopped.truncate(MOST_SOURCES);
        let (machine, unsure) = (&*opened.grant.machine, opened.unsure);
        Self { machine, open: OpenJson::from(opened), unsure, stopped }
    }
}

#[derive(Serialize)]
struct MappedJson {
    address: String,
    port: u16,
}

impl<'a> From<&'a Opened> for OpenJson<'a> {
    fn from(opened: &'a Opened) -> Self {
        let Opened { grant, policy, mapped, effective, unwritten, also_from, .. } = opened;
        let mut also_from = addresses(also_from);
        also_from.truncate(MOST_SOURCES);
        Self {
            policy,
            protocol: grant.protocol.as_str(),
            port: grant.port,
            sources: grant.sources.iter().map(words::net).collect(),
            start_time_utc: grant.from.to_string(),
            end_time_utc: grant.until.to_string(),
            requestor: grant.who.as_deref().unwrap_or_default(),
            justification: grant.why.as_deref(),
            mapped: mapped.map(|(address, port)| MappedJson { address: address.to_string(), port }),
            effective: *effective,
            unwritten: *unwritten,
            also_from,
        }
    }
}

/// `{"protocol", "port", "state": "asFound"|"atRest", "sources": ["10.0.0.0/16"…], "more"?: 12, "addresses": "65536", "exact": true, "internet": false,
/// "letInBy": [Rule…], "unfiltered"?: ["10.0.1.4"]}`: rules as a preview has them; `internet` if a sixteenth of all public
/// addresses or more are among the sources; `unfiltered` are the addresses of the machine at which nothing filters.
/// `asFound` is the network as it was imported, with the rules of JIT that were in it already.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PortJson<'a> {
    protocol: &'static str,
    port: u16,
    state: &'static str,
    sources: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<usize>,
    addresses: String,
    exact: bool,
    internet: bool,
    let_in_by: Vec<RuleChangeJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unfiltered: Vec<String>,
}

impl<'a> From<&'a Exposed> for PortJson<'a> {
    fn from(port: &'a Exposed) -> Self {
        let mut sources = addresses(&port.sources);
        let more = sources.len().saturating_sub(MOST_SOURCES);
        sources.truncate(MOST_SOURCES);
        let mut unfiltered = addresses(&port.unfiltered);
        unfiltered.truncate(MOST_SOURCES);
        Self {
            protocol: port.protocol.as_str(),
            port: port.port,
            state: if port.as_found { "asFound" } else { "atRest" },
            sources,
            more: (more > 0).then_some(more),
            addresses: port.sources.size().to_string(),
            exact: port.exact,
            internet: port.internet,
            let_in_by: port.let_in_by.iter().map(RuleChangeJson::from).collect(),
            unfiltered,
        }
    }
}
