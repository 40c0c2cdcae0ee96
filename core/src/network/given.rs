//! The resources of a network, linked: a reference is an index into the lists of [`Network`], or the id
//! of something that was not given.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::IpNet;

pub(super) use super::index::Index;
use super::rule::{NatRule, NetworkRule, Permission, RuleCollection, SecurityRule};
pub use super::vnet::{Peering, Route, RouteTable, Subnet, VirtualNetwork};
use crate::json::NodeId;

/// Everything that was given, from one file or many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// `Microsoft.Compute/virtualMachines`, classic machines and EC2 instances.
    pub machines: Vec<VirtualMachine>,
    /// `Microsoft.Network/networkInterfaces` and EC2 network interfaces.
    pub nics: Vec<NetworkInterface>,
    /// Subnets of all virtual networks, and EC2 subnets as far as instances name them.
    pub subnets: Vec<Subnet>,
    /// `Microsoft.Network/virtualNetworks`
    pub vnets: Vec<VirtualNetwork>,
    /// `Microsoft.Network/networkSecurityGroups`
    pub nsgs: Vec<NetworkSecurityGroup>,
    /// `Microsoft.Network/applicationSecurityGroups`
    pub asgs: Vec<ApplicationSecurityGroup>,
    /// `Microsoft.Network/publicIPAddresses`
    pub public_ips: Vec<PublicIpAddress>,
    /// `Microsoft.Network/routeTables`
    pub route_tables: Vec<RouteTable>,
    /// `Microsoft.Network/azureFirewalls`
    pub firewalls: Vec<AzureFirewall>,
    /// EC2 security groups.
    pub security_groups: Vec<SecurityGroup>,
    /// There are machines or NICs of Azure that were not given: those that were are a page of more.
    pub more: bool,
    /// The same of EC2's.
    pub more_ec2: bool,
    /// Of EC2's interfaces those of instances alone were given: a group that none of them is in may have members of another
    /// kind, such as load balancers.
    pub others_ec2: bool,
    /// Prefixes of service tags, by name in lower case, sorted by name: from a `ServiceTags_Public.json`, or what
    /// `az network list-service-tags` answers.
    pub tags: Vec<(String, Vec<IpNet>)>,
}

/// Where a resource or a part of it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, in the order in which they were given, from 0.
    pub file: u32,
    /// The node in it.
    pub node: NodeId,
}

/// The id of something that is referred to and was not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// As it is written.
    pub id: String,
    /// Where it is referred to.
    pub place: Place,
}

/// A reference that may be left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Ref<T> {
    /// It is known that there is none.
    #[default]
    None,
    /// It was given.
    Given(Index<T>),
    /// It was not given, so what it would do is not known.
    Missing(Missing),
}

impl<T> Ref<T> {
    /// The index of what was given.
    pub fn given(&self) -> Option<Index<T>> {
        match self {
            Self::Given(index) => Some(*index),
            Self::None | Self::Missing(_) => None,
        }
    }

    /// True where what was lost is whatever the resource of this id has there, which then stands for it.
    pub(super) fn lost_of(&self, id: &str) -> bool {
        matches!(self, Self::Missing(missing) if missing.id == id)
    }

    /// The same, but [lost](Self::lost_of) where there is none, or none with an id.
    pub(super) fn or_lost_of(self, id: &str, place: Place) -> Self {
        if matches!(self, Self::None) {
            Self::Missing(Missing { id: id.into(), place })
        } else {
            self.lost_with(id)
        }
    }

    /// The same, but [lost](Self::lost_of) where it is one whose id is not known.
    pub(super) fn lost_with(self, id: &str) -> Self {
        match self {
            Self::Missing(Missing { id: known, place }) if known.is_empty() => {
                Self::Missing(Missing { id: id.into(), place })
            }
            of => of,
        }
    }
}

/// Whose machine it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cloud {
    /// Azure, Resource Manager.
    #[default]
    Azure,
    /// Azure's classic deployment model.
    AzureClassic,
    /// An EC2 instance.
    Ec2,
}

/// An operating system, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Os {
    /// Linux
    Linux,
    /// Windows
    Windows,
}

impl Os {
    /// The word that Azure has for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Windows => "Windows",
        }
    }
}

/// Why just-in-time access is not for a machine, where its own export says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// A classic machine.
    Classic,
    /// Switched off by a security policy.
    DisabledByPolicy,
}

