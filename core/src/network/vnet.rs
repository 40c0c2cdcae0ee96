//! Virtual networks as given: their subnets, peerings and routes.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::IpNet;

use super::given::{Index, NetworkSecurityGroup, Place, Ref};

/// A subnet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subnet {
    /// The resource id as written.
    pub id: String,
    /// The name.
    pub name: String,
    /// The network that it is a part of.
    pub vnet: Ref<VirtualNetwork>,
    /// Its address prefixes.
    pub prefixes: Vec<IpNet>,
    /// There are others, which are not known.
    pub lost: bool,
    /// Its NSG.
    pub nsg: Ref<NetworkSecurityGroup>,
    /// Its route table.
    pub route_table: Ref<RouteTable>,
    /// Where it stands.
    pub place: Place,
}

/// A virtual network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VirtualNetwork {
    /// The resource id as written.
    pub id: String,
    /// The name.
    pub name: String,
    /// The region as written.
    pub location: String,
    /// Its address space.
    pub prefixes: Vec<IpNet>,
    /// Some of its address space is not known.
    pub lost: bool,
    /// Its subnets.
    pub subnets: Vec<Index<Subnet>>,
    /// There are others, of which nothing is known.
    pub subnets_lost: bool,
    /// Its peerings.
    pub peerings: Vec<Peering>,
    /// There are others, of which nothing is known.
    pub peerings_lost: bool,
    /// Where it stands.
    pub place: Place,
}

/// A peering with another virtual network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Peering {
    /// The other network.
    pub remote: Ref<VirtualNetwork>,
    /// The other network's address space, as the peering itself tells it; empty unless all of it is known.
    pub prefixes: Vec<IpNet>,
    /// It lends the other network's gateway, so that networks behind that count as connected.
    pub uses_remote_gateways: bool,
    /// The peering is up, and lets the other network's machines in.
    pub connected: bool,
}

/// A route table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RouteTable {
    /// The resource id as written.
    pub id: String,
    /// The name.
    pub name: String,
    /// The region as written.
    pub location: String,
    /// Its routes.
    pub routes: Vec<Route>,
    /// Some of its routes are not known.
    pub lost: bool,
    /// Where it stands.
    pub place: Place,
}

/// A user-defined route.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Where to.
    pub prefix: IpNet,
    /// The address of the appliance it goes through, where it does.
    pub next_hop: Option<IpAddr>,
    /// `VirtualAppliance`, `VnetLocal`, `Internet`, `VirtualNetworkGateway`, `None`: as written.
    pub next_hop_type: String,
}
