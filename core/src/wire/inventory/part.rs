//! Parts of resources that Resource Manager shows by themselves too: the rules of an NSG, the subnets of a network.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{ArmKind, Child, Inventory, address, interface, nsg, vnet};

/// A kind of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArmPart {
    /// `Microsoft.Network/networkSecurityGroups/securityRules`
    SecurityRule,
    /// `Microsoft.Network/networkSecurityGroups/defaultSecurityRules`
    DefaultSecurityRule,
    /// `Microsoft.Network/virtualNetworks/subnets`
    Subnet,
    /// `Microsoft.Network/virtualNetworks/virtualNetworkPeerings`
    Peering,
    /// `Microsoft.Network/networkInterfaces/ipConfigurations`
    IpConfiguration,
    /// `Microsoft.Network/routeTables/routes`
    Route,
}

impl ArmPart {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::SecurityRule,
        Self::DefaultSecurityRule,
        Self::Subnet,
        Self::Peering,
        Self::IpConfiguration,
        Self::Route,
    ];

    /// What it is a part of.
    pub const fn whole(self) -> ArmKind {
        match self {
            Self::SecurityRule | Self::DefaultSecurityRule => ArmKind::NetworkSecurityGroup,
            Self::Subnet | Self::Peering => ArmKind::VirtualNetwork,
            Self::IpConfiguration => ArmKind::NetworkInterface,
            Self::Route => ArmKind::RouteTable,
        }
    }

    /// The last word of its type, in Azure's spelling.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SecurityRule => "securityRules",
            Self::DefaultSecurityRule => "defaultSecurityRules",
            Self::Subnet => "subnets",
            Self::Peering => "virtualNetworkPeerings",
            Self::IpConfiguration => "ipConfigurations",
            Self::Route => "routes",
        }
    }

    /// The part of that resource by that word, without regard to case.
    pub fn from_word(whole: ArmKind, word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.whole() == whole && part.word().eq_ignore_ascii_case(word))
    }
}

/// The parts of a resource.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Each with its name and as JSON, as the whole has them; the name is empty where it is not known.
    pub all: Vec<(String, String)>,
    /// False where there are others as well, or may be, of which nothing is known.
    pub whole: bool,
}

impl Inventory<'_> {
    /// The parts of the resource at that place of its list.
    pub fn parts(&self, part: ArmPart, at: usize) -> Option<Parts> {
        fn each<P: Serialize>(parts: Option<Vec<Child<P>>>) -> Parts {
            let told = parts.is_some();
            let parts = parts.unwrap_or_default();
            let all = parts.iter().map(|part| (part.name.clone(), crate::wire::json(part))).collect();
            Parts { all, whole: told && !parts.iter().any(|part| part.name.is_empty()) }
        }
        Some(match part {
            ArmPart::SecurityRule => each(nsg::nsg(self, at)?.properties.security_rules),
            ArmPart::DefaultSecurityRule => each(Some(nsg::nsg(self, at)?.properties.default_security_rules)),
            // Of these a list that is empty is no list where something must be in it, or all was lost.
            ArmPart::Subnet => {
                let all = vnet::vnet(self, at)?.properties.subnets;
                each(Some(all).filter(|all| !(all.is_empty() && vnet::is_bare(self, at))))
            }
            ArmPart::Peering => {
                let all = vnet::vnet(self, at)?.properties.virtual_network_peerings;
                each(Some(all).filter(|all| !(all.is_empty() && vnet::is_bare(self, at))))
            }
            ArmPart::IpConfiguration => {
                let all = interface::interface(self, at)?.properties.ip_configurations;
                each(Some(all).filter(|all| !all.is_empty()))
            }
            ArmPart::Route => each(address::route_table(self, at)?.properties.routes),
        })
    }
}
