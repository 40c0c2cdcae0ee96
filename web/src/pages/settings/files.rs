//! Files that are opened or dropped, and what was read of them.
use std::collections::BTreeMap;

use jitgate_core::Diagnostic;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};

use super::fill::Fill;
use crate::api::Imported;
use crate::dom::view;
use crate::pages::workbench::network_file::findings;
use crate::ui::{Busy, Glyph, Icon, Notice, Tone, unique};

/// A button that opens files, in a place where they may be dropped as well.
#[component]
pub fn FileDrop(
    label: &'static str,
    /// What else may be done here, in words.
    words: &'static str,
    several: bool,
    on_files: impl Fn(Vec<File>) + Copy + 'static,
) -> impl IntoView {
    let (input, over) = (unique("file"), RwSignal::new(false));
    let take = move |files: FileList| {
        let files: Vec<File> = (0..files.length()).filter_map(|index| files.get(index)).collect();
        if !files.is_empty() {
            on_files(files);
        }
    };
    let chosen = move |event: Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
            return;
        };
        if let Some(files) = input.files() {
            take(files);
        }
        // The same files may be chosen again.
        input.set_value("");
    };
    let dropped = move |event: DragEvent| {
        over.set(false);
        event.prevent_default();
        if let Some(files) = event.data_transfer().and_then(|transfer| transfer.files()) {
            take(files);
        }
    };
    let hover = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    view! {
        <div
            class="drop"
            class:drop-over=move || over.get()
            on:dragover=hover
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <input
                class="visually-hidden"
                type="file"
                multiple=several.then_some("")
                id=input.clone()
                accept=".json,.jsonl,.txt,.jsonc,application/json,text/*"
                on:change=chosen
            />
            <label class="button" for=input><Icon glyph=Glyph::Open /><span>{label}</span></label>
            <span class="drop-words">{words}</span>
        </div>
    }
}

/// What is under way, what went wrong, and what was read.
#[component]
pub fn FillState(fill: Fill) -> impl IntoView {
    let busy = move || Some(fill.busy.get()).filter(|busy| !busy.is_empty());
    let fault = move || Some(fill.fault.get()).filter(|fault| !fault.is_empty());
    view! {
        {move || busy().map(|words| view! { <Busy words=words /> })}
        {move || fault().map(|fault| view! { <Notice tone=Tone::Error><p>{fault.clone()}</p></Notice> })}
        {move || fill.imported.get().map(read)}
    }
}

/// What was read of each file, and what is wrong with it.
fn read(imported: Imported) -> AnyView {
    let file = |(index, (name, counts)): (usize, &(String, BTreeMap<String, u64>))| {
        let mut reports = imported.reports.iter();
        let report = reports.find(|report| report.index == index);
        let found: &[Diagnostic] = report.map(|report| report.diagnostics.as_slice()).unwrap_or_default();
        view! {
            <li class="imported">
                <p class="imported-name"><bdi>{name.clone()}</bdi></p>
                <p class="imported-counts">{words(counts)}</p>
                {findings(found)}
            </li>
        }
    };
    let files: Vec<_> = imported.files.iter().enumerate().map(file).collect();
    let all = format!("Read: {}.", words(&imported.counts));
    let tone = if imported.counts.is_empty() { Tone::Warning } else { Tone::Success };
    view! {
        <Notice tone>
            <p>{all}</p>
            <ul class="imported-list" aria-label="Imported files">
                {files}
            </ul>
        </Notice>
    }
    .into_any()
}

/// `12 virtualMachines, 3 networkSecurityGroups`
fn words(counts: &BTreeMap<String, u64>) -> String {
    if counts.is_empty() {
        return "nothing of a network".to_owned();
    }
    let words: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    words.join(", ")
}
