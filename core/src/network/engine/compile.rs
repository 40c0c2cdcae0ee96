//! Filters compiled to tables that find the deciding rule of a packet: one for each NSG and point of view,
//! and one for each combination of EC2 security groups.

use alloc::vec::Vec;
use core::net::IpAddr;
use core::sync::atomic::{AtomicU32, Ordering};

use once_cell::race::OnceBox;

use super::answer::{Decider, Reachable, Resource, Stage};
use super::bounds::{Bounds, Side};
use super::region::{Parts, source_cuts, source_port_cuts};
use super::tags::{Names, Scope};
use crate::network::{
    Access, AzureFirewall, Index, Missing, Network, NetworkSecurityGroup, Permission, Ref, SecurityGroup,
    SecurityRule, Value, VirtualMachine,
};
use crate::order;
use crate::sets::{AddressRange, Addresses, Decisions, Entangled, Packet, Region, Traffic};

/// The ports from here on are those that senders ordinarily use (RFC 6335).
pub(super) const FIRST_ORDINARY_PORT: u16 = 49152;

/// The place of a rule in the order of evaluation.
type Rank = u32;
/// Where no rule matches.
const NO_RULE: Rank = Rank::MAX;
/// So many questions are answered from the rules themselves, before a table is made for all that come.
const FEW: u32 = 16;

/// A filter, ready to be asked.
#[derive(Debug)]
pub(super) struct Table {
    may: Half,
    /// None where it is the same.
    surely: Option<Half>,
    rules: Vec<Ruling>,
    /// What decides where no rule matches: the NSG; of security groups there is no one.
    nsg: Option<Index<NetworkSecurityGroup>>,
    /// The first of each run of sources, but the first run, that no rule tells apart; made when first needed.
    sources: OnceBox<Vec<IpAddr>>,
    /// The same of source ports.
    source_ports: OnceBox<Vec<u16>>,
}

/// One bound of a table.
#[derive(Debug)]
struct Half {
    side: Side,
    /// What the rules match, in the order of evaluation.
    regions: Vec<(Region, Rank)>,
    /// Made when first needed: it takes longer than all that is asked of it afterwards. Where that is too much work,
    /// single packets are asked of the rules themselves.
    decisions: OnceBox<Result<Decisions<Rank>, Entangled>>,
    /// How often it was asked without them.
    asked: AtomicU32,
}

impl Half {
    fn decisions(&self) -> Result<&Decisions<Rank>, Entangled> {
        let regions = || self.regions.iter().map(|(region, rank)| (region, *rank));
        let made = self.decisions.get_or_init(|| Decisions::first_match(regions(), NO_RULE).into());
        made.as_ref().map_err(|entangled| *entangled)
    }

    /// The decisions, if they are made.
    fn made(&self) -> Option<&Decisions<Rank>> {
        self.decisions.get()?.as_ref().ok()
    }

    /// The decisions, once they are asked for so often that it is quicker to make them.
    fn worth(&self) -> Option<&Decisions<Rank>> {
        let often = self.decisions.get().is_none() && self.asked.fetch_add(1, Ordering::Relaxed) >= FEW;
        if often { self.decisions().ok() } else { self.made() }
    }

    fn at(&self, packet: &Packet) -> Rank {
        match self.worth() {
            Some(decisions) => decisions.at(packet),
            None => {
                let first = self.regions.iter().find(|(region, _)| region.contains(packet));
                first.map_or(NO_RULE, |(_, rank)| *rank)
            }
        }
    }

