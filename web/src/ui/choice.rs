//! A labelled list to choose from, or not.
use leptos::prelude::*;

use super::unique;
use crate::dom::view;

#[component]
pub fn Choose(
    label: &'static str,
    /// What the choice of none is called; empty where one must be chosen.
    #[prop(optional)]
    any: &'static str,
    /// Value and name of each.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<String>,
    on_choose: impl Fn(String) + 'static,
) -> impl IntoView {
    let id = unique("choice");
    let option = move |(own, name): (String, String)| {
        let mine = own.clone();
        view! { <option value=own prop:selected=move || value.with(|value| *value == mine)>{name}</option> }
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <select class="field-input" id=id on:change=move |event| on_choose(event_target_value(&event))>
                {(!any.is_empty()).then(|| view! {
                    <option value="" prop:selected=move || value.with(String::is_empty)>{any}</option>
                })}
                {move || options.get().into_iter().map(option).collect::<Vec<_>>()}
            </select>
        </div>
    }
}
