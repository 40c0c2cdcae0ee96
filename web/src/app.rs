//! The application: what all pages share, and which page stands at which address.
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::pages::{NotFound, RulePage, RulesPage, WorkbenchPage};
use crate::shell::Frame;
use crate::state::{Theme, Workbench};
use crate::ui::{Navigated, Toast};

#[component]
pub fn App() -> impl IntoView {
    Theme::provide();
    Toast::provide();
    Navigated::provide();
    Workbench::provide();
    view! {
        <Router>
            <Frame>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=WorkbenchPage />
                    <Route path=path!("/rules") view=RulesPage />
                    <Route path=path!("/rules/:code") view=RulePage />
                </Routes>
            </Frame>
        </Router>
    }
}
