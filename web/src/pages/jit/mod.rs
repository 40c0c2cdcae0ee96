//! Just-in-time VM access: the machines by what just-in-time access means to them.
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::PageHeading;

#[component]
pub fn JitPage() -> impl IntoView {
    view! {
        <div class="page page-wide">
            <PageHeading title="Just-in-time VM access" />
        </div>
    }
    .into_any()
}
