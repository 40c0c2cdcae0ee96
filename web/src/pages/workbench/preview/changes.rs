//! What the user's changes of the policy let people open, or not any more: against the document as it was opened.
use jitgate_core::preview::{Diff, OpenableChange};
use leptos::prelude::*;

use crate::dom::{Child, view};
use crate::parts::grouped;
use crate::state::Workbench;
use crate::ui::unique;

const MOST: usize = 50;

/// Nothing before the first change.
#[component]
pub fn ChangesPanel() -> impl IntoView {
    let workbench = expect_context::<Workbench>();
    let some = Memo::new(move |_| workbench.changes.with(Option::is_some));
    let body = move || workbench.changes.with(|changes| changes.as_ref().map(|changes| body(&changes.0)));
    let panel = move || {
        let heading = unique("changes");
        view! {
            <section class="panel changes" aria-labelledby=heading.clone()>
                <div class="panel-head">
                    <h2 class="panel-title" id=heading>"Your changes"</h2>
                    <span class="kind">"against the policy as it was opened"</span>
                </div>
                {body}
            </section>
        }
    };
    Child::view(move || some.get().then(panel))
}

fn body(diff: &Diff) -> AnyView {
    let unknown = (!diff.complete).then(|| {
        view! {
            <p class="preview-note">
                "One of the two versions has errors, or values that are not known: there may be more to it."
            </p>
        }
    });
    let list = if diff.is_equal() {
        view! { <p class="network-none">"Nobody can open anything more or less than before."</p> }.into_any()
    } else {
        let left = diff.openable.len().saturating_sub(MOST);
        view! {
            <ul class="flows change-list" aria-label="What your changes make possible and impossible">
                {diff.openable.iter().take(MOST).map(line).collect_view()}
            </ul>
            {(left > 0).then(|| view! { <p class="network-none">{format!("And {left} more.")}</p> })}
        }
        .into_any()
    };
    view! { {unknown}{list} }.into_any()
}

fn line(change: &OpenableChange) -> AnyView {
    let opens = change.opens();
    let (mark, data) = if opens { ("+", "opens") } else { ("−", "closes") };
    let stays = change.before.is_some() && change.after.is_some();
    let word = match (opens, stays) {
        (true, true) => "for longer: ",
        (true, false) => "becomes possible: ",
        (false, true) => "for a shorter time: ",
        (false, false) => "becomes impossible: ",
    };
    let name = change.machine.rsplit('/').next().unwrap_or_default().to_owned();
    let addresses: u64 = change
        .sources
        .iter()
        .map(|&(first, last)| u64::from(last.saturating_sub(first)).saturating_add(1))
        .fold(0, u64::saturating_add);
    let addresses = grouped(&addresses.to_string());
    let addresses = if addresses == "1" { "1 address".to_owned() } else { format!("{addresses} addresses") };
    view! {
        <li class="flow" data-change=data>
            <span class="flow-mark" aria-hidden="true">{mark}</span>
            <span class="visually-hidden">{word}</span>
            <span>
                <strong title=change.machine.clone()><bdi>{name}</bdi></strong>": "{change.to_string()}
                <span class="flow-to">{format!(" ({addresses})")}</span>
            </span>
        </li>
    }
    .into_any()
}
