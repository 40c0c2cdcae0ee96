//! What JIT's rules do beside their purpose: to machines of which is not told, and beyond what was granted.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use hashbrown::HashSet;

use super::answer::{Interval, Sharing, lost, surely_lost};
use super::draft::Draft;
use super::exposure::{Exposure, ExposureFact, Other};
use super::facts::{in_policy, words};
use super::firewall::behind;
use super::fleet::Fleet;
use super::residual::to_port;
use super::rules::Write;
use super::show::Worlds;
use super::site::sites;
use super::target::Target;
use super::time::LiveGrant;
use super::world::World;
use crate::network::{Index, Network, VirtualMachine};
use crate::sets::{Addresses, Ports, Region, Traffic};

/// Which machines may be told of.
pub(super) type Sees<'s> = dyn Fn(Index<VirtualMachine>) -> bool + 's;

/// Machines that are not told of, and that what JIT writes at rest touches all the same.
pub(super) fn at_rest(worlds: &Worlds, sees: &Sees, facts: &mut Vec<ExposureFact>) {
    let scene = worlds.scene;
    // The first target for whom something was written, for each place.
    let mut nsgs: Vec<Option<usize>> = alloc::vec![None; worlds.network.nsgs.len()];
    let mut groups: Vec<Option<usize>> = alloc::vec![None; worlds.network.security_groups.len()];
    let is_told = |of: usize| scene.targets.get(of).is_some_and(|target| scene.tells(target));
    for (of, write) in scene.rest_writes.iter().filter(|(of, _)| is_told(*of)) {
        let place = match write {
            Write::Rule { nsg, .. } => nsgs.get_mut(nsg.get()),
            Write::Revoke { group, .. } => groups.get_mut(group.get()),
            _ => None,
        };
        if let Some(place) = place {
            place.get_or_insert(*of);
        }
    }
    let protected: HashSet<_> = scene.targets.iter().filter_map(|target| target.machine).collect();
    for index in (0..worlds.network.machines.len()).map(Index::new) {
        let sites = sites(worlds.network, index);
        let by_nsg = sites.iter().flat_map(|site| &site.nsgs).find_map(|nsg| *nsgs.get(nsg.get())?);
        let by = by_nsg.or_else(|| worlds.groups(index).find_map(|group| *groups.get(group.get())?));
        let Some(target) = by.and_then(|by| scene.targets.get(by)) else { continue };
        if scene.shows(index) {
            continue;
        }
        let Some(other) = worlds.network.machines.get(index.get()) else { continue };
        let (before, after) = (worlds.before.effective(index), worlds.rest.effective(index));
        let (closed, opened) = (lost(&before, &after), lost(&after, &before));
        let is_seen = sees(index);
        let told = |traffic, surely: Traffic| is_seen.then(|| other_one(&other.name, traffic, &surely));
        // Each machine is asked about once, but of those that are not told of there may be many.
        let mut say = |exposure| {
            let fact = in_policy(target, target.node, exposure);
            if is_seen { facts.push(fact) } else { once(fact, facts) }
        };
        let machine = || target.name.clone();
        // Others may be protected by another policy, which is to close something on them.
        if !closed.is_empty() && !protected.contains(&index) {
            say(Exposure::ClosesAnother {
                machine: machine(),
                other: told(&closed, surely_lost(&before, &after)),
            });
        }
        if !opened.is_empty() {
            say(Exposure::OpensAnother {
                machine: machine(),
                other: told(&opened, surely_lost(&after, &before)),
            });
        }
    }
}

/// What becomes otherwise at rest on the instances that share a security group with those of a policy, as it is stored or as
/// it is to be: the permissions that are taken out of the group, or come back, are for all that have it.
pub(super) fn sharing(worlds: &Worlds, stored: &Fleet, policy: &str, sees: &Sees) -> Vec<Sharing> {
    let is_own = |target: &&Target| target.policy_id.eq_ignore_ascii_case(policy);
    let own = stored.targets_of(policy).chain(worlds.scene.targets.iter().filter(is_own));
    let groups: HashSet<_> =
        own.filter_map(|target| target.machine).flat_map(|machine| worlds.groups(machine)).collect();
    let world = World::given(stored.at_rest());
    let mut found: Vec<Sharing> = Vec::new();
    for index in (0..worlds.network.machines.len()).map(Index::new) {
        let mut shared: Vec<_> = worlds.groups(index).filter(|group| groups.contains(group)).collect();
        crate::order::distinct(&mut shared);
        if shared.is_empty() || worlds.rest.engine().filters_alike(world.engine(), index) {
            continue;
        }
        let Some(machine) = worlds.network.machines.get(index.get()) else { continue };
        let (then, now) = (world.effective(index), worlds.rest.effective(index));
        // What only may get in now is not closed.
        let closed = then.may.try_difference(&now.may).unwrap_or_default();
        let reopened = lost(&now, &then);
        if closed.is_empty() && reopened.is_empty() {
            continue;
        }
        if sees(index) {
            let name = |group: Index<_>| Some(worlds.network.security_groups.get(group.get())?.name.clone());
            let groups = shared.into_iter().filter_map(name).collect();
            let machine = Some((machine.id.clone(), machine.name.clone()));
            found.push(Sharing { machine, groups, closed, reopened });
        } else if !found.iter().any(|known| known.machine.is_none()) {
            let nothing = Traffic::default;
            found.push(Sharing { machine: None, groups: Vec::new(), closed: nothing(), reopened: nothing() });
        }
    }
    found
}

