//! A button with a list of boxes to tick, and a search in it where the list is long.
use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;

use super::{Glyph, Icon, unique};
use crate::browser::lower;
use crate::dom::view;

/// From so many on there is a search.
const LONG: usize = 10;
/// So many are shown; the search finds the others.
const MOST: usize = 100;

/// One that can be ticked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    pub value: String,
    pub name: String,
    /// How many it stands for.
    pub count: usize,
}

#[component]
pub fn MultiSelect(
    label: &'static str,
    #[prop(into)] options: Signal<Arc<Vec<Choosable>>>,
    #[prop(into)] chosen: Signal<Vec<String>>,
    /// A box was ticked, or not any more.
    on_toggle: impl Fn(String) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let id = unique("choose");
    let node = NodeRef::<Div>::new();
    let open = RwSignal::new(false);
    let search = RwSignal::new(String::new());
    let toggled = move |_| {
        open.set(node.get_untracked().is_some_and(|node| node.matches(":popover-open").unwrap_or_default()));
    };
    let option = move |Choosable { value, name, count }: Choosable| {
        let (own, other) = (value.clone(), value);
        view! {
            <label class="choose-option">
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&own))
                    on:change=move |_| on_toggle(other.clone())
                />
                <bdi class="choose-name" title=name.clone()>{name}</bdi>
                <span class="choose-count">{count}</span>
            </label>
        }
    };
    let list = move || {
        let text = search.with(|search| lower(search.trim()));
        options.with(|options| {
            let found = || options.iter().filter(|one| lower(&one.name).contains(&text));
            let more = found().count().saturating_sub(MOST);
            let note = (more > 0)
                .then(|| view! { <p class="choose-more">{format!("and {more} more: search for them")}</p> });
            let shown = found().take(MOST).cloned().map(option).collect::<Vec<_>>();
            view! { <div class="choose-list">{shown}{note}</div> }
        })
    };
    let long = move || options.with(|options| options.len() > LONG);
    let content = move || {
        open.get().then(|| {
            let field = long().then(|| {
                view! {
                    <input
                        class="field-input"
                        type="search"
                        aria-label=format!("Search in {label}")
                        placeholder="Search"
                        prop:value=move || search.get()
                        on:input=move |event| search.set(event_target_value(&event))
                    />
                }
            });
            view! {
                <fieldset class="choose">
                    <legend class="visually-hidden">{label}</legend>
                    {field}
                    {list}
                </fieldset>
            }
        })
    };
    let count = move || {
        let count = chosen.with(Vec::len);
        (count > 0).then(|| view! { <span class="choose-chosen">{count}</span> })
    };
    view! {
        <button type="button" class="button button-filter" popovertarget=id.clone()>
            <span>{label}</span>
            {count}
            <span class="menu-chevron"><Icon glyph=Glyph::Chevron /></span>
        </button>
        <div class="menu" id=id popover="auto" node_ref=node on:toggle=toggled>{content}</div>
    }
}
