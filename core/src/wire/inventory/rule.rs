//! What rules hold, as Resource Manager writes it: one value is the single member, several are the list.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ipnet::IpNet;

use super::{IdJson, reference_or_lost};
use crate::network::{Access, Address, Network, PortRange, RuleProtocol, Value};

/// One text or several.
#[derive(Default)]
pub(super) struct Texts {
    pub one: Option<String>,
    pub many: Vec<String>,
}

impl Texts {
    fn new(mut texts: Vec<String>) -> Self {
        // Alone, an empty text would be nothing.
        if texts.len() == 1 && !texts.iter().any(String::is_empty) {
            Self { one: texts.pop(), many: texts }
        } else {
            Self { one: None, many: texts }
        }
    }
}

/// Prefixes and tags; groups stand apart.
pub(super) fn prefixes(addresses: &[Address]) -> Texts {
    let is_group = |address: &&Address| matches!(address, Address::Group(_));
    let apart = addresses.iter().any(|address| is_group(&address));
    Texts::new(words(addresses.iter().filter(|address| !is_group(address)), apart, address))
}

/// The words of each. What was lost on the way has none: among others its place is left, lest they be taken for all, and
/// where there are no others, here or `apart`, there are no words at all.
pub(super) fn words<'a, T: 'a>(
    all: impl Iterator<Item = &'a T>,
    apart: bool,
    word: impl Fn(&'a T) -> Option<String>,
) -> Vec<String> {
    let words: Vec<_> = all.map(word).collect();
    if !apart && words.iter().all(Option::is_none) {
        return Vec::new();
    }
    words.into_iter().map(Option::unwrap_or_default).collect()
}

/// The application security groups.
pub(super) fn groups<'n>(addresses: &'n [Address], network: &'n Network) -> Vec<IdJson<'n>> {
    let group = |address: &'n Address| match address {
        Address::Group(group) => reference_or_lost(group, &network.asgs, |asg| &asg.id),
        _ => None,
    };
    addresses.iter().filter_map(group).collect()
}

pub(super) fn port_ranges(ports: &[Value<PortRange>]) -> Texts {
    Texts::new(words(ports.iter(), false, port_range))
}

/// An address in words; none for a group, and for one that was lost on the way.
pub(super) fn address(address: &Address) -> Option<String> {
    Some(match address {
        Address::Any => "*".to_string(),
        Address::Net(net) => self::net(*net),
        Address::Range(first, last) => format!("{first}-{last}"),
        Address::Tag(text) | Address::Unknown(text) if !text.is_empty() => text.clone(),
        Address::Tag(_) | Address::Unknown(_) | Address::Group(_) => return None,
    })
}

/// A single address goes without its mask.
pub(super) fn net(net: IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}

/// A range of ports; none for one that was lost on the way.
pub(super) fn port_range(range: &Value<PortRange>) -> Option<String> {
    Some(match range {
        Value::Known(range) if *range == PortRange::ALL => "*".to_string(),
        Value::Known(range) if range.first() == range.last() => range.first().to_string(),
        Value::Known(range) => format!("{}-{}", range.first(), range.last()),
        Value::Unknown(text) => return (!text.is_empty()).then(|| text.clone()),
    })
}

/// A protocol; none where nothing is known of it. Firewalls write `TCP` and `Any`, NSGs `Tcp` and `*`.
pub(super) fn protocol(protocol: &Value<RuleProtocol>, of_firewall: bool) -> Option<String> {
    let known = match protocol {
        Value::Unknown(text) => return (!text.is_empty()).then(|| text.clone()),
        Value::Known(known) => *known,
    };
    let words = match known {
        RuleProtocol::Any => ["*", "Any"],
        RuleProtocol::Number(1) => ["Icmp", "ICMP"],
        RuleProtocol::Number(6) => ["Tcp", "TCP"],
        RuleProtocol::Number(17) => ["Udp", "UDP"],
        RuleProtocol::Number(50) => ["Esp", "ESP"],
        RuleProtocol::Number(51) => ["Ah", "AH"],
        RuleProtocol::Number(number) => return Some(number.to_string()),
    };
    let [nsg, firewall] = words;
    Some(if of_firewall { firewall } else { nsg }.to_string())
}

/// `Allow` or `Deny`; none where nothing is known of it.
pub(super) fn access(access: &Value<Access>) -> Option<&str> {
    match access {
        Value::Known(access) => Some(access.word()),
        Value::Unknown(text) => (!text.is_empty()).then_some(text),
    }
}
