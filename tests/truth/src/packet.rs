//! The first packet of a connection: all that a stateful filter decides about.

use std::fmt;
use std::net::IpAddr;

use jitgate_core::sets;

/// A packet. Both addresses are of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Packet {
    /// IANA's number of the protocol.
    pub protocol: u8,
    /// From where.
    pub source: IpAddr,
    /// From which port; 0 where the protocol has none.
    pub source_port: u16,
    /// To where.
    pub destination: IpAddr,
    /// To which port; 0 where the protocol has none.
    pub destination_port: u16,
}

/// ICMP, for IPv4.
pub const ICMP: u8 = 1;
/// TCP
pub const TCP: u8 = 6;
/// UDP
pub const UDP: u8 = 17;
/// ESP
pub const ESP: u8 = 50;
/// AH
pub const AH: u8 = 51;
/// ICMP, for IPv6.
pub const ICMPV6: u8 = 58;

/// True for a protocol with ports.
pub const fn has_ports(protocol: u8) -> bool {
    matches!(protocol, TCP | UDP)
}

impl Packet {
    /// The packet, without ports where the protocol has none.
    pub fn new(protocol: u8, source: (IpAddr, u16), destination: (IpAddr, u16)) -> Self {
        let port = |port| if has_ports(protocol) { port } else { 0 };
        Self {
            protocol,
            source: source.0,
            source_port: port(source.1),
            destination: destination.0,
            destination_port: port(destination.1),
        }
    }
}

impl From<&Packet> for sets::Packet {
    /// The same in the engine's words.
    fn from(packet: &Packet) -> Self {
        let Packet { protocol, source, source_port, destination, destination_port } = *packet;
        Self { protocol, source, source_port, destination, destination_port }
    }
}

impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { protocol, source, source_port, destination, destination_port } = self;
        write!(
            f,
            "protocol {protocol} from {source} port {source_port} to {destination} port {destination_port}"
        )
    }
}
