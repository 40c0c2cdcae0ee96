//! Labelled controls of forms whose values live in the form, with notes below them.
use leptos::html::Input;
use leptos::prelude::*;

use super::{CodeText, unique};
use crate::dom::view;

/// What is said below a control: views that the form makes.
pub type Notes = Signal<Vec<Note>>;

/// One thing that is said of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// `error` marks the value as invalid.
    pub severity: &'static str,
    pub text: String,
}

/// The notes, each in the colour of its severity.
#[component]
pub fn NoteList(notes: Notes, id: String) -> impl IntoView {
    let note = |note: Note| {
        view! {
            <li class="control-note" data-severity=note.severity>
                <span class="visually-hidden">{note.severity}": "</span>
                <CodeText text=note.text />
            </li>
        }
    };
    view! { <ul class="control-notes" id=id>{move || notes.get().into_iter().map(note).collect_view()}</ul> }
}

/// `aria-invalid` of a control.
pub fn invalid(notes: Notes) -> Option<&'static str> {
    notes.with(|notes| notes.iter().any(|note| note.severity == "error")).then_some("true")
}

/// A line of text.
#[component]
pub fn TextControl(
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: Signal<String>,
    #[prop(into)] value: Signal<String>,
    on_input: Callback<String>,
    #[prop(into, optional)] notes: Notes,
    #[prop(optional)] placeholder: &'static str,
    /// The keyboard that touch screens show: `numeric`, `decimal`, `text`.
    #[prop(optional)]
    mode: &'static str,
    /// Takes the focus when it appears.
    #[prop(optional)]
    focus: bool,
) -> impl IntoView {
    let (id, below, hints) = (unique("control"), unique("notes"), unique("hint"));
    let input = NodeRef::<Input>::new();
    if focus {
        input.on_load(|input| {
            // Fails only for elements that are gone.
            let _lost = input.focus();
        });
    }
    let mode = if mode.is_empty() { "text" } else { mode };
    view! {
        <div class="control">
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="field-input"
                type="text"
                id=id
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                inputmode=mode
                placeholder=placeholder
                aria-describedby=format!("{hints} {below}")
                aria-invalid=move || invalid(notes)
                node_ref=input
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
            />
            <p class="field-note" id=hints>{move || hint.get()}</p>
            <NoteList notes id=below />
        </div>
    }
}

/// On or off.
#[component]
pub fn Switch(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<bool>,
    on_change: Callback<bool>,
) -> impl IntoView {
    let id = unique("switch");
    view! {
        <div class="switch">
            <input
                type="checkbox"
                role="switch"
                class="switch-box"
                id=id.clone()
                prop:checked=move || value.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <label class="switch-label" for=id>{label}</label>
        </div>
    }
}
