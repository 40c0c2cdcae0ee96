//! What a configuration's form makes of its policies.
use jitgate_core::Kind;
use jitgate_core::ledger::ResourceId;
use jitgate_logic::draft::{Entry, Faults, Row, Stored, document, judged, laid_over, same};
use leptos::prelude::untrack;

use super::save::{Progress, Target};
use crate::state::Fleet;

/// What the rows make of a machine.
pub fn entry(rows: &[Row], target: &Target, place: usize) -> Entry {
    Entry {
        id: target.machine.clone(),
        public_ip: target.base.as_ref().map(|base| base.public_ip.clone()).unwrap_or_default(),
        ports: rows.iter().filter_map(|row| row.value(place)).collect(),
    }
}

/// The documents of a form: what is judged, shown, and asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    pub documents: Vec<Drafted>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Drafted {
    pub policy: ResourceId,
    /// The form's machines as they were, as a policy; empty where they are new to it.
    pub before: String,
    /// The form's machines as they are to be.
    pub mine: Vec<(ResourceId, String)>,
    /// Whether anything is to be changed.
    pub changed: bool,
    /// The rows of each machine's ports.
    keys: Vec<Vec<u32>>,
}

impl Drafted {
    /// The form's machines alone, as a policy.
    pub fn after(&self) -> String {
        let machines: Vec<_> = self.mine.iter().map(|(_, json)| json.clone()).collect();
        document(&self.policy, "", &machines)
    }

    /// The policy as it would be stored.
    pub fn whole(&self, fleet: Fleet) -> String {
        let stored = untrack(|| fleet.policy(&self.policy)).map(|policy| Stored::read(&policy.json));
        laid_over(&self.policy, stored.as_ref(), &self.mine)
    }
}

impl Draft {
    pub fn of(rows: &[Row], targets: &[Target]) -> Self {
        let mut groups: Vec<(ResourceId, Vec<(usize, &Target)>)> = Vec::new();
        for (place, target) in
            targets.iter().enumerate().filter(|(_, target)| target.progress != Progress::Kept)
        {
            match groups.iter_mut().find(|(policy, _)| *policy == target.policy) {
                Some((_, members)) => members.push((place, target)),
                None => groups.push((target.policy.clone(), vec![(place, target)])),
            }
        }
        let drafted = |(policy, members): (ResourceId, Vec<(usize, &Target)>)| {
            let before: Vec<_> =
                members.iter().filter_map(|(_, target)| target.base.as_ref().map(Entry::json)).collect();
            let after: Vec<_> = members.iter().map(|(place, target)| entry(rows, target, *place)).collect();
            let bases = members.iter().map(|(_, target)| target.base.as_ref());
            let changed = bases.zip(&after).any(|(base, after)| !same(base, Some(after)));
            let keys = |(place, _): &(usize, &Target)| {
                rows.iter().filter(|row| row.value(*place).is_some()).map(|row| row.key).collect()
            };
            Drafted {
                before: if before.is_empty() { String::new() } else { document(&policy, "", &before) },
                mine: after.iter().map(|entry| (entry.id.clone(), entry.json())).collect(),
                changed,
                keys: members.iter().map(keys).collect(),
                policy,
            }
        };
        Self { documents: groups.into_iter().map(drafted).collect() }
    }

    pub fn faults(&self) -> Faults {
        let documents: Vec<_> = self.documents.iter().map(Drafted::after).collect();
        let row = |document: usize, machine: usize, port: usize| {
            self.documents.get(document)?.keys.get(machine)?.get(port).copied()
        };
        let mut faults = judged(documents.iter().map(|one| (one.as_str(), Kind::Policy)), None, row);
        if faults.errors() > 0 {
            let before = self.documents.iter().map(|one| one.before.as_str());
            let before = before.filter(|before| !before.is_empty()).map(|before| (before, Kind::Policy));
            faults.excuse(&judged(before, None, |_, _, _| None));
        }
        faults
    }
}
