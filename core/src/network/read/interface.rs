//! NICs, public addresses and application security groups.

use alloc::string::String;
use alloc::vec::Vec;

use super::value::primary_first;
use super::{Head, Parent, Reader};
use crate::json::{NodeId, NodeKind};
use crate::network::fact::{Lost, Oddity, ResourceKind};
use crate::network::given::{
    ApplicationSecurityGroup, IpConfiguration, Missing, NetworkInterface, PublicIpAddress, Ref, Sku,
};

impl Reader<'_, '_> {
    pub(super) fn nic(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, location, place } = self.head(node, parent, ResourceKind::Nic);
        let [nsg, configurations, machine] =
            self.fields(node, &["networkSecurityGroup", "ipConfigurations", "virtualMachine"]);
        let mut configurations: Vec<_> =
            self.list(configurations).into_iter().map(|node| self.ip_configuration(node, &id)).collect();
        if configurations.is_empty() {
            // Every NIC has one: it was left out, or lost on the way.
            if !self.bare(&id, ResourceKind::Nic, node) {
                return;
            }
            configurations.push((false, self.lost_configuration(node, &id)));
        }
        let ip_configurations = primary_first(configurations);
        let nic = NetworkInterface {
            nsg: self.own_reference(nsg, &id),
            id,
            name,
            location,
            ip_configurations,
            place,
            ..NetworkInterface::default()
        };
        let machine = self.reference(machine);
        self.draft.listed_nics |= self.listed;
        let index = self.draft.add(nic);
        // One whose id was lost leads to none.
        if !matches!(machine, Ref::None) && !machine.lost_of("") {
            self.draft.nic_machines.push((index, machine));
        }
    }

    /// An IP configuration of which nothing is known: neither its subnet, for which that of its NIC's id stands, nor
    /// the groups it is in.
    fn lost_configuration(&self, node: NodeId, nic: &str) -> IpConfiguration {
        IpConfiguration {
            subnet: self.missing(node, nic.into()),
            asgs: alloc::vec![self.missing(node, String::new())],
            ..IpConfiguration::default()
        }
    }

    /// An IP configuration, and whether it is the primary one.
    fn ip_configuration(&mut self, node: NodeId, nic: &str) -> (bool, IpConfiguration) {
        if self.tape.kind(node) != NodeKind::Object {
            // An expression stands for all of them.
            let text = String::from(self.tape.string(node).unwrap_or_default());
            let subnet = self.missing(node, text);
            return (false, IpConfiguration { subnet, ..self.lost_configuration(node, nic) });
        }
        let [name, private, public, subnet, groups, primary] = self.fields(
            node,
            &[
                "name",
                "privateIPAddress",
                "publicIPAddress",
                "subnet",
                "applicationSecurityGroups",
                "primary",
            ],
        );
        let configuration = IpConfiguration {
            name: self.words(name),
            private: self.ip(private),
            public: None,
            public_ip: self.reference(public),
            // There is none without a subnet.
            subnet: self.reference(subnet).or_lost_of(nic, self.place(node)),
            asgs: self.references(groups),
        };
        if configuration.subnet.lost_of(nic) {
            self.fact(node, Oddity::Lost(Lost::Subnet));
        }
        // Of other resources it is said that they were not given.
        for group in &configuration.asgs {
            if let Ref::Missing(Missing { id, place }) = group
                && id.is_empty()
            {
                self.draft.fact(*place, Oddity::Lost(Lost::Id));
            }
        }
        (self.is_true(primary), configuration)
    }

    pub(super) fn public_ip(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, location, place } = self.head(node, parent, ResourceKind::PublicIp);
        let [address, sku, allocation] = self.fields(node, &["ipAddress", "sku", "publicIPAllocationMethod"]);
        let allocation = self.words(allocation);
        let [sku] = sku.map_or([None], |sku| self.fields(sku, &["name"]));
        let sku = match self.words(sku).to_ascii_lowercase().as_str() {
            "basic" => Sku::Basic,
            "standard" | "standardv2" => Sku::Standard,
            _ => Sku::Unknown,
        };
        // PowerShell writes so where no address is assigned.
        let address =
            address.filter(|&node| self.tape.string(node).is_some_and(|text| text != "Not Assigned"));
        let address = self.ip(address);
        self.draft.add(PublicIpAddress { id, name, location, address, sku, allocation, place });
    }

    pub(super) fn asg(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, location, place } = self.head(node, parent, ResourceKind::Asg);
        self.draft.add(ApplicationSecurityGroup { id, name, location, place });
    }
}
