//! The panels over the pages: enable, edit, request, remove, properties.
mod allowed;
mod changes;
mod code;
mod configure;
mod draft;
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
mod when;

use leptos::prelude::*;

use crate::dom::view;
use crate::state::{Panel, Panels, Session};
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
    move || {
        panels.open().get().map(|panel| match panel {
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
