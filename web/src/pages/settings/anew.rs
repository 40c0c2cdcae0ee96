//! What takes the place of everything in this browser: asked about before it is done.
use leptos::prelude::*;

use super::confirm::Confirm;
use super::fill::Fill;
use crate::dom::view;

#[component]
pub fn Anew(fill: Fill) -> impl IntoView {
    let (anew, demo) = (RwSignal::new(false), RwSignal::new(false));
    view! {
        <div class="settings-row">
            <button type="button" class="button" on:click=move |_| demo.set(true)>"Demo fleet…"</button>
            <button type="button" class="button" on:click=move |_| anew.set(true)>"Begin anew…"</button>
        </div>
        <Confirm
            asked=demo
            title="Put the demo fleet here?"
            words="Everything in this browser, policies, requests, log and network, is deleted and the demo fleet takes its place. Export it first to keep it."
            does="Put the demo fleet here"
            on_yes=move || fill.demo()
        />
        <Confirm
            asked=anew
            title="Begin anew?"
            words="Everything in this browser, policies, requests, log and network, is deleted. Export it first to keep it."
            does="Delete everything"
            on_yes=move || fill.begin_anew()
        />
    }
}
