//! What the addresses in rules stand for: service tags, application security groups and the members of
//! EC2 security groups.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr};

use hashbrown::{HashMap, HashSet};

use super::bounds::{Bounds, union_of, unknown_addresses};
use crate::network::join::parent_id;
use crate::network::{
    Address, Cloud, Index, IpConfiguration, Network, Peer, Ref, VirtualMachine, VirtualNetwork,
};
use crate::order;
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

/// Who is in each group: of those given by index, with whether all their addresses are known; of the others by id in
/// lower case.
#[derive(Debug, Default)]
struct Members {
    given: Vec<(Addresses, bool)>,
    /// Who may be in any.
    anywhere: Addresses,
    missing: HashMap<String, Vec<AddressRange>>,
}

impl Names {
    pub fn new(network: &Network) -> Self {
        let configurations = || {
            let all = network.nics.iter();
            all.flat_map(|nic| nic.ip_configurations.iter().map(move |configuration| (nic, configuration)))
        };
        // The groups of a NIC that was not given are not known either.
        let unseen = |machine: &VirtualMachine, ec2| {
            let none = machine.nics.is_empty();
            match machine.cloud {
                // One that is terminated has none.
                Cloud::Ec2 => ec2 && none && machine.lost,
                Cloud::Azure => !ec2 && (none || machine.nics.iter().any(|nic| nic.given().is_none())),
                Cloud::AzureClassic => false,
            }
        };
        let more = |ec2| if ec2 { network.more_ec2 } else { network.more };
        let unseen = |ec2| more(ec2) || network.machines.iter().any(|machine| unseen(machine, ec2));
        Self {
            groups: Members::new(
                network.asgs.iter().map(|group| &*group.id),
                "/",
                unseen(false),
                || everywhere(network),
                configurations().flat_map(|(_, c)| c.asgs.iter().map(move |group| (group, c))),
            ),
            security_groups: Members::new(
                network.security_groups.iter().map(|group| &*group.id),
                "sg-",
                unseen(true),
                Addresses::all,
                configurations().flat_map(|(nic, c)| nic.security_groups.iter().map(move |group| (group, c))),
            ),
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
            Address::Group(group) => self.groups.of(group),
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
            Peer::Group(group) => self.security_groups.of(group),
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

impl Members {
    /// Of the groups that each IP configuration is in, for the given groups of these ids, all of which begin alike unless
    /// an expression or what was cut off stands in the place of one: which group that is, is not known. Where there are
    /// configurations that were not seen, they are in whichever group, with an address of those that any can have.
    fn new<'n, T: 'n>(
        ids: impl Iterator<Item = &'n str>,
        start: &str,
        unseen: bool,
        everywhere: impl FnOnce() -> Addresses,
        members: impl Iterator<Item = (&'n Ref<T>, &'n IpConfiguration)>,
    ) -> Self {
        let known_id = |id: &str| id.is_empty() || id.starts_with(start);
        let mut given: Vec<_> = ids.map(|id| (Vec::new(), true, known_id(id))).collect();
        // Whoever may be in any group, and whether they all have an address.
        let mut anywhere = (Vec::new(), !unseen);
        let mut missing: HashMap<String, Vec<AddressRange>> = HashMap::new();
        for (group, member) in members {
            let address = member.private.map(AddressRange::from);
            let known = match group {
                Ref::None => continue,
                Ref::Missing(group) => {
                    // Where it is empty, which group that is was lost.
                    if !group.id.is_empty() {
                        missing.entry(group.id.to_ascii_lowercase()).or_default().extend(address);
                    }
                    !group.id.is_empty() && known_id(&group.id)
                }
                Ref::Given(group) => match given.get_mut(group.get()) {
                    Some((known, all_known, known_id)) => {
                        known.extend(address);
                        *all_known &= address.is_some();
                        *known_id
                    }
                    None => true,
                },
            };
            if !known {
                anywhere.0.extend(address);
                anywhere.1 &= address.is_some();
            }
        }
        let (addresses, all_known) = anywhere;
        let anywhere: Addresses = addresses.into_iter().collect();
        let anywhere = if all_known { anywhere } else { anywhere.union(&everywhere()) };
        let given = given.into_iter().map(|(known, all_known, _)| (known.into_iter().collect(), all_known));
        Self { given: given.collect(), anywhere: simpler(&anywhere), missing }
    }

    fn of<T>(&self, group: &Ref<T>) -> Bounds<Addresses> {
        match group {
            Ref::None => Bounds::default(),
            Ref::Given(group) => match self.given.get(group.get()) {
                Some((surely, true)) => Bounds { may: surely.union(&self.anywhere), surely: surely.clone() },
                Some((surely, false)) => Bounds { surely: surely.clone(), may: Addresses::all() },
                None => unknown_addresses(),
            },
            Ref::Missing(group) => {
                let known = self.missing.get(&group.id.to_ascii_lowercase());
                Bounds { surely: known.into_iter().flatten().copied().collect(), may: Addresses::all() }
            }
        }
    }
}

/// The ranges of which a bound is made at most.
const MOST_RANGES: usize = 256;

/// The same addresses, and those between them where there are too many ranges to work with: the widest gaps stay.
fn simpler(addresses: &Addresses) -> Addresses {
    let mut ranges = addresses.ranges();
    let Some(first) = ranges.next() else { return Addresses::none() };
    let rest: Vec<_> = ranges.collect();
    if rest.len() < MOST_RANGES {
        return addresses.clone();
    }
    let mut last = first;
    let gaps: Vec<u128> = rest.iter().map(|next| gap(core::mem::replace(&mut last, *next), *next)).collect();
    let mut widest = gaps.clone();
    order::sort_by(&mut widest, |one, other| other.cmp(one));
    let narrow = widest.get(MOST_RANGES.saturating_sub(1)).copied().unwrap_or_default();
    let mut simple = vec![first];
    for (next, gap) in rest.into_iter().zip(gaps) {
        match simple.last_mut() {
            Some(last) if gap <= narrow => {
                *last = AddressRange::new(last.first(), next.last()).unwrap_or(*last);
            }
            _ => simple.push(next),
        }
    }
    simple.into_iter().collect()
}

/// How far it is from one range to the next; between families as far as can be.
fn gap(one: AddressRange, next: AddressRange) -> u128 {
    match (one.last(), next.first()) {
        (IpAddr::V4(one), IpAddr::V4(next)) => u128::from(next.to_bits().abs_diff(one.to_bits())),
        (IpAddr::V6(one), IpAddr::V6(next)) => next.to_bits().abs_diff(one.to_bits()),
        _ => u128::MAX,
    }
}

/// The addresses that NICs can have, for nobody is in a group of a virtual network who is not in a network: those of
/// the networks that were given, and of others as peerings tell them; all, if there is a network that nothing tells of.
fn everywhere(network: &Network) -> Addresses {
    let mut known: HashSet<String> = network.vnets.iter().map(|vnet| vnet.id.to_ascii_lowercase()).collect();
    let peerings = || network.vnets.iter().flat_map(|vnet| &vnet.peerings);
    let told = peerings().filter(|peering| !peering.prefixes.is_empty());
    known.extend(told.clone().filter_map(|peering| match &peering.remote {
        Ref::Missing(remote) => Some(remote.id.to_ascii_lowercase()),
        Ref::None | Ref::Given(_) => None,
    }));
    let is_known = |id: &str| known.contains(&id.to_ascii_lowercase());
    let is_missing = |of: &Ref<VirtualNetwork>| matches!(of, Ref::Missing(of) if !is_known(&of.id));
    let configurations =
        network.nics.iter().flat_map(|nic| nic.ip_configurations.iter().map(move |c| (nic, c)));
    let mut elsewhere = configurations.filter_map(|(nic, configuration)| match &configuration.subnet {
        // An id, or an expression for one. Of what was lost it is not known at all where that is.
        Ref::Missing(subnet) if subnet.id != nic.id && subnet.id.contains(['/', '(']) => {
            Some(parent_id(&subnet.id))
        }
        _ => None,
    });
    let lost = network.vnets.is_empty()
        || network.vnets.iter().any(|vnet| vnet.lost || vnet.peerings_lost)
        || peerings().any(|peering| is_missing(&peering.remote))
        || network.subnets.iter().any(|subnet| is_missing(&subnet.vnet))
        || elsewhere.any(|vnet| !is_known(&vnet));
    if lost {
        return Addresses::all();
    }
    let own = network.vnets.iter().flat_map(|vnet| &vnet.prefixes);
    own.chain(told.flat_map(|peering| &peering.prefixes)).map(|&net| AddressRange::from(net)).collect()
}

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
