//! Filters compiled to tables that find the deciding rule of a packet: one for each NSG and point of view,
//! and one for each combination of EC2 security groups.

use alloc::vec::Vec;
use core::net::IpAddr;

use once_cell::race::OnceBox;

use super::answer::{Decider, Reachable, Resource, Stage};
use super::bounds::{Bounds, Side};
use super::region::Parts;
use super::tags::{Names, Scope};
use crate::network::{
    Access, AzureFirewall, Direction, Index, Missing, Network, NetworkSecurityGroup, Permission, Ref,
    SecurityGroup, SecurityRule, Value, VirtualMachine,
};
use crate::sets::{AddressRange, Addresses, Decisions, Family, Packet, Ports, Protocols, Region, Traffic};

/// The ports from here on are those that senders ordinarily use (RFC 6335).
pub(super) const FIRST_ORDINARY_PORT: u16 = 49152;

/// The place of a rule in the order of evaluation.
type Rank = u32;
/// Where no rule matches.
const NO_RULE: Rank = Rank::MAX;

/// A filter, ready to be asked.
#[derive(Debug)]
pub(super) struct Table {
    may: Half,
    /// None where it is the same.
    surely: Option<Half>,
    rules: Vec<Ruling>,
    /// What decides where no rule matches: the NSG; of security groups there is no one.
    nsg: Option<Index<NetworkSecurityGroup>>,
    /// The first of each run of sources, but the first run, that no rule tells apart.
    sources: Vec<IpAddr>,
    /// The same of source ports.
    source_ports: Vec<u16>,
}

/// One bound of a table.
#[derive(Debug)]
struct Half {
    side: Side,
    /// What the rules match, in the order of evaluation.
    regions: Vec<(Region, Rank)>,
    /// Made when first needed: it takes longer than all that is asked of it afterwards.
    decisions: OnceBox<Decisions<Rank>>,
}

impl Half {
    fn decisions(&self) -> &Decisions<Rank> {
        let regions = || self.regions.iter().map(|(region, rank)| (region, *rank));
        self.decisions.get_or_init(|| Decisions::first_match(regions(), NO_RULE).into())
    }

    fn at(&self, packet: &Packet) -> Rank {
        self.decisions().at(packet)
    }

    /// The sources that are let through to one port, found without the decisions. None where source ports tell
    /// packets apart.
    fn sources_at(
        &self,
        destination: IpAddr,
        (protocol, port): (u8, u16),
        passes: impl Fn(Rank) -> bool,
    ) -> Option<Addresses> {
        let (mut rest, mut open) = (Addresses::of_family(Family::of(destination)), Addresses::none());
        for (region, rank) in &self.regions {
            let matches = region.protocols.contains(protocol)
                && region.destination_ports.contains(port)
                && region.destinations.contains(destination);
            if !matches {
                continue;
            }
            if !region.source_ports.is_all() {
                return None;
            }
            if passes(*rank) {
                open = open.union(&rest.intersection(&region.sources));
            }
            rest = rest.difference(&region.sources);
            if rest.is_empty() {
                break;
            }
        }
        Some(open)
    }
}

/// What one rule of a table does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ruling {
    /// Whose rule it is.
    pub resource: Resource,
    /// Its place among the rules as given; none where the rules were not given.
    pub rule: Option<u32>,
    /// None where it is not known.
    pub access: Option<Access>,
}

impl Ruling {
    /// True if it lets through.
    fn passes(self, side: Side) -> bool {
        match self.access {
            Some(access) => access == Access::Allow,
            None => side == Side::May,
        }
    }
}

