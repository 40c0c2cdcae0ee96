//! A small question over everything else, which has to be answered first.
use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;

use super::unique;
use crate::dom::view;

/// Escape, and the first button, change nothing.
#[component]
pub fn Confirm(
    title: &'static str,
    #[prop(into)] words: String,
    stay: &'static str,
    go: &'static str,
    on_stay: Callback<()>,
    on_go: Callback<()>,
) -> impl IntoView {
    let (heading, text) = (unique("confirm"), unique("confirm"));
    let dialog = NodeRef::<Dialog>::new();
    dialog.on_load(move |dialog| {
        // Fails only for a dialog that is open or gone.
        let _open = dialog.show_modal();
    });
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            // The dialog below would take it, too.
            event.prevent_default();
            event.stop_propagation();
            on_stay.run(());
        }
    };
    view! {
        <dialog
            class="confirm"
            role="alertdialog"
            aria-labelledby=heading.clone()
            aria-describedby=text.clone()
            node_ref=dialog
            on:keydown=key
        >
            <h2 class="confirm-title" id=heading>{title}</h2>
            <p id=text>{words}</p>
            <div class="confirm-buttons">
                <button type="button" class="button button-primary" autofocus on:click=move |_| on_stay.run(())>{stay}</button>
                <button type="button" class="button" on:click=move |_| on_go.run(())>{go}</button>
            </div>
        </dialog>
    }
}
