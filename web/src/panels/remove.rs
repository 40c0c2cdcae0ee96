//! Remove: takes machines out of their policies, and says first what ends and what is open again.
use std::sync::Arc;

use jitgate_core::access::action;
use jitgate_logic::draft::{Change, Entry, Merged, Stored, merge};
use leptos::prelude::*;

use super::allowed::{Need, Rights};
use super::configure::machines_words;
use super::foot::SaveFoot;
use super::frame::{Leaving, PanelFrame};
use super::impact::{Aim, ImpactView, Question, together};
use super::machines::MachineNames;
use super::save::{Target, Targets, members};
use super::saving::SaveResults;
use crate::api::{Machine, Open};
use crate::dom::view;
use crate::parts::{both, open_port, requestor, sources};
use crate::state::Fleet;
use crate::ui::{Glyph, Icon, Notice, Tone};

#[component]
pub fn RemovePanel(machines: Vec<Arc<Machine>>) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let count = machines.len();
    let own = members(fleet, &machines);
    let rights = Rights::of(needs(&own));
    // Policies that the user does not see keep their machines.
    let is_kept = |machine: &&Arc<Machine>| {
        machine.policies.iter().any(|(id, _)| !own.iter().any(|target| target.policy == *id))
    };
    let kept: Vec<_> = machines.iter().filter(is_kept).map(|machine| machine.name.clone()).collect();
    let freed = count.saturating_sub(kept.len());
    let policies: Vec<_> = own.iter().map(|target| target.policy.clone()).collect();
    let targets = Targets::new(own);
    let leaving = Leaving::new(|| false, targets.busy);
    let none = |_: usize| -> Option<Entry> { None };
    let asked = questions(fleet, untrack(|| targets.changes(&none)));
    let blocked = Signal::derive(move || {
        let sentence = rights.sentence();
        if sentence.is_empty() && targets.changes(&none).is_empty() {
            return "No policy has these machines.".to_owned();
        }
        sentence
    });
    let remove = Callback::new(move |()| {
        targets.save(untrack(|| targets.changes(&none)), move |teller| {
            let left =
                if freed < count { ", and stays where a policy that you cannot see has it" } else { "" };
            teller.say(format!("JIT is removed from {}{left}", machines_words(freed)));
            leaving.close();
        });
    });
    let names = machines.iter().map(|machine| machine.name.clone()).collect::<Vec<_>>();
    let warning = (!kept.is_empty()).then(|| {
        let words = format!("These stay under JIT, by policies that you cannot see: {}.", kept.join(", "));
        view! { <Notice tone=Tone::Warning><p>{words}</p></Notice> }
    });
    let foot = view! { <SaveFoot targets leaving rights blocked word="Remove" danger=true on_save=remove /> };
    let whose = if count == 1 { "its policies" } else { "their policies" };
    let lead = format!("Take {} out of {whose}", machines_words(count));
    view! {
        <PanelFrame title="Remove JIT" lead leaving foot=foot.into_any()>
            <MachineNames names />
            <SaveResults targets mine=Callback::new(none) />
            {warning}
            <Ending machines always=true ends=move |_: &Machine, open: &Open| policies.contains(&open.policy) />
            <ImpactView
                questions=Signal::stored(asked)
                idle=Signal::stored("No policy has these machines.".to_owned())
            />
        </PanelFrame>
    }
}

/// The live access that ends with it, as it is now.
#[component]
pub fn Ending(
    machines: Vec<Arc<Machine>>,
    ends: impl Fn(&Machine, &Open) -> bool + Send + 'static,
    /// Also where nobody has any.
    #[prop(optional)]
    always: bool,
) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let line = |machine: &Machine, open: &Open| {
        let until = open.end.map(both).unwrap_or_default();
        let (who, from) = (requestor(&open.requestor), sources(&open.sources));
        let (name, port) = (&machine.name, open_port(open, &machine.open));
        let text = format!("{name} port {port} of {who}, from {from}, until {until}");
        view! { <li><bdi>{text}</bdi></li> }
    };
    move || {
        let mut lines = Vec::new();
        for machine in machines.iter().filter_map(|machine| fleet.machine(&machine.id)) {
            let ending = machine.open.iter().filter(|open| ends(&machine, open));
            lines.extend(ending.map(|open| line(&machine, open)));
        }
        let any = !lines.is_empty();
        (any || always).then(|| {
            view! {
                <section aria-labelledby="ending-title">
                    <h3 class="form-title" id="ending-title">"Access that ends"</h3>
                    {any.then(|| view! { <ul class="impact-lines">{lines}</ul> })}
                    {(!any).then(|| view! { <p class="impact-none">"Nobody has access to these machines now."</p> })}
                    <p class="remove-note">
                        <Icon glyph=Glyph::Info />
                        <span>"Requests and changes stay in the activity log."</span>
                    </p>
                </section>
            }
        })
    }
}

fn needs(targets: &[Target]) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    for target in targets {
        let need = Need {
            action: action::JIT_WRITE,
            scope: target.policy.text().to_owned(),
            words: format!("change the policy {}", target.policy_words()),
        };
        if !needs.contains(&need) {
            needs.push(need);
        }
    }
    needs
}

/// Each policy as it is without these machines.
fn questions(fleet: Fleet, changes: Vec<Change>) -> Vec<Question> {
    let one = |change: Change| {
        let stored = untrack(|| fleet.policy(&change.policy)).map(|policy| Stored::read(&policy.json));
        let then = match merge(&change, stored.as_ref()) {
            Merged::Put(body, _) => Some(body),
            Merged::Delete => None,
            Merged::Done | Merged::Conflict(_) => return None,
        };
        let mine = change.machines.into_iter().map(|machine| machine.id).collect();
        Some((change.policy, then, mine))
    };
    together(changes.into_iter().filter_map(one).collect(), Aim::Remove)
}
