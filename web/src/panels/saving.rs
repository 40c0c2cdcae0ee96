//! What became of each machine when a form was saved, and the choice where somebody else changed one meanwhile.
use jitgate_logic::draft::{Entry, PortValue};
use leptos::prelude::*;

use super::save::{Progress, Target, Targets};
use crate::dom::view;
use crate::parts::plural;
use crate::ui::{Glyph, Icon, Notice, Tone};

/// So many machines that were not saved are shown.
const MOST: usize = 50;

/// `mine` is what the form would save for the machine at a place.
#[component]
pub fn SaveResults(targets: Targets, mine: Callback<usize, Option<Entry>>) -> impl IntoView {
    let counts = Memo::new(move |_| {
        targets.list.with(|list| {
            let count = |is: fn(&Progress) -> bool| list.iter().filter(|target| is(&target.progress)).count();
            let failed = count(|progress| matches!(progress, Progress::Failed(_)));
            let conflicts = count(|progress| matches!(progress, Progress::Conflict(_)));
            let unknown = count(|progress| matches!(progress, Progress::Unknown(_)));
            let saved = count(|progress| *progress == Progress::Saved);
            (saved, failed, unknown, conflicts, list.len())
        })
    });
    let summary = move || {
        let (saved, failed, unknown, conflicts, all) = counts.get();
        (failed > 0 || unknown > 0 || conflicts > 0).then(|| {
            let mut words = format!("Saved {saved} of {all} machines.");
            if failed > 0 {
                words.push_str(&format!(" {failed} failed: see why below, and retry."));
            }
            if unknown > 0 {
                words.push_str(&format!(" {unknown} may be saved, too: a retry looks first."));
            }
            if conflicts > 0 {
                words.push_str(&format!(" {conflicts} changed meanwhile: choose which version counts."));
            }
            view! { <Notice tone=Tone::Error><p>{words}</p></Notice> }
        })
    };
    let rest = move || {
        let pending = targets.list.with(|list| {
            let told = |(_, target): &(usize, &Target)| {
                use Progress::{Conflict, Failed, Kept, Unknown};
                matches!(target.progress, Failed(_) | Unknown(_) | Conflict(_) | Kept)
            };
            list.iter()
                .enumerate()
                .filter(told)
                .map(|(place, target)| (place, target.clone()))
                .collect::<Vec<_>>()
        });
        let left = pending.len().saturating_sub(MOST);
        let more = (left > 0).then(|| {
            let machines = plural(left, "machine is", "machines are");
            view! { <li><p class="result">{format!("{machines} not shown here: they come when these are settled.")}</p></li> }
        });
        let line = |(place, target): (usize, Target)| view! { <li><Result targets place target mine /></li> };
        (!pending.is_empty()).then(|| {
            view! { <ul class="results" aria-label="Results">{pending.into_iter().take(MOST).map(line).collect::<Vec<_>>()}{more}</ul> }
        })
    };
    view! {
        {summary}
        {rest}
    }
}

#[component]
fn Result(
    targets: Targets,
    place: usize,
    target: Target,
    mine: Callback<usize, Option<Entry>>,
) -> impl IntoView {
    let (name, policy) = (target.name.clone(), target.policy_words());
    match target.progress {
        Progress::Conflict(theirs) => {
            view! { <Conflict targets place name theirs mine=untrack(|| mine.run(place)) /> }.into_any()
        }
        Progress::Kept => view! {
            <p class="result">
                <Icon glyph=Glyph::Info />
                <span><bdi>{name}</bdi>": the stored version stays."</span>
            </p>
        }
        .into_any(),
        Progress::Failed(why) => view! {
            <p class="result" data-severity="error">
                <Icon glyph=Glyph::Error />
                <span><bdi>{name}</bdi>" ("{policy}"): "{why}</span>
            </p>
        }
        .into_any(),
        Progress::Unknown(why) => view! {
            <p class="result" data-severity="error">
                <Icon glyph=Glyph::Error />
                <span><bdi>{name}</bdi>" ("{policy}"): It is not known whether this was saved. "{why}</span>
            </p>
        }
        .into_any(),
        Progress::Idle | Progress::Saving | Progress::Saved => ().into_any(),
    }
}

/// Both versions, and the choice between them.
#[component]
fn Conflict(
    targets: Targets,
    place: usize,
    name: String,
    theirs: Option<Entry>,
    mine: Option<Entry>,
) -> impl IntoView {
    let (keep, take) = (format!("Keep this for {name}: what is stored"), format!("Use yours for {name}"));
    view! {
        <div class="conflict" role="group" aria-label=format!("Two versions of {name}")>
            <p class="conflict-title">
                <Icon glyph=Glyph::Warning />
                <span><bdi>{name}</bdi>" was changed by somebody else after you opened this form."</span>
            </p>
            <div class="conflict-versions">
                <div>
                    <h3 class="conflict-name">"Stored now"</h3>
                    {version(theirs)}
                    <button type="button" class="button button-small" aria-label=keep on:click=move |_| targets.decide(place, false)>
                        "Keep this"
                    </button>
                </div>
                <div>
                    <h3 class="conflict-name">"Yours"</h3>
                    {version(mine)}
                    <button type="button" class="button button-small" aria-label=take on:click=move |_| targets.decide(place, true)>
                        "Use yours"
                    </button>
                </div>
            </div>
        </div>
    }
}

fn version(entry: Option<Entry>) -> AnyView {
    let Some(entry) = entry else {
        return view! { <p class="conflict-none">"Not in the policy"</p> }.into_any();
    };
    let port = |port: &PortValue| view! { <li><bdi>{port.words()}</bdi></li> };
    view! { <ul class="conflict-ports">{entry.ports.iter().map(port).collect::<Vec<_>>()}</ul> }.into_any()
}
