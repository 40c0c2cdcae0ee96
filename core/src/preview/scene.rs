//! What policies and requests make of a network over time: the rules at rest, the grants, and the rules at any
//! instant.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::net::IpAddr;

use hashbrown::HashSet;

use super::documents::Documents;
use super::draft::Draft;
use super::fleet::{Fleet, Parts};
use super::load::Loaded;
use super::rules::{self, Write, Writes};
use super::strip::{self, Stripped};
use super::target::{self, Finder, Target};
use super::time::{self, LiveGrant, Origin};
use super::{Names, Options};
use crate::decide::{self, Decision, decide};
use crate::model::Timestamp;
use crate::network::{Index, Network, NetworkSecurityGroup, VirtualMachine};

/// Everything that is known before the network is asked.
pub(super) struct Scene {
    pub targets: Vec<Target>,
    pub grants: Vec<LiveGrant>,
    pub decisions: Vec<(usize, Decision)>,
    pub stripped: Stripped,
    /// The network without the policies that are told of.
    pub before: Draft,
    /// The network as it was found, but for what the grants explain.
    pub as_found: Draft,
    /// The network with JIT, and no request open.
    pub rest: Draft,
    pub rest_writes: Writes,
    /// Of so many documents, the first ones, is told; the other policies are there for what they do to them.
    told: usize,
    /// The machines of these.
    machines: HashSet<usize>,
}

/// What is written at an instant, beside the rules at rest.
pub(super) struct Opening {
    pub draft: Draft,
    pub writes: Writes,
    /// The grants that are open, with the port of the firewall that leads there, where one does.
    pub grants: Vec<(LiveGrant, Option<(IpAddr, u16)>)>,
    /// For each of these: no rule is written for it, for there is nowhere to write one.
    pub unwritten: Vec<bool>,
}

/// What was written for a grant.
struct Written<'s> {
    /// Its place among all.
    index: usize,
    grant: &'s LiveGrant,
    writes: Vec<Write>,
    /// The port of the firewall that leads there.
    mapped: Option<(IpAddr, u16)>,
}

impl<'s> Written<'s> {
    fn new(
        network: &Network,
        draft: &mut Draft,
        targets: &[Target],
        (index, grant): (usize, &'s LiveGrant),
    ) -> Option<Self> {
        let words = grant.words();
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let port = (grant.protocol, grant.port);
        let target = targets.get(grant.target)?;
        let (writes, mapped) = rules::open(network, draft, target, port, &grant.nets(), &words);
        Some(Self { index, grant, writes, mapped })
    }

    /// The NSGs that had no number for its rule.
    fn full(&self) -> impl Iterator<Item = Index<NetworkSecurityGroup>> {
        self.writes.iter().filter_map(|write| match write {
            Write::NoPriority { nsg, .. } => Some(*nsg),
            _ => None,
        })
    }
}

/// Takes back what is over at an instant. A grant for which there was no number is written anew once one is free.
fn take_back(
    network: &Network,
    draft: &mut Draft,
    targets: &[Target],
    written: &mut Vec<Written>,
    at: Timestamp,
) {
    loop {
        let waits = written.iter().any(|written| written.full().next().is_some());
        // Who waits gets the number of who ends first.
        let ends = written.iter().map(|written| written.grant.until).filter(|end| *end <= at);
        let Some(end) = (if waits { ends.min() } else { ends.max() }) else { return };
        for over in written.extract_if(.., |written| written.grant.until <= end) {
            over.writes.iter().for_each(|write| rules::take_back(draft, write));
        }
        if waits {
            write_anew(network, draft, targets, written);
        }
    }
}

/// Writes those for which there was no number.
fn write_anew(network: &Network, draft: &mut Draft, targets: &[Target], written: &mut [Written]) {
    // Once one of an NSG waits in vain, so would all behind it.
    let mut full: Vec<Index<NetworkSecurityGroup>> = Vec::new();
    for waiting in written {
        if waiting.full().all(|nsg| full.contains(&nsg)) {
            continue;
        }
        waiting.writes.iter().for_each(|write| rules::take_back(draft, write));
        if let Some(anew) = Written::new(network, draft, targets, (waiting.index, waiting.grant)) {
            *waiting = anew;
        }
        full.extend(waiting.full());
    }
}

impl Scene {
    pub(super) fn new(
        loaded: &Loaded,
        policies: &Documents,
        requests: &Documents,
        options: &Options,
    ) -> Self {
        let network = loaded.engine.network();
        let targets = targets(network, policies, options.names);
        let (grants, decisions) = grants(policies, requests, &targets, options);
        let stripped = strip::strip(network, &targets, &[]);
        let as_found = stripped.as_found(network, &targets, &grants, options.now);
        let before = stripped.before.clone();
        let mut rest = before.clone();
        let rest_writes = rules::rest(network, &mut rest, &targets, options.mode);
        let (told, machines) = (usize::MAX, machines(&targets, usize::MAX));
        Self { targets, grants, decisions, stripped, before, as_found, rest, rest_writes, told, machines }
    }

