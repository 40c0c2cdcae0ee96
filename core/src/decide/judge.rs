//! One requested port against the rules of its machine.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;

use ipnet::Ipv4Net;

use super::nearest::sources;
use super::{Context, Grant, Refusal};
use crate::blocks::aggregate;
use crate::json::{NodeId, Tape};
use crate::model::{
    Field, Machine, MachineId, OddSource, Policy, PortRule, Protocol, Request, RequestMachine, RequestPort,
    SourceList, SourceText, Sources, Timestamp,
};
use crate::names::Names;
use crate::read::Document;
use crate::rules::Validated;

/// What came of one requested port.
pub(super) struct Ask<'r> {
    pub port: &'r RequestPort<'r>,
    pub machine: &'r RequestMachine<'r>,
    pub grants: Vec<Grant>,
    pub refusals: Vec<Refusal<'r>>,
    /// What the rule nearest to the request allows; none where there is no rule for it.
    pub allowed: Option<Allowed>,
}

/// What a rule allows.
#[derive(Clone)]
pub(super) struct Allowed {
    /// Canonical.
    pub sources: Vec<Ipv4Net>,
    pub most: Duration,
}

/// The policies, ready to be asked.
pub(super) struct Judge<'p> {
    machines: Names<'p, Vec<(&'p Policy<'p>, &'p Machine<'p>)>>,
    names: Vec<&'p str>,
    /// Some machine's id is not known here.
    unknown_machines: bool,
    context: &'p Context,
}

impl<'p> Judge<'p> {
    pub(super) fn new(policies: Validated<'p, Document<'p, 'p>>, context: &'p Context) -> Self {
        let policies = &policies.get().policies;
        let mut machines: Names<Vec<_>> = Names::of_any_case(0);
        let mut names = Vec::new();
        let mut unknown_machines = false;
        for policy in policies {
            unknown_machines |= matches!(policy.machine_list, Field::Unknown(_));
            for machine in &policy.machines {
                unknown_machines |= matches!(machine.id, Field::Unknown(_));
                let Some(id) = machine.id.get().and_then(|id| id.machine()) else { continue };
                if let Some(known) = machines.insert(id.text(), 0, alloc::vec![(policy, machine)]) {
                    known.push((policy, machine));
                }
                names.push(id.name());
            }
        }
        Self { machines, names, unknown_machines, context }
    }

