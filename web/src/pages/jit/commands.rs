//! The command bar: what to do with the chosen machines, and how many there are.
use std::sync::Arc;

use leptos::prelude::*;

use super::narrowing::Narrowing;
use super::state::Jit;
use super::words::number;
use crate::api::{Class, Machine};
use crate::dom::view;
use crate::parts::plural;
use crate::state::{Fleet, Loading, Panel, Panels};
use crate::ui::{Busy, Glyph, Icon};

/// What makes a panel of the chosen machines.
type Make = fn(Vec<Arc<Machine>>) -> Panel;

#[component]
pub fn Commands(jit: Jit) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let panels = expect_context::<Panels>();
    let chosen = Memo::new(move |_| jit.chosen());
    let none = move || chosen.with(Vec::is_empty);
    let command = move |words: &'static str, glyph: Glyph, class: &'static str, make: Make| {
        view! {
            <button type="button" class=class prop:disabled=none on:click=move |_| panels.show(make(chosen.get_untracked()))>
                <Icon glyph />
                <span>{words}</span>
            </button>
        }
    };
    let commands = move || match jit.tab.get() {
        Class::Configured => vec![
            command("Request access", Glyph::Key, "button button-primary", Panel::Request),
            command("Edit", Glyph::Settings, "button button-quiet", Panel::Edit),
        ],
        Class::NotConfigured => {
            vec![command("Enable JIT on VMs", Glyph::Shield, "button button-primary", Panel::Enable)]
        }
        Class::Unsupported => Vec::new(),
    };
    let busy = move || match fleet.loading.get() {
        Loading::Under(count) if fleet.machines.with(|machines| !machines.is_empty()) => {
            let words = if count > 0 {
                format!("Loading… {} so far", number(count))
            } else {
                "Loading…".to_owned()
            };
            Some(view! { <Busy words /> })
        }
        _ => None,
    };
    view! {
        <div class="jit-bar">
            <div class="jit-commands">
                {commands}
                <button type="button" class="button button-quiet" on:click=move |_| fleet.refresh()>
                    <Icon glyph=Glyph::Refresh />
                    <span>"Refresh"</span>
                </button>
                {busy}
            </div>
            <Chosen jit chosen />
        </div>
    }
}

/// How many are shown and chosen, told to screen readers as it changes.
#[component]
fn Chosen(jit: Jit, chosen: Memo<Vec<Arc<Machine>>>) -> impl IntoView {
    let count = move || chosen.with(Vec::len);
    let whole = expect_context::<Fleet>().whole;
    let words = move || {
        // In this order, because what is shown follows from it.
        let narrowed = !jit.narrowing.with(Narrowing::is_empty);
        let shown = jit.keys.with(|keys| keys.len());
        let mut words = plural(shown, "machine", "machines");
        if !whole.get() {
            words.push_str(" so far");
        }
        if narrowed {
            words.push_str(if shown == 1 { " matches" } else { " match" });
        }
        if count() > 0 {
            let hidden = count().saturating_sub(jit.keys.with(|keys| jit.selection.count_of(keys)));
            words = format!("{words}, {} selected", number(count()));
            if hidden > 0 {
                words = format!("{words} ({} not shown)", number(hidden));
            }
        }
        words
    };
    let clear = move || {
        (count() > 0).then(|| {
            view! { <button type="button" class="link" on:click=move |_| jit.selection.clear()>"Clear selection"</button> }
        })
    };
    view! {
        <div class="jit-chosen">
            <p role="status">{words}</p>
            {clear}
        </div>
    }
}
