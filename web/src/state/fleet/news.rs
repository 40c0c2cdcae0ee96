//! News: what has changed is fetched, and nothing else.
use std::sync::Arc;
use std::time::Duration;

use jitgate_core::ledger::ResourceId;
use jitgate_logic::{Fetch, Touched};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Fleet, Loading};
use crate::api::{Api, Change, Failure, Machine, Policy};
use crate::browser;

/// Changes that come together are fetched together.
const SOON: Duration = Duration::from_millis(250);
/// Where all of a fleet of more machines than this has to be fetched, a while is waited: half of this to all of it.
const LARGE: usize = 2_000;
const LATER: Duration = Duration::from_secs(10);
/// Everything is looked at again, once so long (half of it to all of it) nothing has happened to the rules: other
/// machines behind the same filters may show other priorities.
const CALM: Duration = Duration::from_mins(1);

/// What has come of the fetching: a machine or policy that is not there any more is none.
#[derive(Default)]
struct Found {
    policies: Vec<(ResourceId, Option<Arc<Policy>>)>,
    machines: Vec<(ResourceId, Option<Arc<Machine>>)>,
}

impl Fleet {
    pub(super) fn heard(self, change: Change) {
        let was_live = self.live.get_untracked();
        match change {
            Change::Lost => {
                if was_live {
                    self.lost.set(browser::now());
                }
                self.live.set(false);
                return;
            }
            // Nothing has been read yet: all that happened before is in what comes.
            Change::Connected if !self.asked.get_value() => {}
            Change::Connected => self.touch(Touched::everything()),
            Change::Resumed => self.touch(Touched { rules: true, ..Touched::default() }),
            // Whoever has lost the news without a word has missed some.
            Change::Happened(_) if !was_live => self.touch(Touched::everything()),
            Change::Happened(touched) => self.touch(touched),
        }
        if !was_live {
            self.live.set(true);
        }
        self.news.notify();
    }

    /// The user has changed this: it is fetched at once, whether or not the news of it come in.
    pub fn renew(self, touched: Touched) {
        self.touched.update_value(|all| all.add(touched));
        self.follow();
    }

    fn touch(self, touched: Touched) {
        if touched == Touched::default() {
            return;
        }
        if touched.rules {
            self.calm.after(browser::scattered(CALM), move || self.load_all(true));
        }
        self.touched.update_value(|all| all.add(touched));
        let many = self.machines.with_untracked(|machines| machines.len() > LARGE);
        let everything = self.touched.with_value(|all| all.fetch() == Fetch::Everything);
        // After a failure, too: the server may have asked to be left alone.
        let failed = self.loading.with_untracked(|loading| matches!(loading, Loading::Failed(_)));
        let pause = if everything && (many || failed) { browser::scattered(LATER) } else { SOON };
        if !self.due.get_value() {
            self.due.set_value(true);
            set_timeout(
                move || {
                    self.due.set_value(false);
                    self.follow();
                },
                pause,
            );
        }
    }

    /// Fetches what is known to have changed; after what is under way, since answers may overtake each other.
    pub(super) fn follow(self) {
        if self.at_work.get_untracked() {
            return;
        }
        let Some(api) = self.session.api.get_untracked() else { return };
        let touched = self.touched.try_update_value(std::mem::take).unwrap_or_default();
        let (policies, machines, groups) = match touched.fetch() {
            Fetch::Nothing => return,
            Fetch::Everything => return self.load_all(self.whole.get_untracked()),
            Fetch::Some { policies, machines, groups } => (policies, machines, groups),
        };
        let number = self.next_load();
        self.at_work.set(true);
        spawn_local(async move {
            let found = fetch(api, policies, machines, groups, self).await;
            if self.load.get_value() != number {
                return;
            }
            self.at_work.set(false);
            match found {
                Ok(Some(found)) => self.apply(found),
                Ok(None) => self.touched.update_value(|all| all.add(Touched::everything())),
                Err(failure) => {
                    // What was not fetched is fetched with the next news, or when the user asks for it.
                    self.touched.update_value(|all| all.add(Touched::everything()));
                    return self.fail(failure);
                }
            }
            self.follow();
        });
    }

    /// Puts what was found in place of what was there. What is the same stays.
    fn apply(self, found: Found) {
        let Found { mut policies, machines } = found;
        policies.retain(|(id, _)| !self.is_saved(id));
        if let Some(new) =
            self.machines.with_untracked(|old| replaced(old, machines, |machine: &Machine| &machine.id))
        {
            self.machines.set(new);
        }
        if let Some(new) =
            self.policies.with_untracked(|old| replaced(old, policies, |policy: &Policy| &policy.id))
        {
            self.policies.set(new);
        }
    }
}

/// None where a list cannot be had, so that everything has to be fetched.
async fn fetch(
    api: Api,
    policies: Vec<ResourceId>,
    machines: Vec<ResourceId>,
    groups: Vec<(String, String)>,
    fleet: Fleet,
) -> Result<Option<Found>, Failure> {
    let mut found = Found::default();
    for id in policies {
        let policy = there(api.policy(&id).await)?;
        found.policies.push((id, policy.map(Arc::new)));
    }
    for id in machines {
        let machine = there(api.machine(&id).await)?;
        found.machines.push((id, machine.map(Arc::new)));
    }
    for (subscription, group) in groups {
        let Some(list) = there(api.machines_of(&subscription, &group).await)? else { return Ok(None) };
        let is_of = |machine: &&Arc<Machine>| {
            machine.subscription.eq_ignore_ascii_case(&subscription)
                && machine.resource_group.eq_ignore_ascii_case(&group)
        };
        let gone = |machine: &Arc<Machine>| !list.iter().any(|new| new.id == machine.id);
        let old = fleet.machines.get_untracked();
        found.machines.extend(
            old.iter().filter(is_of).filter(|old| gone(old)).map(|machine| (machine.id.clone(), None)),
        );
        found.machines.extend(list.into_iter().map(|machine| (machine.id.clone(), Some(machine))));
    }
    Ok(Some(found))
}

/// None for what is not there, or not for this user.
fn there<T>(answer: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(Failure::Refused(refusal)) if matches!(refusal.status, 403 | 404) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The list with what was found in place of its namesakes; none where nothing has changed.
fn replaced<T: PartialEq>(
    old: &Arc<Vec<Arc<T>>>,
    found: Vec<(ResourceId, Option<Arc<T>>)>,
    id: impl Fn(&T) -> &ResourceId,
) -> Option<Arc<Vec<Arc<T>>>> {
    let mut list = Arc::clone(old);
    for (own, new) in found {
        let place = list.iter().position(|one| *id(one) == own);
        match (place, new) {
            (Some(place), Some(new)) => {
                let differs = list.get(place).is_some_and(|old| *old != new);
                if differs && let Some(old) = Arc::make_mut(&mut list).get_mut(place) {
                    *old = new;
                }
            }
            (Some(place), None) => drop(Arc::make_mut(&mut list).remove(place)),
            (None, Some(new)) => Arc::make_mut(&mut list).push(new),
            (None, None) => {}
        }
    }
    (!Arc::ptr_eq(&list, old)).then_some(list)
}
