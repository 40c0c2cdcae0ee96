//! What stands at an address that is none of ours.
use leptos::prelude::*;

use crate::dom::view;
use crate::route::{Page, Route};
use crate::ui::PageHeading;

#[component]
pub fn NotFound() -> impl IntoView {
    let path = expect_context::<Route>().path();
    view! {
        <div class="page page-text">
            <PageHeading title=Page::Unknown.title() />
            <p>
                "There is no page at " <code><bdi>{move || path.get()}</bdi></code>
                ". The address may be mistyped, or the page may have moved."
            </p>
            <ul class="links">
                <li><a class="link" href="/">"Just-in-time VM access"</a>": see and open what is protected"</li>
                <li><a class="link" href="/workbench">"Workbench"</a>": check a policy and decide a request"</li>
                <li><a class="link" href="/rules">"Rules"</a>": everything that jitgate finds, with examples"</li>
            </ul>
        </div>
    }
    .into_any()
}
