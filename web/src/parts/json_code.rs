//! A block of JSON in colours, to be read.
use leptos::prelude::*;

use super::{Token, tokens};
use crate::dom::view;

#[component]
pub fn JsonCode(
    #[prop(into)] text: String,
    /// What it is, for those who do not see where it stands.
    label: &'static str,
) -> impl IntoView {
    let piece = |(token, text): (Token, &str)| {
        let text = text.to_owned();
        match token {
            Token::Plain => text.into_any(),
            _ => view! { <span class=token.class()>{text}</span> }.into_any(),
        }
    };
    let line = |line: &str| {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        view! { {tokens(line).into_iter().map(piece).collect_view()} {end} }
    };
    // Long lines scroll: whoever has no mouse must be able to focus them.
    view! {
        <pre class="code" tabindex="0" role="group" aria-label=label>
            <code>{text.split_inclusive('\n').map(line).collect_view()}</code>
        </pre>
    }
}