    /// Of a fleet, with these grants: its first documents, as many as there are to be told of, on the network that was
    /// there before.
    pub(super) fn of_fleet(
        (fleet, before): (Fleet, Draft),
        grants: Vec<LiveGrant>,
        decisions: Vec<(usize, Decision)>,
        told: usize,
        now: Timestamp,
    ) -> Self {
        let as_found = fleet.as_found_with(&grants, now);
        let Parts { targets, stripped, rest, rest_writes } = fleet.into_parts();
        let machines = machines(&targets, told);
        Self { targets, grants, decisions, stripped, before, as_found, rest, rest_writes, told, machines }
    }

    /// True for a target of a document that is told of.
    pub(super) fn tells(&self, target: &Target) -> bool {
        target.document < self.told
    }

    /// True where all that there is is told of.
    pub(super) fn tells_all(&self) -> bool {
        self.told == usize::MAX
    }

    /// True for a machine that is told of.
    pub(super) fn shows(&self, machine: Index<VirtualMachine>) -> bool {
        self.machines.contains(&machine.get())
    }

    /// True for a grant on a machine that is told of, by whichever policy.
    pub(super) fn shows_grant(&self, grant: &LiveGrant) -> bool {
        let target = self.targets.get(grant.target);
        target.is_some_and(|target| {
            self.tells(target) || target.machine.is_some_and(|machine| self.shows(machine))
        })
    }

