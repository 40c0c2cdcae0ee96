//! What reaches a machine without any request: which port, from where, and the rules that let it in.
use leptos::prelude::*;

use super::words;
use crate::api::{Exposed, Machine, Rule};
use crate::dom::view;
use crate::parts::{nothing_filters, sources};
use crate::ui::framed_table;

/// So many sources stand in a row; the rest is counted.
const MOST: usize = 8;

/// A table, or that there is nothing: only where the network is known.
pub fn exposed(machine: &Machine, all: &[Exposed], protected: bool) -> AnyView {
    if all.is_empty() {
        let words = match (words::unknown(machine), protected) {
            (Some(_), _) => "Nothing is known.",
            (None, true) if machine.policies.is_empty() => "No policy protects a port of this machine.",
            (None, true) => "No rule that is known lets anybody in past just-in-time access.",
            (None, false) => "None that is known to be reached.",
        };
        return view! { <p class="note">{words}</p> }.into_any();
    }
    let label =
        if protected { "Reached in spite of just-in-time access" } else { "Unprotected management ports" };
    framed_table(
        label,
        "table table-lines table-cards",
        &["Port", "Source IPs", "Let in by", "When"],
        all.iter().map(|one| row(one, !machine.policies.is_empty())).collect::<Vec<_>>(),
    )
}

fn row(one: &Exposed, has_jit: bool) -> AnyView {
    let protocol = if one.protocol == "*" { "Any" } else { &one.protocol };
    let shown: Vec<String> = one.sources.iter().take(MOST).cloned().collect();
    let hidden = u64::try_from(one.sources.len().saturating_sub(shown.len())).unwrap_or(u64::MAX);
    let more = one.more.saturating_add(hidden);
    let more = (more > 0).then(|| format!(" and {more} more"));
    let when = if one.as_found {
        "As it was imported"
    } else if has_jit {
        "Also with JIT's rules in place"
    } else {
        "Now"
    };
    view! {
        <tr>
            <th scope="row">{format!("{protocol} {}", one.port)}</th>
            <td data-name="Source IPs" class="cell-wide">
                <bdi>{sources(&shown)}</bdi>
                {more}
                {one.internet.then(|| view! { <span class="badge badge-after" data-severity="security">"Internet"</span> })}
                {(!one.exact).then(|| view! { <div class="cell-note">"at most: not all of its network is known"</div> })}
            </td>
            <td data-name="Let in by" class="cell-wide">{rules(one)}</td>
            <td data-name="When">{when}</td>
        </tr>
    }
    .into_any()
}

fn rules(one: &Exposed) -> AnyView {
    if one.let_in_by.is_empty() && one.unfiltered.is_empty() {
        return if one.exact { "No rule: nothing stops it" } else { "Not known" }.into_any();
    }
    let rule = |rule: &Rule| {
        let priority = rule.priority.map(|priority| format!(", priority {priority}"));
        let place = (!rule.resource.is_empty()).then(|| view! { " in "<bdi>{rule.resource.clone()}</bdi> });
        view! { <li><bdi><strong>{rule.name.clone()}</strong></bdi>{place}{priority}</li> }
    };
    let bare = (!one.unfiltered.is_empty()).then(|| {
        view! { <li><strong>"No rule: "</strong>{nothing_filters(&one.unfiltered)}</li> }
    });
    view! { <ul class="plain-list">{bare}{one.let_in_by.iter().map(rule).collect::<Vec<_>>()}</ul> }
        .into_any()
}
