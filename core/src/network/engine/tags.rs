//! What the addresses in rules stand for: service tags, and groups by their members.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr};

use super::bounds::{Bounds, union_of, unknown_addresses};
use super::members::Members;
use crate::network::{Address, Index, Network, Peer, Ref, VirtualNetwork};
use crate::sets::{AddressRange, Addresses};

/// The address of the host under every machine; health probes of load balancers come from it.
const HOST: IpAddr = IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16));

/// The meaning of names, worked out once for a network.
#[derive(Debug, Default)]
pub(super) struct Names {
    groups: Members,
    security_groups: Members,
    /// The tag `VirtualNetwork`, by network.
    vnets: Vec<Bounds<Addresses>>,
}

impl Names {
    pub fn new(network: &Network) -> Self {
        Self {
            groups: Members::of_asgs(network),
            security_groups: Members::of_security_groups(network),
            vnets: network.vnets.iter().map(|vnet| virtual_network(network, vnet)).collect(),
        }
    }

    /// What a list of addresses stands for in rules of that virtual network.
    pub fn addresses(&self, list: &[Address], network: &Network, scope: Scope) -> Bounds<Addresses> {
        // Mostly there are plain blocks alone.
        let blocks = list.iter().map(|address| match address {
            Address::Net(net) => Some(AddressRange::from(*net)),
            Address::Range(first, last) => AddressRange::new(*first, *last),
            Address::Any | Address::Tag(_) | Address::Group(_) | Address::Unknown(_) => None,
        });
        match blocks.collect::<Option<Addresses>>() {
            Some(blocks) => Bounds::exact(blocks),
            None => union_of(list.iter().map(|address| self.address(address, network, scope))),
        }
    }

    fn address(&self, address: &Address, network: &Network, scope: Scope) -> Bounds<Addresses> {
        match address {
            Address::Any => Bounds::exact(Addresses::all()),
            Address::Net(net) => Bounds::exact(Addresses::from(*net)),
            Address::Range(first, last) => {
                Bounds::exact(AddressRange::new(*first, *last).into_iter().collect())
            }
            Address::Tag(tag) => self.tag(tag, network, scope).unwrap_or_else(unknown_addresses),
            Address::Group(group) => self.groups.of(group, scope),
            Address::Unknown(_) => unknown_addresses(),
        }
    }

    /// None for a tag whose prefixes were not given.
    fn tag(&self, tag: &str, network: &Network, scope: Scope) -> Option<Bounds<Addresses>> {
        let tag = tag.trim().to_ascii_lowercase();
        Some(match tag.as_str() {
            "virtualnetwork" => self.virtual_network(scope),
            "internet" => {
                let inside = self.virtual_network(scope);
                Bounds { surely: inside.may.complement(), may: inside.surely.complement() }
            }
            "azureloadbalancer" => Bounds::exact(AddressRange::from(HOST).into()),
            _ => {
                let at = network.tags.binary_search_by(|(name, _)| name.as_str().cmp(&tag)).ok()?;
                let (_, nets) = network.tags.get(at)?;
                Bounds::exact(nets.iter().copied().collect())
            }
        })
    }

    fn virtual_network(&self, scope: Scope) -> Bounds<Addresses> {
        let known = scope.and_then(|vnet| self.vnets.get(vnet.get()));
        known
            .cloned()
            .unwrap_or_else(|| Bounds { surely: AddressRange::from(HOST).into(), may: Addresses::all() })
    }

    /// From where a machine is reached past a public address that lets nothing in: surely from the virtual network itself,
    /// and maybe from all that counts as connected with it, as routes may lead there.
    pub fn inside(&self, network: &Network, scope: Scope) -> Bounds<Addresses> {
        let vnet = scope.and_then(|vnet| network.vnets.get(vnet.get()));
        let own = vnet.into_iter().flat_map(|vnet| vnet.prefixes.iter().map(|&net| AddressRange::from(net)));
        Bounds { surely: own.chain([HOST.into()]).collect(), may: self.virtual_network(scope).may }
    }

    /// What a peer of an EC2 permission stands for.
    pub fn peer(&self, peer: &Peer) -> Bounds<Addresses> {
        match peer {
            Peer::Net(net) => Bounds::exact(Addresses::from(*net)),
            Peer::Group(group) => self.security_groups.of(group, None),
            Peer::PrefixList(_) | Peer::Unknown(_) => unknown_addresses(),
        }
    }

    /// What keeps the meaning of an address from being known, if something does.
    pub fn unknown(&self, address: &Address, network: &Network, scope: Scope) -> Option<String> {
        let known = self.address(address, network, scope).is_exact();
        let what = match address {
            Address::Unknown(text) => text,
            Address::Tag(tag) => tag,
            Address::Group(Ref::Missing(missing)) => &missing.id,
            Address::Group(Ref::Given(group)) => &network.asgs.get(group.get())?.name,
            Address::Group(Ref::None) | Address::Any | Address::Net(_) | Address::Range(..) => return None,
        };
        (!known).then(|| what.clone())
    }

    /// The same of a peer of an EC2 permission.
    pub fn unknown_peer(&self, peer: &Peer, network: &Network) -> Option<String> {
        let known = self.peer(peer).is_exact();
        let what = match peer {
            Peer::PrefixList(id) | Peer::Unknown(id) => id,
            Peer::Group(Ref::Missing(missing)) => &missing.id,
            Peer::Group(Ref::Given(group)) => &network.security_groups.get(group.get())?.name,
            Peer::Group(Ref::None) | Peer::Net(_) => return None,
        };
        (!known).then(|| what.clone())
    }
}

/// The virtual network from whose point of view `VirtualNetwork` and `Internet` are meant.
pub(super) type Scope = Option<Index<VirtualNetwork>>;

/// What the tag `VirtualNetwork` stands for: the network, what is connected with it, and where its routes
/// lead to. What is behind a gateway is not in the export.
fn virtual_network(network: &Network, vnet: &VirtualNetwork) -> Bounds<Addresses> {
    let mut known: Vec<AddressRange> = vnet.prefixes.iter().map(|&net| net.into()).collect();
    known.push(HOST.into());
    let mut all_known = !(vnet.lost || vnet.subnets_lost || vnet.peerings_lost);
    for peering in vnet.peerings.iter().filter(|peering| peering.connected) {
        let remote = peering.remote.given().and_then(|remote| network.vnets.get(remote.get()));
        let lost = remote.is_none_or(|remote| remote.lost);
        let remote = remote.map(|remote| remote.prefixes.as_slice()).unwrap_or_default();
        known.extend(peering.prefixes.iter().chain(remote).map(|&net| AddressRange::from(net)));
        // Either tells all of it.
        let told = !(peering.prefixes.is_empty() && (remote.is_empty() || lost));
        all_known &= told && !peering.uses_remote_gateways;
    }
    for subnet in vnet.subnets.iter().filter_map(|subnet| network.subnets.get(subnet.get())) {
        all_known &= !subnet.name.eq_ignore_ascii_case("GatewaySubnet");
        match &subnet.route_table {
            Ref::None => {}
            Ref::Missing(_) => all_known = false,
            Ref::Given(table) => {
                if let Some(table) = network.route_tables.get(table.get()) {
                    all_known &= !table.lost;
                    known.extend(table.routes.iter().map(|route| AddressRange::from(route.prefix)));
                }
            }
        }
    }
    let surely: Addresses = known.into_iter().collect();
    Bounds { may: if all_known { surely.clone() } else { Addresses::all() }, surely }
}
