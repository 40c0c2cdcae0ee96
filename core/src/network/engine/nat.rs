//! The ways through Azure Firewalls with classic rules.
//!
//! A DNAT rule lets through by itself; a network rule that denies the translated traffic, still with its own
//! source, overrides it. Behind the firewall the source is one of the addresses of the firewall's subnet, at
//! whatever port.

mod taken;

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::Engine;
use super::answer::{Decider, Flow, Reachable, Resource, Stage};
use super::bounds::{Bounds, Side};
use super::compile::Table;
use super::doors::{Door, Gate, Private};
use super::reach::{Path, better, packet};
use super::region::{Parts, source_cuts};
use super::tags::{Names, Scope};
use crate::network::{
    AzureFirewall, Cloud, Index, NatRule, Network, NetworkRule, Peering, Ref, RuleCollection, Value,
    VirtualMachine, VirtualNetwork,
};
use crate::order;
use crate::sets::{AddressRange, Addresses, Family, Protocols, Region, TCP, Traffic, UDP, has_ports};

/// Sources, addresses × ports, that are asked about behind a firewall.
const MOST_SOURCES: usize = 1 << 16;

/// A firewall, ready to be asked.
#[derive(Debug)]
pub(super) struct Firewall {
    at: Index<AzureFirewall>,
    /// Its virtual network.
    vnet: Scope,
    /// It may hand on what comes to a public address that is not known.
    hidden: bool,
    /// From where what it hands on comes.
    sources: Addresses,
    ways: Vec<Way>,
    /// What its network rules let through.
    network_rules: Table,
    /// Some of these are not known: any may deny what a DNAT rule hands on.
    network_lost: bool,
}

/// What one DNAT rule does, or all that those may do that are not known.
#[derive(Debug)]
struct Way {
    /// The rule's place through all collections; none of those that are not known.
    rule: Option<u32>,
    /// What it takes: to the firewall's public addresses, and not what an earlier rule takes.
    takes: Bounds<Traffic>,
    /// From where, by TCP and by UDP.
    from: [Bounds<Addresses>; 2],
    /// Where it goes on to, where that is known.
    address: Option<IpAddr>,
    /// At which port, where that is known.
    port: Option<u16>,
}

impl Firewall {
    /// The firewalls of a network.
    pub fn all(network: &Network, names: &Names) -> Vec<Arc<Self>> {
        let all = network.firewalls.iter().enumerate();
        all.map(|(at, firewall)| Arc::new(Self::new(Index::new(at), firewall, &firewall.nat, network, names)))
            .collect()
    }

    /// A firewall with these DNAT rules.
    pub fn new(
        at: Index<AzureFirewall>,
        firewall: &AzureFirewall,
        nat: &[RuleCollection<NatRule>],
        network: &Network,
        names: &Names,
    ) -> Self {
        let subnet = firewall.subnet.given().and_then(|subnet| network.subnets.get(subnet.get()));
        let vnet = subnet.and_then(|subnet| subnet.vnet.given());
        let prefixes: Addresses =
            subnet.into_iter().flat_map(|subnet| subnet.prefixes.iter().copied()).collect();
        let private = firewall.private.map(Addresses::from);
        let sources = match subnet {
            // Of those that are not known some may be refused.
            Some(subnet) if subnet.lost && !prefixes.is_empty() => prefixes.union(&Addresses::v4()),
            _ if prefixes.is_empty() => private.unwrap_or_else(Addresses::v4),
            _ => prefixes,
        };
        let mut known = Vec::new();
        let unknown = firewall.managed || firewall.lost;
        if unknown {
            known.push(Way::unknown(firewall));
        }
        if !firewall.managed {
            ways(firewall, nat, &mut known, |rule| Parts::of_nat_rule(rule, names, network, vnet));
        }
        let network_rules = Table::of_network_rules(
            at,
            ordered(&firewall.network).map(|(at, collection, rule)| {
                (at, &collection.access, Parts::of_network_rule(rule, names, network, vnet))
            }),
        );
        let hidden = unknown && !firewall.knows_public();
        let network_lost = firewall.network_lost;
        Self { at, vnet, hidden, sources, ways: known, network_rules, network_lost }
    }

