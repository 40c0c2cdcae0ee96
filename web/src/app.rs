//! The application: what all pages share, and which page is shown.
use leptos::prelude::*;

use crate::dom::view;
use crate::pages::{NotFound, RulePage, RulesPage, WorkbenchPage};
use crate::route::{Page, Route};
use crate::shell::Frame;
use crate::state::{Theme, Workbench};
use crate::ui::{Navigated, Toast};

#[component]
pub fn App() -> impl IntoView {
    Route::provide();
    Theme::provide();
    Toast::provide();
    Navigated::provide();
    Workbench::provide();
    let path = expect_context::<Route>().path();
    let page = Memo::new(move |_| path.with(|path| Page::at(path)));
    view! {
        <Frame>
            {move || match page.get() {
                Page::Workbench => view! { <WorkbenchPage /> }.into_any(),
                Page::Rules => view! { <RulesPage /> }.into_any(),
                Page::Rule(code) => view! { <RulePage code /> }.into_any(),
                Page::Unknown => view! { <NotFound /> }.into_any(),
            }}
        </Frame>
    }
}
