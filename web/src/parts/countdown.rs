//! How long something stays open: to the second for the eye, and at a few marks for the ear.
use jitgate_core::Timestamp;
use leptos::prelude::*;

use super::{left, local, other};
use crate::dom::view;
use crate::state::Fleet;

/// Seconds before the end at which it is told, the last first.
const MARKS: [u64; 3] = [60, 300, 900];

/// The time that is left, for those who look: `0:09:41 left`.
#[component]
pub fn Countdown(end: Timestamp) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let text = Memo::new(move |_| match fleet.now.get() {
        Some(now) => left(end, now).map_or_else(|| "ended".to_owned(), |left| format!("{left} left")),
        None => String::new(),
    });
    let title = format!("until {} ({})", local(end), other(end));
    // A timer is not told by itself; the time of the end is what a screen reader finds here.
    view! { <time class="countdown" role="timer" datetime=end.to_string() title=title>{move || text.get()}</time> }
}

/// Tells politely when one of several is about to end: a quarter of an hour, five minutes and a minute before.
#[component]
pub fn EndsSoon(
    /// What ends, and when.
    #[prop(into)]
    ends: Signal<Vec<(String, Timestamp)>>,
) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let words = Memo::new(move |_| {
        let now = fleet.now.get()?;
        ends.with(|ends| {
            let next = ends.iter().filter_map(|(what, end)| Some((end.since(now)?.as_secs(), what)));
            let (left, what) = next.min_by_key(|(left, _)| *left)?;
            let mark = MARKS.iter().find(|mark| left <= **mark)?;
            let minutes = mark.div_euclid(60);
            let unit = if minutes == 1 { "minute" } else { "minutes" };
            Some(format!("{what} closes in less than {minutes} {unit}."))
        })
    });
    view! { <p class="visually-hidden" role="status">{move || words.get()}</p> }
}
