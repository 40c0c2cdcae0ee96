//! What was meant by a text that is no duration or no time.

use alloc::string::String;
use core::time::Duration;

use crate::format::format;
use crate::json::{NodeId, Tape};
use crate::model::duration::canonical;
use crate::model::{DurationText, Timestamp};
use crate::part;
use crate::rules::{EditDraft, Finding};

/// The least that the service takes.
pub const LEAST: Duration = Duration::from_mins(5);
/// The most that the service takes.
pub const MOST: Duration = Duration::from_hours(24);

/// Offers this length in the place of a duration, if the service takes it.
pub fn offer(found: &mut Finding, tape: &Tape, node: NodeId, length: Option<Duration>) {
    if let Some(length) = length.filter(|length| (LEAST..=MOST).contains(length)) {
        let text = canonical(length);
        found.unsafe_fix(format!("write `{text}`"), [EditDraft::string(tape, node, &text)]);
    }
}

/// The length that people mean by `3h`, `90 minutes`, `P3H` or `03:00:00`. A number alone tells no unit.
pub fn length(text: &str) -> Option<Duration> {
    let text = part::trim(text).to_ascii_lowercase();
    clock(&text).or_else(|| parts(&text))
}

/// `03:00`, `03:00:00` and `1.00:00:00`, as .NET writes a `TimeSpan`.
fn clock(text: &str) -> Option<Duration> {
    let (days, clock) = part::cut(text, '.').unwrap_or(("0", text));
    let mut fields = clock.split(':');
    let mut total = part(days, 86_400)?;
    total = total.checked_add(part(fields.next()?, 3600)?)?;
    total = total.checked_add(part(fields.next()?, 60)?)?;
    total = total.checked_add(part(fields.next().unwrap_or("0"), 1)?)?;
    fields.next().is_none().then(|| Duration::from_secs(total))
}

/// The words for units, and how many seconds one has.
const UNITS: [(&[&str], u64); 4] = [
    (&["d", "dt", "day", "days"], 86_400),
    (&["h", "hr", "hrs", "hour", "hours"], 3600),
    (&["m", "min", "mins", "minute", "minutes"], 60),
    (&["s", "sec", "secs", "second", "seconds"], 1),
];

/// Amounts with their units, in whatever order.
fn parts(text: &str) -> Option<Duration> {
    let text = text.strip_prefix('p').unwrap_or(text);
    let mut rest = text.strip_prefix('t').unwrap_or(text);
    let mut total = 0_u64;
    while !rest.is_empty() {
        let (amount, after) = rest.split_at_checked(rest.find(|char: char| !char.is_ascii_digit())?)?;
        let after = after.trim_start();
        let end = after.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        let &(_, seconds) = UNITS.iter().find(|(units, _)| units.contains(&unit))?;
        total = total.checked_add(part(amount, seconds)?)?;
        rest = after.trim_start_matches([' ', ',']);
    }
    Some(Duration::from_secs(total))
}

fn part(amount: &str, seconds: u64) -> Option<u64> {
    let plain = amount.bytes().all(|byte| byte.is_ascii_digit());
    amount.parse::<u64>().ok().filter(|_| plain)?.checked_mul(seconds)
}

/// The length of a duration once a minus in front of it is gone.
pub fn without_minus(text: &str) -> Option<Duration> {
    let text = part::trim(text).trim_start_matches('-').to_ascii_uppercase();
    DurationText::parse(&text).length()
}

/// The length if the months were minutes: `P30M` for `PT30M`.
pub fn minutes_for_months(text: &str) -> Option<Duration> {
    let text = part::trim(text).to_ascii_uppercase();
    DurationText::parse(&format!("PT{}", text.strip_prefix('P')?)).length()
}

/// The instant that people mean by a time with slashes, with `UTC` at its end, or without dividers.
pub fn time(text: &str) -> Option<Timestamp> {
    let text = part::trim(text);
    let (clock, zone) = match text.rsplit_once(' ') {
        Some((clock, "UTC" | "GMT" | "Z")) => (clock, "Z"),
        Some((clock, zone)) if zone.starts_with(['+', '-']) => (clock, zone),
        _ => (text, ""),
    };
    let spaced = format!("{}{zone}", clock.replace('/', "-"));
    Timestamp::parse(&spaced).or_else(|| Timestamp::parse(&divided(text)?))
}

/// `20260115T150000Z` with its dividers.
fn divided(text: &str) -> Option<String> {
    let (year, month, day) = (text.get(0..4)?, text.get(4..6)?, text.get(6..8)?);
    let (hour, minute, rest) = (text.get(9..11)?, text.get(11..13)?, text.get(13..)?);
    let letter = text.get(8..9).filter(|letter| *letter == "T")?;
    Some(format!("{year}-{month}-{day}{letter}{hour}:{minute}:{rest}"))
}
