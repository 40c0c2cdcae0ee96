//! Before anything is saved: what will open and close, what stays exposed in spite of just-in-time access, and who
//! else is touched. Asked of whoever keeps the network, while the user types.
mod read;

use std::time::Duration;

use jitgate_core::ledger::ResourceId;
use jitgate_logic::together;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{self, Debounce};
use crate::dom::view;
use crate::parts::{Late, plural};
use crate::state::Session;
use crate::ui::{Busy, CodeText, Glyph, Icon};
use read::Impact;

const PAUSE: Duration = Duration::from_millis(300);

/// So many policies are asked about at a time.
const AT_A_TIME: usize = 4;

/// So many lines of a kind are shown.
const MOST_LINES: usize = 12;

/// What is asked about one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub policy: ResourceId,
    /// `{"policy"?, "request"?}`
    pub body: String,
    /// The machines that the form is about.
    pub mine: Vec<ResourceId>,
    pub aim: Aim,
}

/// What a form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// What a policy closes.
    Close,
    /// What a request opens.
    Open,
    /// What is open again without the policy.
    Remove,
}

/// How far the answer has come.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    /// There is nothing to ask yet.
    Nothing,
    /// The last answer stays while the next one is on its way.
    Answer(Impact),
}

#[component]
pub fn ImpactView(
    #[prop(into)] questions: Signal<Vec<Question>>,
    /// What is said while there is nothing to ask.
    #[prop(into)]
    idle: Signal<String>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let shown = RwSignal::new(Shown::Nothing);
    let asking = RwSignal::new(false);
    let done = RwSignal::new((0_usize, 0_usize));
    let again = Trigger::new();
    let (pause, turn) = (Debounce::new(), StoredValue::new(0_u32));
    on_cleanup(move || pause.cancel());
    Effect::new(move |_| {
        let questions = questions.get();
        again.track();
        let Some(api) = session.api.get() else {
            asking.set(false);
            return;
        };
        let own = turn.get_value().wrapping_add(1);
        turn.set_value(own);
        pause.cancel();
        if questions.is_empty() {
            shown.set(Shown::Nothing);
            asking.set(false);
            return;
        }
        asking.set(true);
        done.set((0, questions.len()));
        pause.after(PAUSE, move || {
            spawn_local(async move {
                // A later question may have come, or the panel may be gone.
                let is_asked = move || turn.try_get_value() == Some(own);
                let ask = move |question: Question| async move {
                    if !is_asked() {
                        return None;
                    }
                    // Where the browser itself works it out, the page has to be drawn in between.
                    browser::pause(Duration::ZERO).await;
                    let answer = api.preview(&question.policy, &question.body).await;
                    if is_asked() {
                        done.update(|(done, _)| *done = done.saturating_add(1));
                    }
                    Some((question, answer))
                };
                let answers = together(questions, AT_A_TIME, ask).await;
                if is_asked() {
                    let mut impact = Impact::default();
                    answers
                        .into_iter()
                        .flatten()
                        .for_each(|(question, answer)| impact.add(&question, answer));
                    shown.set(Shown::Answer(impact));
                    asking.set(false);
                }
            });
        });
    });
    let content = move || match shown.get() {
        Shown::Nothing if asking.get() => ().into_any(),
        Shown::Nothing => view! { <p class="impact-none">{move || idle.get()}</p> }.into_any(),
        Shown::Answer(impact) => lines(&impact),
    };
    let many = Memo::new(move |_| done.with(|(_, all)| *all > AT_A_TIME));
    let progress = move || {
        let words = move || {
            let (done, all) = done.get();
            format!("{done} of {} are looked at", plural(all, "policy", "policies"))
        };
        let first = shown.with(|shown| *shown == Shown::Nothing);
        // The last answer stays, and says by itself that it is worked out anew; of many policies that takes a while.
        (asking.get() && (first || many.get())).then(|| {
            view! {
                <Busy words="Working out what this does to the network" />
                {many.get().then(|| view! { <p class="impact-none">{words}</p> })}
                {move || {
                    // With each answer the wait begins anew.
                    done.track();
                    view! { <Late on_again=Callback::new(move |()| again.notify()) /> }
                }}
            }
        })
    };
    view! {
        <section class="impact" aria-labelledby="impact-title" aria-busy=move || asking.get().to_string()>
            <h3 class="form-title" id="impact-title">"What this does"</h3>
            <div>{content}</div>
            {progress}
        </section>
    }
}

fn lines(impact: &Impact) -> AnyView {
    let groups = [
        ("Will be open", Glyph::Key, "open", &impact.open),
        ("Open again", Glyph::Warning, "open", &impact.reopened),
        ("Closed at rest", Glyph::Check, "closed", &impact.closed),
        ("Still reachable although JIT is on", Glyph::Warning, "residual", &impact.residual),
        ("Also touched", Glyph::Info, "touched", &impact.touched),
        ("Not known", Glyph::Info, "unknown", &impact.unknown),
    ];
    let shown = groups.into_iter().filter(|(.., lines)| !lines.is_empty());
    let groups: Vec<_> = shown.map(|(title, glyph, kind, lines)| group(title, glyph, kind, lines)).collect();
    if groups.is_empty() {
        return view! { <p class="impact-none">"This changes nothing in the network."</p> }.into_any();
    }
    view! { <dl class="impact-groups">{groups}</dl> }.into_any()
}

fn group(title: &'static str, glyph: Glyph, kind: &'static str, lines: &[String]) -> AnyView {
    let left = lines.len().saturating_sub(MOST_LINES);
    let line = |line: &String| view! { <li><CodeText text=line.clone() /></li> };
    view! {
        <div class="impact-group" data-kind=kind>
            <dt class="impact-kind">
                <Icon glyph />
                <span>{title}</span>
            </dt>
            <dd>
                <ul class="impact-lines">
                    {lines.iter().take(MOST_LINES).map(line).collect::<Vec<_>>()}
                    {(left > 0).then(|| view! { <li>{format!("and {left} more")}</li> })}
                </ul>
            </dd>
        </div>
    }
    .into_any()
}
