//! The list of what was found in a document.
use leptos::prelude::*;

use super::problem::problem;
use super::summary::Summary;
use super::viewport::Viewport;
use crate::dom::view;
use crate::state::Document;
use crate::ui::{Glyph, Icon, Toast, go_on};

/// How many are shown at first, and how many more each time.
const PAGE: usize = 50;

#[component]
pub fn Problems(document: Document, viewport: Viewport) -> impl IntoView {
    let limit = RwSignal::new(PAGE);
    let count = Memo::new(move |_| document.diagnostics.with(|found| found.len()));
    let items = move || {
        document.diagnostics.with(|found| {
            let shown = found.iter().take(limit.get()).enumerate();
            shown.map(|(index, finding)| problem(document, viewport, index, finding)).collect_view()
        })
    };
    let label = format!("Findings in the {}", document.name());
    let rows = format!("[aria-label='{label}'] > li");
    let more = move || {
        let left = count.get().saturating_sub(limit.get());
        (left > 0).then(|| {
            let rows = rows.clone();
            let show = move |_| {
                let before = limit.get_untracked();
                limit.set(before.saturating_add(PAGE));
                go_on(rows.clone(), before);
            };
            view! {
                <button type="button" class="button problems-more" on:click=show>
                    {format!("Show more ({left} left)")}
                </button>
            }
        })
    };
    view! {
        <div class="problems">
            <div class="problems-head">
                <Summary document />
                <FixAll document />
            </div>
            <ol class="problem-list" aria-label=label>{items}</ol>
            {more}
        </div>
    }
    .into_any()
}

/// Applies every safe fix at once.
#[component]
fn FixAll(document: Document) -> impl IntoView {
    let toast = expect_context::<Toast>();
    let safe = Memo::new(move |_| {
        document.diagnostics.with(|found| {
            found.iter().filter(|finding| finding.fix.as_ref().is_some_and(|fix| fix.safe)).count()
        })
    });
    let fixes =
        |count: usize| if count == 1 { "1 safe fix".to_owned() } else { format!("{count} safe fixes") };
    let apply = move |_| {
        let applied = document.mend(|_, fix| fix.safe);
        toast.say(format!("Applied {}", fixes(applied)));
    };
    move || {
        (safe.get() > 0).then(|| {
            view! {
                <button type="button" class="button button-primary" on:click=apply>
                    <Icon glyph=Glyph::Wrench />
                    <span>{format!("Apply {}", fixes(safe.get()))}</span>
                </button>
            }
        })
    }
}
