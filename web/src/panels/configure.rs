//! Enable and Edit: which ports of which machines may be opened, by whom, and for how long.
use std::sync::Arc;
use std::time::Duration;

use jitgate_core::access::action;
use jitgate_core::ledger::ResourceId;
use jitgate_core::model::PolicyId;
use jitgate_logic::draft::{Entry, Faults, PortValue, Row, SERVICES, rows};
use jitgate_logic::{is_instance, named_in, same_machine};
use leptos::prelude::*;

use super::allowed::{Need, Rights};
use super::changes::{Changes, Compared};
use super::code::{AsCode, Coded};
use super::foot::SaveFoot;
use super::frame::{Leaving, PanelFrame};
use super::impact::{Aim, ImpactView, Question, together};
use super::machines::MachineNames;
use super::notes::Elsewhere;
use super::ports::{PortList, Ports};
use super::proposed::{Draft, Drafted, entry};
use super::remove::Ending;
use super::save::{Target, Targets, members};
use super::saving::SaveResults;
use crate::api::{Machine, Open};
use crate::browser::Debounce;
use crate::dom::view;
use crate::state::Fleet;
use crate::ui::{Notice, Tone};

/// With more machines than this a draft is judged when the user pauses.
const AT_ONCE: usize = 100;
/// So many policies are named.
const MOST_POLICIES: usize = 6;
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
        // They are in no resource group: they go where others of them are, else into the first policy there is.
        return fleet.policies.with_untracked(|policies| {
            let has = |policy: &&Arc<crate::api::Policy>| {
                policy.machines.iter().any(|machine| is_instance(&machine.id))
            };
            policies.iter().find(has).or_else(|| policies.first()).map(|policy| policy.id.clone())
        });
    }
    let location = machine.location.to_ascii_lowercase().replace(' ', "");
    ResourceId::policy(&PolicyId {
        subscription: &machine.subscription,
        resource_group: &machine.resource_group,
        location: &location,
        name: "default",
    })
}

/// The machines of the form, each in the policy that it is or will be in.
fn targets(fleet: Fleet, machines: &[Arc<Machine>], purpose: Purpose) -> Vec<Target> {
    if purpose == Purpose::Edit {
        return members(fleet, machines);
    }
    let target = |machine: &Arc<Machine>| {
        let policy = usual_policy(fleet, machine)?;
        let id = named_in(&policy, &machine.id);
        Some(Target::new(policy, id, &machine.name, None))
    };
    machines.iter().filter_map(target).collect()
}

#[component]
pub fn ConfigurePanel(machines: Vec<Arc<Machine>>, purpose: Purpose) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let first_targets = targets(fleet, &machines, purpose);
    let count = first_targets.len();
    // A machine may be in several policies.
    let is_target = |machine: &&Arc<Machine>| {
        first_targets.iter().any(|target| same_machine(&target.machine, &machine.id))
    };
    let distinct = machines.iter().filter(is_target).count();
    let names = machines.iter().map(|machine| machine.name.clone()).collect::<Vec<_>>();
    let (places, left_out) = (saved_in(&first_targets), left_out(&first_targets, &machines, purpose));
    let first = match purpose {
        Purpose::Enable => {
            (0..).zip(SERVICES).map(|(key, (number, _))| Row::new(key, PortValue::usual(number))).collect()
        }
        Purpose::Edit => {
            let ports =
                |target: &Target| target.base.as_ref().map(|base| base.ports.clone()).unwrap_or_default();
            rows(&first_targets.iter().map(ports).collect::<Vec<_>>())
        }
    };
    let needs = needs(&first_targets);
    let targets = Targets::new(first_targets);
    let opened = StoredValue::new(first.clone());
    let rows = RwSignal::new(first);
    let draft = drafted(rows, targets, count);
    let faults = Signal::from(Memo::new(move |_| draft.with(Draft::faults)));
    let ports = Ports { rows, open: RwSignal::new(None), faults, machines: count };
    let leaving =
        Leaving::new(move || opened.with_value(|opened| rows.with(|rows| rows != opened)), targets.busy);
    let rights = Rights::of(needs);
    let new = move |place: usize| {
        let target = targets.list.with(|list| list.get(place).cloned())?;
        Some(rows.with(|rows| entry(rows, &target, place)))
    };
    let blocked = Signal::derive(move || {
        let faults = faults.with(Faults::errors);
        let changes = targets.changes(&new);
        if count == 0 {
            return "None of these machines is in a policy that you can see.".to_owned();
        }
        match (rights.sentence(), faults, rows.with(Vec::is_empty)) {
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
        targets.save(untrack(|| targets.changes(&new)), move |teller| {
            let what =
                if purpose == Purpose::Enable { "JIT is enabled on" } else { "Saved the configuration of" };
            teller.say(format!("{what} {}", machines_words(distinct)));
            leaving.close();
        });
    };
    // The access to ports that leave their policy.
    let ends = move |machine: &Machine, open: &Open| {
        let place = targets.list.with(|list| {
            list.iter().position(|one| one.policy == open.policy && same_machine(&one.machine, &machine.id))
        });
        let number = open.port.to_string();
        let covers =
            |protocol: &str| protocol == "*" || protocol.eq_ignore_ascii_case(open.protocol.as_str());
        let is_kept =
            |entry: Entry| entry.ports.iter().any(|port| port.number == number && covers(&port.protocol));
        place.and_then(new).is_some_and(|entry| !is_kept(entry))
    };
    let title = if purpose == Purpose::Enable { "Enable JIT on VMs" } else { "JIT VM access configuration" };
    let foot = view! { <SaveFoot targets leaving rights blocked word="Save" on_save=Callback::new(save) /> };
    view! {
        <PanelFrame title lead=lead(purpose, distinct) leaving foot=foot.into_any()>
            <MachineNames names />
            {(!places.is_empty()).then(|| view! { <p class="saved-in"><bdi>{places}</bdi></p> })}
            {(!left_out.is_empty()).then(|| view! { <Notice tone=Tone::Warning><p>{left_out}</p></Notice> })}
            <SaveResults targets mine=Callback::new(new) />
            <PortList ports />
            <Elsewhere faults />
            <Changes compared=compared(draft) />
            <Ending machines ends />
            <ImpactView
                questions=questions(draft, blocked)
                idle=Signal::stored("What a change does to the network appears here, once it can be saved.".to_owned())
            />
            <AsCode code=coded(draft) />
        </PanelFrame>
    }
}

/// The policies that the form is about: `Policies: default in rg-web (2), default in rg-db (1)`.
fn saved_in(targets: &[Target]) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for target in targets {
        let words = target.policy_words();
        match counts.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counts.push((words, 1)),
        }
    }
    let left = counts.len().saturating_sub(MOST_POLICIES);
    let shown = counts
        .iter()
        .take(MOST_POLICIES)
        .map(|(words, count)| format!("{words} ({})", machines_words(*count)));
    let mut text = match counts.len() {
        0 => return String::new(),
        1 => "Policy: ",
        _ => "Policies: ",
    }
    .to_owned();
    text.push_str(&shown.collect::<Vec<_>>().join(", "));
    if left > 0 {
        text.push_str(&format!(" and {left} more"));
    }
    text
}