    fn decider(&self, way: &Way, reachable: Reachable) -> Decider {
        Decider { stage: Stage::Firewall, resource: Resource::Firewall(self.at), rule: way.rule, reachable }
    }
}

impl Way {
    /// Whatever a firewall policy may hold, nothing of which is in the export, or what was lost.
    fn unknown(firewall: &AzureFirewall) -> Self {
        let (protocols, destinations) = (Protocols::with_ports(), public(firewall));
        let may: Traffic = Region { protocols, destinations, ..Region::all() }.into();
        let from = Bounds { surely: Addresses::none(), may: Addresses::all() };
        let takes = Bounds { surely: Traffic::none(), may };
        Self { rule: None, takes, from: [from.clone(), from], address: None, port: None }
    }
}

/// The public addresses of a firewall, as far as they are known.
fn public(firewall: &AzureFirewall) -> Addresses {
    firewall.public.iter().copied().map(AddressRange::from).collect()
}

/// What each DNAT rule takes, after what those that are not known may.
fn ways(
    firewall: &AzureFirewall,
    nat: &[RuleCollection<NatRule>],
    ways: &mut Vec<Way>,
    parts: impl Fn(&NatRule) -> Vec<Parts>,
) {
    let whereto = if firewall.knows_public() { public(firewall) } else { Addresses::all() };
    let unknown = ways.first().map(|way| way.takes.may.clone());
    let mut taken = Bounds { surely: Traffic::none(), may: unknown.unwrap_or_default() };
    for (at, collection, rule) in ordered(nat) {
        let parts = parts(rule);
        let matched = |side| -> Traffic {
            let regions = parts.iter().flat_map(|parts| parts.regions(side)).map(|region| Region {
                protocols: region.protocols.intersection(&Protocols::with_ports()),
                destinations: region.destinations.intersection(&whereto),
                ..region
            });
            regions.collect()
        };
        // One that may come before or after any other stands first here: it may take from all, and surely from none.
        let surely = if collection.is_placed() { matched(Side::Surely) } else { Traffic::none() };
        let matched = Bounds { surely, may: matched(Side::May) };
        // What is too much work to know is not surely taken, and may be.
        let takes = Bounds {
            surely: matched.surely.try_difference(&taken.may).unwrap_or_default(),
            may: matched.may.difference(&taken.surely),
        };
        taken = Bounds {
            surely: taken.surely.try_union(&matched.surely).unwrap_or(taken.surely),
            may: taken.may.union(&matched.may),
        };
        let from = [TCP, UDP].map(|protocol| Bounds {
            surely: takes.surely.sources_of(protocol),
            may: takes.may.sources_of(protocol),
        });
        let (address, port) = (known(&rule.translated_address), known(&rule.translated_port));
        ways.push(Way { rule: Some(at), takes, from, address, port });
    }
}

/// The rules of collections in the order of their priority, each with its place in the order of the text.
fn ordered<R>(collections: &[RuleCollection<R>]) -> impl Iterator<Item = (u32, &RuleCollection<R>, &R)> {
    let mut all: Vec<_> = collections
        .iter()
        .flat_map(|collection| collection.rules.iter().map(move |rule| (collection, rule)))
        .zip(0..)
        .map(|((collection, rule), at)| (at, collection, rule))
        .collect();
    order::sort(&mut all, |(_, collection, _)| collection.priority.into());
    all.into_iter()
}

fn known<T: Copy>(value: &Value<T>) -> Option<T> {
    match value {
        Value::Known(value) => Some(*value),
        Value::Unknown(_) => None,
    }
}

fn nth<R>(collections: &[RuleCollection<R>], at: usize) -> Option<(&RuleCollection<R>, &R)> {
    let mut all =
        collections.iter().flat_map(|collection| collection.rules.iter().map(move |rule| (collection, rule)));
    all.nth(at)
}

