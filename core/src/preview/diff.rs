//! Two versions of policies, or of a network: exactly what becomes possible and impossible.

use alloc::string::String;
use alloc::vec::Vec;

use super::Names;
use super::answer::{DocumentReport, Role};
use super::documents::{Read, Tapes};
use super::load;
use super::network_diff;
use super::policy_diff::{self, OpenableChange};
use super::target::{self, Protected};
use crate::Severity;
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Timestamp};
use crate::network::{Engine, Network};
use crate::order;
use crate::rules::Checked;
use crate::sets::Traffic;

/// What two versions do not have in common.
#[derive(Clone, Debug)]
pub struct Diff {
    /// What a requester can open, or cannot any more.
    pub openable: Vec<OpenableChange>,
    /// What reaches machines, or does not any more.
    pub reachable: Vec<ReachableChange>,
    /// False where a document could not be judged, or where a value is not known and both versions are not the very same.
    pub complete: bool,
    /// What is to be said about the documents of the first version.
    pub before: Vec<DocumentReport>,
    /// And of the second.
    pub after: Vec<DocumentReport>,
}

impl Diff {
    /// True if nothing becomes possible and nothing impossible.
    pub fn is_equal(&self) -> bool {
        self.openable.is_empty() && self.reachable.is_empty()
    }

    /// True if something becomes possible.
    pub fn opens(&self) -> bool {
        self.openable.iter().any(OpenableChange::opens) || self.reachable.iter().any(|change| change.opens)
    }
}

/// Traffic that begins or ceases to reach a machine.
#[derive(Clone, Debug)]
pub struct ReachableChange {
    /// The machine's id; of a lone NSG, the NSG's.
    pub machine: String,
    /// It begins.
    pub opens: bool,
    /// False for what only may reach it.
    pub certain: bool,
    /// What.
    pub traffic: Traffic,
}

/// Compares two versions: of policies, of files of a network, or of both. `around` is the rest of the network, the
/// same on both sides; where it has another state of what is compared, that state does not count.
pub fn diff(before: &[&[u8]], after: &[&[u8]], around: &[&[u8]], now: Option<Timestamp>) -> Diff {
    // What is not known is the same where nothing was changed.
    let same = before == after;
    let texts = [before, after, around].map(Read::new);
    let [before, after, around] = texts.each_ref().map(Read::tapes);
    let (before, after) = (Version::new(&before, &around, now), Version::new(&after, &around, now));
    let (reachable, known) = network_diff::compare(&before.engine, &after.engine);
    let mut diff = Diff {
        openable: before.openable(&after),
        reachable,
        // What is of another kind on the other side was not compared.
        complete: before.judged
            && after.judged
            && (same || known && before.known && after.known && before.holds == after.holds),
        before: before.reports,
        after: after.reports,
    };
    // What opens comes first.
    order::sort(&mut diff.openable, |change| (!change.opens()).into());
    order::sort(&mut diff.reachable, |change| (!change.opens).into());
    diff
}

/// One of the two.
struct Version {
    /// Machines without regard to case, each with its id as written and its ports.
    machines: Vec<(String, String, Vec<Protected>)>,
    engine: Engine,
    /// Every document could be judged.
    judged: bool,
    /// Every value is known.
    known: bool,
    /// It holds policies, and it holds parts of a network.
    holds: (bool, bool),
    reports: Vec<DocumentReport>,
}

impl Version {
    fn new(own: &Tapes, around: &Tapes, now: Option<Timestamp>) -> Self {
        let (network, checked) = own.check_within(around, now);
        let is_network = |checked: &Checked| checked.document.kind == Kind::Network;
        let holds_network = checked.iter().take(own.len()).any(is_network);
        let nowhere = Network::default();
        let finder = target::Finder::new(&nowhere, Names::Any);
        let mut machines: Vec<(String, String, Vec<Protected>)> = Vec::new();
        let (mut judged, mut known, mut holds_policies) = (true, true, false);
        for (index, checked) in checked.iter().enumerate().filter(|(_, checked)| !is_network(checked)) {
            // A request, or something unknown, is nothing to compare.
            judged &= checked.validated().is_some() && !checked.document.policies.is_empty();
            for policy in &checked.document.policies {
                holds_policies = true;
                known &= policy.machine_list.get().is_some();
                for machine in &policy.machines {
                    let Some(target) = target::target(index, policy, machine, &nowhere, &finder) else {
                        known = false;
                        continue;
                    };
                    known &= machine.port_list.get().is_some() && target.ports.len() == machine.ports.len();
                    let key = target.id.to_ascii_lowercase();
                    match machines.iter_mut().find(|(known, ..)| *known == key) {
                        Some((.., ports)) => ports.extend(target.ports),
                        None => machines.push((key, target.id, target.ports)),
                    }
                }
            }
        }
        let reports: Vec<DocumentReport> = checked
            .into_iter()
            .enumerate()
            .map(|(index, checked)| {
                let role = if is_network(&checked) { Role::Network } else { Role::Policy };
                load::of(role, index, checked)
            })
            .collect();
        // A rule that could not be read may be the one that differs.
        let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        let of_network = reports.iter().filter(|report| report.role == Role::Network);
        judged &= !of_network.flat_map(|report| &report.diagnostics).any(is_error);
        let holds = (holds_policies, holds_network);
        Self { holds, machines, engine: Engine::new(network), judged, known, reports }
    }

    fn openable(&self, after: &Self) -> Vec<OpenableChange> {
        let mut keys: Vec<&String> =
            self.machines.iter().chain(&after.machines).map(|(key, ..)| key).collect();
        order::distinct(&mut keys);
        let mut changes = Vec::new();
        for key in keys {
            let of = |version: &'_ Self| -> Option<(String, Vec<Protected>)> {
                let found = version.machines.iter().find(|(known, ..)| known == key)?;
                Some((found.1.clone(), found.2.clone()))
            };
            let (before, after) = (of(self), of(after));
            let Some(id) = after.as_ref().or(before.as_ref()).map(|(id, _)| id.clone()) else { continue };
            let ports = |version: Option<(String, Vec<Protected>)>| {
                version.map(|(_, ports)| ports).unwrap_or_default()
            };
            changes.extend(policy_diff::compare(&id, &ports(before), &ports(after)));
        }
        changes
    }
}
