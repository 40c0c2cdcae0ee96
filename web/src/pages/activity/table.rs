//! The events as a table, with Azure's columns.
use std::sync::Arc;

use leptos::prelude::*;

use super::log::{Log, Progress};
use crate::api::{Failure, Logged};
use crate::dom::view;
use crate::parts::{Late, near, plural, stamp};
use crate::state::Fleet;
use crate::ui::{Busy, Empty, Notice, Tone, focus_content, framed_table, go_on};

/// What the rows of the table begin with.
const ROWS: &str = "[aria-label=Events] tbody th";

#[component]
pub fn Events(log: Log, opened: RwSignal<Option<Arc<Logged>>>) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    // Hundreds of rows need not follow each second.
    let minute = fleet.minute();
    let none = move || log.events.with(|events| events.is_empty());
    let table = move || (!none()).then(|| table(&log.events.get(), fleet, minute, opened));
    let load_more = use_more(log);
    // In sight, however many events there are.
    let above = move || match log.progress.get() {
        Progress::Failed(failure) => {
            let again = move || {
                log.reload();
                focus_content();
            };
            Some(failed(&failure, again))
        }
        Progress::Wrong(why) => Some(view! { <Notice tone=Tone::Warning><p>{why}</p></Notice> }.into_any()),
        _ => None,
    };
    let below = move || match log.progress.get() {
        Progress::Loading => Some(
            view! {
                <Busy words="Loading the activity log…" />
                <Late on_again=Callback::new(move |()| log.again()) />
            }
            .into_any(),
        ),
        Progress::Stopped(failure) => Some(failed(&failure, load_more)),
        Progress::Failed(_) | Progress::Wrong(_) => None,
        Progress::Ready(_) if none() => {
            let words =
                "No event matches the filters in this time. Take a longer time span, or fewer filters.";
            Some(view! { <Empty title="No events" words /> }.into_any())
        }
        Progress::Ready(more) => {
            let count = plural(log.events.with(|events| events.len()), "event", "events");
            let all = if more { "" } else { ": these are all" };
            let button = more.then(|| {
                view! {
                    <button type="button" class="button" on:click=move |_| load_more()>"Load more"</button>
                }
            });
            Some(view! { <div class="more"><p role="status">{count}{all}</p>{button}</div> }.into_any())
        }
    };
    view! {
        {above}
        {table}
        {below}
    }
}

/// Loads more. The button goes for that time: what comes then takes the focus that it had, or else the last row.
fn use_more(log: Log) -> impl Fn() + Copy {
    let count = move || log.events.with_untracked(|events| events.len());
    let before = StoredValue::new(None::<usize>);
    Effect::new(move |_| {
        let progress = log.progress.get();
        if progress == Progress::Loading {
            return;
        }
        let asked = before.try_update_value(Option::take).flatten();
        if let Some(before) = asked.filter(|_| progress.is_shown()) {
            go_on(ROWS, before.min(count().saturating_sub(1)));
        }
    });
    move || {
        before.set_value(Some(count()));
        log.more();
    }
}

fn failed(failure: &Failure, again: impl Fn() + Send + 'static) -> AnyView {
    let why = failure.to_string();
    view! {
        <Notice tone=Tone::Error>
            <p>"The activity log could not be loaded. "{why}</p>
            <p><button type="button" class="link" on:click=move |_| again()>"Retry"</button></p>
        </Notice>
    }
    .into_any()
}

fn table(
    events: &[Arc<Logged>],
    fleet: Fleet,
    minute: Memo<String>,
    opened: RwSignal<Option<Arc<Logged>>>,
) -> AnyView {
    let rows: Vec<_> = events.iter().map(|event| row(event, fleet, minute, opened)).collect();
    framed_table(
        "Events",
        "table table-lines table-cards",
        &["Operation name", "Status", "Time", "Time stamp", "Resource", "Subscription", "Event initiated by"],
        rows,
    )
}

fn row(
    event: &Arc<Logged>,
    fleet: Fleet,
    minute: Memo<String>,
    opened: RwSignal<Option<Arc<Logged>>>,
) -> AnyView {
    let own = event.clone();
    let time = event.time.map(|time| {
        move || {
            minute.with(|_| ());
            near(time, fleet.now.get_untracked().unwrap_or(time))
        }
    });
    view! {
        <tr>
            <th scope="row">
                <button type="button" class="link" aria-haspopup="dialog" on:click=move |_| opened.set(Some(own.clone()))>
                    {event.title.clone()}
                </button>
            </th>
            <td data-name="Status"><span class="standing" data-state=event.status.clone()>{event.status.clone()}</span></td>
            <td data-name="Time">{time}</td>
            <td data-name="Time stamp">{event.time.map(stamp)}</td>
            <td data-name="Resource"><bdi class="cell-name" title=event.resource.text().to_owned()>{event.resource.name().to_owned()}</bdi></td>
            <td data-name="Subscription"><bdi class="cell-name cell-short" title=event.subscription.clone()>{event.subscription.clone()}</bdi></td>
            <td data-name="Initiated by"><bdi class="cell-name" title=event.caller.clone()>{event.caller.clone()}</bdi></td>
        </tr>
    }
    .into_any()
}
