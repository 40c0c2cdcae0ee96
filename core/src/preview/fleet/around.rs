//! A fleet with another version of one of its policies: the part of it that can tell what that policy does.

use alloc::vec::Vec;

use hashbrown::{HashMap, HashSet};

use super::Fleet;
use crate::model::Timestamp;
use crate::network::{Index, Network, Ref, VirtualMachine};
use crate::preview::Mode;
use crate::preview::draft::Draft;
use crate::preview::rules::{self, Write, Writes};
use crate::preview::site::sites;
use crate::preview::strip::{Found, Stripped};
use crate::preview::target::Target;
use crate::preview::time::LiveGrant;

/// What stands for the document of all other policies, behind those of the one that is looked at.
const OTHERS: usize = 2;
/// What stands for the documents of those that change with it.
const TOGETHER: usize = 3;

/// The machines of a policy, and those of other policies that have to do with them.
pub(in crate::preview) struct Around {
    /// With the policy: its targets, and then those of others.
    pub fleet: Fleet,
    /// The rules at rest without the first document of the policy, nor those that change with it.
    pub before: Draft,
    /// With the policy as it is stored; none where that is the fleet.
    pub stored: Option<Fleet>,
}

/// Where rules are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Nsg(usize),
    Group(usize),
}

/// What stands before a machine.
fn places(network: &Network, machine: Index<VirtualMachine>) -> HashSet<Place> {
    let nsgs = sites(network, machine).into_iter().flat_map(|site| site.nsgs);
    let nics = network.machines.get(machine.get()).map(|machine| machine.nics.as_slice()).unwrap_or_default();
    let nics = nics.iter().filter_map(|nic| network.nics.get(nic.given()?.get()));
    let groups = nics.flat_map(|nic| &nic.security_groups).filter_map(Ref::given);
    nsgs.map(|nsg| Place::Nsg(nsg.get())).chain(groups.map(|group| Place::Group(group.get()))).collect()
}

/// What a fleet knows of rules.
pub(in crate::preview) struct Parts {
    pub targets: Vec<Target>,
    pub stripped: Stripped,
    pub rest: Draft,
    pub rest_writes: Writes,
}

impl Fleet {
    /// The rules alone, without the networks that they make.
    pub(in crate::preview) fn into_parts(self) -> Parts {
        let Self { targets, stripped, rest, rest_writes, .. } = self;
        Parts { targets, stripped, rest, rest_writes }
    }

    /// The network as it was found, but for what grants explain.
    pub(in crate::preview) fn as_found_with(&self, grants: &[LiveGrant], at: Timestamp) -> Draft {
        self.stripped.as_found(self.given.network(), &self.targets, grants, at)
    }

    /// True for a machine that the policy of this id has.
    pub(in crate::preview) fn has(&self, id: &str, machine: Index<VirtualMachine>) -> bool {
        let targets = self.of_machine.get(machine.get()).into_iter().flatten();
        let mut targets = targets.filter_map(|&at| self.targets.get(at));
        targets.any(|target| target.policy_id.eq_ignore_ascii_case(id))
    }

    /// The targets of the policy of this id.
    pub(in crate::preview) fn targets_of(&self, id: &str) -> impl Iterator<Item = &Target> {
        self.targets.iter().filter(move |target| target.policy_id.eq_ignore_ascii_case(id))
    }

    /// With these targets in place of those that the policy of this id has. Other targets are left out where neither their
    /// rules nor their grants can be seen from a machine of the policy, or from one that shares an NSG or a group with it.
    /// The policies of the ids in `also` change with it.
    pub(in crate::preview) fn around(&self, id: &str, own: Vec<Target>, also: &[&str], mode: Mode) -> Around {
        let network = self.given.network();
        let is_own = |target: &Target| target.policy_id.eq_ignore_ascii_case(id);
        let stored: Vec<Target> = self.targets.iter().filter(|target| is_own(target)).cloned().collect();
        let both = || own.iter().chain(&stored);
        let machines: HashSet<_> = both().filter_map(|target| target.machine).collect();
        let firewalls: HashSet<_> = both().filter_map(|target| Some(target.firewall?.0.get())).collect();
        let near: HashSet<Place> = machines.iter().flat_map(|&machine| places(network, machine)).collect();
        // What reaches the machines beside is told as well: all that stands before them has to be there.
        let all = (0..network.machines.len()).map(|machine| places(network, Index::new(machine)));
        let beside: HashSet<Place> = all.filter(|places| !places.is_disjoint(&near)).flatten().collect();
        let is_near = |target: &Target| {
            let touches =
                |machine| machines.contains(&machine) || !places(network, machine).is_disjoint(&beside);
            target.machine.is_some_and(touches)
                || target.firewall.is_some_and(|(firewall, _)| firewalls.contains(&firewall.get()))
        };
        let changes = |target: &Target| also.iter().any(|id| target.policy_id.eq_ignore_ascii_case(id));
        let document = |target: &Target| if changes(target) { TOGETHER } else { OTHERS };
        let others = self.targets.iter().enumerate();
        let others = others.filter(|(_, target)| !is_own(target) && is_near(target));
        let (places, others): (Vec<usize>, Vec<Target>) =
            others.map(|(at, target)| (at, Target { document: document(target), ..target.clone() })).unzip();

        let former = self.former_without(&own, &stored, &is_own);
        let rest = self.places_of(&own, &is_own).filter(|_| mode == Mode::Enforce);
        let rest = rest.map(|own| self.rest_of(&[own, places].concat(), &beside));
        let with = |own: Vec<Target>| [own, others.clone()].concat();
        let stored = (mode != Mode::Enforce)
            .then(|| Self::of_targets(&self.given, with(stored), self.former.clone(), mode, None));
        let fleet = Self::of_targets(&self.given, with(own), former, mode, rest);
        let before = fleet.without_first(mode);
        Around { fleet, before, stored }
    }

