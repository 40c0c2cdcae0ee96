//! EC2 instances with security groups.

use std::net::IpAddr;

use jitgate_core::network::{
    Cloud, Index, IpConfiguration, Network, NetworkInterface, Peer, Permission, Place, PortRange, Ref,
    SecurityGroup, Value, VirtualMachine,
};

use super::{Knowledge, nsg};
use crate::build::{add, missing};
use crate::choices::Choices;

/// A few instances, each with one or two interfaces.
pub fn ec2(choices: &mut Choices, most_permissions: usize, knowledge: Knowledge) -> Network {
    let mut network =
        Network { more_ec2: knowledge == Knowledge::Partial && choices.one_in(5), ..Network::default() };
    let groups = 1 + choices.below(3);
    for at in 0..groups {
        let ingress = choices.several(0, most_permissions, |choices| permission(choices, groups, knowledge));
        network.security_groups.push(SecurityGroup {
            id: format!("sg-{at}"),
            name: format!("group-{at}"),
            ingress,
            ..SecurityGroup::default()
        });
    }
    for at in 0..=choices.below(2) {
        let name = format!("i-{at}");
        let interfaces = 1 + choices.below(2);
        let nics =
            (0..interfaces).map(|nic| interface(choices, &mut network, &name, at, nic, groups, knowledge));
        let nics = nics.collect();
        network.machines.push(VirtualMachine {
            id: name.clone(),
            name,
            cloud: Cloud::Ec2,
            location: "eu-west-1".to_owned(),
            nics,
            ..VirtualMachine::default()
        });
    }
    network
}

fn interface(
    choices: &mut Choices,
    network: &mut Network,
    instance: &str,
    at: usize,
    nic: usize,
    groups: usize,
    knowledge: Knowledge,
) -> Ref<NetworkInterface> {
    let byte = |number| u8::try_from(number).expect("few");
    let address: IpAddr = [10, 0, 1 + byte(nic), 4 + byte(at)].into();
    let mut security_groups: Vec<_> =
        (0..groups).filter(|_| !choices.one_in(2)).map(|group| Ref::Given(Index::new(group))).collect();
    if knowledge == Knowledge::Partial && choices.one_in(8) {
        security_groups.push(missing("sg-gone"));
    }
    let interface = NetworkInterface {
        id: format!("eni-{instance}-{nic}"),
        name: format!("eni-{instance}-{nic}"),
        security_groups,
        ip_configurations: vec![IpConfiguration { private: Some(address), ..IpConfiguration::default() }],
        ..NetworkInterface::default()
    };
    Ref::Given(add(&mut network.nics, interface))
}

fn permission(choices: &mut Choices, groups: usize, knowledge: Knowledge) -> Permission {
    Permission {
        protocol: nsg::protocol(choices, knowledge),
        ports: nsg::ports(choices, knowledge).pop().unwrap_or(Value::Known(PortRange::ALL)),
        peers: choices.several(0, 3, |choices| match choices.below(6) {
            0..=3 => Peer::Net(nsg::net(choices)),
            4 if knowledge == Knowledge::Partial => choices.pick(&[
                Peer::PrefixList("pl-1".to_owned()),
                Peer::Unknown("?".to_owned()),
                Peer::Group(missing("sg-gone")),
            ]),
            _ => Peer::Group(Ref::Given(Index::new(choices.below(groups)))),
        }),
        place: Place::default(),
    }
}
