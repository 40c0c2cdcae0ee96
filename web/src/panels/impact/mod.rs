//! Before anything is saved: what will open and close, what stays exposed in spite of just-in-time access, and who
//! else is touched. Asked of whoever keeps the network, while the user types.
mod question;
mod read;

use std::time::Duration;

use jitgate_logic::together as all_of;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::Api;
use crate::browser::{self, Debounce};
use crate::dom::{Child, view};
use crate::parts::{Late, plural};
use crate::state::Session;
use crate::ui::{Busy, CodeText, Glyph, Icon};
pub use question::{Aim, Question, together};
use read::Impact;

const PAUSE: Duration = Duration::from_millis(300);

/// So many policies are asked about at a time.
const AT_A_TIME: usize = 4;

/// So many lines of a kind are shown.
const MOST_LINES: usize = 12;

/// How far the answer has come.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    /// There is nothing to ask yet.
    Nothing,
    /// The last answer stays while the next one is on its way.
    Answer(Impact),
}

/// The questions that are asked.
#[derive(Clone, Copy)]
struct Asking {
    shown: RwSignal<Shown>,
    under_way: RwSignal<bool>,
    /// So many are answered, of so many.
    done: RwSignal<(usize, usize)>,
    /// Counts what was asked, so that what comes late shows nothing.
    turn: StoredValue<u32>,
    pause: Debounce,
}

impl Asking {
    fn new() -> Self {
        let pause = Debounce::new();
        on_cleanup(move || pause.cancel());
        Self {
            shown: RwSignal::new(Shown::Nothing),
            under_way: RwSignal::new(false),
            done: RwSignal::new((0, 0)),
            turn: StoredValue::new(0),
            pause,
        }
    }

    /// Asks, in place of what was asked before.
    fn ask(self, api: Api, questions: Vec<Question>) {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        self.pause.cancel();
        self.under_way.set(!questions.is_empty());
        if questions.is_empty() {
            return self.shown.set(Shown::Nothing);
        }
        self.done.set((0, questions.len()));
        self.pause.after(PAUSE, move || spawn_local(self.answer(turn, api, questions)));
    }

    async fn answer(self, turn: u32, api: Api, questions: Vec<Question>) {
        // A later question may have come, or the panel may be gone.
        let is_asked = move || self.turn.try_get_value() == Some(turn);
        let ask = move |question: Question| async move {
            if !is_asked() {
                return None;
            }
            // Where the browser itself works it out, the page has to be drawn in between.
            browser::pause(Duration::ZERO).await;
            let answer = api.preview(&question.policy, &question.body).await;
            if is_asked() {
                self.done.update(|(done, _)| *done = done.saturating_add(1));
            }
            Some((question, answer))
        };
        let answers = all_of(questions, AT_A_TIME, ask).await;
        if is_asked() {
            let mut impact = Impact::default();
            answers.into_iter().flatten().for_each(|(question, answer)| impact.add(&question, answer));
            self.shown.set(Shown::Answer(impact));
            self.under_way.set(false);
        }
    }
}

#[component]
pub fn ImpactView(
    #[prop(into)] questions: Signal<Vec<Question>>,
    /// What is said while there is nothing to ask.
    #[prop(into)]
    idle: Signal<String>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let asking = Asking::new();
    let Asking { shown, under_way, .. } = asking;
    let again = Trigger::new();
    Effect::new(move |_| {
        let questions = questions.get();
        again.track();
        match session.api.get() {
            Some(api) => asking.ask(api, questions),
            None => under_way.set(false),
        }
    });
    let content = move || match shown.get() {
        Shown::Nothing if under_way.get() => ().into_any(),
        Shown::Nothing => view! { <p class="impact-none">{move || idle.get()}</p> }.into_any(),
        Shown::Answer(impact) => lines(&impact),
    };
    view! {
        <section class="impact" aria-labelledby="impact-title" aria-busy=move || under_way.get().to_string()>
            <h3 class="form-title" id="impact-title">"What this does"</h3>
            <div>{content}</div>
            {progress(asking, again)}
        </section>
    }
}

/// How far it is. The last answer stays, and says by itself that it is worked out anew; of many policies that takes a
/// while.
fn progress(asking: Asking, again: Trigger) -> AnyView {
    let Asking { shown, under_way, done, .. } = asking;
    let many = Memo::new(move |_| done.with(|(_, all)| *all > AT_A_TIME));
    let words = move || {
        let (done, all) = done.get();
        format!("{done} of {} are looked at", plural(all, "policy", "policies"))
    };
    let progress = move || {
        let first = shown.with(|shown| *shown == Shown::Nothing);
        (under_way.get() && (first || many.get())).then(|| {
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
    Child::view(progress)
}

fn lines(impact: &Impact) -> AnyView {
    let groups = [
        ("Will be open", Glyph::Key, "open", &impact.open),
        ("Who else gets in", Glyph::Warning, "others", &impact.others),
        ("Granted, but not open", Glyph::Warning, "stopped", &impact.stopped),
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
