//! The policies: about half of the fleet. Some are careful; some are as the portal proposes them, and some worse.

use std::collections::BTreeMap;
use std::time::Duration;

use jitgate_core::Timestamp;
use serde_json::{Value, json};

use super::ids::resource;
use super::nsgs::{JUMP, OFFICE, VPN};
use super::plan::{Machine, Plan, Site, SiteKind};
use super::{Put, before, ec2, files, set};

/// A policy, and what may be asked of it.
#[derive(Debug)]
pub struct Policy {
    /// The call that puts it.
    pub put: Put,
    /// Its machines: id and ports.
    pub machines: Vec<(String, Vec<Port>)>,
}

/// A port rule.
#[derive(Clone, Copy, Debug)]
pub struct Port {
    /// The port.
    pub number: u16,
    /// From where; none for anywhere.
    pub sources: &'static [&'static str],
    /// For how many hours at most.
    pub hours: u64,
    protocol: &'static str,
}

const PEOPLE: &[&str] = &[OFFICE, VPN];

const fn port(number: u16, sources: &'static [&'static str], hours: u64) -> Port {
    Port { number, sources, hours, protocol: "TCP" }
}

const CAREFUL_LINUX: &[Port] = &[port(22, PEOPLE, 3)];
const CAREFUL_WINDOWS: &[Port] = &[port(3389, PEOPLE, 3), port(5986, &[JUMP], 2)];
/// What the portal proposes.
const PROPOSED: &[Port] = &[
    Port { protocol: "*", ..port(22, &[], 3) },
    Port { protocol: "*", ..port(3389, &[], 3) },
    Port { protocol: "*", ..port(5985, &[], 3) },
    Port { protocol: "*", ..port(5986, &[], 3) },
];
const RDP: &[Port] = &[port(3389, PEOPLE, 3)];
const JUMP_HOSTS: &[Port] = &[port(3389, PEOPLE, 8)];
const ALL_DAY: &[Port] = &[port(22, &[], 24)];

/// The rules for a machine; none where nobody has enabled it.
fn rules(site: &Site, machine: &Machine) -> Option<&'static [Port]> {
    let number = site.number;
    let careful = if machine.app.windows { CAREFUL_WINDOWS } else { CAREFUL_LINUX };
    match (site.kind, machine.app.name) {
        (SiteKind::Hub, "jump") => Some(JUMP_HOSTS),
        (SiteKind::Spoke, "track-web") if number % 3 == 2 => Some(ALL_DAY),
        (SiteKind::Hub, "dc") | (SiteKind::Spoke, "track-web" | "orders-pg") => Some(careful),
        (SiteKind::Spoke, "track-api") if number.is_multiple_of(2) => Some(careful),
        (SiteKind::Spoke, "parcel-sort") if number % 3 == 1 => Some(PROPOSED),
        (SiteKind::Spoke, "ledger-sql") if number.is_multiple_of(3) => Some(careful),
        (SiteKind::Spoke, "pay-app") if number % 2 == 1 => Some(PROPOSED),
        // One that nothing filters: just-in-time access cannot work there, and somebody enabled it all the same.
        (SiteKind::Spoke, "old-fax") if number == 3 && machine.number == 1 => Some(careful),
        _ => None,
    }
}

/// A machine with its rules.
type Enabled<'m> = (&'m Machine, &'static [Port]);

/// All policies: one called `default` in each resource group and region, as the portal keeps them; for EC2 one by
/// hand.
pub fn policies(plan: &Plan, now: Timestamp) -> Vec<Policy> {
    let mut groups: BTreeMap<(usize, &str), Vec<Enabled>> = BTreeMap::new();
    for machine in &plan.machines {
        if let Some(ports) = rules(plan.site(machine), machine) {
            groups.entry((machine.site, machine.group.as_str())).or_default().push((machine, ports));
        }
    }
    let mut policies = Vec::new();
    for ((_, group), machines) in groups {
        let Some((first, _)) = machines.first() else { continue };
        let site = plan.site(first);
        let firewall = (first.app.name == "jump").then(|| files::firewall_address(site));
        let id = policy_id(site.subscription, group, site.region.0, "default");
        let machines = machines.iter().map(|(machine, ports)| (plan.machine_id(machine), ports.to_vec()));
        policies.push((id, machines.collect::<Vec<_>>(), firewall));
    }
    let instances =
        ec2::all().into_iter().filter(|instance| instance.app == "courier-api" || instance.windows);
    let ports = |windows: bool| if windows { RDP } else { CAREFUL_LINUX };
    let instances: Vec<_> =
        instances.map(|instance| (instance.machine_id(), ports(instance.windows).to_vec())).collect();
    let [.., (shared, _)] = super::SUBSCRIPTIONS;
    policies.push((policy_id(shared, "rg-aws-couriers", "westeurope", "couriers"), instances, None));
    let place = |(place, (id, machines, firewall)): (u64, (String, Vec<_>, Option<String>))| {
        // One every ten minutes, some weeks ago.
        let ago = Duration::from_secs((35 * 24 * 3600_u64).saturating_sub(place.saturating_mul(600)));
        let body = body(&machines, firewall.as_deref()).to_string();
        Policy { put: Put { at: before(now, ago), by: usize::from(place % 3 == 1), id, body }, machines }
    };
    (0..).zip(policies).map(place).collect()
}

fn policy_id(subscription: &str, group: &str, location: &str, name: &str) -> String {
    let kind = format!("Microsoft.Security/locations/{location}/jitNetworkAccessPolicies");
    resource(subscription, group, &kind, name)
}

fn body(machines: &[(String, Vec<Port>)], firewall: Option<&str>) -> Value {
    let port = |port: &Port| {
        let mut rule = json!({
            "number": port.number, "protocol": port.protocol,
            "maxRequestAccessDuration": format!("PT{}H", port.hours)
        });
        match port.sources {
            [] => set(&mut rule, "", "allowedSourceAddressPrefix", json!("*")),
            [one] => set(&mut rule, "", "allowedSourceAddressPrefix", json!(one)),
            several => set(&mut rule, "", "allowedSourceAddressPrefixes", json!(several)),
        }
        rule
    };
    let machine = |(id, ports): &(String, Vec<Port>)| {
        let mut machine = json!({"id": id, "ports": ports.iter().map(port).collect::<Vec<_>>()});
        if let Some(firewall) = firewall {
            set(&mut machine, "", "publicIpAddress", json!(firewall));
        }
        machine
    };
    let machines: Vec<Value> = machines.iter().map(machine).collect();
    json!({"kind": "Basic", "properties": {"virtualMachines": machines}})
}
