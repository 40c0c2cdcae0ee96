//! What is asked about single packets, and what is answered.

use alloc::vec::Vec;
use core::net::IpAddr;

use crate::network::{AzureFirewall, Index, NetworkSecurityGroup, SecurityGroup, VirtualMachine};
use crate::sets::Packet;

/// A question: could this address reach that machine and port?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Which machine.
    pub machine: Index<VirtualMachine>,
    /// From where.
    pub from: IpAddr,
    /// To which port; of no account where the protocol has none.
    pub port: u16,
    /// IANA's number of the protocol.
    pub protocol: u8,
    /// From which port; without it any of 49152 to 65535 will do.
    pub source_port: Option<u16>,
    /// To which address: a private or public one of the machine, or the public one of an Azure Firewall, whose
    /// port is then meant. Without it every way to the machine counts.
    pub to: Option<IpAddr>,
}

impl Flow {
    /// Could this packet reach that machine?
    pub const fn of(machine: Index<VirtualMachine>, packet: &Packet) -> Self {
        Self {
            machine,
            from: packet.source,
            port: packet.destination_port,
            protocol: packet.protocol,
            source_port: Some(packet.source_port),
            to: Some(packet.destination),
        }
    }
}

/// An answer, in order of how good it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reachable {
    /// Surely not.
    No,
    /// It hangs on something that was not given.
    Maybe,
    /// Surely.
    Yes,
}

/// Whether a flow reaches its machine, and what decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether.
    pub reachable: Reachable,
    /// What decides at each stage, in the order of the packet's way, up to where it is stopped. Of several
    /// ways to the machine, the best one is told.
    pub decided_by: Vec<Decider>,
}

/// What decides at one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decider {
    /// At which stage.
    pub stage: Stage,
    /// Whose rule.
    pub resource: Resource,
    /// Its place among the resource's rules (of a firewall: its DNAT rules or its network rules, counted
    /// through all collections); none where no rule matches, and the end of the list decides.
    pub rule: Option<u32>,
    /// What comes of it.
    pub reachable: Reachable,
}

/// A stage of a packet's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// A DNAT rule of an Azure Firewall.
    Firewall,
    /// A network rule of an Azure Firewall, which overrides its DNAT rule.
    FirewallNetwork,
    /// The NSG of the subnet.
    SubnetNsg,
    /// The NSG of the network interface.
    NicNsg,
    /// The security groups of an EC2 network interface.
    SecurityGroup,
    /// Nothing filters.
    NoFilter,
    /// No NSG filters, and the public address decides by its kind: one of the Standard kind is closed until an NSG opens
    /// it, so that the machine is reached from inside alone.
    PublicAddress,
    /// What filters was not given.
    NotGiven,
    /// The machine has no such address, or none of the sender's family.
    NoAddress,
    /// The rules cut each other into too many pieces to tell which of them decide. Of a single packet that is always
    /// told.
    Entangled,
}

/// Whose rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// The machine itself.
    Machine(Index<VirtualMachine>),
    /// An NSG.
    Nsg(Index<NetworkSecurityGroup>),
    /// An Azure Firewall.
    Firewall(Index<AzureFirewall>),
    /// An EC2 security group.
    SecurityGroup(Index<SecurityGroup>),
    /// Something that was not given, by its place in the engine's list.
    Missing(u32),
}