    /// Judges every port of these requests, in order.
    pub(super) fn all<'r>(&self, requests: &'r [Request<'r>], tape: &Tape) -> Vec<Ask<'r>>
    where
        'p: 'r,
    {
        let mut asks = Vec::new();
        for request in requests.iter().filter(|request| !request.stored) {
            for machine in &request.machines {
                asks.append(&mut self.machine(machine, tape));
            }
        }
        asks
    }

    fn machine<'r>(&self, machine: &'r RequestMachine<'r>, tape: &Tape) -> Vec<Ask<'r>>
    where
        'p: 'r,
    {
        let ask = |port| Ask { port, machine, grants: Vec::new(), refusals: Vec::new(), allowed: None };
        let mut asks: Vec<Ask> = machine.ports.iter().map(ask).collect();
        // Without a port there is nothing to ask; an id that is none is an error already.
        let Some(first) = asks.first_mut() else { return asks };
        let (id, node) = match &machine.id {
            Field::Given(id, node) => match id.machine() {
                Some(id) => (id, *node),
                None => return asks,
            },
            Field::Unknown(node) => {
                first.refusals.push(Refusal::NotKnown { node: *node, in_policy: false });
                return asks;
            }
            _ => return asks,
        };
        let Some(entries) = self.machines.get(id.text(), 0) else {
            first.refusals.push(if self.unknown_machines {
                Refusal::NotKnown { node, in_policy: true }
            } else {
                Refusal::MachineNotInPolicy { node, machine: id.name(), listed: self.names.clone() }
            });
            return asks;
        };
        for ask in &mut asks {
            self.port(ask, id, entries, tape);
        }
        asks
    }

    /// Several rules may fit, one a protocol: each that allows the request as it is gives a grant. If none
    /// does, the reasons are those of the first rule with the fewest, of those that could grant a part of it.
    fn port<'r>(
        &self,
        ask: &mut Ask<'r>,
        id: &'r MachineId,
        entries: &[(&'p Policy<'p>, &'p Machine<'p>)],
        tape: &Tape,
    ) {
        let (port, number_node) = match &ask.port.number {
            Field::Given(text, node) => match text.port() {
                Some(port) => (port, *node),
                None => return,
            },
            Field::Unknown(node) => {
                return ask.refusals.push(Refusal::NotKnown { node: *node, in_policy: false });
            }
            _ => return,
        };
        let rules = || {
            entries.iter().flat_map(|&(policy, machine)| machine.ports.iter().map(move |rule| (policy, rule)))
        };
        let fits = |rule: &PortRule| rule.number.get().and_then(|number| number.port()) == Some(port);
        let mut best: Option<((bool, usize), Vec<Refusal<'r>>)> = None;
        for (policy, rule) in rules().filter(|(_, rule)| fits(rule)) {
            let (refusals, allowed, window) = self.rule(ask.port, rule, number_node);
            if refusals.is_empty() {
                ask.grants.extend(window.and_then(|window| self.grant(policy, id, port, rule, window)));
            }
            let part = |allowed| sources(ask.port, allowed, self.context, tape).is_some();
            let hopeless = !allowed.as_ref().is_some_and(part);
            let rank = (hopeless, refusals.len());
            if best.as_ref().is_none_or(|(least, _)| rank < *least) {
                best = Some((rank, refusals));
                ask.allowed = allowed;
            }
        }
        match best {
            Some((_, refusals)) => ask.refusals = refusals,
            None => {
                let known = |number: &Field<_>| !matches!(number, Field::Unknown(_));
                let lists =
                    entries.iter().all(|(_, machine)| !matches!(machine.port_list, Field::Unknown(_)));
                let all_known = lists && rules().all(|(_, rule)| known(&rule.number));
                ask.refusals.push(if all_known {
                    let listed = rules().filter_map(|(_, rule)| {
                        let protocol = rule.protocol.get().and_then(|text| text.protocol());
                        Some((rule.number.get()?.port()?, protocol.unwrap_or(Protocol::Any)))
                    });
                    Refusal::PortNotInPolicy {
                        node: number_node,
                        port,
                        machine: id.name(),
                        listed: listed.collect(),
                    }
                } else {
                    Refusal::NotKnown { node: number_node, in_policy: true }
                });
            }
        }
    }

    /// What speaks against a requested port by this rule, what the rule allows, and what would open.
    fn rule<'r>(
        &self,
        port: &RequestPort,
        rule: &PortRule,
        number: NodeId,
    ) -> (Vec<Refusal<'r>>, Option<Allowed>, Option<Window>) {
        let known = (allowed_sources(&rule.sources), rule.max_duration.get().and_then(|text| text.length()));
        let (Some(sources), Some(most)) = known else {
            return (alloc::vec![Refusal::NotKnown { node: number, in_policy: true }], None, None);
        };
        let mut refusals = Vec::new();
        let asked = self.asked_sources(port, &mut refusals);
        for &(source, node) in &asked {
            if !contains(&sources, source) {
                let part = aggregate(&intersection(&sources, source));
                let caller = node == port.node;
                let allowed = sources.clone();
                refusals.push(Refusal::SourceNotAllowed { node, source, caller, allowed, part });
            }
        }
        let end = self.end(port, &mut refusals);
        if let Some((end, node)) = end
            && let Some(asked) = end.since(self.context.now)
            && asked > most
        {
            refusals.push(Refusal::TooLong { node, asked, most });
        }
        let sources_asked: Vec<_> = asked.into_iter().map(|(source, _)| source).collect();
        let window = end.map(|(end, _)| Window { sources: aggregate(&sources_asked), end });
        (refusals, Some(Allowed { sources, most }), window)
    }

