//! Who is in application security groups and EC2 security groups.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::net::IpAddr;

use hashbrown::{HashMap, HashSet};

use super::bounds::{Bounds, unknown_addresses};
use super::tags::Scope;
use crate::network::join::parent_id;
use crate::network::{
    Cloud, IpConfiguration, Network, NetworkInterface, Ref, VirtualMachine, VirtualNetwork,
};
use crate::order;
use crate::sets::{AddressRange, Addresses};

/// Who is in each group: of those given by index, with whether all their addresses are known, and whether it is known
/// which group that is; of the others by id in lower case.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// How the ids of groups begin.
    start: &'static str,
    given: Vec<(Addresses, bool, bool)>,
    /// Who may be in any.
    anywhere: Addresses,
    /// Who may be in one that nobody is in who was given.
    elsewhere: Addresses,
    missing: HashMap<String, Vec<AddressRange>>,
    /// By the place of the virtual network, those of whom it is known which groups they are in. Where the network is not known,
    /// another one may have the same addresses.
    told: HashMap<usize, Addresses>,
}

/// An IP configuration of a NIC, and what it is in.
type Member<'n, T> = (&'n NetworkInterface, &'n IpConfiguration, &'n [Ref<T>]);

impl Members {
    /// Of application security groups.
    pub fn of_asgs(network: &Network) -> Self {
        // The groups of a NIC that was not given are not known either.
        let unseen = |machine: &VirtualMachine| {
            let none = machine.nics.is_empty();
            machine.cloud == Cloud::Azure && (none || machine.nics.iter().any(|nic| nic.given().is_none()))
        };
        let ids = network.asgs.iter().map(|group| &*group.id);
        let unseen = network.more || network.machines.iter().any(unseen);
        let members = configurations(network).filter(|(nic, _)| nic.security_groups.is_empty());
        let members = members.map(|(nic, one)| (nic, one, one.asgs.as_slice()));
        Self::new(network, "/", ids, (unseen, false), || everywhere(network), members)
    }

    /// Of EC2 security groups.
    pub fn of_security_groups(network: &Network) -> Self {
        // One that is terminated has no interfaces.
        let unseen =
            |machine: &VirtualMachine| machine.cloud == Cloud::Ec2 && machine.nics.is_empty() && machine.lost;
        let ids = network.security_groups.iter().map(|group| &*group.id);
        let unseen = network.more_ec2 || network.machines.iter().any(unseen);
        let members = configurations(network).filter(|(nic, _)| !nic.security_groups.is_empty());
        let members = members.map(|(nic, one)| (nic, one, nic.security_groups.as_slice()));
        Self::new(network, "sg-", ids, (unseen, network.others_ec2), Addresses::all, members)
    }

