//! Turns of phrase of this family.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::model::Protocol;
use crate::network::{Aspect, ResourceKind};
use crate::preview::{ANY, RuleName};
use crate::rules::words::quoted;

/// A kind of resource, as messages say it.
pub const fn resource(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Machine => "machine",
        ResourceKind::Nic => "NIC",
        ResourceKind::Subnet => "subnet",
        ResourceKind::Vnet => "virtual network",
        ResourceKind::Nsg => "NSG",
        ResourceKind::Rule => "rule",
        ResourceKind::Asg => "application security group",
        ResourceKind::PublicIp => "public address",
        ResourceKind::RouteTable => "route table",
        ResourceKind::Firewall => "firewall",
        ResourceKind::SecurityGroup => "security group",
    }
}

/// A part of a rule, as messages say it.
pub const fn part(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Sources => "source",
        Aspect::SourcePorts => "source port",
        Aspect::Destinations => "destination",
        Aspect::DestinationPorts => "destination port",
    }
}

/// A port, as messages say it: ``TCP port `22` ``.
pub fn port(protocol: Protocol, port: u16) -> String {
    match protocol {
        Protocol::Any => format!("port `{port}`"),
        Protocol::Tcp | Protocol::Udp => format!("{} port `{port}`", protocol.as_str()),
    }
}

/// Where something comes from.
pub fn from(sources: &str) -> String {
    if sources == ANY { format!("from {ANY}") } else { format!("from `{sources}`") }
}

/// A rule, its resource and its priority.
pub fn rule(rule: &RuleName) -> String {
    let priority = rule.priority.map(|priority| format!(", priority `{priority}`")).unwrap_or_default();
    format!("rule {} of {}{priority},", quoted(&rule.name), quoted(&rule.resource))
}

/// The rules that let something in; empty where none is known.
pub fn rules(rules: &[RuleName]) -> String {
    const MOST: usize = 3;
    let named: Vec<String> = rules
        .iter()
        .take(MOST)
        .map(|rule| format!("{} in {}", quoted(&rule.name), quoted(&rule.resource)))
        .collect();
    match rules.len() {
        0 => String::new(),
        1 => format!(": rule {} lets it in", named.concat()),
        count if count > MOST => format!(": rules {} and more let it in", named.join(", ")),
        _ => format!(": rules {} let it in", named.join(" and ")),
    }
}

/// What to do, one step after the other.
pub fn steps(steps: &[String]) -> String {
    steps.join("; ")
}
