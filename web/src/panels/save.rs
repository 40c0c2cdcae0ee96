//! Puts changed policies, one after the other, and tells what became of each machine. What somebody else saved
//! meanwhile is never lost: a change goes over what the user saw, or is asked about.
use std::collections::HashMap;
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use jitgate_logic::draft::{Change, Entry, MachineChange, Merged, Stored, merge, place, same};
use jitgate_logic::{Touched, is_instance};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::foot::FIRST_BUTTON;
use super::machines::names_of;
use crate::api::{Api, Failure, Machine, Policy};
use crate::browser::{focus_first, lower};
use crate::state::{Fleet, Session};
use crate::ui::{Teller, Toast};

/// What is said to whom the panel can no more tell it.
const UNKNOWN: &str = "It is not known whether all of it was saved";
/// So often a policy is fetched anew when others keep changing it.
const TRIES: usize = 5;

/// How far a machine has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    Idle,
    Saving,
    Saved,
    /// Why not.
    Failed(String),
    /// It may be saved, or not: why that is not known.
    Unknown(String),
    /// Somebody else changed it: what is stored now.
    Conflict(Option<Entry>),
    /// The user keeps what somebody else saved.
    Kept,
}

/// A machine in a policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub policy: ResourceId,
    pub machine: ResourceId,
    pub name: String,
    /// What the user saw; none where it was not in the policy.
    pub base: Option<Entry>,
    pub progress: Progress,
}

impl Target {
    pub fn new(policy: ResourceId, machine: ResourceId, name: &str, base: Option<Entry>) -> Self {
        Self { policy, machine, name: name.to_owned(), base, progress: Progress::Idle }
    }

    /// The policy's name and where it is: `default in rg-web`.
    pub fn policy_words(&self) -> String {
        format!("{} in {}", self.policy.name(), self.policy.resource_group().unwrap_or_default())
    }
}

/// The machines of a form.
#[derive(Clone, Copy)]
pub struct Targets {
    pub list: RwSignal<Vec<Target>>,
    pub busy: RwSignal<bool>,
    session: Session,
    fleet: Fleet,
    toast: Toast,
}

/// What came of one policy.
enum Outcome {
    /// And the policy as it is now, where it was put.
    Saved(Option<Policy>),
    Conflict(Vec<(ResourceId, Option<Entry>)>),
    /// And what is said of single machines.
    Failed(Failure, Vec<(ResourceId, String)>),
    /// It was sent, and may have been done.
    Unknown(Failure),
}

impl Targets {
    pub fn new(list: Vec<Target>) -> Self {
        let (toast, list) = (expect_context::<Toast>(), RwSignal::new(list));
        let teller = toast.teller();
        on_cleanup(move || {
            // The user has gone, and may not know what became of it.
            let unknown = |one: &Target| match &one.progress {
                Progress::Unknown(why) => Some((one.machine.clone(), why.clone())),
                _ => None,
            };
            let found = list.try_with_untracked(|list| list.iter().filter_map(unknown).collect::<Vec<_>>());
            let found = found.filter(|_| !teller.is_heard()).unwrap_or_default();
            if let Some((_, why)) = found.last() {
                let names = names_of(found.iter().map(|(machine, _)| machine));
                teller.report(format!("{UNKNOWN} ({names}): look at it before you go on. {why}"));
            }
        });
        Self {
            list,
            busy: RwSignal::new(false),
            session: expect_context::<Session>(),
            fleet: expect_context::<Fleet>(),
            toast,
        }
    }

