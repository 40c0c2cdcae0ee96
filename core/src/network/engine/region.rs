//! What a rule matches, as regions of packets: at least, and at most.

use alloc::vec;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::bounds::{Bounds, Side, union_of, unknown_ports};
use super::tags::{Names, Scope};
use crate::network::{
    NatRule, Network, NetworkRule, Permission, PortRange, RuleProtocol, SecurityRule, Value,
};
use crate::sets::{Addresses, Family, Ports, Protocols, Region};

/// IANA's number of ICMP.
const ICMP: u8 = 1;
/// IANA's number of ICMP for IPv6.
const ICMP_V6: u8 = 58;

/// All that a rule's regions are made of.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    protocol: Value<RuleProtocol>,
    sources: Bounds<Addresses>,
    source_ports: Bounds<Ports>,
    destinations: Bounds<Addresses>,
    destination_ports: Bounds<Ports>,
    /// ICMP is that of both families.
    both_families: bool,
    /// Where the protocol has no ports, those that are not known are types of ICMP.
    by_type: bool,
    /// It may not be there at all, and then matches nothing.
    perhaps: bool,
}

impl Parts {
    /// Of an NSG's rule; `whereto` are the addresses that the destination may have, where it is not known.
    pub fn of_security_rule(
        rule: &SecurityRule,
        names: &Names,
        network: &Network,
        scope: Scope,
        whereto: Option<&Addresses>,
    ) -> Self {
        let destinations = names.addresses(&rule.destinations, network, scope);
        Self {
            protocol: rule.protocol.clone(),
            sources: names.addresses(&rule.sources, network, scope),
            source_ports: ports(&rule.source_ports),
            destinations: match whereto {
                None => destinations,
                Some(whereto) => anywhere_in(whereto, &destinations),
            },
            destination_ports: ports(&rule.destination_ports),
            both_families: true,
            by_type: false,
            perhaps: rule.perhaps.is_some(),
        }
    }

    /// Of a permission of an EC2 security group, which knows of no destination, and whose ports mean
    /// something else where the protocol has none.
    pub fn of_permission(permission: &Permission, names: &Names) -> Self {
        let any = matches!(permission.protocol, Value::Known(RuleProtocol::Any));
        Self {
            protocol: permission.protocol.clone(),
            sources: union_of(permission.peers.iter().map(|peer| names.peer(peer))),
            source_ports: Bounds::exact(Ports::all()),
            destinations: Bounds::exact(Addresses::all()),
            destination_ports: if any {
                Bounds::exact(Ports::all())
            } else {
                ports(core::slice::from_ref(&permission.ports))
            },
            both_families: false,
            by_type: matches!(permission.ports, Value::Unknown(_)),
            perhaps: false,
        }
    }

    /// Of an Azure Firewall's network rule, for each of its protocols.
    pub fn of_network_rule(rule: &NetworkRule, names: &Names, network: &Network, scope: Scope) -> Vec<Self> {
        let sources = names.addresses(&rule.sources, network, scope);
        let destinations = names.addresses(&rule.destinations, network, scope);
        let ports = ports(&rule.destination_ports);
        each_protocol(&rule.protocols, &sources, &destinations, &ports)
    }

    /// Of an Azure Firewall's DNAT rule, for each of its protocols.
    pub fn of_nat_rule(rule: &NatRule, names: &Names, network: &Network, scope: Scope) -> Vec<Self> {
        let sources = names.addresses(&rule.sources, network, scope);
        let destinations = names.addresses(&rule.destinations, network, scope);
        let ports = ports(&rule.destination_ports);
        each_protocol(&rule.protocols, &sources, &destinations, &ports)
    }

    /// Of a rule that matches every packet.
    pub fn everything() -> Self {
        Self {
            protocol: Value::Known(RuleProtocol::Any),
            sources: Bounds::exact(Addresses::all()),
            source_ports: Bounds::exact(Ports::all()),
            destinations: Bounds::exact(Addresses::all()),
            destination_ports: Bounds::exact(Ports::all()),
            both_families: false,
            by_type: false,
            perhaps: false,
        }
    }

    /// True where both sides are the same.
    pub fn is_exact(&self) -> bool {
        !self.perhaps
            && matches!(self.protocol, Value::Known(_))
            && self.sources.is_exact()
            && self.source_ports.is_exact()
            && self.destinations.is_exact()
            && self.destination_ports.is_exact()
    }

