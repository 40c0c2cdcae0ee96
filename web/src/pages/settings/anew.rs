//! What takes the place of everything in this browser: asked about before it is done.
use leptos::prelude::*;

use super::fill::Fill;
use crate::dom::view;
use crate::ui::Confirm;

#[component]
pub fn Anew(fill: Fill) -> impl IntoView {
    let (anew, demo) = (RwSignal::new(false), RwSignal::new(false));
    view! {
        <div class="settings-row">
            <button type="button" class="button" on:click=move |_| demo.set(true)>"Demo fleet…"</button>
            <button type="button" class="button" on:click=move |_| anew.set(true)>"Begin anew…"</button>
        </div>
        {move || demo.get().then(|| question(demo, "Put the demo fleet here?", "Put the demo fleet here", move || fill.demo()))}
        {move || anew.get().then(|| question(anew, "Begin anew?", "Delete everything", move || fill.begin_anew()))}
    }
}

fn question(
    asked: RwSignal<bool>,
    title: &'static str,
    action: &'static str,
    does: impl Fn() + Copy + 'static,
) -> AnyView {
    let yes = move || {
        asked.set(false);
        does();
    };
    view! {
        <Confirm title action busy=false on_confirm=yes on_leave=move || asked.set(false)>
            <p>
                "Everything in this browser is deleted: policies, requests, the log and the network. Export it first to \
                 keep it."
            </p>
        </Confirm>
    }
    .into_any()
}