    /// The changes that are still to be made, where `new` says what the machine at a place is to be.
    pub fn changes(self, new: &dyn Fn(usize) -> Option<Entry>) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        self.list.with(|list| {
            for (place, target) in list.iter().enumerate() {
                let new = new(place);
                if target.progress == Progress::Kept || same(target.base.as_ref(), new.as_ref()) {
                    continue;
                }
                let machine = MachineChange { id: target.machine.clone(), base: target.base.clone(), new };
                match changes.iter_mut().find(|change| change.policy == target.policy) {
                    Some(change) => change.machines.push(machine),
                    None => changes.push(Change { policy: target.policy.clone(), machines: vec![machine] }),
                }
            }
        });
        changes
    }

    /// Saves; calls `done` when nothing is left to do.
    pub fn save(self, changes: Vec<Change>, done: impl FnOnce(&Teller) + 'static) {
        let Some(api) = self.session.api.get_untracked().filter(|_| !self.busy.get_untracked()) else {
            return;
        };
        self.busy.set(true);
        for change in &changes {
            self.tell(change, |_| Progress::Saving);
        }
        let names =
            names_of(changes.iter().flat_map(|change| change.machines.iter().map(|machine| &machine.id)));
        let mut touched = Touched::default();
        for change in &changes {
            let machines = change.machines.iter().map(|machine| machine.id.clone());
            touched.add(Touched::policy(change.policy.clone(), machines));
        }
        let teller = self.toast.teller();
        spawn_local(async move {
            let (mut is_done, mut is_failed, mut last) = (true, false, String::new());
            let is_same = || self.session.api.get_untracked() == Some(api);
            for change in changes {
                // Nothing is saved for whoever has signed in, or chosen other data, meanwhile.
                let outcome = if is_same() {
                    save(api, &change).await
                } else {
                    Outcome::Failed(Failure::SignedOut, Vec::new())
                };
                match outcome {
                    Outcome::Saved(policy) => {
                        self.saved(&change);
                        if is_same() {
                            self.fleet.put(policy);
                        }
                    }
                    Outcome::Conflict(theirs) => {
                        (is_done, is_failed) = (false, true);
                        self.tell(&change, |id| {
                            let theirs = theirs.iter().find(|(own, _)| own == id);
                            theirs.map_or(Progress::Idle, |(_, theirs)| Progress::Conflict(theirs.clone()))
                        });
                    }
                    Outcome::Failed(Failure::SignedOut, _) => {
                        (is_done, is_failed) = (false, true);
                        self.tell(&change, |_| Progress::Idle);
                    }
                    Outcome::Failed(failure, of) => {
                        (is_done, is_failed) = (false, true);
                        last = failure.to_string();
                        self.tell(&change, |id| {
                            let own = of.iter().find(|(own, _)| own == id);
                            Progress::Failed(own.map_or_else(|| last.clone(), |(_, words)| words.clone()))
                        });
                    }
                    Outcome::Unknown(failure) => {
                        is_done = false;
                        last = failure.to_string();
                        self.tell(&change, |_| Progress::Unknown(last.clone()));
                    }
                }
            }
            let is_left = self.busy.try_set(false).is_some();
            self.fleet.renew(touched);
            if is_done {
                done(&teller);
            } else if is_left {
                let what = if is_failed { "Not all that was being saved is stored" } else { UNKNOWN };
                teller.report(format!("{what} ({names}): look at it before you go on. {last}"));
            }
        });
    }

    /// The user decides about a machine that somebody else changed.
    pub fn decide(self, place: usize, mine: bool) {
        self.list.update(|list| {
            let Some(target) = list.get_mut(place) else { return };
            if let Progress::Conflict(theirs) = &target.progress {
                target.base.clone_from(theirs);
                target.progress = if mine { Progress::Idle } else { Progress::Kept };
            }
        });
        focus_first(FIRST_BUTTON);
    }

    fn tell(self, change: &Change, progress: impl Fn(&ResourceId) -> Progress) {
        self.each(change, |target, machine| target.progress = progress(&machine.id));
    }

    fn saved(self, change: &Change) {
        self.each(change, |target, machine| {
            target.base.clone_from(&machine.new);
            target.progress = Progress::Saved;
        });
    }

    /// Acts on the machines of a change, which stand in the order of the form.
    fn each(self, change: &Change, act: impl Fn(&mut Target, &MachineChange)) {
        self.list.try_update(|list| {
            let mut machines = change.machines.iter().peekable();
            for target in list.iter_mut().filter(|target| target.policy == change.policy) {
                if let Some(machine) = machines.next_if(|machine| machine.id == target.machine) {
                    act(target, machine);
                }
            }
        });
    }
}

/// The parts that policies have of these machines.
pub fn members(fleet: Fleet, machines: &[Arc<Machine>]) -> Vec<Target> {
    let policies = fleet.policies.get_untracked();
    // A policy is read once, however many of its machines there are.
    let wanted = |policy: &&Arc<Policy>| {
        machines.iter().any(|machine| machine.policies.iter().any(|(id, _)| *id == policy.id))
    };
    // By what the network calls it.
    let own = |id: &ResourceId| if is_instance(id) { lower(id.name()) } else { id.key().to_owned() };
    let entries: Vec<(&ResourceId, HashMap<String, Entry>)> = policies
        .iter()
        .filter(wanted)
        .map(|policy| {
            let stored = Stored::read(&policy.json).machines.into_iter();
            (&policy.id, stored.map(|(entry, _)| (own(&entry.id), entry)).collect())
        })
        .collect();
    let mut all = Vec::new();
    for machine in machines {
        for (policy, entries) in &entries {
            if let Some(entry) = entries.get(machine.id.key()) {
                let (policy, id) = ((*policy).clone(), entry.id.clone());
                all.push(Target::new(policy, id, &machine.name, Some(entry.clone())));
            }
        }
    }
    all
}

/// One policy: what is stored is fetched, changed, and put over exactly that.
async fn save(api: Api, change: &Change) -> Outcome {
    let mut last = None;
    for _ in 0..TRIES {
        let stored = match api.policy(&change.policy).await {
            Ok(policy) => Some(policy),
            Err(failure) if failure.is_absent() => None,
            Err(failure) => return Outcome::Failed(failure, Vec::new()),
        };
        let (sent, machines) =
            match merge(change, stored.as_ref().map(|policy| Stored::read(&policy.json)).as_ref()) {
                Merged::Done => return Outcome::Saved(None),
                Merged::Conflict(theirs) => return Outcome::Conflict(theirs),
                Merged::Put(body, machines) => {
                    let put = match &stored {
                        Some(stored) => api.put_policy(&change.policy, &body, stored.etag.clone()).await,
                        None => api.put_new_policy(&change.policy, &body).await,
                    };
                    (put.map(Some), machines)
                }
                Merged::Delete => {
                    let etag = stored.and_then(|policy| policy.etag);
                    (api.delete_policy(&change.policy, etag).await.map(|()| None), Vec::new())
                }
            };
        match sent {
            Ok(policy) => return Outcome::Saved(policy),
            Err(failure) if failure.is_conflict() => last = Some(failure),
            Err(failure) if failure.may_be_done() => return Outcome::Unknown(failure),
            Err(failure) => {
                let of = of_machines(&failure, &machines);
                return Outcome::Failed(failure, of);
            }
        }
    }
    Outcome::Failed(last.unwrap_or(Failure::SignedOut), Vec::new())
}

/// What a refusal says of single machines.
fn of_machines(failure: &Failure, machines: &[ResourceId]) -> Vec<(ResourceId, String)> {
    let Failure::Refused(refusal) = failure else { return Vec::new() };
    let own = refusal.details.iter().filter_map(|slip| {
        let (machine, ..) = place(&slip.target)?;
        Some((machines.get(machine)?.clone(), slip.message.clone()))
    });
    own.collect()
}
