//! Puts together what was given apart: rules, routes and peerings that are resources of their own, and the
//! default rules of NSGs.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::differ::perhaps;
use super::draft::{Draft, Lists, LoneRule, bare, gives_way};
use super::fact::{Lost, Oddity, ResourceKind};
use super::given::{NetworkSecurityGroup, Peering, Place, Ref, VirtualNetwork};
use super::rule::{Access, Address, Direction, Permission, PortRange, RuleProtocol, SecurityRule, Value};
use super::same::same;
use crate::names::Names;
use crate::order;

/// The id of what a child resource belongs to: without its last two segments.
pub(super) fn parent_id(id: &str) -> String {
    id.rsplitn(3, '/').nth(2).unwrap_or_default().to_owned()
}

/// Tells peerings of networks apart, as one leads to each other network. One that lost where it leads has none.
pub(super) fn peering_key(vnet: &str, peering: &Peering) -> String {
    match &peering.remote {
        Ref::Missing(remote) if !remote.id.is_empty() => [vnet, "|", &remote.id].concat(),
        _ => String::new(),
    }
}

impl Draft {
    /// Rules that are resources of their own go into their NSG, after those that it has.
    pub(super) fn join_rules(&mut self) {
        let mut seen: Names<'static, (usize, usize)> = Names::of_any_case(0);
        let mut entered = Names::of_any_case(0);
        let mut strays = Vec::new();
        for LoneRule { group: id, known, rule, listed } in core::mem::take(&mut self.rules) {
            let Some(at) = self.group_of(&id, rule.place) else {
                strays.push((known, rule));
                continue;
            };
            if listed && !rule.default && self.whole_rules.last() != Some(&at) {
                self.whole_rules.push(at);
            }
            let Some(group) = self.network.nsgs.get_mut(at) else { continue };
            let key = |rule: &SecurityRule| [id.as_str(), &rule.name].join("/");
            if entered.insert(id.clone(), 0, ()).is_none() {
                for (index, rule) in group.rules.iter().enumerate() {
                    seen.insert(key(rule), 0, (at, index));
                }
            }
            let next = group.rules.len();
            let Some((_, index)) = seen.insert(key(&rule), 0, (at, next)).copied() else {
                group.rules.push(rule);
                continue;
            };
            let Some(first) = group.rules.get_mut(index) else { continue };
            if same(first, &rule) {
                first.perhaps = first.perhaps.take().filter(|_| rule.perhaps.is_some());
                continue;
            }
            if gives_way(self.around, first.place, rule.place) {
                *first = rule;
                continue;
            }
            if gives_way(self.around, rule.place, first.place) {
                continue;
            }
            let said = rule.perhaps.is_some() || first.perhaps.is_some() || first.place == rule.place;
            let (place, first_place) = (rule.place, first.place);
            first.perhaps.get_or_insert_default();
            group.rules.push(perhaps(rule));
            if !said {
                self.fact(place, Oddity::GivenTwice { kind: ResourceKind::Rule, first: first_place });
            }
        }
        self.add_strays(&strays);
    }

    /// Where the rules of an NSG or a security group were given nowhere, whatever they match may be let through or not. A rule
    /// that somebody had shown alone does not tell of any other, as a list does.
    pub(super) fn unknown_rules(&mut self) {
        let mut facts = Vec::new();
        order::distinct(&mut self.whole_rules);
        for (at, group) in self.network.nsgs.iter_mut().enumerate() {
            // One that was made of such a rule stands where that stands.
            let made = group.rules.iter().any(|rule| rule.place == group.place).then_some(group.place);
            if let Some(name) = bare(&self.bare, ResourceKind::Nsg, &group.id, group.place).or(made)
                && self.whole_rules.binary_search(&at).is_err()
            {
                group.rules.push(SecurityRule::unknown("", group.place));
                facts.push((name, ResourceKind::Nsg));
            }
        }
        for group in &mut self.network.security_groups {
            if let Some(name) = bare(&self.bare, ResourceKind::SecurityGroup, &group.id, group.place) {
                group.ingress.push(Permission::unknown(group.place));
                facts.push((name, ResourceKind::SecurityGroup));
            }
        }
        for (name, kind) in facts {
            self.fact(name, Oddity::Bare(kind));
        }
    }

