//! Times and lengths of time for people. The workbench tells them in UTC; pages that show what happens here in the
//! user's own zone, or in UTC where the user has chosen so, with the other one at hand.
use std::cell::Cell;

use jitgate_core::Timestamp;
use js_sys::Date;
use leptos::prelude::*;

use crate::browser::{Keep, forget, keep, kept};
use crate::dom::view;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// In JavaScript's milliseconds.
const A_MINUTE: f64 = 60_000.0;
const AN_HOUR: f64 = 60.0 * A_MINUTE;

/// `2026-01-15 12:00` in UTC, without the day where it is that of another time.
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
    let minutes = seconds.div_euclid(MINUTE);
    match (minutes.div_euclid(60), minutes.rem_euclid(60)) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn date(time: Timestamp) -> Date {
    Date::new(&time.with_digits(3).into())
}

/// Where the browser keeps that times are shown in UTC.
const KEY: &str = "jitgate-times";
const UTC: &str = "utc";

thread_local! {
    static IN_UTC: Cell<bool> = Cell::new(kept(Keep::Always, KEY).is_some_and(|choice| choice == UTC));
}

/// The user wants UTC in place of the own zone.
pub fn is_in_utc() -> bool {
    IN_UTC.get()
}

/// Whatever is drawn from now on goes by this.
pub fn set_in_utc(in_utc: bool) {
    IN_UTC.set(in_utc);
    if in_utc {
        // Where it cannot be kept, the choice holds until the page is closed.
        let _kept = keep(Keep::Always, KEY, UTC);
    } else {
        forget(Keep::Always, KEY);
    }
}

/// `2026-01-15 13:00:00` in the user's zone; with the zone where clocks that are put back show the same once more.
pub fn local(time: Timestamp) -> String {
    let text = shown(time);
    if !is_in_utc() && is_repeated(time) { format!("{text} {}", own_zone(time)) } else { text }
}

fn is_repeated(time: Timestamp) -> bool {
    let millis = date(time).get_time();
    let offset = |millis: f64| Date::new(&millis.into()).get_timezone_offset();
    // JavaScript counts from here to UTC, in minutes: put back, that is more.
    let back = offset(millis + AN_HOUR) - offset(millis - AN_HOUR);
    let shows = |other: f64| wall(&Date::new(&other.into())) == wall(&date(time));
    back > 0.0 && (shows(millis + back * A_MINUTE) || shows(millis - back * A_MINUTE))
}

fn shown(time: Timestamp) -> String {
    if is_in_utc() { plain(time) } else { wall(&date(time)) }
}

/// `2026-01-15 12:00:00` in UTC.
fn plain(time: Timestamp) -> String {
    time.with_digits(0).trim_end_matches('Z').replace('T', " ")
}

