//! `Microsoft.Network/virtualNetworks`, with their subnets and peerings.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ipnet::IpNet;
use serde::Serialize;

use super::{ArmKind, Child, IdJson, Inventory, Resource, reference, reference_or_lost};
use crate::network::{Network, Peering, Ref, Subnet, VirtualNetwork};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Vnet<'a> {
    address_space: AddressSpace,
    pub(super) subnets: Vec<Child<SubnetJson<'a>>>,
    pub(super) virtual_network_peerings: Vec<Child<PeeringJson<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AddressSpace {
    address_prefixes: Vec<String>,
}

impl AddressSpace {
    fn new(prefixes: &[IpNet]) -> Self {
        Self { address_prefixes: prefixes.iter().map(ToString::to_string).collect() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubnetJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    address_prefix: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    address_prefixes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_security_group: Option<IdJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    route_table: Option<IdJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PeeringJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_virtual_network: Option<IdJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_address_space: Option<AddressSpace>,
    allow_virtual_network_access: bool,
    use_remote_gateways: bool,
    peering_state: &'static str,
}

/// True for one that came without an address space, which every network has: nor may its lists be all that there is.
pub(super) fn is_bare(of: &Inventory, at: usize) -> bool {
    of.network().vnets.get(at).is_some_and(|vnet| vnet.prefixes.is_empty())
}

pub(super) fn vnet<'a>(of: &Inventory<'a>, at: usize) -> Option<Resource<'a, Vnet<'a>>> {
    let network = of.network();
    let vnet = network.vnets.get(at)?;
    let subnets = vnet.subnets.iter().filter_map(|subnet| network.subnets.get(subnet.get()));
    let mut space = AddressSpace::new(&vnet.prefixes);
    // Clients fail where there is no such list, or none of subnets. No network has an empty one: that tells that all was lost.
    if vnet.lost && !vnet.prefixes.is_empty() {
        space.address_prefixes.push(String::new());
    }
    Some(Resource {
        id: &vnet.id,
        name: &vnet.name,
        kind: ArmKind::VirtualNetwork.resource_type(),
        location: &vnet.location,
        sku: None,
        properties: Vnet {
            address_space: space,
            subnets: subnets.map(|subnet| child(network, subnet)).collect(),
            virtual_network_peerings: vnet
                .peerings
                .iter()
                .map(|peering| peering_of(network, vnet, peering))
                .collect(),
        },
    })
}

fn child<'a>(network: &'a Network, subnet: &'a Subnet) -> Child<SubnetJson<'a>> {
    let prefixes = subnet.prefixes.iter().map(ToString::to_string);
    let (one, many) = match subnet.prefixes.as_slice() {
        [one] => (Some(one.to_string()), Vec::new()),
        _ => (None, prefixes.collect()),
    };
    // What was lost has the id of what it was lost from. Of a subnet that has nothing it is not there either.
    let told = |of: IdJson<'a>| {
        if of.id != subnet.id {
            return Some(of);
        }
        (!subnet.prefixes.is_empty()).then_some(IdJson { id: "" })
    };
    Child {
        id: subnet.id.clone(),
        name: subnet.name.clone(),
        kind: "Microsoft.Network/virtualNetworks/subnets",
        properties: SubnetJson {
            address_prefix: one,
            address_prefixes: many,
            network_security_group: reference_or_lost(&subnet.nsg, &network.nsgs, |nsg| &nsg.id)
                .and_then(told),
            route_table: reference_or_lost(&subnet.route_table, &network.route_tables, |table| &table.id)
                .and_then(told),
        },
    }
}

/// The model does not keep a peering's name; that of the other network stands for it.
fn peering_of<'a>(
    network: &'a Network,
    vnet: &VirtualNetwork,
    peering: &'a Peering,
) -> Child<PeeringJson<'a>> {
    let remote = match &peering.remote {
        Ref::None => None,
        of => reference(of, &network.vnets, |vnet| &vnet.id),
    };
    let name = remote.as_ref().map_or("", |remote| remote.id.rsplit('/').next().unwrap_or_default());
    let name = format!("{}-to-{name}", vnet.name);
    Child {
        id: format!("{}/virtualNetworkPeerings/{name}", vnet.id),
        name,
        kind: "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        properties: PeeringJson {
            remote_virtual_network: remote,
            remote_address_space: (!peering.prefixes.is_empty())
                .then(|| AddressSpace::new(&peering.prefixes)),
            allow_virtual_network_access: peering.connected,
            use_remote_gateways: peering.uses_remote_gateways,
            peering_state: if peering.connected { "Connected" } else { "Disconnected" },
        },
    }
}
