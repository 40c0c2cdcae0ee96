//! The timeline: a row for each grant, drawn as SVG, and the same as a table.
use jitgate_core::Timestamp;
use jitgate_core::preview::{LiveGrant, Preview};
use leptos::prelude::*;

use crate::browser::{decimal, pixels};
use crate::dom::view;
use crate::parts::{hours, moment, protocol, time};
use crate::ui::{framed_table, unique};

/// Pixels: a row with its label above its bar, and the axis below them.
const ROW: usize = 44;
const AXIS: usize = 28;
/// So many grants are drawn; the table has them all.
const MOST: usize = 40;

/// A grant as it is drawn.
#[derive(Clone)]
struct Bar {
    grant: LiveGrant,
    /// `web1 · TCP 22`
    what: String,
    /// `10.20.4.7`
    sources: String,
    /// The port of the firewall that leads there.
    mapped: Option<String>,
}

impl Bar {
    fn title(&self) -> String {
        format!("{} for {}", self.what, self.sources)
    }

    /// Who, why, from when until when.
    fn words(&self) -> String {
        let who = self.grant.who.as_deref().unwrap_or("this request");
        let why = self.grant.why.as_ref().map(|why| format!(", “{why}”")).unwrap_or_default();
        let (from, until) = (self.grant.from, self.grant.until);
        let mapped = self.mapped.as_ref().map(|mapped| format!(", through {mapped}")).unwrap_or_default();
        format!("{who}{why}: from {} until {} UTC{mapped}", moment(from, None), moment(until, Some(from)))
    }
}

/// Every grant of the intervals, once.
fn bars(preview: &Preview) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    for (grant, mapped) in preview.timeline.iter().flat_map(|interval| &interval.grants) {
        if bars.iter().any(|bar| bar.grant == *grant) {
            continue;
        }
        let name = grant.machine.rsplit('/').next().unwrap_or_default();
        let sources: Vec<String> = grant
            .sources
            .iter()
            .map(|net| match net.prefix_len() {
                0 => "Any".to_owned(),
                32 => net.addr().to_string(),
                _ => net.to_string(),
            })
            .collect();
        let bar = Bar {
            what: format!("{name} · {} {}", protocol(grant.protocol), grant.port),
            sources: sources.join(", "),
            mapped: mapped.map(|(address, port)| format!("{address} port {port}")),
            grant: grant.clone(),
        };
        let key = |bar: &Bar| (bar.grant.from, bar.what.clone());
        let place = bars.partition_point(|other| key(other) <= key(&bar));
        bars.insert(place, bar);
    }
    bars
}

/// What lies between the first start and the last end, as parts of a hundred.
#[derive(Clone, Copy)]
struct Scale {
    start: Timestamp,
    end: Timestamp,
}

impl Scale {
    fn place(self, at: Timestamp) -> f64 {
        let seconds = |from: Timestamp, to: Timestamp| {
            let seconds = to.since(from).map(|length| length.as_secs()).unwrap_or_default();
            pixels(usize::try_from(seconds).unwrap_or(usize::MAX))
        };
        let all = seconds(self.start, self.end).max(1.0);
        (100.0 * seconds(self.start, at) / all).clamp(0.0, 100.0)
    }
}

pub fn timeline(preview: &Preview) -> Option<AnyView> {
    let bars = bars(preview);
    let start = bars.iter().map(|bar| bar.grant.from).min()?.min(preview.at);
    let end = bars.iter().map(|bar| bar.grant.until).max()?;
    let scale = Scale { start, end };
    let detail = RwSignal::new(String::new());
    let heading = unique("timeline");
    let own = heading.clone();
    let drawn = bars.iter().take(MOST).count();
    let height = drawn.saturating_mul(ROW).saturating_add(AXIS);
    let summary = format!(
        "{drawn} grants from {} until {} UTC; the present is {}. The table below has the same.",
        moment(start, None),
        moment(end, None),
        moment(preview.at, None)
    );
    let rows = bars.iter().take(MOST).enumerate().map(|(index, bar)| row(index, bar, scale, detail));
    let rows: Vec<_> = rows.collect();
    Some(
        view! {
            <section class="timeline" aria-labelledby=own>
                <h3 class="others-title" id=heading>"Timeline"</h3>
                <svg class="timeline-picture" width="100%" height=height.to_string() role="group" aria-label=summary>
                    {rows}
                    {axis(scale, preview.at, pixels(height))}
                </svg>
                <p class="timeline-detail" role="status">
                    {move || if detail.with(String::is_empty) {
                        "Point at a bar, or go to it with the Tab key, to see who asked, why, and until when.".to_owned()
                    } else {
                        detail.get()
                    }}
                </p>
                {table(&bars)}
            </section>
        }
        .into_any(),
    )
}

