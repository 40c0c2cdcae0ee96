//! A question before something that cannot be undone.
use leptos::html::Dialog;
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::unique;

/// A modal dialog with the question; it is there as long as `asked` is true.
#[component]
pub fn Confirm(
    asked: RwSignal<bool>,
    title: &'static str,
    words: &'static str,
    /// What the button says that does it.
    does: &'static str,
    on_yes: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    move || asked.get().then(|| view! { <Question asked title words does on_yes /> })
}

#[component]
fn Question(
    asked: RwSignal<bool>,
    title: &'static str,
    words: &'static str,
    does: &'static str,
    on_yes: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let (heading, note) = (unique("question"), unique("words"));
    let dialog = NodeRef::<Dialog>::new();
    dialog.on_load(move |dialog| {
        // Fails only for a dialog that is open or gone.
        let _open = dialog.show_modal();
    });
    let yes = move |_| {
        asked.set(false);
        on_yes();
    };
    view! {
        <dialog
            class="question"
            aria-labelledby=heading.clone()
            aria-describedby=note.clone()
            node_ref=dialog
            on:close=move |_| asked.set(false)
        >
            <h2 class="question-title" id=heading>{title}</h2>
            <p id=note>{words}</p>
            <div class="question-foot">
                <button type="button" class="button" on:click=move |_| asked.set(false)>"Cancel"</button>
                <button type="button" class="button button-primary" on:click=yes>{does}</button>
            </div>
        </dialog>
    }
}
