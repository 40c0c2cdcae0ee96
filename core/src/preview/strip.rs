//! JIT's own rules that are in the network already: taken out, so that what is left is the network without
//! just-in-time access; and kept, to be compared with what JIT would write.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::IpNet;

use super::draft::Draft;
use super::names;
use super::site::sites;
use super::target::Target;
use super::time::LiveGrant;
use crate::model::Timestamp;
use crate::network::{Access, Address, Index, Network, NetworkSecurityGroup, PortRange, SecurityRule, Value};

/// A rule that JIT wrote.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub nsg: Index<NetworkSecurityGroup>,
    pub rule: SecurityRule,
    /// What it is for.
    pub access: Access,
    /// The machine of a policy that it is about; none where no policy at hand has it.
    pub target: Option<usize>,
}

/// What was in the network.
#[derive(Clone, Debug, Default)]
pub(super) struct Stripped {
    /// The rules of JIT, in the order of the NSGs.
    pub found: Vec<Found>,
    /// The network without them.
    pub before: Draft,
    /// The network without the allows of JIT that a grant at hand explains, and with its denies: what is open when
    /// no request is. An allow that was left over opens its port to this day.
    pub as_found: Draft,
}

/// Rules for machines that no policy at hand protects stay: who knows what they are for.
pub(super) fn strip(network: &Network, targets: &[Target], grants: &[LiveGrant], now: Timestamp) -> Stripped {
    let mut stripped = Stripped::default();
    // By the NSG that stands before them.
    let mut addresses: Vec<Vec<(usize, IpAddr)>> = Vec::new();
    addresses.resize(network.nsgs.len(), Vec::new());
    for (at, target) in targets.iter().enumerate() {
        let sites = target.machine.map(|machine| sites(network, machine)).unwrap_or_default();
        for site in sites {
            for nsg in site.nsgs {
                if let Some(of) = addresses.get_mut(nsg.get()) {
                    of.push((at, site.address));
                }
            }
        }
    }
    for ((index, nsg), addresses) in network.nsgs.iter().enumerate().zip(&addresses) {
        let index = Index::new(index);
        let jit =
            |rule: &SecurityRule| names::written_by_jit(rule).filter(|_| rule.direction.may_be_inbound());
        let target_of = |rule: &SecurityRule| {
            let is_for = |address: &IpAddr| {
                let to = |to: &Address| matches!(to, Address::Net(net) if *net == IpNet::from(*address));
                rule.destinations.iter().any(to)
            };
            addresses.iter().find(|(_, address)| is_for(address)).map(|(target, _)| *target)
        };
        if !nsg.rules.iter().any(|rule| jit(rule).is_some()) {
            continue;
        }
        let without = |goes: &dyn Fn(&SecurityRule) -> bool| {
            Arc::new(nsg.rules.iter().filter(|rule| !goes(rule)).cloned().collect())
        };
        stripped.before.nsgs.push((index, without(&|rule| jit(rule).is_some() && target_of(rule).is_some())));
        let live =
            |target: usize| grants.iter().filter(move |grant| grant.target == target && grant.is_live(now));
        let explained = |rule: &SecurityRule| {
            jit(rule) == Some(Access::Allow)
                && target_of(rule).is_some_and(|target| live(target).any(|grant| explains(grant, rule)))
        };
        stripped.as_found.nsgs.push((index, without(&explained)));
        let found = nsg.rules.iter().filter_map(|rule| {
            let access = jit(rule)?;
            Some(Found { nsg: index, rule: rule.clone(), access, target: target_of(rule) })
        });
        stripped.found.extend(found);
    }
    for (index, firewall) in network.firewalls.iter().enumerate() {
        if firewall.nat.iter().any(|collection| names::is_jit_collection(&collection.name)) {
            let mut without = firewall.clone();
            without.nat.retain(|collection| !names::is_jit_collection(&collection.name));
            stripped.before.firewalls.push((Index::new(index), without.clone()));
            stripped.as_found.firewalls.push((Index::new(index), without));
        }
    }
    stripped
}

/// True if a rule opens no more than a grant does.
fn explains(grant: &LiveGrant, rule: &SecurityRule) -> bool {
    let allowed = |source: &Address| {
        let all = grant.sources.iter().any(|net| net.prefix_len() == 0);
        match source {
            Address::Any => all,
            Address::Net(IpNet::V4(net)) => grant.sources.iter().any(|allowed| allowed.contains(net)),
            _ => false,
        }
    };
    let of_port = |range: &Value<PortRange>| *range == Value::Known(PortRange::one(grant.port));
    rule.sources.iter().all(allowed) && rule.destination_ports.iter().all(of_port)
}

/// The network after the last grant has ended: JIT's allows, its DNAT rules and its groups are taken away one
/// by one, as the service does, and nothing else is touched.
pub(super) fn close(network: &Network, open: &Draft, rest: &Draft) -> Draft {
    let mut closed = open.clone();
    for (index, rules) in &mut closed.nsgs {
        let at_rest = rest.rules(network, *index);
        let stays = |rule: &SecurityRule| {
            names::written_by_jit(rule) != Some(Access::Allow)
                || at_rest.iter().any(|known| known.name == rule.name)
        };
        if !rules.iter().all(stays) {
            Arc::make_mut(rules).retain(stays);
        }
    }
    for (_, firewall) in &mut closed.firewalls {
        firewall.nat.retain(|collection| !names::is_jit_collection(&collection.name));
    }
    closed.new_groups.clear();
    closed
}
