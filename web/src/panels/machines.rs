//! The machines that a panel is about, by name.
use jitgate_core::ledger::ResourceId;
use leptos::prelude::*;

use crate::dom::view;

/// So many names are shown at once.
const MOST: usize = 12;
/// And so many in a sentence.
const SOME: usize = 3;

/// `web1, web2`; of many the first few, and how many there are besides.
pub fn names_of<'i>(ids: impl Iterator<Item = &'i ResourceId>) -> String {
    let names: Vec<&str> = ids.map(ResourceId::name).collect();
    let few = names.iter().take(SOME).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SOME) {
        0 => few,
        left => format!("{few} and {left} more"),
    }
}

#[component]
pub fn MachineNames(names: Vec<String>) -> impl IntoView {
    let left = names.len().saturating_sub(MOST);
    let name = |name: &String| view! { <li class="chip" title=name.clone()><bdi>{name.clone()}</bdi></li> };
    view! {
        <ul class="chips" aria-label="Machines">
            {names.iter().take(MOST).map(name).collect::<Vec<_>>()}
            {(left > 0).then(|| view! { <li class="chip">{format!("and {left} more")}</li> })}
        </ul>
    }
}
