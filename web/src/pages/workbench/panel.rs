//! A document on the workbench: its editor, what it was read as, what was found in it.
use jitgate_core::Kind;
use leptos::ev::{DragEvent, Event};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

use super::editor::Editor;
use super::json_panel::JsonPanel;
use super::problems::Problems;
use super::summary::kind_name;
use super::viewport::Viewport;
use crate::browser;
use crate::dom::view;
use crate::state::Document;
use crate::ui::{Glyph, Icon, unique};

/// A larger file is more than a text area can take.
const LARGEST: f64 = 8_000_000.0;

#[component]
pub fn Panel(document: Document, title: &'static str) -> impl IntoView {
    let heading = unique("panel");
    let own = heading.clone();
    let viewport = Viewport::new();
    let (over, fault) = (RwSignal::new(false), RwSignal::new(String::new()));
    let open = move |file: File| open_file(document, file, fault);
    let dropped = move |event: DragEvent| {
        over.set(false);
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        // Dropped text is the text area's own business.
        if let Some(file) = files.and_then(|files| files.get(0)) {
            event.prevent_default();
            open(file);
        }
    };
    let json = move || document.findings.with(crate::state::Findings::json);
    view! {
        <section
            class="panel"
            class:panel-over=move || over.get()
            aria-labelledby=own
            on:dragover=move |event| hover(&event, over)
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <div class="panel-head">
                <h2 class="panel-title" id=heading>{title}</h2>
                <KindPicker document />
                <Tools document on_file=open />
            </div>
            <p class="panel-fault" role="alert">{move || fault.get()}</p>
            <Editor document label=title viewport />
            <Problems document viewport />
            <JsonPanel title="Report as JSON" name=document.name() json=Signal::derive(json) />
        </section>
    }
    .into_any()
}

/// A file over the panel is welcome.
pub fn hover(event: &DragEvent, over: RwSignal<bool>) {
    let file = event.data_transfer().is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0));
    if file {
        event.prevent_default();
        over.set(true);
    }
}

fn open_file(document: Document, file: File, fault: RwSignal<String>) {
    if file.size() > LARGEST {
        fault.set(format!(
            "{} is too large to be shown here: it has {} MB, and 8 MB is the most. On the command line, jitgate check takes up to 33 MB.",
            file.name(),
            browser::index(file.size() / 1e6)
        ));
        return;
    }
    spawn_local(async move {
        match browser::read_file(&file).await {
            Ok(bytes) => {
                fault.try_set(String::new());
                document.open_file(bytes);
            }
            Err(_) => drop(fault.try_set(format!("{} could not be read.", file.name()))),
        }
    });
}

/// Opening a file, clearing the editor.
#[component]
fn Tools(document: Document, on_file: impl Fn(File) + 'static) -> impl IntoView {
    let input = unique("file");
    let chosen = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            on_file(file);
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    view! {
        <div class="panel-tools">
            <input
                class="visually-hidden"
                type="file"
                id=input.clone()
                accept=".json,.txt,.jsonc,.ps1,.psm1,.sh,application/json,text/*"
                on:change=chosen
            />
            <label class="button button-quiet" for=input>
                <Icon glyph=Glyph::Open />
                <span>{format!("Open {} file", document.name())}</span>
            </label>
            <button
                type="button"
                class="button button-quiet"
                aria-label=format!("Clear the {}", document.name())
                on:click=move |_| document.open(String::new(), None)
            >
                <Icon glyph=Glyph::Trash />
                <span>"Clear"</span>
            </button>
        </div>
    }
}

/// What the document is read as: by its looks, or as the user says.
#[component]
fn KindPicker(document: Document) -> impl IntoView {
    let guessed = Memo::new(move |_| document.findings.with(|findings| findings.kind));
    let first = move || match (document.kind.get(), guessed.get()) {
        (Some(_), _) => "what it looks like".to_owned(),
        (None, kind) => kind_name(kind).to_owned(),
    };
    let options = Kind::ALL.map(|kind| {
        let chosen = move || document.kind.get() == Some(kind);
        view! {
            <option value=kind.as_str() prop:selected=chosen>{format!("{}, always", kind_name(kind))}</option>
        }
    });
    view! {
        <label class="kind">
            <span class="kind-label">"Read as: "</span>
            <select
                class="kind-select"
                on:change=move |event| document.kind.set(Kind::from_name(&event_target_value(&event)))
            >
                <option value="" prop:selected=move || document.kind.get().is_none()>{first}</option>
                {options.into_iter().collect_view()}
            </select>
        </label>
    }
}