impl Table {
    /// Of an NSG, from the point of view of a virtual network; `whereto` as in [`Parts::of_security_rule`].
    pub fn of_nsg(
        nsg: Index<NetworkSecurityGroup>,
        rules: &[SecurityRule],
        names: &Names,
        network: &Network,
        scope: Scope,
        whereto: Option<&Addresses>,
    ) -> Self {
        let mut inbound: Vec<_> =
            (0..).zip(rules).filter(|(_, rule)| rule.direction == Direction::Inbound).collect();
        inbound.sort_by_key(|(_, rule)| rule.priority);
        let rulings = inbound.iter().map(|&(at, rule)| Ruling {
            resource: Resource::Nsg(nsg),
            rule: Some(at),
            access: match rule.access {
                Value::Known(access) => Some(access),
                Value::Unknown(_) => None,
            },
        });
        let rulings = rulings.collect();
        let parts =
            inbound.iter().map(|(_, rule)| Parts::of_security_rule(rule, names, network, scope, whereto));
        // Two rules of one priority cannot be; which of them would decide is not known.
        let clashes = inbound.windows(2).any(|pair| match pair {
            [(_, one), (_, two)] => one.priority == two.priority && one.access != two.access,
            _ => false,
        });
        let priorities: Vec<_> = inbound.iter().map(|(_, rule)| rule.priority).collect();
        Self::new(Some(nsg), rulings, &parts.collect::<Vec<_>>(), &priorities, clashes)
    }

