//! The network: the files that tell of it, and what is wrong with each.
use leptos::ev::{ClipboardEvent, DragEvent, Event, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{File, FileList, HtmlInputElement};

use super::network_file::FileRow;
use super::panel::hover;
use crate::browser;
use crate::dom::view;
use crate::state::{Network, Workbench};
use crate::ui::{Confirm, Glyph, Icon, unique};

/// A larger file is more than the core reads.
const LARGEST: f64 = 33_554_432.0;

#[component]
pub fn NetworkPanel() -> impl IntoView {
    let network = expect_context::<Workbench>().network;
    let heading = unique("network");
    let own = heading.clone();
    let (over, fault) = (RwSignal::new(false), RwSignal::new(String::new()));
    let take = move |files: FileList| take(network, &files, fault);
    let dropped = move |event: DragEvent| {
        over.set(false);
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        if let Some(files) = files.filter(|files| files.length() > 0) {
            event.prevent_default();
            take(files);
        }
    };
    view! {
        <section
            class="panel network"
            class:panel-over=move || over.get()
            aria-labelledby=own
            on:dragover=move |event| hover(&event, over)
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <div class="panel-head">
                <h2 class="panel-title" id=heading>"Network"</h2>
                <Tools network on_files=take />
            </div>
            <p class="panel-fault" role="alert">{move || fault.get()}</p>
            <Files network />
            <Paste network />
        </section>
    }
    .into_any()
}

/// The files, or what may be put here.
#[component]
fn Files(network: Network) -> impl IntoView {
    let row = move |file| view! { <FileRow network file /> };
    let files = move || {
        let rows: Vec<_> = network.files.get().into_iter().map(row).collect();
        if rows.is_empty() {
            view! {
                <p class="network-none">
                    "Drop, open or paste exports of the network: virtual machines, NICs, NSGs, virtual networks, public \
                     addresses, firewalls, or EC2 instances and security groups. They stay in this browser."
                </p>
            }
        } else {
            view! { <ul class="network-files" aria-label="Files of the network">{rows}</ul> }
        }
    };
    let unshared = move || {
        network.unshared.get().then(|| {
            view! {
                <p class="network-none">
                    "These files are too long for a link: it holds the policy and the request without them."
                </p>
            }
        })
    };
    view! { {files} {unshared} }
}

/// Reads files one after the other, so that they stay in the order they were chosen in.
fn take(network: Network, files: &FileList, fault: RwSignal<String>) {
    let files: Vec<File> = (0..files.length()).filter_map(|index| files.get(index)).collect();
    spawn_local(async move {
        let mut faults = Vec::new();
        for file in files {
            if file.size() > LARGEST {
                let size = browser::index(file.size() / 1e6);
                faults
                    .push(format!("{} is too large: it has {size} MB, and 33 MB is the most.", file.name()));
                continue;
            }
            match browser::read_file(&file).await {
                Ok(bytes) => network.add(&file.name(), bytes),
                Err(_) => faults.push(format!("{} could not be read.", file.name())),
            }
        }
        fault.try_set(faults.join(" "));
    });
}

/// Opening files, removing all of them.
#[component]
fn Tools(network: Network, on_files: impl Fn(FileList) + 'static) -> impl IntoView {
    let input = unique("file");
    let chosen = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(files) = input.files() {
            on_files(files);
        }
        // The same files may be chosen again.
        input.set_value("");
    };
    let asking = RwSignal::new(false);
    let clear = move || {
        asking.set(false);
        network.open([]);
    };
    let question = move || {
        asking.get().then(|| {
            view! {
                <Confirm
                    title="Take all files of the network away?"
                    action="Take them away"
                    busy=Signal::stored(false)
                    on_confirm=clear
                    on_leave=move || asking.set(false)
                >
                    <p>"Files can be opened again. What was pasted here is lost."</p>
                </Confirm>
            }
        })
    };
    view! {
        <div class="panel-tools">
            <input
                class="visually-hidden"
                type="file"
                multiple
                id=input.clone()
                accept=".json,.txt,.jsonc,application/json,text/*"
                on:change=chosen
            />
            <label class="button button-quiet" for=input>
                <Icon glyph=Glyph::Open />
                <span>"Open network files"</span>
            </label>
            <button
                type="button"
                class="button button-quiet"
                aria-label="Clear the network"
                on:click=move |_| if network.is_edited() { asking.set(true) } else { network.open([]) }
            >
                <Icon glyph=Glyph::Trash />
                <span>"Clear"</span>
            </button>
            {question}
        </div>
    }
}

/// A place to paste an export to; what is pasted becomes a file at once.
#[component]
fn Paste(network: Network) -> impl IntoView {
    let area = NodeRef::<Textarea>::new();
    let add = move || {
        let Some(area) = area.get_untracked() else { return };
        let text = area.value();
        if !text.trim().is_empty() {
            network.paste(text);
            area.set_value("");
        }
    };
    let pasted = move |event: ClipboardEvent| {
        let text = event.clipboard_data().and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        let empty = area.get_untracked().is_some_and(|area| area.value().is_empty());
        // Into a text that was begun by hand it goes as it would anywhere.
        if empty && !text.trim().is_empty() {
            event.prevent_default();
            network.paste(text);
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        add();
    };
    let id = unique("paste");
    view! {
        <form class="network-paste" on:submit=submit>
            <label class="field-label" for=id.clone()>"Paste an export"</label>
            <textarea
                class="field-input network-area"
                id=id
                node_ref=area
                rows="1"
                spellcheck="false"
                autocomplete="off"
                placeholder="az network nsg list -o json"
                on:paste=pasted
            ></textarea>
            <button type="submit" class="button">"Add"</button>
        </form>
    }
}
