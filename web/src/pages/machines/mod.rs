//! Virtual machines: all of them, or one with its settings, its connection and its exposure.
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::PageHeading;

#[component]
pub fn MachinesPage() -> impl IntoView {
    view! {
        <div class="page page-wide">
            <PageHeading title="Virtual machines" />
        </div>
    }
    .into_any()
}