    /// Of EC2 security groups, which together allow what any of them allows.
    pub fn of_groups<'r>(
        groups: &[Ref<SecurityGroup>],
        permissions: impl Fn(Index<SecurityGroup>) -> &'r [Permission],
        missing: impl Fn(&Missing) -> Resource,
        names: &Names,
    ) -> Self {
        let (mut rulings, mut parts) = (Vec::new(), Vec::new());
        for group in groups.iter().filter_map(Ref::given) {
            for (at, permission) in (0..).zip(permissions(group)) {
                let resource = Resource::SecurityGroup(group);
                rulings.push(Ruling { resource, rule: Some(at), access: Some(Access::Allow) });
                parts.push(Parts::of_permission(permission, names));
            }
        }
        // Behind the others, for what they allow is allowed whatever these do.
        for group in groups {
            if let Ref::Missing(group) = group {
                rulings.push(Ruling { resource: missing(group), rule: None, access: None });
                parts.push(Parts::everything());
            }
        }
        let order: Vec<u32> = (0..).take(parts.len()).collect();
        Self::new(None, rulings, &parts, &order, false)
    }

    /// Of the network rules of an Azure Firewall, which let through what they do not deny: each with its place,
    /// what its collection does, and its parts.
    pub fn of_network_rules<'r>(
        firewall: Index<AzureFirewall>,
        rules: impl Iterator<Item = (u32, &'r Value<Access>, Vec<Parts>)>,
    ) -> Self {
        let resource = Resource::Firewall(firewall);
        let (mut rulings, mut parts) = (Vec::new(), Vec::new());
        for (at, access, of) in rules {
            let access = match access {
                Value::Known(access) => Some(*access),
                Value::Unknown(_) => None,
            };
            for of in of {
                rulings.push(Ruling { resource, rule: Some(at), access });
                parts.push(of);
            }
        }
        rulings.push(Ruling { resource, rule: None, access: Some(Access::Allow) });
        parts.push(Parts::everything());
        let order: Vec<u32> = (0..).take(parts.len()).collect();
        Self::new(None, rulings, &parts, &order, false)
    }

    fn new(
        nsg: Option<Index<NetworkSecurityGroup>>,
        rules: Vec<Ruling>,
        parts: &[Parts],
        priorities: &[u32],
        clashes: bool,
    ) -> Self {
        let exact =
            !clashes && parts.iter().all(Parts::is_exact) && rules.iter().all(|rule| rule.access.is_some());
        let half = |side: Side| {
            let mut order: Vec<_> = (0..).zip(&rules).zip(parts).zip(priorities).collect();
            // Where two of one priority disagree, the one comes first that makes this bound the wider one.
            order.sort_by_key(|&(((_, rule), _), priority)| {
                (*priority, rule.passes(side) != (side == Side::May))
            });
            // To allow at most is to deny at least.
            let regions = order.iter().flat_map(|&(((rank, rule), parts), _)| {
                let side = if rule.passes(side) { side } else { side.other() };
                parts.regions(side).into_iter().map(move |region| (region, rank))
            });
            Half { side, regions: regions.collect(), decisions: OnceBox::new() }
        };
        let mut sources: Vec<_> = parts.iter().flat_map(Parts::source_cuts).collect();
        sources.sort_unstable();
        sources.dedup();
        let mut source_ports: Vec<_> = parts.iter().flat_map(Parts::source_port_cuts).collect();
        source_ports.sort_unstable();
        source_ports.dedup();
        Self {
            may: half(Side::May),
            surely: (!exact).then(|| half(Side::Surely)),
            rules,
            nsg,
            sources,
            source_ports,
        }
    }

    /// The sources at which what rules say may change, of a range.
    pub fn source_cuts(&self, within: AddressRange) -> &[IpAddr] {
        let from = self.sources.partition_point(|cut| *cut <= within.first());
        let to = self.sources.partition_point(|cut| *cut <= within.last());
        self.sources.get(from..to).unwrap_or_default()
    }

    /// The source ports after this one at which what rules say may change.
    pub fn source_port_cuts(&self, after: u16) -> &[u16] {
        let from = self.source_ports.partition_point(|cut| *cut <= after);
        self.source_ports.get(from..).unwrap_or_default()
    }

    fn ruling(&self, rank: Rank) -> Option<Ruling> {
        self.rules.get(usize::try_from(rank).ok()?).copied()
    }

    fn passes(&self, rank: Rank, side: Side) -> bool {
        self.ruling(rank).is_some_and(|rule| rule.passes(side))
    }

    /// What it says of a packet. Where that is not known, it names the rule that hangs on what was not given:
    /// the first of the two that would decide, for up to there both bounds go the same way.
    pub fn judge(&self, packet: &Packet, stage: Stage, machine: Index<VirtualMachine>) -> Decider {
        let may = self.may.at(packet);
        let surely = self.surely.as_ref().map_or(may, |surely| surely.at(packet));
        let (reachable, rank) = match (self.passes(surely, Side::Surely), self.passes(may, Side::May)) {
            (true, _) => (Reachable::Yes, surely),
            (false, true) => (Reachable::Maybe, surely.min(may)),
            (false, false) => (Reachable::No, may),
        };
        let ruling = self.ruling(rank);
        let resource = match (ruling, self.nsg) {
            (Some(ruling), _) => ruling.resource,
            (None, Some(nsg)) => Resource::Nsg(nsg),
            (None, None) => Resource::Machine(machine),
        };
        let stage = match (resource, self.nsg) {
            (Resource::Missing(_), _) => Stage::NotGiven,
            (Resource::Firewall(_), _) | (_, Some(_)) => stage,
            (_, None) => Stage::SecurityGroup,
        };
        Decider { stage, resource, rule: ruling.and_then(|ruling| ruling.rule), reachable }
    }

    /// The packets to the same destination that meet the same rules as this one.
    pub fn alike(&self, packet: &Packet) -> Traffic {
        let of = |half: &Half| {
            let rank = half.at(packet);
            half.decisions().traffic_to(packet.destination, |other| other == rank)
        };
        let may = of(&self.may);
        self.surely.as_ref().map_or_else(|| may.clone(), |surely| of(surely).intersection(&may))
    }

    /// What it lets through to one destination.
    pub fn traffic_to(&self, destination: IpAddr) -> Bounds<Traffic> {
        self.bounds(|half| half.decisions().traffic_to(destination, |rank| self.passes(rank, half.side)))
    }

    /// What of one protocol it lets through to one destination and port.
    pub fn traffic_at(&self, destination: IpAddr, (protocol, port): (u8, u16)) -> Bounds<Traffic> {
        self.bounds(|half| {
            let passes = |rank| self.passes(rank, half.side);
            let quickly = match half.decisions.get() {
                Some(_) => None,
                None => half.sources_at(destination, (protocol, port), passes),
            };
            match quickly {
                Some(sources) => Traffic::from(Region {
                    protocols: Protocols::one(protocol),
                    sources,
                    source_ports: Ports::all(),
                    destinations: Addresses::from(destination),
                    destination_ports: Ports::one(port),
                }),
                None => half.decisions().traffic_at(destination, protocol, port, passes),
            }
        })
    }

    /// What it lets through.
    pub fn traffic(&self) -> Bounds<Traffic> {
        self.bounds(|half| half.decisions().traffic(|rank| self.passes(rank, half.side)))
    }

    fn bounds(&self, of: impl Fn(&Half) -> Traffic) -> Bounds<Traffic> {
        let may = of(&self.may);
        let surely = self.surely.as_ref().map_or_else(|| may.clone(), of);
        Bounds { surely, may }
    }
}
