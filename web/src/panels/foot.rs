//! The buttons at the bottom of a form, with the reason beside them where the first one cannot be pressed.
use leptos::prelude::*;

use super::allowed::Rights;
use super::frame::Leaving;
use super::save::{Progress, Target, Targets};
use crate::browser::Debounce;
use crate::dom::view;
use crate::parts::LATE;
use crate::state::Session;

/// What finds the first button of the open panel.
pub const FIRST_BUTTON: &str = ".side-panel-foot .button";

/// Save and Cancel.
#[component]
pub fn SaveFoot(
    targets: Targets,
    leaving: Leaving,
    rights: Rights,
    /// Why it cannot be saved; empty when it can.
    blocked: Signal<String>,
    word: &'static str,
    /// It takes something away.
    #[prop(optional)]
    danger: bool,
    on_save: Callback<()>,
) -> impl IntoView {
    let again = Memo::new(move |_| {
        let is_left = |target: &Target| matches!(target.progress, Progress::Failed(_) | Progress::Unknown(_));
        targets.list.with(|list| list.iter().any(is_left))
    });
    let undecided = Memo::new(move |_| {
        targets.list.with(|list| list.iter().any(|target| matches!(target.progress, Progress::Conflict(_))))
    });
    let reason = Signal::derive(move || {
        if undecided.get() { "Choose first which version counts.".to_owned() } else { blocked.get() }
    });
    let label = Signal::derive(move || if again.get() { "Retry".to_owned() } else { word.to_owned() });
    // To be looked at: each step of it would be much to hear.
    let saved = Memo::new(move |_| {
        let count = |list: &Vec<Target>| {
            (list.iter().filter(|target| target.progress == Progress::Saved).count(), list.len())
        };
        targets.busy.get().then(|| targets.list.with(count)).filter(|(_, all)| *all > 1)
    });
    view! {
        <Foot leaving rights reason label busy=targets.busy.into() danger on_press=on_save />
        {move || saved.get().map(|(saved, all)| view! { <p class="panel-reason">{format!("{saved} of {all} are done.")}</p> })}
    }
}

/// A first button, Cancel, and the reason.
#[component]
pub fn Foot(
    leaving: Leaving,
    rights: Rights,
    /// Why the first button cannot be pressed; empty when it can.
    reason: Signal<String>,
    label: Signal<String>,
    busy: Signal<bool>,
    #[prop(optional)] danger: bool,
    on_press: Callback<()>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let why = Memo::new(move |_| {
        if session.api.with(Option::is_none) {
            "Sign in first: what you have entered stays.".to_owned()
        } else {
            reason.get()
        }
    });
    let late = RwSignal::new(false);
    let soon = Debounce::new();
    Effect::new(move |_| {
        late.set(false);
        soon.cancel();
        if busy.get() {
            soon.after(LATE, move || late.set(true));
        }
    });
    on_cleanup(move || soon.cancel());
    let press = move |_| {
        // Not `disabled`: the button can be reached, and says why it does nothing.
        if untrack(|| why.with(String::is_empty) && !busy.get()) {
            on_press.run(());
        }
    };
    let stopped = move || (busy.get() || !why.with(String::is_empty)).then_some("true");
    let told = move || {
        if busy.get() {
            let leave = if late.get() {
                " It takes long. You may leave this form: a message tells what comes of it."
            } else {
                ""
            };
            return format!("Working on it …{leave}");
        }
        let why = why.get();
        if why.is_empty() { rights.progress() } else { why }
    };
    let class = if danger { "button button-danger" } else { "button button-primary" };
    view! {
        <button type="button" class=class aria-disabled=stopped aria-describedby="panel-reason" on:click=press>
            {move || label.get()}
        </button>
        <button type="button" class="button" on:click=move |_| leaving.leave()>"Cancel"</button>
        <p class="panel-reason" id="panel-reason" role="status">{told}</p>
    }
}
