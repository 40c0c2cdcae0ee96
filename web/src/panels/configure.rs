//! Enable and Edit: which ports of which machines may be opened, by whom, and for how long.
use std::sync::Arc;
use std::time::Duration;

use jitgate_core::Kind;
use jitgate_core::access::action;
use jitgate_core::ledger::ResourceId;
use jitgate_core::model::PolicyId;
use leptos::prelude::*;

use super::allowed::{Need, denied, sentence};
use super::changes::{Changes, Compared};
use super::code::{AsCode, Coded};
use super::draft::{Entry, Faults, Merged, PortValue, Row, SERVICES, Stored, document, judged, merge, object, rows};
use super::foot::SaveFoot;
use super::frame::{Leaving, PanelFrame};
use super::impact::{ImpactView, Question};
use super::machines::MachineNames;
use super::notes::Elsewhere;
use super::ports::{PortList, Ports};
use super::save::{Progress, Target, Targets};
use super::saving::SaveResults;
use crate::api::Machine;
use crate::browser::Debounce;
use crate::dom::view;
use crate::state::Fleet;
use crate::ui::Toast;

/// With more machines than this a draft is judged when the user pauses.
const AT_ONCE: usize = 100;
const PAUSE: Duration = Duration::from_millis(300);

/// Whether machines get a configuration, or have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Enable,
    Edit,
}

/// The policy that Azure's portal puts a machine in: `default` of its resource group and region.
fn usual_policy(fleet: Fleet, machine: &Machine) -> Option<ResourceId> {
    if machine.is_ec2 {
        // Instances of EC2 are in no resource group: they go where others of them are, else beside the machines.
        return fleet.policies.with_untracked(|policies| {
            let has = |policy: &&Arc<crate::api::Policy>| {
                policy.machines.iter().any(|machine| machine.id.resource_group().is_none())
            };
            policies.iter().find(has).or_else(|| policies.first()).map(|policy| policy.id.clone())
        });
    }
    let location = machine.location.to_ascii_lowercase().replace(' ', "");
    ResourceId::policy(&PolicyId {
        subscription: machine.subscription.as_str().into(),
        resource_group: machine.resource_group.as_str().into(),
        location: location.as_str().into(),
        name: "default".into(),
    })
}

/// The machines of the form, each in the policy that it is or will be in.
fn targets(fleet: Fleet, machines: &[Arc<Machine>], purpose: Purpose) -> Vec<Target> {
    let mut all = Vec::new();
    for machine in machines {
        if purpose == Purpose::Enable {
            if let Some(policy) = usual_policy(fleet, machine) {
                all.push(Target::new(policy, machine.id.clone(), &machine.name, None));
            }
            continue;
        }
        for policy in untrack(|| fleet.policies_of(machine)) {
            if let Some(entry) = Stored::of(&policy).entry(&machine.id) {
                all.push(Target::new(policy.id.clone(), machine.id.clone(), &machine.name, Some(entry.clone())));
            }
        }
    }
    all
}

/// What the rows make of a machine.
fn entry(rows: &[Row], target: &Target, place: usize) -> Entry {
    Entry {
        id: target.machine.clone(),
        public_ip: target.base.as_ref().map(|base| base.public_ip.clone()).unwrap_or_default(),
        ports: rows.iter().filter_map(|row| row.value(place)).collect(),
    }
}

/// The documents of a form: what is judged, shown, and asked about.
#[derive(Clone, Debug, Default, PartialEq)]
struct Draft {
    documents: Vec<Drafted>,
}

#[derive(Clone, Debug, PartialEq)]
struct Drafted {
    policy: ResourceId,
    before: String,
    after: String,
    mine: Vec<ResourceId>,
    /// The rows of each machine's ports.
    keys: Vec<Vec<u32>>,
}

