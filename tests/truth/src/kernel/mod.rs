//! The Linux kernel as the judge: rules in nftables, real packets from one network namespace to another.
//!
//! `nft` writes the rules, `lab` has the namespaces, `frame` the packets.

mod frame;
mod lab;
mod nft;

pub use lab::{Lab, Unavailable};
pub use nft::ruleset;

use std::net::IpAddr;

use crate::Packet;
use crate::packet::{AH, ESP, ICMP, ICMPV6, TCP, UDP};

/// True for a packet that Linux hands to its filters as it is. It drops those from addresses that cannot be a
/// source before it asks any filter, and looks behind the AH header of IPv6 for what comes after.
pub fn can_travel(packet: &Packet) -> bool {
    let protocols: &[u8] = if packet.source.is_ipv4() {
        &[TCP, UDP, ICMP, ICMPV6, ESP, AH]
    } else {
        &[TCP, UDP, ICMP, ICMPV6, ESP]
    };
    let source = match packet.source {
        IpAddr::V4(source) => {
            let [first, ..] = source.octets();
            first != 0 && !source.is_loopback() && !source.is_multicast() && !source.is_broadcast()
        }
        IpAddr::V6(source) => {
            // `::/96` and `::ffff:0:0/96` are forms of IPv4 addresses.
            source.segments()[..5] != [0; 5] && !source.is_multicast() && !source.is_unicast_link_local()
        }
    };
    source && protocols.contains(&packet.protocol)
}
