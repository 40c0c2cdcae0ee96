//! What JIT's rules do beside their purpose: to machines that no policy protects, and beyond what was granted.

use alloc::vec::Vec;

use super::answer::{Interval, lost};
use super::exposure::{Exposure, ExposureFact};
use super::facts::{in_policy, words};
use super::firewall::behind;
use super::residual::to_port;
use super::rules::Write;
use super::show::Worlds;
use super::site::sites;
use crate::network::Index;
use crate::sets::{Addresses, Traffic};

/// Machines that no policy protects, and that what JIT writes at rest touches all the same.
pub(super) fn at_rest(worlds: &Worlds, facts: &mut Vec<ExposureFact>) {
    let scene = worlds.scene;
    // The first target for whom something was written, for each place.
    let mut nsgs: Vec<Option<usize>> = alloc::vec![None; worlds.network.nsgs.len()];
    let mut groups: Vec<Option<usize>> = alloc::vec![None; worlds.network.security_groups.len()];
    for (of, write) in &scene.rest_writes {
        let place = match write {
            Write::Rule { nsg, .. } => nsgs.get_mut(nsg.get()),
            Write::Revoke { group, .. } => groups.get_mut(group.get()),
            _ => None,
        };
        if let Some(place) = place {
            place.get_or_insert(*of);
        }
    }
    for index in (0..worlds.network.machines.len()).map(Index::new) {
        let sites = sites(worlds.network, index);
        let by_nsg = sites.iter().flat_map(|site| &site.nsgs).find_map(|nsg| *nsgs.get(nsg.get())?);
        let by = by_nsg.or_else(|| worlds.groups(index).find_map(|group| *groups.get(group.get())?));
        let Some(target) = by.and_then(|by| scene.targets.get(by)) else { continue };
        if scene.targets.iter().any(|target| target.machine == Some(index)) {
            continue;
        }
        let Some(other) = worlds.network.machines.get(index.get()) else { continue };
        let (before, after) = (worlds.before.effective(index), worlds.rest.effective(index));
        let (closed, opened) = (lost(&before, &after), lost(&after, &before));
        let (machine, other) = (target.name.clone(), other.name.clone());
        if !closed.is_empty() {
            let traffic = words(&closed);
            let exposure =
                Exposure::ClosesAnother { machine: machine.clone(), other: other.clone(), traffic };
            facts.push(in_policy(target, target.node, exposure));
        }
        if !opened.is_empty() {
            let exposure = Exposure::OpensAnother { machine, other, traffic: words(&opened) };
            facts.push(in_policy(target, target.node, exposure));
        }
    }
}

/// What grants open elsewhere, and beyond what they are for.
pub(super) fn over_time(worlds: &Worlds, interval: &Interval, facts: &mut Vec<ExposureFact>) {
    let scene = worlds.scene;
    let Some((first, _)) = interval.grants.first() else { return };
    for (id, name, traffic) in &interval.opened {
        let machine = worlds.network.machines.iter().position(|machine| machine.id == *id).map(Index::new);
        let own = interval.grants.iter().filter(|(grant, _)| {
            scene.targets.get(grant.target).is_some_and(|target| target.machine == machine)
        });
        let mut left = traffic.clone();
        let mut target = None;
        for (grant, mapped) in own {
            let Some(machine) = machine else { continue };
            target = scene.targets.get(grant.target);
            let here = to_port(worlds.network, &worlds.scene.rest, machine, (grant.protocol, grant.port));
            let from: Addresses = grant.nets().into_iter().collect();
            left = left.difference(&here.from_sources(&from));
            if let Some((address, port)) = mapped {
                let through = crate::sets::Region {
                    sources: from.clone(),
                    destinations: Addresses::from(*address),
                    destination_ports: crate::sets::Ports::one(*port),
                    ..crate::sets::Region::all()
                };
                left = left.difference(&Traffic::from(through));
                // In the firewall's own subnet there is nobody else.
                let behind =
                    target.and_then(|target| target.firewall).map(|(index, _)| behind(worlds.network, index));
                left = left.difference(&here.from_sources(&behind.unwrap_or_default().into_iter().collect()));
            }
        }
        if left.is_empty() {
            continue;
        }
        let fact = match target {
            Some(target) => {
                let machine = target.name.clone();
                in_policy(target, target.node, Exposure::OpensMore { machine, traffic: words(&left) })
            }
            None => {
                let Some(target) = scene.targets.get(first.target) else { continue };
                let machine = target.name.clone();
                let exposure = Exposure::OpensAnother { machine, other: name.clone(), traffic: words(&left) };
                in_policy(target, target.node, exposure)
            }
        };
        let told = |known: &ExposureFact| known.node == fact.node && same(&known.exposure, &fact.exposure);
        if !facts.iter().any(told) {
            facts.push(fact);
        }
    }
}

/// The same thing about the same machines, at another time.
fn same(one: &Exposure, other: &Exposure) -> bool {
    match (one, other) {
        (Exposure::OpensMore { machine: a, .. }, Exposure::OpensMore { machine: b, .. }) => a == b,
        (
            Exposure::OpensAnother { machine: a, other: x, .. },
            Exposure::OpensAnother { machine: b, other: y, .. },
        ) => a == b && x == y,
        _ => false,
    }
}
