//! The catalogue: all rules by family, with a search.
use jitgate_core::rules::{Code, Family};
use leptos::prelude::*;

use super::filter::{FilterBar, use_filter};
use super::texts::Texts;
use crate::dom::view;
use crate::parts::SeverityBadge;
use crate::route::Page;
use crate::ui::{CodeText, PageHeading, unique};

#[component]
pub fn RulesPage() -> impl IntoView {
    let filter = use_filter();
    let texts = Texts::wanted();
    let found = Memo::new(move |_| {
        filter.with(|filter| {
            Code::ALL.iter().copied().filter(|&code| filter.takes(code, texts)).collect::<Vec<_>>()
        })
    });
    let count = move || match found.with(Vec::len) {
        0 => "No rule matches".to_owned(),
        1 => "1 rule".to_owned(),
        count => format!("{count} rules"),
    };
    let families = move || {
        found.with(|found| {
            let part = |family: Family| {
                let codes: Vec<Code> = found.iter().copied().filter(|code| code.family() == family).collect();
                (!codes.is_empty()).then(|| group(family, &codes))
            };
            Family::ALL.map(part).into_iter().flatten().collect_view()
        })
    };
    view! {
        <div class="page">
            <div class="page-head">
                <div class="page-words">
                    <PageHeading title=Page::Rules.title() />
                    <p class="page-lead">"Everything that jitgate finds in policies and requests, and why it matters."</p>
                </div>
            </div>
            <FilterBar filter />
            // Only a search needs them.
            {move || (!filter.with(|filter| filter.text.is_empty())).then(|| texts.missing())}
            <p class="rules-count" role="status">{count}</p>
            {families}
            {move || found.with(Vec::is_empty).then(nothing)}
        </div>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! { <p class="rules-none">"Try fewer words, or "<a class="link" href="/rules">"show all rules"</a>"."</p> }
        .into_any()
}

fn group(family: Family, codes: &[Code]) -> AnyView {
    let id = unique("family");
    let own = id.clone();
    let row = |&code: &Code| {
        let meta = code.meta();
        view! {
            <li class="rule">
                <a class="rule-link" href=format!("/rules/{}", code.id())>
                    <span class="rule-code">{code.id()}</span>
                    <span class="rule-name">{meta.name}</span>
                </a>
                <p class="rule-summary"><CodeText text=meta.summary /></p>
                <p class="rule-badges">
                    <SeverityBadge severity=meta.severity />
                    {meta.fixable.then(|| view! { <span class="badge">"fixable"</span> })}
                </p>
            </li>
        }
    };
    view! {
        <section class="family" aria-labelledby=own>
            <h2 class="family-title" id=id>{family.title()}<span class="family-count">{codes.len()}</span></h2>
            <ul class="rule-list">{codes.iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}