/// A virtual machine or an EC2 instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VirtualMachine {
    /// The resource id as written; an EC2 instance's ARN or id.
    pub id: String,
    /// The name; of an EC2 instance its `Name` tag or else its id.
    pub name: String,
    /// Whose it is.
    pub cloud: Cloud,
    /// Where the export tells.
    pub os: Option<Os>,
    /// The region as written.
    pub location: String,
    /// The size as written: `Standard_D2s_v5`, `t3.micro`; empty where it is not told.
    pub size: String,
    /// Why it cannot have just-in-time access, where its export says so.
    pub unsupported: Option<Unsupported>,
    /// Its NICs, the primary one first.
    pub nics: Vec<Ref<NetworkInterface>>,
    /// Its own export does not tell of its NICs; whether others do or not.
    pub lost: bool,
    /// Where it stands.
    pub place: Place,
}

/// A NIC.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkInterface {
    /// The resource id as written.
    pub id: String,
    /// The name.
    pub name: String,
    /// The region as written.
    pub location: String,
    /// The NSG on the NIC itself.
    pub nsg: Ref<NetworkSecurityGroup>,
    /// EC2: the security groups on it.
    pub security_groups: Vec<Ref<SecurityGroup>>,
    /// Its addresses.
    pub ip_configurations: Vec<IpConfiguration>,
    /// It was not given: it stands in for one that its machine or an NSG tells of.
    pub stand_in: bool,
    /// Where it stands.
    pub place: Place,
}

/// An IP configuration of a NIC: one private address, maybe a public one in front of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IpConfiguration {
    /// The name.
    pub name: String,
    /// The private address; none where it is not known (a template, a machine never started).
    pub private: Option<IpAddr>,
    /// The public address, whether or not its resource was given.
    pub public: Option<IpAddr>,
    /// The resource of the public address.
    pub public_ip: Ref<PublicIpAddress>,
    /// Its subnet.
    pub subnet: Ref<Subnet>,
    /// The application security groups it is in.
    pub asgs: Vec<Ref<ApplicationSecurityGroup>>,
}

/// A network security group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkSecurityGroup {
    /// The resource id as written.
    pub id: String,
    /// The name.
    pub name: String,
    /// The region as written.
    pub location: String,
    /// Its rules of both directions, in the order of the text. Default rules are among them where the
    /// export has them; those that it has not were added with the place of the group.
    pub rules: Vec<SecurityRule>,
    /// Where it stands.
    pub place: Place,
}

/// An application security group; who is in it is told by the IP configurations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ApplicationSecurityGroup {
    /// The resource id as written.
    pub id: String,
    /// The name.
    pub name: String,
    /// The region as written.
    pub location: String,
    /// Where it stands.
    pub place: Place,
}

/// The kind of a public address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sku {
    /// Not told.
    #[default]
    Unknown,
    /// Open unless an NSG closes it.
    Basic,
    /// Closed unless an NSG opens it.
    Standard,
}

/// A public address.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublicIpAddress {
    /// The resource id as written.
    pub id: String,
    /// The name.
    pub name: String,
    /// The region as written.
    pub location: String,
    /// The address, where one is assigned.
    pub address: Option<IpAddr>,
    /// Its kind.
    pub sku: Sku,
    /// `Static` or `Dynamic`; empty where it is not told.
    pub allocation: String,
    /// Where it stands.
    pub place: Place,
}

/// An Azure Firewall.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AzureFirewall {
    /// The resource id as written.
    pub id: String,
    /// The name.
    pub name: String,
    /// The region as written.
    pub location: String,
    /// Its subnet, `AzureFirewallSubnet`.
    pub subnet: Ref<Subnet>,
    /// Its private address.
    pub private: Option<IpAddr>,
    /// The resources of its public addresses.
    pub public_ips: Vec<Ref<PublicIpAddress>>,
    /// Its public addresses, as far as they are known.
    pub public: Vec<IpAddr>,
    /// It is managed by a firewall policy (Firewall Manager), whose rules are not in the export.
    pub managed: bool,
    /// Some of its DNAT rules, or all, are not known.
    pub lost: bool,
    /// Some of its network rules, or all, are not known: any of them may deny what DNAT rules hand on.
    pub network_lost: bool,
    /// The id of that policy as written; empty where there is none.
    pub policy: String,
    /// DNAT rules, by collection.
    pub nat: Vec<RuleCollection<NatRule>>,
    /// Network rules, by collection.
    pub network: Vec<RuleCollection<NetworkRule>>,
    /// Where it stands.
    pub place: Place,
}

impl AzureFirewall {
    /// All its public addresses are known; it has one at least.
    pub fn knows_public(&self) -> bool {
        self.public.len() >= self.public_ips.len().max(1)
    }
}

/// An EC2 security group: it allows what any of its permissions allows, and nothing else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SecurityGroup {
    /// `sg-…`
    pub id: String,
    /// The name.
    pub name: String,
    /// What may come in.
    pub ingress: Vec<Permission>,
    /// Where it stands.
    pub place: Place,
}
