//! A text to copy.
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Glyph, Icon, Toast};
use crate::browser;
use crate::dom::view;

/// What is said where the clipboard refuses a text that is shown.
pub const REFUSED: &str = "The browser does not let this page copy: select the text, and copy it yourself";

/// A button that puts a text into the clipboard, and says whether that was done.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    #[prop(default = "button button-small")] class: &'static str,
    #[prop(default = "Copy")] words: &'static str,
    /// What it is called, where that is more than its words.
    #[prop(optional)]
    label: Option<String>,
    /// What is said where the clipboard refuses a text, if that is not always shown.
    #[prop(optional)]
    refused: Option<fn(&str) -> &'static str>,
) -> impl IntoView {
    let toast = expect_context::<Toast>();
    let copy = move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            let copied = browser::copy(&text).await.is_ok();
            let refused = || refused.map_or(REFUSED, |refused| refused(&text));
            toast.say(if copied { "Copied" } else { refused() });
        });
    };
    view! {
        <button type="button" class=class aria-label=label on:click=copy>
            <Icon glyph=Glyph::Copy />
            <span>{words}</span>
        </button>
    }
}

#[component]
pub fn CopyLine(
    /// What it is, as in `SSH command`.
    label: &'static str,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="copy-line">
            <code class="copy-text" tabindex="0" role="group" aria-label=label><bdi>{move || text.get()}</bdi></code>
            <CopyButton text label=format!("Copy the {label}") />
        </div>
    }
}
