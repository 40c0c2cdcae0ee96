//! The table of a tab, or why there is none.
use std::sync::Arc;

use leptos::prelude::*;

use super::cells::{Explain, cells, columns};
use super::inventory::Row;
use super::narrowing::Narrowing;
use super::row_menu::{RowMenu, RowMenuHost};
use super::state::Jit;
use super::words::reasons;
use crate::api::Class;
use crate::dom::view;
use crate::parts::fleet_absent;
use crate::state::{Fleet, Loading};
use crate::ui::{Callout, Content, Empty, Point, Table};

/// What is said of a tab, and its table.
#[component]
pub fn Machines(jit: Jit) -> impl IntoView {
    let menu = RowMenu::new();
    let exposed = RwSignal::new(None::<Arc<Row>>);
    let at = RwSignal::new(None::<Point>);
    let explain: Explain = Arc::new(move |row, point| {
        exposed.set(Some(row));
        at.set(Some(point));
    });
    let content = move |tab: Class| {
        let explain = explain.clone();
        let named = move |key| jit.row(key).map(|row| row.machine.name.clone()).unwrap_or_default();
        let content = Content {
            name: Arc::new(move |key| untrack(|| named(key))),
            cells: Arc::new(move |key| {
                // Of all rows only those that have changed are drawn anew.
                let row = Memo::new(move |_| jit.row(key));
                let explain = explain.clone();
                Box::new(move || row.get().map(|row| cells(&row, tab, &explain)).unwrap_or_default())
            }),
            menu: Arc::new(move |key, point| {
                if let Some(row) = untrack(|| jit.row(key)) {
                    menu.open(row.machine.clone(), point);
                }
            }),
        };
        // Nothing can be done with those that are unsupported: there is nothing to tick.
        let (label, class) = match tab {
            Class::Configured => ("Configured virtual machines", "jit-configured"),
            Class::NotConfigured => ("Virtual machines that are not configured", "jit-not-configured"),
            Class::Unsupported => ("Unsupported virtual machines", "jit-unsupported"),
        };
        view! {
            <Table
                label
                class
                columns=columns(tab)
                keys=jit.keys
                sort=jit.sort
                on_sort=move |sort| jit.sort_by(sort)
                selection=(tab != Class::Unsupported).then_some(jit.selection)
                content
            />
        }
    };
    let why = move || {
        let lines = exposed.with(|row| row.as_ref().map(|row| reasons(&row.machine)).unwrap_or_default());
        lines.into_iter().map(|line| view! { <li><bdi>{line}</bdi></li> }).collect::<Vec<_>>()
    };
    let label = Signal::derive(move || {
        let name = exposed.with(|row| row.as_ref().map(|row| row.machine.name.clone()).unwrap_or_default());
        format!("What reaches {name}")
    });
    let shown = Memo::new(move |_| jit.keys.with(|keys| !keys.is_empty()));
    let table = move || {
        // First, because the other follows from it: an effect is not run for what changed while it looked at another.
        let tab = jit.tab.get();
        if shown.get() { content(tab).into_any() } else { view! { <Nothing jit /> }.into_any() }
    };
    view! {
        {table}
        <RowMenuHost menu />
        <Callout role="dialog" label at>
            <ul class="jit-why">{why}</ul>
        </Callout>
    }
}

/// Nothing to show: it is still coming, or why there is nothing, and what to do.
#[component]
fn Nothing(jit: Jit) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let under_way = move || !fleet.whole.get() && matches!(fleet.loading.get(), Loading::Under(_));
    move || {
        fleet_absent(fleet).unwrap_or_else(|| {
            // The commands above tell it.
            if under_way() { ().into_any() } else { empty(jit) }
        })
    }
}

fn empty(jit: Jit) -> AnyView {
    if !jit.narrowing.with(Narrowing::is_empty) {
        return view! {
            <Empty title="No machine matches" words="Nothing in this tab has all that you ask for. The other tabs tell how many they have.">
                <button type="button" class="button" on:click=move |_| jit.clear()>"Clear filters"</button>
            </Empty>
        }
        .into_any();
    }
    match jit.tab.get() {
        Class::Configured => view! {
            <Empty title="No machine is configured yet" words="Select machines that can have JIT, and enable it for them.">
                <a class="button button-primary" href="/?tab=notConfigured">"See machines without JIT"</a>
            </Empty>
        }
        .into_any(),
        Class::NotConfigured => {
            view! { <Empty title="No machine is left without JIT" words="Every machine that can have JIT has it." /> }.into_any()
        }
        Class::Unsupported => {
            view! { <Empty title="No machine is unsupported" words="All machines that you see can have JIT." /> }.into_any()
        }
    }
}
