//! What the states of the network show that somebody should know.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::answer::{Interval, MachinePreview, Residual, Role, RuleChange};
use super::exposure::{Exposure, ExposureFact, RuleName};
use super::residual::at_port;
use super::rules::{self, Write};
use super::show::Worlds;
use super::site::{Site, sites};
use super::target::Target;
use super::{beside, drift, names, text};
use crate::json::NodeId;
use crate::model::{Protocol, Timestamp};
use crate::network::{Access, Address, Index, Ref, SecurityGroup, Value, VirtualMachine};
use crate::sets::{Addresses, Traffic};

/// All facts, in no order; a report puts its own in order.
pub(super) fn all(
    worlds: &Worlds,
    machines: &[MachinePreview],
    timeline: &[Interval],
    now: Timestamp,
    sees: &beside::Sees,
) -> Vec<ExposureFact> {
    let mut facts = drift::facts(worlds.network, worlds.scene, now);
    for target in worlds.scene.targets.iter().filter(|target| worlds.scene.tells(target)) {
        of_target(worlds, machines, target, &mut facts);
    }
    for (of, write) in &worlds.scene.rest_writes {
        let (Write::NoPriority { nsg, ports, .. }, Some(target)) = (write, worlds.scene.targets.get(*of))
        else {
            continue;
        };
        if !worlds.scene.tells(target) {
            continue;
        }
        facts.push(in_policy(
            target,
            target.node,
            Exposure::NoPriority {
                machine: target.name.clone(),
                nsg: text::nsg(worlds.network, *nsg).name,
                ports: ports.clone(),
            },
        ));
    }
    beside::at_rest(worlds, sees, &mut facts);
    for interval in timeline {
        beside::over_time(worlds, interval, sees, &mut facts);
    }
    facts
}

pub(super) fn in_policy(target: &Target, node: NodeId, exposure: Exposure) -> ExposureFact {
    ExposureFact { role: Role::Policy, index: target.document, node, exposure }
}

fn of_target(worlds: &Worlds, machines: &[MachinePreview], target: &Target, facts: &mut Vec<ExposureFact>) {
    let name = || target.name.clone();
    let here = |exposure| in_policy(target, target.node, exposure);
    let Some(machine) = target.machine else {
        facts.push(here(Exposure::MachineNotInNetwork { machine: name() }));
        return;
    };
    let Some(preview) = machines.get(machine.get()) else { return };
    if preview.class == "unsupported" {
        facts.push(here(Exposure::Unsupported { machine: name(), reason: preview.reason.clone() }));
        return;
    }
    for site in
        sites(worlds.network, machine).iter().filter(|site| site.unfiltered && !worlds.is_ec2(machine))
    {
        facts.push(here(Exposure::Unfiltered { machine: name(), address: site.address.to_string() }));
    }
    if !preview.entangled.is_empty() {
        facts.push(here(Exposure::Entangled { machine: name(), filters: preview.entangled.clone() }));
    }
    for residual in &preview.residual {
        let port =
            target.ports.iter().find(|port| port.protocol == residual.protocol && port.port == residual.port);
        let Some(port) = port else { continue };
        if let Some(fact) = shadowed(worlds, target, machine, residual) {
            facts.push(fact);
        } else if !residual.as_found && !told_already(worlds, target, machine) {
            let rules = residual.let_in_by.iter().map(rule_name).collect();
            let certain = !residual.traffic.surely.is_empty();
            let may = sources(&residual.traffic.may);
            let surely = if certain { sources(&residual.traffic.surely) } else { may.clone() };
            facts.push(in_policy(
                target,
                port.node,
                Exposure::Residual {
                    machine: name(),
                    protocol: residual.protocol,
                    port: residual.port,
                    perhaps: if may == surely { String::new() } else { may },
                    sources: surely,
                    rules,
                    steps: residual.closing.steps.clone(),
                    certain,
                },
            ));
        }
    }
    dead_ports(worlds, target, machine, facts);
}

/// Where nothing filters the machine, that was said.
fn told_already(worlds: &Worlds, target: &Target, machine: Index<VirtualMachine>) -> bool {
    let no_number = worlds.scene.rest_writes.iter().any(|(of, write)| {
        matches!(write, Write::NoPriority { .. })
            && worlds.scene.targets.get(*of).is_some_and(|known| core::ptr::eq(known, target))
    });
    no_number
        || (!worlds.is_ec2(machine) && sites(worlds.network, machine).iter().any(|site| site.unfiltered))
}

/// An exposure in the network as found, where a deny of JIT's stands below the rule that lets it in.
fn shadowed(
    worlds: &Worlds,
    target: &Target,
    machine: Index<VirtualMachine>,
    residual: &Residual,
) -> Option<ExposureFact> {
    if !residual.as_found {
        return None;
    }
    let draft = &worlds.scene.as_found;
    let addresses: Addresses = sites(worlds.network, machine)
        .iter()
        .map(|site| crate::sets::AddressRange::from(site.address))
        .collect();
    for let_in in worlds.as_found.let_in(machine, &residual.traffic.may).0 {
        let Some((nsg, name)) = let_in.security_rule(worlds.network, draft) else { continue };
        let rules = draft.rules(worlds.network, nsg);
        let Some(allow) = rules.iter().find(|rule| rule.name == name) else { continue };
        let deny = rules.iter().find(|rule| {
            let to = |to: &Address| matches!(to, Address::Net(net) if addresses.contains(net.addr()));
            names::written_by_jit(rule) == Some(Access::Deny)
                && rule.destinations.iter().any(to)
                && rule.priority > allow.priority
        });
        let (Some(deny), Ok(index)) = (deny, usize::try_from(allow.place.file)) else { continue };
        if allow.default || names::written_by_jit(allow).is_some() {
            continue;
        }
        return Some(ExposureFact {
            role: Role::Network,
            index,
            node: allow.place.node,
            exposure: Exposure::ShadowedDeny {
                machine: target.name.clone(),
                allow: RuleName {
                    name,
                    resource: text::nsg(worlds.network, nsg).name,
                    priority: Some(allow.priority),
                },
                deny: (deny.name.clone(), deny.priority),
                protocol: residual.protocol,
                port: residual.port,
                sources: sources(&residual.traffic.may),
                steps: residual.closing.steps.clone(),
            },
        });
    }
    None
}