impl Draft {
    fn of(rows: &[Row], targets: &[Target]) -> Self {
        let mut groups: Vec<(ResourceId, Vec<(usize, &Target)>)> = Vec::new();
        for (place, target) in targets.iter().enumerate().filter(|(_, target)| target.progress != Progress::Kept) {
            match groups.iter_mut().find(|(policy, _)| *policy == target.policy) {
                Some((_, members)) => members.push((place, target)),
                None => groups.push((target.policy.clone(), vec![(place, target)])),
            }
        }
        let drafted = |(policy, members): (ResourceId, Vec<(usize, &Target)>)| {
            let before: Vec<_> = members.iter().filter_map(|(_, target)| target.base.as_ref().map(Entry::json)).collect();
            let after: Vec<_> = members.iter().map(|(place, target)| entry(rows, target, *place).json()).collect();
            let keys = |(place, _): &(usize, &Target)| {
                rows.iter().filter(|row| row.value(*place).is_some()).map(|row| row.key).collect()
            };
            Drafted {
                before: if before.is_empty() { String::new() } else { document(&policy, "", &before) },
                after: document(&policy, "", &after),
                mine: members.iter().map(|(_, target)| target.machine.clone()).collect(),
                keys: members.iter().map(keys).collect(),
                policy,
            }
        };
        Self { documents: groups.into_iter().map(drafted).collect() }
    }

    fn faults(&self) -> Faults {
        let documents = self.documents.iter().map(|one| (one.after.as_str(), Kind::Policy));
        judged(documents, None, |document, machine, port| {
            self.documents.get(document)?.keys.get(machine)?.get(port).copied()
        })
    }
}

#[component]
pub fn ConfigurePanel(machines: Vec<Arc<Machine>>, purpose: Purpose) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let toast = expect_context::<Toast>();
    let members = targets(fleet, &machines, purpose);
    let count = members.len();
    let names = machines.iter().map(|machine| machine.name.clone()).collect::<Vec<_>>();
    let first = match purpose {
        Purpose::Enable => (0..).zip(SERVICES).map(|(key, (number, _))| Row::new(key, PortValue::usual(number))).collect(),
        Purpose::Edit => {
            let ports = |target: &Target| target.base.as_ref().map(|base| base.ports.clone()).unwrap_or_default();
            rows(&members.iter().map(ports).collect::<Vec<_>>())
        }
    };
    let needs = needs(&members);
    let targets = Targets::new(members);
    let opened = StoredValue::new(first.clone());
    let rows = RwSignal::new(first);
    let draft = drafted(rows, targets, count);
    let faults = Signal::from(Memo::new(move |_| draft.with(Draft::faults)));
    let ports = Ports { rows, open: RwSignal::new(None), faults, machines: count };
    let leaving = Leaving::new(move || opened.with_value(|opened| rows.with(|rows| rows != opened)));
    let denied = denied(needs);
    let new = move |place: usize| {
        let target = targets.list.with(|list| list.get(place).cloned())?;
        Some(rows.with(|rows| entry(rows, &target, place)))
    };
    let blocked = Signal::derive(move || {
        let faults = faults.with(Faults::errors);
        let changes = targets.changes(&new);
        match (denied.with(|denied| sentence(denied)), faults, rows.with(Vec::is_empty)) {
            (sentence, ..) if !sentence.is_empty() => sentence,
            (_, _, true) => "Add a port first.".to_owned(),
            (_, 1, _) => "There is 1 error to mend.".to_owned(),
            (_, errors, _) if errors > 0 => format!("There are {errors} errors to mend."),
            _ if changes.is_empty() => "There is nothing to save.".to_owned(),
            _ => String::new(),
        }
    });
    let save = move |()| {
        ports.open.set(None);
        targets.save(untrack(|| targets.changes(&new)), move || {
            let what = if purpose == Purpose::Enable { "JIT is enabled on" } else { "Saved the configuration of" };
            toast.say(format!("{what} {}", machines_words(count)));
            leaving.close();
        });
    };
    let title = if purpose == Purpose::Enable { "Enable JIT on VMs" } else { "JIT VM access configuration" };
    let foot = view! { <SaveFoot targets leaving blocked word="Save" on_save=Callback::new(save) /> };
    view! {
        <PanelFrame title lead=lead(purpose, count) leaving foot=foot.into_any()>
            <MachineNames names />
            <SaveResults targets mine=Callback::new(new) />
            <PortList ports />
            <Elsewhere faults />
            <Changes compared=compared(draft) />
            <ImpactView
                questions=questions(draft, targets, new, blocked)
                idle=Signal::stored("What a change does to the network appears here, once it can be saved.".to_owned())
            />
            <AsCode code=coded(draft) />
        </PanelFrame>
    }
}

