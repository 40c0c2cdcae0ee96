//! `Microsoft.Network/virtualNetworks`, with their subnets and peerings.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ipnet::IpNet;
use serde::Serialize;

use super::{ArmKind, Child, IdJson, Inventory, Resource, reference, reference_or_lost};
use crate::names::Names;
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

#[derive(Default, Serialize)]
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

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PeeringJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_virtual_network: Option<IdJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_address_space: Option<AddressSpace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_virtual_network_access: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    use_remote_gateways: Option<bool>,
    #[serde(skip_serializing_if = "str::is_empty")]
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
    let mut subnets: Vec<_> = subnets.map(|subnet| child(network, subnet)).collect();
    let mut peerings = peerings(network, vnet);
    // Where there are others their place is left, lest these be taken for all.
    if vnet.subnets_lost {
        subnets.push(Child::default());
    }
    if vnet.peerings_lost {
        peerings.push(Child::default());
    }
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
        properties: Vnet { address_space: space, subnets, virtual_network_peerings: peerings },
    })
}

fn child<'a>(network: &'a Network, subnet: &'a Subnet) -> Child<SubnetJson<'a>> {
    let mut prefixes: Vec<_> = subnet.prefixes.iter().map(ToString::to_string).collect();
    if subnet.lost && !prefixes.is_empty() {
        prefixes.push(String::new());
    }
    let one = if prefixes.len() == 1 { prefixes.pop() } else { None };
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
            address_prefixes: prefixes,
            network_security_group: reference_or_lost(&subnet.nsg, &network.nsgs, |nsg| &nsg.id)
                .and_then(told),
            route_table: reference_or_lost(&subnet.route_table, &network.route_tables, |table| &table.id)
                .and_then(told),
        },
    }
}

/// The model does not keep a peering's name; that of the other network stands for it, with a number where that is the name of
/// several.
fn peerings<'a>(network: &'a Network, vnet: &'a VirtualNetwork) -> Vec<Child<PeeringJson<'a>>> {
    let mut names = Names::of_any_case(vnet.peerings.len());
    let mut all = Vec::with_capacity(vnet.peerings.len());
    for peering in &vnet.peerings {
        let mut child = peering_of(network, vnet, peering);
        let plain = child.name.clone();
        while names.insert(child.name.clone(), 0, 1_u32).is_some() {
            // Counted on from where the last one of this name left off, were there ever so many.
            if let Some(times) = names.insert(plain.clone(), 0, 1) {
                *times = times.saturating_add(1);
                child.name = format!("{plain}-{times}");
            }
        }
        child.id = format!("{}/virtualNetworkPeerings/{}", vnet.id, child.name);
        all.push(child);
    }
    all
}

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
    Child {
        id: String::new(),
        name: format!("{}-to-{name}", vnet.name),
        kind: "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        properties: PeeringJson {
            remote_virtual_network: remote,
            remote_address_space: (!peering.prefixes.is_empty())
                .then(|| AddressSpace::new(&peering.prefixes)),
            allow_virtual_network_access: Some(peering.connected),
            use_remote_gateways: Some(peering.uses_remote_gateways),
            peering_state: if peering.connected { "Connected" } else { "Disconnected" },
        },
    }
}
