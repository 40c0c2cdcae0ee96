//! Times and lengths of time for people.
use jitgate_core::Timestamp;
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
