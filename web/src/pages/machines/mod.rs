//! Virtual machines: all of them, or one with its settings, its connection and its exposure.
mod configuration;
mod connect;
mod enable;
mod exposure;
mod grants;
mod list;
mod machine;
mod overview;
mod residual;
mod words;

use leptos::prelude::*;

use crate::dom::view;
use crate::route::Route;
use list::MachineList;
use machine::MachinePage;

#[component]
pub fn MachinesPage() -> impl IntoView {
    let route = expect_context::<Route>();
    let id = Memo::new(move |_| route.query("id"));
    move || match id.get() {
        none if none.is_empty() => view! { <MachineList /> },
        id => view! { <MachinePage id /> },
    }
}
