//! Requests: live, scheduled and past.
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::PageHeading;

#[component]
pub fn RequestsPage() -> impl IntoView {
    view! {
        <div class="page page-wide">
            <PageHeading title="Requests" />
        </div>
    }
    .into_any()
}
