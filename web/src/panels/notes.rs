//! What the core says, as notes below a control.
use jitgate_logic::draft::{Faults, Finding};
use leptos::prelude::*;

use crate::dom::view;
use crate::parts::SeverityIcon;
use crate::ui::{CodeText, Note};

/// So many are shown of what belongs to no field.
const MOST: usize = 8;

/// Message and help of each.
pub fn notes<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<Note> {
    let note = |finding: &Finding| Note { severity: finding.severity.as_str(), text: sentence(finding) };
    findings.map(note).collect()
}

/// With a capital letter and full stops.
pub fn sentence(finding: &Finding) -> String {
    let mut text = capital(&finding.message);
    text.push('.');
    if !finding.help.is_empty() {
        text.push(' ');
        text.push_str(&capital(&finding.help));
        text.push('.');
    }
    text
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// What belongs to no field, with the rule that says it.
#[component]
pub fn Elsewhere(faults: Signal<Faults>) -> impl IntoView {
    let finding = |finding: Finding| {
        let href = format!("/rules/{}", finding.code);
        view! {
            <li class="said">
                <SeverityIcon severity=finding.severity />
                <span class="said-words">
                    <CodeText text=sentence(&finding) />
                    " "
                    <a class="link" href=href target="_blank">{finding.code}</a>
                </span>
            </li>
        }
    };
    move || {
        let all = faults.with(Faults::elsewhere);
        let left = all.len().saturating_sub(MOST);
        (!all.is_empty()).then(|| {
            view! {
                <ul class="said-list" aria-label="What there is to say">
                    {all.into_iter().take(MOST).map(finding).collect::<Vec<_>>()}
                    {(left > 0).then(|| view! { <li class="said">{format!("And {left} more.")}</li> })}
                </ul>
            }
        })
    }
}
