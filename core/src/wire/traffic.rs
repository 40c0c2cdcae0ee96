//! Traffic as JSON: boxes that a person can read.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use crate::format::hex;
use crate::network::Bounds;
use crate::sets::{Addresses, Packet, Region, Size, Traffic};

/// More boxes than this are not listed; `more` says how many are left out. Sizes count all.
const MOST_BOXES: usize = 200;

/// What there is in one set:
/// `{"boxes": [Box…], "more"?: 12, "coarse"?: true, "addresses": "256", "packets": "16777216", "witness": Packet|null, "digest": "9f…"}`.
///
/// `coarse` is there where the set falls into so many boxes that those listed hold it and more; all else is exact. /// `addresses` counts the source addresses, each once, `packets` everything that can be told apart: protocol, addresses and
/// ports of both ends. Both are exact decimal numbers. `digest` is SHA-256 of the set: equal for equal sets only.
#[derive(Serialize)]
pub struct TrafficJson {
    boxes: Vec<BoxJson>,
    #[serde(skip_serializing_if = "is_zero")]
    more: usize,
    #[serde(skip_serializing_if = "is_false")]
    coarse: bool,
    addresses: String,
    packets: String,
    witness: Option<PacketJson>,
    digest: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub(super) fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl From<&Traffic> for TrafficJson {
    fn from(traffic: &Traffic) -> Self {
        let boxes = traffic.boxes();
        Self {
            boxes: boxes.iter().take(MOST_BOXES).map(BoxJson::from).collect(),
            more: boxes.len().saturating_sub(MOST_BOXES),
            coarse: traffic.is_coarse(),
            addresses: traffic.sources().size().to_string(),
            packets: traffic.size().to_string(),
            witness: traffic.witness().as_ref().map(PacketJson::from),
            digest: hex(&traffic.digest()),
        }
    }
}

impl TrafficJson {
    /// What opens or closes, where this much of it is sure: the boxes of the rest come last, and say that they are not.
    pub(super) fn change(all: &Traffic, surely: &Traffic) -> Self {
        let maybe = all.difference(surely);
        if maybe.is_empty() {
            return Self::from(all);
        }
        let sure = all.difference(&maybe);
        let unsure = |region| BoxJson { certain: Some(false), ..BoxJson::from(region) };
        let mut boxes: Vec<BoxJson> = sure.boxes().iter().map(BoxJson::from).collect();
        boxes.extend(maybe.boxes().iter().map(unsure));
        let more = boxes.len().saturating_sub(MOST_BOXES);
        boxes.truncate(MOST_BOXES);
        let coarse = sure.is_coarse() || maybe.is_coarse();
        Self { boxes, more, coarse, ..Self::from(all) }
    }

    /// How many source addresses, each once.
    pub(super) fn addresses_of(traffic: &Traffic) -> Size {
        traffic.sources().size()
    }
}

/// Two bounds: `{"exact": true, "may": Traffic}` where everything is known, else
/// `{"exact": false, "surely": Traffic, "may": Traffic}`: at least and at most this.
#[derive(Serialize)]
pub struct BoundsJson {
    exact: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    surely: Option<TrafficJson>,
    may: TrafficJson,
}

impl From<&Bounds<Traffic>> for BoundsJson {
    fn from(bounds: &Bounds<Traffic>) -> Self {
        let exact = bounds.is_exact();
        Self {
            exact,
            surely: (!exact).then(|| TrafficJson::from(&bounds.surely)),
            may: TrafficJson::from(&bounds.may),
        }
    }
}

/// A box: all packets whose every part is in the list for it.
/// `{"text": "TCP 22 from 203.0.113.0/24 to 10.0.0.4", "protocol": "TCP", "ports": ["22"], "sources": ["203.0.113.0/24"],
/// "sourcePorts"?: ["1024-65535"], "destinations": ["10.0.0.4"], "addresses": "256", "packets": "16777216", "witness": Packet, "certain"?: false}`.
/// `*` in a list is everything; `sourcePorts` is there only where not every one will do. `certain` is there, and false, where
/// this only may open or close, as something is not known.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BoxJson {
    text: String,
    protocol: String,
    ports: Vec<String>,
    sources: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    source_ports: Vec<String>,
    destinations: Vec<String>,
    addresses: String,
    packets: String,
    witness: Option<PacketJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certain: Option<bool>,
}

impl From<&Region> for BoxJson {
    fn from(region: &Region) -> Self {
        let source_ports =
            if region.source_ports.is_all() { Vec::new() } else { ports(&region.source_ports) };
        Self {
            text: region.to_string(),
            protocol: region.protocols.to_string(),
            ports: ports(&region.destination_ports),
            sources: addresses(&region.sources),
            source_ports,
            destinations: addresses(&region.destinations),
            addresses: region.sources.size().to_string(),
            packets: region.size().to_string(),
            witness: region.witness().as_ref().map(PacketJson::from),
            certain: None,
        }
    }
}

/// `{"protocol": 6, "source": "203.0.113.1", "sourcePort": 49152, "destination": "10.0.0.4", "port": 22}`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PacketJson {
    protocol: u8,
    source: String,
    source_port: u16,
    destination: String,
    port: u16,
}

impl From<&Packet> for PacketJson {
    fn from(packet: &Packet) -> Self {
        Self {
            protocol: packet.protocol,
            source: packet.source.to_string(),
            source_port: packet.source_port,
            destination: packet.destination.to_string(),
            port: packet.destination_port,
        }
    }
}

/// One string for each block or range; `*` for all of IPv4 and IPv6.
pub(super) fn addresses(addresses: &Addresses) -> Vec<String> {
    if addresses.is_all() {
        return ["*".to_string()].into();
    }
    addresses.ranges().map(|range| range.to_string()).collect()
}

fn ports(ports: &crate::sets::Ports) -> Vec<String> {
    if ports.is_all() {
        return ["*".to_string()].into();
    }
    ports.ranges().map(|range| range.to_string()).collect()
}
