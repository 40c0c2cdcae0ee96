//! Traffic in lines that a person reads: what, from where, to where, and how much of it.
use jitgate_core::model::Protocol;
use jitgate_core::sets::{Addresses, Region, Traffic};

/// So many blocks of addresses stand on a line; of a longer list the rest is counted.
const MOST_BLOCKS: usize = 4;

/// A box of traffic, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// `TCP 22`
    pub what: String,
    /// `203.0.113.0/24`, `Any`
    pub from: String,
    /// `10.30.1.4`
    pub to: String,
    /// How many source addresses.
    pub addresses: String,
    /// How many packets that can be told apart.
    pub packets: String,
    /// One of them: `203.0.113.1:49152 → 10.30.1.4:22`.
    pub witness: String,
}

/// What is in it, box by box.
pub fn flows(traffic: &Traffic) -> Vec<Flow> {
    traffic.boxes().iter().map(Flow::of).collect()
}

impl Flow {
    fn of(region: &Region) -> Self {
        let traffic = Traffic::from(region);
        let ports: Vec<_> = region.destination_ports.ranges().map(|range| range.to_string()).collect();
        let protocols = if region.protocols.is_all() {
            "any protocol".to_owned()
        } else {
            region.protocols.to_string().replace(',', ", ")
        };
        let what = if region.destination_ports.is_all() {
            format!("{protocols}, every port")
        } else {
            format!("{protocols} {}", ports.join(", "))
        };
        let sources = blocks(&region.sources);
        let narrow = !region.source_ports.is_all();
        let ports: Vec<_> = region.source_ports.ranges().map(|range| range.to_string()).collect();
        let from = if narrow { format!("{sources}, port {}", ports.join(", ")) } else { sources };
        let witness = traffic.witness().map(|packet| {
            let end = |address: std::net::IpAddr, port| std::net::SocketAddr::new(address, port).to_string();
            let (from, to) =
                (end(packet.source, packet.source_port), end(packet.destination, packet.destination_port));
            format!("{from} → {to}")
        });
        Self {
            what,
            from,
            to: blocks(&region.destinations),
            addresses: grouped(&region.sources.size().to_string()),
            packets: grouped(&traffic.size().to_string()),
            witness: witness.unwrap_or_default(),
        }
    }
}

/// `10.0.0.0/8, 192.0.2.7`; `Any` for all of a family.
fn blocks(addresses: &Addresses) -> String {
    if addresses.is_all() || *addresses == Addresses::v4() {
        return "Any".to_owned();
    }
    if *addresses == Addresses::v6() {
        return "Any (IPv6)".to_owned();
    }
    // `Internet` is a handful of ranges, or everybody but one or two.
    let others = Addresses::v4().difference(addresses);
    let in_v4 = addresses.is_subset(&Addresses::v4());
    if in_v4 && others.ranges().count() < addresses.ranges().count() {
        return format!("Any but {}", list(&others));
    }
    list(addresses)
}

fn list(addresses: &Addresses) -> String {
    let all: Vec<String> = addresses.ranges().map(|range| range.to_string()).collect();
    let left = all.len().saturating_sub(MOST_BLOCKS);
    // One more would take no more room than saying so.
    if left <= 1 {
        return all.join(", ");
    }
    format!("{} and {left} more ranges", all.iter().take(MOST_BLOCKS).cloned().collect::<Vec<_>>().join(", "))
}

/// A policy's protocol as the portal of Azure has it: `Any` for `*`.
pub const fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Any => "Any",
        named => named.as_str(),
    }
}

/// A whole number with its thousands apart: `4,294,967,296`.
pub fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len().saturating_sub(index);
        if index > 0 && left.is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
