//! The application: what all pages share, and which page is shown.
use leptos::prelude::*;

use crate::dom::view;
use crate::later::Root;
use crate::pages::{JitPage, MachinesPage, NotFound, RecordPage, ToolPage};
use crate::panels::PanelHost;
use crate::route::{Page, Route};
use crate::shell::Frame;
use crate::shell::SignedIn;
use crate::state::{Fleet, Panels, Session, Theme};
use crate::ui::{Modals, Navigated, Toast};

#[component]
pub fn App() -> impl IntoView {
    Root::provide();
    Route::provide();
    Theme::provide();
    Toast::provide();
    Modals::provide();
    Navigated::provide();
    Session::provide();
    Fleet::provide(expect_context::<Session>());
    Panels::provide();
    let path = expect_context::<Route>().path();
    let page = Memo::new(move |_| path.with(|path| Page::at(path)));
    let navigated = expect_context::<Navigated>();
    let moved = move |page| {
        navigated.moved();
        page
    };
    view! {
        <Frame>
            {move || match moved(page.get()) {
                Page::Jit => view! { <SignedIn page=Page::Jit><JitPage /></SignedIn> }.into_any(),
                Page::Machines => view! { <SignedIn page=Page::Machines><MachinesPage /></SignedIn> }.into_any(),
                page @ (Page::Requests | Page::Activity) => {
                    view! { <SignedIn page=page.clone()><RecordPage page=page.clone() /></SignedIn> }.into_any()
                }
                page @ Page::Settings => view! { <RecordPage page /> }.into_any(),
                page @ (Page::Workbench | Page::Rules | Page::Rule(_)) => {
                    view! { <ToolPage page /> }.into_any()
                }
                Page::Unknown => view! { <NotFound /> }.into_any(),
            }}
        </Frame>
        <PanelHost />
    }
}