    /// What is open at an instant. Rules are written when a grant begins and taken back when it ends, and what was written
    /// stays as it is in between, whoever comes and goes.
    pub(super) fn open(&self, network: &Network, at: Timestamp) -> Opening {
        Opening::new(network, &self.targets, &self.rest, &self.grants, at)
    }
}

impl Opening {
    /// What those of these grants that are live at an instant write.
    pub(super) fn new(
        network: &Network,
        targets: &[Target],
        rest: &Draft,
        grants: &[LiveGrant],
        at: Timestamp,
    ) -> Self {
        let mut opening =
            Self { draft: rest.clone(), writes: Vec::new(), grants: Vec::new(), unwritten: Vec::new() };
        let mut order: Vec<(usize, &LiveGrant)> = busy(grants, at);
        let first = order.iter().map(|(_, grant)| grant.from).min().unwrap_or(at);
        crate::order::sort(&mut order, |(_, grant)| {
            grant.from.since(first).map_or(0, |after| after.as_nanos())
        });
        let mut written: Vec<Written> = Vec::new();
        for (index, grant) in order {
            take_back(network, &mut opening.draft, targets, &mut written, grant.from);
            written.extend(Written::new(network, &mut opening.draft, targets, (index, grant)));
        }
        take_back(network, &mut opening.draft, targets, &mut written, at);
        crate::order::sort(&mut written, |written| u128::try_from(written.index).unwrap_or(u128::MAX));
        for Written { grant, writes, mapped, .. } in written {
            opening.unwritten.push(writes.iter().all(|write| matches!(write, Write::NoPriority { .. })));
            opening.writes.extend(writes.into_iter().map(|write| (grant.target, write)));
            opening.grants.push((grant.clone(), mapped));
        }
        opening
    }
}

/// The grants that are live at an instant, and those before them on whose rules theirs may have had to wait: back to the
/// last instant at which nothing was open.
fn busy(grants: &[LiveGrant], at: Timestamp) -> Vec<(usize, &LiveGrant)> {
    let mut begun: Vec<&LiveGrant> = grants.iter().filter(|grant| grant.from <= at).collect();
    crate::order::sort_by(&mut begun, |one, other| other.from.cmp(&one.from));
    let mut since = at;
    // The latest are first, so that none after them can move it further back.
    for grant in begun {
        if grant.until > since {
            since = grant.from;
        }
    }
    grants.iter().enumerate().filter(|(_, grant)| grant.from <= at && grant.until > since).collect()
}

/// The machines of the first documents.
fn machines(targets: &[Target], told: usize) -> HashSet<usize> {
    let told = targets.iter().filter(|target| target.document < told);
    told.filter_map(|target| target.machine).map(Index::get).collect()
}

/// The machines of all policies in which no rule found an error that the service is sure to refuse.
pub(super) fn targets(network: &Network, policies: &Documents, names: Names) -> Vec<Target> {
    let finder = Finder::new(network, names);
    let mut targets = Vec::new();
    for (document, checked) in policies.checked.iter().enumerate() {
        let Some(validated) = checked.validated() else { continue };
        for policy in &validated.get().policies {
            let found = policy.machines.iter();
            targets.extend(
                found.filter_map(|machine| target::target(document, policy, machine, network, &finder)),
            );
        }
    }
    targets
}

/// Every grant: of the requests that policies list, of stored requests, and of requests decided now.
fn grants(
    policies: &Documents,
    requests: &Documents,
    targets: &[Target],
    options: &Options,
) -> (Vec<LiveGrant>, Vec<(usize, Decision)>) {
    let mut grants = Vec::new();
    for (index, checked) in policies.checked.iter().enumerate() {
        for policy in &checked.document.policies {
            grants.extend(time::history(policy, index, targets, options.now));
        }
    }
    let mut decisions = Vec::new();
    for (index, checked) in requests.checked.iter().enumerate() {
        let inside = &checked.document.requests;
        for request in inside.iter().filter(|request| request.stored) {
            grants.extend(time::stored(request, targets, options.now, Origin::Request(index)));
        }
        let fresh = inside.iter().find(|request| !request.stored);
        if fresh.is_none() && !inside.is_empty() {
            continue;
        }
        let Some((policy, decision)) =
            requests.bytes.get(index).and_then(|request| decided(policies, request, options))
        else {
            continue;
        };
        let why = fresh.and_then(|request| request.justification.get()).map(ToString::to_string);
        for grant in &decision.grants {
            let target = targets.iter().position(|target| {
                target.document == policy && target.id.eq_ignore_ascii_case(&grant.machine)
            });
            grants.extend(target.map(|target| LiveGrant::decided(grant, target, why.clone(), index)));
        }
        decisions.push((index, decision));
    }
    time::replace_older(&mut grants);
    (grants, decisions)
}

/// The answer of the policy document that grants the request, or else of the one with the least against it.
fn decided(policies: &Documents, request: &[u8], options: &Options) -> Option<(usize, Decision)> {
    let context = decide::Context { now: options.now, caller_address: options.caller_address };
    let decisions = policies.bytes.iter().map(|policy| decide(policy, request, &context)).enumerate();
    decisions.min_by_key(|(_, decision)| (!decision.is_granted(), decision.reasons.len()))
}
