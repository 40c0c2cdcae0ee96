//! Tabs as the ARIA Authoring Practices have them: arrow keys move, one tab stop for all.
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::unique;
use crate::dom::view;

/// A tab: its value, its name, and a count behind the name.
pub type Tab<T> = (T, &'static str, Signal<String>);

/// The row of tabs; `panel` is the id of the element that they change, which needs `role="tabpanel"`.
#[component]
pub fn Tabs<T>(
    label: &'static str,
    tabs: Vec<Tab<T>>,
    #[prop(into)] value: Signal<T>,
    panel: &'static str,
    on_choose: impl Fn(T) + Copy + 'static,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let values: StoredValue<Vec<T>> = StoredValue::new(tabs.iter().map(|(own, ..)| *own).collect());
    let list = unique("tabs");
    let own_list = list.clone();
    let go = move |event: ev::KeyboardEvent| {
        let count = values.with_value(Vec::len);
        let here = values.with_value(|all| all.iter().position(|own| *own == value.get_untracked()));
        let Some(here) = here else { return };
        let there = match event.key().as_str() {
            "ArrowLeft" => here.checked_sub(1).unwrap_or(count.saturating_sub(1)),
            "ArrowRight" => here.checked_add(1).filter(|next| *next < count).unwrap_or(0),
            "Home" => 0,
            "End" => count.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = values.with_value(|all| all.get(there).copied()) {
            on_choose(next);
        }
        focus(&own_list, there);
    };
    let tab = move |(own, name, count): Tab<T>| {
        let chosen = move || value.get() == own;
        view! {
            <button
                type="button"
                role="tab"
                class="tab"
                aria-controls=panel
                aria-selected=move || chosen().to_string()
                tabindex=move || if chosen() { "0" } else { "-1" }
                on:click=move |_| on_choose(own)
            >
                {name}
                " "
                {move || Some(count.get()).filter(|count| !count.is_empty()).map(|count| view! { <span class="tab-count">{count}</span> })}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" id=list aria-label=label on:keydown=go>
            {tabs.into_iter().map(tab).collect_view()}
        </div>
    }
}

fn focus(list: &str, index: usize) {
    let place = u32::try_from(index).ok();
    let list = document().get_element_by_id(list);
    let tab = list.zip(place).and_then(|(list, place)| list.children().item(place));
    if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
        // Fails only for elements that are gone.
        let _lost = tab.focus();
    }
}
