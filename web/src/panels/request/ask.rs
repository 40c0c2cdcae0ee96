//! What a request form holds: each port that its machines' policies know, whether it is asked for, and how.
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use jitgate_logic::draft::{Unit, blocks, iso, length, longest};
use jitgate_logic::{array, object, quoted};

use crate::api::{Machine, Os, Policy, PortRule};
use crate::parts::{protocol, sources};

/// A port of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    pub key: u32,
    /// The policy, and what it calls the machine.
    pub policy: Option<ResourceId>,
    pub machine: Option<ResourceId>,
    pub name: String,
    pub number: u16,
    /// What the policy allows, each protocol: `TCP, up to 3 hours, from Any`.
    pub allowed: String,
    /// The longest time, in units.
    pub most: u64,
    pub unit: Unit,
    /// Whether it is asked for.
    pub on: bool,
    /// From the user's own address.
    pub mine: bool,
    /// Addresses and blocks, with commas.
    pub ranges: String,
    /// For how many units.
    pub time: String,
}

impl Ask {
    fn new(key: u32, policy: &Policy, listed: &ResourceId, name: &str, rule: &PortRule, mine: bool) -> Self {
        let (most, unit) = longest(&rule.longest);
        Self {
            key,
            policy: Some(policy.id.clone()),
            machine: Some(listed.clone()),
            name: name.to_owned(),
            number: rule.number,
            allowed: allowed(rule),
            most,
            unit,
            on: false,
            mine,
            ranges: String::new(),
            time: most.to_string(),
        }
    }

    /// The same number once more: a request names no protocol, and asks for whatever the policy has of it.
    fn join(&mut self, rule: &PortRule) {
        self.allowed = format!("{}; {}", self.allowed, allowed(rule));
        let (most, unit) = longest(&rule.longest);
        if length(&most.to_string(), unit) > length(&self.time, self.unit) {
            (self.most, self.unit, self.time) = (most, unit, most.to_string());
        }
    }

    fn json(&self) -> String {
        let sources: Vec<_> = blocks(&self.ranges).iter().map(|source| quoted(source)).collect();
        let (one, several) = match sources.as_slice() {
            // Without a source a request is for the address that it comes from.
            _ if self.mine => (String::new(), String::new()),
            [one] => (one.clone(), String::new()),
            all => (String::new(), array(all)),
        };
        object(&[
            ("number", self.number.to_string()),
            ("allowedSourceAddressPrefix", one),
            ("allowedSourceAddressPrefixes", several),
            ("duration", iso(&self.time, self.unit)),
        ])
    }
}

fn allowed(rule: &PortRule) -> String {
    let (most, unit) = longest(&rule.longest);
    let unit = if most == 1 { unit.word().trim_end_matches('s') } else { unit.word() };
    format!("{}, up to {most} {unit}, from {}", protocol(rule.protocol), sources(&rule.sources))
}

/// All ports of the machines. Of a single machine the one that people connect to is asked for already.
pub fn asks(machines: &[Arc<Machine>], policies: &[Arc<Policy>], mine: bool) -> Vec<Ask> {
    let mut all = Vec::new();
    for machine in machines {
        for policy in policies {
            let Some(listed) = policy.rules_of(&machine.id) else { continue };
            let first = all.len();
            for rule in &listed.ports {
                let mut own = all.iter_mut().skip(first);
                if let Some(same) = own.find(|ask: &&mut Ask| ask.number == rule.number) {
                    same.join(rule);
                    continue;
                }
                let key = u32::try_from(all.len()).unwrap_or(u32::MAX);
                all.push(Ask::new(key, policy, &listed.id, &machine.name, rule, mine));
            }
        }
    }
    if let [machine] = machines {
        let usual = if machine.os == Some(Os::Windows) { 3389 } else { 22 };
        if let Some(ask) = all.iter_mut().find(|ask| ask.number == usual) {
            ask.on = true;
        }
    }
    all
}

/// The request that goes to one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    pub policy: ResourceId,
    pub text: String,
    pub machines: Vec<ResourceId>,
    /// The form's rows of each machine's ports.
    pub keys: Vec<Vec<u32>>,
}

/// The ports that are asked for, machine by machine.
type Members<'a> = Vec<(&'a ResourceId, Vec<&'a Ask>)>;

/// What is sent, policy by policy; empty where nothing is asked for.
pub fn bodies(asks: &[Ask], justification: &str) -> Vec<Body> {
    let mut groups: Vec<(&ResourceId, Members)> = Vec::new();
    for ask in asks.iter().filter(|ask| ask.on) {
        let Some((policy, machine)) = ask.policy.as_ref().zip(ask.machine.as_ref()) else { continue };
        if !groups.iter().any(|(own, _)| *own == policy) {
            groups.push((policy, Vec::new()));
        }
        let Some((_, members)) = groups.iter_mut().find(|(own, _)| *own == policy) else { continue };
        match members.iter_mut().find(|(own, _)| *own == machine) {
            Some((_, ports)) => ports.push(ask),
            None => members.push((machine, vec![ask])),
        }
    }
    let why = justification.trim();
    let why = if why.is_empty() { String::new() } else { quoted(why) };
    groups.into_iter().map(|(policy, members)| body(policy, &members, &why)).collect()
}

fn body(policy: &ResourceId, members: &Members, why: &str) -> Body {
    let machine = |(id, ports): &(&ResourceId, Vec<&Ask>)| {
        let ports: Vec<_> = ports.iter().map(|ask| ask.json()).collect();
        object(&[("id", quoted(id.text())), ("ports", array(&ports))])
    };
    let list: Vec<_> = members.iter().map(machine).collect();
    Body {
        policy: policy.clone(),
        text: object(&[("virtualMachines", array(&list)), ("justification", why.to_owned())]),
        machines: members.iter().map(|(id, _)| (*id).clone()).collect(),
        keys: members.iter().map(|(_, ports)| ports.iter().map(|ask| ask.key).collect()).collect(),
    }
}
