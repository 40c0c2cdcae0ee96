//! A whole fleet under the policies that are stored for it: what is open now and why, and what stays open in spite of
//! just-in-time access. Worked out once for each version of network and policies; grants come and go above it.

mod around;
mod exposure;
mod standing;

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use hashbrown::{HashMap, HashSet};
use ipnet::Ipv4Net;
use once_cell::race::OnceBox;

pub(super) use around::{Around, Parts};
pub use exposure::{Exposed, MachineExposure};
pub use standing::{Activity, Opened, Standing};

use super::documents::Read;
use super::draft::Draft;
use super::rules::{self, Writes};
use super::scene::targets;
use super::site::sites;
use super::strip::{Stripped, strip};
use super::target::{Finder, Target};
use super::time::{self, LiveGrant, Origin};
use super::world::World;
use super::{Mode, Names};
use crate::model::{Protocol, Timestamp};
use crate::network::{Engine, Index, Network, VirtualMachine};

/// A network with the rules that JIT writes for all its policies, and no request open.
#[derive(Debug)]
pub struct Fleet {
    given: Engine,
    /// What JIT writes, and the network with it.
    rest: Draft,
    rest_writes: Writes,
    at_rest: Engine,
    /// As it is now, with the rules of JIT that were found in it.
    as_found: Engine,
    targets: Vec<Target>,
    /// The targets of each machine of the network.
    of_machine: Vec<Vec<usize>>,
    /// The rules of JIT that were found.
    stripped: Stripped,
    /// The machines of targets for which some were found.
    found: HashSet<usize>,
    /// The machines that policies had once, and none has now.
    former: Vec<Index<VirtualMachine>>,
    /// The targets whose machines are not in the network.
    absent: Vec<usize>,
    /// Targets by the machine's id in small letters.
    of_id: HashMap<String, Vec<usize>>,
    /// The targets behind each NSG, and then behind each firewall: where their rules take numbers from each other.
    places: Vec<Vec<usize>>,
    /// What reaches each machine at rest, once it was asked for.
    exposed: Vec<Slot>,
    refused: Vec<usize>,
}

/// What reaches a machine: shared by all fleets in which it is the same, so that it is worked out once for all of them.
type Slot = Arc<OnceBox<Vec<Exposed>>>;

/// A port that was opened for a while, as a ledger has it.
#[derive(Clone, Debug)]
pub struct Granted<'a> {
    /// The policy's resource id.
    pub policy: &'a str,
    /// The machine's resource id.
    pub machine: &'a str,
    /// The port.
    pub port: u16,
    /// The protocol, which a rule of the policy for the port must cover; none for every one that it has for it.
    pub protocol: Option<Protocol>,
    /// Who may come in.
    pub sources: &'a [Ipv4Net],
    /// When it opened.
    pub from: Timestamp,
    /// When it closes or was closed, exclusive.
    pub until: Timestamp,
    /// Who asked for it; empty for an application.
    pub who: &'a str,
    /// The justification.
    pub why: Option<&'a str>,
}

impl Fleet {
    /// The network under these policies, each a document as the service stores it. Requests in them do not count. `once` are
    /// the ids of machines that policies may have had before: where none has them now, what JIT wrote for them is gone.
    pub fn new(engine: &Engine, policies: &[&[u8]], once: &[&str], mode: Mode, names: Names) -> Self {
        Self::made(engine, policies, once, (mode, names), None)
    }

    /// The same network under other policies, which comes to the same as a new fleet of it: what was worked out stays where
    /// the policies change nothing before a machine, and none of the ports that are looked at.
    pub fn under(&self, policies: &[&[u8]], once: &[&str], mode: Mode, names: Names) -> Self {
        Self::made(&self.given, policies, once, (mode, names), Some(self))
    }

