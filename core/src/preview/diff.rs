//! Two versions of policies, or of a network: exactly what becomes possible and impossible.

use alloc::string::String;
use alloc::vec::Vec;

use super::answer::{DocumentReport, Role};
use super::documents::Read;
use super::load::{self, Loaded};
use super::network_diff;
use super::policy_diff::{self, OpenableChange};
use super::target::{self, Protected};
use crate::Severity;
use crate::diagnostic::Diagnostic;
use crate::model::Timestamp;
use crate::network::Network;
use crate::sets::Traffic;

/// What two versions do not have in common.
#[derive(Clone, Debug)]
pub struct Diff {
    /// What a requester can open, or cannot any more.
    pub openable: Vec<OpenableChange>,
    /// What reaches machines, or does not any more.
    pub reachable: Vec<ReachableChange>,
    /// False where a document could not be judged, or a value is not known.
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
    let (before, after) = (Version::new(before, around, now), Version::new(after, around, now));
    let (reachable, known) = network_diff::compare(&before.network.engine, &after.network.engine);
    let mut diff = Diff {
        openable: before.openable(&after),
        reachable,
        // What is of another kind on the other side was not compared.
        complete: known && before.complete && after.complete && before.holds == after.holds,
        before: before.reports,
        after: after.reports,
    };
    // What opens comes first.
    diff.openable.sort_by_key(|change| !change.opens());
    diff.reachable.sort_by_key(|change| !change.opens);
    diff
}

/// One of the two.
struct Version {
    /// Machines without regard to case, each with its id as written and its ports.
    machines: Vec<(String, String, Vec<Protected>)>,
    network: Loaded,
    complete: bool,
    /// It holds policies, and it holds parts of a network.
    holds: (bool, bool),
    reports: Vec<DocumentReport>,
}

impl Version {
    fn new(own: &[&[u8]], around: &[&[u8]], now: Option<Timestamp>) -> Self {
        let files = [own, around].concat();
        let texts = Read::new(&files);
        let tapes = texts.tapes();
        let documents = tapes.check(now);
        let mut network = load::of_network(&documents);
        // Of a resource given twice the later counts: what is compared comes last.
        network.sort_by_key(|index| *index < own.len());
        let holds_network = network.iter().any(|index| *index < own.len());
        let nowhere = Network::default();
        let finder = target::Finder::new(&nowhere);
        let mut machines: Vec<(String, String, Vec<Protected>)> = Vec::new();
        let (mut complete, mut holds_policies) = (true, false);
        for (index, checked) in documents.checked.iter().enumerate() {
            if network.contains(&index) {
                continue;
            }
            // A request, or something unknown, is nothing to compare.
            complete &= checked.validated().is_some() && !checked.document.policies.is_empty();
            for policy in &checked.document.policies {
                holds_policies = true;
                complete &= policy.machine_list.get().is_some();
                for machine in &policy.machines {
                    let Some(target) = target::target(index, policy, machine, &nowhere, &finder) else {
                        complete = false;
                        continue;
                    };
                    complete &= target.ports.len() == machine.ports.len();
                    let key = target.id.to_ascii_lowercase();
                    match machines.iter_mut().find(|(known, ..)| *known == key) {
                        Some((.., ports)) => ports.extend(target.ports),
                        None => machines.push((key, target.id, target.ports)),
                    }
                }
            }
        }
        let bytes: Vec<&[u8]> = network.iter().filter_map(|index| files.get(*index).copied()).collect();
        let loaded = load::load(&bytes, now);
        let of_network = network.iter().zip(&loaded.reports);
        let mut reports: Vec<DocumentReport> =
            of_network.map(|(index, report)| DocumentReport { index: *index, ..report.clone() }).collect();
        // A rule that could not be read may be the one that differs.
        let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        complete &= !reports.iter().any(|report| report.diagnostics.iter().any(is_error));
        let others = documents.checked.into_iter().enumerate().filter(|(index, _)| !network.contains(index));
        reports.extend(others.map(|(index, checked)| load::of(Role::Policy, index, checked)));
        reports.sort_by_key(|report| report.index);
        Self { holds: (holds_policies, holds_network), machines, network: loaded, complete, reports }
    }

    fn openable(&self, after: &Self) -> Vec<OpenableChange> {
        let mut keys: Vec<&String> =
            self.machines.iter().chain(&after.machines).map(|(key, ..)| key).collect();
        keys.sort();
        keys.dedup();
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