impl Engine {
    pub(super) fn nat_rule(
        &self,
        firewall: Index<AzureFirewall>,
        at: usize,
    ) -> Option<(&RuleCollection<NatRule>, &NatRule)> {
        nth(self.nat(firewall), at)
    }

    pub(super) fn network_rule(
        &self,
        firewall: Index<AzureFirewall>,
        at: usize,
    ) -> Option<(&RuleCollection<NetworkRule>, &NetworkRule)> {
        nth(&self.network().firewalls.get(firewall.get())?.network, at)
    }

    /// The virtual network of a firewall.
    pub(super) fn vnet_of(&self, firewall: &AzureFirewall) -> Scope {
        let subnet = firewall.subnet.given().and_then(|subnet| self.network().subnets.get(subnet.get()));
        subnet.and_then(|subnet| subnet.vnet.given())
    }

    /// True for a virtual network and itself or a peer; private addresses mean something else in any other.
    fn near(&self, one: Scope, two: Scope) -> bool {
        let (Some(one), Some(two)) = (one, two) else { return true };
        let peers = |one: Index<_>, two| {
            let vnet = self.network().vnets.get(one.get());
            vnet.is_some_and(|vnet| vnet.peerings.iter().any(|peering| peering.remote.given() == Some(two)))
        };
        one == two || peers(one, two) || peers(two, one)
    }

    /// True for such networks, and for those that may be, as some peerings of one of them are not known, or where they lead.
    fn may_be_near(&self, one: Scope, two: Scope) -> bool {
        let led_off = |peering: &Peering| match &peering.remote {
            Ref::None => true,
            Ref::Missing(remote) => remote.id.is_empty(),
            Ref::Given(_) => false,
        };
        let lost = |vnet: Index<VirtualNetwork>| {
            let vnet = self.network().vnets.get(vnet.get());
            vnet.is_some_and(|vnet| vnet.peerings_lost || vnet.peerings.iter().any(led_off))
        };
        self.near(one, two) || [one, two].into_iter().flatten().any(lost)
    }

