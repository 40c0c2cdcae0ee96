//! A packet, as far as filters look at it, and all that match alike.

use core::fmt;
use core::net::IpAddr;

use super::address::{Addresses, Family};
use super::port::{Ports, Protocols};
use super::size::Size;

/// What a filter sees of a packet. Both addresses are of one family, and only TCP and UDP have ports; of
/// any other protocol both are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Packet {
    /// IANA's number: TCP 6, UDP 17, ICMP 1.
    pub protocol: u8,
    /// From where.
    pub source: IpAddr,
    /// From which port.
    pub source_port: u16,
    /// To where.
    pub destination: IpAddr,
    /// To which port.
    pub destination_port: u16,
}

/// All packets whose every part is in the set for it: what one rule of a filter matches.
///
/// It holds only packets that there are: protocols without ports count where both sets of ports have port
/// 0, and addresses of two families never meet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    /// The protocols.
    pub protocols: Protocols,
    /// From where.
    pub sources: Addresses,
    /// From which ports.
    pub source_ports: Ports,
    /// To where.
    pub destinations: Addresses,
    /// To which ports.
    pub destination_ports: Ports,
}

impl Region {
    /// Every packet; to be narrowed by setting members.
    pub fn all() -> Self {
        Self {
            protocols: Protocols::all(),
            sources: Addresses::all(),
            source_ports: Ports::all(),
            destinations: Addresses::all(),
            destination_ports: Ports::all(),
        }
    }

    /// How many packets, as [`Traffic::size`](super::Traffic::size) has it.
    pub fn size(&self) -> Size {
        let portless = self.portless();
        let with_ports = self.protocols.intersection(&Protocols::with_ports());
        let ports = self.source_ports.size().times(self.destination_ports.size());
        let each = with_ports.size().times(ports).plus(portless.size());
        let pairs = Family::ALL.into_iter().map(|family| {
            self.sources.numbers(family).size().times(self.destinations.numbers(family).size())
        });
        pairs.sum::<Size>().times(each)
    }

    /// The protocols without ports that count.
    pub(super) fn portless(&self) -> Protocols {
        if self.source_ports.contains(0) && self.destination_ports.contains(0) {
            self.protocols.difference(&Protocols::with_ports())
        } else {
            Protocols::none()
        }
    }

    /// True for a packet in it.
    pub fn contains(&self, packet: &Packet) -> bool {
        packet.source.is_ipv4() == packet.destination.is_ipv4()
            && self.protocols.contains(packet.protocol)
            && self.destination_ports.contains(packet.destination_port)
            && self.source_ports.contains(packet.source_port)
            && self.destinations.contains(packet.destination)
            && self.sources.contains(packet.source)
    }
}

/// `TCP 22 from 203.0.113.0/24 to 10.0.0.4`: parts that leave nothing out are not told, but for the sources.
impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.protocols)?;
        if !self.destination_ports.is_all() {
            write!(f, " {}", self.destination_ports)?;
        }
        write!(f, " from {}", self.sources)?;
        if !self.source_ports.is_all() {
            write!(f, " port {}", self.source_ports)?;
        }
        // Of a family that no source has, no packet is told.
        let anywhere = Family::ALL.into_iter().all(|family| {
            self.sources.numbers(family).is_empty() || self.destinations.numbers(family).is_all(family.max())
        });
        if !anywhere {
            write!(f, " to {}", self.destinations)?;
        }
        Ok(())
    }
}
