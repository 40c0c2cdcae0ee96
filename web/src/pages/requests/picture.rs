//! The timeline: a lane for each machine or user, drawn as SVG. The table below it has the same as text.
use std::time::Duration;

use jitgate_core::Timestamp;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::axis::{labels, lines};
use super::lanes::{Bar, By, FEW, Lane, Lanes, MOST, Scale};
use super::row::Row;
use crate::browser::{decimal, pixels};
use crate::dom::view;
use crate::parts::{local, plural};
use crate::state::Fleet;
use crate::ui::Choose;

/// Pixels: a lane with its name above its bars, and the axis below them.
const LANE: usize = 36;
const AXIS: usize = 26;
const HOUR: u64 = 3600;

#[component]
pub fn Picture(
    rows: Memo<Vec<Row>>,
    fleet: Fleet,
    /// The present, to the minute.
    minute: Memo<String>,
) -> impl IntoView {
    let (by, span) = (RwSignal::new(By::Machine), RwSignal::new(24_u64));
    // Time goes on, but not away from under the bar that has the focus.
    let tick = Memo::new(move |before: Option<&String>| {
        let minute = minute.get();
        let on_bar = document().active_element().is_some_and(|element| element.has_attribute("data-state"));
        before.filter(|_| on_bar).cloned().unwrap_or(minute)
    });
    let lanes = Memo::new(move |_| {
        tick.with(|_| ());
        let now = rows.with(|_| fleet.now.get_untracked()).unwrap_or_default();
        let ahead = if span.get() == 24 { 4 } else { 24 };
        let scale = Scale::around(now, hours(span.get()), hours(ahead));
        (rows.with(|rows| Lanes::of(rows, by.get(), scale)), scale, now)
    });
    let (detail, few) = (RwSignal::new(String::new()), RwSignal::new(true));
    let options = |all: &[(&str, &str)]| {
        all.iter().map(|(own, name)| ((*own).to_owned(), (*name).to_owned())).collect::<Vec<_>>()
    };
    let kinds = options(&[("machine", "Machines"), ("user", "Users")]);
    let spans = options(&[("24", "Last 24 hours"), ("168", "Last 7 days")]);
    let kind = Signal::derive(move || if by.get() == By::User { "user" } else { "machine" }.to_owned());
    let hint =
        "Point at a bar, or go to it with the Tab and arrow keys, to see who asked, why, and until when.";
    view! {
        <section class="lanes" aria-labelledby="lanes-title">
            <div class="lanes-head">
                <h2 class="section-part" id="lanes-title">"Timeline"</h2>
                <Choose
                    label="Lanes"
                    options=kinds
                    value=kind
                    on_choose=move |name: String| by.set(if name == "user" { By::User } else { By::Machine })
                />
                <Choose
                    label="Time span"
                    options=spans
                    value=Signal::derive(move || span.get().to_string())
                    on_choose=move |value: String| span.set(value.parse().unwrap_or(24))
                />
            </div>
            {move || lanes.with(|(lanes, scale, now)| drawing(lanes, *scale, *now, span.get(), few, detail))}
            <p class="timeline-detail" role="status">
                {move || match detail.get() {
                    none if none.is_empty() => {
                        if lanes.with(|(lanes, ..)| lanes.lanes.is_empty()) { String::new() } else { hint.to_owned() }
                    }
                    detail => detail,
                }}
            </p>
        </section>
    }
}

const fn hours(count: u64) -> Duration {
    Duration::from_secs(count.saturating_mul(HOUR))
}

