//! A line to search by, which is heard letter by letter.
use leptos::prelude::*;

use super::unique;
use crate::dom::view;

#[component]
pub fn SearchField(
    label: &'static str,
    placeholder: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
) -> impl IntoView {
    let id = unique("search");
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="field-input"
                type="search"
                id=id
                placeholder=placeholder
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
            />
        </div>
    }
}
