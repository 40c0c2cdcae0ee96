//! Settings: where the data lives, the theme, who is signed in and what they may do.
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::PageHeading;

#[component]
pub fn SettingsPage() -> impl IntoView {
    view! {
        <div class="page page-wide">
            <PageHeading title="Settings" />
        </div>
    }
    .into_any()
}
