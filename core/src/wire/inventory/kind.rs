//! The types of resources that are shown.

use alloc::string::String;
use alloc::vec::Vec;

use crate::network::{Cloud, Network};

/// A type of resource, of `Microsoft.Compute` or `Microsoft.Network`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArmKind {
    /// `Microsoft.Compute/virtualMachines`
    VirtualMachine,
    /// `Microsoft.ClassicCompute/virtualMachines`
    ClassicVirtualMachine,
    /// `Microsoft.Network/networkInterfaces`
    NetworkInterface,
    /// `Microsoft.Network/networkSecurityGroups`
    NetworkSecurityGroup,
    /// `Microsoft.Network/publicIPAddresses`
    PublicIpAddress,
    /// `Microsoft.Network/virtualNetworks`
    VirtualNetwork,
    /// `Microsoft.Network/azureFirewalls`
    AzureFirewall,
    /// `Microsoft.Network/applicationSecurityGroups`
    ApplicationSecurityGroup,
    /// `Microsoft.Network/routeTables`
    RouteTable,
}

impl ArmKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::VirtualMachine,
        Self::ClassicVirtualMachine,
        Self::NetworkInterface,
        Self::NetworkSecurityGroup,
        Self::PublicIpAddress,
        Self::VirtualNetwork,
        Self::AzureFirewall,
        Self::ApplicationSecurityGroup,
        Self::RouteTable,
    ];

    /// The type in Azure's spelling.
    pub const fn resource_type(self) -> &'static str {
        match self {
            Self::VirtualMachine => "Microsoft.Compute/virtualMachines",
            Self::ClassicVirtualMachine => "Microsoft.ClassicCompute/virtualMachines",
            Self::NetworkInterface => "Microsoft.Network/networkInterfaces",
            Self::NetworkSecurityGroup => "Microsoft.Network/networkSecurityGroups",
            Self::PublicIpAddress => "Microsoft.Network/publicIPAddresses",
            Self::VirtualNetwork => "Microsoft.Network/virtualNetworks",
            Self::AzureFirewall => "Microsoft.Network/azureFirewalls",
            Self::ApplicationSecurityGroup => "Microsoft.Network/applicationSecurityGroups",
            Self::RouteTable => "Microsoft.Network/routeTables",
        }
    }

    /// The kind of that type, without regard to case.
    pub fn from_type(of: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.resource_type().eq_ignore_ascii_case(of))
    }

    /// The ids of all resources of the kind, with their places in their list. What only stands in for a resource that
    /// was not given is not among them, nor is what has no id.
    pub fn ids(self, network: &Network) -> Vec<(usize, &str)> {
        fn with_id((at, id): (usize, &String)) -> Option<(usize, &str)> {
            (!id.is_empty()).then_some((at, id.as_str()))
        }
        macro_rules! all {
            ($list:ident) => {
                network.$list.iter().map(|one| &one.id).enumerate().filter_map(with_id).collect()
            };
        }
        let machines = |cloud: Cloud| {
            let of_cloud = network.machines.iter().enumerate().filter(|(_, machine)| machine.cloud == cloud);
            of_cloud.map(|(at, machine)| (at, &machine.id)).filter_map(with_id).collect()
        };
        match self {
            Self::VirtualMachine => machines(Cloud::Azure),
            Self::ClassicVirtualMachine => machines(Cloud::AzureClassic),
            Self::NetworkInterface => {
                let nics = network.nics.iter().enumerate().filter(|(_, nic)| super::interface::is_arm(nic));
                nics.map(|(at, nic)| (at, &nic.id)).filter_map(with_id).collect()
            }
            Self::NetworkSecurityGroup => all!(nsgs),
            Self::PublicIpAddress => all!(public_ips),
            Self::VirtualNetwork => all!(vnets),
            Self::AzureFirewall => all!(firewalls),
            Self::ApplicationSecurityGroup => all!(asgs),
            Self::RouteTable => all!(route_tables),
        }
    }
}
