//! The rules that just-in-time access writes for a machine, and those that it moves.
use jitgate_core::preview::{RuleChange, RuleChanges, RuleMove};
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::framed_table;

pub fn written(rules: &RuleChanges) -> Option<AnyView> {
    let (added, moved, removed) = (rules.added.len(), rules.moved.len(), rules.removed.len());
    if added == 0 && moved == 0 && removed == 0 {
        return None;
    }
    let counts = [(added, "written"), (moved, "moved"), (removed, "taken away")];
    let counts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let rows = rules.added.iter().map(|it| (if it.for_request { "while open" } else { "at rest" }, it));
    let rows = rows.chain(rules.removed.iter().map(|it| ("taken away", it)));
    let rows: Vec<_> =
        rows.map(|(when, change)| row(when, change)).chain(rules.moved.iter().map(move_row)).collect();
    let table =
        framed_table("Rules of JIT", "table", &["When", "In", "Priority", "Access", "Traffic", "Name"], rows);
    Some(
        view! {
            <details class="exact">
                <summary>"Rules of JIT: "{counts.join(", ")}</summary>
                {table}
            </details>
        }
        .into_any(),
    )
}

fn row(when: &'static str, change: &RuleChange) -> AnyView {
    let rule = &change.rule;
    let to = match &rule.translated {
        Some((address, port)) => format!("{}, on to {address} port {port}", rule.destinations.join(", ")),
        None => rule.destinations.join(", "),
    };
    let traffic = format!("{} {} from {}", rule.protocol, rule.ports.join(", "), rule.sources.join(", "));
    let traffic = if to.is_empty() { traffic } else { format!("{traffic} to {to}") };
    view! {
        <tr>
            <td>{when}</td>
            <td title=change.resource.id.clone()><bdi>{change.resource.name.clone()}</bdi></td>
            <td>{rule.priority}</td>
            <td>{rule.access.clone()}</td>
            <td>{traffic}</td>
            <td title=rule.description.clone()><bdi>{rule.name.clone()}</bdi></td>
        </tr>
    }
    .into_any()
}

fn move_row(moved: &RuleMove) -> AnyView {
    view! {
        <tr>
            <td>"moved"</td>
            <td title=moved.resource.id.clone()><bdi>{moved.resource.name.clone()}</bdi></td>
            <td>{moved.from}" → "{moved.to}</td>
            <td></td>
            <td></td>
            <td><bdi>{moved.name.clone()}</bdi></td>
        </tr>
    }
    .into_any()
}
