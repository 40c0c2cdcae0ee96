//! ISO 8601 durations: `PT3H`, `PT1H30M`, `P1D`.

use core::time::Duration;

use crate::part;

/// A duration as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationText {
    /// Its length, exactly.
    Length(Duration),
    /// Its length, exactly, with days or weeks among its parts.
    Days(Duration),
    /// Its length, exactly, with a comma or a fraction of something other than seconds: ISO 8601 has that, XML
    /// Schema, which .NET follows, has not.
    Fraction(Duration),
    /// Something that the service is not known to take.
    Odd(DurationFault),
}

/// What is odd about a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationFault {
    /// Years or months, whose length depends on the calendar: `P1M`. None of them, as in `P0Y0M0DT3H`, is no fault.
    Calendar,
    /// Below zero: `-PT3H`.
    Negative,
    /// Beyond all bounds.
    Overflow,
    /// A duration but for its case, white space or order of parts: `pt3h`.
    Spelling(Duration),
    /// Something else: `3h`, `180`, `03:00:00`.
    Unreadable,
}

impl DurationText {
    /// Reads a duration. Weeks, days, hours, minutes and seconds add up; only the last part may have a
    /// fraction (ISO 8601, and XML Schema's `dayTimeDuration`, which .NET's `XmlConvert` writes).
    #[inline]
    pub fn parse(text: &str) -> Self {
        // `PT3H`, as nearly all are.
        if let [b'P', b'T', digit @ b'0'..=b'9', b'H'] = text.as_bytes() {
            let hours = u64::from(digit.saturating_sub(b'0'));
            return Self::Length(Duration::from_secs(hours.saturating_mul(3600)));
        }
        Self::parse_any(text)
    }

    fn parse_any(text: &str) -> Self {
        match parse(text) {
            Ok(length) if part::has(text, ',') || (part::has(text, '.') && !text.ends_with('S')) => {
                Self::Fraction(length)
            }
            Ok(length) if text.contains(['D', 'W']) => Self::Days(length),
            Ok(length) => Self::Length(length),
            Err(DurationFault::Unreadable) => Self::Odd(respell(text)),
            Err(fault) => Self::Odd(fault),
        }
    }

    /// The length, if it can be told: of an odd spelling, too.
    #[inline]
    pub fn length(self) -> Option<Duration> {
        match self {
            Self::Length(length)
            | Self::Days(length)
            | Self::Fraction(length)
            | Self::Odd(DurationFault::Spelling(length)) => Some(length),
            Self::Odd(_) => None,
        }
    }
}

fn respell(text: &str) -> DurationFault {
    let upper = part::trim(text).to_ascii_uppercase();
    match parse(&upper) {
        Ok(length) => DurationFault::Spelling(length),
        Err(fault) => fault,
    }
}

fn parse(text: &str) -> Result<Duration, DurationFault> {
    use DurationFault::{Calendar, Negative, Overflow, Unreadable};
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut rest = text.strip_prefix('P').ok_or(Unreadable)?;
    let mut total = Duration::ZERO;
    let (mut time, mut calendar, mut last_rank) = (false, false, 0);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T').filter(|after| !time && !after.is_empty()) {
            time = true;
            rest = after;
        }
        let at = rest.find(|char: char| char.is_ascii_alphabetic()).ok_or(Unreadable)?;
        let (amount, unit) = rest.split_at_checked(at).ok_or(Unreadable)?;
        let mut chars = unit.chars();
        let (rank, seconds) = match (chars.next(), time) {
            (Some('Y'), false) => (1, None),
            (Some('M'), false) => (2, None),
            (Some('W'), false) => (3, Some(604_800)),
            (Some('D'), false) => (4, Some(86_400)),
            (Some('H'), true) => (5, Some(3600)),
            (Some('M'), true) => (6, Some(60)),
            (Some('S'), true) => (7, Some(1)),
            _ => return Err(Unreadable),
        };
        rest = chars.as_str();
        let fraction = amount.contains(['.', ',']);
        if rank <= last_rank || (fraction && !rest.is_empty()) {
            return Err(Unreadable);
        }
        last_rank = rank;
        let part = part(amount, seconds.unwrap_or(1))?;
        calendar |= seconds.is_none() && !part.is_zero();
        total = total.checked_add(part).ok_or(Overflow)?;
    }
    match (last_rank, calendar, negative && total > Duration::ZERO) {
        (0, ..) => Err(Unreadable),
        (_, true, _) => Err(Calendar),
        (_, _, true) => Err(Negative),
        _ => Ok(ticks(total)),
    }
}

/// Cut to whole ticks of 100 nanoseconds: nothing that the service keeps is shorter.
fn ticks(length: Duration) -> Duration {
    Duration::new(length.as_secs(), length.subsec_nanos().wrapping_div(100).wrapping_mul(100))
}

