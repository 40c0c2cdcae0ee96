//! What reaches each machine: by grants that are live, and without any.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv6Addr};

use ipnet::{IpNet, Ipv6Net};

use super::standing::protocols;
use super::{Activity, Fleet, Opened, Standing};
use crate::model::Protocol;
use crate::network::{Class, Cloud, Engine, Index, Os, Ref, Resource, VirtualMachine};
use crate::order;
use crate::preview::answer::{ResourceText, RuleChange};
use crate::preview::target::Target;
use crate::preview::text;
use crate::preview::text::RuleText;
use crate::preview::world::unfiltered_at;
use crate::sets::{Addresses, Traffic};

/// The ports by which machines are managed: SSH, RDP and `WinRM`, those that the portal proposes to protect.
const MANAGEMENT: [u16; 4] = [22, 3389, 5985, 5986];

/// A port that is reached although no request is open.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says a thing of its own")]
pub struct Exposed {
    /// The protocol: that of the policy's rule; TCP where there is none.
    pub protocol: Protocol,
    /// The port.
    pub port: u16,
    /// A policy protects it, so that this is left over in spite of just-in-time access. Else it is a management port
    /// that no policy protects.
    pub protected: bool,
    /// This is so in the network as it is now, with the rules of JIT that were found in it; else it is so after JIT has
    /// written its rules.
    pub as_found: bool,
    /// From where it may be reached.
    pub sources: Addresses,
    /// It is certain; else some of it hangs on what was not given.
    pub exact: bool,
    /// The Internet is among the sources: a sixteenth of all public addresses of a family, or more.
    pub internet: bool,
    /// The rules that let it in.
    pub let_in_by: Vec<RuleChange>,
    /// The addresses of the machine at which nothing filters what comes in.
    pub unfiltered: Addresses,
}

/// A machine: its group, and what reaches it.
#[derive(Clone, Debug)]
pub struct MachineExposure<'f> {
    /// Its id, as the network has it, or else the policy.
    pub id: &'f str,
    /// Its id as the first policy has it that names it; else the same as its own.
    pub named: &'f str,
    /// Its name.
    pub name: &'f str,
    /// Whose it is; none for a machine that is not in the network.
    pub cloud: Option<Cloud>,
    /// The region as written.
    pub location: &'f str,
    /// The operating system, where it is known.
    pub os: Option<Os>,
    /// The size, where it is known.
    pub size: &'f str,
    /// The private and the public addresses of an instance of EC2; those of Azure's machines are with their interfaces.
    pub addresses: [Vec<IpAddr>; 2],
    /// Its group; none for a machine of a policy that is not in the network.
    pub class: Option<Class>,
    /// Ids and names of the policies that it is in.
    pub policies: Vec<(&'f str, &'f str)>,
    /// An NSG filters it, or of EC2 a security group: there just-in-time access can work.
    pub filtered: bool,
    /// Requests go through an Azure Firewall.
    pub through_firewall: bool,
    /// The grants that are live.
    pub open: Vec<&'f Opened>,
    /// What is reached without any, by port.
    pub exposed: &'f [Exposed],
    /// Who came lately.
    pub activity: Option<&'f Activity>,
}

