//! A fleet at an instant: the grants that are live, what they open, and who came lately.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use hashbrown::HashMap;
use once_cell::race::OnceBox;

use super::exposure::sources_of;
use super::{Exposed, Fleet};
use crate::model::{Protocol, Timestamp};
use crate::network::{Bounds, Engine, Index, Network, VirtualMachine};
use crate::order;
use crate::preview::beside::{Own, beyond};
use crate::preview::draft::Draft;
use crate::preview::scene::Opening;
use crate::preview::time::LiveGrant;
use crate::preview::world::World;
use crate::sets::{Addresses, TCP, Traffic, UDP};

/// How far back requests are counted, as the portal does it.
const WEEK: Duration = Duration::from_hours(7 * 24);

/// The network at an instant.
#[derive(Debug)]
pub struct Standing {
    /// The instant.
    pub at: Timestamp,
    engine: Engine,
    /// The network as it was found without the allows of JIT that live grants explain, if there are any.
    as_found: Option<Engine>,
    /// The machines that those are for, and what reaches them without, once it was asked for.
    explained: HashMap<usize, OnceBox<Vec<Exposed>>>,
    opened: Vec<Opened>,
    of_machine: HashMap<usize, Vec<usize>>,
    /// Of machines that are not in the network, by their ids in small letters.
    of_absent: HashMap<String, Vec<usize>>,
    activity: HashMap<String, Activity>,
}

/// A grant that is live.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The grant.
    pub grant: LiveGrant,
    /// The policy's resource id.
    pub policy: String,
    /// The firewall's address and port that lead there, where they do.
    pub mapped: Option<(IpAddr, u16)>,
    /// Something of it reaches the machine, by TCP where it is for all protocols. If not, another filter still stops it.
    pub effective: bool,
    /// It is not known whether any of it does.
    pub unsure: bool,
    /// The sources of which nothing does.
    pub stopped: Addresses,
    /// No rule is written for it, for there is nowhere to write one: no filter of the machine's is known, or it is full.
    pub unwritten: bool,
    /// Who else gets to the port as long as it is open: by rules of the firewall's own that lead there, which the machine
    /// cannot tell from this one.
    pub also_from: Addresses,
}

/// Who asked for access to a machine lately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// How many requests were granted in the last seven days.
    pub last_seven_days: usize,
    /// When the last one was made, and by whom.
    pub last: Option<(Timestamp, String)>,
}

impl Fleet {
    /// The network at an instant, with those of the grants that are live then; the others tell who came lately.
    pub fn standing(&self, mut grants: Vec<LiveGrant>, at: Timestamp) -> Standing {
        grants.retain(|grant| grant.from <= at);
        // Those of one request in its order: what is closed before its end stays where it was.
        order::sort_by(&mut grants, |one, other| one.from.cmp(&other.from));
        let activity = activity(&grants, at);
        let opening = Opening::new(self.given.network(), &self.targets, &self.rest, &grants, at);
        let engine = World::given(&self.given).with(&opening.draft).into_engine().sharing(&self.at_rest);
        let (as_found, explained) = self.explained(&grants, at);
        let mut standing = Standing {
            at,
            engine,
            as_found,
            explained,
            opened: Vec::new(),
            of_machine: HashMap::new(),
            of_absent: HashMap::new(),
            activity,
        };
        for ((grant, mapped), unwritten) in opening.grants.into_iter().zip(opening.unwritten) {
            let target = self.targets.get(grant.target);
            let machine = target.and_then(|target| target.machine);
            match machine {
                Some(machine) => standing.of_machine.entry(machine.get()).or_default(),
                None => standing.of_absent.entry(grant.machine.to_ascii_lowercase()).or_default(),
            }
            .push(standing.opened.len());
            let policy = target.map(|target| target.policy_id.as_str()).unwrap_or_default();
            let opened = Opened::new(policy, grant, mapped, unwritten);
            standing.opened.push(match machine {
                Some(machine) => opened.on(&standing.engine, machine),
                None => opened,
            });
        }
        for (machine, places) in &standing.of_machine {
            for &place in places {
                let others = self.others(&standing, Index::new(*machine), places, place);
                if let Some((opened, others)) = standing.opened.get_mut(place).zip(others) {
                    opened.also_from = others;
                }
            }
        }
        standing
    }

    /// Who gets to the port of a grant, at that place among all, and neither by a grant to the machine nor at rest.
    fn others(
        &self,
        standing: &Standing,
        machine: Index<VirtualMachine>,
        of_machine: &[usize],
        place: usize,
    ) -> Option<Addresses> {
        let own = of_machine.iter().filter_map(|&place| {
            let opened = standing.opened.get(place)?;
            Some((&opened.grant, opened.mapped, self.targets.get(opened.grant.target)?))
        });
        let engines = (&standing.engine, &self.at_rest);
        standing.opened.get(place)?.others(self.given.network(), engines, &self.rest, machine, &own)
    }

    /// The network as it was found, without the allows of JIT that grants explain, and the machines that those are for.
    fn explained(
        &self,
        grants: &[LiveGrant],
        at: Timestamp,
    ) -> (Option<Engine>, HashMap<usize, OnceBox<Vec<Exposed>>>) {
        let network = self.given.network();
        let explained =
            self.stripped.found.iter().filter(|found| found.is_explained(network, &self.targets, grants, at));
        let machines = explained.filter_map(|found| self.targets.get(found.target?)?.machine).map(Index::get);
        let machines: HashMap<_, _> = machines.map(|machine| (machine, OnceBox::new())).collect();
        let engine = (!machines.is_empty()).then(|| {
            let draft = self.stripped.as_found(network, &self.targets, grants, at);
            World::given(&self.given).with(&draft).into_engine().sharing(&self.as_found)
        });
        (engine, machines)
    }
}

