//! A line of text to copy.
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Glyph, Icon, Toast};
use crate::browser;
use crate::dom::view;

#[component]
pub fn CopyLine(
    /// What it is, as in `SSH command`.
    label: &'static str,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    let toast = expect_context::<Toast>();
    let copy = move |_| {
        spawn_local(async move {
            let copied = browser::copy(&text.get_untracked()).await.is_ok();
            toast.say(if copied { "Copied" } else { "The browser does not let this page use the clipboard" });
        });
    };
    view! {
        <div class="copy-line">
            <code class="copy-text" tabindex="0" role="group" aria-label=label><bdi>{move || text.get()}</bdi></code>
            <button type="button" class="button button-small" aria-label=format!("Copy the {label}") on:click=copy>
                <Icon glyph=Glyph::Copy />
                <span>"Copy"</span>
            </button>
        </div>
    }
}
