//! The machines and policies that all pages show, kept up to date.
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jitgate_core::Timestamp;
use jitgate_core::ledger::ResourceId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Session;
use crate::api::{Api, Change, Failure, Listening, Machine, Policy};
use crate::browser::{self, Debounce};

/// Changes that come together are fetched together.
const SOON: Duration = Duration::from_millis(250);
/// For a fleet of more machines than this, a while is waited.
const LARGE: usize = 2_000;
const LATER: Duration = Duration::from_secs(5);
/// The clock that countdowns go by.
const TICK: Duration = Duration::from_secs(1);

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
    pub machines: RwSignal<Arc<Vec<Arc<Machine>>>>,
    pub policies: RwSignal<Arc<Vec<Arc<Policy>>>>,
    pub loading: RwSignal<Loading>,
    /// False until all machines have come for the first time: those that are there are shown meanwhile.
    pub whole: RwSignal<bool>,
    /// False while no news come in: what is shown may be old.
    pub live: RwSignal<bool>,
    /// The present, to the second.
    pub now: RwSignal<Option<Timestamp>>,
    session: Session,
    listening: StoredValue<Option<Listening>, LocalStorage>,
    soon: Debounce,
    /// Counts the loads, so that one overtaken by the next shows nothing.
    load: StoredValue<u32>,
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
            now: RwSignal::new(browser::now()),
            session,
            listening: StoredValue::new_local(None),
            soon: Debounce::new(),
            load: StoredValue::new(0),
        };
        provide_context(fleet);
        browser::every(TICK, move || fleet.now.set(browser::now()));
        Effect::new(move |_| {
            let api = session.api.get();
            fleet.listening.set_value(api.map(|api| api.listen(move |change| fleet.heard(change))));
            fleet.refresh();
        });
    }

    /// Loads everything anew.
    pub fn refresh(self) {
        let number = self.load.with_value(|load| load.wrapping_add(1));
        self.load.set_value(number);
        let Some(api) = self.session.api.get_untracked() else {
            // Whoever signs in again finds what was there; another user sees none of it.
            if self.session.user.with_untracked(Option::is_none) {
                self.machines.set(Arc::default());
                self.policies.set(Arc::default());
                self.loading.set(Loading::Waiting);
                self.whole.set(false);
            }
            return;
        };
        self.loading.set(Loading::Under(0));
        spawn_local(async move {
            let loaded = self.fetch(api, number).await;
            if self.load.get_value() != number {
                return;
            }
            match loaded {
                Ok((machines, policies)) => {
                    self.machines.set(Arc::new(machines));
                    self.policies.set(Arc::new(policies));
                    self.whole.set(true);
                    self.loading.set(Loading::Ready);
                }
                Err(failure) => self.fail(failure),
            }
        });
    }

    async fn fetch(self, api: Api, number: u32) -> Result<(Vec<Arc<Machine>>, Vec<Arc<Policy>>), Failure> {
        let (mut machines, mut policies, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        let is_first = !self.whole.get_untracked();
        for subscription in api.subscriptions().await? {
            let part = |part: &[Arc<Machine>]| {
                if self.load.get_value() != number {
                    return;
                }
                let so_far: Vec<_> = machines.iter().chain(part).cloned().collect();
                self.loading.set(Loading::Under(so_far.len()));
                // Later, what is shown stays whole until all of it has come.
                if is_first {
                    self.machines.set(Arc::new(so_far));
                }
            };
            // Instances of EC2 that no policy names are in the list of every subscription.
            let new = api.machines(&subscription, part).await?.into_iter();
            machines.extend(new.filter(|one| !one.is_ec2 || seen.insert(one.id.clone())));
            policies.extend(api.policies(&subscription).await?.into_iter().map(Arc::new));
        }
        Ok((machines, policies))
    }

    /// A call came to nothing: an ended sign-in is the session's matter.
    pub fn fail(self, failure: Failure) {
        if failure == Failure::SignedOut {
            self.session.ended();
        }
        self.loading.set(Loading::Failed(failure));
    }

    fn heard(self, change: Change) {
        self.live.set(change != Change::Lost);
        if change != Change::Lost {
            let many = self.machines.with_untracked(|machines| machines.len() > LARGE);
            self.soon.after(if many { LATER } else { SOON }, move || self.refresh());
        }
    }

    /// A policy was put: it is shown at once, and everything else when the news have come in.
    pub fn put(self, policy: Option<Policy>) {
        let Some(mut policy) = policy else { return };
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

    /// The machine of that id, as it is known now.
    pub fn machine(self, id: &ResourceId) -> Option<Arc<Machine>> {
        self.machines.with(|machines| machines.iter().find(|machine| machine.id == *id).cloned())
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

    /// One machine is asked for anew, after something was done to it.
    pub async fn reload(self, id: &ResourceId) {
        let Some(api) = self.session.api.get_untracked() else { return };
        match api.machine(id).await {
            Ok(machine) => self.machines.update(|machines| {
                let machines = Arc::make_mut(machines);
                if let Some(old) = machines.iter_mut().find(|old| old.id == *id) {
                    *old = Arc::new(machine);
                }
            }),
            Err(failure) => self.fail(failure),
        }
    }
}
