//! What a table is sorted by, as a list to choose from: for narrow screens, where it has no heads.
use leptos::prelude::*;

use super::{Column, Sort};
use crate::dom::view;
use crate::ui::unique;

#[component]
pub fn SortBy(
    #[prop(into)] columns: Signal<&'static [Column]>,
    #[prop(into)] sort: Signal<Sort>,
    on_sort: impl Fn(Sort) + Copy + 'static,
) -> impl IntoView {
    let id = unique("sort");
    let change = move |event| {
        if let Some(sort) = Sort::read(&event_target_value(&event), columns.get_untracked()) {
            on_sort(sort);
        }
    };
    let option = move |own: Sort, name: &'static str| {
        let words = if own.down { format!("{name}, descending") } else { name.to_owned() };
        view! { <option value=own.text() prop:selected=move || sort.get() == own>{words}</option> }
    };
    let options = move || {
        let both = |column: &Column| {
            let (id, name) = (column.id, column.name);
            [false, true].map(|down| option(Sort { column: id, down }, name))
        };
        columns.get().iter().flat_map(both).collect::<Vec<_>>()
    };
    view! {
        <div class="sort-by">
            <label for=id.clone()>"Sort by"</label>
            <select class="field-input" id=id on:change=change>{options}</select>
        </div>
    }
}
