//! The ways through: documents in, preview out; and a policy of a fleet.

use alloc::vec::Vec;

use super::answer::Preview;
use super::beside::Sees;
use super::documents::Read;
use super::exposure::Exposure;
use super::fleet::{Around, Fleet};
use super::load::{Loaded, reports};
use super::scene::{Scene, targets};
use super::show::{Worlds, absent};
use super::target::{Target, not_known};
use super::time::LiveGrant;
use super::{Mode, Options, beside, facts};
use crate::decide::{Decision, expect_policy};
use crate::model::Kind;
use crate::rules::Checked;

/// The machines of a policy that are not told of are its second document.
const HIDDEN: usize = 1;

/// What these policies and requests do to a network: the rules that are written, and what may reach each machine
/// before, at rest, while the requests are open, and after.
///
/// Documents are of the kinds that [`check`](crate::check) reads. A policy with an error that the service is sure to
/// refuse protects nothing; its report says why. Requests are decided at `now`; stored ones, and those that a policy
/// lists, count as they are.
pub fn preview(network: &Loaded, policies: &[&[u8]], requests: &[&[u8]], options: &Options) -> Preview {
    let (policies, requests) = (Read::new(policies), Read::new(requests));
    let (policy_tapes, request_tapes) = (policies.tapes(), requests.tapes());
    let (mut policies, requests) =
        (policy_tapes.check(Some(options.now)), request_tapes.check(Some(options.now)));
    // There may be no policies yet: then an empty list is all there is.
    let one = |checked: &&mut Checked| checked.document.kind != Kind::PolicyList;
    policies.checked.iter_mut().filter(one).for_each(expect_policy);
    let scene = Scene::new(network, &policies, &requests, options);
    let at = options.at.unwrap_or(options.now);
    let worlds = Worlds::new(&network.engine, &scene, at);
    let mut machines = worlds.machines();
    let timeline = worlds.timeline(options.now.min(at));
    let mut found = facts::all(&worlds, &machines, &timeline, options.now, &|_| true);
    for target in not_known(&policies) {
        let name = target.name.clone();
        found.push(facts::in_policy(&target, target.node, Exposure::MachineNotKnown { machine: name }));
        machines.push(absent(&target, "in a policy, by an expression: which machine it is, is not known"));
    }
    let reports = reports(network, policies, requests, &found, options.now);
    Preview {
        at,
        machines,
        timeline,
        decisions: scene.decisions,
        granted: Vec::new(),
        left: Vec::new(),
        sharing: Vec::new(),
        reports,
    }
}

/// A policy of a fleet, or what is to come in its place.
pub(crate) struct Proposal<'a> {
    /// Its id.
    pub id: &'a str,
    /// The policy, with the machines that are told of.
    pub told: &'a [u8],
    /// The same, with its other machines.
    pub hidden: &'a [u8],
    /// What is opened again is told: against the fleet as it is stored.
    pub stored: Option<&'a Fleet>,
    /// The ids of policies that change with it: the fleet has them as they are to be.
    pub also: &'a [&'a str],
    /// A request, and the answer to it.
    pub request: Option<(&'a [u8], Decision)>,
    /// The grants that count at the instant, for a fleet.
    pub grants: &'a dyn Fn(&Fleet) -> Vec<LiveGrant>,
}

/// What a policy of a fleet does to the network among all others, and what is open on its machines: the machines of the
/// answer that are in a policy. Of the network's files nothing is said, and of machines that somebody may not see reports
/// say only that there are some that are touched.
pub(crate) fn preview_among(fleet: &Fleet, proposal: Proposal, options: &Options, sees: &Sees) -> Preview {
    let (engine, Options { now, mode, names, .. }) = (fleet.given(), *options);
    let (told, request) = ([proposal.told], proposal.request.as_ref().map(|(request, _)| *request));
    let (policies, requests) = (Read::new(&told), Read::new(request.as_slice()));
    let (policy_tapes, request_tapes) = (policies.tapes(), requests.tapes());
    let (mut policies, requests) = (policy_tapes.check(Some(now)), request_tapes.check(Some(now)));
    policies.checked.iter_mut().for_each(expect_policy);
    let hidden = [proposal.hidden];
    let hidden = Read::new(&hidden);
    let hidden_tapes = hidden.tapes();
    let mut own = targets(engine.network(), &policies, names);
    let hidden = targets(engine.network(), &hidden_tapes.check(None), names);
    own.extend(hidden.into_iter().map(|target| Target { document: HIDDEN, ..target }));

    let Proposal { id, also, .. } = proposal;
    // What changes with it is in the fleet already, and not in what is stored.
    let anew = proposal.stored.filter(|_| !also.is_empty() && mode != Mode::Enforce);
    let anew = anew.and_then(|stored| stored.around(id, own.clone(), &[], mode).stored);
    let Around { fleet: around, before, stored } = fleet.around(id, own, also, mode);
    let grants = (proposal.grants)(&around);
    let decisions = proposal.request.into_iter().map(|(_, decision)| (0, decision)).collect();
    let scene = Scene::of_fleet((around, before), grants, decisions, HIDDEN, now);
    let worlds = Worlds::new(engine, &scene, now).sharing(fleet.at_rest());
    let mut machines = worlds.machines();
    let (mut left, mut sharing) = (Vec::new(), Vec::new());
    if let Some(known) = proposal.stored {
        let stored = anew.as_ref().or(stored.as_ref()).unwrap_or(known);
        worlds.reopened(&mut machines, stored, id);
        left = worlds.left(stored, id, sees);
        sharing = beside::sharing(&worlds, stored, id, sees);
    }
    let timeline = worlds.timeline(now);
    let found = facts::all(&worlds, &machines, &timeline, now, sees);
    let reports = reports(&Loaded::of(engine.clone()), policies, requests, &found, now);
    let granted = worlds.granted();
    Preview { at: now, machines, timeline, decisions: scene.decisions, granted, left, sharing, reports }
}