    /// The rules in the order of evaluation, with what they do.
    fn rules(&self, passes: impl Fn(Rank) -> bool) -> impl Iterator<Item = (&Region, bool)> {
        self.regions.iter().map(move |(region, rank)| (region, passes(*rank)))
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
            (0..).zip(rules).filter(|(_, rule)| rule.direction.may_be_inbound()).collect();
        order::sort(&mut inbound, |(_, rule)| rule.priority.into());
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
            order::sort(&mut order, |&(((_, rule), _), priority)| {
                (u128::from(*priority) << 1) | u128::from(rule.passes(side) != (side == Side::May))
            });
            // To allow at most is to deny at least.
            let regions = order.iter().flat_map(|&(((rank, rule), parts), _)| {
                let side = if rule.passes(side) { side } else { side.other() };
                parts.regions(side).into_iter().map(move |region| (region, rank))
            });
            Half { side, regions: regions.collect(), decisions: OnceBox::new(), asked: AtomicU32::new(0) }
        };
        Self {
            may: half(Side::May),
            surely: (!exact).then(|| half(Side::Surely)),
            rules,
            nsg,
            sources: OnceBox::new(),
            source_ports: OnceBox::new(),
        }
    }

    /// Where what rules say may change.
    fn cuts<'a, T: Ord, I: Iterator<Item = T>>(&'a self, of: impl Fn(&'a Region) -> I) -> Vec<T> {
        let regions = [&self.may].into_iter().chain(&self.surely).flat_map(|half| &half.regions);
        let mut cuts: Vec<T> = regions.flat_map(|(region, _)| of(region)).collect();
        order::distinct(&mut cuts);
        cuts
    }

    /// The sources at which what rules say may change, of a range.
    pub fn source_cuts(&self, within: AddressRange) -> &[IpAddr] {
        let sources = self.sources.get_or_init(|| self.cuts(source_cuts).into());
        let from = sources.partition_point(|cut| *cut <= within.first());
        let to = sources.partition_point(|cut| *cut <= within.last());
        sources.get(from..to).unwrap_or_default()
    }

    /// The source ports after this one at which what rules say may change.
    pub fn source_port_cuts(&self, after: u16) -> &[u16] {
        let source_ports = self.source_ports.get_or_init(|| self.cuts(source_port_cuts).into());
        let from = source_ports.partition_point(|cut| *cut <= after);
        source_ports.get(from..).unwrap_or_default()
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
    pub fn alike(&self, packet: &Packet) -> Result<Traffic, Entangled> {
        let of = |half: &Half| {
            let rank = half.at(packet);
            if let Ok(decisions) = half.decisions() {
                return Ok(decisions.traffic_to(packet.destination, |other| other == rank));
            }
            if rank == NO_RULE {
                let any = Traffic::first_match_to(packet.destination, half.rules(|_| true))?;
                return Ok(any.complement());
            }
            Traffic::first_match_to(packet.destination, half.rules(|other| other == rank))
        };
        let may = of(&self.may)?;
        match &self.surely {
            None => Ok(may),
            Some(surely) => of(surely)?.try_intersection(&may),
        }
    }

    /// What it lets through to one destination. Here and below: where that is too much work, nothing surely, and maybe
    /// everything that there is.
    pub fn traffic_to(&self, destination: IpAddr) -> Bounds<Traffic> {
        self.bounds(|half| {
            let passes = |rank| self.passes(rank, half.side);
            match half.worth() {
                Some(decisions) => Ok(decisions.traffic_to(destination, passes)),
                None => Traffic::first_match_to(destination, half.rules(passes)),
            }
        })
    }

    /// What of one protocol it lets through to one destination and port. So little is never worth a table.
    pub fn traffic_at(&self, destination: IpAddr, (protocol, port): (u8, u16)) -> Bounds<Traffic> {
        self.bounds(|half| {
            let passes = |rank| self.passes(rank, half.side);
            match half.made() {
                Some(decisions) => Ok(decisions.traffic_at(destination, protocol, port, passes)),
                None => Traffic::first_match_at((destination, protocol, port), half.rules(passes)),
            }
        })
    }

    /// True where what it lets through to a destination, or to any, is too much work.
    pub fn is_entangled(&self, destination: Option<IpAddr>) -> bool {
        let halves = [&self.may].into_iter().chain(&self.surely);
        let mut made = halves.map(|half| match destination {
            Some(destination) if half.decisions().is_err() => {
                let passes = |rank| self.passes(rank, half.side);
                Traffic::first_match_to(destination, half.rules(passes)).is_ok()
            }
            _ => half.decisions().is_ok(),
        });
        made.any(|made| !made)
    }

    /// Whose rules these are; the machine's where they are those of several security groups.
    pub fn resource(&self, machine: Index<VirtualMachine>) -> Resource {
        self.nsg.map_or(Resource::Machine(machine), Resource::Nsg)
    }

    /// What it lets through.
    pub fn traffic(&self) -> Bounds<Traffic> {
        self.bounds(|half| Ok(half.decisions()?.traffic(|rank| self.passes(rank, half.side))))
    }

    fn bounds(&self, of: impl Fn(&Half) -> Result<Traffic, Entangled>) -> Bounds<Traffic> {
        let may = of(&self.may);
        let surely = match &self.surely {
            None => may.clone(),
            Some(surely) => of(surely),
        };
        Bounds { surely: surely.unwrap_or_default(), may: may.unwrap_or_else(|Entangled| Traffic::all()) }
    }
}
