//! `Microsoft.Network/publicIPAddresses`, `applicationSecurityGroups` and `routeTables`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::{ArmKind, Child, Inventory, Resource, Sku, interface, told};
use crate::network::{self, Index, Network};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PublicIp<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_address: Option<String>,
    #[serde(rename = "publicIPAddressVersion", skip_serializing_if = "Option::is_none")]
    version: Option<&'static str>,
    #[serde(rename = "publicIPAllocationMethod", skip_serializing_if = "str::is_empty")]
    allocation: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_configuration: Option<OwnedId>,
}

#[derive(Serialize)]
struct OwnedId {
    id: String,
}

pub(super) fn public_ip<'a>(of: &Inventory<'a>, at: usize) -> Option<Resource<'a, PublicIp<'a>>> {
    let network = of.network();
    let public = network.public_ips.get(at)?;
    let has = |name: &str| of.has(ArmKind::PublicIpAddress, at, name);
    let version = public.address.filter(|_| !has("publicIPAddressVersion"));
    Some(Resource {
        id: &public.id,
        name: &public.name,
        kind: ArmKind::PublicIpAddress.resource_type(),
        location: &public.location,
        sku: sku(public).filter(|_| !has("sku")),
        properties: PublicIp {
            ip_address: public.address.map(|address| address.to_string()),
            version: version.map(|address| if address.is_ipv4() { "IPv4" } else { "IPv6" }),
            allocation: &public.allocation,
            ip_configuration: of.links.behind(Index::new(at)).and_then(|behind| front(network, behind)),
        },
    })
}

/// Its kind, where that is known.
pub(super) fn sku(of: &network::PublicIpAddress) -> Option<Sku> {
    match of.sku {
        network::Sku::Unknown => None,
        network::Sku::Basic => Some(Sku { name: "Basic" }),
        network::Sku::Standard => Some(Sku { name: "Standard" }),
    }
}

fn front(network: &Network, (nic, place): (Index<network::NetworkInterface>, usize)) -> Option<OwnedId> {
    let nic = network.nics.get(nic.get())?;
    Some(OwnedId { id: interface::configuration_id(nic, place)? })
}

/// Nothing is known of it but its name: who is in it is told by the NICs.
#[derive(Serialize)]
pub(super) struct Asg {}

pub(super) fn asg<'a>(of: &Inventory<'a>, at: usize) -> Option<Resource<'a, Asg>> {
    let asg = of.network().asgs.get(at)?;
    Some(Resource {
        id: &asg.id,
        name: &asg.name,
        kind: ArmKind::ApplicationSecurityGroup.resource_type(),
        location: &asg.location,
        sku: None,
        properties: Asg {},
    })
}

#[derive(Serialize)]
pub(super) struct RouteTable<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) routes: Option<Vec<Child<Route<'a>>>>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Route<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    address_prefix: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    next_hop_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_hop_ip_address: Option<String>,
}

/// The model does not keep the names of routes; their places stand for them.
pub(super) fn route_table<'a>(of: &Inventory<'a>, at: usize) -> Option<Resource<'a, RouteTable<'a>>> {
    let table = of.network().route_tables.get(at)?;
    let route = |(number, route): (u32, &'a network::Route)| {
        let name = format!("route-{number}");
        Child {
            id: format!("{}/routes/{name}", table.id),
            name,
            kind: "Microsoft.Network/routeTables/routes",
            properties: Route {
                address_prefix: Some(route.prefix.to_string()),
                next_hop_type: &route.next_hop_type,
                next_hop_ip_address: route.next_hop.map(|address| address.to_string()),
            },
        }
    };
    Some(Resource {
        id: &table.id,
        name: &table.name,
        kind: ArmKind::RouteTable.resource_type(),
        location: &table.location,
        sku: None,
        properties: RouteTable {
            routes: told((1_u32..).zip(&table.routes).map(route).collect(), table.lost),
        },
    })
}
