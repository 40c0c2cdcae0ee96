//! A difference as JSON.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr};

use serde::Serialize;

use super::preview::DocumentReportJson;
use super::traffic::{BoxJson, addresses};
use crate::model::{Protocol, duration};
use crate::preview::{Diff, OpenableChange, ReachableChange};
use crate::sets::{AddressRange, Addresses, Region, Size};

/// `{"possible": [Change…], "impossible": [Change…], "equal": bool, "complete": bool,
/// "reports": {"before": [Report…], "after": [Report…]}}`.
///
/// What becomes possible and impossible, exactly. `equal` is true if nothing does. `complete` is false where a document
/// could not be judged or some value of it is not known; then there may be more. Reports as in a preview.
#[derive(Serialize)]
pub struct DiffJson<'a> {
    possible: Vec<ChangeJson<'a>>,
    impossible: Vec<ChangeJson<'a>>,
    equal: bool,
    complete: bool,
    reports: ReportsJson<'a>,
}

#[derive(Serialize)]
struct ReportsJson<'a> {
    before: Vec<DocumentReportJson<'a>>,
    after: Vec<DocumentReportJson<'a>>,
}

impl<'a> From<&'a Diff> for DiffJson<'a> {
    fn from(diff: &'a Diff) -> Self {
        let changes = |opens: bool| {
            let openable = diff.openable.iter().filter(move |change| change.opens() == opens);
            let reachable = diff.reachable.iter().filter(move |change| change.opens == opens);
            openable.map(ChangeJson::openable).chain(reachable.flat_map(ChangeJson::reachable)).collect()
        };
        let reports = |list: &'a [_]| list.iter().map(DocumentReportJson::from).collect();
        Self {
            possible: changes(true),
            impossible: changes(false),
            equal: diff.is_equal(),
            complete: diff.complete,
            reports: ReportsJson { before: reports(&diff.before), after: reports(&diff.after) },
        }
    }
}

/// What a requester can open, from a policy:
/// `{"kind": "open", "machine", "text", "protocol", "ports": ["22"], "sources": [{CIDR}…], "before": "PT1H"|null, "after": "PT3H"|null,
/// "addresses": "256", "addressSeconds": "1843200"}`: the longest window before and after, null for none; `addressSeconds` is
/// addresses × ports × protocols × the seconds by which the window grows or shrinks.
///
/// What reaches a machine, from a network:
/// `{"kind": "reach", "machine", "certain": bool, …Box}`; `certain` is false where it is a *maybe* that comes or goes.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum ChangeJson<'a> {
    #[serde(rename_all = "camelCase")]
    Open {
        machine: &'a str,
        text: String,
        protocol: &'static str,
        ports: Vec<String>,
        sources: Vec<String>,
        before: Option<String>,
        after: Option<String>,
        addresses: String,
        address_seconds: String,
    },
    Reach {
        machine: &'a str,
        certain: bool,
        #[serde(flatten)]
        region: BoxJson,
    },
}

impl<'a> ChangeJson<'a> {
    fn openable(change: &'a OpenableChange) -> Self {
        let range = |&(first, last): &(u32, u32)| {
            let address = |bits| IpAddr::V4(Ipv4Addr::from_bits(bits));
            AddressRange::new(address(first), address(last))
        };
        let sources: Addresses = change.sources.iter().filter_map(range).collect();
        let everybody = sources == Addresses::v4();
        let ports: Vec<String> = change.ports.iter().map(ToString::to_string).collect();
        let protocols = if change.protocol == Protocol::Any { 2 } else { 1_u64 };
        let count = u64::try_from(change.ports.len()).unwrap_or(u64::MAX);
        let size = sources.size().times(Size::from(count)).times(Size::from(protocols));
        Self::Open {
            machine: &change.machine,
            text: change.to_string(),
            protocol: change.protocol.as_str(),
            ports,
            addresses: sources.size().to_string(),
            sources: if everybody { ["*".to_string()].into() } else { addresses(&sources) },
            before: change.before.map(duration::canonical),
            after: change.after.map(duration::canonical),
            address_seconds: size.times(Size::from(change.time().as_secs())).to_string(),
        }
    }

    fn reachable(change: &'a ReachableChange) -> impl Iterator<Item = Self> {
        let regions: Vec<Region> = change.traffic.boxes();
        regions.into_iter().map(|region| Self::Reach {
            machine: &change.machine,
            certain: change.certain,
            region: BoxJson::from(&region),
        })
    }
}
