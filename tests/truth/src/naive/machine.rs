//! The ways of a packet to a machine.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use jitgate_core::network::{
    Cloud, IpConfiguration, Network, NetworkInterface, Ref, Sku, Value, VirtualMachine, VirtualNetwork,
};

use super::address::{HOST, in_virtual_network};
use super::firewall;
use super::nsg::{self, Stage, Verdict};
use super::{Translation, ec2};
use crate::packet::has_ports;
use crate::{Packet, Truth};

/// A question: can this address open a connection to a machine?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// IANA's number of the protocol.
    pub protocol: u8,
    /// Who.
    pub from: IpAddr,
    /// From which port; none for any that systems take by themselves, 49152 and up.
    pub source_port: Option<u16>,
    /// To which port.
    pub port: u16,
    /// To which of the addresses; none for any of the machine's.
    pub to: Option<IpAddr>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The answer.
    pub answer: Truth,
    /// What each filter did, way by way.
    pub ways: Vec<Vec<Verdict>>,
}

/// RFC 6335: the ports that systems choose from by themselves.
const ORDINARY: RangeInclusive<u16> = 49152..=65535;

/// Answers the question by trying every way, from every source port at which any rule could begin to differ.
pub fn reach(network: &Network, machine: &VirtualMachine, flow: &Flow) -> Reached {
    let source_ports = match flow.source_port {
        _ if !has_ports(flow.protocol) => vec![0],
        Some(port) => vec![port],
        None => source_ports(network, ORDINARY),
    };
    let mut ways: Vec<Vec<Verdict>> = Vec::new();
    for source_port in source_ports {
        let packet = |to: IpAddr, port| Packet::new(flow.protocol, (flow.from, source_port), (to, port));
        for (nic, configuration) in configurations(network, machine) {
            if let Some(to) = asked(configuration, flow)
                && to.is_ipv4() == flow.from.is_ipv4()
            {
                ways.push(filters(network, machine, nic, configuration, &packet(to, flow.port)));
            }
        }
        for (public, port) in firewall::fronts(network, machine, flow) {
            let way = firewall::way(
                network,
                machine,
                &packet(public, port),
                flow.to.map_or(Some(flow.port), |_| None),
            );
            if !way.is_empty() {
                ways.push(way);
            }
        }
    }
    if has_missing_nics(machine) {
        ways.push(vec![Verdict { stage: Stage::Nic, passes: Truth::Maybe, by: None }]);
    }
    Reached { answer: Truth::any(ways.iter().map(|way| passes(way))), ways }
}

/// True if the packet, to one of the machine's own addresses, gets there.
pub fn direct(network: &Network, machine: &VirtualMachine, packet: &Packet) -> Truth {
    let here = configurations(network, machine)
        .filter(|(_, configuration)| configuration.private == Some(packet.destination));
    Truth::any(
        here.map(|(nic, configuration)| passes(&filters(network, machine, nic, configuration, packet))),
    )
}

/// True if the packet gets to the machine: to its own address, or through a firewall's.
pub fn arrives(network: &Network, machine: &VirtualMachine, packet: &Packet) -> Truth {
    let through = firewall::way(network, machine, packet, None);
    let through = if through.is_empty() { Truth::No } else { passes(&through) };
    let unknown = if has_missing_nics(machine) { Truth::Maybe } else { Truth::No };
    direct(network, machine, packet).max(through).max(unknown)
}

/// What cannot be seen may let anything in.
fn has_missing_nics(machine: &VirtualMachine) -> bool {
    machine.nics.iter().any(|nic| matches!(nic, Ref::Missing(_)))
}

/// Every filter on a way must let the packet through.
fn passes(way: &[Verdict]) -> Truth {
    Truth::all(way.iter().map(|verdict| verdict.passes))
}

/// The machine's given interfaces, and what each is configured with.
pub fn configurations<'a>(
    network: &'a Network,
    machine: &'a VirtualMachine,
) -> impl Iterator<Item = (&'a NetworkInterface, &'a IpConfiguration)> {
    let nics = machine.nics.iter().filter_map(Ref::given).map(|nic| &network.nics[nic.get()]);
    nics.flat_map(|nic| nic.ip_configurations.iter().map(move |configuration| (nic, configuration)))
}