/// What grants open elsewhere, and beyond what they are for.
pub(super) fn over_time(worlds: &Worlds, interval: &Interval, sees: &Sees, facts: &mut Vec<ExposureFact>) {
    let scene = worlds.scene;
    let told = |grant: &LiveGrant| scene.targets.get(grant.target).filter(|target| scene.tells(target));
    let Some(first) = interval.grants.iter().find_map(|(grant, _)| told(grant)) else { return };
    for (id, name, traffic) in &interval.opened {
        let machine = worlds.network.machines.iter().position(|machine| machine.id == *id).map(Index::new);
        let is_seen = machine.is_some_and(sees);
        let own = interval.grants.iter().filter_map(|(grant, mapped)| {
            let target = scene.targets.get(grant.target)?;
            (target.machine == machine).then_some((grant, *mapped, target))
        });
        let target = own.clone().fold(None, |known, (grant, _, of)| told(grant).or(known).or(Some(of)));
        let left = match machine {
            Some(machine) => beyond(worlds.network, &scene.rest, machine, own, traffic.may.clone()),
            None => traffic.may.clone(),
        };
        if left.is_empty() {
            continue;
        }
        let fact = match target {
            Some(target) => {
                let machine = target.name.clone();
                let (certain, traffic) = sure_words(&left, &traffic.surely);
                in_policy(target, target.node, Exposure::OpensMore { machine, traffic, certain })
            }
            None => {
                let machine = first.name.clone();
                let other = is_seen.then(|| other_one(name, &left, &traffic.surely));
                in_policy(first, first.node, Exposure::OpensAnother { machine, other })
            }
        };
        once(fact, facts);
    }
}

/// A grant, the firewall's address and port that lead there, and what it is for.
pub(super) type Own<'s> = (&'s LiveGrant, Option<(IpAddr, u16)>, &'s Target);

/// What is left of traffic to a machine without what grants to it are for.
pub(super) fn beyond<'s>(
    network: &Network,
    rest: &Draft,
    machine: Index<VirtualMachine>,
    grants: impl Iterator<Item = Own<'s>>,
    traffic: Traffic,
) -> Traffic {
    grants.fold(traffic, |left, (grant, mapped, target)| {
        let here = to_port(network, rest, machine, (grant.protocol, grant.port));
        let from: Addresses = grant.nets().into_iter().collect();
        let left = left.difference(&here.from_sources(&from));
        let Some((address, port)) = mapped else { return left };
        let through = Region {
            sources: from,
            destinations: Addresses::from(address),
            destination_ports: Ports::one(port),
            ..Region::all()
        };
        // In the firewall's own subnet there is nobody else.
        let behind = target.firewall.map(|(index, _)| behind(network, index)).unwrap_or_default();
        left.difference(&Traffic::from(through)).difference(&here.from_sources(&behind.into_iter().collect()))
    })
}

fn other_one(name: &str, traffic: &Traffic, surely: &Traffic) -> Other {
    let (certain, traffic) = sure_words(traffic, surely);
    Other { machine: name.into(), traffic, certain }
}

/// Whether some of it is sure, and all of it in words, in which the rest then is a maybe.
fn sure_words(traffic: &Traffic, surely: &Traffic) -> (bool, String) {
    let sure = traffic.intersection(surely);
    let rest = traffic.difference(&sure);
    match (sure.is_empty(), rest.is_empty()) {
        (true, _) => (false, words(traffic)),
        (false, true) => (true, words(&sure)),
        (false, false) => (true, [words(&sure), words(&rest)].join("; and maybe ")),
    }
}

/// Says it, unless it was said.
fn once(fact: ExposureFact, facts: &mut Vec<ExposureFact>) {
    let told = |known: &ExposureFact| {
        (known.index, known.node) == (fact.index, fact.node) && same(&known.exposure, &fact.exposure)
    };
    if !facts.iter().any(told) {
        facts.push(fact);
    }
}

/// The same thing about the same machines, at another time.
fn same(one: &Exposure, other: &Exposure) -> bool {
    match (one, other) {
        (Exposure::OpensMore { machine: a, .. }, Exposure::OpensMore { machine: b, .. })
        | (
            Exposure::ClosesAnother { machine: a, other: None },
            Exposure::ClosesAnother { machine: b, other: None },
        ) => a == b,
        (
            Exposure::OpensAnother { machine: a, other: x },
            Exposure::OpensAnother { machine: b, other: y },
        ) => a == b && x.as_ref().map(|x| &x.machine) == y.as_ref().map(|y| &y.machine),
        _ => false,
    }
}
