//! The list of pages: beside the page where there is room, otherwise opened by the header's button.
use leptos::html::Nav;
use leptos::prelude::*;

use crate::api::Keeper;
use crate::dom::view;
use crate::route::{Page, Route};
use crate::state::Session;
use crate::ui::{Glyph, Icon};

/// The id by which the header's button opens it.
pub const NAVIGATION: &str = "navigation";

/// Address, icon.
const PAGES: [(&str, Glyph); 7] = [
    ("/", Glyph::Shield),
    ("/machines", Glyph::Machine),
    ("/requests", Glyph::Clock),
    ("/activity", Glyph::Log),
    ("/workbench", Glyph::Workbench),
    ("/rules", Glyph::Rules),
    ("/settings", Glyph::Settings),
];

#[component]
pub fn Navigation() -> impl IntoView {
    let path = expect_context::<Route>().path();
    let nav = NodeRef::<Nav>::new();
    let close = move |_| {
        if let Some(nav) = nav.get_untracked() {
            // Fails when it is not open, as it never is where there is room.
            let _closed = nav.hide_popover();
        }
    };
    let current = move |href: &'static str| {
        path.with(|path| {
            let below = path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
            (path == href || below && href != "/").then_some("page")
        })
    };
    let item = move |(href, glyph): (&'static str, Glyph)| {
        view! {
            <li>
                <a class="nav-link" href=href aria-current=move || current(href) on:click=close>
                    <Icon glyph />
                    <span>{Page::at(href).title().to_owned()}</span>
                </a>
            </li>
        }
    };
    let session = expect_context::<Session>();
    let note = move || match session.keeper.get() {
        Keeper::Browser => "All data is kept in this browser. Nothing you put here is sent anywhere.",
        Keeper::Server => "Data is kept by this server. What you put on the workbench stays in this browser.",
    };
    view! {
        <nav class="nav" id=NAVIGATION popover="auto" aria-label="Pages" node_ref=nav>
            <ul class="nav-list">{PAGES.map(item).collect_view()}</ul>
            <p class="nav-note">{note}</p>
        </nav>
    }
}