impl Fleet {
    /// A machine of the network.
    pub fn machine<'f>(
        &'f self,
        standing: &'f Standing,
        machine: Index<VirtualMachine>,
    ) -> Option<MachineExposure<'f>> {
        let of = self.given.network().machines.get(machine.get())?;
        let targets = || {
            let places = self.of_machine.get(machine.get()).into_iter().flatten();
            places.filter_map(|&place| self.targets.get(place))
        };
        let named = self.named(machine);
        Some(MachineExposure {
            id: &of.id,
            named,
            name: &of.name,
            cloud: Some(of.cloud),
            location: &of.location,
            os: of.os,
            size: &of.size,
            addresses: self.addresses(of),
            class: Some(self.given.classify(machine, self.protects(machine))),
            policies: targets().map(|target| (&*target.policy_id, &*target.policy)).collect(),
            filtered: self.filtered(of),
            through_firewall: targets().any(|target| target.firewall.is_some()),
            open: standing.opened_on(machine).collect(),
            exposed: self.exposed_at(standing, machine),
            activity: standing.activity(named),
        })
    }

    fn addresses(&self, machine: &VirtualMachine) -> [Vec<IpAddr>; 2] {
        let [mut private, mut public] = [Vec::new(), Vec::new()];
        if machine.cloud != Cloud::Ec2 {
            return [private, public];
        }
        let network = self.given.network();
        let nics = machine.nics.iter().filter_map(|nic| network.nics.get(nic.given()?.get()));
        for one in nics.flat_map(|nic| &nic.ip_configurations) {
            // Those of IPv6 are public alone.
            private.extend(one.private.filter(|private| one.public != Some(*private)));
            public.extend(one.public);
        }
        [private, public]
    }

    fn filtered(&self, machine: &VirtualMachine) -> bool {
        let network = self.given.network();
        let mut nics = machine.nics.iter().filter_map(|nic| network.nics.get(nic.given()?.get()));
        nics.any(|nic| {
            let mut subnets = nic.ip_configurations.iter().filter_map(|one| one.subnet.given());
            !matches!(nic.nsg, Ref::None)
                || !nic.security_groups.is_empty()
                || subnets.any(|subnet| {
                    network.subnets.get(subnet.get()).is_some_and(|subnet| !matches!(subnet.nsg, Ref::None))
                })
        })
    }

    /// The id by which the first policy names a machine that names it; its own where none does.
    pub fn named(&self, machine: Index<VirtualMachine>) -> &str {
        let target = self.of_machine.get(machine.get()).and_then(|targets| targets.first());
        let target = target.and_then(|&target| self.targets.get(target)).map(|target| target.id.as_str());
        let own = || self.given.network().machines.get(machine.get()).map(|machine| machine.id.as_str());
        target.or_else(own).unwrap_or_default()
    }

    /// The ids of the machines of policies that are not in the network, by policies; one that two have is told twice.
    pub fn absent_ids(&self) -> impl Iterator<Item = &str> {
        self.missing().map(|target| target.id.as_str())
    }

    fn missing(&self) -> impl Iterator<Item = &Target> {
        self.absent.iter().filter_map(|&at| self.targets.get(at))
    }

    /// The machines of policies that are not in the network, in the order of [`Self::absent_ids`].
    pub fn absent<'f>(&'f self, standing: &'f Standing) -> impl Iterator<Item = MachineExposure<'f>> {
        self.missing().map(|target| absent(target, standing))
    }

    /// The one at that place among them.
    pub fn absent_at<'f>(&'f self, standing: &'f Standing, place: usize) -> Option<MachineExposure<'f>> {
        Some(absent(self.targets.get(*self.absent.get(place)?)?, standing))
    }

    /// What reaches a machine at rest: its protected ports, and the management ports that none protects. Allows of JIT's
    /// that were found count, whether or not a grant explains them.
    pub fn exposed(&self, machine: Index<VirtualMachine>) -> &[Exposed] {
        let Some(slot) = self.exposed.get(machine.get()) else { return &[] };
        slot.get_or_init(|| self.work_out(machine, &self.as_found).into())
    }

    /// The same, without what live grants explain.
    fn exposed_at<'f>(&'f self, standing: &'f Standing, machine: Index<VirtualMachine>) -> &'f [Exposed] {
        let Some((as_found, slot)) = standing.explained(machine) else { return self.exposed(machine) };
        slot.get_or_init(|| self.work_out(machine, as_found).into())
    }

    fn work_out(&self, machine: Index<VirtualMachine>, as_found: &Engine) -> Vec<Exposed> {
        let engine = |port: &Port| if port.as_found { as_found } else { &self.at_rest };
        self.ports(machine).into_iter().filter_map(|port| exposed(engine(&port), machine, port)).collect()
    }

    /// The ports of a machine that are looked at, in order.
    pub(super) fn ports(&self, machine: Index<VirtualMachine>) -> Vec<Port> {
        let targets = self.of_machine.get(machine.get()).into_iter().flatten();
        let targets = targets.filter_map(|&place| self.targets.get(place));
        let mut ports: Vec<Port> = Vec::new();
        for target in targets {
            let all = target.ports.iter().map(|port| Port {
                number: port.port,
                protocol: port.protocol,
                protected: true,
                as_found: false,
            });
            ports.extend(all.clone());
            if self.found.contains(&machine.get()) {
                ports.extend(all.map(|port| Port { as_found: true, ..port }));
            }
        }
        for number in MANAGEMENT {
            let is_protected = |port: &Port| port.number == number && port.protocol.overlaps(Protocol::Tcp);
            if !ports.iter().any(is_protected) {
                ports.push(Port { number, protocol: Protocol::Tcp, protected: false, as_found: false });
            }
        }
        let key = |port: &Port| (port.number, port.protocol.as_str(), !port.as_found);
        order::sort_by(&mut ports, |one, other| key(one).cmp(&key(other)));
        ports.dedup();
        ports
    }
}

/// A port to look at, and in which state of the network.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Port {
    number: u16,
    protocol: Protocol,
    protected: bool,
    as_found: bool,
}