/// `1.5` of a unit of so many seconds; digits beyond nanoseconds are cut.
fn part(amount: &str, seconds: u64) -> Result<Duration, DurationFault> {
    let (whole, fraction) = amount.split_once(['.', ',']).unwrap_or((amount, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err(DurationFault::Unreadable);
    }
    let whole: u64 = whole.parse().map_err(|_| DurationFault::Overflow)?;
    let whole = whole.checked_mul(seconds).ok_or(DurationFault::Overflow)?;
    let (mut nanos, mut place) = (0_u64, 100_000_000_u64);
    for digit in fraction.bytes().take(9) {
        let digit = u64::from(digit.saturating_sub(b'0'));
        nanos = nanos.saturating_add(digit.saturating_mul(place));
        place = place.wrapping_div(10);
    }
    let fraction = Duration::from_nanos(nanos.checked_mul(seconds).ok_or(DurationFault::Overflow)?);
    Duration::from_secs(whole).checked_add(fraction).ok_or(DurationFault::Overflow)
}

/// The way Azure writes a duration: hours, minutes and seconds, no days: `PT24H`, `PT1H30M`.
pub fn canonical(length: Duration) -> alloc::string::String {
    use core::fmt::Write;
    let seconds = length.as_secs();
    let (hours, minutes) = (seconds.wrapping_div(3600), seconds.wrapping_div(60).wrapping_rem(60));
    let (seconds, nanos) = (seconds.wrapping_rem(60), length.subsec_nanos());
    let mut text = alloc::string::String::from("PT");
    // Writing to a `String` cannot fail.
    if hours > 0 {
        let _ = write!(text, "{hours}H");
    }
    if minutes > 0 {
        let _ = write!(text, "{minutes}M");
    }
    if nanos > 0 {
        let fraction = crate::format::format!("{nanos:09}");
        let _ = write!(text, "{seconds}.{}S", fraction.trim_end_matches('0'));
    } else if seconds > 0 || text == "PT" {
        let _ = write!(text, "{seconds}S");
    }
    text
}

/// A length that is more than allowed, as people say it: over it by less than a second, it would read as if it were not.
pub fn words_over(length: Duration, most: Duration) -> alloc::string::String {
    let over = if length.as_secs() == most.as_secs() { "a moment over " } else { "" };
    crate::format::format!("{over}{}", words(length))
}

/// As people say it: `3 h`, `1 h 30 min`, `5 min`, `45 s`, `1 d` stays `24 h`.
pub fn words(length: Duration) -> alloc::string::String {
    let seconds = length.as_secs();
    let parts = [
        (seconds.wrapping_div(3600), "h"),
        (seconds.wrapping_div(60).wrapping_rem(60), "min"),
        (seconds.wrapping_rem(60), "s"),
    ];
    let parts: alloc::vec::Vec<_> = parts
        .into_iter()
        .filter(|&(amount, unit)| amount > 0 || (unit == "s" && seconds == 0))
        .map(|(amount, unit)| crate::format::format!("{amount} {unit}"))
        .collect();
    part::join(&parts, " ")
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::DurationFault::{Calendar, Negative, Overflow, Spelling, Unreadable};
    use super::DurationText::{self, Days, Fraction, Length, Odd};
    use super::{canonical, words};

    #[test]
    fn lengths() {
        let seconds = |seconds| Length(Duration::from_secs(seconds));
        for (text, expected) in [
            ("PT3H", seconds(10_800)),
            ("PT1H30M", seconds(5400)),
            ("PT90M", seconds(5400)),
            ("P1D", Days(Duration::from_hours(24))),
            ("P1DT1H", Days(Duration::from_hours(25))),
            ("P1W", Days(Duration::from_hours(168))),
            ("P0.5D", Fraction(Duration::from_hours(12))),
            ("PT0.5H", Fraction(Duration::from_mins(30))),
            ("PT0,5H", Fraction(Duration::from_mins(30))),
            ("PT0S", seconds(0)),
            ("-PT0S", seconds(0)),
            ("PT1.5S", Length(Duration::from_millis(1500))),
            ("-PT3H", Odd(Negative)),
            ("P1M", Odd(Calendar)),
            ("P1Y2M3D", Odd(Calendar)),
            ("P0Y0M0DT3H0M0S", Days(Duration::from_hours(3))),
            ("P0MT3H", seconds(10_800)),
            ("pt3h", Odd(Spelling(Duration::from_hours(3)))),
            (" PT3H ", Odd(Spelling(Duration::from_hours(3)))),
            ("PT99999999999999999999H", Odd(Overflow)),
            ("P3H", Odd(Unreadable)),
            ("PT", Odd(Unreadable)),
            ("P", Odd(Unreadable)),
            ("P1DT", Odd(Unreadable)),
            ("PT1M1H", Odd(Unreadable)),
            ("PT1.5H30M", Odd(Unreadable)),
            ("3h", Odd(Unreadable)),
            ("", Odd(Unreadable)),
        ] {
            assert_eq!(DurationText::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn canonical_reads_back() {
        for (text, expected) in
            [("P1D", "PT24H"), ("PT90M", "PT1H30M"), ("PT0S", "PT0S"), ("PT1.5S", "PT1.5S")]
        {
            let length = DurationText::parse(text).length().unwrap();
            assert_eq!(canonical(length), expected);
            assert_eq!(DurationText::parse(expected), Length(length));
        }
        assert_eq!(words(Duration::from_mins(90)), "1 h 30 min");
    }
}
