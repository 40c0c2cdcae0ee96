//! The decision: what opens, to whom and until when, or every reason why nothing does.
use jitgate_core::decide::{Grant, Reason, Subject};
use leptos::prelude::*;

use super::circumstances::Circumstances;
use super::json_panel::JsonPanel;
use super::nearest::NearestRequest;
use super::problem::told;
use crate::dom::view;
use crate::parts::{hours, time};
use crate::state::{Outcome, Workbench};
use crate::ui::{Glyph, Icon, framed_table, unique};

#[component]
pub fn DecisionPanel() -> impl IntoView {
    let workbench = expect_context::<Workbench>();
    let heading = unique("decision");
    let own = heading.clone();
    let json = move || {
        workbench.outcome.with(|outcome| outcome.as_ref().map_or_else(String::new, |it| it.json.to_string()))
    };
    view! {
        <section class="panel decision" aria-labelledby=own>
            <div class="panel-head"><h2 class="panel-title" id=heading>"Decision"</h2></div>
            <Circumstances />
            {move || match workbench.outcome.get() {
                Some(outcome) if outcome.decision.is_granted() => granted(&outcome),
                Some(outcome) => refused(&outcome),
                None => view! {
                    <p class="decision-none">"Put a request beside the policy to see what would open, to whom, and until when."</p>
                }.into_any(),
            }}
            <JsonPanel title="Decision as JSON" name="decision" json=Signal::derive(json) />
        </section>
    }
    .into_any()
}

fn granted(outcome: &Outcome) -> AnyView {
    let rows = outcome.decision.grants.iter().map(grant).collect_view();
    let table = framed_table(
        "What opens",
        "table",
        &["Virtual machine", "Port", "Protocol", "Source IPs", "Time range (UTC)"],
        rows,
    );
    view! {
        <div class="verdict" data-verdict="granted">
            <Icon glyph=Glyph::Check />
            <p><strong>"Granted."</strong>" This is what opens, and nothing else:"</p>
        </div>
        {table}
    }
    .into_any()
}

fn grant(grant: &Grant) -> AnyView {
    let name = grant.machine.rsplit('/').next().unwrap_or_default().to_owned();
    // Azure's words: everybody is `Any`, and one address goes without its `/32`.
    let sources = grant.sources.iter().map(|net| match net.prefix_len() {
        0 => "Any".to_owned(),
        32 => net.addr().to_string(),
        _ => net.to_string(),
    });
    let sources: Vec<_> = sources.map(|source| view! { <li>{source}</li> }).collect();
    let length = grant.end.since(grant.start).map(|length| hours(length.as_secs()));
    view! {
        <tr>
            <th scope="row" title=grant.machine.clone()><bdi>{name}</bdi></th>
            <td>{grant.port}</td>
            <td>{grant.protocol.as_str()}</td>
            <td><ul class="sources">{sources}</ul></td>
            <td>{length}": "{time(grant.start, None)}" – "{time(grant.end, Some(grant.start))}</td>
        </tr>
    }
    .into_any()
}

fn refused(outcome: &Outcome) -> AnyView {
    let count = outcome.decision.reasons.len();
    let words = if count == 1 {
        "One reason speaks against it:".to_owned()
    } else {
        format!("{count} reasons speak against it:")
    };
    view! {
        <div class="verdict" data-verdict="refused">
            <Icon glyph=Glyph::Error />
            <p><strong>"Refused."</strong>" "{words}</p>
        </div>
        <ol class="problem-list reasons" aria-label="Reasons">
            {outcome.decision.reasons.iter().map(reason).collect_view()}
        </ol>
        <NearestRequest outcome=outcome.clone() />
    }
    .into_any()
}

fn reason(reason: &Reason) -> AnyView {
    let document = match reason.document {
        Subject::Policy => "In the policy",
        Subject::Request => "In the request",
    };
    let line = reason.diagnostic.range.start.line;
    told(&reason.diagnostic, view! { <span>{document}", line "{line}</span> })
}
