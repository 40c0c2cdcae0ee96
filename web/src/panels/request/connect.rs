//! What was opened, and how to connect to it.
use jitgate_core::ledger::ResourceId;
use jitgate_logic::{Way, is_instance};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::send::Opened;
use crate::api::{Os, Policy};
use crate::dom::view;
use crate::parts::{both, sources};
use crate::state::{Fleet, Session};
use crate::ui::{CopyLine, Glyph, Icon};

#[component]
pub fn Connection(opened: Opened, policy: ResourceId) -> impl IntoView {
    let session = expect_context::<Session>();
    let fleet = expect_context::<Fleet>();
    let machine = opened.machine.clone();
    let known = untrack(|| fleet.machine(&machine));
    let windows = known.as_ref().is_none_or(|known| known.os != Some(Os::Linux));
    let name = known.map_or_else(|| machine.name().to_owned(), |known| known.name.clone());
    let through = firewall(untrack(|| fleet.policy(&policy)).as_deref(), &machine);
    let (port, at) = (opened.port, opened.mapped.unwrap_or(opened.port));
    let is_mapped = opened.mapped.is_some() && !through.is_empty();
    let found = RwSignal::new(is_mapped.then_some(through));
    // Instances of EC2 have no place in the inventory.
    let is_known = !is_instance(&machine);
    let asked = RwSignal::new(is_mapped || !is_known);
    if let Some(api) = session.api.get_untracked().filter(|_| !is_mapped && is_known) {
        spawn_local(async move {
            let known = api.addresses(&machine).await.ok();
            let address = known.and_then(|known| known.public.into_iter().chain(known.private).next());
            found.try_set(address);
            asked.try_set(true);
        });
    }
    let until = opened.end.map(both).unwrap_or_default();
    let from = sources(&opened.sources);
    let how = move || match (found.get(), asked.get()) {
        (Some(address), _) => {
            let way = Way { port, address: &address, at, windows };
            let (label, text) = way.command("").unwrap_or_else(|| ("address", format!("{address}:{at}")));
            view! { <CopyLine label text=Signal::stored(text) /> }.into_any()
        }
        (None, false) => view! { <p class="connect-note">"Looking up the address …"</p> }.into_any(),
        (None, true) => {
            let words =
                format!("Its address is not known here: connect to port {at} of the address that you know.");
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

/// The address of the firewall through which a machine is reached; empty where there is none.
fn firewall(policy: Option<&Policy>, machine: &ResourceId) -> String {
    let listed = policy.and_then(|policy| policy.rules_of(machine));
    listed.map(|listed| listed.public_ip.clone()).unwrap_or_default()
}