/// `1 machine`, `3 machines`.
pub fn machines_words(count: usize) -> String {
    if count == 1 { "1 machine".to_owned() } else { format!("{count} machines") }
}

fn lead(purpose: Purpose, count: usize) -> String {
    let machines = machines_words(count);
    match purpose {
        Purpose::Enable => format!("Choose the ports of {machines} that are closed until somebody requests access"),
        Purpose::Edit => format!("The ports of {machines} that may be opened on request"),
    }
}

/// At once for a few machines, when the user pauses for many.
fn drafted(rows: RwSignal<Vec<Row>>, targets: Targets, count: usize) -> RwSignal<Draft> {
    let make = move || rows.with(|rows| targets.list.with(|list| Draft::of(rows, list)));
    let draft = RwSignal::new(untrack(make));
    let pause = Debounce::new();
    on_cleanup(move || pause.cancel());
    Effect::new(move |_| {
        if count <= AT_ONCE {
            let new = make();
            if draft.with_untracked(|old| *old != new) {
                draft.set(new);
            }
        } else {
            rows.track();
            targets.list.track();
            pause.after(PAUSE, move || draft.set(untrack(make)));
        }
    });
    draft
}

fn needs(targets: &[Target]) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for target in targets {
        let policy = Need {
            action: action::JIT_WRITE,
            scope: target.policy.text().to_owned(),
            words: format!("change the policy {}", target.policy_words()),
        };
        if !needs.contains(&policy) {
            needs.push(policy);
        }
    }
    let machines = targets.iter().filter(|target| target.machine.resource_group().is_some());
    needs.extend(machines.map(|target| Need {
        action: action::MACHINE_WRITE,
        scope: target.machine.text().to_owned(),
        words: format!("change the machine {}", target.name),
    }));
    needs
}

/// What the core itself says of the difference.
fn compared(draft: RwSignal<Draft>) -> Signal<Vec<Compared>> {
    Signal::derive(move || {
        draft.with(|draft| {
            let one = |one: &Drafted| Compared { before: one.before.clone(), after: one.after.clone() };
            draft.documents.iter().filter(|one| !one.before.is_empty()).map(one).collect()
        })
    })
}

/// Each policy as it would be stored, with the machines that the form is not about.
fn questions(
    draft: RwSignal<Draft>,
    targets: Targets,
    new: impl Fn(usize) -> Option<Entry> + Copy + Send + Sync + 'static,
    blocked: Signal<String>,
) -> Signal<Vec<Question>> {
    let fleet = expect_context::<Fleet>();
    Signal::from(Memo::new(move |_| {
        draft.track();
        if !blocked.with(String::is_empty) {
            return Vec::new();
        }
        let question = |change: super::draft::Change| {
            let stored = untrack(|| fleet.policy(&change.policy)).map(|policy| Stored::of(&policy));
            let Merged::Put(body, _) = merge(&change, stored.as_ref()) else { return None };
            let mine = change.machines.iter().map(|machine| machine.id.clone()).collect();
            Some(Question { body: object(&[("policy", body)]), policy: change.policy, mine, opens: false })
        };
        targets.changes(&new).into_iter().filter_map(question).collect()
    }))
}

fn coded(draft: RwSignal<Draft>) -> Signal<Vec<Coded>> {
    Signal::derive(move || {
        draft.with(|draft| {
            let one = |one: &Drafted| Coded { policy: one.policy.clone(), text: one.after.clone(), is_request: false };
            draft.documents.iter().map(one).collect()
        })
    })
}
