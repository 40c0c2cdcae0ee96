//! The heads of the columns: what they sort by, and a box to choose every row.
use leptos::prelude::*;

use super::{Column, Keys, Selection, Sort};
use crate::dom::view;
use crate::ui::{Glyph, Icon};

pub fn head(
    columns: &'static [Column],
    keys: Signal<Keys>,
    sort: Signal<Sort>,
    on_sort: impl Fn(Sort) + Copy + 'static,
    selection: Option<Selection>,
) -> AnyView {
    let column = move |&Column { id, name }: &'static Column| {
        let own = move || Some(sort.get()).filter(|sort| sort.column == id);
        let order = move || own().map(|sort| if sort.down { "descending" } else { "ascending" });
        view! {
            <th role="columnheader" scope="col" class="grid-name" data-column=id aria-sort=order>
                <button type="button" class="grid-sort" on:click=move |_| on_sort(sort.get_untracked().by(id))>
                    <span>{name}</span>
                    <span class="grid-arrow" class:grid-up=move || own().is_some_and(|sort| !sort.down)>
                        {move || own().map(|_| view! { <Icon glyph=Glyph::Chevron /> })}
                    </span>
                </button>
            </th>
        }
    };
    view! {
        <thead class="grid-head" role="rowgroup">
            <tr role="row" class="grid-heads" aria-rowindex="1">
                {selection.map(|selection| choose_all(keys, selection))}
                {columns.iter().map(column).collect_view()}
                <th role="columnheader" scope="col" class="grid-more"><span class="visually-hidden">"More"</span></th>
            </tr>
        </thead>
    }
    .into_any()
}

/// The box that chooses every row.
fn choose_all(keys: Signal<Keys>, selection: Selection) -> AnyView {
    let chosen = Memo::new(move |_| keys.with(|keys| selection.count_of(keys)));
    let all = move || {
        // First, because it follows from the other.
        let chosen = chosen.get();
        keys.with(|keys| !keys.is_empty() && chosen == keys.len())
    };
    let some = move || !all() && chosen.get() != 0;
    view! {
        <th role="columnheader" scope="col" class="grid-check">
            <label>
                <input
                    type="checkbox"
                    prop:checked=all
                    prop:indeterminate=some
                    on:click=move |_| selection.choose_all(&keys.get_untracked())
                />
                <span class="grid-all">"Select all"</span>
            </label>
        </th>
    }
    .into_any()
}
