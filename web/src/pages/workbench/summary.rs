//! What was found, in short: to be seen beside each document, and to be heard once the user pauses.
use std::time::Duration;

use jitgate_core::{Kind, Severity};
use leptos::prelude::*;

use crate::browser::Debounce;
use crate::dom::view;
use crate::parts::{SeverityIcon, counted};
use crate::state::{Document, Workbench};

const PAUSE: Duration = Duration::from_millis(1200);

/// A kind in words.
pub const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Policy => "policy",
        Kind::PolicyList => "list of policies",
        Kind::Request => "request",
        Kind::StoredRequest => "stored request",
        Kind::Template => "template",
        Kind::Network => "network",
        Kind::Unknown => "unknown document",
    }
}

/// `2 errors, 1 warning`; `nothing to report`; empty for an empty editor.
fn in_words(document: Document) -> String {
    document.findings.with(|findings| {
        if findings.source.is_blank() {
            return String::new();
        }
        let counts = Severity::ALL.map(|severity| (severity, findings.count(severity)));
        let words: Vec<String> = counts
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|&(severity, count)| counted(severity, count))
            .collect();
        if words.is_empty() { "nothing to report".to_owned() } else { words.join(", ") }
    })
}

/// The counts of one document with their icons.
#[component]
pub fn Summary(document: Document) -> impl IntoView {
    let counts = Memo::new(move |_| {
        document.findings.with(|findings| Severity::ALL.map(|severity| (severity, findings.count(severity))))
    });
    let blank = Memo::new(move |_| document.findings.with(|findings| findings.source.is_blank()));
    move || {
        let found = counts.get().into_iter().filter(|(_, count)| *count > 0);
        let items: Vec<_> = found
            .map(|(severity, count)| {
                view! { <li class="count"><SeverityIcon severity />{counted(severity, count)}</li> }
            })
            .collect();
        match (blank.get(), items.is_empty()) {
            (true, _) => view! { <p class="counts-none">"Empty"</p> }.into_any(),
            (false, true) => view! { <p class="counts-none">"Nothing to report"</p> }.into_any(),
            (false, false) => view! { <ul class="counts">{items}</ul> }.into_any(),
        }
    }
}

/// The same and the decision for screen readers, not at every key press.
#[component]
pub fn SpokenSummary() -> impl IntoView {
    let workbench = expect_context::<Workbench>();
    let words = Memo::new(move |_| {
        let documents = [("Policy", workbench.policy), ("Request", workbench.request)];
        let mut parts: Vec<String> = documents
            .into_iter()
            .map(|(name, document)| (name, in_words(document)))
            .filter(|(_, words)| !words.is_empty())
            .map(|(name, words)| format!("{name}: {words}."))
            .collect();
        if let Some(outcome) = workbench.outcome.get() {
            parts.push(if outcome.decision.is_granted() { "Granted.".into() } else { "Refused.".into() });
        }
        parts.join(" ")
    });
    let (spoken, pause) = (RwSignal::new(String::new()), Debounce::new());
    // A pause is not a value that could be derived.
    Effect::new(move |_| {
        let words = words.get();
        pause.after(PAUSE, move || spoken.set(words));
    });
    on_cleanup(move || pause.cancel());
    view! { <p class="visually-hidden" role="status">{move || spoken.get()}</p> }
}