fn exposed(
    engine: &Engine,
    machine: Index<VirtualMachine>,
    Port { number: port, protocol, protected, as_found }: Port,
) -> Option<Exposed> {
    let mut sources = Addresses::none();
    let mut exact = true;
    let mut let_in_by: Vec<RuleChange> = Vec::new();
    let mut unfiltered = Addresses::none();
    for &number in protocols(protocol) {
        let hidden = engine.hidden_exposure(machine, number, port).may;
        exact &= hidden.is_empty();
        sources = sources.union(&sources_of(&hidden));
        let traffic = engine.exposure(machine, number, port);
        if traffic.may.is_empty() {
            continue;
        }
        exact &= traffic.is_exact();
        sources = sources.union(&sources_of(&traffic.may));
        for (answer, part) in engine.deciders(machine, traffic.may) {
            unfiltered = unfiltered.union(&unfiltered_at(&answer, &part));
            for decider in answer.decided_by {
                let Some(rule) = decider.rule.and_then(|rule| words(engine, decider.resource, rule)) else {
                    continue;
                };
                if !let_in_by.contains(&rule) {
                    let_in_by.push(rule);
                }
            }
        }
    }
    let internet = has_internet(&sources);
    (!sources.is_empty()).then_some(Exposed {
        protocol,
        port,
        protected,
        as_found,
        sources,
        exact,
        internet,
        let_in_by,
        unfiltered,
    })
}

pub(super) fn sources_of(traffic: &Traffic) -> Addresses {
    traffic.boxes().iter().flat_map(|region| region.sources.ranges()).collect()
}

/// A rule in words, as it stands in the engine.
fn words(engine: &Engine, resource: Resource, rule: u32) -> Option<RuleChange> {
    let (network, at) = (engine.network(), usize::try_from(rule).ok()?);
    let (resource, rule): (ResourceText, RuleText) = match resource {
        Resource::Nsg(nsg) => {
            (text::nsg(network, nsg), text::security_rule(engine.rules(nsg).get(at)?, network))
        }
        Resource::SecurityGroup(group) => (
            text::group(network.security_groups.get(group.get())?),
            text::permission(engine.permissions(group).get(at)?, network),
        ),
        Resource::Firewall(index) => {
            let mut rules = engine.nat(index).iter().flat_map(|collection| &collection.rules);
            (text::firewall(network.firewalls.get(index.get())?), text::nat_rule(rules.nth(at)?, network))
        }
        Resource::Machine(_) | Resource::Missing(_) => return None,
    };
    Some(RuleChange { resource, rule, for_request: false })
}

/// True where a sixteenth of all addresses of IPv4, or of the public ones of IPv6 (RFC 4291, 2.4), are among them: a
/// company's own block is not the Internet, which rules leave some blocks out of.
fn has_internet(sources: &Addresses) -> bool {
    let global = Ipv6Net::new(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3).map(IpNet::from);
    let global: Addresses = global.into_iter().collect();
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    };
    let count = |among: &Addresses, is_v4: bool| {
        let ranges = among.ranges().filter(|range| range.first().is_ipv4() == is_v4);
        let sizes = ranges.map(|range| bits(range.last()).abs_diff(bits(range.first())).saturating_add(1));
        sizes.fold(0, u128::saturating_add)
    };
    count(sources, true) >= 1 << 28 || count(&sources.intersection(&global), false) >= 1 << 121
}

/// The group in the words of the wire.
pub(crate) fn class_words(class: Option<Class>) -> (&'static str, &'static str) {
    match class {
        None => ("configured", "in a policy, and not in the network that was given"),
        Some(Class::Configured) => ("configured", ""),
        Some(Class::NotConfigured) => ("notConfigured", ""),
        Some(Class::Unsupported(reason)) => ("unsupported", reason.words()),
    }
}

impl MachineExposure<'_> {
    /// `configured`, `notConfigured` or `unsupported`, and why it cannot be supported.
    pub fn group(&self) -> (&'static str, &'static str) {
        class_words(self.class)
    }

    /// True if a protected port is reached although no request is open.
    pub fn has_residual(&self) -> bool {
        self.exposed.iter().any(|port| port.protected)
    }
}

/// A machine of a policy that is not in the network.
fn absent<'f>(target: &'f Target, standing: &'f Standing) -> MachineExposure<'f> {
    MachineExposure {
        id: &target.id,
        named: &target.id,
        name: &target.name,
        cloud: None,
        location: "",
        os: None,
        size: "",
        addresses: [Vec::new(), Vec::new()],
        class: None,
        policies: [(&*target.policy_id, &*target.policy)].into(),
        filtered: false,
        through_firewall: false,
        open: standing.opened_on_absent(&target.id).collect(),
        exposed: &[],
        activity: standing.activity(&target.id),
    }
}