    /// The packets that it matches at least, or at most.
    pub fn regions(&self, side: Side) -> Vec<Region> {
        if self.perhaps && matches!(side, Side::Surely) {
            return Vec::new();
        }
        let region = |protocols, with_ports: bool| {
            let ports =
                |ports: &Bounds<Ports>| if with_ports { ports.side(side).clone() } else { Ports::all() };
            Region {
                protocols,
                sources: self.sources.side(side).clone(),
                source_ports: ports(&self.source_ports),
                destinations: self.destinations.side(side).clone(),
                destination_ports: ports(&self.destination_ports),
            }
        };
        let mut regions = match (&self.protocol, side) {
            (Value::Known(RuleProtocol::Any), _) => vec![region(Protocols::all(), true)],
            // Of some types of ICMP a packet may be or not: it does not tell its type here.
            (&Value::Known(RuleProtocol::Number(number)), Side::Surely)
                if self.by_type && !crate::sets::has_ports(number) =>
            {
                Vec::new()
            }
            (&Value::Known(RuleProtocol::Number(number)), _) => {
                let own = region(Protocols::one(number), crate::sets::has_ports(number));
                let mut regions = vec![own];
                if number == ICMP && self.both_families {
                    let mut v6 = region(Protocols::one(ICMP_V6), false);
                    v6.destinations = v6.destinations.intersection(&Addresses::v6());
                    regions.push(v6);
                }
                regions
            }
            (Value::Unknown(_), Side::Surely) => Vec::new(),
            // One without ports would ignore the rule's.
            (Value::Unknown(_), Side::May) => {
                let with_ports = Protocols::with_ports();
                vec![region(with_ports.complement(), false), region(with_ports, true)]
            }
        };
        regions.retain(|region| {
            !(region.sources.is_empty()
                || region.destinations.is_empty()
                || region.source_ports.is_empty()
                || region.destination_ports.is_empty())
        });
        regions
    }
}

/// The first of each run of sources, but the first run, that a region tells apart.
pub(super) fn source_cuts(region: &Region) -> impl Iterator<Item = IpAddr> {
    region.sources.ranges().flat_map(|range| [Some(range.first()), next(range.last())]).flatten()
}

/// The same of source ports.
pub(super) fn source_port_cuts(region: &Region) -> impl Iterator<Item = u16> {
    let ranges = region.source_ports.ranges();
    ranges.flat_map(|range| [Some(range.first()), range.last().checked_add(1)]).flatten()
}

/// The address after one.
fn next(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => address.to_bits().checked_add(1).map(|next| Ipv4Addr::from_bits(next).into()),
        IpAddr::V6(address) => address.to_bits().checked_add(1).map(|next| Ipv6Addr::from_bits(next).into()),
    }
}

fn each_protocol(
    protocols: &[Value<RuleProtocol>],
    sources: &Bounds<Addresses>,
    destinations: &Bounds<Addresses>,
    ports: &Bounds<Ports>,
) -> Vec<Parts> {
    let part = |protocol: &Value<RuleProtocol>| Parts {
        protocol: protocol.clone(),
        sources: sources.clone(),
        source_ports: Bounds::exact(Ports::all()),
        destinations: destinations.clone(),
        destination_ports: ports.clone(),
        both_families: false,
        by_type: false,
        perhaps: false,
    };
    protocols.iter().map(part).collect()
}

fn ports(list: &[Value<PortRange>]) -> Bounds<Ports> {
    let surely: Ports = list
        .iter()
        .filter_map(|value| match value {
            Value::Known(range) => Some(*range),
            Value::Unknown(_) => None,
        })
        .collect();
    if list.iter().all(|value| matches!(value, Value::Known(_))) {
        Bounds::exact(surely)
    } else {
        Bounds { surely, ..unknown_ports() }
    }
}

/// The destinations that a rule matches, where the destination is one of some that are not told apart:
/// a whole family where it surely is one of the rule's, or may be.
fn anywhere_in(whereto: &Addresses, rule: &Bounds<Addresses>) -> Bounds<Addresses> {
    let families = |fits: &dyn Fn(&Addresses) -> bool| {
        let of = |family| {
            let whole = Addresses::of_family(family);
            let candidates = whereto.intersection(&whole);
            if !candidates.is_empty() && fits(&candidates) { whole } else { Addresses::none() }
        };
        of(Family::V4).union(&of(Family::V6))
    };
    Bounds {
        surely: families(&|candidates| candidates.is_subset(&rule.surely)),
        may: families(&|candidates| !candidates.intersection(&rule.may).is_empty()),
    }
}
