//! One requested port against the rules of its machine.

use alloc::borrow::Cow;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr};

use ipnet::Ipv4Net;

use super::nearest::{gives_more, some_source};
use super::refusal::Unknown;
use super::rules::{Allowed, Rule, Rules};
use super::{Context, Grant, Refusal};
use crate::blocks::aggregate;
use crate::json::{NodeId, Tape};
use crate::model::{
    Field, MachineId, OddSource, Protocol, Request, RequestMachine, RequestPort, SourceList, SourceText,
    Sources, Timestamp,
};
use crate::names::Names;
use crate::read::{Document, Fact};
use crate::rules::Validated;
use crate::rules::machines::duplicate_policy::{identity, key};
use crate::rules::words::MOST_SHOWN;

/// What policies were seen by: their names, what tells each from others, and the names of those of which that is not known.
const NAME: u16 = 0;
const KEY: u16 = 1;
const UNSURE: u16 = 2;

/// What came of one requested port.
pub(super) struct Ask<'r> {
    pub port: &'r RequestPort<'r>,
    pub machine: &'r RequestMachine<'r>,
    pub grants: Vec<Grant>,
    pub refusals: Vec<Refusal<'r>>,
    /// What the rule nearest to the request allows; none where there is no rule for it.
    pub allowed: Option<Allowed>,
}

/// The policies, ready to be asked.
pub(super) struct Judge<'p> {
    machines: Names<'p, Rules<'p>>,
    names: Rc<[&'p str]>,
    /// The same, found at once.
    namesakes: Names<'p, ()>,
    /// Not all machines are known here.
    unknown_machines: Option<Unknown>,
    context: &'p Context,
}

