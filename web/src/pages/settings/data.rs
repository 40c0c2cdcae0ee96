//! Where the data lives, and what can be done with what this browser keeps.
use leptos::prelude::*;

use super::anew::{Anew, Replacing};
use super::files::{FileDrop, FillState};
use super::fill::Fill;
use super::lost::export;
use super::unopened::unopened;
use crate::api::Keeper;
use crate::dom::view;
use crate::pages::workbench::network_file::size;
use crate::parts::plural;
use crate::state::{Fleet, Session};
use crate::ui::{Glyph, Icon, Toast, unique};

/// Server or browser: a choice where there is a server.
#[component]
pub fn Keepers() -> impl IntoView {
    let session = expect_context::<Session>();
    let name = unique("keeper");
    let choice = |keeper: Keeper, title: &'static str, words: &'static str| {
        view! {
            <label class="settings-choice">
                <input
                    type="radio"
                    name=name.clone()
                    prop:checked=move || session.keeper.get() == keeper
                    on:change=move |_| session.choose(keeper)
                />
                <span>{title}<span class="settings-note">{words}</span></span>
            </label>
        }
    };
    if Session::has_server() {
        view! {
            <fieldset class="settings-choices">
                <legend class="settings-legend">"Where the data lives"</legend>
                {choice(Keeper::Server, "This server", "Shared with everybody who signs in, enforced and logged by it.")}
                {choice(Keeper::Browser, "This browser", "For you alone, to try things out. What the server keeps stays as it is.")}
            </fieldset>
        }
        .into_any()
    } else {
        view! {
            <p>"All data is kept in this browser: there is no server behind this page. Delete the browser's data for this site, and it is gone; export it to keep it elsewhere."</p>
        }
        .into_any()
    }
}

/// What this browser keeps, once it is open.
#[component]
pub fn BrowserData() -> impl IntoView {
    let session = expect_context::<Session>();
    move || {
        // Known once it is open.
        let open = session.keeper.get() == Keeper::Browser && session.api.with(Option::is_some);
        if open {
            view! { <Kept /> }.into_any()
        } else {
            let fault = move || {
                let fault = Some(session.fault.get()).filter(|_| session.keeper.get() == Keeper::Browser);
                fault.filter(|fault| !fault.is_empty()).map(unopened)
            };
            view! { <div>{fault}</div> }.into_any()
        }
    }
}

#[component]
fn Kept() -> impl IntoView {
    let session = expect_context::<Session>();
    let fleet = expect_context::<Fleet>();
    let toast = expect_context::<Toast>();
    let fill = Fill::new();
    let sizes = move || {
        // Whatever loads the fleet anew may have changed this as well.
        fleet.loading.track();
        fleet.news.track();
        let Some(kept) = session.local().map(|local| local.kept()) else { return ().into_any() };
        let files = kept.files.into_iter().map(|(name, bytes)| {
            let bytes = size(usize::try_from(bytes).unwrap_or(usize::MAX));
            view! { <li><bdi>{name}</bdi>{format!(", {bytes}")}</li> }
        });
        let records = plural(kept.records, "record of what was done", "records of what was done");
        view! {
            <p>{format!("{records}, {} with the network's files.", size(kept.bytes))}</p>
            <ul class="settings-files" aria-label="Files of the network">{files.collect_view()}</ul>
        }
        .into_any()
    };
    let add = RwSignal::new(true);
    view! {
        <div class="settings-group">{sizes}</div>
        <div class="settings-group">
            <h3 class="settings-subtitle">"Import a network"</h3>
            <label class="settings-choice">
                <input
                    type="checkbox"
                    prop:checked=move || add.get()
                    on:change=move |event| add.set(event_target_checked(&event))
                />
                <span>
                    "Keep the files that are here"
                    <span class="settings-note">"Those of the same names are replaced by newer ones."</span>
                </span>
            </label>
            <FileDrop
                label="Open your own exports"
                words="or drop the files here"
                several=true
                on_files=move |files| fill.import(files, add.get_untracked())
            />
        </div>
        <div class="settings-group">
            <h3 class="settings-subtitle">"Keep it elsewhere"</h3>
            <div class="settings-row">
                <button type="button" class="button" on:click=move |_| export(session, toast)>
                    <Icon glyph=Glyph::Download /><span>"Export everything"</span>
                </button>
            </div>
            <FileDrop
                label="Restore an exported ledger"
                words="It takes the place of everything here, once its chain of records is checked."
                several=false
                on_files=move |files| fill.restore(files)
            />
            <Replacing fill />
        </div>
        <div class="settings-group">
            <h3 class="settings-subtitle">"Begin anew"</h3>
            <Anew fill />
        </div>
        <FillState fill />
    }
}
