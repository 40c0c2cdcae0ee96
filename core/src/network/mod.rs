//! The network as given: machines, NICs, subnets, NSGs, firewalls, EC2 security groups, and what they
//! refer to. It is read from exports, linked once, and asked many times.
//!
//! Nothing in here knows of just-in-time access; `preview` does.

pub mod given;
pub mod rule;

pub use given::{
    ApplicationSecurityGroup, AzureFirewall, Cloud, Index, IpConfiguration, Missing, Network,
    NetworkInterface, NetworkSecurityGroup, Os, Peering, Place, PublicIpAddress, Ref, Route, RouteTable,
    SecurityGroup, Sku, Subnet, Unsupported, VirtualMachine, VirtualNetwork,
};
pub use rule::{
    Access, Address, Direction, NatRule, NetworkRule, Peer, Permission, PortRange, RuleCollection,
    RuleProtocol, SecurityRule, Value,
};
