//! What a policy protects, found again on the network.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use hashbrown::HashMap;
use ipnet::Ipv4Net;

use super::Names;
use super::documents::Documents;
use crate::decide::allowed_sources;
use crate::json::NodeId;
use crate::model::{Field, Machine, Policy, Protocol};
use crate::network::{AzureFirewall, Cloud, Index, Network, VirtualMachine, VirtualNetwork};

/// A port that a policy protects on a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Protected {
    pub port: u16,
    pub protocol: Protocol,
    /// From where it may be opened: canonical.
    pub sources: Vec<Ipv4Net>,
    /// For how long at most.
    pub most: Duration,
    /// The port rule.
    pub node: NodeId,
}

/// A machine of a policy.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The policy's document, in the order in which they were given.
    pub document: usize,
    /// The policy's name; `default` where the document has none, as the portal names it.
    pub policy: String,
    /// The policy's resource id; empty where the document has none.
    pub policy_id: String,
    /// The machine's id, as the policy has it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The machine in the policy.
    pub node: NodeId,
    /// The machine on the network.
    pub machine: Option<Index<VirtualMachine>>,
    /// The Azure Firewall that requests go through, and its public address.
    pub firewall: Option<(Index<AzureFirewall>, IpAddr)>,
    /// By protocol and port.
    pub ports: Vec<Protected>,
    /// The service says that it has carried the policy out.
    pub in_force: bool,
    /// The policy lists the requests made so far.
    pub lists_requests: bool,
}

impl Target {
    /// The ports of a protocol.
    pub(super) fn ports_of(&self, protocol: Protocol) -> Vec<u16> {
        let mut ports: Vec<u16> =
            self.ports.iter().filter(|port| port.protocol == protocol).map(|port| port.port).collect();
        ports.dedup();
        ports
    }
}

/// The machine of a policy; none where its id is not known.
pub(super) fn target(
    document: usize,
    policy: &Policy,
    machine: &Machine,
    network: &Network,
    finder: &Finder,
) -> Option<Target> {
    let id = machine.id.get()?.machine()?;
    let found = finder.find(id.text(), id.name());
    Some(of((document, policy), machine, (id.text(), id.name()), network, found))
}

/// The machines of policies whose ids are written as expressions: which they are is not known, and so none is found.
pub(super) fn not_known(policies: &Documents) -> Vec<Target> {
    let mut all = Vec::new();
    for (document, checked) in policies.checked.iter().enumerate() {
        let Some(validated) = checked.validated() else { continue };
        for policy in &validated.get().policies {
            all.extend(policy.machines.iter().filter_map(|machine| {
                let Field::Unknown(id) = machine.id else { return None };
                let id = checked.document.tape.string(id)?;
                Some(of((document, policy), machine, (&id, &id), &Network::default(), None))
            }));
        }
    }
    all
}

fn of(
    (document, policy): (usize, &Policy),
    machine: &Machine,
    (id, name): (&str, &str),
    network: &Network,
    found: Option<Index<VirtualMachine>>,
) -> Target {
    let public: Option<IpAddr> = machine.public_ip_address.get().and_then(|text| text.trim().parse().ok());
    let mut ports: Vec<Protected> = machine
        .ports
        .iter()
        .filter_map(|rule| {
            Some(Protected {
                port: rule.number.get()?.port()?,
                protocol: rule.protocol.get()?.protocol()?,
                sources: allowed_sources(&rule.sources)?,
                most: rule.max_duration.get()?.length()?,
                node: rule.node,
            })
        })
        .collect();
    let rank = |protocol| match protocol {
        Protocol::Tcp => 0_u128,
        Protocol::Udp => 1,
        Protocol::Any => 2,
    };
    crate::order::sort(&mut ports, |port| (rank(port.protocol) << 16) | u128::from(port.port));
    let state = policy.provisioning_state.get();
    Target {
        document,
        policy: policy.policy_name().unwrap_or("default").to_string(),
        policy_id: policy.id.get().map(ToString::to_string).unwrap_or_default(),
        id: id.to_string(),
        name: name.to_string(),
        node: machine.node,
        machine: found,
        firewall: found.and_then(|found| firewall(network, found, public)),
        ports,
        in_force: state.is_some_and(|state| state.eq_ignore_ascii_case("Succeeded")),
        lists_requests: policy.request_list.get().is_some(),
    }
}

/// True for the id of an EC2 instance: `i-` and 8 to 17 hexadecimal digits.
///
/// Source: *Resource IDs* of the Amazon EC2 User Guide: 17 digits, 8 in the older form.
pub fn is_instance_id(name: &str) -> bool {
    let digits = name.strip_prefix(['i', 'I']).and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|digits| {
        (8..=17).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// The machines of a network by what a policy calls them, without regard to case; of several the first. An EC2
/// instance has no resource id, and a policy cannot name a classic machine's: they are found by the id's last part,
/// their own id or name, as far as [`Names`] allows.
pub(super) struct Finder {
    ids: HashMap<String, Index<VirtualMachine>>,
    names: HashMap<String, Index<VirtualMachine>>,
}

impl Finder {
    pub(super) fn new(network: &Network, names: Names) -> Self {
        let mut finder = Self { ids: HashMap::new(), names: HashMap::new() };
        for (at, machine) in network.machines.iter().enumerate() {
            let index = Index::new(at);
            let id = machine.id.trim_end_matches('/').to_ascii_lowercase();
            if machine.cloud != Cloud::Azure {
                let last = id.rsplit('/').next().unwrap_or_default().to_string();
                match names {
                    Names::Any => {
                        for name in [last, machine.name.to_ascii_lowercase()] {
                            finder.names.entry(name).or_insert(index);
                        }
                    }
                    Names::Instances if machine.cloud == Cloud::Ec2 && is_instance_id(&last) => {
                        finder.names.entry(last).or_insert(index);
                    }
                    Names::Instances => {}
                }
            }
            finder.ids.entry(id).or_insert(index);
        }
        finder
    }

    pub(super) fn find(&self, id: &str, name: &str) -> Option<Index<VirtualMachine>> {
        let by_id = self.ids.get(&id.to_ascii_lowercase());
        by_id.or_else(|| self.names.get(&name.to_ascii_lowercase())).copied()
    }
}

/// The firewall of the machine's virtual network that has this public address. Where the policy names none,
/// a machine without a public address of its own is reached through the network's firewall.
fn firewall(
    network: &Network,
    machine: Index<VirtualMachine>,
    public: Option<IpAddr>,
) -> Option<(Index<AzureFirewall>, IpAddr)> {
    let sites = super::site::sites(network, machine);
    let vnets: Vec<Index<VirtualNetwork>> = sites
        .iter()
        .filter_map(|site| network.subnets.get(site.configuration.subnet.given()?.get())?.vnet.given())
        .collect();
    let own_address = sites
        .iter()
        .any(|site| site.configuration.public.is_some() || !is_none(&site.configuration.public_ip));
    if public.is_none() && own_address {
        return None;
    }
    network.firewalls.iter().enumerate().find_map(|(index, firewall)| {
        let vnet = network.subnets.get(firewall.subnet.given()?.get())?.vnet.given()?;
        let address = match public {
            Some(public) => firewall.public.contains(&public).then_some(public)?,
            None => *firewall.public.first()?,
        };
        (vnets.contains(&vnet) && !firewall.managed).then_some((Index::new(index), address))
    })
}

fn is_none<T>(reference: &crate::network::Ref<T>) -> bool {
    matches!(reference, crate::network::Ref::None)
}