    fn made(
        engine: &Engine,
        policies: &[&[u8]],
        once: &[&str],
        (mode, names): (Mode, Names),
        before: Option<&Self>,
    ) -> Self {
        let read = Read::new(policies);
        let tapes = read.tapes();
        let documents = tapes.check(None);
        let network = engine.network();
        let targets = targets(network, &documents, names);
        let checked = documents.checked.iter().enumerate();
        let refused = checked.filter(|(_, checked)| checked.validated().is_none()).map(|(at, _)| at);
        let former = former(network, &targets, once, names);
        let mut fleet = Self::of_targets(engine, targets, former, mode, None);
        fleet.refused = refused.collect();
        if let Some(before) = before {
            fleet.at_rest = fleet.at_rest.sharing(&before.at_rest);
            fleet.as_found = fleet.as_found.sharing(&before.as_found);
            let machines = (0..network.machines.len()).map(Index::new);
            fleet.exposed =
                machines.map(|machine| fleet.known(before, machine).unwrap_or_default()).collect();
        }
        fleet
    }

    /// The network with these targets, and machines that were targets once; with what is written at rest, where that is
    /// known.
    fn of_targets(
        engine: &Engine,
        targets: Vec<Target>,
        former: Vec<Index<VirtualMachine>>,
        mode: Mode,
        rest: Option<(Draft, Writes)>,
    ) -> Self {
        let network = engine.network();
        let stripped = strip(network, &targets, &former);
        let machine = |target: usize| targets.get(target).and_then(|target| target.machine).map(Index::get);
        let found = stripped.found.iter().filter_map(|found| machine(found.target?)).collect();
        // Allows of JIT that were found count as open: whether a grant explains them changes with the time.
        let as_found = stripped.as_found(network, &targets, &[], Timestamp::EPOCH);
        let as_found = World::given(engine).with(&as_found).into_engine();
        let (rest, rest_writes) = rest.unwrap_or_else(|| {
            let mut rest = stripped.before.clone();
            let writes = rules::rest(network, &mut rest, &targets, mode);
            (rest, writes)
        });
        let mut of_machine = Vec::new();
        of_machine.resize(network.machines.len(), Vec::new());
        let mut of_id: HashMap<String, Vec<usize>> = HashMap::new();
        let absent = targets.iter().enumerate().filter(|(_, target)| target.machine.is_none());
        let absent = absent.map(|(at, _)| at).collect();
        for (at, target) in targets.iter().enumerate() {
            if let Some(of) = target.machine.and_then(|machine| of_machine.get_mut(machine.get())) {
                of.push(at);
            }
            of_id.entry(target.id.to_ascii_lowercase()).or_default().push(at);
        }
        let places = places(network, &targets);
        Self {
            at_rest: World::given(engine).with(&rest).into_engine(),
            as_found,
            given: engine.clone(),
            rest,
            rest_writes,
            exposed: network.machines.iter().map(|_| Slot::default()).collect(),
            stripped,
            places,
            found,
            former,
            targets,
            of_machine,
            absent,
            of_id,
            refused: Vec::new(),
        }
    }

    /// What another fleet of the network knows of a machine, where it is the same in this one: the same ports are looked at,
    /// and nothing that stands before the machine has changed.
    fn known(&self, before: &Self, machine: Index<VirtualMachine>) -> Option<Slot> {
        let alike = self.at_rest.filters_alike(&before.at_rest, machine)
            && self.as_found.filters_alike(&before.as_found, machine)
            && self.ports(machine) == before.ports(machine);
        before.exposed.get(machine.get()).filter(|_| alike).cloned()
    }

    /// The network as it was given.
    pub fn given(&self) -> &Engine {
        &self.given
    }

    /// The network with JIT, and no request open.
    pub fn at_rest(&self) -> &Engine {
        &self.at_rest
    }

    /// The documents that protect nothing, for they have an error that the service is sure to refuse.
    pub fn refused(&self) -> &[usize] {
        &self.refused
    }

    /// True for a machine that a policy names.
    pub fn protects(&self, machine: Index<VirtualMachine>) -> bool {
        self.of_machine.get(machine.get()).is_some_and(|targets| !targets.is_empty())
    }

