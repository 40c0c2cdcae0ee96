//! Rules as people and programs read them, in the words that NSGs, firewalls and security groups use.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ipnet::IpNet;

use super::answer::ResourceText;
use crate::network::{
    Address, AzureFirewall, Index, NatRule, Network, NetworkSecurityGroup, Peer, Permission, PortRange, Ref,
    RuleProtocol, SecurityGroup, SecurityRule, Value,
};

/// A rule in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleText {
    /// Its name; empty for a permission, which has none.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its priority, where it has one.
    pub priority: Option<u32>,
    /// `Allow`, `Deny`, or an expression.
    pub access: String,
    /// `Tcp`, `Udp`, `*`, or a number.
    pub protocol: String,
    /// From where.
    pub sources: Vec<String>,
    /// To where.
    pub destinations: Vec<String>,
    /// To which ports.
    pub ports: Vec<String>,
    /// Where a DNAT rule leads to: address and port.
    pub translated: Option<(String, String)>,
}

pub(super) fn security_rule(rule: &SecurityRule, network: &Network) -> RuleText {
    RuleText {
        name: rule.name.clone(),
        description: rule.description.clone(),
        priority: Some(rule.priority).filter(|&priority| priority > 0),
        access: value(&rule.access, |access| access.word().to_string()),
        protocol: value(&rule.protocol, |known| protocol(*known)),
        sources: rule.sources.iter().map(|from| address(from, network)).collect(),
        destinations: rule.destinations.iter().map(|to| address(to, network)).collect(),
        ports: rule.destination_ports.iter().map(|range| value(range, |known| ports(*known))).collect(),
        translated: None,
    }
}

pub(super) fn nat_rule(rule: &NatRule, network: &Network) -> RuleText {
    let protocols: Vec<String> =
        rule.protocols.iter().map(|one| value(one, |known| protocol(*known))).collect();
    RuleText {
        name: rule.name.clone(),
        access: "Allow".to_string(),
        protocol: protocols.join(", "),
        sources: rule.sources.iter().map(|from| address(from, network)).collect(),
        destinations: rule.destinations.iter().map(|to| address(to, network)).collect(),
        ports: rule.destination_ports.iter().map(|range| value(range, |known| ports(*known))).collect(),
        translated: Some((
            value(&rule.translated_address, ToString::to_string),
            value(&rule.translated_port, ToString::to_string),
        )),
        ..RuleText::default()
    }
}

pub(super) fn permission(permission: &Permission, network: &Network) -> RuleText {
    let peer = |peer: &Peer| match peer {
        Peer::Net(net) => self::net(*net),
        Peer::Group(Ref::Given(group)) => {
            network.security_groups.get(group.get()).map(|group| group.id.clone()).unwrap_or_default()
        }
        Peer::Group(Ref::Missing(missing)) => missing.id.clone(),
        Peer::Group(Ref::None) => String::new(),
        Peer::PrefixList(text) | Peer::Unknown(text) => written(text),
    };
    RuleText {
        access: "Allow".to_string(),
        protocol: value(&permission.protocol, |known| protocol(*known)),
        sources: permission.peers.iter().map(peer).collect(),
        ports: [value(&permission.ports, |known| ports(*known))].into(),
        ..RuleText::default()
    }
}

fn value<T>(value: &Value<T>, words: impl Fn(&T) -> String) -> String {
    match value {
        Value::Known(known) => words(known),
        Value::Unknown(text) => written(text),
    }
}

/// What is not known, as it is written; it may have been lost.
fn written(text: &str) -> String {
    if text.is_empty() { "(not known)".to_string() } else { text.to_string() }
}

fn protocol(protocol: RuleProtocol) -> String {
    match protocol {
        RuleProtocol::Any => "*".to_string(),
        RuleProtocol::Number(1) => "Icmp".to_string(),
        RuleProtocol::Number(6) => "Tcp".to_string(),
        RuleProtocol::Number(17) => "Udp".to_string(),
        RuleProtocol::Number(50) => "Esp".to_string(),
        RuleProtocol::Number(51) => "Ah".to_string(),
        RuleProtocol::Number(number) => number.to_string(),
    }
}

fn ports(range: PortRange) -> String {
    match (range.first(), range.last()) {
        (0, u16::MAX) => "*".to_string(),
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}-{last}"),
    }
}

fn address(address: &Address, network: &Network) -> String {
    match address {
        Address::Any => "*".to_string(),
        Address::Net(net) => self::net(*net),
        Address::Range(first, last) => format!("{first}-{last}"),
        Address::Tag(text) | Address::Unknown(text) => written(text),
        Address::Group(Ref::Given(group)) => {
            network.asgs.get(group.get()).map(|group| group.name.clone()).unwrap_or_default()
        }
        Address::Group(Ref::Missing(missing)) => last_part(&missing.id).to_string(),
        Address::Group(Ref::None) => String::new(),
    }
}

/// A single address goes without its mask.
pub(super) fn net(net: IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}

/// A name in backticks, without anything that would break the line.
pub(super) fn quoted(name: &str) -> String {
    crate::rules::words::quoted(name)
}

/// The name in a resource's id.
pub(super) fn last_part(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

/// An NSG by name.
pub(super) fn nsg(network: &Network, nsg: Index<NetworkSecurityGroup>) -> ResourceText {
    let nsg = network.nsgs.get(nsg.get());
    ResourceText {
        kind: "nsg",
        id: nsg.map(|nsg| nsg.id.clone()).unwrap_or_default(),
        name: nsg.map(|nsg| nsg.name.clone()).unwrap_or_default(),
    }
}

/// An Azure Firewall by name.
pub(super) fn firewall(firewall: &AzureFirewall) -> ResourceText {
    ResourceText { kind: "firewall", id: firewall.id.clone(), name: firewall.name.clone() }
}

/// An EC2 security group by name.
pub(super) fn group(group: &SecurityGroup) -> ResourceText {
    ResourceText { kind: "securityGroup", id: group.id.clone(), name: group.name.clone() }
}
