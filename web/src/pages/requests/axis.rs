//! The picture's time: lines at round times, and one for the present.
use jitgate_core::Timestamp;
use leptos::prelude::*;

use super::lanes::Scale;
use crate::browser::decimal;
use crate::dom::view;
use crate::parts::{local_day, local_minute};

/// Labels nearer to the present's than this, in parts of a hundred, would lie under it.
const ROOM: f64 = 6.0;
/// And those on a narrow screen, where styles hide them.
const NARROW_ROOM: f64 = 16.0;

/// Behind the bars.
pub fn lines(scale: Scale, hours: i64, bottom: f64) -> Vec<AnyView> {
    let line = |at: Timestamp| {
        let at = format!("{}%", decimal(scale.place(at)));
        view! { <line class="lane-line" x1=at.clone() x2=at y1="0" y2=decimal(bottom + 4.0) /> }.into_any()
    };
    scale.rounds(hours).into_iter().map(line).collect()
}

/// Below the bars; the line of the present goes through them.
pub fn labels(scale: Scale, hours: i64, now: Timestamp, bottom: f64) -> AnyView {
    let here = scale.place(now);
    let y = decimal(bottom + 18.0);
    let label = |at: Timestamp| {
        let place = scale.place(at);
        let text = if hours < 24 { local_minute(at) } else { local_day(at) };
        let away = (place - here).abs();
        let class = if away > NARROW_ROOM { "lane-tick" } else { "lane-tick lane-tick-near" };
        (away > ROOM && place > 2.0 && place < 98.0).then(|| {
            view! {
                <text class=class x=format!("{}%", decimal(place)) text-anchor="middle" y=y.clone()>{text}</text>
            }
            .into_any()
        })
    };
    let at = format!("{}%", decimal(here));
    view! {
        <g aria-hidden="true">
            <line class="lane-now" x1=at.clone() x2=at.clone() y1="0" y2=decimal(bottom + 4.0) />
            {scale.rounds(hours).into_iter().filter_map(label).collect::<Vec<_>>()}
            <text class="lane-tick lane-tick-now" x=at text-anchor="middle" y=y.clone()>
                {format!("now {}", local_minute(now))}
            </text>
        </g>
    }
    .into_any()
}