impl Standing {
    /// The network with JIT's rules as they stand.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Every live grant, the older ones first.
    pub fn opened(&self) -> &[Opened] {
        &self.opened
    }

    /// The network as it was found but for what grants explain, and what reaches a machine in it; none where that is what
    /// the fleet knows of it.
    pub(super) fn explained(
        &self,
        machine: Index<VirtualMachine>,
    ) -> Option<(&Engine, &OnceBox<Vec<Exposed>>)> {
        self.as_found.as_ref().zip(self.explained.get(&machine.get()))
    }

    /// The live grants of a machine.
    pub fn opened_on(&self, machine: Index<VirtualMachine>) -> impl Iterator<Item = &Opened> {
        let places = self.of_machine.get(&machine.get()).into_iter().flatten();
        places.filter_map(|&place| self.opened.get(place))
    }

    /// Those of a machine that is not in the network, by its id.
    pub fn opened_on_absent(&self, machine: &str) -> impl Iterator<Item = &Opened> {
        let places = self.of_absent.get(&machine.to_ascii_lowercase()).into_iter().flatten();
        places.filter_map(|&place| self.opened.get(place))
    }

    /// When the network next changes by itself: the first end of a grant.
    pub fn until(&self) -> Option<Timestamp> {
        self.opened.iter().map(|opened| opened.grant.until).min()
    }

    /// Who came lately to the machine of that id.
    pub fn activity(&self, machine: &str) -> Option<&Activity> {
        self.activity.get(&machine.to_ascii_lowercase())
    }
}

impl Opened {
    /// By that policy, where nothing is known of the machine's network.
    pub(in crate::preview) fn new(
        policy: &str,
        grant: LiveGrant,
        mapped: Option<(IpAddr, u16)>,
        unwritten: bool,
    ) -> Self {
        let (stopped, also_from) = (grant.nets().into_iter().collect(), Addresses::none());
        Self {
            policy: policy.into(),
            grant,
            mapped,
            effective: false,
            unsure: false,
            stopped,
            unwritten,
            also_from,
        }
    }

    /// Who else gets there as long as it is open, and neither by a grant to the machine, all of which are `own`, nor at rest;
    /// none where no firewall leads there.
    pub(in crate::preview) fn others<'s>(
        &self,
        network: &Network,
        (open, at_rest): (&Engine, &Engine),
        rest: &Draft,
        machine: Index<VirtualMachine>,
        own: &(impl Iterator<Item = Own<'s>> + Clone),
    ) -> Option<Addresses> {
        self.mapped?;
        let others = protocols(self.grant.protocol).iter().map(|&protocol| {
            let reaches = |engine: &Engine| engine.exposure(machine, protocol, self.grant.port).may;
            let opened = reaches(open).difference(&reaches(at_rest));
            sources_of(&beyond(network, rest, machine, own.clone(), opened))
        });
        Some(others.fold(Addresses::none(), |all, more| all.union(&more)))
    }

    /// With what of it reaches the machine.
    pub(in crate::preview) fn on(self, engine: &Engine, machine: Index<VirtualMachine>) -> Self {
        let Bounds { surely, may } = reaching(engine, machine, &self.grant, self.mapped);
        Self {
            effective: !may.is_empty(),
            unsure: !may.is_empty() && surely.is_empty(),
            stopped: self.stopped.difference(&may.sources()),
            ..self
        }
    }
}

/// What comes in from where a grant is for: of one for all protocols, by TCP. By UDP alone nobody gets to what they opened
/// it for.
fn reaching(
    engine: &Engine,
    machine: Index<VirtualMachine>,
    grant: &LiveGrant,
    mapped: Option<(IpAddr, u16)>,
) -> Bounds<Traffic> {
    let from: Addresses = grant.nets().into_iter().collect();
    let protocol = if grant.protocol == Protocol::Udp { UDP } else { TCP };
    // Past the firewall the machine itself may not let the sources in.
    let there = |traffic: Traffic| match mapped {
        Some((address, _)) => traffic.from_sources(&from).to_destinations(&Addresses::from(address)),
        None => traffic.from_sources(&from),
    };
    let Bounds { surely, may } = engine.exposure(machine, protocol, grant.port);
    let hidden = engine.hidden_exposure(machine, protocol, grant.port).may.from_sources(&from);
    Bounds { surely: there(surely), may: there(may).union(&hidden) }
}

/// The numbers of a protocol that has ports.
pub(super) fn protocols(protocol: Protocol) -> &'static [u8] {
    match protocol {
        Protocol::Tcp => &[TCP],
        Protocol::Udp => &[UDP],
        Protocol::Any => &[TCP, UDP],
    }
}

/// By the machine's id in small letters. The grants are in the order of their beginnings; those of one request
/// begin together.
fn activity(grants: &[LiveGrant], at: Timestamp) -> HashMap<String, Activity> {
    let mut activity: HashMap<String, Activity> = HashMap::new();
    let mut told: HashMap<&str, (Timestamp, Option<&str>)> = HashMap::new();
    for grant in grants {
        let request = (grant.from, grant.who.as_deref());
        if told.insert(&grant.machine, request) == Some(request) {
            continue;
        }
        let of = activity.entry(grant.machine.to_ascii_lowercase()).or_default();
        if at.since(grant.from).is_some_and(|age| age <= WEEK) {
            of.last_seven_days = of.last_seven_days.saturating_add(1);
        }
        of.last = Some((grant.from, grant.who.clone().unwrap_or_default()));
    }
    activity
}
