//! One NSG, or none, on the way of one packet.

use jitgate_core::network::{
    Access, Direction, Network, NetworkSecurityGroup, Ref, SecurityRule, Value, VirtualNetwork,
};

use super::rule::matches;
use crate::{Packet, Truth};

/// Where on the way a filter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// An Azure Firewall.
    Firewall,
    /// The NSG of the subnet.
    Subnet,
    /// The NSG of the network interface.
    Nic,
    /// The security groups of an EC2 instance.
    SecurityGroup,
}

/// What a filter does with a packet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// Where.
    pub stage: Stage,
    /// Whether it lets the packet through.
    pub passes: Truth,
    /// The rule that decides, where one surely does: the filter's name and the rule's.
    pub by: Option<(String, String)>,
}

/// What the NSG makes of the packet; a stage without one lets everything through.
pub fn pass(
    network: &Network,
    vnet: Option<&VirtualNetwork>,
    stage: Stage,
    nsg: &Ref<NetworkSecurityGroup>,
    packet: &Packet,
) -> Verdict {
    match nsg {
        Ref::None => Verdict { stage, passes: Truth::Yes, by: None },
        Ref::Missing(_) => Verdict { stage, passes: Truth::Maybe, by: None },
        Ref::Given(nsg) => filter(network, vnet, stage, &network.nsgs[nsg.get()], packet),
    }
}

/// Goes through the rules until one surely matches. A rule that may match may be the one that decides, so all
/// that could decide are kept.
fn filter(
    network: &Network,
    vnet: Option<&VirtualNetwork>,
    stage: Stage,
    nsg: &NetworkSecurityGroup,
    packet: &Packet,
) -> Verdict {
    let mut rules: Vec<&SecurityRule> =
        nsg.rules.iter().filter(|rule| rule.direction == Direction::Inbound).collect();
    rules.sort_by_key(|rule| rule.priority);
    let mut could_decide = Vec::new();
    for rule in rules {
        let matched = matches(network, vnet, rule, packet);
        if matched != Truth::No {
            could_decide.push(rule);
        }
        if matched == Truth::Yes {
            let may = |access| could_decide.iter().any(|rule| could(rule, access));
            let passes = match (may(Access::Allow), may(Access::Deny)) {
                (true, true) => Truth::Maybe,
                (allow, _) => allow.into(),
            };
            let by = match could_decide.as_slice() {
                [rule] => Some((nsg.name.clone(), rule.name.clone())),
                _ => None,
            };
            return Verdict { stage, passes, by };
        }
    }
    // Nothing but default rules matches everything; an export may lack them. What no rule allows is denied.
    let passes =
        if could_decide.iter().any(|rule| could(rule, Access::Allow)) { Truth::Maybe } else { Truth::No };
    Verdict { stage, passes, by: None }
}

/// True if the rule has that access, as far as is known.
fn could(rule: &SecurityRule, access: Access) -> bool {
    match &rule.access {
        Value::Known(known) => *known == access,
        Value::Unknown(_) => true,
    }
}
