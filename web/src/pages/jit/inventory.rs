//! The machines as the table has them: each keeps its number as long as the page is there, and what a search looks at is
//! worked out once.
use std::collections::BTreeMap;
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use jitgate_core::order;
use leptos::prelude::*;

use crate::api::{Machine, Os, Policy};
use crate::browser::lower;
use crate::state::Fleet;

/// A machine, with what is worked out from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub machine: Arc<Machine>,
    /// Its protected ports, from the lowest.
    pub ports: Vec<u16>,
    /// Its name in small letters, to sort by.
    pub name: String,
    /// All that a search finds it by, in small letters.
    words: String,
}

impl Row {
    fn new(machine: Arc<Machine>, ports: Vec<u16>) -> Self {
        let it = &machine;
        let mut words = [&it.name, &it.resource_group, &it.location, &it.last_user, &it.subscription]
            .map(|word| lower(word))
            .join("\n");
        let more = [os(it), it.reason.as_str(), it.size.as_str()].into_iter();
        let policies = it.policies.iter().map(|(_, name)| name.as_str());
        let users = it.open.iter().map(|open| open.requestor.as_str());
        for word in more.chain(policies).chain(users) {
            words.push('\n');
            words.push_str(&lower(word));
        }
        Self { name: lower(&it.name), words, ports, machine }
    }

    /// True where nothing about the machine has changed.
    fn is_of(&self, machine: &Arc<Machine>) -> bool {
        Arc::ptr_eq(&self.machine, machine) || self.machine == *machine
    }

    /// True where every one of the words, in small letters, is somewhere in it.
    pub fn has(&self, words: &[String]) -> bool {
        words.iter().all(|word| self.words.contains(word.as_str()))
    }
}

/// Its operating system; empty where it is not known.
pub const fn os(machine: &Machine) -> &'static str {
    match machine.os {
        Some(Os::Linux) => "Linux",
        Some(Os::Windows) => "Windows",
        None => "",
    }
}

/// All of them.
#[derive(Clone, Default)]
pub struct Inventory(Arc<Rows>);

#[derive(Default)]
struct Rows {
    /// By number; none where a machine is gone.
    rows: Vec<Option<Arc<Row>>>,
    numbers: BTreeMap<ResourceId, u32>,
}

impl PartialEq for Inventory {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Inventory {
    /// The fleet's machines, renewed as the fleet is.
    pub fn of(fleet: Fleet) -> Memo<Self> {
        Memo::new(move |old: Option<&Self>| {
            let old = old.cloned().unwrap_or_default();
            let machines = fleet.machines.get();
            fleet.policies.with(|policies| old.renewed(&machines, policies))
        })
    }

    fn renewed(&self, machines: &[Arc<Machine>], policies: &[Arc<Policy>]) -> Self {
        let mut ports = protected(policies);
        let mut rows: Vec<Option<Arc<Row>>> = vec![None; self.0.rows.len()];
        let mut numbers = self.0.numbers.clone();
        for machine in machines {
            let mut ports = ports.remove(&key(&machine.id, machine.is_ec2)).unwrap_or_default();
            order::distinct(&mut ports);
            let next = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(machine.id.clone()).or_insert(next);
            // What has not changed stays.
            let old = self.get(number).filter(|old| old.is_of(machine) && old.ports == ports);
            let row = old.cloned().unwrap_or_else(|| Arc::new(Row::new(machine.clone(), ports)));
            match usize::try_from(number).ok().and_then(|at| rows.get_mut(at)) {
                Some(place) => *place = Some(row),
                None => rows.push(Some(row)),
            }
        }
        Self(Arc::new(Rows { rows, numbers }))
    }

    /// The machine of that number, unless it is gone.
    pub fn get(&self, number: u32) -> Option<&Arc<Row>> {
        self.0.rows.get(usize::try_from(number).ok()?)?.as_ref()
    }

    /// Every machine with its number.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Arc<Row>)> {
        (0..).zip(&self.0.rows).filter_map(|(number, row)| Some((number, row.as_ref()?)))
    }
}

/// The ports that policies protect, by machine.
fn protected(policies: &[Arc<Policy>]) -> BTreeMap<String, Vec<u16>> {
    let mut ports: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    for machine in policies.iter().flat_map(|policy| &policy.machines) {
        let is_instance = machine.id.name().starts_with("i-");
        for key in
            is_instance.then_some(true).into_iter().chain([false]).map(|by_name| key(&machine.id, by_name))
        {
            ports.entry(key).or_default().extend(machine.ports.iter().map(|port| port.number));
        }
    }
    ports
}

/// How a machine is found: by its id without regard to case. Policies name instances of EC2 by ids of Azure's that end in
/// the instance's own.
fn key(id: &ResourceId, by_name: bool) -> String {
    if by_name { lower(id.name()) } else { id.key().to_owned() }
}
