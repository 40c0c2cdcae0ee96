//! The network in one state, ready to be asked.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::answer::ResourceText;
use super::draft::Draft;
use super::text::{self, RuleText};
use crate::model::Protocol;
use crate::network::{
    Answer, Bounds, Class, Engine, Flow, Index, Network, NetworkSecurityGroup, Reachable, Resource, Stage,
    VirtualMachine,
};
use crate::sets::{Addresses, TCP, Traffic, UDP};

/// The addresses to which traffic comes past no rule at all, where that is what the answer says of it.
pub(super) fn unfiltered_at(answer: &Answer, traffic: &Traffic) -> Addresses {
    let decided_by = &answer.decided_by;
    let is_bare = decided_by.iter().all(|decider| decider.rule.is_none())
        && decided_by.iter().any(|decider| matches!(decider.stage, Stage::NoFilter | Stage::PublicAddress));
    let regions = traffic.boxes().into_iter().filter(|_| is_bare);
    regions.flat_map(|region| region.destinations.ranges().collect::<Vec<_>>()).collect()
}

/// A state of the network.
pub(super) struct World<'n> {
    /// As given.
    pub network: &'n Network,
    given: &'n Engine,
    engine: Option<Engine>,
}

impl<'n> World<'n> {
    /// The network as given.
    pub(super) fn given(engine: &'n Engine) -> Self {
        Self { network: engine.network(), given: engine, engine: None }
    }

    /// The network as given, with these changes.
    pub(super) fn with(&self, draft: &Draft) -> World<'n> {
        World { network: self.network, given: self.given, engine: engine(self.given, draft) }
    }

    /// A state near this one, whose own changes are known: it shares what is the same.
    pub(super) fn near(&self, own: &Draft, other: &Draft) -> World<'n> {
        let covers = covers(&own.nsgs, &other.nsgs)
            && covers(&own.firewalls, &other.firewalls)
            && covers(&own.groups, &other.groups);
        if !covers || !own.new_groups.is_empty() || !other.new_groups.is_empty() {
            return self.with(other);
        }
        let mut engine = self.engine().clone();
        for (nsg, rules) in &other.nsgs {
            let known = own.nsgs.iter().find(|(own, _)| own == nsg);
            if !known.is_some_and(|(_, known)| Arc::ptr_eq(known, rules) || known == rules) {
                engine = engine.with_rules(*nsg, Arc::clone(rules));
            }
        }
        for (firewall, changed) in &other.firewalls {
            if engine.nat(*firewall) != changed.nat {
                engine = engine.with_nat(*firewall, changed.nat.clone());
            }
        }
        for (group, changed) in &other.groups {
            if engine.permissions(*group) != changed.ingress {
                engine = engine.with_permissions(*group, changed.ingress.clone());
            }
        }
        World { network: self.network, given: self.given, engine: Some(engine) }
    }

    /// What reaches a machine, where that is known of a state near this one.
    pub(super) fn effective_near(
        &self,
        other: &World,
        known: &Bounds<Traffic>,
        machine: Index<VirtualMachine>,
    ) -> Bounds<Traffic> {
        if self.engine().filters_alike(other.engine(), machine) {
            known.clone()
        } else {
            self.effective(machine)
        }
    }

    pub(super) fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap_or(self.given)
    }

    pub(super) fn effective(&self, machine: Index<VirtualMachine>) -> Bounds<Traffic> {
        self.engine().effective(machine)
    }

    /// What may come to a protected port through firewalls whose rules and addresses are not known.
    pub(super) fn hidden(
        &self,
        machine: Index<VirtualMachine>,
        (protocol, port): (Protocol, u16),
    ) -> Bounds<Traffic> {
        let of = |protocol| self.engine().hidden_exposure(machine, protocol, port);
        match protocol {
            Protocol::Tcp => of(TCP),
            Protocol::Udp => of(UDP),
            Protocol::Any => Bounds::union_of([of(TCP), of(UDP)].into()),
        }
    }

    /// The same, with the tables of another network wherever they are the same.
    pub(super) fn sharing(self, other: &Engine) -> Self {
        Self { engine: self.engine.map(|engine| engine.sharing(other)), ..self }
    }

    /// The engine, shared.
    pub(super) fn into_engine(self) -> Engine {
        self.engine.unwrap_or_else(|| self.given.clone())
    }

    /// The rule that stops what comes from an address to a port of the machine.
    pub(super) fn stopped_by(
        &self,
        machine: Index<VirtualMachine>,
        from: IpAddr,
        (protocol, port): (Protocol, u16),
        draft: &Draft,
    ) -> Option<(ResourceText, RuleText)> {
        let protocol = if protocol == Protocol::Udp { UDP } else { TCP };
        let flow = Flow { machine, from, port, protocol, source_port: None, to: None };
        let decided_by = self.engine().reach(&flow).decided_by;
        let last = decided_by.iter().rev().find(|decider| decider.reachable == Reachable::No)?;
        LetIn { resource: last.resource, rule: last.rule? }.text(self.network, draft)
    }

    /// The rules that let this traffic in, and the addresses at which nothing filters it.
    pub(super) fn let_in(
        &self,
        machine: Index<VirtualMachine>,
        traffic: &Traffic,
    ) -> (Vec<LetIn>, Addresses) {
        let mut found: Vec<LetIn> = Vec::new();
        let mut unfiltered = Addresses::none();
        for (answer, part) in self.engine().let_in(machine, traffic) {
            unfiltered = unfiltered.union(&unfiltered_at(&answer, &part));
            for decider in answer.decided_by {
                let Some(rule) = decider.rule else { continue };
                let let_in = LetIn { resource: decider.resource, rule };
                if !found.contains(&let_in) {
                    found.push(let_in);
                }
            }
        }
        (found, unfiltered)
    }

    /// In which group of Defender for Cloud a machine is, and why, where that tells more than the group itself.
    pub(super) fn classify(&self, machine: Index<VirtualMachine>, in_policy: bool) -> (&'static str, String) {
        match self.engine().classify(machine, in_policy) {
            Class::Configured => ("configured", String::new()),
            Class::NotConfigured => ("notConfigured", String::new()),
            Class::Unsupported(reason) => ("unsupported", reason.words().into()),
        }
    }
}

