//! The panels over the pages: enable, edit, request, remove, properties.
mod allowed;
mod changes;
mod code;
mod configure;
mod foot;
mod frame;
mod impact;
mod machines;
mod notes;
mod ports;
mod properties;
mod proposed;
mod remove;
mod request;
mod save;
mod saving;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::wasm_split;

use crate::dom::view;
use crate::later::{Draw, Loading, Unloaded, later};
use crate::parts::FleetNotices;
use crate::state::{self, Fleet, Panel, Panels, Session};
use crate::ui::{Busy, SidePanel};
use configure::{ConfigurePanel, Purpose};
use properties::PropertiesPanel;
use remove::RemovePanel;
use request::RequestPanel;

/// Shows the panel that is open.
#[component]
pub fn PanelHost() -> impl IntoView {
    let panels = expect_context::<Panels>();
    let session = expect_context::<Session>();
    // Whoever signs out, and did not just lose the sign-in, takes nothing along.
    Effect::new(move |_| {
        if session.user.with(Option::is_none) {
            panels.close();
        }
    });
    let fleet = expect_context::<Fleet>();
    let whole = Memo::new(move |_| fleet.whole.get());
    // Whoever looks at machines soon opens a panel: its code comes as soon as nothing else is waited for.
    Effect::new(move |_| {
        if whole.get() {
            spawn_local(async {
                // What could not be loaded now is tried again when a panel opens.
                let _later = load().await;
            });
        }
    });
    move || {
        // Machines are shown before the policies have come that panels go by.
        panels.open().get().map(|panel| match panel {
            panel if !whole.get() => {
                let failed = move || fleet.loading.with(|it| matches!(it, state::Loading::Failed(_)));
                let busy = move || (!failed()).then(|| view! { <Busy words="Loading the policies…" /> });
                let state = view! { <FleetNotices />{busy} };
                coming(&panel, state.into_any())
            }
            panel => later(|| -> Loading<Panel> { Box::pin(draw()) }, panel, coming).into_any(),
        })
    }
}

#[wasm_split(panels, fallible, preload(load))]
#[allow(clippy::unnecessary_wraps, reason = "what fails is the loading")]
fn draw() -> Result<Draw<Panel>, Unloaded> {
    Ok(|panel| match panel {
        Panel::Enable(machines) => view! { <ConfigurePanel machines purpose=Purpose::Enable /> }.into_any(),
        Panel::Edit(machines) => view! { <ConfigurePanel machines purpose=Purpose::Edit /> }.into_any(),
        Panel::Request(machines) => view! { <RequestPanel machines /> }.into_any(),
        Panel::Remove(machines) => view! { <RemovePanel machines /> }.into_any(),
        Panel::Properties(machine) => view! { <PropertiesPanel machine /> }.into_any(),
    })
}

/// Stands where the panel will be.
fn coming(_: &Panel, state: AnyView) -> AnyView {
    let panels = expect_context::<Panels>();
    let close = move || panels.close();
    let foot = view! { <button type="button" class="button" on:click=move |_| close()>"Cancel"</button> };
    view! {
        <SidePanel title="Just-in-time VM access" on_leave=close foot=foot.into_any()>
            {state}
        </SidePanel>
    }
    .into_any()
}
