//! The activity log: who did what, when.
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::PageHeading;

#[component]
pub fn ActivityPage() -> impl IntoView {
    view! {
        <div class="page page-wide">
            <PageHeading title="Activity log" />
        </div>
    }
    .into_any()
}
