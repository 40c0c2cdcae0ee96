//! The words for what decides.

use alloc::string::String;
use alloc::vec::Vec;

use super::Engine;
use super::answer::{Decider, Reachable, Resource, Stage};
use super::doors::Plan;
use crate::network::{Access, Permission, SecurityRule, Value};
use crate::order;

/// What decides at a stage, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described<'e> {
    /// The id of the resource; as written where it was not given.
    pub id: &'e str,
    /// The name of the resource; none where it was not given.
    pub name: Option<&'e str>,
    /// The name of the rule; an EC2 permission has none, nor has what stands in for rules that are not known.
    pub rule: Option<&'e str>,
    /// The priority of the rule, if it is known; of a firewall's rule that of its collection.
    pub priority: Option<u32>,
    /// What the rule does; none where it is not known, or where there is no rule.
    pub access: Option<Access>,
    /// What in the rule is not known: tags, groups, values, as far as they are written.
    pub unknown: Vec<String>,
}

impl Stage {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Firewall => "firewall",
            Self::FirewallNetwork => "firewallNetworkRule",
            Self::SubnetNsg => "subnetNsg",
            Self::NicNsg => "nicNsg",
            Self::SecurityGroup => "securityGroup",
            Self::NoFilter => "noFilter",
            Self::PublicAddress => "publicAddress",
            Self::NotGiven => "notGiven",
            Self::NoAddress => "noAddress",
            Self::Entangled => "entangled",
        }
    }
}

impl Reachable {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Maybe => "maybe",
            Self::Yes => "yes",
        }
    }
}

impl Engine {
    /// What decides, in words.
    pub fn describe(&self, decider: &Decider) -> Described<'_> {
        let (id, name) = self.resource(decider.resource);
        let plain = Described { id, name, rule: None, priority: None, access: None, unknown: Vec::new() };
        let Some(rule) = decider.rule.and_then(|rule| usize::try_from(rule).ok()) else { return plain };
        match decider.resource {
            Resource::Nsg(nsg) => self.rules(nsg).get(rule).map(|rule| Described {
                rule: Some(&*rule.name).filter(|name| !name.is_empty()),
                priority: Some(rule.priority).filter(|&priority| priority > 0),
                access: known(&rule.access),
                unknown: self.unknown_in_rule(decider, rule),
                ..plain.clone()
            }),
            Resource::SecurityGroup(group) => self.permissions(group).get(rule).map(|permission| Described {
                access: Some(Access::Allow),
                unknown: self.unknown_in_permission(permission),
                ..plain.clone()
            }),
            Resource::Firewall(firewall) if decider.stage == Stage::Firewall => {
                self.nat_rule(firewall, rule).map(|(collection, rule)| Described {
                    rule: Some(&rule.name),
                    priority: Some(collection.priority).filter(|_| collection.is_placed()),
                    access: Some(Access::Allow),
                    ..plain.clone()
                })
            }
            Resource::Firewall(firewall) => {
                self.network_rule(firewall, rule).map(|(collection, rule)| Described {
                    rule: Some(&rule.name),
                    priority: Some(collection.priority).filter(|_| collection.is_placed()),
                    access: known(&collection.access),
                    ..plain.clone()
                })
            }
            Resource::Machine(_) | Resource::Missing(_) => None,
        }
        .unwrap_or(plain)
    }

    /// The id and the name of a resource.
    pub fn resource(&self, resource: Resource) -> (&str, Option<&str>) {
        let network = self.network();
        let named = match resource {
            Resource::Machine(at) => network.machines.get(at.get()).map(|one| (&one.id, &one.name)),
            Resource::Nsg(at) => network.nsgs.get(at.get()).map(|one| (&one.id, &one.name)),
            Resource::Firewall(at) => network.firewalls.get(at.get()).map(|one| (&one.id, &one.name)),
            Resource::SecurityGroup(at) => {
                network.security_groups.get(at.get()).map(|one| (&one.id, &one.name))
            }
            Resource::Missing(at) => {
                let at = usize::try_from(at).ok();
                let id = at.and_then(|at| self.base.doors.missing.get(at)).map(String::as_str);
                return (id.unwrap_or_default(), None);
            }
        };
        named.map_or(("", None), |(id, name)| (id.as_str(), Some(name.as_str())))
    }

    fn unknown_in_rule(&self, decider: &Decider, rule: &SecurityRule) -> Vec<String> {
        let Resource::Nsg(nsg) = decider.resource else { return Vec::new() };
        let plans = self.base.doors.plans.iter().filter_map(|plan| match plan {
            Plan::Nsg { nsg: of, scope, .. } if *of == nsg => Some(*scope),
            Plan::Nsg { .. } | Plan::Groups(_) => None,
        });
        let mut unknown = Vec::new();
        for scope in plans {
            let addresses = rule.sources.iter().chain(&rule.destinations);
            unknown.extend(
                addresses.filter_map(|address| self.base.names.unknown(address, &self.base.network, scope)),
            );
        }
        unknown.extend(rule.source_ports.iter().chain(&rule.destination_ports).filter_map(text));
        unknown.extend(text(&rule.protocol));
        unknown.extend(text(&rule.access));
        unknown.extend(rule.perhaps.clone());
        unknown.retain(|text| !text.is_empty());
        order::distinct(&mut unknown);
        unknown
    }

    fn unknown_in_permission(&self, permission: &Permission) -> Vec<String> {
        let peers = permission.peers.iter();
        let mut unknown: Vec<_> =
            peers.filter_map(|peer| self.base.names.unknown_peer(peer, &self.base.network)).collect();
        unknown.extend(text(&permission.protocol));
        unknown.extend(text(&permission.ports));
        unknown.retain(|text| !text.is_empty());
        unknown
    }
}

fn known<T: Copy>(value: &Value<T>) -> Option<T> {
    match value {
        Value::Known(value) => Some(*value),
        Value::Unknown(_) => None,
    }
}

fn text<T>(value: &Value<T>) -> Option<String> {
    match value {
        Value::Known(_) => None,
        Value::Unknown(text) => Some(text.clone()),
    }
}
