//! Azure networks with a firewall in front.

use std::net::IpAddr;

use jitgate_core::network::{
    Access, Address, AzureFirewall, Index, NatRule, Network, NetworkRule, Place, PortRange, Ref,
    RuleCollection, RuleProtocol, Value,
};

use super::azure::{Knowledge, azure};
use super::nsg;
use crate::build::{self, addresses, id};
use crate::choices::Choices;
use crate::packet::{TCP, UDP};

const PUBLIC: [&str; 2] = ["198.51.100.1", "198.51.100.2"];

/// A network of full knowledge, with a firewall that translates to its machines.
pub fn behind_firewall(choices: &mut Choices, most_rules: usize) -> Network {
    let mut network = azure(choices, most_rules, Knowledge::Full);
    let subnet = build::subnet(&mut network, Index::new(0), "AzureFirewallSubnet", "10.0.3.0/26", Ref::None);
    let nat = collections(choices, nat_rule);
    let rules = collections(choices, network_rule);
    network.firewalls.push(AzureFirewall {
        id: id("Network/azureFirewalls", "firewall"),
        name: "firewall".to_owned(),
        subnet,
        private: Some([10, 0, 3, 4].into()),
        public: PUBLIC.iter().map(|address| address.parse().expect("an address")).collect(),
        managed: false,
        nat,
        network: rules,
        place: Place::default(),
        ..AzureFirewall::default()
    });
    network
}

fn collections<R>(choices: &mut Choices, mut rule: impl FnMut(&mut Choices) -> R) -> Vec<RuleCollection<R>> {
    let mut priority = 400;
    choices.several(1, 2, |choices| {
        priority -= 100;
        RuleCollection {
            name: format!("collection-{priority}"),
            priority,
            access: Value::Known(choices.pick(&[Access::Deny, Access::Allow])),
            rules: choices.several(0, 3, &mut rule),
            place: Place::default(),
        }
    })
}

fn nat_rule(choices: &mut Choices) -> NatRule {
    let net = Address::Net(nsg::net(choices));
    let machine: IpAddr = [10, 0, 1, 4 + u8::try_from(choices.below(2)).expect("few")].into();
    NatRule {
        name: format!("nat-{}", choices.below(1000)),
        protocols: protocols(choices),
        sources: vec![choices.pick(&[Address::Any, net])],
        destinations: addresses(choices.pick(&PUBLIC)),
        destination_ports: vec![Value::Known(PortRange::one(choices.pick(&[22, 2222, 3389, 50000])))],
        translated_address: Value::Known(machine),
        translated_port: Value::Known(choices.pick(&[22, 3389])),
        place: Place::default(),
    }
}

fn network_rule(choices: &mut Choices) -> NetworkRule {
    let net = Address::Net(nsg::net(choices));
    NetworkRule {
        name: format!("network-{}", choices.below(1000)),
        protocols: protocols(choices),
        sources: vec![choices.pick(&[net, Address::Any])],
        destinations: addresses(choices.pick(&["10.0.1.4", "10.0.1.0/24", "*"])),
        destination_ports: nsg::ports(choices, Knowledge::Full),
        place: Place::default(),
    }
}

fn protocols(choices: &mut Choices) -> Vec<Value<RuleProtocol>> {
    let number = |number| Value::Known(RuleProtocol::Number(number));
    choices.pick(&[vec![number(TCP)], vec![number(TCP), number(UDP)], vec![number(UDP)]])
}
