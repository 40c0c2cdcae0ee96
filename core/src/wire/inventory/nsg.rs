//! `Microsoft.Network/networkSecurityGroups`.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{ArmKind, Child, IdJson, Inventory, Resource, child_id, rule};
use crate::network::{Direction, Index, Network, NetworkSecurityGroup, SecurityRule};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group<'a> {
    /// None where it has some, and none of them is known. Of one among others that is not, an empty place is left: a
    /// list without it would be taken for all that there is, and no list for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) security_rules: Option<Vec<Child<Rule<'a>>>>,
    pub(super) default_security_rules: Vec<Child<Rule<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    network_interfaces: Vec<IdJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subnets: Vec<IdJson<'a>>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_port_range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_port_range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_address_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_address_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    source_port_ranges: Vec<String>,
    destination_port_ranges: Vec<String>,
    source_address_prefixes: Vec<String>,
    destination_address_prefixes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    source_application_security_groups: Vec<IdJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    destination_application_security_groups: Vec<IdJson<'a>>,
}

pub(super) fn nsg<'a>(of: &Inventory<'a>, at: usize) -> Option<Resource<'a, Group<'a>>> {
    let (network, index) = (of.network(), Index::<NetworkSecurityGroup>::new(at));
    let nsg = network.nsgs.get(at)?;
    let all = of.engine.rules(index);
    let own = || all.iter().filter(|rule| !rule.default);
    let unknown = own().next().is_some() && own().all(|rule| rule.stand_in);
    // Azure's own are known, whatever came of them.
    let defaults = all.iter().filter(|rule| rule.default && !rule.stand_in);
    let nics = of.links.nics_of(index).iter().filter_map(|nic| network.nics.get(nic.get()));
    let subnets = of.links.subnets_of(index).iter().filter_map(|subnet| network.subnets.get(subnet.get()));
    Some(Resource {
        id: &nsg.id,
        name: &nsg.name,
        kind: ArmKind::NetworkSecurityGroup.resource_type(),
        location: &nsg.location,
        sku: None,
        properties: Group {
            security_rules: (!unknown).then(|| own().map(|rule| child(network, nsg, rule)).collect()),
            default_security_rules: defaults.map(|rule| child(network, nsg, rule)).collect(),
            network_interfaces: nics.map(|nic| IdJson { id: &nic.id }).collect(),
            subnets: subnets.map(|subnet| IdJson { id: &subnet.id }).collect(),
        },
    })
}

fn child<'a>(network: &'a Network, nsg: &NetworkSecurityGroup, of: &'a SecurityRule) -> Child<Rule<'a>> {
    let (sources, destinations) = (rule::prefixes(&of.sources), rule::prefixes(&of.destinations));
    let (source_ports, ports) =
        (rule::port_ranges(&of.source_ports), rule::port_ranges(&of.destination_ports));
    let (list, kind) = if of.default {
        ("defaultSecurityRules", "Microsoft.Network/networkSecurityGroups/defaultSecurityRules")
    } else {
        ("securityRules", "Microsoft.Network/networkSecurityGroups/securityRules")
    };
    if of.stand_in {
        return Child { id: String::new(), name: String::new(), kind, properties: Rule::default() };
    }
    Child {
        id: child_id(&nsg.id, list, &of.name),
        name: of.name.clone(),
        kind,
        properties: Rule {
            description: &of.description,
            protocol: rule::protocol(&of.protocol, false),
            source_port_range: source_ports.one,
            destination_port_range: ports.one,
            source_address_prefix: sources.one,
            destination_address_prefix: destinations.one,
            // What it does is not known where it may not be there.
            access: rule::access(&of.access).filter(|_| of.perhaps.is_none()),
            // A rule without one that can be told has none here.
            priority: (of.priority > 0).then_some(of.priority),
            direction: match of.direction {
                Direction::Inbound => Some("Inbound"),
                Direction::Outbound => Some("Outbound"),
                Direction::Unknown => None,
            },
            source_port_ranges: source_ports.many,
            destination_port_ranges: ports.many,
            source_address_prefixes: sources.many,
            destination_address_prefixes: destinations.many,
            source_application_security_groups: rule::groups(&of.sources, network),
            destination_application_security_groups: rule::groups(&of.destinations, network),
        },
    }
}
