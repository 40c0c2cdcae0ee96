//! A question before something that cannot be taken back: a small modal dialog.
use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;

use super::{Modals, ToastRegion, Wait, unique};
use crate::dom::view;

#[component]
pub fn Confirm(
    #[prop(into)] title: String,
    /// What the button says that does it.
    #[prop(into)]
    action: String,
    /// It is under way.
    #[prop(into)]
    busy: Signal<bool>,
    on_confirm: impl Fn() + Copy + 'static,
    /// The user would rather not. Whoever is asked takes the dialog away.
    on_leave: impl Fn() + Copy + 'static,
    children: Children,
) -> impl IntoView {
    let uppermost = expect_context::<Modals>().enter();
    let heading = unique("confirm");
    let own = heading.clone();
    let dialog = NodeRef::<Dialog>::new();
    dialog.on_load(move |dialog| {
        // Fails only for a dialog that is open or gone.
        let _open = dialog.show_modal();
    });
    on_cleanup(move || {
        // Closed, it gives the focus back; taken away alone, it would not.
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    });
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            on_leave();
        }
    };
    let confirm = move |_| {
        if !busy.get_untracked() {
            on_confirm();
        }
    };
    view! {
        <dialog class="confirm" aria-labelledby=own node_ref=dialog on:keydown=key>
            <h2 class="confirm-title" id=heading>{title}</h2>
            <div class="confirm-words">{children()}</div>
            <div class="confirm-foot">
                <button type="button" class="button" on:click=move |_| on_leave()>"Cancel"</button>
                <button
                    type="button"
                    class="button button-danger"
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=confirm
                >
                    {action}
                </button>
            </div>
            <Wait />
            <ToastRegion heard=uppermost />
        </dialog>
    }
}