/// Which of the machines the form cannot change, and why.
fn left_out(targets: &[Target], machines: &[Arc<Machine>], purpose: Purpose) -> String {
    let is_left =
        |machine: &&Arc<Machine>| !targets.iter().any(|target| same_machine(&target.machine, &machine.id));
    let names: Vec<_> = machines.iter().filter(is_left).map(|machine| machine.name.as_str()).collect();
    if names.is_empty() {
        return String::new();
    }
    let why = match purpose {
        Purpose::Enable => {
            "there is no policy that they could join: instances of EC2 are in no resource group"
        }
        Purpose::Edit => "they are in no policy that you can see",
    };
    format!("These stay as they are, because {why}: {}.", names.join(", "))
}

/// `1 machine`, `3 machines`.
pub fn machines_words(count: usize) -> String {
    if count == 1 { "1 machine".to_owned() } else { format!("{count} machines") }
}

fn lead(purpose: Purpose, count: usize) -> String {
    let machines = machines_words(count);
    match purpose {
        Purpose::Enable => {
            format!("Choose the ports of {machines} that are closed until somebody requests access")
        }
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
    // Rights on instances of EC2 are no matter of Azure's.
    let machines = targets.iter().filter(|target| !is_instance(&target.machine));
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
            let one = |one: &Drafted| Compared { before: one.before.clone(), after: one.after() };
            draft.documents.iter().filter(|one| one.changed && !one.before.is_empty()).map(one).collect()
        })
    })
}

/// Each changed policy as it would be stored, with the machines that the form is not about.
fn questions(draft: RwSignal<Draft>, blocked: Signal<String>) -> Signal<Vec<Question>> {
    let fleet = expect_context::<Fleet>();
    Signal::from(Memo::new(move |_| {
        if !blocked.with(String::is_empty) {
            return Vec::new();
        }
        let one = |one: &Drafted| {
            let mine = one.mine.iter().map(|(id, _)| id.clone()).collect();
            (one.policy.clone(), Some(one.whole(fleet)), mine)
        };
        let changed = draft.with(|draft| draft.documents.iter().filter(|one| one.changed).map(one).collect());
        together(changed, Aim::Close)
    }))
}

fn coded(draft: RwSignal<Draft>) -> Signal<Vec<Coded>> {
    let fleet = expect_context::<Fleet>();
    Signal::derive(move || {
        let one = |one: &Drafted| Coded::policy(one.policy.clone(), one.whole(fleet));
        draft.with(|draft| draft.documents.iter().map(one).collect())
    })
}