    /// The NSG of a rule that stands alone. One that is not there is made where the rule is of a list of what
    /// exists, which is whole; a template's rule may be added to others, which are not known.
    fn group_of(&mut self, id: &str, place: Place) -> Option<usize> {
        if let Some(&at) = self.names.get(id, ResourceKind::Nsg.number()) {
            return Some(at);
        }
        if id.is_empty() {
            return None;
        }
        if !id.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("/subscriptions/")) {
            self.fact(place, Oddity::NotGiven { kind: ResourceKind::Nsg, times: 1 });
            return None;
        }
        let name = id.rsplit('/').next().unwrap_or_default().to_owned();
        let group =
            NetworkSecurityGroup { id: id.to_owned(), name, place, ..NetworkSecurityGroup::default() };
        Some(self.add(group).get())
    }

    pub(super) fn join_routes_and_peerings(&mut self) {
        for (id, route, place, listed) in core::mem::take(&mut self.routes) {
            let at = self.names.get(&id, ResourceKind::RouteTable.number()).copied();
            self.whole_routes.extend(at.filter(|_| listed));
            match at.and_then(|at| self.network.route_tables.get_mut(at)) {
                // A template's export has each route in its table too: that it is there twice does no harm.
                Some(table) => {
                    table.lost |= route.is_none();
                    table.routes.extend(route);
                }
                None => self.fact(place, Oddity::NotGiven { kind: ResourceKind::RouteTable, times: 1 }),
            }
        }
        self.join_peerings();
    }

    /// Peerings that are resources of their own go into their network, where it does not have them.
    fn join_peerings(&mut self) {
        let mut seen: Names<'static, usize> = Names::of_any_case(0);
        let mut entered = Names::of_any_case(0);
        for (id, peering, place) in core::mem::take(&mut self.peerings) {
            let at = self.names.get(&id, ResourceKind::Vnet.number()).copied();
            let Some(vnet) = at.and_then(|at| self.network.vnets.get_mut(at)) else {
                self.fact(place, Oddity::NotGiven { kind: ResourceKind::Vnet, times: 1 });
                continue;
            };
            if entered.insert(id.clone(), 0, ()).is_none() {
                for (index, own) in vnet.peerings.iter().enumerate() {
                    seen.insert(peering_key(&id, own), 0, index);
                }
            }
            let (key, next) = (peering_key(&id, &peering), vnet.peerings.len());
            let has_key = !key.is_empty();
            if let Some(earlier) = seen.insert(key, 0, next) {
                let known = vnet.peerings.get(*earlier).filter(|_| has_key);
                if known.is_some_and(|known| same(known, &peering)) {
                    continue;
                }
                *earlier = next;
            }
            vnet.peerings.push(peering);
        }
    }

    /// Says which networks have subnets or peerings of which nothing is known.
    pub(super) fn lost_parts(&mut self) {
        let (subnets, peerings) =
            (core::mem::take(&mut self.subnet_lists), core::mem::take(&mut self.peering_lists));
        // Subnets of a list that was whole are there, whichever was given last; of peerings the last list counts alone.
        let cut = |vnet: &VirtualNetwork| !subnets.is_whole(&vnet.id);
        self.lost_of(&subnets, Lost::Subnets, cut, |vnet| &mut vnet.subnets_lost);
        self.lost_of(&peerings, Lost::Peerings, |vnet| vnet.peerings_lost, |vnet| &mut vnet.peerings_lost);
    }

    fn lost_of(
        &mut self,
        lists: &Lists,
        what: Lost,
        is_cut: impl Fn(&VirtualNetwork) -> bool,
        flag: fn(&mut VirtualNetwork) -> &mut bool,
    ) {
        let cut: Vec<bool> = self.network.vnets.iter().map(is_cut).collect();
        for vnet in &mut self.network.vnets {
            *flag(vnet) = false;
        }
        for (vnet, place) in lists.lost() {
            let at = self.names.get(vnet, ResourceKind::Vnet.number()).copied();
            let Some((at, vnet)) = at.and_then(|at| Some((at, self.network.vnets.get_mut(at)?))) else {
                continue;
            };
            if place.is_some() && cut.get(at) == Some(&false) {
                continue;
            }
            let place = place.unwrap_or(vnet.place);
            if !core::mem::replace(flag(vnet), true) {
                self.fact(place, Oddity::Lost(what));
            }
        }
    }

    /// Every NSG has Azure's rules, also where its export leaves them out.
    pub(super) fn add_default_rules(&mut self) {
        for group in &mut self.network.nsgs {
            for direction in [Direction::Inbound, Direction::Outbound] {
                // Of some that are given the others are not: a page has some of them, and one may have been shown alone.
                for rule in default_rules(direction, group.place) {
                    let is_given = group.rules.iter().any(|given| given.default && is_same(given, &rule));
                    if !is_given {
                        group.rules.push(rule);
                    }
                }
            }
        }
    }

    /// Two rules with one priority: which of them decides is not known where they do not do the same. One that may not be there
    /// may be so beside another, as the other case of a condition.
    pub(super) fn same_priorities(&mut self) {
        let mut facts = Vec::new();
        for group in &mut self.network.nsgs {
            let mut order: Vec<(Direction, u32, usize)> = group
                .rules
                .iter()
                .enumerate()
                .filter(|(_, rule)| {
                    rule.priority > 0 && rule.direction != Direction::Unknown && rule.perhaps.is_none()
                })
                .map(|(at, rule)| (rule.direction, rule.priority, at))
                .collect();
            order::sort_by(&mut order, Ord::cmp);
            for pair in order.windows(2) {
                let &[(direction, priority, first), (other, number, second)] = pair else { continue };
                if (direction, priority) != (other, number) {
                    continue;
                }
                let (Some(one), Some(two)) = (group.rules.get(first), group.rules.get(second)) else {
                    continue;
                };
                facts.push((two.place, Oddity::SamePriority { priority, direction, first: one.place }));
                let agree = one.access == two.access;
                for at in [first, second] {
                    if let Some(rule) = group.rules.get_mut(at)
                        && !agree
                        && let Value::Known(access) = rule.access
                    {
                        rule.access = Value::Unknown(access.word().to_owned());
                    }
                }
            }
        }
        for (place, oddity) in facts {
            self.fact(place, oddity);
        }
    }

    /// Sorts the tags' prefixes, and says which tags of rules have none.
    pub(super) fn settle_tags(&mut self) {
        order::sort_by(&mut self.network.tags, Ord::cmp);
        // A later file's prefixes come with an earlier one's.
        self.network.tags.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1.append(&mut later.1);
            }
            same
        });
        let others = !self.network.tags.is_empty();
        for (tag, place, times) in core::mem::take(&mut self.tags) {
            let built_in = BUILT_IN.iter().any(|name| tag.eq_ignore_ascii_case(name));
            let tag = tag.to_ascii_lowercase();
            let given = self.network.tags.binary_search_by(|(name, _)| name.as_str().cmp(&tag)).is_ok();
            if !built_in && !given {
                self.fact(place, Oddity::UnknownTag { times, others });
            }
        }
    }
}

