//! A panel at the side of the page, over the rest: the browser's own modal dialog, which keeps the focus inside, takes
//! Escape, and gives the focus back.
use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;

use super::{Glyph, Icon, unique};
use crate::dom::view;

#[component]
pub fn SidePanel(
    #[prop(into)] title: String,
    /// A line below the title; empty for none.
    #[prop(into, optional)]
    lead: String,
    /// The user wants to leave: by Escape, or by the button. Whoever is asked takes the panel away, or does not.
    on_leave: impl Fn() + Copy + 'static,
    children: Children,
    /// The buttons at the bottom.
    foot: AnyView,
) -> impl IntoView {
    let heading = unique("panel");
    let own = heading.clone();
    let dialog = NodeRef::<Dialog>::new();
    dialog.on_load(move |dialog| {
        // Fails only for a dialog that is open or gone.
        let _open = dialog.show_modal();
    });
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            on_leave();
        }
    };
    view! {
        <dialog class="side-panel" aria-labelledby=own node_ref=dialog on:keydown=key>
            <div class="side-panel-head">
                <div class="side-panel-words">
                    <h2 class="side-panel-title" id=heading>{title}</h2>
                    {(!lead.is_empty()).then(|| view! { <p class="side-panel-lead">{lead}</p> })}
                </div>
                <button type="button" class="button button-quiet" aria-label="Close" on:click=move |_| on_leave()>
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <div class="side-panel-body">{children()}</div>
            <div class="side-panel-foot">{foot}</div>
        </dialog>
    }
}