    /// The rules at rest of all documents but the first, and those that change with it.
    fn without_first(&self, mode: Mode) -> Draft {
        let network = self.given.network();
        let is_first = |target: &Target| [0, TOGETHER].contains(&target.document);
        let is_full = self.rest_writes.iter().any(|(_, write)| matches!(write, Write::NoPriority { .. }));
        let is_foreign = |found: &Found| found.target.is_none() && !found.former;
        let mut left_over = self.stripped.found.iter().filter(|found| is_foreign(found));
        let is_written = |found: &Found| self.rest.nsgs.iter().any(|(nsg, _)| *nsg == found.nsg);
        let is_kept = mode == Mode::Enforce && !is_full && !left_over.any(is_written);
        // Where each deny stands above all that it is to stop, and no other is there that rules may have moved behind, those
        // of the first document can go, and what the others do stays the same.
        let mut before = if is_kept { self.rest.clone() } else { self.stripped.before.clone() };
        before.groups.clone_from(&self.stripped.before.groups);
        let of_first = |of: usize| self.targets.get(of).is_some_and(is_first);
        for (_, write) in self.rest_writes.iter().filter(|(of, _)| is_kept && of_first(*of)) {
            rules::take_back(&mut before, write);
        }
        let anew = |target: &&Target| !is_first(target) && (!is_kept || rules::is_ec2(network, target));
        let anew: Vec<Target> = self.targets.iter().filter(anew).cloned().collect();
        rules::rest(network, &mut before, &anew, mode);
        before
    }

    /// The places of a policy's targets among all, where these are the same; none where one of them differs.
    fn places_of(&self, own: &[Target], is_own: &dyn Fn(&Target) -> bool) -> Option<Vec<usize>> {
        let stored = self.targets.iter().enumerate().filter(|(_, target)| is_own(target));
        let mut stored: Vec<(usize, &Target)> = stored.collect();
        let ports = |target: &Target| -> Vec<_> {
            target.ports.iter().map(|port| (port.port, port.protocol)).collect()
        };
        let mut places = Vec::new();
        for target in own {
            let is_same = |(_, known): &(usize, &Target)| {
                known.id == target.id && known.machine == target.machine && ports(known) == ports(target)
            };
            let at = stored.iter().position(is_same)?;
            places.push(stored.remove(at).0);
        }
        stored.is_empty().then_some(places)
    }

    /// What the fleet writes at rest for the targets of these places, which get the numbers of their order; and the rules
    /// before the machines that there are to do with.
    fn rest_of(&self, places: &[usize], before: &HashSet<Place>) -> (Draft, Writes) {
        let mut rest = self.rest.clone();
        rest.nsgs.retain(|(nsg, _)| before.contains(&Place::Nsg(nsg.get())));
        rest.groups.retain(|(group, _)| before.contains(&Place::Group(group.get())));
        let numbers: HashMap<usize, usize> = places.iter().copied().zip(0..).collect();
        let own = self.rest_writes.iter();
        let own = own.filter_map(|(of, write)| Some((*numbers.get(of)?, write.clone())));
        (rest, own.collect())
    }

    /// The machines that policies had once, and none has once a policy has other targets than those stored.
    fn former_without(
        &self,
        own: &[Target],
        stored: &[Target],
        is_own: &dyn Fn(&Target) -> bool,
    ) -> Vec<Index<VirtualMachine>> {
        let own: HashSet<_> = own.iter().filter_map(|target| target.machine).collect();
        let others = |machine: Index<VirtualMachine>| {
            let targets = self.of_machine.get(machine.get()).into_iter().flatten();
            targets.filter_map(|&at| self.targets.get(at)).any(|target| !is_own(target))
        };
        let mut gone: HashSet<_> = stored.iter().filter_map(|target| target.machine).collect();
        gone.retain(|&machine| !own.contains(&machine) && !others(machine));
        self.former.iter().copied().filter(|machine| !own.contains(machine)).chain(gone).collect()
    }
}