    /// The firewalls that may lead to a door: none lead to a machine of another cloud.
    fn firewalls_before<'e>(
        &'e self,
        machine: Index<VirtualMachine>,
        door: &'e Door,
    ) -> impl Iterator<Item = &'e Firewall> {
        let machine = self.network().machines.get(machine.get());
        let all = match machine {
            Some(machine) if machine.cloud != Cloud::Ec2 => self.firewalls.as_slice(),
            _ => &[],
        };
        all.iter().map(|firewall| &**firewall).filter(|firewall| self.may_be_near(firewall.vnet, door.vnet))
    }

    /// The ways that may end at a door of a machine, and whether the door is surely the one that is meant.
    fn ways<'e>(
        &'e self,
        machine: Index<VirtualMachine>,
        door: &'e Door,
    ) -> impl Iterator<Item = (&'e Firewall, &'e Way, bool)> {
        let firewalls = self.firewalls_before(machine, door);
        let ways = firewalls.flat_map(|firewall| firewall.ways.iter().map(move |way| (firewall, way)));
        ways.filter_map(|(firewall, way)| match (way.address, &door.private) {
            (None, _) => Some((firewall, way, false)),
            (Some(to), Private::Known(address)) => {
                (to == *address).then(|| (firewall, way, self.near(firewall.vnet, door.vnet)))
            }
            (Some(to), Private::OneOf(addresses)) => addresses.contains(to).then_some((firewall, way, false)),
        })
    }

    /// The best way through a firewall; none if none leads to the machine.
    pub(super) fn through(&self, flow: &Flow, door: &Door) -> Option<Path> {
        if self.firewalls.is_empty() || !has_ports(flow.protocol) {
            return None;
        }
        let ways = self.ways(flow.machine, door);
        ways.fold(None, |best, (firewall, way, certain)| {
            better(best, self.along(flow, door, firewall, way, certain))
        })
    }

    fn along(&self, flow: &Flow, door: &Door, firewall: &Firewall, way: &Way, certain: bool) -> Option<Path> {
        let (surely, may) = match flow.to {
            Some(to) => {
                if Family::of(to) != Family::of(flow.from) {
                    return None;
                }
                let port = flow.source_port.unwrap_or(super::compile::FIRST_ORDINARY_PORT);
                let packet = packet(flow.protocol, (flow.from, port), (to, flow.port));
                (way.takes.surely.contains(&packet), way.takes.may.contains(&packet))
            }
            None => {
                if way.port.is_some_and(|port| port != flow.port) {
                    return None;
                }
                let from = way.from.get(usize::from(flow.protocol == UDP))?;
                (from.surely.contains(flow.from), from.may.contains(flow.from))
            }
        };
        if !may {
            return None;
        }
        let surely = surely && certain && way.port.is_some();
        let reachable = if surely { Reachable::Yes } else { Reachable::Maybe };
        let start = Path::START.then(firewall.decider(way, reachable));
        // Where the port behind the firewall is not known, neither is what the filters there make of it.
        let Some(port) = way.port.or(flow.to.is_none().then_some(flow.port)) else { return Some(start) };
        let Some(address) = way.address.or_else(|| door.private.of_family(Family::V4)) else {
            return Some(start);
        };
        let original = packet(flow.protocol, (flow.from, 0), (address, port));
        let mut start = start;
        if way.rule.is_some() {
            let decider = firewall.network_rules.judge(&original, Stage::FirewallNetwork, flow.machine);
            if decider.reachable != Reachable::Yes {
                start = start.then(decider);
            } else if firewall.network_lost {
                start = start.then(Decider { rule: None, reachable: Reachable::Maybe, ..decider });
            }
        }
        Some(self.behind(start, flow, door, firewall, (address, port)))
    }

    /// Through the filters behind a firewall. The source is one of many there: what some of them would be
    /// refused may be refused.
    fn behind(&self, start: Path, flow: &Flow, door: &Door, firewall: &Firewall, to: (IpAddr, u16)) -> Path {
        let tables = [door.subnet, door.nic].into_iter().filter_map(|gate| match gate {
            Gate::Table(table) => self.table(table),
            Gate::Open | Gate::NotGiven(_) => None,
        });
        let (mut sources, mut ports) = (Vec::new(), Vec::from([0]));
        let family = Family::of(to.0);
        let ranges = || firewall.sources.ranges().filter(|range| Family::of(range.first()) == family);
        sources.extend(ranges().map(AddressRange::first));
        for table in tables {
            sources.extend(ranges().flat_map(|range| table.source_cuts(range)));
            ports.extend(table.source_port_cuts(0));
        }
        if let Some(front) = door.bare() {
            let inside = self.past(door, front);
            for inside in [inside.surely, inside.may] {
                let region = Region { sources: inside, ..Region::all() };
                let cuts = source_cuts(&region);
                sources
                    .extend(cuts.filter(|cut| firewall.sources.contains(*cut) && Family::of(*cut) == family));
            }
        }
        order::distinct(&mut sources);
        order::distinct(&mut ports);
        // Who writes the rules has both numbers in hand.
        if sources.len().saturating_mul(ports.len()) > MOST_SOURCES {
            let (resource, reachable) = (Resource::Machine(flow.machine), Reachable::Maybe);
            return start.then(Decider { stage: Stage::Entangled, resource, rule: None, reachable });
        }
        let each = sources.iter().flat_map(|source| ports.iter().map(move |port| (*source, *port)));
        let mut paths = each.map(|source| self.gates(start, flow, door, &packet(flow.protocol, source, to)));
        let Some(first) = paths.next() else { return start };
        let (mut worst, mut best) = (first, first.reachable);
        for path in paths {
            best = best.max(path.reachable);
            if path.reachable < worst.reachable {
                worst = path;
            }
        }
        if best > Reachable::No && worst.reachable == Reachable::No {
            worst.reachable = Reachable::Maybe;
        }
        worst
    }
}
