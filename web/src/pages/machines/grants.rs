//! What is open by request: who, until when, and what can be done about it.
use std::sync::Arc;
use std::time::Duration;

use jitgate_core::Timestamp;
use jitgate_core::order;
use jitgate_logic::same_machine;
use leptos::prelude::*;

use crate::api::{Machine, Open, Request, RequestedPort};
use crate::dom::{Element, Rows, view};
use crate::parts::{
    Access, Countdown, Held, access_buttons, encoded, near, person, protocol, requestor, sources, stamp,
};
use crate::state::Fleet;
use crate::ui::{ACTIONS, framed_table};

/// `statusReason` of what somebody closed.
const CLOSED: &str = "UserRequested";

pub fn grants(machine: &Machine, access: Access, fleet: Fleet) -> AnyView {
    if machine.open.is_empty() {
        return view! { <p class="note">"No request is open."</p> }.into_any();
    }
    let rows = Rows(machine.open.iter().map(|open| row(machine, open, access, fleet)).collect());
    framed_table(
        "Open by request",
        "table table-lines table-cards",
        &["Port", "Open for, from", "Since", "Until", "Justification", ACTIONS],
        rows,
    )
}

fn row(machine: &Machine, open: &Open, access: Access, fleet: Fleet) -> Element {
    let held = Held::of(machine, open);
    let since = open.start.map(|start| move || fleet.now.get().map(|now| near(start, now)));
    let mapped = open.mapped.as_ref().map(|(address, port)| {
        view! { <div class="cell-note">{format!("through {address} port {port}")}</div> }
    });
    let stopped = open.stopped.map(|why| view! { <div class="cell-note cell-warn">{why}</div> });
    let others = (!open.also_from.is_empty()).then(|| {
        let also = sources(&open.also_from);
        view! { <div class="cell-note cell-warn">"by the firewall's own rules also from "<bdi>{also}</bdi></div> }
    });
    view! {
        <tr key=held.key()>
            <th scope="row">{format!("{} {}", protocol(open.protocol), open.port)}{mapped}{stopped}</th>
            <td data-name="Open for" class="cell-wide">
                {person(&open.requestor)}
                <div class="cell-note">"from "<bdi>{sources(&open.sources)}</bdi></div>
                {others}
            </td>
            <td data-name="Since">{since}</td>
            <td data-name="Until">
                {open.end.map(stamp)}
                {open.end.map(|end| view! { <div class="cell-left"><Countdown end /></div> })}
            </td>
            <td data-name="Justification" class="cell-wide"><bdi>{open.justification.clone()}</bdi></td>
            <td>{access_buttons(access, &held)}</td>
        </tr>
    }
}

/// So many that were closed early are shown.
const MOST: usize = 5;
/// How far back.
const DAYS: Duration = Duration::from_hours(7 * 24);

/// What was closed before its end in the last seven days: when, and by whom.
pub fn closed(machine: &Machine, fleet: Fleet) -> Option<AnyView> {
    let now = fleet.now.get_untracked()?;
    let policies = fleet.policies_of(machine);
    let ports = policies.iter().flat_map(|policy| &policy.requests).flat_map(|request| {
        let own = |port: &&RequestedPort| port.reason == CLOSED && same_machine(&port.machine, &machine.id);
        let own = request.ports.iter().filter(own);
        own.filter_map(move |port| Some((port.closed.as_ref()?, request, port)))
    });
    let late = |at: Timestamp| now.since(at).is_none_or(|ago| ago < DAYS);
    let mut all: Vec<_> = ports.filter(|((at, _), ..)| late(*at)).collect();
    order::sort_by(&mut all, |((one, _), ..), ((other, _), ..)| other.cmp(one));
    let line = |((at, by), request, port): &(&(Timestamp, String), &Arc<Request>, &RequestedPort)| {
        let asked = port.end.map(|end| view! { ", asked for until "{stamp(end)} });
        view! {
            <li>
                {format!("Port {} for ", port.number)}<bdi>{requestor(&request.requestor)}</bdi>
                ": closed "{stamp(*at)}" by "<bdi>{requestor(by)}</bdi>{asked}
            </li>
        }
    };
    let more = (all.len() > MOST).then(|| {
        let href = format!("/requests?tab=past&machine={}", encoded(machine.id.name()));
        let words = format!("{} more", all.len().saturating_sub(MOST));
        view! { <li><a class="link" href=href>{words}</a></li> }
    });
    (!all.is_empty()).then(|| {
        view! {
            <h3 class="section-part">"Closed early in the last seven days"</h3>
            <ul class="plain-list">{all.iter().take(MOST).map(line).collect::<Vec<_>>()}{more}</ul>
        }
        .into_any()
    })
}
