//! What filters are made of: the rules of NSGs, Azure Firewalls and EC2 security groups.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::IpNet;

use super::given::{ApplicationSecurityGroup, Place, Ref, SecurityGroup};
pub use crate::sets::PortRange;

/// A value that is known, or that cannot be: an expression of a template, a placeholder, a misspelling.
/// What hangs on an unknown one is answered with bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<T> {
    /// It is this.
    Known(T),
    /// As it is written.
    Unknown(String),
}

/// What a rule does with what it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Lets it through.
    Allow,
    /// Drops it.
    Deny,
}

impl Access {
    /// The word that Azure has for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// To the machine.
    Inbound,
    /// From it.
    Outbound,
    /// Not told: it counts as inbound, and what it does is not known.
    Unknown,
}

impl Direction {
    /// True for what may be a rule for what comes to the machine.
    pub fn may_be_inbound(self) -> bool {
        self != Self::Outbound
    }
}

/// The protocols that a rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleProtocol {
    /// `*`
    Any,
    /// The protocol of that number in IANA's list: TCP 6, UDP 17, ICMP 1, ESP 50, AH 51. ICMP also
    /// stands for `ICMPv6`, 58, where the addresses are of IPv6.
    Number(u8),
}

/// An address of an NSG's rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Address {
    /// `*`: IPv4 and IPv6.
    Any,
    /// A CIDR block or an address.
    Net(IpNet),
    /// From one address to another of the same family, both included.
    Range(IpAddr, IpAddr),
    /// A service tag, as written.
    Tag(String),
    /// Whoever is in the application security group.
    Group(Ref<ApplicationSecurityGroup>),
    /// Not understood: as written.
    Unknown(String),
}

/// A rule of an NSG. Lists that are empty match nothing; `*` is one element.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityRule {
    /// The name.
    pub name: String,
    /// The description; empty where there is none.
    pub description: String,
    /// 100 to 4096; of default rules 65000 to 65500. The lowest that matches decides.
    pub priority: u32,
    /// Which way.
    pub direction: Direction,
    /// What it does.
    pub access: Value<Access>,
    /// What it is about.
    pub protocol: Value<RuleProtocol>,
    /// From where.
    pub sources: Vec<Address>,
    /// From which ports.
    pub source_ports: Vec<Value<PortRange>>,
    /// To where.
    pub destinations: Vec<Address>,
    /// To which ports.
    pub destination_ports: Vec<Value<PortRange>>,
    /// One of Azure's default rules.
    pub default: bool,
    /// It was not given: it stands in for rules of which nothing is known.
    pub stand_in: bool,
    /// What it hangs on whether it is there, as written, where that is not known.
    pub perhaps: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A collection of an Azure Firewall's rules. Collections are looked at in order of priority.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleCollection<R> {
    /// The name.
    pub name: String,
    /// 100 to 65000; 0 where it is not known.
    pub priority: u32,
    /// What network rules of it do; DNAT rules always let through.
    pub access: Value<Access>,
    /// The rules, in order.
    pub rules: Vec<R>,
    /// Where it stands.
    pub place: Place,
}

impl<R> RuleCollection<R> {
    /// True where it is known which collections come before it.
    pub const fn is_placed(&self) -> bool {
        self.priority > 0
    }
}

/// A DNAT rule: what comes to the firewall's address and port goes on to another.
#[derive(Clone, Debug, PartialEq)]
pub struct NatRule {
    /// The name.
    pub name: String,
    /// What it is about.
    pub protocols: Vec<Value<RuleProtocol>>,
    /// From where.
    pub sources: Vec<Address>,
    /// The firewall's public addresses.
    pub destinations: Vec<Address>,
    /// Its ports.
    pub destination_ports: Vec<Value<PortRange>>,
    /// Where it goes on to.
    pub translated_address: Value<IpAddr>,
    /// At which port.
    pub translated_port: Value<u16>,
    /// Where it stands.
    pub place: Place,
}

/// A network rule of an Azure Firewall.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkRule {
    /// The name.
    pub name: String,
    /// What it is about.
    pub protocols: Vec<Value<RuleProtocol>>,
    /// From where.
    pub sources: Vec<Address>,
    /// To where.
    pub destinations: Vec<Address>,
    /// To which ports.
    pub destination_ports: Vec<Value<PortRange>>,
    /// Where it stands.
    pub place: Place,
}

/// Who an EC2 permission is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Peer {
    /// A CIDR block.
    Net(IpNet),
    /// The private addresses of all that are in the group.
    Group(Ref<SecurityGroup>),
    /// A managed prefix list, whose prefixes are not in the export.
    PrefixList(String),
    /// Not understood: as written.
    Unknown(String),
}

/// A permission of an EC2 security group.
#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    /// What it is about; `-1` is any.
    pub protocol: Value<RuleProtocol>,
    /// To which ports; all where the protocol has none.
    pub ports: Value<PortRange>,
    /// Who.
    pub peers: Vec<Peer>,
    /// Where it stands.
    pub place: Place,
}

impl Permission {
    /// Stands for permissions that are not known.
    pub(crate) fn unknown(place: Place) -> Self {
        Self {
            protocol: Value::Unknown(String::new()),
            ports: Value::Known(PortRange::ALL),
            peers: alloc::vec![Peer::Unknown(String::new())],
            place,
        }
    }
}

impl SecurityRule {
    /// Stands for rules that are not known: whatever it matches may be let through or not, and it matches all.
    pub(super) fn unknown(text: &str, place: Place) -> Self {
        Self {
            name: text.into(),
            description: String::new(),
            priority: 0,
            direction: Direction::Unknown,
            access: Value::Unknown(text.into()),
            protocol: Value::Known(RuleProtocol::Any),
            sources: alloc::vec![Address::Any],
            source_ports: alloc::vec![Value::Known(PortRange::ALL)],
            destinations: alloc::vec![Address::Any],
            destination_ports: alloc::vec![Value::Known(PortRange::ALL)],
            default: false,
            stand_in: true,
            perhaps: None,
            place,
        }
    }
}
