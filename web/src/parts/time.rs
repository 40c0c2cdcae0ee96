//! Times and lengths of time for people.
use jitgate_core::Timestamp;
use js_sys::Date;
use leptos::prelude::*;

use crate::dom::view;

/// `2026-01-15 12:00`, without the day where it is that of another time.
pub fn moment(time: Timestamp, other: Option<Timestamp>) -> String {
    let exact = time.to_string();
    let (day, rest) = exact.split_once('T').unwrap_or((&exact, ""));
    let minute = rest.get(..5).unwrap_or(rest);
    let same = other.is_some_and(|other| other.to_string().starts_with(day));
    if same { minute.to_owned() } else { format!("{day} {minute}") }
}

/// The same with the exact instant for machines.
pub fn time(time: Timestamp, other: Option<Timestamp>) -> AnyView {
    view! { <time datetime=time.to_string()>{moment(time, other)}</time> }.into_any()
}

/// `3 h`, `1 h 30 min`.
pub fn hours(seconds: u64) -> String {
    let minutes = seconds.div_euclid(60);
    match (minutes.div_euclid(60), minutes.rem_euclid(60)) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn date(time: Timestamp) -> Date {
    Date::new(&time.with_digits(3).into())
}

/// `2026-01-15 13:00:00` in the user's zone.
pub fn local(time: Timestamp) -> String {
    let date = date(time);
    let (year, month, day) = (date.get_full_year(), date.get_month().saturating_add(1), date.get_date());
    let (hour, minute, second) = (date.get_hours(), date.get_minutes(), date.get_seconds());
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// `2026-01-15 12:00:00 UTC`
pub fn utc(time: Timestamp) -> String {
    let exact = time.with_digits(0);
    format!("{} UTC", exact.trim_end_matches('Z').replace('T', " "))
}

/// A time in the user's zone, with UTC at hand.
pub fn stamp(time: Timestamp) -> AnyView {
    view! { <time class="stamp" datetime=time.to_string() title=utc(time)>{local(time)}</time> }.into_any()
}
