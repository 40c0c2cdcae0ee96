//! NSGs and their rules.

use alloc::string::String;
use alloc::vec::Vec;

use ipnet::IpNet;

use super::kind::member;
use super::value::Text;
use super::{Head, Parent, Reader};
use crate::json::{NodeId, NodeKind};
use crate::network::draft::{Claims, LoneRule};
use crate::network::fact::{Aspect, Oddity, ResourceKind};
use crate::network::given::{Index, NetworkSecurityGroup};
use crate::network::join::parent_id;
use crate::network::rule::{Address, Direction, PortRange, SecurityRule, Value};

/// The members of a rule, single and plural.
const RULE: [&str; 16] = [
    "name",
    "description",
    "priority",
    "direction",
    "access",
    "protocol",
    "sourceAddressPrefix",
    "sourceAddressPrefixes",
    "sourceApplicationSecurityGroups",
    "sourcePortRange",
    "sourcePortRanges",
    "destinationAddressPrefix",
    "destinationAddressPrefixes",
    "destinationApplicationSecurityGroups",
    "destinationPortRange",
    "destinationPortRanges",
];

impl Reader<'_, '_> {
    pub(super) fn nsg(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, location, place } = self.head(node, parent, ResourceKind::Nsg);
        let [rules, defaults, subnets, nics, copies] = self
            .fields(node, &["securityRules", "defaultSecurityRules", "subnets", "networkInterfaces", "copy"]);
        let told = subnets.is_some() || nics.is_some();
        let (subnets, nics) = (self.references(subnets), self.references(nics));
        let bare = rules.is_none() && copies.is_none() && self.is_export(node);
        if bare && !self.bare(&id, ResourceKind::Nsg, node) {
            // What is known of it stays.
            if let Some(&known) = self.draft.names.get(&id, ResourceKind::Nsg.number()) {
                let group = Index::new(known);
                self.draft.nsg_claims.push(Claims { group, subnets, nics, whole: false, told });
            }
            return;
        }
        let mut group = NetworkSecurityGroup { id, name, location, rules: Vec::new(), place };
        let given = self.list(rules);
        group.rules.reserve(given.len());
        for rule in given {
            let rule = self.rule_or_unknown(rule);
            group.rules.push(rule);
        }
        // An expression stands for all of it.
        let whole = |of: &NodeId| !matches!(self.tape.kind(*of), NodeKind::Object | NodeKind::Null);
        if let Some(of) = member(self.tape, node, "properties").filter(whole)
            && !bare
        {
            let rule = SecurityRule::unknown(&self.words(Some(of)), self.place(of));
            group.rules.push(rule);
        }
        // Rules that a template makes in a loop: how many and which is not known.
        for copy in self.list(copies).into_iter().filter(|&copy| self.tape.kind(copy) == NodeKind::Object) {
            let [name] = self.fields(copy, &["name"]);
            if self.words(name).eq_ignore_ascii_case("securityRules") {
                group.rules.push(SecurityRule::unknown("copy", self.place(copy)));
            }
        }
        // Azure's own are known, whatever came of them: where one was cut off, all are made as where none is given.
        let defaults = self.list(defaults);
        if !defaults.iter().any(|&rule| self.is_cut(rule)) {
            group.rules.extend(defaults.into_iter().map(|rule| self.rule(rule, true)));
        }
        let group = self.draft.add(group);
        // Templates mostly do not tell.
        let whole = !bare && (told || self.is_export(node));
        self.draft.nsg_claims.push(Claims { group, subnets, nics, whole, told });
    }

    /// A rule that is a resource of its own, of a template or a list.
    pub(super) fn lone_rule(&mut self, node: NodeId, parent: Option<Parent>, default: bool) {
        let id = self.id(node, parent);
        let mut rule = self.rule(node, default);
        rule.perhaps = self.draft.perhaps.as_ref().map(|why| why.text.clone());
        // `…/networkSecurityGroups/{nsg}/securityRules/{rule}`
        let group = parent_id(&id);
        if group.is_empty() {
            self.fact(node, Oddity::NoId(ResourceKind::Rule));
        }
        self.strict = true;
        let known = parent_id(&self.id(node, parent));
        self.strict = false;
        // What a template adds is no list of what is there.
        let listed = self.listed && self.is_export(node);
        self.draft.rules.push(LoneRule { group, known, rule, listed });
    }

    fn rule_or_unknown(&mut self, node: NodeId) -> SecurityRule {
        match self.tape.kind(node) {
            NodeKind::Object => self.rule(node, false),
            // The whole list is an expression, or PowerShell cut the rule off.
            _ => {
                let text = String::from(self.tape.string(node).unwrap_or_default());
                SecurityRule::unknown(&text, self.place(node))
            }
        }
    }

    /// True for a rule of which nothing is left but perhaps its name.
    fn is_cut(&self, node: NodeId) -> bool {
        let known = self.fields(node, &["priority", "direction", "access"]);
        self.tape.kind(node) != NodeKind::Object || known.iter().all(Option::is_none)
    }

    fn rule(&mut self, node: NodeId, default: bool) -> SecurityRule {
        let [
            name,
            description,
            priority,
            direction,
            access,
            protocol,
            source,
            sources,
            source_groups,
            source_port,
            source_ports,
            destination,
            destinations,
            destination_groups,
            destination_port,
            destination_ports,
        ] = self.fields(node, &RULE);
        // What was cut down to its id has its name there.
        let name = name.or_else(|| member(self.tape, node, "id")).and_then(|node| self.name(node));
        let name = String::from(name.as_deref().and_then(|name| name.rsplit('/').next()).unwrap_or_default());
        if name.is_empty() {
            self.fact(node, Oddity::NoName);
        }
        let protocol = self.required(node, protocol, Oddity::BadProtocol, Self::protocol);
        let mut access = self.required(node, access, Oddity::BadAccess, Self::access);
        let direction = self.required(node, direction, Oddity::BadDirection, Self::direction);
        let allowed = if default { 1..=65_535 } else { 100..=4096 };
        let number = match priority {
            Some(priority) => self.priority(priority, allowed),
            None => {
                self.fact(node, Oddity::BadPriority { absent: true });
                None
            }
        };
        // Where it stands among the others is not known: first, and open what it does, it can be anywhere. Nor is what a
        // rule does to what comes in, if it may be one for what goes out.
        if let Value::Known(known) = access
            && (number.is_none() || matches!(direction, Value::Unknown(_)))
        {
            access = Value::Unknown(known.word().into());
        }
        let mut sources = self.addresses(node, [source, sources, source_groups], Aspect::Sources);
        let mut destinations =
            self.addresses(node, [destination, destinations, destination_groups], Aspect::Destinations);
        let mut source_ports = self.port_ranges(node, [source_port, source_ports], Aspect::SourcePorts);
        let mut destination_ports =
            self.port_ranges(node, [destination_port, destination_ports], Aspect::DestinationPorts);
        // No rule that exists has nothing there: it was lost on the way.
        for list in [&mut sources, &mut destinations] {
            if list.is_empty() {
                list.push(Address::Unknown(String::new()));
            }
        }
        for list in [&mut source_ports, &mut destination_ports] {
            if list.is_empty() {
                list.push(Value::Unknown(String::new()));
            }
        }
        if families(&sources, &destinations) || families(&destinations, &sources) {
            self.fact(node, Oddity::MixedFamilies);
        }
        SecurityRule {
            name,
            description: self.words(description),
            priority: number.unwrap_or(0),
            direction: if let Value::Known(direction) = direction { direction } else { Direction::Unknown },
            access,
            protocol,
            sources,
            source_ports,
            destinations,
            destination_ports,
            default,
            stand_in: false,
            perhaps: None,
            place: self.place(node),
        }
    }

    fn direction(&mut self, node: NodeId) -> Value<Direction> {
        let words = [("Inbound", Direction::Inbound), ("Outbound", Direction::Outbound)];
        self.word(node, &words, Oddity::BadDirection)
    }

    fn required<T>(
        &mut self,
        rule: NodeId,
        node: Option<NodeId>,
        oddity: Oddity,
        read: impl FnOnce(&mut Self, NodeId) -> Value<T>,
    ) -> Value<T> {
        match node {
            Some(node) => read(self, node),
            None => {
                self.fact(rule, oddity);
                Value::Unknown(String::new())
            }
        }
    }

    /// The single member, the list and the groups, together.
    fn addresses(
        &mut self,
        rule: NodeId,
        [one, many, groups]: [Option<NodeId>; 3],
        aspect: Aspect,
    ) -> Vec<Address> {
        let mut all = self.each(one, Self::address, Address::Unknown);
        let single = all.len();
        all.extend(self.each(many, Self::address, Address::Unknown));
        self.forms(rule, many, single, all.len(), aspect);
        all.extend(self.references(groups).into_iter().map(Address::Group));
        if all.is_empty() {
            self.fact(rule, Oddity::Empty(aspect));
        }
        all
    }

    fn port_ranges(
        &mut self,
        rule: NodeId,
        [one, many]: [Option<NodeId>; 2],
        aspect: Aspect,
    ) -> Vec<Value<PortRange>> {
        let mut all = self.each(one, Self::ports, Value::Unknown);
        let single = all.len();
        all.extend(self.each(many, Self::ports, Value::Unknown));
        self.forms(rule, many, single, all.len(), aspect);
        if all.is_empty() {
            self.fact(rule, Oddity::Empty(aspect));
        }
        all
    }

    /// Says that a single member and its list are both given.
    fn forms(&mut self, rule: NodeId, many: Option<NodeId>, single: usize, all: usize, aspect: Aspect) {
        if single > 0 && all > single {
            self.fact(many.unwrap_or(rule), Oddity::BothForms(aspect));
        }
    }

    /// A text that is known, for what has no unknown.
    pub(super) fn known(&mut self, node: Option<NodeId>) -> Option<String> {
        match self.text(node?)? {
            Text::Known(text) => Some(text.into_owned()),
            Text::Unknown(_) => None,
        }
    }
}

/// True when all on this side are IPv4 and all on that side IPv6.
fn families(v4: &[Address], v6: &[Address]) -> bool {
    let is_v4 = |address: &Address| match address {
        Address::Net(net) => matches!(net, IpNet::V4(_)),
        Address::Range(first, _) => first.is_ipv4(),
        _ => false,
    };
    let is_v6 = |address: &Address| match address {
        Address::Net(net) => matches!(net, IpNet::V6(_)),
        Address::Range(first, _) => first.is_ipv6(),
        _ => false,
    };
    !v4.is_empty() && !v6.is_empty() && v4.iter().all(is_v4) && v6.iter().all(is_v6)
}
