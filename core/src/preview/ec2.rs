//! What JIT writes for EC2 instances: the protected ports are taken out of the permissions of the attached
//! security groups, and each grant is a new group.

use alloc::vec::Vec;

use ipnet::IpNet;

use super::draft::Draft;
use super::names;
use super::rules::Write;
use super::target::Target;
use crate::model::Protocol;
use crate::network::{
    Index, Network, NetworkInterface, Peer, Permission, PortRange, Ref, RuleProtocol, SecurityGroup, Value,
};

const TCP: u8 = 6;
const UDP: u8 = 17;
/// What is kept of a permission for all protocols, beside the other ports of TCP and UDP.
const KEPT: [u8; 2] = [1, 58];

/// Takes the protected ports out of the groups of the machine.
pub(super) fn revoke(network: &Network, draft: &mut Draft, target: &Target, writes: &mut Vec<Write>) {
    let mut groups: Vec<Index<SecurityGroup>> = Vec::new();
    for nic in interfaces(network, target).filter_map(|nic| network.nics.get(nic.get())) {
        for group in nic.security_groups.iter().filter_map(Ref::given) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
    }
    for index in groups {
        let Some(group) = draft.group_mut(network, index) else { continue };
        let mut ingress = Vec::new();
        for permission in &group.ingress {
            match without(permission, target) {
                Some(kept) => {
                    ingress.extend(kept.iter().cloned());
                    writes.push(Write::Revoke { group: index, permission: permission.clone(), kept });
                }
                None => ingress.push(permission.clone()),
            }
        }
        group.ingress = ingress;
    }
}

/// A new group for a grant, on every interface of the machine.
pub(super) fn open(
    network: &Network,
    draft: &mut Draft,
    target: &Target,
    (protocol, port): (Protocol, u16),
    sources: &[IpNet],
    request: &[&str],
    writes: &mut Vec<Write>,
) {
    let nics: Vec<_> = interfaces(network, target).collect();
    if nics.is_empty() {
        return;
    }
    let place = target
        .machine
        .and_then(|machine| network.machines.get(machine.get()))
        .map(|machine| machine.place)
        .unwrap_or_default();
    let peers: Vec<Peer> = sources.iter().map(|&net| Peer::Net(net)).collect();
    let numbers: &[u8] = if protocol == Protocol::Any { &[TCP, UDP] } else { numbers(protocol) };
    let permission = |&number: &u8| Permission {
        protocol: Value::Known(RuleProtocol::Number(number)),
        ports: Value::Known(PortRange::one(port)),
        peers: peers.clone(),
        place,
    };
    let mut written: Vec<&str> = [&*target.policy, protocol.as_str()].into();
    written.extend(request);
    let name = names::other(&[&target.id], &written);
    let group =
        SecurityGroup { id: name.clone(), name, ingress: numbers.iter().map(permission).collect(), place };
    writes.push(Write::Group { group: group.clone() });
    draft.new_groups.push((nics, group));
}

fn interfaces<'n>(
    network: &'n Network,
    target: &Target,
) -> impl Iterator<Item = Index<NetworkInterface>> + 'n {
    let machine = target.machine.and_then(|machine| network.machines.get(machine.get()));
    machine.into_iter().flat_map(|machine| &machine.nics).filter_map(Ref::given)
}

fn numbers(protocol: Protocol) -> &'static [u8] {
    match protocol {
        Protocol::Tcp => &[TCP],
        Protocol::Udp => &[UDP],
        Protocol::Any => &[TCP, UDP],
    }
}

/// What is left of a permission without the protected ports; none where they are not in it. What is not known
/// is taken away: it might let them in.
fn without(permission: &Permission, target: &Target) -> Option<Vec<Permission>> {
    let (Value::Known(protocol), Value::Known(ports)) = (&permission.protocol, &permission.ports) else {
        return Some(Vec::new());
    };
    let protected = |number: u8| {
        let of = move |own: Protocol| numbers(own).contains(&number);
        target.ports.iter().filter(move |port| of(port.protocol)).map(|port| port.port)
    };
    let kept = |number: u8, ports: PortRange| Permission {
        protocol: Value::Known(RuleProtocol::Number(number)),
        ports: Value::Known(ports),
        ..permission.clone()
    };
    let rest = |number: u8| cut(*ports, protected(number)).into_iter().map(move |ports| kept(number, ports));
    let hit = |number: u8| protected(number).any(|port| ports.contains(port));
    match *protocol {
        RuleProtocol::Number(number) => hit(number).then(|| rest(number).collect()),
        RuleProtocol::Any if hit(TCP) || hit(UDP) => {
            let others = KEPT.into_iter().map(|number| kept(number, PortRange::ALL));
            Some(rest(TCP).chain(rest(UDP)).chain(others).collect())
        }
        RuleProtocol::Any => None,
    }
}

/// A range without some ports.
pub(super) fn cut(range: PortRange, ports: impl Iterator<Item = u16>) -> Vec<PortRange> {
    let mut left = Vec::from([range]);
    for port in ports {
        left = left
            .into_iter()
            .flat_map(|range| {
                if !range.contains(port) {
                    return [Some(range), None];
                }
                let before = port.checked_sub(1).and_then(|last| PortRange::new(range.first(), last));
                let after = port.checked_add(1).and_then(|first| PortRange::new(first, range.last()));
                [before, after]
            })
            .flatten()
            .collect();
    }
    left
}
