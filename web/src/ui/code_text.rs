//! Messages: what stands between backticks is code.
use leptos::prelude::*;

use crate::dom::view;

/// The text with its backticked parts as `<code>`.
#[component]
pub fn CodeText(#[prop(into)] text: String) -> impl IntoView {
    text.split('`')
        .enumerate()
        .map(|(index, part)| {
            // A value may hold marks that turn the direction of what follows: it is kept to itself.
            if index % 2 == 1 {
                view! { <code><bdi>{part.to_owned()}</bdi></code> }.into_any()
            } else {
                part.to_owned().into_any()
            }
        })
        .collect_view()
}

/// The text without its backticks, where there is no place for `<code>`.
pub fn plain(text: &str) -> String {
    text.replace('`', "")
}
