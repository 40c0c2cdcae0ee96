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

use crate::dom::view;
use crate::parts::FleetNotices;
use crate::state::{Fleet, Panel, Panels, Session};
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
    move || {
        // Machines are shown before the policies have come that panels go by.
        panels.open().get().map(|panel| match panel {
            _ if !whole.get() => view! { <Coming /> }.into_any(),
            Panel::Enable(machines) => {
                view! { <ConfigurePanel machines purpose=Purpose::Enable /> }.into_any()
            }
            Panel::Edit(machines) => view! { <ConfigurePanel machines purpose=Purpose::Edit /> }.into_any(),
            Panel::Request(machines) => view! { <RequestPanel machines /> }.into_any(),
            Panel::Remove(machines) => view! { <RemovePanel machines /> }.into_any(),
            Panel::Properties(machine) => view! { <PropertiesPanel machine /> }.into_any(),
        })
    }
}

/// Stands where the panel will be.
#[component]
fn Coming() -> impl IntoView {
    let panels = expect_context::<Panels>();
    let close = move || panels.close();
    let foot = view! { <button type="button" class="button" on:click=move |_| close()>"Cancel"</button> };
    view! {
        <SidePanel title="Just-in-time VM access" on_leave=close foot=foot.into_any()>
            <FleetNotices />
            <Busy words="Loading the policies…" />
        </SidePanel>
    }
}
