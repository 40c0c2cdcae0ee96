//! An EC2 instance. *Control traffic to your AWS resources using security groups*: rules only allow; those of
//! all groups on an interface are taken together; a group as the source means the private addresses of the
//! interfaces that are in it. *Security group rules*: all traffic (`-1`) means all ports, and ICMP for IPv6 is a
//! protocol of its own; of ICMP a rule may name a type and a code, which no packet here tells.

use jitgate_core::network::{
    Network, NetworkInterface, Peer, Permission, Ref, RuleProtocol, SecurityGroup, Value,
};

use super::nsg::{Stage, Verdict};
use super::same;
use crate::packet::has_ports;
use crate::{Packet, Truth};

/// What the groups of an interface make of the packet.
pub fn pass(network: &Network, nic: &NetworkInterface, packet: &Packet) -> Verdict {
    let passes = Truth::any(nic.security_groups.iter().map(|group| match group {
        Ref::None => Truth::No,
        Ref::Missing(_) => Truth::Maybe,
        Ref::Given(group) => {
            let group = &network.security_groups[group.get()];
            Truth::any(group.ingress.iter().map(|permission| matches(network, permission, packet)))
        }
    }));
    Verdict { stage: Stage::SecurityGroup, passes, by: None }
}

/// TCP and UDP at these ports, another protocol as a whole. What an unknown one is, ports or not, only the packet
/// tells: all traffic would have been given without ports.
fn transport(permission: &Permission, packet: &Packet) -> Truth {
    let at_port = || match &permission.ports {
        Value::Unknown(_) if !has_ports(packet.protocol) => Truth::Maybe,
        Value::Known(_) if !has_ports(packet.protocol) => Truth::Yes,
        Value::Known(range) => (range.first()..=range.last()).contains(&packet.destination_port).into(),
        Value::Unknown(_) => Truth::Maybe,
    };
    match permission.protocol {
        Value::Known(RuleProtocol::Any) => Truth::Yes,
        Value::Known(RuleProtocol::Number(number)) if number != packet.protocol => Truth::No,
        Value::Known(RuleProtocol::Number(_)) => at_port(),
        Value::Unknown(_) => at_port().min(Truth::Maybe),
    }
}

fn matches(network: &Network, permission: &Permission, packet: &Packet) -> Truth {
    Truth::all([
        transport(permission, packet),
        Truth::any(permission.peers.iter().map(|peer| match peer {
            Peer::Net(net) => net.contains(&packet.source).into(),
            Peer::Group(group) => is_member(network, group, packet),
            Peer::PrefixList(_) | Peer::Unknown(_) => Truth::Maybe,
        })),
    ])
}

/// True for who is known to be in the group. Of one that was not given, others may be in it, and so may who is on another page.
fn is_member(network: &Network, group: &Ref<SecurityGroup>, packet: &Packet) -> Truth {
    let members = network.nics.iter().filter(|nic| nic.security_groups.iter().any(|of| same(of, group)));
    let known =
        Truth::any(members.flat_map(|nic| &nic.ip_configurations).map(|member| match member.private {
            Some(private) => (private == packet.source).into(),
            None => Truth::Maybe,
        }));
    if matches!(group, Ref::Missing(_)) || network.more_ec2 { known.max(Truth::Maybe) } else { known }
}
