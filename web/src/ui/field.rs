//! A labelled line of text with a hint, or with what is wrong with it.
use leptos::prelude::*;

use super::unique;
use crate::dom::view;

#[component]
pub fn Field(
    label: &'static str,
    hint: &'static str,
    value: RwSignal<String>,
    /// What is wrong with the value; empty when nothing is.
    #[prop(into)]
    fault: Signal<String>,
    placeholder: &'static str,
) -> impl IntoView {
    let (id, note) = (unique("field"), unique("note"));
    let wrong = move || !fault.with(String::is_empty);
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="field-input"
                type="text"
                id=id
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                placeholder=placeholder
                aria-describedby=note.clone()
                aria-invalid=move || wrong().then_some("true")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            <p class="field-note" class:field-fault=wrong id=note>
                {move || if wrong() { fault.get() } else { hint.to_owned() }}
            </p>
        </div>
    }
}
