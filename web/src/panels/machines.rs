//! The machines that a panel is about, by name.
use leptos::prelude::*;

use crate::dom::view;

/// So many names are shown at once.
const MOST: usize = 12;

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