    /// True where a policy names a machine so, be it in the network or not.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.of_id.contains_key(&id.to_ascii_lowercase())
    }

    /// The machine that policies name so; of one that is not in the network or in no policy none.
    pub fn find(&self, id: &str) -> Option<Index<VirtualMachine>> {
        let targets = self.of_id.get(&id.to_ascii_lowercase())?;
        targets.iter().find_map(|&target| self.targets.get(target)?.machine)
    }

    /// The machines, by their ids, that share an NSG or a firewall with one: a list for each of these.
    pub(crate) fn beside<'f>(
        &'f self,
        machine: &str,
    ) -> impl Iterator<Item = (usize, impl Iterator<Item = &'f str>)> {
        let own = self.of_id.get(&machine.to_ascii_lowercase());
        let own = move |target: &usize| own.is_some_and(|own| own.contains(target));
        let places = self.places.iter().enumerate().filter(move |(_, place)| place.iter().any(&own));
        places.map(|(at, place)| {
            let ids = place.iter().filter_map(|&target| self.targets.get(target));
            (at, ids.map(|target| target.id.as_str()))
        })
    }

    /// Grants of a ledger, for the machines and ports that policies have now.
    pub fn granted(&self, grants: &[Granted]) -> Vec<LiveGrant> {
        grants.iter().zip(0_usize..).flat_map(|(grant, index)| self.grant(grant, index)).collect()
    }

    fn grant<'s>(&'s self, grant: &Granted<'s>, index: usize) -> impl Iterator<Item = LiveGrant> {
        let grant = grant.clone();
        let targets = self.of_id.get(&grant.machine.to_ascii_lowercase());
        let targets = targets.into_iter().flatten().filter_map(|&at| Some((at, self.targets.get(at)?)));
        targets.filter(move |(_, target)| target.policy_id.eq_ignore_ascii_case(grant.policy)).flat_map(
            move |(at, target)| {
                let Granted { port, protocol, sources, from, until, who, why, .. } = grant;
                let mut rules =
                    target.ports.iter().filter(move |rule| rule.port == port).map(|rule| rule.protocol);
                // A rule that covers the grant's protocol lets it stay as it was granted.
                let open: Vec<Protocol> = match protocol {
                    Some(protocol) => {
                        rules.any(|rule| rule.covers(protocol)).then_some(protocol).into_iter().collect()
                    }
                    None => rules.collect(),
                };
                open.into_iter().map(move |protocol| LiveGrant {
                    target: at,
                    machine: target.id.clone(),
                    port,
                    protocol,
                    sources: Ipv4Net::aggregate(&sources.to_vec()),
                    from,
                    until,
                    who: Some(who.into()),
                    why: why.map(Into::into),
                    origin: Origin::Request(index),
                })
            },
        )
    }

    /// The grants of stored requests, as documents; what of them was revoked before its time does not count.
    pub fn stored(&self, requests: &[&[u8]], now: Timestamp) -> Vec<LiveGrant> {
        let read = Read::new(requests);
        let tapes = read.tapes();
        let documents = tapes.check(None);
        let mut grants = Vec::new();
        for (index, checked) in documents.checked.iter().enumerate() {
            for request in checked.document.requests.iter().filter(|request| request.stored) {
                grants.extend(time::stored(request, &self.targets, now, Origin::Request(index)));
            }
        }
        time::replace_older(&mut grants);
        grants
    }
}

/// The machines of these ids that are no target's, each once.
fn former(network: &Network, targets: &[Target], once: &[&str], names: Names) -> Vec<Index<VirtualMachine>> {
    let finder = Finder::new(network, names);
    let mut seen: HashSet<_> = targets.iter().filter_map(|target| target.machine).collect();
    let found = once.iter().filter_map(|id| finder.find(id, id.rsplit('/').next().unwrap_or_default()));
    found.filter(|&machine| seen.insert(machine)).collect()
}

/// The targets behind each NSG, and then behind each firewall.
fn places(network: &Network, targets: &[Target]) -> Vec<Vec<usize>> {
    let mut places: Vec<Vec<usize>> = Vec::new();
    places.resize(network.nsgs.len().saturating_add(network.firewalls.len()), Vec::new());
    for (at, target) in targets.iter().enumerate() {
        let sites = target.machine.map(|machine| sites(network, machine)).unwrap_or_default();
        let nsgs = sites.iter().flat_map(|site| &site.nsgs).map(|nsg| nsg.get());
        let firewall = target.firewall.map(|(firewall, _)| network.nsgs.len().saturating_add(firewall.get()));
        for place in nsgs.chain(firewall) {
            if let Some(of) = places.get_mut(place).filter(|of| of.last() != Some(&at)) {
                of.push(at);
            }
        }
    }
    places
}
