//! EC2 instances and network interfaces.

use alloc::string::String;
use alloc::vec::Vec;

use super::Reader;
use super::value::primary_first;
use crate::json::NodeId;
use crate::network::fact::{Oddity, ResourceKind};
use crate::network::given::{
    Cloud, Index, IpConfiguration, NetworkInterface, Os, Ref, SecurityGroup, Subnet, VirtualMachine,
};
use crate::order;

impl Reader<'_, '_> {
    pub(super) fn instance(&mut self, node: NodeId) {
        let [id, tags, placement, platform, size, interfaces, groups, private, public, subnet] = self.fields(
            node,
            &[
                "InstanceId",
                "Tags",
                "Placement",
                "Platform",
                "InstanceType",
                "NetworkInterfaces",
                "SecurityGroups",
                "PrivateIpAddress",
                "PublicIpAddress",
                "SubnetId",
            ],
        );
        let id = self.words(id);
        if id.is_empty() {
            self.fact(node, Oddity::NoId(ResourceKind::Machine));
        }
        let mut nics: Vec<(u32, Ref<NetworkInterface>)> = Vec::new();
        for node in self.list(interfaces) {
            let [attachment] = self.fields(node, &["Attachment"]);
            let [device] = attachment.map_or([None], |node| self.fields(node, &["DeviceIndex"]));
            let device = self.known(device).and_then(|text| text.parse().ok()).unwrap_or(u32::MAX);
            let nic = self.ec2_nic(node, true);
            nics.push((device, Ref::Given(nic)));
        }
        order::sort(&mut nics, |&(device, _)| device.into());
        // Older exports and queries have the addresses on the instance alone.
        if nics.is_empty() && private.is_some() {
            let security_groups = self.groups(node, groups, true);
            let configuration = IpConfiguration {
                private: self.ip(private),
                public: self.ip(public),
                subnet: self.ec2_subnet(subnet),
                ..IpConfiguration::default()
            };
            let nic = NetworkInterface {
                name: id.clone(),
                security_groups,
                ip_configurations: alloc::vec![configuration],
                place: self.place(node),
                ..NetworkInterface::default()
            };
            nics.push((0, Ref::Given(self.draft.add(nic))));
        }
        let [zone] = placement.map_or([None], |node| self.fields(node, &["AvailabilityZone"]));
        let tags = self.ec2_tags(tags);
        let named = tags.into_iter().find(|(name, _)| name == "Name").map(|(_, value)| value);
        let name = named.filter(|name| !name.is_empty());
        let windows = self.words(platform).eq_ignore_ascii_case("windows");
        let machine = VirtualMachine {
            name: name.unwrap_or_else(|| id.clone()),
            id,
            cloud: Cloud::Ec2,
            // The export says `windows`, and of all else nothing.
            os: Some(if windows { Os::Windows } else { Os::Linux }),
            location: self.words(zone),
            size: self.words(size),
            unsupported: None,
            lost: interfaces.is_none() && nics.is_empty(),
            nics: nics.into_iter().map(|(_, nic)| nic).collect(),
            place: self.place(node),
        };
        self.draft.add(machine);
    }

    fn ec2_tags(&self, tags: Option<NodeId>) -> Vec<(String, String)> {
        let tag = |tag| {
            let [key, value] = self.fields(tag, &["Key", "Value"]);
            (self.words(key), self.words(value))
        };
        self.list(tags).into_iter().map(tag).collect()
    }

    /// A network interface by itself, as `describe-network-interfaces` has it.
    pub(super) fn interface(&mut self, node: NodeId) {
        let [attachment] = self.fields(node, &["Attachment"]);
        let [instance] = attachment.map_or([None], |node| self.fields(node, &["InstanceId"]));
        let nic = self.ec2_nic(node, instance.is_some());
        self.draft.all_interfaces |= self.listed;
        if let machine @ Ref::Missing(_) = self.reference(instance) {
            self.draft.nic_machines.push((nic, machine));
        }
    }

    fn ec2_nic(&mut self, node: NodeId, attached: bool) -> Index<NetworkInterface> {
        let [id, groups, addresses, address, association, v6, subnet] = self.fields(
            node,
            &[
                "NetworkInterfaceId",
                "Groups",
                "PrivateIpAddresses",
                "PrivateIpAddress",
                "Association",
                "Ipv6Addresses",
                "SubnetId",
            ],
        );
        let id = self.words(id);
        let subnet = self.ec2_subnet(subnet);
        let mut configurations = Vec::new();
        for node in self.list(addresses) {
            let [address, association, primary] =
                self.fields(node, &["PrivateIpAddress", "Association", "Primary"]);
            let configuration = self.ec2_configuration(address, association, &subnet);
            configurations.push((self.is_true(primary), configuration));
        }
        let mut ip_configurations = primary_first(configurations);
        if ip_configurations.is_empty() && address.is_some() {
            ip_configurations.push(self.ec2_configuration(address, association, &subnet));
        }
        for node in self.list(v6) {
            let [address] = self.fields(node, &["Ipv6Address"]);
            let private = self.ip(address);
            // These addresses are the public ones too.
            let configuration = IpConfiguration {
                private,
                public: private,
                subnet: subnet.clone(),
                ..IpConfiguration::default()
            };
            ip_configurations.push(configuration);
        }
        if ip_configurations.is_empty() {
            // An address that was lost on the way is one all the same.
            ip_configurations.push(IpConfiguration { subnet, ..IpConfiguration::default() });
        }
        let nic = NetworkInterface {
            name: id.clone(),
            id,
            security_groups: self.groups(node, groups, attached),
            ip_configurations,
            place: self.place(node),
            ..NetworkInterface::default()
        };
        self.draft.add(nic)
    }

    fn ec2_configuration(
        &mut self,
        address: Option<NodeId>,
        association: Option<NodeId>,
        subnet: &Ref<Subnet>,
    ) -> IpConfiguration {
        let [public] = association.map_or([None], |node| self.fields(node, &["PublicIp"]));
        IpConfiguration {
            private: self.ip(address),
            public: self.ip(public),
            subnet: subnet.clone(),
            ..IpConfiguration::default()
        }
    }

    /// The security groups of an interface. Those of NAT gateways, which no instance has, are in none.
    fn groups(&mut self, of: NodeId, node: Option<NodeId>, attached: bool) -> Vec<Ref<SecurityGroup>> {
        let mut groups = Vec::new();
        for group in self.list(node) {
            let [id] = self.fields(group, &["GroupId"]);
            groups.push(self.element(id.unwrap_or(group)));
        }
        if groups.is_empty() && (attached || node.is_none()) {
            // All others are in one.
            groups.push(self.missing(of, String::new()));
        }
        groups
    }

    /// An EC2 subnet is known by its id alone; nothing that is judged here hangs on it.
    fn ec2_subnet(&mut self, node: Option<NodeId>) -> Ref<Subnet> {
        let Some((node, id)) = node.map(|node| (node, self.words(Some(node)))) else { return Ref::None };
        let subnet = Subnet { name: id.clone(), id, place: self.place(node), ..Subnet::default() };
        if subnet.id.is_empty() { Ref::None } else { Ref::Given(self.draft.add(subnet)) }
    }
}
