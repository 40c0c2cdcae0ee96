//! Times as forms show them: in the zone of this computer, with UTC at hand.
use jitgate_core::Timestamp;
use js_sys::Date;

/// Milliseconds since 1970, as JavaScript's dates have it.
fn date(time: Timestamp) -> Option<Date> {
    // Browsers read the form in which the core writes it.
    let date = Date::new(&time.with_digits(3).into());
    (!date.get_time().is_nan()).then_some(date)
}

/// `14:05` in local time, with the day where that is not today's.
pub fn clock(time: Timestamp) -> String {
    let Some(date) = date(time) else { return time.to_string() };
    let clock = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
    let today = Date::new_0();
    let day = |date: &Date| (date.get_full_year(), date.get_month(), date.get_date());
    if day(&date) == day(&today) {
        return clock;
    }
    format!(
        "{clock} on {}-{:02}-{:02}",
        date.get_full_year(),
        date.get_month().saturating_add(1),
        date.get_date()
    )
}

/// `12:05 UTC`, with the day where that is not today's in UTC.
pub fn utc(time: Timestamp) -> String {
    let text = time.with_digits(0);
    let (day, clock) = text.split_once('T').unwrap_or((&text, ""));
    let clock = clock.get(..5).unwrap_or(clock);
    let today = crate::browser::now().map(|now| now.with_digits(0)).unwrap_or_default();
    if today.starts_with(day) { format!("{clock} UTC") } else { format!("{clock} UTC on {day}") }
}

/// `14:05 (12:05 UTC)`
pub fn both(time: Timestamp) -> String {
    format!("{} ({})", clock(time), utc(time))
}
