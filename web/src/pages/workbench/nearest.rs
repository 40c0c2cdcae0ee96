//! The request nearest to a refused one that would be granted, one click away.
use jitgate_core::decide::Subject;
use leptos::prelude::*;

use crate::dom::view;
use crate::parts::JsonCode;
use crate::state::{Outcome, Workbench};
use crate::ui::{CodeText, Glyph, Icon, Toast};

#[component]
pub fn NearestRequest(outcome: Outcome) -> impl IntoView {
    let workbench = expect_context::<Workbench>();
    let toast = expect_context::<Toast>();
    let Some(nearest) = &outcome.decision.nearest else {
        let broken = outcome.decision.reasons.iter().any(|reason| reason.document == Subject::Policy);
        let words = if broken {
            "Mend the policy first: only then can it be said which request would be granted."
        } else {
            "No request for these machines and ports would be granted as things stand."
        };
        return view! { <p class="decision-none">{words}</p> }.into_any();
    };
    let body = outcome.nearest_body().unwrap_or_default();
    let text = body.clone();
    let take = move |_| {
        workbench.request.open(text.clone(), None);
        toast.say("The request was replaced: it is granted now");
    };
    let changes: Vec<_> =
        nearest.changes.iter().map(|change| view! { <li><CodeText text=change.clone() /></li> }).collect();
    view! {
        <div class="nearest">
            <h3 class="nearest-title">"The nearest request that would be granted"</h3>
            <ul class="nearest-changes">{changes}</ul>
            <button type="button" class="button button-primary" on:click=take>
                <Icon glyph=Glyph::Check />
                <span>"Use this request"</span>
            </button>
            <details class="nearest-body">
                <summary>"Show it"</summary>
                <JsonCode text=body label="The nearest request" />
            </details>
        </div>
    }
    .into_any()
}