/// True where everything that is changed in the one is changed in the other, too.
fn covers<T, V>(one: &[(Index<T>, V)], other: &[(Index<T>, V)]) -> bool {
    one.iter().all(|(index, _)| other.iter().any(|(other, _)| other == index))
}

/// An engine with the changes; none where there are none.
fn engine(given: &Engine, draft: &Draft) -> Option<Engine> {
    if !draft.new_groups.is_empty() {
        // Who is in which group changes, so that all is worked out anew.
        return Some(Engine::new(draft.apply(given.network())));
    }
    let mut engine = (!draft.nsgs.is_empty()).then(|| given.with_all_rules(draft.nsgs.iter().cloned()));
    for (firewall, changed) in &draft.firewalls {
        engine = Some(engine.as_ref().unwrap_or(given).with_nat(*firewall, changed.nat.clone()));
    }
    for (group, changed) in &draft.groups {
        engine = Some(engine.as_ref().unwrap_or(given).with_permissions(*group, changed.ingress.clone()));
    }
    engine
}

/// A rule that lets something in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LetIn {
    resource: Resource,
    rule: u32,
}

impl LetIn {
    /// Its NSG and its name, where it is an NSG's.
    pub(super) fn security_rule(
        &self,
        network: &Network,
        draft: &Draft,
    ) -> Option<(Index<NetworkSecurityGroup>, String)> {
        let Resource::Nsg(nsg) = self.resource else { return None };
        let rule = draft.rules(network, nsg).get(usize::try_from(self.rule).ok()?)?;
        Some((nsg, rule.name.clone()))
    }

    /// In words.
    pub(super) fn text(&self, network: &Network, draft: &Draft) -> Option<(ResourceText, RuleText)> {
        let at = usize::try_from(self.rule).ok()?;
        match self.resource {
            Resource::Nsg(nsg) => {
                let rule = draft.rules(network, nsg).get(at)?;
                Some((text::nsg(network, nsg), text::security_rule(rule, network)))
            }
            Resource::SecurityGroup(group) => {
                let changed = draft.groups.iter().find(|(index, _)| *index == group).map(|(_, group)| group);
                let given = changed.or_else(|| network.security_groups.get(group.get()))?;
                Some((text::group(given), text::permission(given.ingress.get(at)?, network)))
            }
            Resource::Firewall(index) => {
                let changed =
                    draft.firewalls.iter().find(|(known, _)| *known == index).map(|(_, changed)| changed);
                let firewall = changed.or_else(|| network.firewalls.get(index.get()))?;
                let rule = firewall.nat.iter().flat_map(|collection| &collection.rules).nth(at)?;
                Some((text::firewall(firewall), text::nat_rule(rule, network)))
            }
            Resource::Machine(_) | Resource::Missing(_) => None,
        }
    }
}
