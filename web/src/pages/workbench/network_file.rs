//! One file of the network: what it is, how long, and what is wrong with it.
use jitgate_core::{Diagnostic, Severity};
use leptos::prelude::*;

use super::place::in_words;
use super::problem::told;
use super::summary::kind_name;
use crate::dom::view;
use crate::parts::{SeverityIcon, counted};
use crate::state::{Network, NetworkFile, Workbench};
use crate::ui::{Glyph, Icon};

/// So many findings are listed; who has more mends these first.
const MOST: usize = 50;

#[component]
pub fn FileRow(network: Network, file: NetworkFile) -> impl IntoView {
    let workbench = expect_context::<Workbench>();
    let id = file.id;
    let report = Memo::new(move |_| workbench.file_report(id));
    let size = size(file.source.bytes.len());
    let kind = move || report.with(|report| report.as_ref().map(|report| kind_name(report.kind)));
    let name = file.name.clone();
    view! {
        <li class="network-file" key=id>
            <div class="network-file-head">
                <span class="network-file-name"><bdi>{file.name.clone()}</bdi></span>
                <span class="network-file-kind">{kind}" · "{size}</span>
                <button
                    type="button"
                    class="button button-quiet button-small"
                    aria-label=format!("Remove {name}")
                    on:click=move |_| network.remove(id)
                >
                    <Icon glyph=Glyph::Trash />
                </button>
            </div>
            {move || report.get().map(|report| findings(&report.diagnostics))}
        </li>
    }
    .into_any()
}

/// What is wrong with a file.
pub fn findings(found: &[Diagnostic]) -> AnyView {
    if found.is_empty() {
        return view! { <p class="counts-none">"Nothing to report"</p> }.into_any();
    }
    let counts = Severity::ALL.map(|severity| {
        (severity, found.iter().filter(|diagnostic| diagnostic.severity == severity).count())
    });
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(severity, count)| view! { <span class="count"><SeverityIcon severity />{counted(severity, count)}</span> })
        .collect();
    let left = found.len().saturating_sub(MOST);
    view! {
        <details class="network-findings">
            <summary><span class="counts">{counts}</span></summary>
            <ol class="problem-list">{found.iter().take(MOST).map(finding).collect_view()}</ol>
            {(left > 0).then(|| view! { <p class="network-none">{format!("And {left} more.")}</p> })}
        </details>
    }
    .into_any()
}

fn finding(found: &Diagnostic) -> AnyView {
    told(found, view! { <span title=found.path.pointer()>{in_words(&found.range)}</span> })
}

/// `1.9 KB`, as file managers have it.
pub fn size(bytes: usize) -> String {
    let tenths = |unit: usize| {
        let tenths = bytes.saturating_mul(10).div_euclid(unit);
        format!("{}.{}", tenths.div_euclid(10), tenths.rem_euclid(10))
    };
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}
