//! What two versions of a network let reach the same machines.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::diff::ReachableChange;
use super::text::{self, RuleText};
use crate::network::{
    Bounds, Engine, Index, IpConfiguration, Missing, Network, NetworkInterface, NetworkSecurityGroup, Place,
    Ref, SecurityRule, VirtualMachine,
};
use crate::order;
use crate::sets::Traffic;

/// Machine by machine, by id. What is only in one version is reached by nothing in the other.
///
/// The second answer is false where something is not known that is not the same on both sides: the bounds may then be
/// equal, and what is behind them not.
pub(super) fn compare(before: &Engine, after: &Engine) -> (Vec<ReachableChange>, bool) {
    let lone = [before, after].into_iter().all(|engine| engine.network().machines.is_empty());
    if lone {
        let (before, after) = (stand_ins(before.network()), stand_ins(after.network()));
        return compare_machines(&Engine::new(before), &Engine::new(after));
    }
    compare_machines(before, after)
}

fn compare_machines(before: &Engine, after: &Engine) -> (Vec<ReachableChange>, bool) {
    let mut found = Differences::default();
    let nothing = || Bounds::exact(Traffic::none());
    let mut ids: Vec<&str> = Vec::new();
    for engine in [before, after] {
        ids.extend(engine.network().machines.iter().map(|machine| machine.id.as_str()));
    }
    let key = |id: &str| id.to_ascii_lowercase();
    order::sort_by(&mut ids, |one, other| key(one).cmp(&key(other)));
    ids.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
    for id in ids {
        let engines = [before, after];
        let machines = engines.map(|engine| (engine, engine.find(id).ok()));
        let [before, after] = machines
            .map(|(engine, machine)| machine.map_or_else(nothing, |machine| engine.effective(machine)));
        found.add(id, (&before, &after), || {
            let [before, after] = machines.map(|(engine, machine)| {
                machine.map(|machine| filters(engine.network(), machine)).unwrap_or_default()
            });
            before == after
        });
    }
    (found.changes, found.complete)
}

/// What was found to differ.
#[derive(Debug)]
pub(super) struct Differences {
    pub changes: Vec<ReachableChange>,
    /// False where there may be more.
    pub complete: bool,
}

impl Default for Differences {
    fn default() -> Self {
        Self { changes: Vec::new(), complete: true }
    }
}

impl Differences {
    /// A machine, before and after; and whether what filters before it is the same, which matters where not all of it is
    /// known.
    pub(super) fn add(
        &mut self,
        id: &str,
        (before, after): (&Bounds<Traffic>, &Bounds<Traffic>),
        same_filters: impl FnOnce() -> bool,
    ) {
        self.complete &= before.is_exact() && after.is_exact() || same_filters();
        self.change(id, true, before, after);
        self.change(id, false, after, before);
    }

    fn change(&mut self, id: &str, opens: bool, from: &Bounds<Traffic>, to: &Bounds<Traffic>) {
        let certain = to.surely.try_difference(&from.may);
        let maybe = to.may.try_difference(&from.may).and_then(|may| {
            let surely = to.surely.try_difference(&from.surely)?;
            may.try_union(&surely)?.try_difference(certain.as_ref().map_err(|entangled| *entangled)?)
        });
        // Of what is too much work to compare nothing is certain, and all may be.
        self.complete &= maybe.is_ok();
        let (certain, maybe) = match maybe {
            Ok(maybe) => (certain.unwrap_or_default(), maybe),
            Err(_) => (Traffic::none(), to.may.clone()),
        };
        for (certain, traffic) in [(true, certain), (false, maybe)] {
            if !traffic.is_empty() {
                self.changes.push(ReachableChange { machine: id.into(), opens, certain, traffic });
            }
        }
    }
}

/// Everything that filters what comes to a machine, in the order in which it does, without names and numbers.
pub(super) fn filters(network: &Network, machine: Index<VirtualMachine>) -> Vec<String> {
    let mut filters = Vec::new();
    let nics = network.machines.get(machine.get()).map(|machine| machine.nics.as_slice()).unwrap_or_default();
    for nic in nics {
        let Some(nic) = nic.given().and_then(|nic| network.nics.get(nic.get())) else {
            filters.extend(missing(nic));
            continue;
        };
        nsg(network, &nic.nsg, &mut filters);
        for configuration in &nic.ip_configurations {
            match configuration.subnet.given().and_then(|subnet| network.subnets.get(subnet.get())) {
                Some(subnet) => nsg(network, &subnet.nsg, &mut filters),
                None => filters.extend(missing(&configuration.subnet)),
            }
        }
        for group in &nic.security_groups {
            match group.given().and_then(|group| network.security_groups.get(group.get())) {
                Some(group) => filters.extend(
                    group.ingress.iter().map(|permission| nameless(text::permission(permission, network))),
                ),
                None => filters.extend(missing(group)),
            }
        }
    }
    let nat = network.firewalls.iter().flat_map(|firewall| &firewall.nat);
    filters.extend(nat.flat_map(|all| &all.rules).map(|rule| nameless(text::nat_rule(rule, network))));
    filters
}

fn nsg(network: &Network, of: &Ref<NetworkSecurityGroup>, filters: &mut Vec<String>) {
    let Some(nsg) = of.given().and_then(|nsg| network.nsgs.get(nsg.get())) else {
        filters.extend(missing(of));
        return;
    };
    let inbound = nsg.rules.iter().filter(|rule| rule.direction.may_be_inbound());
    let mut inbound: Vec<&SecurityRule> = inbound.collect();
    order::sort(&mut inbound, |rule| rule.priority.into());
    filters.extend(
        inbound
            .into_iter()
            .map(|rule| format!("{:?} {}", rule.source_ports, nameless(text::security_rule(rule, network)))),
    );
}

fn nameless(rule: RuleText) -> String {
    format!("{:?}", RuleText { name: String::new(), description: String::new(), priority: None, ..rule })
}

/// What is not given, by its id.
fn missing<T>(of: &Ref<T>) -> Option<String> {
    if let Ref::Missing(missing) = of { Some(missing.id.to_ascii_lowercase()) } else { None }
}

/// For files without machines: behind each NSG a machine that may have any address.
pub(super) fn stand_ins(network: &Network) -> Network {
    let mut network = network.clone();
    let nsgs: Vec<(String, String)> =
        network.nsgs.iter().map(|nsg| (nsg.id.clone(), nsg.name.clone())).collect();
    let unknown = Ref::Missing(Missing { id: String::new(), place: Place::default() });
    for (index, (id, name)) in nsgs.into_iter().enumerate() {
        // An NSG without an id is known by its name.
        let id = if id.is_empty() { name.clone() } else { id };
        let nic = Index::new(network.nics.len());
        network.nics.push(NetworkInterface {
            id: id.clone(),
            nsg: Ref::Given(Index::new(index)),
            // It may be in any group.
            ip_configurations: [IpConfiguration { asgs: [unknown.clone()].into(), ..Default::default() }]
                .into(),
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