/// Tags whose meaning follows from the network itself, as they are written now and as they once were.
const BUILT_IN: [&str; 5] =
    ["VirtualNetwork", "AzureLoadBalancer", "Internet", "VIRTUAL_NETWORK", "AZURE_LOADBALANCER"];

/// The same default rule, by its name or by its place in the order.
fn is_same(one: &SecurityRule, other: &SecurityRule) -> bool {
    let place = |rule: &SecurityRule| (rule.direction, rule.priority);
    one.name.eq_ignore_ascii_case(&other.name) || place(one) == place(other)
}

/// Azure's own rules of a direction.
fn default_rules(direction: Direction, place: Place) -> [SecurityRule; 3] {
    let rule = |name: &str, priority, access, source, destination| SecurityRule {
        name: name.to_owned(),
        description: String::new(),
        priority,
        direction,
        access: Value::Known(access),
        protocol: Value::Known(RuleProtocol::Any),
        sources: alloc::vec![source],
        source_ports: alloc::vec![Value::Known(PortRange::ALL)],
        destinations: alloc::vec![destination],
        destination_ports: alloc::vec![Value::Known(PortRange::ALL)],
        default: true,
        stand_in: false,
        perhaps: None,
        place,
    };
    let tag = |name: &str| Address::Tag(name.to_owned());
    let vnet = || tag("VirtualNetwork");
    match direction {
        Direction::Inbound | Direction::Unknown => [
            rule("AllowVnetInBound", 65000, Access::Allow, vnet(), vnet()),
            rule(
                "AllowAzureLoadBalancerInBound",
                65001,
                Access::Allow,
                tag("AzureLoadBalancer"),
                Address::Any,
            ),
            rule("DenyAllInBound", 65500, Access::Deny, Address::Any, Address::Any),
        ],
        Direction::Outbound => [
            rule("AllowVnetOutBound", 65000, Access::Allow, vnet(), vnet()),
            rule("AllowInternetOutBound", 65001, Access::Allow, Address::Any, tag("Internet")),
            rule("DenyAllOutBound", 65500, Access::Deny, Address::Any, Address::Any),
        ],
    }
}
