//! The machines and policies that all pages show, kept up to date.
mod load;
mod news;

use std::sync::Arc;
use std::time::Duration;

use jitgate_core::Timestamp;
use jitgate_core::ledger::ResourceId;
use jitgate_logic::{Touched, is_instance, same_machine};
use leptos::prelude::*;

use super::Session;
use crate::api::{Failure, Listening, Machine, Policy};
use crate::browser::{self, Debounce};

/// The clock that countdowns go by.
const TICK: Duration = Duration::from_secs(1);

/// Machines as pages share them: what has not changed stays the same.
pub type Machines = Arc<Vec<Arc<Machine>>>;
pub type Policies = Arc<Vec<Arc<Policy>>>;

/// How far the loading has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Loading {
    /// Nobody is signed in.
    Waiting,
    /// So many machines have come so far; the first time, they are shown as they come.
    Under(usize),
    Ready,
    /// It failed; what was loaded before is still shown.
    Failed(Failure),
}

/// The fleet.
#[derive(Clone, Copy)]
pub struct Fleet {
    pub machines: RwSignal<Machines>,
    pub policies: RwSignal<Policies>,
    pub loading: RwSignal<Loading>,
    /// False until all machines have come for the first time: those that are there are shown meanwhile.
    pub whole: RwSignal<bool>,
    /// False while no news come in: what is shown may be old.
    pub live: RwSignal<bool>,
    /// Since when.
    pub lost: RwSignal<Option<Timestamp>>,
    /// Something has happened, whatever it was.
    pub news: Trigger,
    /// The present, to the second.
    pub now: RwSignal<Option<Timestamp>>,
    session: Session,
    listening: StoredValue<Option<Listening>, LocalStorage>,
    /// What is known to have changed, and is not fetched yet.
    touched: StoredValue<Touched>,
    /// It is about to be fetched.
    due: StoredValue<bool>,
    /// Counts the loads, so that one overtaken by the next shows nothing.
    load: StoredValue<u32>,
    /// The policies that were put while it was under way: it may have read them before.
    saved: StoredValue<Vec<ResourceId>>,
    /// A load is under way.
    pub at_work: RwSignal<bool>,
    /// It has asked for machines or policies.
    asked: StoredValue<bool>,
    calm: Debounce,
}

impl Fleet {
    /// Loads what the signed-in user may see, and follows its changes.
    pub fn provide(session: Session) {
        let fleet = Self {
            machines: RwSignal::default(),
            policies: RwSignal::default(),
            loading: RwSignal::new(Loading::Waiting),
            whole: RwSignal::new(false),
            live: RwSignal::new(true),
            lost: RwSignal::new(None),
            news: Trigger::new(),
            now: RwSignal::new(browser::now()),
            session,
            listening: StoredValue::new_local(None),
            touched: StoredValue::default(),
            due: StoredValue::new(false),
            load: StoredValue::new(0),
            saved: StoredValue::default(),
            at_work: RwSignal::new(false),
            asked: StoredValue::new(false),
            calm: Debounce::new(),
        };
        provide_context(fleet);
        browser::every(TICK, move || fleet.now.set(browser::now()));
        Effect::new(move |_| {
            let api = session.api.get();
            fleet.asked.set_value(false);
            // What was lost is not what is heard from now on.
            if !fleet.live.get_untracked() {
                fleet.live.set(true);
            }
            fleet.listening.set_value(api.map(|api| api.listen(move |change| fleet.heard(change))));
            fleet.refresh();
        });
    }

    /// The present, to the minute: empty where it is not known.
    pub fn minute(self) -> Memo<String> {
        let minute = |now: Timestamp| now.with_digits(0).get(..16).map(str::to_owned);
        Memo::new(move |_| self.now.get().and_then(minute).unwrap_or_default())
    }

    /// A call came to nothing.
    pub fn fail(self, failure: Failure) {
        self.loading.set(Loading::Failed(failure));
    }

    /// A policy was put: it is shown at once, and everything else when the news have come in.
    pub fn put(self, policy: Option<Policy>) {
        let Some(mut policy) = policy else { return };
        self.saved.update_value(|saved| saved.push(policy.id.clone()));
        self.policies.update(|policies| {
            let policies = Arc::make_mut(policies);
            match policies.iter_mut().find(|old| old.id == policy.id) {
                Some(old) => {
                    // The answer tells of no requests.
                    policy.requests.clone_from(&old.requests);
                    *old = Arc::new(policy);
                }
                None => policies.push(Arc::new(policy)),
            }
        });
    }

    /// The machine of that id, as it is known now; an instance of EC2 by what a policy calls it as well.
    pub fn machine(self, id: &ResourceId) -> Option<Arc<Machine>> {
        let is_instance = is_instance(id);
        let is = |machine: &&Arc<Machine>| {
            machine.id == *id || is_instance && machine.is_ec2 && same_machine(&machine.id, id)
        };
        self.machines.with(|machines| machines.iter().find(is).cloned())
    }

    /// What a machine is called in the log: as in its policy.
    pub fn logged(self, id: &ResourceId) -> ResourceId {
        let named = is_instance(id).then(|| {
            self.policies.with(|policies| {
                policies.iter().find_map(|policy| policy.rules_of(id)).map(|rules| rules.id.clone())
            })
        });
        named.flatten().unwrap_or_else(|| id.clone())
    }

    /// The policy of that id, as it is known now.
    pub fn policy(self, id: &ResourceId) -> Option<Arc<Policy>> {
        self.policies.with(|policies| policies.iter().find(|policy| policy.id == *id).cloned())
    }

    /// The policies that have a machine.
    pub fn policies_of(self, machine: &Machine) -> Vec<Arc<Policy>> {
        self.policies.with(|policies| {
            let own = |policy: &&Arc<Policy>| machine.policies.iter().any(|(id, _)| *id == policy.id);
            policies.iter().filter(own).cloned().collect()
        })
    }
}
