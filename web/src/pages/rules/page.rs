//! A rule's page: what it finds, why that matters, what is wrong and what is right.
use jitgate_core::rules::Code;
use leptos::prelude::*;

use super::markdown::Markdown;
use super::texts::Texts;
use crate::dom::view;
use crate::pages::NotFound;
use crate::parts::SeverityBadge;
use crate::ui::PageHeading;

#[component]
pub fn RulePage(
    /// Its code or its name.
    code: String,
) -> impl IntoView {
    match Code::find(&code) {
        Some(code) => article(code),
        None => view! { <NotFound /> }.into_any(),
    }
}

fn article(code: Code) -> AnyView {
    let meta = code.meta();
    let texts = Texts::wanted();
    view! {
        <div class="page page-text">
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol>
                    <li><a class="link" href="/rules">"Rules"</a></li>
                    <li><a class="link" href=format!("/rules?family={}", code.family().as_str())>{code.family().title()}</a></li>
                    <li aria-current="page">{code.id()}</li>
                </ol>
            </nav>
            <PageHeading title=format!("{} {}", code.id(), meta.name)>
                <span class="rule-code">{code.id()}</span>" "{meta.name}
            </PageHeading>
            <p class="rule-badges">
                <SeverityBadge severity=meta.severity />
                {meta.fixable.then(|| view! { <span class="badge">"fixable"</span> })}
                {meta.contested.then(|| view! { <span class="badge">"contested"</span> })}
            </p>
            {move || texts.of(code).map(|text| view! { <Markdown text /> })}
            {move || texts.missing()}
            <Neighbours code />
        </div>
    }
    .into_any()
}

/// The rules before and after this one.
#[component]
fn Neighbours(code: Code) -> impl IntoView {
    let at = Code::ALL.iter().position(|&other| other == code).unwrap_or_default();
    let before = at.checked_sub(1).and_then(|index| Code::ALL.get(index));
    let after = Code::ALL.get(at.saturating_add(1));
    let link = |code: &Code, word: &'static str, class: &'static str| {
        view! {
            <li class=class>
                <a class="link" href=format!("/rules/{}", code.id())>
                    <span class="neighbour-word">{word}</span>
                    <span>{code.id()}" "{code.meta().name}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="neighbours" aria-label="Previous and next rule">
            <ul>
                {before.map(|code| link(code, "Previous", "neighbour-before"))}
                {after.map(|code| link(code, "Next", "neighbour-after"))}
            </ul>
        </nav>
    }
}
