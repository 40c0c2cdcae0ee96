//! Who refers to a resource: the other way round of what the model has.

use alloc::vec::Vec;

use crate::network::{
    Index, Network, NetworkInterface, NetworkSecurityGroup, PublicIpAddress, Ref, Subnet, VirtualMachine,
};

/// By the places of resources in their lists.
#[derive(Clone, Debug, Default)]
pub struct Links {
    machines: Vec<Option<Index<VirtualMachine>>>,
    nics: Vec<Vec<Index<NetworkInterface>>>,
    subnets: Vec<Vec<Index<Subnet>>>,
    fronts: Vec<Option<(Index<NetworkInterface>, usize)>>,
}

impl Links {
    /// Goes once through all references of a network.
    pub fn new(network: &Network) -> Self {
        let mut links = Self::default();
        links.machines.resize(network.nics.len(), None);
        links.nics.resize(network.nsgs.len(), Vec::new());
        links.subnets.resize(network.nsgs.len(), Vec::new());
        links.fronts.resize(network.public_ips.len(), None);
        for (at, machine) in network.machines.iter().enumerate() {
            for nic in machine.nics.iter().filter_map(Ref::given) {
                if let Some(slot) = links.machines.get_mut(nic.get()) {
                    slot.get_or_insert(Index::new(at));
                }
            }
        }
        for (at, nic) in network.nics.iter().enumerate() {
            if let Some(of) = nic.nsg.given().and_then(|nsg| links.nics.get_mut(nsg.get())) {
                of.push(Index::new(at));
            }
            for (place, one) in nic.ip_configurations.iter().enumerate() {
                if let Some(slot) = one.public_ip.given().and_then(|ip| links.fronts.get_mut(ip.get())) {
                    slot.get_or_insert((Index::new(at), place));
                }
            }
        }
        for (at, subnet) in network.subnets.iter().enumerate() {
            if let Some(of) = subnet.nsg.given().and_then(|nsg| links.subnets.get_mut(nsg.get())) {
                of.push(Index::new(at));
            }
        }
        links
    }

    /// The machine of a NIC.
    pub fn machine_of(&self, nic: Index<NetworkInterface>) -> Option<Index<VirtualMachine>> {
        self.machines.get(nic.get()).copied().flatten()
    }

    /// The NICs that have an NSG.
    pub fn nics_of(&self, nsg: Index<NetworkSecurityGroup>) -> &[Index<NetworkInterface>] {
        self.nics.get(nsg.get()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The subnets that have an NSG.
    pub fn subnets_of(&self, nsg: Index<NetworkSecurityGroup>) -> &[Index<Subnet>] {
        self.subnets.get(nsg.get()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The NIC that a public address stands before, and which of its IP configurations.
    pub fn behind(&self, address: Index<PublicIpAddress>) -> Option<(Index<NetworkInterface>, usize)> {
        self.fronts.get(address.get()).copied().flatten()
    }
}
