//! A labelled list to choose from, with notes below it.
use leptos::prelude::*;

use super::control::{NoteList, Notes, invalid};
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
    #[prop(into)] on_choose: Callback<String>,
    #[prop(into, optional)] notes: Notes,
    #[prop(into, optional)] hint: Signal<String>,
) -> impl IntoView {
    let (id, below, hints) = (unique("choice"), unique("notes"), unique("hint"));
    let option = move |(own, name): (String, String)| {
        let mine = own.clone();
        view! { <option value=own prop:selected=move || value.with(|value| *value == mine)>{name}</option> }
    };
    // One that is asked for and not among them, as by an address: the list would show another in its place.
    let other = move || {
        let value = value.get();
        let is_known = value.is_empty() || options.with(|all| all.iter().any(|(own, _)| *own == value));
        (!is_known).then(|| option((value.clone(), value)))
    };
    view! {
        <div class="field control">
            <label class="field-label" for=id.clone()>{label}</label>
            <select
                class="field-input"
                id=id
                aria-describedby=format!("{hints} {below}")
                aria-invalid=move || invalid(notes)
                on:change=move |event| on_choose.run(event_target_value(&event))
            >
                {(!any.is_empty()).then(|| view! {
                    <option value="" prop:selected=move || value.with(String::is_empty)>{any}</option>
                })}
                {move || options.get().into_iter().map(option).collect::<Vec<_>>()}
                {other}
            </select>
            <p class="field-note" id=hints>{move || hint.get()}</p>
            <NoteList notes id=below />
        </div>
    }
}
