//! The network under policies and requests, at any instant.

use alloc::vec::Vec;

use super::Options;
use super::documents::Read;
use super::load::Loaded;
use super::scene::Scene;
use super::time;
use super::world::World;
use crate::model::Timestamp;
use crate::network::{Engine, Index, VirtualMachine};
use crate::order;

/// One engine for each time in which nothing changes. Without policies it is the network as given.
#[derive(Debug)]
pub struct Watch {
    /// Before anything was granted.
    first: Engine,
    /// From when each counts, ascending.
    later: Vec<(Timestamp, Engine)>,
    /// Those that a policy names, ascending.
    protected: Vec<Index<VirtualMachine>>,
}

impl Watch {
    /// For these documents; requests are decided at `now`.
    pub fn new(network: &Loaded, policies: &[&[u8]], requests: &[&[u8]], options: &Options) -> Self {
        let (policies, requests) = (Read::new(policies), Read::new(requests));
        let (policy_tapes, request_tapes) = (policies.tapes(), requests.tapes());
        let (policies, requests) =
            (policy_tapes.check(Some(options.now)), request_tapes.check(Some(options.now)));
        let given = World::given(&network.engine);
        let scene = Scene::new(network, &policies, &requests, options);
        let begin = scene.grants.iter().map(|grant| grant.from).min();
        let instants = begin.map(|begin| time::instants(&scene.grants, begin)).unwrap_or_default();
        let engine = |at: &Timestamp| (*at, given.with(&scene.open(given.network, *at).draft).into_engine());
        let mut protected: Vec<_> = scene.targets.iter().filter_map(|target| target.machine).collect();
        order::sort_by(&mut protected, Ord::cmp);
        Self {
            first: given.with(&scene.rest).into_engine(),
            later: instants.iter().map(engine).collect(),
            protected,
        }
    }

    /// True for a machine that a policy names.
    pub fn protects(&self, machine: Index<VirtualMachine>) -> bool {
        self.protected.binary_search(&machine).is_ok()
    }

    /// The network at an instant.
    pub fn at(&self, at: Timestamp) -> &Engine {
        let since = self.later.partition_point(|(from, _)| *from <= at).checked_sub(1);
        since.and_then(|index| self.later.get(index)).map_or(&self.first, |(_, engine)| engine)
    }
}
