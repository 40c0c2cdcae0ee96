//! Just-in-time VM access: the machines by what just-in-time access means to them.
mod cells;
mod commands;
mod filters;
pub(super) mod inventory;
mod machines;
mod narrowing;
pub(super) mod order;
pub(super) mod row_menu;
pub(super) mod search;
mod state;
mod summary;
mod words;

use leptos::prelude::*;

use crate::api::Class;
use crate::dom::view;
use crate::parts::FleetNotices;
use crate::route::Page;
use crate::ui::{PageHeading, Tab, Tabs};
use commands::Commands;
use filters::{Chips, Filters};
use machines::Machines;
use state::Jit;
use summary::Summary;
use words::number;

/// The id of what the tabs change.
const PANEL: &str = "jit-machines";

#[component]
pub fn JitPage() -> impl IntoView {
    let jit = Jit::new();
    let lead = move || match jit.tab.get() {
        Class::Configured => "VMs configured to support just-in-time VM access.",
        Class::NotConfigured => {
            "VMs without JIT enabled, but that can support JIT. We recommend that you enable JIT for these VMs."
        }
        Class::Unsupported => "VMs that don't support JIT.",
    };
    view! {
        <div class="page page-wide jit">
            <PageHeading title=Page::Jit.title() />
            <div class="jit-notices"><FleetNotices /></div>
            <Summary jit />
            <Tabs
                label="Virtual machines"
                tabs=tabs(jit)
                value=jit.tab
                panel=PANEL
                on_choose=move |class| jit.choose_tab(class)
            />
            <div id=PANEL role="tabpanel" aria-label=move || named(jit.tab.get())>
                <p class="jit-lead">{lead}</p>
                <Filters jit />
                <Chips jit />
                <Commands jit />
                <Machines jit />
            </div>
        </div>
    }
    .into_any()
}

const fn named(class: Class) -> &'static str {
    match class {
        Class::Configured => "Configured",
        Class::NotConfigured => "Not configured",
        Class::Unsupported => "Unsupported",
    }
}

fn tabs(jit: Jit) -> Vec<Tab<Class>> {
    let tab = |(at, class): (usize, Class)| {
        let count = move || jit.counts.with(|counts| counts.get(at).copied().unwrap_or_default());
        (class, named(class), Signal::derive(move || number(count())))
    };
    let classes = state::CLASSES.into_iter().map(|(class, _)| class);
    classes.enumerate().map(tab).collect()
}