fn wall(date: &Date) -> String {
    let (year, month, day) = (date.get_full_year(), date.get_month().saturating_add(1), date.get_date());
    let (hour, minute, second) = (date.get_hours(), date.get_minutes(), date.get_seconds());
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// `13:00` in the user's zone.
pub fn local_minute(time: Timestamp) -> String {
    shown(time).get(11..16).unwrap_or_default().to_owned()
}

/// `13:00:00` in the user's zone.
pub fn local_second(time: Timestamp) -> String {
    local(time).split_off("2026-01-15 ".len())
}

/// `01-15` in the user's zone.
pub fn local_day(time: Timestamp) -> String {
    shown(time).get(5..10).unwrap_or_default().to_owned()
}

/// `2026-01-15 12:00:00 UTC`; where that is what is shown, the time in the user's zone.
pub fn other(time: Timestamp) -> String {
    if is_in_utc() {
        format!("{} {}", wall(&date(time)), own_zone(time))
    } else {
        format!("{} UTC", plain(time))
    }
}

/// `14:05`, and the day where that is not today's: of times as this file writes them.
fn clock_of(text: &str, today: &str, zone: &str) -> String {
    let (day, clock) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let clock = clock.get(..5).unwrap_or(clock);
    if today.starts_with(day) { format!("{clock}{zone}") } else { format!("{clock}{zone} on {day}") }
}

/// `14:05` in the user's zone, with the day where that is not today's.
pub fn clock(time: Timestamp) -> String {
    let today = crate::browser::now().map(local).unwrap_or_default();
    clock_of(&local(time), &today, if is_in_utc() { " UTC" } else { "" })
}

/// `14:05 (12:05 UTC)`, with UTC's day where that is another.
pub fn both(time: Timestamp) -> String {
    if is_in_utc() {
        return clock(time);
    }
    format!("{} ({})", clock(time), clock_of(&time.with_digits(0), &local(time), " UTC"))
}

/// A time in the user's zone or in UTC, with the other at hand.
pub fn stamp(time: Timestamp) -> AnyView {
    view! { <time class="stamp" datetime=time.to_string() title=other(time)>{local(time)}</time> }.into_any()
}

/// `in 12 min`, `2 h ago`, with the time itself at hand.
pub fn near(time: Timestamp, now: Timestamp) -> AnyView {
    let title = format!("{} ({})", local(time), other(time));
    view! { <time class="stamp" datetime=time.to_string() title=title>{relative(time, now)}</time> }
        .into_any()
}

/// `in 12 min`, `2 h ago`, `just now`.
pub fn relative(time: Timestamp, now: Timestamp) -> String {
    let (ahead, seconds) = match (time.since(now), now.since(time)) {
        (Some(ahead), _) => (true, ahead.as_secs()),
        (None, behind) => (false, behind.unwrap_or_default().as_secs()),
    };
    let words = match seconds {
        0..45 => return if ahead { "in a moment" } else { "just now" }.to_owned(),
        45..HOUR => format!("{} min", seconds.saturating_add(30).div_euclid(MINUTE)),
        HOUR..DAY => format!("{} h", seconds.saturating_add(30 * MINUTE).div_euclid(HOUR)),
        _ if seconds < 2 * DAY => "1 day".to_owned(),
        _ => format!("{} days", seconds.div_euclid(DAY)),
    };
    if ahead { format!("in {words}") } else { format!("{words} ago") }
}

/// `0:09:41` until then, or none once it is over.
pub fn left(end: Timestamp, now: Timestamp) -> Option<String> {
    let seconds = end.since(now).map(|left| left.as_secs()).filter(|left| *left > 0)?;
    let (hours, rest) = (seconds.div_euclid(HOUR), seconds.rem_euclid(HOUR));
    Some(format!("{hours}:{:02}:{:02}", rest.div_euclid(MINUTE), rest.rem_euclid(MINUTE)))
}

/// How far the zone that is shown is ahead of UTC at that time, in milliseconds.
pub fn zone_millis(time: Timestamp) -> i64 {
    if is_in_utc() { 0 } else { own_zone_millis(time) }
}

fn own_zone_millis(time: Timestamp) -> i64 {
    // JavaScript counts from here to UTC, in minutes.
    crate::browser::millis(-date(time).get_timezone_offset()).saturating_mul(60_000)
}

/// `UTC+01:00`: the user's zone at that time.
fn own_zone(time: Timestamp) -> String {
    let minutes = own_zone_millis(time).div_euclid(60_000);
    let (sign, size) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
    format!("UTC{sign}{:02}:{:02}", size.div_euclid(60), size.rem_euclid(60))
}

/// In which zone a page tells times, and where that is chosen.
#[component]
pub fn ZoneNote(now: Signal<Option<Timestamp>>) -> impl IntoView {
    let zone = Memo::new(move |_| now.get().map(own_zone));
    let words = move || {
        zone.get().map(|zone| {
            let (shown, other) = if is_in_utc() {
                ("in UTC".to_owned(), "those of your zone")
            } else {
                (format!("those of your zone, {zone}"), "UTC")
            };
            view! {
                {format!("Times are {shown}; the ")}
                <a class="link" href="/settings">"settings"</a>
                {format!(" can show {other} instead.")}
            }
        })
    };
    view! { <p class="page-lead">{words}</p> }
}
