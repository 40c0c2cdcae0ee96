//! JIT's own rules that are in the network already: taken out, so that what is left is the network without
//! just-in-time access; and kept, to be compared with what JIT would write.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use super::draft::Draft;
use super::site::sites;
use super::target::Target;
use super::time::LiveGrant;
use super::{firewall, names};
use crate::model::{Protocol, Timestamp};
use crate::network::{
    Access, Address, Index, Network, NetworkSecurityGroup, PortRange, RuleProtocol, SecurityRule, Value,
    VirtualMachine,
};

/// A rule that JIT wrote.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub nsg: Index<NetworkSecurityGroup>,
    pub rule: SecurityRule,
    /// Its place in the NSG.
    at: usize,
    /// What it is for.
    pub access: Access,
    /// The machine of a policy that it is about; none where no policy at hand has it.
    pub target: Option<usize>,
    /// It is about a machine that a policy had once: it goes, and nobody has to be told.
    pub former: bool,
}

/// What was in the network.
#[derive(Clone, Debug, Default)]
pub(super) struct Stripped {
    /// The rules of JIT, in the order of the NSGs.
    pub found: Vec<Found>,
    /// The network without them.
    pub before: Draft,
}

/// Rules for machines that no policy at hand protects stay: who knows what they are for. Of the former machines it is
/// known: policies had them once, and have them no longer.
pub(super) fn strip(network: &Network, targets: &[Target], former: &[Index<VirtualMachine>]) -> Stripped {
    let mut stripped = Stripped::default();
    // By the NSG that stands before them.
    let mut addresses: Vec<Vec<(Option<usize>, IpAddr)>> = Vec::new();
    addresses.resize(network.nsgs.len(), Vec::new());
    let present = targets.iter().enumerate().map(|(at, target)| (Some(at), target.machine));
    for (at, machine) in present.chain(former.iter().map(|&machine| (None, Some(machine)))) {
        for site in machine.map(|machine| sites(network, machine)).unwrap_or_default() {
            for nsg in site.nsgs {
                if let Some(of) = addresses.get_mut(nsg.get()) {
                    of.push((at, site.address));
                }
            }
        }
    }
    for ((index, nsg), addresses) in network.nsgs.iter().enumerate().zip(&addresses) {
        let index = Index::new(index);
        let found = nsg.rules.iter().enumerate().filter_map(|(at, rule)| {
            let access = names::written_by_jit(rule).filter(|_| rule.direction.may_be_inbound())?;
            let is_for = |address: &IpAddr| {
                let to = |to: &Address| matches!(to, Address::Net(net) if *net == IpNet::from(*address));
                rule.destinations.iter().any(to)
            };
            let known = addresses.iter().find(|(_, address)| is_for(address));
            let target = known.and_then(|(target, _)| *target);
            let former = known.is_some() && target.is_none();
            Some(Found { nsg: index, rule: rule.clone(), at, access, target, former })
        });
        let found: Vec<Found> = found.collect();
        if !found.is_empty() {
            let goes = |found: &Found| found.target.is_some() || found.former;
            stripped.before.nsgs.push((index, without(&nsg.rules, &found, &goes)));
            stripped.found.extend(found);
        }
    }
    for (index, firewall) in network.firewalls.iter().enumerate() {
        if firewall.nat.iter().any(|collection| names::is_jit_collection(&collection.name)) {
            let mut without = firewall.clone();
            without.nat.retain(|collection| !names::is_jit_collection(&collection.name));
            stripped.before.firewalls.push((Index::new(index), without));
        }
    }
    stripped
}

/// The rules of an NSG without some of those that were found in it.
fn without(rules: &[SecurityRule], found: &[Found], goes: &dyn Fn(&Found) -> bool) -> Arc<Vec<SecurityRule>> {
    let gone: Vec<usize> = found.iter().filter(|found| goes(found)).map(|found| found.at).collect();
    let stays = rules.iter().enumerate().filter(|(at, _)| gone.binary_search(at).is_err());
    Arc::new(stays.map(|(_, rule)| rule.clone()).collect())
}

impl Stripped {
    /// The network without the allows of JIT that a live grant explains, and with its denies: what is open when no
    /// request is. An allow that was left over opens its port to this day.
    pub(super) fn as_found(
        &self,
        network: &Network,
        targets: &[Target],
        grants: &[LiveGrant],
        now: Timestamp,
    ) -> Draft {
        let goes = |found: &Found| found.former || found.is_explained(network, targets, grants, now);
        let mut draft = Draft { firewalls: self.before.firewalls.clone(), ..Draft::default() };
        for of_nsg in self.found.chunk_by(|one, other| one.nsg == other.nsg) {
            let nsg = of_nsg.first().map(|found| found.nsg);
            if let Some((index, nsg)) = nsg.and_then(|index| Some((index, network.nsgs.get(index.get())?))) {
                draft.nsgs.push((index, without(&nsg.rules, of_nsg, &goes)));
            }
        }
        draft
    }
}

impl Found {
    /// True for an allow that opens no more than a grant for its machine does, by whichever policy.
    pub(super) fn is_explained(
        &self,
        network: &Network,
        targets: &[Target],
        grants: &[LiveGrant],
        now: Timestamp,
    ) -> bool {
        let machine = |at: usize| targets.get(at).and_then(|target| target.machine);
        let own = self.target.and_then(machine).filter(|_| self.access == Access::Allow);
        own.is_some()
            && grants.iter().any(|grant| {
                machine(grant.target) == own
                    && grant.is_live(now)
                    && targets
                        .get(grant.target)
                        .is_some_and(|target| explains(grant, &let_in(network, target, grant), &self.rule))
            })
    }
}

/// Whom the NSGs let in for a grant: through a firewall, that is all that they see.
fn let_in(network: &Network, target: &Target, grant: &LiveGrant) -> Vec<IpNet> {
    match target.firewall {
        Some((index, _)) => firewall::behind(network, index),
        None => grant.nets(),
    }
}

/// True if a rule opens no more than a grant does, by which these are let in.
fn explains(grant: &LiveGrant, let_in: &[IpNet], rule: &SecurityRule) -> bool {
    let allowed = |source: &Address| match source {
        Address::Any => let_in.contains(&IpNet::V4(Ipv4Net::default())),
        Address::Net(net) => let_in.iter().any(|allowed| allowed.contains(net)),
        _ => false,
    };
    let of_port = |range: &Value<PortRange>| *range == Value::Known(PortRange::one(grant.port));
    let of_protocol = matches!(
        (&rule.protocol, grant.protocol),
        (Value::Known(_), Protocol::Any)
            | (Value::Known(RuleProtocol::Number(6)), Protocol::Tcp)
            | (Value::Known(RuleProtocol::Number(17)), Protocol::Udp)
    );
    of_protocol && rule.sources.iter().all(allowed) && rule.destination_ports.iter().all(of_port)
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