    /// Of the groups that each IP configuration is in, for the given groups of these ids, all of which begin alike unless
    /// an expression or what was cut off stands in the place of one: which group that is, is not known. Where there are
    /// configurations that were not seen, they are in whichever group, with an address of those that any can have; where
    /// there may be others, those are in the groups that nobody is in.
    fn new<'n, T: 'n>(
        network: &Network,
        start: &'static str,
        ids: impl Iterator<Item = &'n str>,
        (unseen, others): (bool, bool),
        everywhere: impl FnOnce() -> Addresses,
        members: impl Iterator<Item = Member<'n, T>>,
    ) -> Self {
        let known_id = |id: &str| id.starts_with(start);
        let mut given: Vec<_> = ids.map(|id| (Vec::new(), true, id.is_empty() || known_id(id))).collect();
        // Whoever may be in any group, and whether they all have an address.
        let mut anywhere = (Vec::new(), !unseen);
        let mut missing: HashMap<String, Vec<AddressRange>> = HashMap::new();
        // Of a NIC that lost one of its configurations the others are not told.
        let (mut told, mut lost) = (Vec::new(), HashSet::new());
        for (nic, member, groups) in members {
            let address = member.private.map(AddressRange::from);
            let mut all_known = true;
            for group in groups {
                all_known &= match group {
                    Ref::None => true,
                    Ref::Missing(group) => {
                        // Where it is empty, which group that is was lost.
                        if !group.id.is_empty() {
                            missing.entry(group.id.to_ascii_lowercase()).or_default().extend(address);
                        }
                        known_id(&group.id)
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
            }
            if all_known {
                told.extend(
                    vnet_of(network, member).zip(address).map(|(vnet, address)| (nic, vnet, address)),
                );
            } else {
                lost.insert(core::ptr::from_ref(nic));
                anywhere.0.extend(address);
                anywhere.1 &= address.is_some();
            }
        }
        let (addresses, all_known) = anywhere;
        let anywhere: Addresses = addresses.into_iter().collect();
        let mut by_vnet: HashMap<usize, Vec<AddressRange>> = HashMap::new();
        for (_, vnet, address) in
            told.into_iter().filter(|(nic, ..)| !lost.contains(&core::ptr::from_ref(*nic)))
        {
            by_vnet.entry(vnet.get()).or_default().push(address);
        }
        // Another of the same address may be in any.
        let told = by_vnet.into_iter();
        let told =
            told.map(|(vnet, told)| (vnet, told.into_iter().collect::<Addresses>().difference(&anywhere)));
        let told = told.collect();
        let nobody = anywhere.is_empty() && all_known;
        let (anywhere, elsewhere) = match (all_known, others && nobody) {
            (false, _) => (anywhere.union(&everywhere()), Addresses::none()),
            (true, true) => (anywhere, everywhere()),
            (true, false) => (anywhere, Addresses::none()),
        };
        let given =
            given.into_iter().map(|(known, all, id)| (known.into_iter().collect(), all, id)).collect();
        Self { start, given, anywhere: simpler(&anywhere), elsewhere, missing, told }
    }

    /// Who is in a group, as rules of that virtual network see it.
    pub fn of<T>(&self, group: &Ref<T>, scope: Scope) -> Bounds<Addresses> {
        let (bounds, known_id) = match group {
            Ref::None => return Bounds::default(),
            Ref::Given(group) => match self.given.get(group.get()) {
                Some((surely, true, known_id)) => {
                    let nobody = surely.is_empty();
                    let others = if nobody {
                        self.anywhere.union(&self.elsewhere)
                    } else {
                        surely.union(&self.anywhere)
                    };
                    (Bounds { may: others, surely: surely.clone() }, *known_id)
                }
                Some((surely, false, known_id)) => {
                    (Bounds { surely: surely.clone(), may: Addresses::all() }, *known_id)
                }
                None => return unknown_addresses(),
            },
            Ref::Missing(group) => {
                let known = self.missing.get(&group.id.to_ascii_lowercase());
                let surely = known.into_iter().flatten().copied().collect();
                (Bounds { surely, may: Addresses::all() }, group.id.starts_with(self.start))
            }
        };
        match scope.and_then(|vnet| self.told.get(&vnet.get())) {
            // Of whom it is known which groups they are in, they are in no other.
            Some(told) if known_id && !bounds.is_exact() => {
                let may = simpler(&bounds.may.difference(told)).union(&bounds.surely);
                Bounds { may, ..bounds }
            }
            _ => bounds,
        }
    }
}

/// All IP configurations.
fn configurations(network: &Network) -> impl Iterator<Item = (&NetworkInterface, &IpConfiguration)> {
    network.nics.iter().flat_map(|nic| nic.ip_configurations.iter().map(move |one| (nic, one)))
}

fn vnet_of(network: &Network, configuration: &IpConfiguration) -> Scope {
    let subnet = configuration.subnet.given().and_then(|subnet| network.subnets.get(subnet.get()));
    subnet.and_then(|subnet| subnet.vnet.given())
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
    let mut elsewhere =
        configurations(network).filter_map(|(nic, configuration)| match &configuration.subnet {
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
