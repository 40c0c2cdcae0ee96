//! `Microsoft.Network/networkInterfaces`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::{ArmKind, Child, IdJson, Inventory, Resource, child_id, is_id, reference, references};
use crate::network::{Index, IpConfiguration, Missing, Network, NetworkInterface, Ref};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Interface<'a> {
    pub(super) ip_configurations: Vec<Child<Configuration<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_security_group: Option<IdJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    virtual_machine: Option<IdJson<'a>>,
    primary: bool,
    /// Clients fail where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    dns_settings: Option<DnsSettings>,
}

/// `{}`
#[derive(Serialize)]
struct DnsSettings {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Configuration<'a> {
    #[serde(rename = "privateIPAddress", skip_serializing_if = "Option::is_none")]
    private: Option<String>,
    #[serde(rename = "privateIPAddressVersion", skip_serializing_if = "Option::is_none")]
    version: Option<&'static str>,
    #[serde(rename = "publicIPAddress", skip_serializing_if = "Option::is_none")]
    public: Option<IdJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subnet: Option<IdJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    application_security_groups: Vec<IdJson<'a>>,
    primary: bool,
}

/// True for a NIC of Azure's that was given: not for one of EC2, and not for one that only its machine tells of.
pub(super) fn is_arm(nic: &NetworkInterface) -> bool {
    nic.id.starts_with('/') && !nic.stand_in
}

pub(super) fn interface<'a>(of: &Inventory<'a>, at: usize) -> Option<Resource<'a, Interface<'a>>> {
    let network = of.network();
    let nic = network.nics.get(at).filter(|nic| is_arm(nic))?;
    let machine = of.links.machine_of(Index::new(at)).and_then(|machine| network.machines.get(machine.get()));
    // The first NIC of a machine is its primary one.
    let primary =
        machine.and_then(|machine| machine.nics.first()?.given()).is_some_and(|first| first.get() == at);
    // One that was lost on the way is known by the subnet: that is the NIC itself, or what stood in the place of all of
    // it; and by having nothing else. Where others are known its place is left, lest they be taken for all.
    let lost = |one: &IpConfiguration| {
        let of = |subnet: &Missing| subnet.id == nic.id || !is_id(&subnet.id);
        one.name.is_empty()
            && one.private.is_none()
            && matches!(&one.subnet, Ref::Missing(subnet) if of(subnet))
    };
    let known = nic.ip_configurations.iter().any(|one| !lost(one));
    let configurations = nic.ip_configurations.iter().enumerate().filter(|_| known);
    Some(Resource {
        id: &nic.id,
        name: &nic.name,
        kind: ArmKind::NetworkInterface.resource_type(),
        location: &nic.location,
        sku: None,
        properties: Interface {
            ip_configurations: configurations.map(|(place, one)| child(network, nic, place, one)).collect(),
            // One that was lost is left out, like a public address: Azure's clients parse each id that they find there.
            network_security_group: reference(&nic.nsg, &network.nsgs, |nsg| &nsg.id)
                .filter(|of| of.id != nic.id),
            virtual_machine: machine.map(|machine| IdJson { id: &machine.id }),
            primary,
            dns_settings: (!of.has(ArmKind::NetworkInterface, at, "dnsSettings")).then_some(DnsSettings {}),
        },
    })
}

fn child<'a>(
    network: &'a Network,
    nic: &NetworkInterface,
    place: usize,
    one: &'a IpConfiguration,
) -> Child<Configuration<'a>> {
    Child {
        id: configuration_id(nic, place).unwrap_or_default(),
        name: one.name.clone(),
        kind: "Microsoft.Network/networkInterfaces/ipConfigurations",
        properties: Configuration {
            private: one.private.map(|address| address.to_string()),
            version: one.private.map(|address| if address.is_ipv4() { "IPv4" } else { "IPv6" }),
            public: reference(&one.public_ip, &network.public_ips, |ip| &ip.id),
            subnet: reference(&one.subnet, &network.subnets, |subnet| &subnet.id)
                .filter(|of| of.id != nic.id),
            application_security_groups: references(&one.asgs, &network.asgs, |asg| &asg.id),
            primary: place == 0,
        },
    }
}

/// `…/ipConfigurations/{name}`
pub(super) fn configuration_id(nic: &NetworkInterface, place: usize) -> Option<String> {
    let name = &nic.ip_configurations.get(place)?.name;
    Some(child_id(&nic.id, "ipConfigurations", name))
}
