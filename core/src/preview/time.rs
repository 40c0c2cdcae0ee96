//! Grants over time: from whom, why, from when until when; and the instants at which something changes.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ipnet::{IpNet, Ipv4Net};

use super::target::{Protected, Target};
use crate::blocks::aggregate;
use crate::decide::{Grant, certain};
use crate::model::policy::Text;
use crate::model::{Field, Policy, Protocol, Request, RequestMachine, RequestPort, Timestamp};
use crate::order;

/// A port of a machine that is open for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveGrant {
    /// Which machine: an index into the targets.
    pub(super) target: usize,
    /// The machine's id, as the policy has it.
    pub machine: String,
    /// The port.
    pub port: u16,
    /// The protocol, by the policy's rule.
    pub protocol: Protocol,
    /// Who may come in: canonical; `0.0.0.0/0` is everybody.
    pub sources: Vec<Ipv4Net>,
    /// When it opens.
    pub from: Timestamp,
    /// When it closes, exclusive.
    pub until: Timestamp,
    /// Who asked for it, where that is known.
    pub who: Option<String>,
    /// The justification.
    pub why: Option<String>,
    /// Which document it comes from.
    pub origin: Origin,
}

/// The document of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The requests that a policy lists: its index.
    History(usize),
    /// A request: its index.
    Request(usize),
}

impl LiveGrant {
    /// A grant of a decision.
    pub(super) fn decided(grant: &Grant, target: usize, why: Option<String>, request: usize) -> Self {
        Self {
            target,
            machine: grant.machine.clone(),
            port: grant.port,
            protocol: grant.protocol,
            sources: grant.sources.clone(),
            from: grant.start,
            until: grant.end,
            who: None,
            why,
            origin: Origin::Request(request),
        }
    }

    /// True at an instant of its window.
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// Its sources, for a rule.
    pub(super) fn nets(&self) -> Vec<IpNet> {
        self.sources.iter().map(|&net| IpNet::V4(net)).collect()
    }

    /// Two grants with the same words are the same to whoever reads the names of their rules.
    pub(super) fn words(&self) -> [String; 4] {
        let sources: Vec<String> = self.sources.iter().map(ToString::to_string).collect();
        [
            self.port.to_string(),
            sources.join(" "),
            self.from.to_string(),
            self.who.clone().unwrap_or_default(),
        ]
    }
}

/// What a request that the service has stored opens, as far as it still counts.
pub(super) fn stored(
    request: &Request,
    targets: &[Target],
    now: Timestamp,
    origin: Origin,
) -> Vec<LiveGrant> {
    let from = request.start.get().and_then(|text| text.time()).unwrap_or(now);
    let who = request.requestor.get().map(ToString::to_string);
    let why = request.justification.get().map(ToString::to_string);
    let mut grants = Vec::new();
    for machine in &request.machines {
        for port in &machine.ports {
            for (target, protected) in protected(machine, port, targets) {
                let Some(until) = until(port, from).filter(|&until| until > from) else { continue };
                let mut nets: Vec<Ipv4Net> =
                    port.sources.given().filter_map(|(text, _)| certain(text)).collect();
                // Whose address was meant is not stored: it may be anybody's.
                if nets.is_empty() {
                    nets.push(Ipv4Net::default());
                }
                let Some(found) = targets.get(target) else { continue };
                grants.push(LiveGrant {
                    target,
                    machine: found.id.clone(),
                    port: protected.port,
                    protocol: protected.protocol,
                    sources: aggregate(&nets),
                    from,
                    until,
                    who: who.clone(),
                    why: why.clone(),
                    origin,
                });
            }
        }
    }
    grants
}

/// What was revoked before its time was open until then, where that is told, or else until nobody knows when; what expired
/// was open to its end.
fn until(port: &RequestPort, from: Timestamp) -> Option<Timestamp> {
    let is =
        |field: &Field<Text>, word: &str| field.get().is_some_and(|text| text.eq_ignore_ascii_case(word));
    let end = end(port, from);
    if !is(&port.status, "Revoked") || is(&port.status_reason, "Expired") {
        return end;
    }
    Some(port.closed.get()?.time()?.min(end?))
}

fn end(port: &RequestPort, from: Timestamp) -> Option<Timestamp> {
    if let Some(time) = port.end.get() {
        return time.time();
    }
    from.checked_add(port.duration.get()?.length()?)
}

/// The port rules that a stored request's port is about: each protocol that the policy has for it.
fn protected<'t>(
    machine: &RequestMachine,
    port: &RequestPort,
    targets: &'t [Target],
) -> Vec<(usize, &'t Protected)> {
    let (Some(id), Some(number)) =
        (machine.id.get().and_then(|id| id.machine()), port.number.get().and_then(|number| number.port()))
    else {
        return Vec::new();
    };
    let of_id = |(_, target): &(usize, &Target)| target.id.eq_ignore_ascii_case(id.text());
    let ports = targets.iter().enumerate().filter(of_id);
    ports
        .flat_map(|(index, target)| target.ports.iter().map(move |protected| (index, protected)))
        .filter(|(_, protected)| protected.port == number)
        .collect()
}

/// The requests that a policy lists.
pub(super) fn history(
    policy: &Policy,
    document: usize,
    targets: &[Target],
    now: Timestamp,
) -> Vec<LiveGrant> {
    // Another policy may have the same machines.
    let (name, id) = (policy.policy_name().unwrap_or("default"), policy.id.get());
    let own = |target: &Target| {
        target.document == document && target.policy == name && id.is_none_or(|id| target.policy_id == *id)
    };
    let requests = policy.history.iter();
    let grants = requests.flat_map(|request| stored(request, targets, now, Origin::History(document)));
    grants.filter(|grant| targets.get(grant.target).is_some_and(own)).collect()
}

/// A newer request of the same person for the same machine and port takes the place of the older one;
/// another person's grant lives on. Applications have no name in a request, so that one cannot be told from another: what
/// one of them asked for is over when it is said to be.
pub(super) fn replace_older(grants: &mut Vec<LiveGrant>) {
    let newer: Vec<LiveGrant> = grants.clone();
    let is_named = |grant: &&mut LiveGrant| grant.who.as_deref().is_some_and(|who| !who.trim().is_empty());
    for grant in grants.iter_mut().filter(is_named) {
        let replaced = newer
            .iter()
            .filter(|newer| {
                newer.who == grant.who
                    && newer.target == grant.target
                    && newer.port == grant.port
                    && newer.from > grant.from
            })
            .map(|newer| newer.from)
            .min();
        if let Some(at) = replaced {
            grant.until = grant.until.min(at);
        }
    }
    grants.retain(|grant| grant.until > grant.from);
}

/// The times between which nothing changes, in order, from an instant on.
pub(super) fn instants<'g>(
    grants: impl IntoIterator<Item = &'g LiveGrant>,
    from: Timestamp,
) -> Vec<Timestamp> {
    let mut instants: Vec<Timestamp> =
        grants.into_iter().flat_map(|grant| [grant.from, grant.until]).filter(|&at| at > from).collect();
    instants.push(from);
    order::distinct(&mut instants);
    instants
}
