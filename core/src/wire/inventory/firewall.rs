//! `Microsoft.Network/azureFirewalls` with their classic rules.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::{
    ArmKind, Child, IdJson, Inventory, Resource, child_id, is_id, reference, reference_or_lost, rule, told,
};
use crate::network::{
    Address, AzureFirewall, Index, NatRule, Network, NetworkRule, PortRange, Ref, RuleCollection,
    RuleProtocol, Value,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Firewall<'a> {
    ip_configurations: Vec<Child<Configuration<'a>>>,
    #[serde(rename = "firewallPolicy", skip_serializing_if = "Option::is_none")]
    policy: Option<IdJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nat_rule_collections: Option<Vec<Child<Collection<'a, Nat<'a>>>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_rule_collections: Option<Vec<Child<Collection<'a, NetworkRuleJson<'a>>>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Configuration<'a> {
    #[serde(rename = "privateIPAddress", skip_serializing_if = "Option::is_none")]
    private: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subnet: Option<IdJson<'a>>,
    #[serde(rename = "publicIPAddress", skip_serializing_if = "Option::is_none")]
    public: Option<IdJson<'a>>,
}

#[derive(Serialize)]
struct Collection<'a, R> {
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action<'a>>,
    /// None where they were lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Vec<R>>,
}

impl<R> Default for Collection<'_, R> {
    fn default() -> Self {
        Self { priority: None, action: None, rules: None }
    }
}

#[derive(Serialize)]
struct Action<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Nat<'a> {
    name: &'a str,
    #[serde(flatten)]
    hosts: Hosts,
    destination_addresses: Vec<String>,
    protocols: Vec<String>,
    destination_ports: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    translated_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    translated_fqdn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    translated_port: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NetworkRuleJson<'a> {
    name: &'a str,
    #[serde(flatten)]
    hosts: Hosts,
    destination_addresses: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    destination_ip_groups: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    destination_fqdns: Vec<String>,
    protocols: Vec<String>,
    destination_ports: Vec<String>,
}

/// Sources: addresses, and IP groups by their ids.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Hosts {
    source_addresses: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    source_ip_groups: Vec<String>,
}

impl Hosts {
    fn new(sources: &[Address]) -> Self {
        let (source_ip_groups, source_addresses) = texts(sources).into_iter().partition(|text| is_id(text));
        Self { source_addresses, source_ip_groups }
    }
}

fn texts(addresses: &[Address]) -> Vec<String> {
    rule::words(addresses.iter(), false, rule::address)
}

fn ports(ranges: &[Value<PortRange>]) -> Vec<String> {
    rule::words(ranges.iter(), false, rule::port_range)
}

fn protocols(all: &[Value<RuleProtocol>]) -> Vec<String> {
    rule::words(all.iter(), false, |one| rule::protocol(one, true))
}

pub(super) fn firewall<'a>(of: &Inventory<'a>, at: usize) -> Option<Resource<'a, Firewall<'a>>> {
    let (network, index) = (of.network(), Index::new(at));
    let firewall = network.firewalls.get(at)?;
    Some(Resource {
        id: &firewall.id,
        name: &firewall.name,
        kind: ArmKind::AzureFirewall.resource_type(),
        location: &firewall.location,
        sku: None,
        properties: Firewall {
            ip_configurations: configurations(network, firewall),
            policy: firewall.managed.then_some(IdJson { id: &firewall.policy }),
            nat_rule_collections: collections(firewall.lost, of.engine.nat(index), |of, rules| {
                collection(firewall, of, "natRuleCollections", Some("Dnat"), rules, nat_rule)
            }),
            network_rule_collections: collections(firewall.network_lost, &firewall.network, |of, rules| {
                collection(firewall, of, "networkRuleCollections", None, rules, network_rule)
            }),
        },
    })
}