fn drawing(
    lanes: &Lanes,
    scale: Scale,
    now: Timestamp,
    span: u64,
    few: RwSignal<bool>,
    detail: RwSignal<String>,
) -> AnyView {
    if lanes.lanes.is_empty() {
        return view! { <p class="note">"Nothing that is listed below was open in this time."</p> }
            .into_any();
    }
    // One more takes no more room than the button that shows it.
    let is_long = lanes.all > FEW.saturating_add(1);
    let most = if few.get() && is_long { FEW } else { MOST };
    let shown: Vec<&Lane> = lanes.lanes.iter().take(most).collect();
    let height = shown.len().saturating_mul(LANE).saturating_add(AXIS);
    let bottom = pixels(height.saturating_sub(AXIS));
    let step_hours = if span == 24 { 4 } else { 24 };
    let bars = shown.iter().map(|lane| lane.bars.len()).fold(0, usize::saturating_add);
    let summary = format!(
        "{} in {} from {} until {}. The table below has the same as text.",
        plural(bars, "request", "requests"),
        plural(shown.len(), "lane", "lanes"),
        local(scale.start),
        local(scale.end)
    );
    let mut first = true;
    let drawn: Vec<_> =
        shown.iter().enumerate().map(|(index, one)| lane(index, one, &mut first, detail)).collect();
    let left = lanes.all.saturating_sub(shown.len());
    // The button stays, with the focus that it has.
    let words = if few.get() {
        format!("Show {} more lanes", lanes.lanes.len().saturating_sub(FEW))
    } else {
        "Show fewer lanes".to_owned()
    };
    view! {
        <svg class="lanes-picture" width="100%" height=height.to_string() role="group" aria-label=summary on:keydown=step>
            <g aria-hidden="true">{lines(scale, step_hours, bottom)}</g>
            {drawn}
            {labels(scale, step_hours, now, bottom)}
        </svg>
        {is_long.then(|| view! {
            <button type="button" class="button button-small" on:click=move |_| few.update(|few| *few = !*few)>{words}</button>
        })}
        {(left > 0 && !few.get()).then(|| view! {
            <p class="note">{format!("{left} more are in the table only: filter to see them drawn.")}</p>
        })}
    }
    .into_any()
}

fn lane(index: usize, lane: &Lane, first: &mut bool, detail: RwSignal<String>) -> AnyView {
    let top = pixels(index.saturating_mul(LANE));
    let bars: Vec<_> = lane.bars.iter().map(|one| bar(one, top, std::mem::take(first), detail)).collect();
    view! {
        <g>
            <text class="lane-name" x="0" y=decimal(top + 13.0)>{lane.name.clone()}</text>
            <rect class="lane-track" x="0" y=decimal(top + 18.0) width="100%" height="12" rx="3" />
            {bars}
        </g>
    }
    .into_any()
}

/// One bar of all is reached with the Tab key, the others with the arrow keys from there.
fn bar(bar: &Bar, top: f64, first: bool, detail: RwSignal<String>) -> AnyView {
    let (said, shown) = (bar.words.clone(), bar.words.clone());
    view! {
        <rect
            class="lane-bar"
            data-state=bar.standing.word()
            role="img"
            tabindex=if first { "0" } else { "-1" }
            aria-label=bar.words.clone()
            x=format!("{}%", decimal(bar.from))
            y=decimal(top + 18.0)
            width=format!("{}%", decimal(bar.width))
            height="12"
            rx="3"
            on:focus=move |_| detail.set(said.clone())
            on:mouseenter=move |_| detail.set(shown.clone())
        >
            <title>{bar.words.clone()}</title>
        </rect>
    }
    .into_any()
}

/// Moves the focus from bar to bar, in the order in which they are drawn.
fn step(event: ev::KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(here) = target.filter(|target| target.has_attribute("data-state")) else { return };
    let picture = here.closest("svg").ok().flatten();
    let Some(bars) = picture.and_then(|picture| picture.query_selector_all("rect[data-state]").ok()) else {
        return;
    };
    let all = (0..bars.length()).filter_map(|index| bars.item(index)?.dyn_into::<web_sys::SvgElement>().ok());
    let all: Vec<_> = all.collect();
    let at = all.iter().position(|bar| bar.is_same_node(Some(&here))).unwrap_or_default();
    let last = all.len().saturating_sub(1);
    let to = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => at.saturating_add(1).min(last),
        "ArrowLeft" | "ArrowUp" => at.saturating_sub(1),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = all.get(to) {
        // Neither fails for elements that are there.
        let _moved = here.set_attribute("tabindex", "-1").and_then(|()| next.set_attribute("tabindex", "0"));
        let _focused = next.focus();
    }
}
