//! Whether one rule matches one packet.

use std::net::IpAddr;

use jitgate_core::network::{Address, Network, PortRange, RuleProtocol, SecurityRule, Value, VirtualNetwork};

use super::address::stands_for;
use crate::packet::{ICMP, ICMPV6, has_ports};
use crate::{Packet, Truth};

/// True if the rule matches: protocol, source, source port, destination and destination port, all five.
pub fn matches(
    network: &Network,
    vnet: Option<&VirtualNetwork>,
    rule: &SecurityRule,
    packet: &Packet,
) -> Truth {
    let address = |of: &[Address], address: IpAddr| {
        Truth::any(of.iter().map(|element| stands_for(network, vnet, element, address)))
    };
    Truth::all([
        protocol(&rule.protocol, packet),
        address(&rule.sources, packet.source),
        address(&rule.destinations, packet.destination),
        ports(&rule.protocol, &rule.source_ports, packet, packet.source_port),
        ports(&rule.protocol, &rule.destination_ports, packet, packet.destination_port),
    ])
}

/// True if a rule for that protocol is about the packet.
pub fn protocol(named: &Value<RuleProtocol>, packet: &Packet) -> Truth {
    match named {
        Value::Unknown(_) => Truth::Maybe,
        Value::Known(RuleProtocol::Any) => Truth::Yes,
        Value::Known(RuleProtocol::Number(number)) => {
            let icmp_of_ipv6 = *number == ICMP && packet.protocol == ICMPV6 && packet.destination.is_ipv6();
            (*number == packet.protocol || icmp_of_ipv6).into()
        }
    }
}

/// True if the port is one of those named, or if they are not looked at: a rule about a protocol without ports
/// ignores them, and one whose protocol is not known may be such a rule.
pub fn ports(
    protocol: &Value<RuleProtocol>,
    named: &[Value<PortRange>],
    packet: &Packet,
    port: u16,
) -> Truth {
    match protocol {
        Value::Known(RuleProtocol::Number(number)) if !has_ports(*number) => return Truth::Yes,
        Value::Unknown(_) if !has_ports(packet.protocol) => return Truth::Yes,
        _ => {}
    }
    Truth::any(named.iter().map(|range| match range {
        Value::Known(range) => (range.first() <= port && port <= range.last()).into(),
        Value::Unknown(_) => Truth::Maybe,
    }))
}
