//! What was opened, and how to connect to it.
use jitgate_core::ledger::ResourceId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::{address, command, firewall};
use super::send::Opened;
use crate::browser;
use crate::dom::view;
use crate::panels::when::both;
use crate::state::{Fleet, Session};
use crate::ui::{Glyph, Icon, Toast};

#[component]
pub fn Connection(opened: Opened, policy: ResourceId) -> impl IntoView {
    let session = expect_context::<Session>();
    let fleet = expect_context::<Fleet>();
    let machine = opened.machine.clone();
    let known = untrack(|| fleet.machine(&machine));
    let name = known.map_or_else(|| machine.name().to_owned(), |known| known.name.clone());
    let through = firewall(untrack(|| fleet.policy(&policy)).as_deref(), &machine);
    let (port, at) = (opened.port, opened.mapped.unwrap_or(opened.port));
    let is_mapped = opened.mapped.is_some() && !through.is_empty();
    let found = RwSignal::new(is_mapped.then_some(through));
    let asked = RwSignal::new(is_mapped);
    if let Some(api) = session.api.get_untracked().filter(|_| !is_mapped) {
        spawn_local(async move {
            let address = address(api, &machine).await;
            found.try_set(address);
            asked.try_set(true);
        });
    }
    let until = opened.end.map(both).unwrap_or_default();
    let everybody = |source: &String| if source == "*" { "everybody".to_owned() } else { source.clone() };
    let from = opened.sources.iter().map(everybody).collect::<Vec<_>>().join(", ");
    let how = move || match (found.get(), asked.get()) {
        (Some(address), _) => view! { <CommandLine command=command(port, &address, at) /> }.into_any(),
        (None, false) => view! { <p class="connect-note">"Looking up the address …"</p> }.into_any(),
        (None, true) => {
            let words = format!("Its address is not known here: connect to port {at} of the address that you know.");
            view! { <p class="connect-note">{words}</p> }.into_any()
        }
    };
    let mapped = is_mapped.then(|| format!("Through the firewall: its port {at} leads to port {port}."));
    view! {
        <div class="connect">
            <p class="connect-title">
                <Icon glyph=Glyph::Check />
                <span><bdi>{name}</bdi>{format!(" port {port} is open from {from} until {until}")}</span>
            </p>
            {mapped.map(|mapped| view! { <p class="connect-note">{mapped}</p> })}
            {how}
        </div>
    }
}

#[component]
fn CommandLine(command: String) -> impl IntoView {
    let toast = expect_context::<Toast>();
    let own = command.clone();
    let copy = move |_| {
        let text = own.clone();
        spawn_local(async move {
            let copied = browser::copy(&text).await.is_ok();
            toast.say(if copied { "Copied" } else { "The browser does not let this page copy: select the line yourself" });
        });
    };
    let name = format!("Copy {command}");
    view! {
        <p class="connect-line">
            <code><bdi>{command}</bdi></code>
            <button type="button" class="button button-small" aria-label=name on:click=copy>
                <Icon glyph=Glyph::Copy />
                <span>"Copy"</span>
            </button>
        </p>
    }
}