/// The private address that the question is about: of this configuration, if it is the one asked for.
fn asked(configuration: &IpConfiguration, flow: &Flow) -> Option<IpAddr> {
    let asked = flow.to.is_none() || flow.to == configuration.private || flow.to == configuration.public;
    configuration.private.filter(|_| asked)
}

/// The subnet's NSG, then the NIC's; or the security groups of an EC2 instance.
fn filters(
    network: &Network,
    machine: &VirtualMachine,
    nic: &NetworkInterface,
    configuration: &IpConfiguration,
    packet: &Packet,
) -> Vec<Verdict> {
    if machine.cloud == Cloud::Ec2 {
        return vec![ec2::pass(network, nic, packet)];
    }
    let vnet = vnet_of(network, configuration);
    let subnet = match &configuration.subnet {
        Ref::None => Verdict { stage: Stage::Subnet, passes: Truth::Yes, by: None },
        Ref::Missing(_) => Verdict { stage: Stage::Subnet, passes: Truth::Maybe, by: None },
        Ref::Given(subnet) => {
            nsg::pass(network, vnet, Stage::Subnet, &network.subnets[subnet.get()].nsg, packet)
        }
    };
    let of_nic = nsg::pass(network, vnet, Stage::Nic, &nic.nsg, packet);
    let bare = match &configuration.subnet {
        Ref::None => true,
        Ref::Missing(_) => false,
        Ref::Given(subnet) => matches!(network.subnets[subnet.get()].nsg, Ref::None),
    };
    if bare && matches!(nic.nsg, Ref::None) {
        // No rule is behind it.
        let passes = public_address(network, vnet, configuration, packet);
        return vec![subnet, Verdict { stage: Stage::Nic, passes, by: None }];
    }
    vec![subnet, of_nic]
}

/// *Public IP addresses*: those of the Standard kind are closed to inbound traffic where no NSG allows it, those of the
/// Basic kind are open. Who is inside of the virtual network does not come that way.
fn public_address(
    network: &Network,
    vnet: Option<&VirtualNetwork>,
    configuration: &IpConfiguration,
    packet: &Packet,
) -> Truth {
    let public = configuration.public_ip.given().map(|public| network.public_ips[public.get()].sku);
    let from_outside = match (public, &configuration.public_ip) {
        (Some(Sku::Standard), _) => Truth::No,
        (Some(Sku::Unknown), _) | (None, Ref::Missing(_)) => Truth::Maybe,
        (None, Ref::None | Ref::Given(_)) if configuration.public.is_some() => Truth::Maybe,
        (Some(Sku::Basic), _) | (None, Ref::None | Ref::Given(_)) => return Truth::Yes,
    };
    let own = vnet.is_some_and(|vnet| vnet.prefixes.iter().any(|prefix| prefix.contains(&packet.source)));
    if own || packet.source == HOST {
        return Truth::Yes;
    }
    // What counts as connected may come by a private way.
    match in_virtual_network(network, vnet, packet.source) {
        Truth::No => from_outside,
        Truth::Maybe | Truth::Yes => Truth::Maybe,
    }
}

fn vnet_of<'a>(network: &'a Network, configuration: &IpConfiguration) -> Option<&'a VirtualNetwork> {
    let subnet = &network.subnets[configuration.subnet.given()?.get()];
    Some(&network.vnets[subnet.vnet.given()?.get()])
}

/// The ports among these at which a range of any rule begins, or the next one after its end, and the outermost.
pub fn source_ports(network: &Network, among: RangeInclusive<u16>) -> Vec<u16> {
    let rules = network.nsgs.iter().flat_map(|nsg| &nsg.rules);
    let mut ports: Vec<u16> = vec![*among.start(), *among.end()];
    for range in rules.flat_map(|rule| &rule.source_ports).filter_map(known) {
        ports.extend([range.first(), range.last().saturating_add(1)]);
    }
    ports.retain(|port| among.contains(port));
    ports.sort_unstable();
    ports.dedup();
    ports
}

fn known<T: Copy>(value: &Value<T>) -> Option<T> {
    match value {
        Value::Known(known) => Some(*known),
        Value::Unknown(_) => None,
    }
}

/// The firewall's translation of a packet that ends at this machine.
pub fn ends_here(network: &Network, machine: &VirtualMachine, translation: &Translation) -> bool {
    configurations(network, machine)
        .any(|(_, configuration)| configuration.private == Some(translation.address))
}
