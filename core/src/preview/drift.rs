//! JIT's rules that were found in the network, against those that it would write: edited, wiped, left over.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::IpNet;

use super::answer::Role;
use super::exposure::{Exposure, ExposureFact};
use super::rules::Write;
use super::scene::Scene;
use super::site::sites;
use super::strip::Found;
use super::text;
use crate::model::Timestamp;
use crate::network::{Access, Address, Index, Network, NetworkSecurityGroup, PortRange, SecurityRule, Value};

/// Everything that differs.
pub(super) fn facts(network: &Network, scene: &Scene, now: Timestamp) -> Vec<ExposureFact> {
    // Of the network itself nothing is told where not all is.
    let found = scene.stripped.found.iter().filter(|_| scene.tells_all());
    let mut facts: Vec<ExposureFact> =
        found.filter_map(|found| of_rule(network, scene, found, now)).collect();
    for (index, target) in scene.targets.iter().enumerate().filter(|(_, target)| scene.tells(target)) {
        let here = |found: &&Found| found.target == Some(index) && found.access == Access::Deny;
        let elsewhere = scene.stripped.found.iter().any(|found| here(&found));
        let Some(machine) = target.machine.filter(|_| target.in_force || elsewhere) else { continue };
        for site in sites(network, machine) {
            for &nsg in &site.nsgs {
                let there = |found: &Found| found.nsg == nsg && is_for(&found.rule, site.address);
                let planned = planned(scene, index, nsg, site.address);
                if !planned.is_empty() && !scene.stripped.found.iter().filter(here).any(there) {
                    facts.push(ExposureFact {
                        role: Role::Policy,
                        index: target.document,
                        node: target.node,
                        exposure: Exposure::Wiped {
                            machine: target.name.clone(),
                            nsg: text::nsg(network, nsg).name,
                            address: site.address.to_string(),
                        },
                    });
                }
            }
        }
    }
    facts
}

fn of_rule(network: &Network, scene: &Scene, found: &Found, now: Timestamp) -> Option<ExposureFact> {
    let exposure = match (found.target, found.access) {
        _ if found.former => return None,
        (Some(target), Access::Deny) => edited(network, scene, found, target)?,
        (Some(target), Access::Allow) => no_request(scene, found, target, now)?,
        (None, _) => left_over(network, scene, found)?,
    };
    let place = found.rule.place;
    let index = usize::try_from(place.file).ok()?;
    Some(ExposureFact { role: Role::Network, index, node: place.node, exposure })
}

/// The denies that JIT would write there.
fn planned(
    scene: &Scene,
    target: usize,
    nsg: Index<NetworkSecurityGroup>,
    address: IpAddr,
) -> Vec<&SecurityRule> {
    let rules = scene.rest_writes.iter().filter_map(|(of, write)| match write {
        Write::Rule { nsg: at, rule } if *of == target && *at == nsg && is_for(rule, address) => Some(rule),
        _ => None,
    });
    rules.collect()
}

fn is_for(rule: &SecurityRule, address: IpAddr) -> bool {
    let to = |to: &Address| matches!(to, Address::Net(net) if *net == IpNet::from(address));
    rule.destinations.iter().any(to)
}

fn edited(network: &Network, scene: &Scene, found: &Found, target: usize) -> Option<Exposure> {
    let rule = &found.rule;
    let machine = scene.targets.get(target)?;
    let addresses = machine.machine.map(|index| sites(network, index)).unwrap_or_default();
    let site = addresses.iter().find(|site| is_for(rule, site.address))?;
    let planned = planned(scene, target, found.nsg, site.address);
    // Several policies may be at hand, and no rule may have found a number.
    if planned.is_empty() {
        return None;
    }
    let of_protocol = planned.iter().find(|planned| planned.protocol == rule.protocol);
    let now = text::security_rule(rule, network);
    let difference = if rule.access != Value::Known(Access::Deny) {
        "it allows, and should deny".to_string()
    } else if !rule.sources.iter().any(|from| matches!(from, Address::Any)) {
        format!("it is about sources `{}`, and should be about all", now.sources.join(", "))
    } else if !rule.source_ports.contains(&Value::Known(PortRange::ALL)) {
        "it is about some source ports, and should be about all".to_string()
    } else if let Some(planned) = of_protocol {
        let missing: Vec<String> =
            ports(planned).filter(|port| !covers(rule, *port)).map(|port| port.to_string()).collect();
        let besides = rule.destination_ports.iter().any(|range| !planned.destination_ports.contains(range));
        if !missing.is_empty() {
            format!("port `{}` is not in it", missing.join("`, `"))
        } else if besides {
            format!("its ports are `{}`, and the policy has others", now.ports.join(", "))
        } else {
            return None;
        }
    } else {
        let should: Vec<String> =
            planned.iter().map(|rule| text::security_rule(rule, network).protocol).collect();
        format!("its protocol is `{}`, and should be `{}`", now.protocol, should.join("` and `"))
    };
    Some(Exposure::Edited { machine: machine.name.clone(), rule: rule.name.clone(), difference })
}

fn ports(rule: &SecurityRule) -> impl Iterator<Item = u16> {
    rule.destination_ports.iter().filter_map(|range| match range {
        Value::Known(range) => Some(range.first()),
        Value::Unknown(_) => None,
    })
}

fn covers(rule: &SecurityRule, port: u16) -> bool {
    rule.destination_ports.iter().any(|range| match range {
        Value::Known(range) => range.contains(port),
        Value::Unknown(_) => true,
    })
}

/// An allow without a request that is open; only where the policy lists its requests.
fn no_request(scene: &Scene, found: &Found, target: usize, now: Timestamp) -> Option<Exposure> {
    let machine = scene.targets.get(target)?;
    let live = scene
        .grants
        .iter()
        .any(|grant| grant.target == target && grant.is_live(now) && covers(&found.rule, grant.port));
    (machine.lists_requests && !live).then(|| Exposure::Stale {
        rule: found.rule.name.clone(),
        allows: true,
        reason: format!("no request for `{}` is open", machine.name),
    })
}

/// A rule for an address that no machine behind the NSG has, or for a machine that its policy does not have any more.
fn left_over(network: &Network, scene: &Scene, found: &Found) -> Option<Exposure> {
    let reason = match named(&found.rule.description) {
        Some((policy, machine))
            if scene.targets.iter().any(|target| target.policy.eq_ignore_ascii_case(policy))
                && !scene.targets.iter().any(|target| target.name.eq_ignore_ascii_case(machine)) =>
        {
            format!("policy {} has no machine {}", text::quoted(policy), text::quoted(machine))
        }
        _ => {
            let behind = (0..network.machines.len()).flat_map(|machine| sites(network, Index::new(machine)));
            let mut behind = behind.filter(|site| site.nsgs.contains(&found.nsg)).peekable();
            behind.peek()?;
            if behind.any(|site| is_for(&found.rule, site.address)) {
                return None;
            }
            "no machine behind the NSG has that address".to_string()
        }
    };
    let allows = found.access == Access::Allow;
    Some(Exposure::Stale { rule: found.rule.name.clone(), allows, reason })
}

/// Policy and machine of a description: `… policy 'default' of VM 'web-1'.`
fn named(description: &str) -> Option<(&str, &str)> {
    let (_, rest) = description.split_once("policy '")?;
    let (policy, rest) = rest.split_once("' of VM '")?;
    Some((policy, rest.split_once('\'')?.0))
}
