//! Exact algebra of sets of packets: which there are, what a list of rules decides for each, and what two
//! such answers have in common or apart. It knows nothing of networks.
//!
//! A packet is a protocol, a source address and port, and a destination address and port ([`Packet`]). What
//! one rule matches is a [`Region`]; an ordered list of them, where the first that matches decides, makes
//! [`Decisions`]; any set of packets is a [`Traffic`]. Both are decision diagrams: one level for each part
//! of a packet, and at each level the ranges of numbers that go on alike. They are canonical, so that equal
//! sets are equal values, whatever they were made of.
//!
//! Rules can be made so that their diagram fits in no memory. What compiles or joins therefore takes so many steps and
//! no more, and says [`Entangled`] where that is not enough.
//!
//! Only packets that can be exist here: both addresses are of one family, and protocols other than TCP and
//! UDP have no ports, which is to say that both are 0. Complements and sizes count within that.

mod address;
mod boxes;
mod build;
mod bytes;
mod compile;
mod decisions;
mod diagram;
mod interval;
mod limit;
mod packet;
mod port;
mod size;
mod traffic;
mod walk;

pub use address::{AddressRange, Addresses, Family};
pub use decisions::Decisions;
pub use limit::Entangled;
pub use packet::{Packet, Region};
pub use port::{PortRange, Ports, Protocols, TCP, UDP, has_ports};
pub use size::Size;
pub use traffic::Traffic;
