//! The rules of a machine, and what each of them allows. A request may name a machine or a port thousands of times:
//! everything here is worked out once.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::OnceCell;
use core::time::Duration;

use ipnet::Ipv4Net;

use super::judge::allowed_sources;
use crate::model::{Field, Machine, Policy, PortRule, Protocol};
use crate::order;

/// The rules of a machine.
pub(super) struct Rules<'p> {
    entries: Vec<(&'p Policy<'p>, &'p Machine<'p>)>,
    /// A policy of the machine is there several times: which one counts is not known.
    pub contested: bool,
    /// By their ports; those of one port as they stand.
    by_port: OnceCell<Vec<Rule<'p>>>,
    /// What is told of a port that is not among them.
    listed: OnceCell<Option<Rc<[u16]>>>,
}

/// The rule of a policy for a port of a machine.
pub(super) struct Rule<'p> {
    pub port: u16,
    pub policy: &'p Policy<'p>,
    /// As the policy has it.
    pub own: &'p PortRule,
    allowed: OnceCell<Option<Allowed>>,
}

/// What a rule allows.
#[derive(Clone)]
pub(super) struct Allowed {
    /// Canonical.
    pub sources: Rc<[Ipv4Net]>,
    pub most: Duration,
}

impl<'p> Rules<'p> {
    pub fn of(policy: &'p Policy<'p>, machine: &'p Machine<'p>, contested: bool) -> Self {
        let entries = alloc::vec![(policy, machine)];
        Self { entries, contested, by_port: OnceCell::new(), listed: OnceCell::new() }
    }

    /// Those of another entry of the same machine, before any is asked for.
    pub fn add(&mut self, policy: &'p Policy<'p>, machine: &'p Machine<'p>, contested: bool) {
        self.contested |= contested;
        self.entries.push((policy, machine));
    }

    pub fn of_port(&self, port: u16) -> impl Iterator<Item = &Rule<'p>> {
        let rules = self.by_port.get_or_init(|| self.sorted());
        let begin = rules.partition_point(|rule| rule.port < port);
        let behind = rules.get(begin..).unwrap_or_default().iter();
        behind.take_while(move |rule| rule.port == port)
    }

    fn sorted(&self) -> Vec<Rule<'p>> {
        let rules = self.entries.iter().flat_map(|&(policy, machine)| {
            machine.ports.iter().filter_map(move |rule| {
                let port = rule.number.get()?.port()?;
                Some(Rule { port, policy, own: rule, allowed: OnceCell::new() })
            })
        });
        let mut rules: Vec<_> = rules.collect();
        order::sort(&mut rules, |rule| rule.port.into());
        rules
    }

    /// The ports that have a rule, each once; none where not all of them are known.
    pub fn listed(&self) -> Option<Rc<[u16]>> {
        let make = || {
            let machines = || self.entries.iter().map(|(_, machine)| machine);
            let rules = || machines().flat_map(|machine| &machine.ports);
            let unknown = machines().any(|machine| matches!(machine.port_list, Field::Unknown(_)))
                || rules().any(|rule| matches!(rule.number, Field::Unknown(_)));
            let mut listed: Vec<u16> = rules().filter_map(|rule| rule.number.get()?.port()).collect();
            order::sort(&mut listed, |&port| port.into());
            listed.dedup();
            (!unknown).then(|| listed.into())
        };
        self.listed.get_or_init(make).clone()
    }
}

impl Rule<'_> {
    /// The protocol that it opens.
    pub fn protocol(&self) -> Option<Protocol> {
        self.own.protocol.get().and_then(|text| text.protocol())
    }

    /// What it allows; none where a part of that is not known.
    pub fn allowed(&self) -> Option<Allowed> {
        let make = || {
            self.protocol()?;
            let most = self.own.max_duration.get()?.length()?;
            Some(Allowed { sources: allowed_sources(&self.own.sources)?.into(), most })
        };
        self.allowed.get_or_init(make).clone()
    }
}
