//! The search, the filters, and a chip for each thing that is asked for.
use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::cells::columns;
use super::narrowing::{Facet, Narrowing};
use super::state::Jit;
use crate::browser::lower;
use crate::dom::view;
use crate::ui::{Choosable, Glyph, Icon, MultiSelect, SortBy, unique};

#[component]
pub fn Filters(jit: Jit) -> impl IntoView {
    let id = unique("search");
    let menu = move |facet: Facet| {
        let options = Memo::new(move |_| options(jit, facet));
        let chosen = Memo::new(move |_| chosen(&jit.narrowing.get(), facet).to_vec());
        view! {
            <MultiSelect label=facet.name() options chosen on_toggle=move |value: String| jit.toggle(facet, &value) />
        }
    };
    view! {
        <form class="jit-filters" role="search" on:submit=|event| event.prevent_default()>
            <div class="jit-search">
                <Icon glyph=Glyph::Search />
                <label class="visually-hidden" for=id.clone()>"Search machines"</label>
                <input
                    class="field-input"
                    type="search"
                    id=id
                    placeholder="Name, group, user…"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || jit.text.get()
                    on:input=move |event| jit.text.set(event_target_value(&event))
                />
            </div>
            <div class="jit-facets">{Facet::ALL.into_iter().map(menu).collect_view()}</div>
            <SortBy columns=Signal::derive(move || columns(jit.tab.get())) sort=jit.sort on_sort=move |sort| jit.sort_by(sort) />
        </form>
    }
}

/// The values that machines have, with how many have each.
fn options(jit: Jit, facet: Facet) -> Arc<Vec<Choosable>> {
    let mut all: BTreeMap<String, Choosable> = BTreeMap::new();
    jit.inventory.with(|inventory| {
        for (_, row) in inventory.all() {
            let own = facet.of(&row.machine);
            let one = all.entry(lower(own)).or_insert_with(|| Choosable {
                value: own.to_owned(),
                name: if own.is_empty() { "(none)".to_owned() } else { own.to_owned() },
                count: 0,
            });
            one.count = one.count.saturating_add(1);
        }
    });
    // What is asked for is told in small letters.
    Arc::new(all.into_iter().map(|(value, one)| Choosable { value, ..one }).collect())
}

fn chosen(narrowing: &Narrowing, facet: Facet) -> &[String] {
    let at = Facet::ALL.iter().position(|own| *own == facet);
    at.and_then(|at| narrowing.facets.get(at)).map(Vec::as_slice).unwrap_or_default()
}

/// What is asked for, each to be taken back.
#[component]
pub fn Chips(jit: Jit) -> impl IntoView {
    let chip = move |name: &'static str, value: String, remove: Box<dyn Fn()>| {
        let words = if value.is_empty() { name.to_owned() } else { format!("{name}: {value}") };
        view! {
            <li>
                <button type="button" class="badge jit-chip" title=words.clone() on:click=move |_| remove()>
                    <span class="visually-hidden">"Remove the filter "</span>
                    <bdi class="jit-text">{words}</bdi>
                    <Icon glyph=Glyph::Close />
                </button>
            </li>
        }
    };
    move || {
        let narrowing = jit.narrowing.get();
        let shows =
            narrowing.show.map(|show| chip(show.name(), String::new(), Box::new(move || jit.show_all())));
        let facets = Facet::ALL.into_iter().zip(&narrowing.facets).flat_map(|(facet, values)| {
            values.iter().map(move |value| {
                let (own, name) =
                    (value.clone(), if value.is_empty() { "(none)".to_owned() } else { value.clone() });
                chip(facet.name(), name, Box::new(move || jit.toggle(facet, &own)))
            })
        });
        let chips: Vec<_> = shows.into_iter().chain(facets).collect();
        (!chips.is_empty()).then(|| {
            view! {
                <div class="jit-chips">
                    <ul aria-label="Filters">{chips}</ul>
                    <button type="button" class="link" on:click=move |_| jit.clear()>"Clear filters"</button>
                </div>
            }
        })
    }
}
