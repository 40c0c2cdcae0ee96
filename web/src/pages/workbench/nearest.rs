//! The request nearest to a refused one that would be granted, one click away.
use jitgate_core::decide::Subject;
use js_sys::{JSON, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

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
    let body = indented(&outcome.json).unwrap_or_default();
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

/// The request's body out of a decision's JSON, with two spaces for each level.
fn indented(decision: &str) -> Option<String> {
    let nearest = Reflect::get(&JSON::parse(decision).ok()?, &"nearest".into()).ok()?;
    JSON::stringify_with_replacer_and_space(&nearest, &JsValue::NULL, &2.into()).ok().map(Into::into)
}
