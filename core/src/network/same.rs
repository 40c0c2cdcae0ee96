//! Whether two resources say the same: without their places, and without what exports differ in.

use alloc::vec::Vec;

use super::given::{
    ApplicationSecurityGroup, AzureFirewall, IpConfiguration, NetworkInterface, NetworkSecurityGroup,
    Peering, Place, PublicIpAddress, Ref, RouteTable, SecurityGroup, Sku, Subnet, VirtualMachine,
    VirtualNetwork,
};
use super::rule::{Address, NatRule, NetworkRule, Peer, Permission, RuleCollection, SecurityRule};

/// Takes out what does not count when two of a kind are compared.
pub(super) trait Strip {
    fn strip(&mut self);
}

/// True when both say the same.
pub(super) fn same<T: Strip + Clone + PartialEq>(one: &T, other: &T) -> bool {
    let (mut one, mut other) = (one.clone(), other.clone());
    one.strip();
    other.strip();
    one == other
}

impl<T: Strip> Strip for Vec<T> {
    fn strip(&mut self) {
        self.iter_mut().for_each(Strip::strip);
    }
}

impl<T> Strip for Ref<T> {
    fn strip(&mut self) {
        if let Self::Missing(missing) = self {
            missing.id.make_ascii_lowercase();
            missing.place = Place::default();
        }
    }
}

impl Strip for VirtualMachine {
    fn strip(&mut self) {
        *self = Self {
            cloud: self.cloud,
            unsupported: self.unsupported.take(),
            nics: core::mem::take(&mut self.nics),
            lost: self.lost,
            ..Self::default()
        };
        self.nics.strip();
    }
}

impl Strip for NetworkInterface {
    fn strip(&mut self) {
        *self = Self {
            nsg: core::mem::take(&mut self.nsg),
            security_groups: core::mem::take(&mut self.security_groups),
            ip_configurations: core::mem::take(&mut self.ip_configurations),
            ..Self::default()
        };
        self.nsg.strip();
        self.security_groups.strip();
        self.ip_configurations.strip();
    }
}

impl Strip for IpConfiguration {
    fn strip(&mut self) {
        self.name.clear();
        self.public_ip.strip();
        self.subnet.strip();
        self.asgs.strip();
    }
}

impl Strip for Subnet {
    fn strip(&mut self) {
        self.id.clear();
        self.name.clear();
        self.place = Place::default();
        self.vnet.strip();
        self.nsg.strip();
        self.route_table.strip();
    }
}

impl Strip for VirtualNetwork {
    fn strip(&mut self) {
        *self = Self {
            prefixes: core::mem::take(&mut self.prefixes),
            lost: self.lost,
            peerings: core::mem::take(&mut self.peerings),
            peerings_lost: self.peerings_lost,
            ..Self::default()
        };
        self.peerings.strip();
    }
}

impl Strip for Peering {
    fn strip(&mut self) {
        self.remote.strip();
    }
}

impl Strip for NetworkSecurityGroup {
    fn strip(&mut self) {
        *self = Self { rules: core::mem::take(&mut self.rules), ..Self::default() };
        // Templates have no default rules, exports do.
        self.rules.retain(|rule| !rule.default);
        self.rules.strip();
        // Nor does their order tell anything.
        crate::order::sort_by(&mut self.rules, |one, other| one.name.cmp(&other.name));
    }
}

impl Strip for SecurityRule {
    fn strip(&mut self) {
        self.place = Place::default();
        self.perhaps = None;
        self.description.clear();
        self.name.make_ascii_lowercase();
        self.sources.strip();
        self.destinations.strip();
    }
}

impl Strip for Address {
    fn strip(&mut self) {
        match self {
            Self::Tag(tag) => tag.make_ascii_lowercase(),
            Self::Group(group) => group.strip(),
            Self::Any | Self::Net(_) | Self::Range(..) | Self::Unknown(_) => {}
        }
    }
}

impl Strip for ApplicationSecurityGroup {
    fn strip(&mut self) {
        *self = Self::default();
    }
}

impl Strip for PublicIpAddress {
    fn strip(&mut self) {
        *self = Self { address: self.address, sku: Sku::Unknown, ..Self::default() };
    }
}

impl Strip for RouteTable {
    fn strip(&mut self) {
        *self = Self { routes: core::mem::take(&mut self.routes), lost: self.lost, ..Self::default() };
    }
}

impl Strip for AzureFirewall {
    fn strip(&mut self) {
        self.id.clear();
        self.name.clear();
        self.location.clear();
        self.policy.clear();
        self.public_ips.strip();
        self.place = Place::default();
        self.subnet.strip();
        self.nat.strip();
        self.network.strip();
    }
}

impl<R: Strip> Strip for RuleCollection<R> {
    fn strip(&mut self) {
        self.place = Place::default();
        self.rules.strip();
    }
}

impl Strip for NatRule {
    fn strip(&mut self) {
        self.place = Place::default();
        self.sources.strip();
        self.destinations.strip();
    }
}

impl Strip for NetworkRule {
    fn strip(&mut self) {
        self.place = Place::default();
        self.sources.strip();
        self.destinations.strip();
    }
}

impl Strip for SecurityGroup {
    fn strip(&mut self) {
        *self = Self { ingress: core::mem::take(&mut self.ingress), ..Self::default() };
        self.ingress.strip();
    }
}

impl Strip for Permission {
    fn strip(&mut self) {
        self.place = Place::default();
        self.peers.strip();
    }
}

impl Strip for Peer {
    fn strip(&mut self) {
        if let Self::Group(group) = self {
            group.strip();
        }
    }
}
