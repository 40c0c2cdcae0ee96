//! The pages, a folder or a file each.
mod activity;
mod jit;
mod machines;
mod not_found;
mod requests;
mod rules;
mod settings;
mod workbench;

pub use activity::ActivityPage;
pub use jit::JitPage;
pub use machines::MachinesPage;
pub use not_found::NotFound;
pub use requests::RequestsPage;
pub use settings::{SettingsPage, Start};

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use crate::dom::view;
use crate::later::{Draw, Loading, Root, Unloaded, later};
use crate::route::Page;
use crate::state::Workbench;
use rules::{RulePage, RulesPage};
use workbench::WorkbenchPage;

/// The workbench, the rules and their pages, whose code is loaded when one of them is first shown.
#[component]
pub fn ToolPage(page: Page) -> impl IntoView {
    later(
        || -> Loading<Page> { Box::pin(tools()) },
        page,
        |state| view! { <div class="page">{state}</div> }.into_any(),
    )
}

#[wasm_split(tools, fallible)]
#[allow(clippy::unnecessary_wraps, reason = "what fails is the loading")]
fn tools() -> Result<Draw<Page>, Unloaded> {
    Ok(|page| {
        if use_context::<Workbench>().is_none() {
            expect_context::<Root>().with(Workbench::provide);
        }
        match page {
            Page::Rules => view! { <RulesPage /> }.into_any(),
            Page::Rule(code) => view! { <RulePage code /> }.into_any(),
            _ => view! { <WorkbenchPage /> }.into_any(),
        }
    })
}
