//! The network as given: machines, NICs, subnets, NSGs, firewalls, EC2 security groups, and what they
//! refer to. It is read from exports, linked once, and asked many times.
//!
//! Nothing in here knows of just-in-time access; `preview` does.

mod differ;
mod draft;
pub mod engine;
pub mod fact;
pub mod given;
mod index;
mod join;
mod link;
mod read;
pub mod rule;
mod same;
mod stray;
mod unsure;
mod vnet;

pub use engine::{Answer, Bounds, Class, Decider, Engine, Flow, NotFound, Reachable, Resource, Stage};
pub use fact::{Aspect, Lost, NetworkFact, Oddity, ResourceKind};
pub use given::{
    ApplicationSecurityGroup, AzureFirewall, Cloud, IpConfiguration, Missing, Network, NetworkInterface,
    NetworkSecurityGroup, Os, Peering, Place, PublicIpAddress, Ref, Route, RouteTable, SecurityGroup, Sku,
    Subnet, Unsupported, VirtualMachine, VirtualNetwork,
};
pub use index::Index;
pub(crate) use read::read_among;
pub use read::{is_network, read};
pub use rule::{
    Access, Address, Direction, NatRule, NetworkRule, Peer, Permission, PortRange, RuleCollection,
    RuleProtocol, SecurityRule, Value,
};