impl<'p> Judge<'p> {
    pub(super) fn new(policies: Validated<'p, Document<'p, 'p>>, context: &'p Context) -> Self {
        let document = policies.get();
        let policies = || document.policies.iter().filter(|policy| !policy.undone);
        let mut seen = Names::of_any_case(0);
        for policy in policies() {
            let Some((name, _)) = identity(policy) else { continue };
            let own = key(policy).map_or((Cow::Borrowed(name), UNSURE), |key| (key, KEY));
            for (text, number) in [(Cow::Borrowed(name), NAME), own] {
                if let Some(twice) = seen.insert(text, number, false) {
                    *twice = true;
                }
            }
        }
        // One of which it is not known which one it is may be any of its name.
        let is_contested = |policy| {
            let name =
                identity(policy).map(|(name, _)| name).filter(|name| seen.get(name, NAME) == Some(&true));
            name.is_some_and(|name| {
                let twice = key(policy).is_some_and(|key| seen.get(&key, KEY) == Some(&true));
                twice || seen.get(name, UNSURE).is_some()
            })
        };
        let mut machines: Names<Rules> = Names::of_any_case(0);
        let mut namesakes = Names::of_any_case(0);
        let mut names = Vec::new();
        let mut unknown_machines = None;
        if document.policies.iter().any(|policy| policy.undone) {
            unknown_machines = Some(Unknown::Twice);
        }
        if document.facts.iter().any(|fact| matches!(fact, Fact::NextLink(_))) {
            unknown_machines = Some(Unknown::Page);
        }
        for policy in policies() {
            let contested = is_contested(policy);
            if let Field::Unknown(_) = policy.machine_list {
                unknown_machines = Some(Unknown::Rule);
            }
            for machine in &policy.machines {
                if let Field::Unknown(_) = machine.id {
                    unknown_machines = Some(Unknown::Rule);
                }
                let Some(id) = machine.id.get().and_then(|id| id.machine()) else { continue };
                if let Some(known) = machines.insert(id.text(), 0, Rules::of(policy, machine, contested)) {
                    known.add(policy, machine, contested);
                }
                names.push(id.name());
                namesakes.insert(id.name(), 0, ());
            }
        }
        Self { machines, names: names.into(), namesakes, unknown_machines, context }
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
                first.refusals.push(Refusal::NotKnown { node: *node, why: Unknown::Asked });
                return asks;
            }
            _ => return asks,
        };
        let Some(rules) = self.machines.get(id.text(), 0) else {
            first.refusals.push(if let Some(why) = self.unknown_machines {
                Refusal::NotKnown { node, why }
            } else {
                let (machine, listed) = (id.name(), self.names.clone());
                let namesake = self.namesakes.get(machine, 0).is_some();
                Refusal::MachineNotInPolicy { node, machine, listed, namesake }
            });
            return asks;
        };
        if rules.contested {
            first.refusals.push(Refusal::NotKnown { node, why: Unknown::Twice });
            return asks;
        }
        for ask in &mut asks {
            self.port(ask, id, rules, tape);
        }
        asks
    }

    /// Several rules may fit, one a protocol: each that allows the request as it is gives a grant. If none
    /// does, the reasons are those of the rule with the fewest, of those that could grant a part of it: the first, but
    /// for one that could grant more.
    fn port<'r>(&self, ask: &mut Ask<'r>, id: &'r MachineId, rules: &Rules<'p>, tape: &Tape) {
        let (port, number_node) = match &ask.port.number {
            Field::Given(text, node) => match text.port() {
                Some(port) => (port, *node),
                None => return,
            },
            Field::Unknown(node) => {
                return ask.refusals.push(Refusal::NotKnown { node: *node, why: Unknown::Asked });
            }
            _ => return,
        };
        let mut best: Option<(_, &Rule, Vec<Refusal<'r>>)> = None;
        for rule in rules.of_port(port) {
            let (refusals, allowed, window) = self.rule(ask.port, rule, number_node);
            if refusals.is_empty() {
                ask.grants.extend(window.and_then(|window| self.grant(rule, id, window)));
            }
            let part = |allowed| some_source(ask.port, allowed, self.context, tape);
            let hopeless = !allowed.as_ref().is_some_and(part);
            let rank = (hopeless, refusals.len());
            let better = match (&best, &ask.allowed, &allowed) {
                (Some((least, than, _)), Some(before), Some(now)) if rank == *least && !hopeless => {
                    (rule.protocol() == Some(Protocol::Any) || rule.protocol() == than.protocol())
                        && gives_more(ask.port, before, now, self.context, tape)
                }
                (Some((least, ..)), ..) => rank < *least,
                (None, ..) => true,
            };
            if better {
                best = Some((rank, rule, refusals));
                ask.allowed = allowed;
            }
        }
        match best {
            Some((.., refusals)) => ask.refusals = refusals,
            None => {
                let refusal = match rules.listed() {
                    // What is not known may be this machine once more.
                    Some(listed) if self.unknown_machines != Some(Unknown::Rule) => {
                        Refusal::PortNotInPolicy { node: number_node, port, machine: id.name(), listed }
                    }
                    _ => Refusal::NotKnown { node: number_node, why: Unknown::Rule },
                };
                ask.refusals.push(refusal);
            }
        }
    }

    /// What speaks against a requested port by this rule, what the rule allows, and what would open.
    fn rule<'r>(
        &self,
        port: &RequestPort,
        rule: &Rule,
        number: NodeId,
    ) -> (Vec<Refusal<'r>>, Option<Allowed>, Option<Window>) {
        let Some(Allowed { sources, most }) = rule.allowed() else {
            return (alloc::vec![Refusal::NotKnown { node: number, why: Unknown::Rule }], None, None);
        };
        let mut refusals = Vec::new();
        let asked = self.asked_sources(port, &mut refusals);
        for &(source, node) in &asked {
            if !contains(&sources, source) {
                let part = intersection(&sources, source).take(MOST_SHOWN.saturating_add(1)).collect();
                let caller = node == port.node;
                let allowed = Rc::clone(&sources);
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
            refusals.push(Refusal::NotKnown { node, why: Unknown::Asked });
        }
        port.sources.given().filter_map(|(text, node)| Some((certain(text)?, node))).collect()
    }

    /// When the window would end, and the value that says so. What is wrong with that value is said by
    /// the rules, but for an expression.
    fn end(&self, port: &RequestPort, refusals: &mut Vec<Refusal>) -> Option<(Timestamp, NodeId)> {
        if let Field::Unknown(node) = port.duration {
            refusals.push(Refusal::NotKnown { node, why: Unknown::Asked });
        }
        if let Field::Unknown(node) = port.end {
            refusals.push(Refusal::NotKnown { node, why: Unknown::Asked });
        }
        if let Some((text, node)) = port.duration.given() {
            return Some((self.context.now.checked_add(text.length()?)?, node));
        }
        let (text, node) = port.end.given()?;
        Some((text.time()?, node))
    }

    fn grant(&self, rule: &Rule, id: &MachineId, window: Window) -> Option<Grant> {
        Some(Grant {
            policy: rule.policy.id.get().map(ToString::to_string),
            machine: id.text().to_string(),
            port: rule.port,
            protocol: rule.protocol()?,
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
    touching(blocks, net).first().is_some_and(|block| block.contains(&net))
}

/// The addresses of `net` that are in one of these blocks, which are canonical.
pub(super) fn intersection(blocks: &[Ipv4Net], net: Ipv4Net) -> impl Iterator<Item = Ipv4Net> {
    let part = move |block: &Ipv4Net| if block.contains(&net) { net } else { *block };
    touching(blocks, net).iter().map(part)
}

/// Those of canonical blocks that have addresses of `net`. They are in order, and there may be thousands of both.
fn touching(blocks: &[Ipv4Net], net: Ipv4Net) -> &[Ipv4Net] {
    let (first, last) = (net.network(), net.broadcast());
    let begin = blocks.partition_point(|block| block.broadcast() < first);
    let behind = blocks.get(begin..).unwrap_or_default();
    behind.get(..behind.partition_point(|block| block.network() <= last)).unwrap_or_default()
}

/// The caller's address, where it is an IPv4 one.
pub(super) fn caller(context: &Context) -> Option<Ipv4Addr> {
    match context.caller_address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => Some(address),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn block() -> impl Strategy<Value = Ipv4Net> {
        let near = (0_u32..64, 26_u8..=32).prop_map(|(low, length)| (0x0a00_0000 | low, length));
        let any = prop_oneof![4 => near, 1 => (any::<u32>(), 0_u8..=4)];
        any.prop_map(|(bits, length)| Ipv4Net::new(Ipv4Addr::from_bits(bits), length).unwrap())
    }

    proptest! {
        #[test]
        fn as_looking_at_every_block_has_it(blocks in prop::collection::vec(block(), 0..24), net in block()) {
            let blocks = aggregate(&blocks);
            prop_assert_eq!(contains(&blocks, net), blocks.iter().any(|block| block.contains(&net)));
            let part = |block: &Ipv4Net| {
                if block.contains(&net) { Some(net) } else { net.contains(block).then_some(*block) }
            };
            let parts: Vec<_> = blocks.iter().filter_map(part).collect();
            prop_assert_eq!(intersection(&blocks, net).collect::<Vec<_>>(), parts);
        }
    }
}