    /// The sources asked for, with their nodes; without any, the caller's address with the port's own node. An empty
    /// list names none: nothing could be opened by it.
    fn asked_sources(&self, port: &RequestPort, refusals: &mut Vec<Refusal>) -> Vec<(Ipv4Net, NodeId)> {
        if port.sources.says_nothing() {
            let node = port.node;
            match self.context.caller_address.map(|address| address.to_canonical()) {
                Some(IpAddr::V4(address)) => return alloc::vec![(Ipv4Net::from(address), node)],
                Some(address) => refusals.push(Refusal::CallerIpv6 { node, address }),
                None => refusals.push(Refusal::CallerUnknown { node }),
            }
            return Vec::new();
        }
        if let Some(node) = unknown_source(&port.sources) {
            refusals.push(Refusal::NotKnown { node, in_policy: false });
        }
        port.sources.given().filter_map(|(text, node)| Some((certain(text)?, node))).collect()
    }

    /// When the window would end, and the value that says so. What is wrong with that value is said by
    /// the rules, but for an expression.
    fn end(&self, port: &RequestPort, refusals: &mut Vec<Refusal>) -> Option<(Timestamp, NodeId)> {
        if let Field::Unknown(node) = port.duration {
            refusals.push(Refusal::NotKnown { node, in_policy: false });
        }
        if let Field::Unknown(node) = port.end {
            refusals.push(Refusal::NotKnown { node, in_policy: false });
        }
        if let Some((text, node)) = port.duration.given() {
            return Some((self.context.now.checked_add(text.length()?)?, node));
        }
        let (text, node) = port.end.given()?;
        Some((text.time()?, node))
    }

    fn grant(
        &self,
        policy: &Policy,
        id: &MachineId,
        port: u16,
        rule: &PortRule,
        window: Window,
    ) -> Option<Grant> {
        Some(Grant {
            policy: policy.id.get().map(ToString::to_string),
            machine: id.text().to_string(),
            port,
            protocol: rule.protocol.get().and_then(|text| text.protocol())?,
            sources: window.sources,
            start: self.context.now,
            end: window.end,
        })
    }
}

/// What a grant opens.
struct Window {
    sources: Vec<Ipv4Net>,
    end: Timestamp,
}

/// The addresses of a source whose meaning is certain, in whatever spelling.
pub(crate) fn certain(text: SourceText) -> Option<Ipv4Net> {
    match text {
        SourceText::Odd(OddSource::Padded(net)) => Some(net.trunc()),
        _ => text.net(),
    }
}

/// What a rule's sources allow: canonical. None where one of them is not known. A rule without any source
/// leaves the source to the requester.
pub(crate) fn allowed_sources(sources: &Sources) -> Option<Vec<Ipv4Net>> {
    if sources.is_none() {
        return Some(alloc::vec![Ipv4Net::default()]);
    }
    if unknown_source(sources).is_some() {
        return None;
    }
    let nets: Option<Vec<_>> = sources.given().map(|(text, _)| certain(text)).collect();
    Some(aggregate(&nets?))
}

/// The first source that is an expression or a placeholder.
pub(super) fn unknown_source(sources: &Sources) -> Option<NodeId> {
    let list: &[_] = match &sources.list {
        SourceList::Unknown(node) => return Some(*node),
        SourceList::Given(list, _) => list,
        _ => &[],
    };
    core::iter::once(&sources.single).chain(list.iter().map(|source| &source.text)).find_map(|field| {
        match field {
            Field::Unknown(node) => Some(*node),
            _ => None,
        }
    })
}

/// True when every address of `net` is in one of these blocks, which are canonical: no union of several
/// makes up a block that none of them holds.
pub(super) fn contains(blocks: &[Ipv4Net], net: Ipv4Net) -> bool {
    blocks.iter().any(|block| block.contains(&net))
}

/// The addresses of `net` that are in one of these blocks.
pub(super) fn intersection(blocks: &[Ipv4Net], net: Ipv4Net) -> Vec<Ipv4Net> {
    let part = |block: &Ipv4Net| {
        if block.contains(&net) { Some(net) } else { net.contains(block).then_some(*block) }
    };
    blocks.iter().filter_map(part).collect()
}

/// The caller's address, where it is an IPv4 one.
pub(super) fn caller(context: &Context) -> Option<Ipv4Addr> {
    match context.caller_address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => Some(address),
        _ => None,
    }
}
