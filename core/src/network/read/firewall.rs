//! Azure Firewalls with classic rules.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::value::Text;
use super::{Head, Parent, Reader};
use crate::json::{NodeId, NodeKind, Number};
use crate::network::fact::{Lost, Oddity, ResourceKind};
use crate::network::given::{AzureFirewall, Ref};
use crate::network::rule::{
    Access, Address, NatRule, NetworkRule, PortRange, RuleCollection, RuleProtocol, Value,
};

impl Reader<'_, '_> {
    pub(super) fn firewall(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, location, place } = self.head(node, parent, ResourceKind::Firewall);
        let [configurations, hub, policy, nat, network] = self.fields(
            node,
            &[
                "ipConfigurations",
                "hubIPAddresses",
                "firewallPolicy",
                "natRuleCollections",
                "networkRuleCollections",
            ],
        );
        let mut firewall = AzureFirewall { id, name, location, place, ..AzureFirewall::default() };
        for node in self.list(configurations) {
            let [private, subnet, public] =
                self.fields(node, &["privateIPAddress", "subnet", "publicIPAddress"]);
            firewall.private = firewall.private.or(self.ip(private));
            if matches!(firewall.subnet, Ref::None) {
                firewall.subnet = self.reference(subnet);
            }
            let public = self.reference(public);
            if !matches!(public, Ref::None) {
                firewall.public_ips.push(public);
            }
        }
        self.hub_addresses(hub, &mut firewall);
        if let Ref::Missing(policy) = self.reference::<()>(policy) {
            (firewall.managed, firewall.policy) = (true, policy.id);
        }
        let export = self.is_export(node) && !firewall.managed;
        // Where there are none, exports say so.
        if export
            && nat.is_none()
            && network.is_none()
            && !self.bare(&firewall.id, ResourceKind::Firewall, node)
        {
            return;
        }
        (firewall.lost, firewall.network_lost) = (export && nat.is_none(), export && network.is_none());
        // Of one that has neither it is said that it is bare.
        match (firewall.lost, firewall.network_lost) {
            (true, false) => self.fact(node, Oddity::Lost(Lost::NatRules)),
            (false, true) => self.fact(node, Oddity::Lost(Lost::NetworkRules)),
            _ => {}
        }
        firewall.nat = self.collections(nat, export, &mut firewall.lost, Self::nat_rule);
        firewall.network = self.collections(network, export, &mut firewall.network_lost, Self::network_rule);
        self.draft.add(firewall);
    }

    /// The public addresses of a firewall in a virtual hub, which tells them itself.
    fn hub_addresses(&mut self, hub: Option<NodeId>, firewall: &mut AzureFirewall) {
        let [public] = hub.map_or([None], |hub| self.fields(hub, &["publicIPs"]));
        let [count, addresses] =
            public.map_or([None; 2], |public| self.fields(public, &["count", "addresses"]));
        let addresses = self.list(addresses);
        let count = match count.and_then(|count| self.tape.number(count)) {
            Some(Number::Integer(count) | Number::Spelt(count)) => usize::try_from(count).unwrap_or(0),
            _ => 0,
        };
        let count = count.max(addresses.len());
        for node in addresses {
            let [address] = self.fields(node, &["address"]);
            firewall.public.extend(self.ip(address));
        }
        // One stands for all that were lost.
        if let Some(hub) = hub.filter(|_| firewall.public.len() < count) {
            let places = firewall.public.len().saturating_add(1);
            firewall.public_ips.resize(places, self.missing(hub, String::new()));
        }
    }

    fn collections<R>(
        &mut self,
        node: Option<NodeId>,
        export: bool,
        lost: &mut bool,
        read: fn(&mut Self, NodeId) -> R,
    ) -> Vec<RuleCollection<R>> {
        let mut collections = Vec::new();
        for node in self.list(node) {
            // One that is an expression, or all of them, may hold whatever rules.
            if !export && matches!(self.text(node), Some(Text::Unknown(_))) {
                *lost = true;
                continue;
            }
            let [name, priority, action, rules] = self.fields(node, &["name", "priority", "action", "rules"]);
            let number = match priority {
                Some(priority) => self.priority(priority, 100..=65_000),
                None => {
                    self.fact(node, Oddity::BadPriority { absent: true });
                    None
                }
            };
            // `{"type": "Allow"}`; of DNAT rules `Dnat`.
            let kind = action.map(|action| match self.fields(action, &["type"]) {
                [Some(kind)] => kind,
                [None] => action,
            });
            let words = [
                ("Allow", Access::Allow),
                ("Deny", Access::Deny),
                ("Dnat", Access::Allow),
                ("Snat", Access::Allow),
            ];
            let mut access = match kind {
                Some(kind) => self.word(kind, &words, Oddity::BadAccess),
                None => {
                    self.fact(node, Oddity::BadAccess);
                    Value::Unknown(String::new())
                }
            };
            if number.is_none() {
                access = Value::Unknown(String::new());
            }
            let rules = rules.filter(|&rules| !export || self.tape.kind(rules) != NodeKind::String);
            // An expression stands for whole collections.
            let stands_in = self.tape.kind(node) != NodeKind::Object;
            *lost |= rules.is_none() && (export || stands_in);
            if export && rules.is_none() {
                self.fact(node, Oddity::Lost(Lost::Rules));
            }
            let rules = self.list(rules).into_iter().map(|rule| read(self, rule)).collect();
            collections.push(RuleCollection {
                name: self.words(name),
                priority: number.unwrap_or(0),
                access,
                rules,
                place: self.place(node),
            });
        }
        collections
    }

    fn nat_rule(&mut self, node: NodeId) -> NatRule {
        let [name, protocols, sources, groups, destinations, ports, address, name_of, port] = self.fields(
            node,
            &[
                "name",
                "protocols",
                "sourceAddresses",
                "sourceIpGroups",
                "destinationAddresses",
                "destinationPorts",
                "translatedAddress",
                "translatedFqdn",
                "translatedPort",
            ],
        );
        let translated_address = match address.map(|node| (node, self.text(node))) {
            Some((node, Some(Text::Known(text)))) => match text.parse::<IpAddr>() {
                Ok(ip) => Value::Known(ip),
                Err(_) => {
                    self.fact(node, Oddity::BadAddress);
                    Value::Unknown(text.into_owned())
                }
            },
            Some((_, Some(Text::Unknown(text)))) => Value::Unknown(text),
            // A name of a host is resolved by the firewall, when a packet comes.
            Some((_, None)) | None => Value::Unknown(self.words(name_of)),
        };
        NatRule {
            name: self.words(name),
            protocols: self.protocols(protocols),
            sources: self.hosts(&[sources], &[groups]),
            destinations: self.hosts(&[destinations], &[]),
            destination_ports: self.all_ports(ports),
            translated_address,
            translated_port: port.map_or_else(|| Value::Unknown(String::new()), |node| self.port(node)),
            place: self.place(node),
        }
    }

    fn network_rule(&mut self, node: NodeId) -> NetworkRule {
        let [name, protocols, sources, source_groups, destinations, groups, names, ports] = self.fields(
            node,
            &[
                "name",
                "protocols",
                "sourceAddresses",
                "sourceIpGroups",
                "destinationAddresses",
                "destinationIpGroups",
                "destinationFqdns",
                "destinationPorts",
            ],
        );
        NetworkRule {
            name: self.words(name),
            protocols: self.protocols(protocols),
            sources: self.hosts(&[sources], &[source_groups]),
            destinations: self.hosts(&[destinations], &[groups, names]),
            destination_ports: self.all_ports(ports),
            place: self.place(node),
        }
    }

    /// Addresses, and what stands for addresses that are not in the export: IP groups, names of hosts.
    fn hosts(&mut self, plain: &[Option<NodeId>], unknown: &[Option<NodeId>]) -> Vec<Address> {
        let mut all = Vec::new();
        for &node in plain {
            all.extend(self.each(node, Self::address, Address::Unknown));
        }
        let unknown = unknown.iter().flat_map(|&node| self.list(node));
        all.extend(
            unknown
                .map(|node| Address::Unknown(self.tape.string(node).unwrap_or_default().as_ref().to_owned())),
        );
        // No rule that exists is about nothing, here and below: it was lost on the way.
        if all.is_empty() {
            all.push(Address::Unknown(String::new()));
        }
        all
    }

    fn all_ports(&mut self, node: Option<NodeId>) -> Vec<Value<PortRange>> {
        or_unknown(self.each(node, Self::ports, Value::Unknown))
    }

    fn protocols(&mut self, node: Option<NodeId>) -> Vec<Value<RuleProtocol>> {
        or_unknown(self.list(node).into_iter().map(|node| self.protocol(node)).collect())
    }
}

fn or_unknown<T>(mut values: Vec<Value<T>>) -> Vec<Value<T>> {
    if values.is_empty() {
        values.push(Value::Unknown(String::new()));
    }
    values
}
