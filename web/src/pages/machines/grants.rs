//! What is open by request: who, until when, and what can be done about it.
use leptos::prelude::*;

use crate::api::{Machine, Open};
use crate::dom::view;
use crate::parts::{Access, Countdown, Held, access_buttons, near, requestor, sources, stamp};
use crate::state::Fleet;

pub fn grants(machine: &Machine, access: Access, fleet: Fleet) -> AnyView {
    if machine.open.is_empty() {
        return view! { <p class="note">"No request is open."</p> }.into_any();
    }
    let rows: Vec<_> = machine.open.iter().map(|open| row(machine, open, access, fleet)).collect();
    view! {
        <div class="table-frame" tabindex="0" role="group" aria-label="Open by request">
            <table class="table table-lines table-cards">
                <thead>
                    <tr>
                        <th scope="col">"Port"</th>
                        <th scope="col">"Open for, from"</th>
                        <th scope="col">"Since"</th>
                        <th scope="col">"Until"</th>
                        <th scope="col">"Justification"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(machine: &Machine, open: &Open, access: Access, fleet: Fleet) -> AnyView {
    let held = Held::of(machine, open);
    let protocol = if open.protocol == "*" { "Any" } else { &open.protocol };
    let since = open.start.map(|start| move || fleet.now.get().map(|now| near(start, now)));
    let mapped = open.mapped.as_ref().map(|(address, port)| {
        view! { <div class="cell-note">{format!("through {address} port {port}")}</div> }
    });
    let stopped = (!open.effective).then(|| {
        view! { <div class="cell-note cell-warn">"another filter still stops it"</div> }
    });
    view! {
        <tr>
            <th scope="row">{format!("{protocol} {}", open.port)}{mapped}{stopped}</th>
            <td data-name="Open for" class="cell-wide">
                <bdi>{requestor(&open.requestor)}</bdi>
                <div class="cell-note">"from "<bdi>{sources(&open.sources)}</bdi></div>
            </td>
            <td data-name="Since">{since}</td>
            <td data-name="Until">
                {open.end.map(stamp)}
                {open.end.map(|end| view! { <div class="cell-left"><Countdown end />" left"</div> })}
            </td>
            <td data-name="Justification" class="cell-wide"><bdi>{open.justification.clone()}</bdi></td>
            <td>{access_buttons(access, &held)}</td>
        </tr>
    }
    .into_any()
}
