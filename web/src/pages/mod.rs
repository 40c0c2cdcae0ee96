//! The pages, a folder or a file each.
mod activity;
mod jit;
mod machines;
mod not_found;
mod requests;
mod rules;
mod settings;
mod workbench;

pub use jit::JitPage;
pub use machines::MachinesPage;
pub use not_found::NotFound;

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use crate::dom::view;
use crate::later::{Draw, Loading, Root, Unloaded, later};
use crate::route::Page;
use crate::state::Workbench;
use crate::ui::PageHeading;
use activity::ActivityPage;
use requests::RequestsPage;
use rules::{RulePage, RulesPage};
use settings::{SettingsPage, Start};
use workbench::WorkbenchPage;

/// What was done, and the settings: a visit seldom begins there, and their code is loaded when one of them is first
/// shown.
#[component]
pub fn RecordPage(page: Page) -> impl IntoView {
    later(|| -> Loading<Page> { Box::pin(records()) }, page, absent)
}

/// The first page where the data lives in this browser and there is none yet. Seen once, it comes with the settings, which
/// can do the same.
#[component]
pub fn StartPage() -> impl IntoView {
    later(|| -> Loading<Page> { Box::pin(records()) }, Page::Jit, absent)
}

#[wasm_split(records, fallible)]
#[allow(clippy::unnecessary_wraps, reason = "what fails is the loading")]
fn records() -> Result<Draw<Page>, Unloaded> {
    Ok(|page| match page {
        Page::Requests => view! { <RequestsPage /> }.into_any(),
        Page::Activity => view! { <ActivityPage /> }.into_any(),
        // In its place.
        Page::Jit => view! { <Start /> }.into_any(),
        _ => view! { <SettingsPage /> }.into_any(),
    })
}

/// What stands on a page that is not there yet.
fn absent(page: &Page, state: AnyView) -> AnyView {
    view! { <Coming page=page.clone()>{state}</Coming> }.into_any()
}

/// A page that is still to come: its name, and why it is not there yet.
#[component]
pub fn Coming(page: Page, children: Children) -> impl IntoView {
    view! {
        <div class="page" data-coming="">
            <PageHeading title=page.title() coming=true />
            {children()}
        </div>
    }
}

/// The workbench, the rules and their pages, whose code is loaded when one of them is first shown.
#[component]
pub fn ToolPage(page: Page) -> impl IntoView {
    later(|| -> Loading<Page> { Box::pin(tools()) }, page, absent)
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
