//! Requests as a table.
use leptos::prelude::*;

use super::row::{Part, Row, Standing};
use crate::dom::{Element, Rows, view};
use crate::parts::{
    Access, Countdown, OPEN_LIST, access_buttons, grouped, machine_link, person, sources, stamp,
};
use crate::ui::{ACTIONS, Empty, framed_table, go_on};

/// So many rows are shown at first, and so many more each time.
pub const ROWS: usize = 200;

/// `any_later` also counts those that the filters hide, `hides` says that they hide some of this part.
pub fn table(
    found: &[Row],
    part: Part,
    any_later: bool,
    hides: bool,
    access: Access,
    shown: RwSignal<usize>,
) -> AnyView {
    let rows: Vec<&Row> = found.iter().filter(|row| part.takes(row.standing)).collect();
    if rows.is_empty() {
        let words = match part {
            Part::Live => "No request is open",
            Part::Scheduled if any_later => "No request opens later",
            Part::Scheduled => "No request opens later: what is granted opens at once",
            Part::Past => "No request has ended in the last 30 days",
        };
        let filters = if hides { " that the filters let through" } else { "" };
        let words = format!("{words}{filters}.");
        return view! { <Empty title="No requests" words /> }.into_any();
    }
    let left = rows.len().saturating_sub(shown.get());
    let heads: &[_] = match part {
        Part::Live => &["Machine", "Port", "User, from", "Start", "End", "Justification", ACTIONS],
        Part::Scheduled | Part::Past => {
            &["Machine", "Port", "User, from", "Start", "End", "Status", "Justification"]
        }
    };
    let body = Rows(rows.into_iter().take(shown.get()).map(|one| row(one, access)).collect());
    let more = move |_| {
        let before = shown.get_untracked();
        shown.set(before.saturating_add(ROWS));
        go_on(format!("#{OPEN_LIST} tbody th"), before);
    };
    let table = framed_table("Requests as a table", "table table-lines table-cards", heads, body);
    view! {
        {table}
        {(left > 0).then(|| view! {
            <p class="more">
                <button type="button" class="button" on:click=more>
                    {format!("Show more ({} left)", grouped(&left.to_string()))}
                </button>
            </p>
        })}
    }
    .into_any()
}

fn row(row: &Row, access: Access) -> Element {
    let held = &row.held;
    let live = row.standing == Standing::Live;
    let left = held.end.filter(|_| live).map(|end| view! { <div class="cell-left"><Countdown end /></div> });
    let asked = held.end.filter(|_| row.standing.is_short()).map(|end| {
        view! { <div class="cell-note">"asked for until "{stamp(end)}</div> }
    });
    // Who asked anew is in the column of users.
    let by = row.closed.as_ref().filter(|_| row.standing == Standing::Closed).map(|(_, by)| {
        view! { <div class="cell-note">"by "{person(by)}</div> }
    });
    view! {
        <tr key=held.key()>
            <th scope="row">{machine_link(&held.machine, &held.name)}</th>
            <td data-name="Port">{held.port}</td>
            <td data-name="User" class="cell-wide">
                {person(&held.requestor)}
                <div class="cell-note">"from "<bdi>{sources(&held.sources)}</bdi></div>
            </td>
            <td data-name="Start">{row.start.map(stamp)}</td>
            <td data-name="End">{row.end().map(stamp)}{asked}{left}</td>
            {(!live).then(|| view! {
                <td data-name="Status"><span class="standing" data-state=row.standing.word()>{row.standing.word()}</span>{by}</td>
            })}
            <td data-name="Justification" class="cell-wide"><bdi>{held.justification.clone()}</bdi></td>
            {live.then(|| view! { <td>{access_buttons(access, held)}</td> })}
        </tr>
    }
}