/// One for each public address; the first has the private address and the subnet.
fn configurations<'a>(network: &'a Network, firewall: &'a AzureFirewall) -> Vec<Child<Configuration<'a>>> {
    let bare = firewall.private.is_none() && matches!(firewall.subnet, Ref::None);
    let count = firewall.public_ips.len().max(usize::from(!bare));
    let of = |place: usize| {
        let first = place == 0;
        let name = format!("configuration-{place}");
        let public = firewall.public_ips.get(place);
        Child {
            id: format!("{}/azureFirewallIpConfigurations/{name}", firewall.id),
            name,
            kind: "Microsoft.Network/azureFirewalls/azureFirewallIpConfigurations",
            properties: Configuration {
                private: firewall.private.filter(|_| first).map(|address| address.to_string()),
                subnet: reference(&firewall.subnet, &network.subnets, |subnet| &subnet.id).filter(|_| first),
                public: public.and_then(|of| reference_or_lost(of, &network.public_ips, |ip| &ip.id)),
            },
        }
    };
    (0..count).map(of).collect()
}

/// The collections, each with whether its rules are told: where some were lost, those of one that has none are not. If that is
/// none of them, they were lost with their collection.
fn collections<'a, R, T>(
    lost: bool,
    all: &'a [RuleCollection<R>],
    collection: impl Fn(&'a RuleCollection<R>, bool) -> Child<Collection<'a, T>>,
) -> Option<Vec<Child<Collection<'a, T>>>> {
    let told_of = |of: &RuleCollection<R>| !(lost && of.rules.is_empty());
    let lost_whole = lost && all.iter().all(told_of);
    told(all.iter().map(|of| collection(of, told_of(of))).collect(), lost_whole)
}

fn collection<'a, R, T>(
    firewall: &AzureFirewall,
    of: &'a RuleCollection<R>,
    list: &str,
    let_through: Option<&'static str>,
    has_rules: bool,
    rule: fn(&'a R) -> T,
) -> Child<Collection<'a, T>> {
    let kind = match (&of.access, let_through) {
        (Value::Known(crate::network::Access::Allow), Some(word)) => Some(word),
        (access, _) => rule::access(access),
    };
    Child {
        id: child_id(&firewall.id, list, &of.name),
        name: of.name.clone(),
        kind: "",
        properties: Collection {
            priority: (of.priority > 0).then_some(of.priority),
            action: kind.map(|kind| Action { kind }),
            rules: has_rules.then(|| of.rules.iter().map(rule).collect()),
        },
    }
}

fn nat_rule(of: &NatRule) -> Nat<'_> {
    // A name of a host is written in the place of an address that is not known.
    let (address, name) = match &of.translated_address {
        Value::Known(address) => (Some(address.to_string()), None),
        Value::Unknown(text) if text.starts_with(['[', '<', '$', '{']) => (Some(text.clone()), None),
        Value::Unknown(text) => (None, (!text.is_empty()).then_some(text.as_str())),
    };
    Nat {
        name: &of.name,
        hosts: Hosts::new(&of.sources),
        destination_addresses: texts(&of.destinations),
        protocols: protocols(&of.protocols),
        destination_ports: ports(&of.destination_ports),
        translated_address: address,
        translated_fqdn: name,
        translated_port: match &of.translated_port {
            Value::Known(port) => Some(port.to_string()),
            Value::Unknown(text) => (!text.is_empty()).then(|| text.clone()),
        },
    }
}

fn network_rule(of: &NetworkRule) -> NetworkRuleJson<'_> {
    let unknown = |address: &&Address| matches!(address, Address::Unknown(_));
    let known = of.destinations.iter().filter(|address| !unknown(address));
    let others: Vec<String> = of
        .destinations
        .iter()
        .filter_map(|address| match address {
            Address::Unknown(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        })
        .collect();
    let is_expression = |text: &&String| text.starts_with('[');
    let mut destination_addresses: Vec<String> = known.filter_map(rule::address).collect();
    destination_addresses.extend(others.iter().filter(is_expression).cloned());
    // Of one that was lost among others its place is left.
    let lost = of.destinations.iter().any(|address| rule::address(address).is_none());
    if lost && !(destination_addresses.is_empty() && others.is_empty()) {
        destination_addresses.push(String::new());
    }
    let named = || others.iter().filter(|text| !is_expression(text)).cloned();
    NetworkRuleJson {
        name: &of.name,
        hosts: Hosts::new(&of.sources),
        destination_addresses,
        destination_ip_groups: named().filter(|text| is_id(text)).collect(),
        destination_fqdns: named().filter(|text| !is_id(text)).collect(),
        protocols: protocols(&of.protocols),
        destination_ports: ports(&of.destination_ports),
    }
}