fn row(index: usize, bar: &Bar, scale: Scale, detail: RwSignal<String>) -> AnyView {
    let top = pixels(index.saturating_mul(ROW));
    let (from, to) = (scale.place(bar.grant.from), scale.place(bar.grant.until));
    let words = bar.words();
    let title = bar.title();
    let told = format!("{title}: {words}");
    let (said, shown) = (told.clone(), told.clone());
    view! {
        <g
            class="bar"
            role="img"
            tabindex="0"
            aria-label=told
            on:focus=move |_| detail.set(said.clone())
            on:mouseenter=move |_| detail.set(shown.clone())
        >
            <title>{words}</title>
            <text class="bar-label" x="0" y=decimal(top + 14.0)>{title}</text>
            <rect class="bar-track" x="0" y=decimal(top + 20.0) width="100%" height="16" rx="4" />
            <rect
                class="bar-time"
                x=format!("{}%", decimal(from))
                y=decimal(top + 20.0)
                width=format!("{}%", decimal((to - from).max(0.5)))
                height="16"
                rx="4"
            />
        </g>
    }
    .into_any()
}

/// The first and the last instant, and a line for the present between them.
fn axis(scale: Scale, now: Timestamp, height: f64) -> AnyView {
    let place = scale.place(now);
    let at = format!("{}%", decimal(place));
    let bottom = height - pixels(AXIS);
    let length = scale.end.since(scale.start).map(|length| hours(length.as_secs())).unwrap_or_default();
    // At the edges a label in the middle of its line would be cut off.
    let anchor = if place < 15.0 {
        "start"
    } else if place > 85.0 {
        "end"
    } else {
        "middle"
    };
    let far = place > 15.0;
    view! {
        <g aria-hidden="true">
            <line class="bar-now" x1=at.clone() x2=at.clone() y1="0" y2=decimal(bottom + 4.0) />
            <text class="bar-tick bar-tick-now" x=at text-anchor=anchor y=decimal(bottom + 18.0)>
                {format!("now {}", moment(now, Some(now)))}
            </text>
            {far.then(|| view! {
                <text class="bar-tick" x="0" y=decimal(bottom + 18.0)>{moment(scale.start, Some(now))}</text>
            })}
            {(place < 80.0).then(|| view! {
                <text class="bar-tick" x="100%" text-anchor="end" y=decimal(bottom + 18.0)>
                    {format!("{} ({length})", moment(scale.end, Some(now)))}
                </text>
            })}
        </g>
    }
    .into_any()
}

fn table(bars: &[Bar]) -> AnyView {
    let row = |bar: &Bar| {
        let grant = &bar.grant;
        view! {
            <tr>
                <th scope="row">{bar.what.clone()}</th>
                <td>{bar.sources.clone()}</td>
                <td>{time(grant.from, None)}</td>
                <td>{time(grant.until, Some(grant.from))}</td>
                <td>{grant.who.clone().unwrap_or_else(|| "this request".to_owned())}</td>
                <td class="cell-wide">{grant.why.clone()}</td>
                <td>{bar.mapped.clone()}</td>
            </tr>
        }
    };
    let table = framed_table(
        "The timeline as a table",
        "table",
        &["Opens", "For", "From (UTC)", "Until", "Who", "Why", "Through"],
        bars.iter().map(row).collect_view(),
    );
    view! {
        <details class="exact">
            <summary>"The timeline as a table"</summary>
            {table}
        </details>
    }
    .into_any()
}
