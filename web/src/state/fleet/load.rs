//! Everything is loaded: at the start, when the user asks for it, and when it is not known what has changed.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use jitgate_logic::Touched;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Fleet, Loading, Machines};
use crate::api::{Api, Failure, Machine, Policy};
use crate::browser;

/// What a load brings.
type Loaded = Result<(Vec<Arc<Machine>>, Vec<Arc<Policy>>), Failure>;

impl Fleet {
    /// Loads everything anew.
    pub fn refresh(self) {
        self.load_all(false);
    }

    /// The next load, which overtakes all others.
    pub(super) fn next_load(self) -> u32 {
        let number = self.load.with_value(|load| load.wrapping_add(1));
        self.load.set_value(number);
        self.saved.set_value(Vec::new());
        number
    }

    /// Loads everything. `quietly` is for what the user has not asked for, and need not wait for.
    pub(super) fn load_all(self, quietly: bool) {
        let number = self.next_load();
        self.calm.cancel();
        let Some(api) = self.session.api.get_untracked() else {
            self.at_work.set(false);
            // Whoever signs in again finds what was there; another user is a sign-out first, and sees none of it.
            if self.session.user.with_untracked(Option::is_none) {
                self.machines.set(Arc::default());
                self.policies.set(Arc::default());
                self.loading.set(Loading::Waiting);
                self.whole.set(false);
            } else if self.loading.with_untracked(|loading| matches!(loading, Loading::Under(_))) {
                // Nothing is waited for any more.
                self.loading.set(if self.whole.get_untracked() { Loading::Ready } else { Loading::Waiting });
            }
            return;
        };
        if !quietly {
            self.loading.set(Loading::Under(0));
        }
        self.at_work.set(true);
        // Whatever has happened up to now is in what comes.
        self.touched.update_value(|touched| *touched = Touched::default());
        spawn_local(async move {
            let loaded = self.fetch(api, number, quietly).await;
            if self.load.get_value() != number {
                return;
            }
            self.at_work.set(false);
            match loaded {
                Ok((machines, policies)) => self.show(machines, policies),
                Err(failure) => {
                    // It is loaded with the next news, as those that bring nothing but themselves would leave it failed.
                    self.touched.update_value(|all| all.add(Touched::everything()));
                    return self.fail(failure);
                }
            }
            self.follow();
        });
    }

    /// What is as it was stays what it was, so that nothing is drawn anew for it.
    fn show(self, machines: Vec<Arc<Machine>>, mut policies: Vec<Arc<Policy>>) {
        // Those that were put meanwhile stay, and are read anew after this.
        self.policies.with_untracked(|known| {
            for policy in known.iter().filter(|known| self.is_saved(&known.id)) {
                match policies.iter_mut().find(|one| one.id == policy.id) {
                    Some(one) => *one = Arc::clone(policy),
                    None => policies.push(Arc::clone(policy)),
                }
            }
        });
        let machines = kept(self.machines.get_untracked(), machines, |machine| &machine.id);
        if let Some(machines) = machines {
            self.machines.set(machines);
        }
        if let Some(policies) = kept(self.policies.get_untracked(), policies, |policy| &policy.id) {
            self.policies.set(policies);
        }
        if !self.whole.get_untracked() {
            self.whole.set(true);
        }
        if self.loading.with_untracked(|loading| *loading != Loading::Ready) {
            self.loading.set(Loading::Ready);
        }
    }

    /// True where it was put while this load was under way.
    pub(super) fn is_saved(self, policy: &ResourceId) -> bool {
        self.saved.with_value(|saved| saved.contains(policy))
    }

    async fn fetch(self, api: Api, number: u32, quietly: bool) -> Loaded {
        let (mut machines, mut policies, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        let is_first = !self.whole.get_untracked();
        let subscriptions = api.subscriptions().await?;
        // An answer has set the clock: what is shown first is not to be counted by the user's own.
        self.now.set(browser::now());
        // From here on news may be about what was read before them.
        self.asked.set_value(true);
        for subscription in subscriptions {
            let part = |part: &[Arc<Machine>]| {
                if quietly || self.load.get_value() != number {
                    return;
                }
                let so_far: Vec<_> = machines.iter().chain(part).cloned().collect();
                self.loading.set(Loading::Under(so_far.len()));
                // Later, what is shown stays whole until all of it has come.
                if is_first {
                    self.machines.set(Machines::new(so_far));
                }
            };
            // Instances of EC2 that no policy names are in the list of every subscription.
            let new = api.machines(&subscription, part).await?.into_iter();
            machines.extend(new.filter(|one| !one.is_ec2 || seen.insert(one.id.clone())));
            policies.extend(api.policies(&subscription).await?.into_iter().map(Arc::new));
        }
        Ok((machines, policies))
    }
}

/// The new list, with what is the same in the old one as it was there; none where nothing has changed.
fn kept<T: PartialEq>(
    old: Arc<Vec<Arc<T>>>,
    mut new: Vec<Arc<T>>,
    id: impl Fn(&T) -> &ResourceId,
) -> Option<Arc<Vec<Arc<T>>>> {
    let known: BTreeMap<&ResourceId, &Arc<T>> = old.iter().map(|one| (id(one), one)).collect();
    for one in &mut new {
        if let Some(old) = known.get(id(one)).filter(|old| **old == one) {
            *one = Arc::clone(old);
        }
    }
    let same = old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| Arc::ptr_eq(old, new));
    (!same).then(|| Arc::new(new))
}