fn rule_name(change: &RuleChange) -> RuleName {
    let rule = &change.rule;
    let said = || match &*rule.access {
        "Allow" => {
            alloc::format!("{} {} from {}", rule.protocol, rule.ports.join(", "), rule.sources.join(", "))
        }
        // It stands in for rules that are not known.
        other => other.to_string(),
    };
    RuleName {
        name: if rule.name.is_empty() { said() } else { rule.name.clone() },
        resource: change.resource.name.clone(),
        priority: rule.priority,
    }
}

/// All sources, in words.
pub(crate) const ANY: &str = "any address";

/// The sources of some traffic, in words.
fn sources(traffic: &Traffic) -> String {
    let all = traffic.sources();
    if Addresses::v4().is_subset(&all) { ANY.to_string() } else { shorten(&all.to_string()) }
}

/// Some traffic, in words.
pub(super) fn words(traffic: &Traffic) -> String {
    let boxes: Vec<String> = traffic.boxes().iter().map(ToString::to_string).collect();
    shorten(&boxes.join("; "))
}

/// Long lists are cut at a comma or a semicolon.
fn shorten(text: &str) -> String {
    const MOST: usize = 160;
    let Some((start, _)) = text.split_at_checked(MOST) else { return text.to_string() };
    let end = start.rfind([',', ';']).and_then(|end| start.get(..end)).unwrap_or(start);
    alloc::format!("{end} and more")
}

/// Ports that stay closed though everything that the policy allows is granted.
fn dead_ports(
    worlds: &Worlds,
    target: &Target,
    machine: Index<VirtualMachine>,
    facts: &mut Vec<ExposureFact>,
) {
    if !may_be_stopped(worlds, target, machine) {
        return;
    }
    let mut draft = worlds.scene.rest.clone();
    for port in &target.ports {
        let nets: Vec<_> = port.sources.iter().map(|&net| ipnet::IpNet::V4(net)).collect();
        rules::open(worlds.network, &mut draft, target, (port.protocol, port.port), &nets, &[]);
    }
    let world = worlds.rest.near(&worlds.scene.rest, &draft);
    let effective = world.effective(machine);
    for port in &target.ports {
        let is_dead = |protocol: Protocol| {
            let at = (protocol, port.port);
            at_port(&world, &draft, machine, at, &effective).may.is_empty()
                && world.hidden(machine, at).may.is_empty()
        };
        // A rule for all protocols is for what people use: by UDP alone nobody signs in.
        let dead = match port.protocol {
            Protocol::Any if is_dead(Protocol::Tcp) => {
                Some(if is_dead(Protocol::Udp) { Protocol::Any } else { Protocol::Tcp })
            }
            Protocol::Any => None,
            one => is_dead(one).then_some(one),
        };
        let Some(protocol) = dead else { continue };
        let stopped_by = port.sources.first().and_then(|net| {
            let (resource, rule) =
                world.stopped_by(machine, net.network().into(), (protocol, port.port), &draft)?;
            Some(rule_name(&RuleChange { resource, rule, for_request: true }))
        });
        facts.push(in_policy(
            target,
            port.node,
            Exposure::DeadPort { machine: target.name.clone(), protocol, port: port.port, stopped_by },
        ));
    }
}

/// False where nothing in an NSG stands above JIT's allows that would stop what they let in: then no port is dead, and
/// the network need not be asked.
fn may_be_stopped(worlds: &Worlds, target: &Target, machine: Index<VirtualMachine>) -> bool {
    if target.firewall.is_some() || worlds.is_ec2(machine) {
        return true;
    }
    let (network, rest) = (worlds.network, &worlds.scene.rest);
    let sites = sites(network, machine);
    let stops = |site: &Site| {
        site.nsgs.iter().any(|&nsg| {
            let numbers = rest.numbers(network, nsg);
            // Each port and address takes a number more.
            let Some(last) = numbers.allow_of(target.ports.len().saturating_mul(sites.len())) else {
                return true;
            };
            rest.rules(network, nsg).iter().any(|rule| {
                let above = rule.priority < last && !rule.default && rule.direction.may_be_inbound();
                above && rule.access != Value::Known(Access::Allow)
            })
        })
    };
    !sites.iter().any(|site| site.address.is_ipv4()) || sites.iter().any(stops)
}

impl Worlds<'_> {
    /// The EC2 security groups of a machine.
    pub(super) fn groups(
        &self,
        machine: Index<VirtualMachine>,
    ) -> impl Iterator<Item = Index<SecurityGroup>> {
        let nics = self.network.machines.get(machine.get()).map(|machine| machine.nics.as_slice());
        let nics =
            nics.unwrap_or_default().iter().filter_map(|nic| self.network.nics.get(nic.given()?.get()));
        nics.flat_map(|nic| &nic.security_groups).filter_map(Ref::given)
    }

    /// True for an EC2 instance.
    pub(super) fn is_ec2(&self, machine: Index<VirtualMachine>) -> bool {
        let machine = self.network.machines.get(machine.get());
        machine.is_some_and(|machine| machine.cloud == crate::network::Cloud::Ec2)
    }
}
