//! What is given twice, and not the same: whatever differs may be either way.

use alloc::string::String;
use alloc::vec::Vec;

use super::given::{
    ApplicationSecurityGroup, AzureFirewall, IpConfiguration, Missing, NetworkInterface,
    NetworkSecurityGroup, Place, PublicIpAddress, Ref, RouteTable, SecurityGroup, Sku, Subnet,
    VirtualMachine, VirtualNetwork,
};
use super::rule::SecurityRule;
use super::same::{Strip, same};
use crate::names::Names;

/// No NSG has more rules; of more than these in several versions of one nothing is known.
const MOST_RULES: usize = 8192;

/// A resource as it was given later takes in what was given earlier.
pub(super) trait Differ: Strip + Clone + PartialEq {
    fn differ(&mut self, earlier: Self);

    /// True where both say the same.
    fn agrees(&self, other: &Self) -> bool {
        same(self, other)
    }
}

/// What both have; false where one has more.
fn common<T: Strip + Clone + PartialEq>(later: &mut Vec<T>, earlier: &[T]) -> bool {
    let count = later.len();
    later.retain(|one| earlier.iter().any(|other| same(one, other)));
    later.len() == count && count == earlier.len()
}

/// What either has, each once.
fn either<T: Strip + Clone + PartialEq>(later: &mut Vec<T>, earlier: Vec<T>) {
    for one in earlier {
        if !later.iter().any(|known| same(known, &one)) {
            later.push(one);
        }
    }
}

/// The same reference, or one that is lost.
fn one_of<T: Clone + PartialEq>(later: &mut Ref<T>, earlier: &Ref<T>, id: &str, place: Place) {
    if !same(later, earlier) {
        *later = Ref::Missing(Missing { id: id.into(), place });
    }
}

impl Differ for NetworkSecurityGroup {
    fn differ(&mut self, earlier: Self) {
        let mut known: Names<'static, usize> = Names::of_any_case(0);
        for (at, rule) in self.rules.iter().enumerate().filter(|(_, rule)| !rule.default) {
            known.insert(rule.name.clone(), 0, at);
        }
        let own = self.rules.len();
        let has_defaults = self.rules.iter().any(|rule| rule.default);
        let mut certain = Vec::new();
        for rule in earlier.rules {
            if rule.default {
                if !has_defaults {
                    self.rules.push(rule);
                }
                continue;
            }
            let at = known.get(&rule.name, 0).copied();
            match at.and_then(|at| Some((at, self.rules.get(at)?))) {
                Some((at, later)) if same(later, &rule) => {
                    if later.perhaps.is_none() && rule.perhaps.is_none() {
                        certain.push(at);
                    }
                }
                _ => self.rules.push(perhaps(rule)),
            }
        }
        crate::order::distinct(&mut certain);
        for (at, rule) in self.rules.iter_mut().enumerate().take(own) {
            if !rule.default && certain.binary_search(&at).is_err() {
                rule.perhaps.get_or_insert_default();
            }
        }
        if self.rules.len() > MOST_RULES {
            self.rules = alloc::vec![SecurityRule::unknown("", self.place)];
        }
    }
}

/// The rule, which may not be there.
pub(super) fn perhaps(mut rule: SecurityRule) -> SecurityRule {
    rule.perhaps.get_or_insert_with(String::new);
    rule
}

impl Differ for SecurityGroup {
    fn differ(&mut self, earlier: Self) {
        either(&mut self.ingress, earlier.ingress);
    }
}

impl Differ for VirtualMachine {
    fn differ(&mut self, earlier: Self) {
        either(&mut self.nics, earlier.nics);
        self.lost &= earlier.lost;
        self.unsupported = self.unsupported.take().or(earlier.unsupported);
    }
}

impl Differ for NetworkInterface {
    fn differ(&mut self, earlier: Self) {
        one_of(&mut self.nsg, &earlier.nsg, &self.id, self.place);
        either(&mut self.security_groups, earlier.security_groups);
        either::<IpConfiguration>(&mut self.ip_configurations, earlier.ip_configurations);
    }
}

impl Differ for Subnet {
    fn differ(&mut self, earlier: Self) {
        one_of(&mut self.nsg, &earlier.nsg, &self.id, self.place);
        one_of(&mut self.route_table, &earlier.route_table, &self.id, self.place);
        self.lost |= earlier.lost || self.prefixes != earlier.prefixes;
    }
}

impl Differ for VirtualNetwork {
    fn differ(&mut self, earlier: Self) {
        self.lost |= earlier.lost || self.prefixes != earlier.prefixes;
        self.prefixes.retain(|prefix| earlier.prefixes.contains(prefix));
        self.lost |= !common(&mut self.peerings, &earlier.peerings);
        self.peerings_lost |= earlier.peerings_lost;
    }
}

impl Differ for RouteTable {
    fn differ(&mut self, earlier: Self) {
        self.lost = true;
        self.routes.retain(|route| earlier.routes.contains(route));
    }
}

impl Differ for PublicIpAddress {
    fn differ(&mut self, earlier: Self) {
        self.address = self.address.filter(|_| self.address == earlier.address);
        if self.sku != earlier.sku {
            self.sku = Sku::Unknown;
        }
    }

    /// The kind decides too, where both tell it.
    fn agrees(&self, other: &Self) -> bool {
        let tells = |one: &Self| one.sku != Sku::Unknown;
        same(self, other) && (self.sku == other.sku || !tells(self) || !tells(other))
    }
}

impl Differ for ApplicationSecurityGroup {
    fn differ(&mut self, _: Self) {}
}

impl Differ for AzureFirewall {
    fn differ(&mut self, earlier: Self) {
        self.managed |= earlier.managed;
        (self.lost, self.network_lost) = (true, true);
    }
}
