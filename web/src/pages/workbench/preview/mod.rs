//! The preview: what reaches each machine before just-in-time access, at rest, while a request is open, and after.
mod changes;
mod exposure;
mod machine;
mod states;
mod timeline;
mod written;

use jitgate_core::preview::{MachinePreview, Mode};
use leptos::prelude::*;

use super::json_panel::JsonPanel;
use crate::dom::view;
use crate::state::{Pictured, Workbench};
use crate::ui::unique;
pub use changes::ChangesPanel;
use machine::{machine, others};
use timeline::timeline;

/// So many machines have a card; of larger networks the rest is in the JSON.
const MOST: usize = 50;

#[component]
pub fn PreviewPanel() -> impl IntoView {
    let workbench = expect_context::<Workbench>();
    let picture = workbench.picture;
    let heading = unique("preview");
    let own = heading.clone();
    let json = move || picture.shown.with(|shown| shown.as_ref().map(Pictured::json).unwrap_or_default());
    let some = Memo::new(move |_| picture.shown.with(Option::is_some));
    view! {
        <section class="panel preview" aria-labelledby=own>
            <div class="panel-head">
                <h2 class="panel-title" id=heading>"Preview"</h2>
                <ModePicker mode=picture.mode />
            </div>
            {move || picture.shown.with(|shown| match shown {
                Some(pictured) => body(pictured),
                None => view! {
                    <p class="network-none">
                        "Put a policy and the files of its network on the workbench to see what becomes reachable."
                    </p>
                }.into_any(),
            })}
            {move || some.get().then(|| view! {
                <JsonPanel title="Preview as JSON" name="preview" json=Signal::derive(json) />
            })}
        </section>
    }
    .into_any()
}

/// What happens to existing rules that let protected ports in.
#[component]
fn ModePicker(mode: RwSignal<Mode>) -> impl IntoView {
    let option = move |own: Mode, words: &'static str| {
        view! { <option value=own.as_str() prop:selected=move || mode.get() == own>{words}</option> }
    };
    let chosen = move |event| {
        if let Some(chosen) = Mode::from_name(&event_target_value(&event)) {
            mode.set(chosen);
        }
    };
    view! {
        <label class="kind panel-tools">
            <span class="kind-label">"Existing rules for these ports: "</span>
            <select class="kind-select" on:change=chosen>
                {option(Mode::Enforce, "moved below the denies of JIT")}
                {option(Mode::Document, "left where they are")}
            </select>
        </label>
    }
}

fn body(pictured: &Pictured) -> AnyView {
    let preview = &pictured.preview;
    let (protected, rest): (Vec<_>, Vec<_>) =
        preview.machines.iter().partition(|machine| !machine.policies.is_empty());
    let left = protected.len().saturating_sub(MOST);
    let note = match (pictured.requested, pictured.nearest) {
        (false, _) => Some("No request is asked for: what is open is what the policy's own requests opened."),
        (true, true) => Some("The request is refused: shown is the nearest one that would be granted."),
        (true, false) => None,
    };
    let none = protected.is_empty().then(|| {
        view! {
            <p class="network-none">
                "The policy protects no machine: mend what is wrong with it, or name a machine in it."
            </p>
        }
    });
    view! {
        {note.map(|note| view! { <p class="preview-note">{note}</p> })}
        {none}
        <div class="machines">
            {protected.iter().take(MOST).map(|it: &&MachinePreview| machine(it, pictured)).collect_view()}
        </div>
        {(left > 0).then(|| view! { <p class="network-none">{format!("And {left} more machines: the JSON has all.")}</p> })}
        {timeline(preview)}
        {others(&rest)}
    }
    .into_any()
}
