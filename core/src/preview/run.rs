//! The one way through: documents in, preview out.

use super::answer::Preview;
use super::beside::Sees;
use super::documents::Read;
use super::load::{Loaded, reports};
use super::scene::Scene;
use super::show::Worlds;
use super::{Options, facts};
use crate::decide::expect_policy;
use crate::model::Kind;
use crate::rules::Checked;

/// What these policies and requests do to a network: the rules that are written, and what may reach each machine
/// before, at rest, while the requests are open, and after.
///
/// Documents are of the kinds that [`check`](crate::check) reads. A policy with an error that the service is sure to
/// refuse protects nothing; its report says why. Requests are decided at `now`; stored ones, and those that a policy
/// lists, count as they are.
pub fn preview(network: &Loaded, policies: &[&[u8]], requests: &[&[u8]], options: &Options) -> Preview {
    preview_for(network, policies, requests, options, &|_| true)
}

/// The same for somebody who may not see every machine: of the others reports say only that there are some that are
/// touched. The machines of the answer are all of them, nevertheless.
pub(crate) fn preview_for(
    network: &Loaded,
    policies: &[&[u8]],
    requests: &[&[u8]],
    options: &Options,
    sees: &Sees,
) -> Preview {
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
    let machines = worlds.machines();
    let timeline = worlds.timeline(options.now.min(at));
    let found = facts::all(&worlds, &machines, &timeline, options.now, sees);
    let reports = reports(network, policies, requests, &found, options.now);
    Preview { at, machines, timeline, decisions: scene.decisions, reports }
}
