//! What reaches a protected port in spite of just-in-time access: by which rule, and what closes it.
use jitgate_core::preview::{MachinePreview, Residual, RuleChange};
use leptos::prelude::*;

use crate::dom::view;
use crate::parts::{Flow, flows, protocol};
use crate::ui::{CodeText, Glyph, Icon};

const MOST: usize = 6;

/// `machine` is the one that it is about.
pub fn exposure(machine: &MachinePreview, residual: &Residual) -> AnyView {
    let port = format!("{} {}", protocol(residual.protocol), residual.port);
    let sure = if residual.traffic.surely.is_empty() { "may stay" } else { "stays" };
    let when = if residual.as_found { "as the network is now" } else { "after JIT has written its rules" };
    let all = flows(&residual.traffic.may);
    let left = all.len().saturating_sub(MOST);
    let lines = all.into_iter().take(MOST).map(|Flow { what, from, to, addresses, witness, .. }| {
        let title = format!("for example {witness}");
        view! { <li title=title><strong>{what}</strong>" from "{from}" to "{to}": "{addresses}" addresses"</li> }
    });
    let lines: Vec<_> = lines.collect();
    view! {
        <div class="exposure" data-severity="security">
            <span class="severity-icon" data-severity="security"><Icon glyph=Glyph::Security /></span>
            <div class="problem-body">
                <p class="problem-message">
                    <strong>"Residual exposure: "</strong>{port}" "{sure}" reachable in spite of JIT, "{when}
                </p>
                <ul class="exposure-flows">{lines}</ul>
                {(left > 0).then(|| view! { <p>{format!("and {left} more")}</p> })}
                {residual.let_in_by.iter().map(by).collect_view()}
                {(!residual.unfiltered.is_empty()).then(|| {
                    let text = format!("Nothing filters `{}`", residual.unfiltered);
                    view! { <p><CodeText text /></p> }
                })}
                {closing(machine, residual)}
            </div>
        </div>
    }
    .into_any()
}

fn by(change: &RuleChange) -> AnyView {
    let name = if change.rule.name.is_empty() {
        "a rule without a name".to_owned()
    } else {
        format!("rule `{}`", change.rule.name)
    };
    let priority = change.rule.priority.map(|priority| format!(", priority {priority}")).unwrap_or_default();
    let text = format!("Let in by {name} of `{}`{priority}", change.resource.name);
    view! { <p><CodeText text /></p> }.into_any()
}

fn closing(machine: &MachinePreview, residual: &Residual) -> Option<AnyView> {
    let closing = &residual.closing;
    let still = |other: &Residual| {
        !other.as_found && other.port == residual.port && other.protocol == residual.protocol
    };
    let mut steps = closing.steps.clone();
    if steps.is_empty() && residual.as_found && !machine.residual.iter().any(still) {
        steps.push("let JIT write its rules anew, by saving the policy again".to_owned());
    }
    if steps.is_empty() {
        return None;
    }
    let steps: Vec<_> = steps.into_iter().map(|text| view! { <li><CodeText text /></li> }).collect();
    let proved = closing
        .proved
        .then(|| view! { <p class="exposure-proof">"Tried: after that, nothing reaches the port."</p> });
    Some(
        view! {
            <div class="exposure-fix">
                <p><strong>"To close it"</strong></p>
                <ul>{steps}</ul>
                {proved}
            </div>
        }
        .into_any(),
    )
}
