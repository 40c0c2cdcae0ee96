//! The panels that open over a page: enable, edit, request, remove, properties.
use leptos::prelude::*;

use crate::dom::view;
use crate::state::{Panel, Panels};
use crate::ui::SidePanel;

/// Shows the panel that is open.
#[component]
pub fn PanelHost() -> impl IntoView {
    let panels = expect_context::<Panels>();
    let close = move || panels.close();
    move || {
        panels.open().get().map(|panel| {
            let title = match panel {
                Panel::Enable(_) => "Enable JIT on VMs",
                Panel::Edit(_) => "Edit the JIT configuration",
                Panel::Request(_) => "Request access",
                Panel::Remove(_) => "Remove JIT",
                Panel::Properties(_) => "Properties",
            };
            let foot =
                view! { <button type="button" class="button" on:click=move |_| close()>"Close"</button> };
            view! {
                <SidePanel title on_leave=close foot=foot.into_any()>
                    <p>{title}</p>
                </SidePanel>
            }
        })
    }
}
