//! A network with changes: what JIT writes goes here, and the network as given stays.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::network::{
    AzureFirewall, Index, Network, NetworkInterface, NetworkSecurityGroup, Ref, SecurityGroup, SecurityRule,
};

use super::names;
use super::priority::Numbers;

/// The parts of a network that differ from it.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The rules of NSGs: those that were there first, in their order, then what JIT wrote.
    pub nsgs: Vec<(Index<NetworkSecurityGroup>, Arc<Vec<SecurityRule>>)>,
    /// Azure Firewalls.
    pub firewalls: Vec<(Index<AzureFirewall>, AzureFirewall)>,
    /// EC2 security groups.
    pub groups: Vec<(Index<SecurityGroup>, SecurityGroup)>,
    /// New EC2 security groups and the interfaces that they are on.
    pub new_groups: Vec<(Vec<Index<NetworkInterface>>, SecurityGroup)>,
}

impl Draft {
    /// The rules of an NSG as they are by now.
    pub(super) fn rules<'d>(
        &'d self,
        network: &'d Network,
        nsg: Index<NetworkSecurityGroup>,
    ) -> &'d [SecurityRule] {
        match self.nsgs.iter().find(|(index, _)| *index == nsg) {
            Some((_, rules)) => rules,
            None => network.nsgs.get(nsg.get()).map(|nsg| nsg.rules.as_slice()).unwrap_or_default(),
        }
    }

    /// The same, to change them.
    pub(super) fn rules_mut(
        &mut self,
        network: &Network,
        nsg: Index<NetworkSecurityGroup>,
    ) -> Option<&mut Vec<SecurityRule>> {
        let given = || network.nsgs.get(nsg.get()).map(|nsg| Arc::new(nsg.rules.clone()));
        entry(&mut self.nsgs, nsg, given).map(Arc::make_mut)
    }

    /// An Azure Firewall, to change it.
    pub(super) fn firewall_mut(
        &mut self,
        network: &Network,
        firewall: Index<AzureFirewall>,
    ) -> Option<&mut AzureFirewall> {
        entry(&mut self.firewalls, firewall, || network.firewalls.get(firewall.get()).cloned())
    }

    /// An EC2 security group, to change it.
    pub(super) fn group_mut(
        &mut self,
        network: &Network,
        group: Index<SecurityGroup>,
    ) -> Option<&mut SecurityGroup> {
        entry(&mut self.groups, group, || network.security_groups.get(group.get()).cloned())
    }

    /// The priorities of an NSG's inbound rules, as far as they are known.
    pub(super) fn numbers(&self, network: &Network, nsg: Index<NetworkSecurityGroup>) -> Numbers {
        let mut numbers = Numbers::default();
        let inbound =
            |rule: &&SecurityRule| rule.direction.may_be_inbound() && !rule.default && rule.priority > 0;
        for rule in self.rules(network, nsg).iter().filter(inbound) {
            let jit = names::written_by_jit(rule).is_some();
            if jit { &mut numbers.own } else { &mut numbers.others }.push(rule.priority);
        }
        crate::order::sort(&mut numbers.others, |&number| number.into());
        numbers.others.dedup();
        numbers
    }

    /// The network with these changes.
    pub(super) fn apply(&self, network: &Network) -> Network {
        let mut network = network.clone();
        for (index, rules) in &self.nsgs {
            if let Some(nsg) = network.nsgs.get_mut(index.get()) {
                nsg.rules = rules.to_vec();
            }
        }
        for (index, firewall) in &self.firewalls {
            if let Some(given) = network.firewalls.get_mut(index.get()) {
                given.clone_from(firewall);
            }
        }
        for (index, group) in &self.groups {
            if let Some(given) = network.security_groups.get_mut(index.get()) {
                given.clone_from(group);
            }
        }
        for (nics, group) in &self.new_groups {
            let index = Index::new(network.security_groups.len());
            network.security_groups.push(group.clone());
            for nic in nics {
                if let Some(nic) = network.nics.get_mut(nic.get()) {
                    nic.security_groups.push(Ref::Given(index));
                }
            }
        }
        network
    }
}

/// What is changed already, or a copy of what was given.
fn entry<T, V>(
    list: &mut Vec<(Index<T>, V)>,
    index: Index<T>,
    given: impl FnOnce() -> Option<V>,
) -> Option<&mut V> {
    let at = match list.iter().position(|(known, _)| *known == index) {
        Some(at) => at,
        None => {
            list.push((index, given()?));
            list.len().checked_sub(1)?
        }
    };
    list.get_mut(at).map(|(_, value)| value)
}
