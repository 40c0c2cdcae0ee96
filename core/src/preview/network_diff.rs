//! What two versions of a network let reach the same machines.

use alloc::string::String;
use alloc::vec::Vec;

use super::diff::ReachableChange;
use crate::network::{
    Bounds, Engine, Index, IpConfiguration, Network, NetworkInterface, Ref, VirtualMachine,
};
use crate::sets::Traffic;

/// Machine by machine, by id. What is only in one version is reached by nothing in the other.
pub(super) fn compare(before: &Engine, after: &Engine) -> Vec<ReachableChange> {
    let lone = [before, after].into_iter().all(|engine| engine.network().machines.is_empty());
    if lone {
        let (before, after) = (stand_ins(before.network()), stand_ins(after.network()));
        return compare_machines(&Engine::new(before), &Engine::new(after));
    }
    compare_machines(before, after)
}

fn compare_machines(before: &Engine, after: &Engine) -> Vec<ReachableChange> {
    let mut changes = Vec::new();
    let nothing = || Bounds::exact(Traffic::none());
    let mut ids: Vec<&str> = Vec::new();
    for engine in [before, after] {
        ids.extend(engine.network().machines.iter().map(|machine| machine.id.as_str()));
    }
    let key = |id: &str| id.to_ascii_lowercase();
    ids.sort_by_key(|id| key(id));
    ids.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
    for id in ids {
        let of = |engine: &Engine| match engine.find(id) {
            Ok(machine) => engine.effective(machine),
            Err(_) => nothing(),
        };
        let (before, after) = (of(before), of(after));
        let surely = (before.surely.difference(&after.surely), after.surely.difference(&before.surely));
        let may = (before.may.difference(&after.may), after.may.difference(&before.may));
        let mut push = |opens: bool, surely: Traffic, may: &Traffic| {
            let maybe = may.difference(&surely);
            for (certain, traffic) in [(true, surely), (false, maybe)] {
                if !traffic.is_empty() {
                    changes.push(ReachableChange { machine: id.into(), opens, certain, traffic });
                }
            }
        };
        push(true, surely.1, &may.1);
        push(false, surely.0, &may.0);
    }
    changes
}

/// For files without machines: behind each NSG a machine that may have any address.
fn stand_ins(network: &Network) -> Network {
    let mut network = network.clone();
    let nsgs: Vec<(String, String)> =
        network.nsgs.iter().map(|nsg| (nsg.id.clone(), nsg.name.clone())).collect();
    for (index, (id, name)) in nsgs.into_iter().enumerate() {
        // An NSG without an id is known by its name.
        let id = if id.is_empty() { name.clone() } else { id };
        let nic = Index::new(network.nics.len());
        network.nics.push(NetworkInterface {
            id: id.clone(),
            nsg: Ref::Given(Index::new(index)),
            ip_configurations: [IpConfiguration::default()].into(),
            ..NetworkInterface::default()
        });
        network.machines.push(VirtualMachine {
            id,
            name,
            nics: [Ref::Given(nic)].into(),
            ..VirtualMachine::default()
        });
    }
    network
}
