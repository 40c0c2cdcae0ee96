//! The activity log: of one machine where the query names it, otherwise of all; and the chain that it is made from.
mod chain;
mod details;
mod feed;
mod filter;
mod filters;
mod log;
mod news;
mod table;

use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use leptos::prelude::*;

use crate::api::Logged;
use crate::dom::view;
use crate::parts::{ConnectionLost, ZoneNote, machine_link};
use crate::route::Page;
use crate::state::Fleet;
use crate::ui::{Glyph, Icon, PageHeading};
use chain::Chain;
use details::details;
use filter::use_asked;
use filters::Filters;
use log::{Log, Progress};
use news::News;
use table::Events;

#[component]
pub fn ActivityPage() -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let asked = use_asked();
    let log = Log::new(asked);
    let opened = RwSignal::new(None::<Arc<Logged>>);
    let machine = Memo::new(move |_| asked.with(|asked| asked.machine.clone()));
    let of_machine = move || {
        let id = ResourceId::new(&machine.get());
        (!id.text().is_empty()).then(|| {
            let known = fleet.machine(&id);
            let name = known.as_ref().map_or(id.name(), |machine| &machine.name);
            view! {
                <p class="page-lead">
                    "Operations on "{machine_link(&id, name)}". "<a class="link" href="/activity">"Show all"</a>
                </p>
            }
        })
    };
    // Below the log, which it would only be pushed away by.
    let settled =
        Memo::new(move |was| was == Some(&true) || !matches!(log.progress.get(), Progress::Loading));
    view! {
        <div class="page page-wide">
            <PageHeading title=Page::Activity.title() />
            {of_machine}
            <ZoneNote now=Signal::derive(move || fleet.now.get()) />
            <ConnectionLost />
            <Filters asked log />
            <div class="commands">
                <button type="button" class="button button-quiet" on:click=move |_| log.reload()>
                    <Icon glyph=Glyph::Refresh />
                    <span>"Refresh"</span>
                </button>
                <button
                    type="button"
                    class="button button-quiet"
                    aria-disabled=move || log.saving.get().then_some("true")
                    on:click=move |_| log.save()
                >
                    <Icon glyph=Glyph::Download />
                    <span>{move || if log.saving.get() { "Downloading…" } else { "Download as CSV" }}</span>
                </button>
                <News log />
            </div>
            <Events log opened />
            {move || settled.get().then(|| view! { <Chain /> })}
            {move || opened.get().map(|event| details(&event, opened))}
        </div>
    }
}
