//! Rules of NSGs.

use std::net::IpAddr;

use ipnet::IpNet;
use jitgate_core::network::{Access, Address, Direction, PortRange, RuleProtocol, SecurityRule, Value};

use super::Knowledge;
use crate::build::{addresses, rule, with_default_rules};
use crate::choices::Choices;
use crate::packet::{AH, ESP, ICMP, TCP, UDP};

/// Sources and destinations: nested, adjacent, single, and whole families.
pub const NETS: [&str; 22] = [
    "*",
    "203.0.113.0/24",
    "203.0.113.7/32",
    "203.0.113.0/25",
    "203.0.113.128/25",
    "203.0.112.0/23",
    "203.0.114.0/24",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/16",
    "10.0.1.0/24",
    "10.0.1.4/32",
    "10.0.1.5/32",
    "10.0.2.4/31",
    "128.0.0.0/1",
    "2001:db8::/32",
    "2001:db8:0:1::/64",
    "2001:db8:0:1::4/128",
    "2001:db8:ffff::/48",
    "203.0.113.5-203.0.113.9",
    "203.0.112.200-203.0.114.3",
    "2001:db8:0:1::3-2001:db8:0:1::10",
];
const TAGS: [&str; 7] = [
    "Internet",
    "VirtualNetwork",
    "AzureLoadBalancer",
    "Storage.WestEurope",
    "storage.westeurope",
    "virtualnetwork",
    "AzureCloud",
];
const UNKNOWN: [&str; 3] = ["Sql.NorthEurope", "?[parameters('source')]", "asg:gone"];
const PORTS: [u16; 12] = [22, 3389, 443, 21, 23, 0, 1, 1024, 65535, 65534, 49152, 50000];

/// The rules of an NSG, in any order, with or without Azure's own.
pub fn rules(choices: &mut Choices, most: usize, groups: usize, knowledge: Knowledge) -> Vec<SecurityRule> {
    let mut priority = 90;
    let mut rules = choices.several(0, most, |choices| {
        priority += 10 + u32::try_from(choices.below(3)).expect("a small number");
        one(choices, priority, groups, knowledge)
    });
    if choices.one_in(3) {
        rules.reverse();
    }
    if choices.one_in(8) { rules } else { with_default_rules(rules) }
}

fn one(choices: &mut Choices, priority: u32, groups: usize, knowledge: Knowledge) -> SecurityRule {
    let mut made = rule(&format!("{priority} allow tcp from * port * to * port 22"));
    if choices.one_in(3) {
        made.access = Value::Known(Access::Deny);
    }
    made.protocol = protocol(choices, knowledge);
    made.sources = elements(choices, groups, knowledge);
    made.destinations =
        if choices.one_in(2) { elements(choices, groups, knowledge) } else { made.destinations };
    made.destination_ports = ports(choices, knowledge);
    if choices.one_in(4) {
        made.source_ports = ports(choices, knowledge);
    }
    if choices.one_in(12) {
        made.direction = Direction::Outbound;
    }
    if knowledge == Knowledge::Partial && choices.one_in(16) {
        made.access = Value::Unknown("[parameters('access')]".to_owned());
    }
    made
}

/// A protocol of a rule.
pub fn protocol(choices: &mut Choices, knowledge: Knowledge) -> Value<RuleProtocol> {
    if knowledge == Knowledge::Partial && choices.one_in(16) {
        return Value::Unknown("[parameters('protocol')]".to_owned());
    }
    Value::Known(match choices.below(8) {
        0..=2 => RuleProtocol::Number(TCP),
        3 => RuleProtocol::Number(UDP),
        4 | 5 => RuleProtocol::Any,
        6 => RuleProtocol::Number(ICMP),
        _ => RuleProtocol::Number(choices.pick(&[ESP, AH])),
    })
}

/// Ports of a rule: mostly one element, sometimes several that overlap or touch, seldom none.
pub fn ports(choices: &mut Choices, knowledge: Knowledge) -> Vec<Value<PortRange>> {
    let least = usize::from(!choices.one_in(40));
    let most = if choices.one_in(3) { 3 } else { 1 };
    choices.several(least, most, |choices| {
        if knowledge == Knowledge::Partial && choices.one_in(20) {
            return Value::Unknown("[parameters('port')]".to_owned());
        }
        Value::Known(match choices.below(4) {
            0 | 1 => PortRange::one(choices.pick(&PORTS)),
            2 => {
                let (a, b) = (choices.pick(&PORTS), choices.pick(&PORTS));
                PortRange::new(a.min(b), a.max(b)).expect("forwards")
            }
            _ => PortRange::ALL,
        })
    })
}

/// Addresses of a rule: mostly one, sometimes several, seldom none.
pub fn elements(choices: &mut Choices, groups: usize, knowledge: Knowledge) -> Vec<Address> {
    let least = usize::from(!choices.one_in(40));
    let most = if choices.one_in(3) { 4 } else { 1 };
    choices
        .several(least, most, |choices| match choices.below(10) {
            0..=5 => addresses(choices.pick(&NETS)),
            6 => addresses(choices.pick(&TAGS)),
            7 if groups > 0 => addresses(&format!("asg:{}", choices.below(groups))),
            8 if knowledge == Knowledge::Partial => addresses(choices.pick(&UNKNOWN)),
            _ => vec![Address::Net(net(choices))],
        })
        .concat()
}

/// A prefix of any length around one of few addresses.
pub fn net(choices: &mut Choices) -> IpNet {
    let (address, longest): (IpAddr, usize) = match choices.below(4) {
        0 => ([203, 0, 113, 7].into(), 32),
        1 => ([10, 0, 1, 4].into(), 32),
        2 => ([203, 0, 113, 128].into(), 32),
        _ => ([0x2001, 0xdb8, 0, 1, 0, 0, 0, 4].into(), 128),
    };
    let length = longest - choices.below(longest + 1);
    IpNet::new(address, u8::try_from(length).expect("at most 128")).expect("a length of the family").trunc()
}
