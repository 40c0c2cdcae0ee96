//! Instants: RFC 3339 as the service writes it, and the forms people and tools send.

use alloc::string::String;
use core::fmt;
use core::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

use crate::part;

/// An instant, exact to the nanosecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// The beginning of 1970.
    pub const EPOCH: Self = Self(DateTime::UNIX_EPOCH);

    /// From milliseconds since 1970: JavaScript's `Date.now()`. None beyond chrono's 262,000 years.
    pub fn from_unix_millis(millis: i64) -> Option<Self> {
        DateTime::from_timestamp_millis(millis).map(Self)
    }

    /// From seconds and nanoseconds since 1970, as a system's clock gives them.
    pub fn from_unix(seconds: i64, nanos: u32) -> Option<Self> {
        DateTime::from_timestamp(seconds, nanos).map(Self)
    }

    /// Reads RFC 3339 in any form that [`TimeText`] is certain of.
    pub fn parse(text: &str) -> Option<Self> {
        match TimeText::parse(text) {
            TimeText::Exact(time) | TimeText::Spelt(time) => Some(time),
            TimeText::Odd(_) => None,
        }
    }

    /// That much later; none beyond the end of time.
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        self.0.checked_add_signed(TimeDelta::from_std(duration).ok()?).map(Self)
    }

    /// Without what is below .NET's tick of 100 ns, the service's own grain.
    pub fn to_tick(self) -> Self {
        let nanos = self.0.timestamp_subsec_nanos();
        let below = i64::from(nanos.checked_rem(100).unwrap_or(0));
        Self(self.0.checked_sub_signed(TimeDelta::nanoseconds(below)).unwrap_or(self.0))
    }

    /// RFC 3339 in UTC with so many digits of a second, at most nine; what is below them is cut.
    pub fn with_digits(self, digits: u8) -> String {
        // chrono's own `format` knows many more forms, and is large; every record has several times, and `write!` takes
        // ten times as long for each of their numbers.
        let (date, time) = (self.0.date_naive(), self.0.time());
        let mut text = String::with_capacity(30);
        match u32::try_from(date.year()) {
            Ok(year @ 0..=9999) => push(&mut text, year, 4),
            _ => text.push_str(&crate::format::format!("{:+05}", date.year())),
        }
        for (sign, number) in [
            ('-', date.month()),
            ('-', date.day()),
            ('T', time.hour()),
            (':', time.minute()),
            (':', time.second()),
        ] {
            text.push(sign);
            push(&mut text, number, 2);
        }
        if digits > 0 {
            text.push('.');
            push(&mut text, self.0.timestamp_subsec_nanos(), 9);
            text.truncate(text.len().saturating_sub(usize::from(9_u8.saturating_sub(digits))));
        }
        text.push('Z');
        text
    }

    /// As the service writes the times that it sets itself: seven digits, or as many as the instant needs.
    pub fn to_service_form(self) -> String {
        self.with_digits(if self == self.to_tick() { 7 } else { 9 })
    }

    /// .NET's ticks: units of 100 ns since the year 1, as the ids of Azure's activity events have them.
    pub fn ticks(self) -> i64 {
        const UNIX_EPOCH: i64 = 621_355_968_000_000_000;
        let fraction = i64::from(self.0.timestamp_subsec_nanos().checked_div(100).unwrap_or(0));
        self.0.timestamp().saturating_mul(10_000_000).saturating_add(fraction).saturating_add(UNIX_EPOCH)
    }

    /// How long since `earlier`; none when it is later than this.
    pub fn since(self, earlier: Self) -> Option<Duration> {
        self.0.signed_duration_since(earlier.0).to_std().ok()
    }
}

/// RFC 3339 in UTC with as many digits as the instant needs, none to nine: `2026-11-22T08:00:00.5Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let nanos = self.0.timestamp_subsec_nanos();
        let is_all = |digits: &u8| {
            let below = 10_u32.checked_pow(9_u32.saturating_sub(u32::from(*digits)));
            below.and_then(|below| nanos.checked_rem(below)) == Some(0)
        };
        f.write_str(&self.with_digits((0..9).find(is_all).unwrap_or(9)))
    }
}

/// Puts the last digits of a number at the end of a text, so many of them, nine at most.
fn push(text: &mut String, number: u32, digits: usize) {
    let (mut places, mut rest) = (['0'; 9], number);
    for place in places.iter_mut().rev().take(digits) {
        *place = char::from_digit(rest % 10, 10).unwrap_or('0');
        rest /= 10;
    }
    text.extend(places.iter().skip(places.len().saturating_sub(digits)));
}

/// A time as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeText {
    /// As the service itself writes it: `T`, no more than 7 digits of a second, `Z` or `+00:00`.
    Exact(Timestamp),
    /// The instant is certain, the form is another: a space for `T`, small letters, an offset, 8 or 9
    /// digits.
    Spelt(Timestamp),
    /// No instant can be told.
    Odd(TimeFault),
}

/// Why no instant can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFault {
    /// No zone: local time or UTC? The instant, were it UTC.
    NoZone(Timestamp),
    /// Well-formed, but no such day or hour: `2026-02-30T25:00:00Z`.
    Impossible,
    /// Something else.
    Unreadable,
}

impl TimeText {
    /// Reads a time.
    pub fn parse(text: &str) -> Self {
        parse(text).unwrap_or(Self::Odd(TimeFault::Unreadable))
    }

    /// The instant, where it is certain, cut to the service's tick: as it counts lengths, too.
    #[inline]
    pub fn time(self) -> Option<Timestamp> {
        match self {
            Self::Exact(time) | Self::Spelt(time) => Some(time.to_tick()),
            Self::Odd(_) => None,
        }
    }
}

/// None for what has not the shape of a time at all.
fn parse(text: &str) -> Option<TimeText> {
    let padded = part::trim(text);
    let (year, rest) = digits(padded, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (hour, rest) = digits(rest.strip_prefix(['T', 't', ' '])?, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => digits(rest, 2)?,
        None => (0, rest),
    };
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
            rest.split_at_checked(end).filter(|(fraction, _)| !fraction.is_empty())?
        }
        None => ("", rest),
    };
    let offset = if rest.is_empty() { None } else { Some(offset(rest)?) };
    let nanos = fraction.bytes().chain(core::iter::repeat(b'0')).take(9).fold(0_u32, |nanos, digit| {
        nanos.saturating_mul(10).saturating_add(u32::from(digit.saturating_sub(b'0')))
    });
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos);
    let (Some(date), Some(time)) = (date, time) else { return Some(TimeText::Odd(TimeFault::Impossible)) };
    let local = NaiveDateTime::new(date, time).and_utc();
    let Some(minutes) = offset else { return Some(TimeText::Odd(TimeFault::NoZone(Timestamp(local)))) };
    let Some(instant) = local.checked_sub_signed(TimeDelta::minutes(minutes)).map(Timestamp) else {
        return Some(TimeText::Odd(TimeFault::Impossible));
    };
    let utc = rest == "Z" || rest == "+00:00";
    let exact = utc && fraction.len() <= 7 && padded.get(10..11) == Some("T") && padded.len() == text.len();
    // Seconds may be left out in ISO 8601, but not in RFC 3339.
    let seconds = padded.get(16..17) == Some(":");
    Some(if exact && seconds { TimeText::Exact(instant) } else { TimeText::Spelt(instant) })
}

fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let (number, rest) = text.split_at_checked(count)?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    Some((number.parse().ok().filter(|_| digits)?, rest))
}

/// Minutes east of UTC; none where there is no zone to read.
fn offset(text: &str) -> Option<i64> {
    let minutes = match text {
        "Z" | "z" => 0,
        _ => {
            let sign = if text.starts_with('-') { -1 } else { 1 };
            let (hours, rest) = digits(text.strip_prefix(['+', '-'])?, 2)?;
            let (minutes, rest) = digits(rest.strip_prefix(':').unwrap_or(rest), 2)?;
            let total = i64::from(hours).checked_mul(60)?.checked_add(i64::from(minutes))?;
            let fits = rest.is_empty() && hours < 24 && minutes < 60;
            total.checked_mul(sign).filter(|_| fits)?
        }
    };
    Some(minutes)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::TimeFault::{Impossible, NoZone, Unreadable};
    use super::TimeText::{self, Exact, Odd, Spelt};
    use super::Timestamp;

    #[test]
    fn forms() {
        let noon = Timestamp::from_unix(1_795_348_800, 0).unwrap();
        let fraction = |nanos| Timestamp::from_unix(1_795_348_800, nanos).unwrap();
        for (text, expected) in [
            ("2026-11-22T12:00:00Z", Exact(noon)),
            ("2026-11-22T12:00:00+00:00", Exact(noon)),
            ("2026-11-22T12:00:00.5921811Z", Exact(fraction(592_181_100))),
            ("2026-11-22T12:00:00.592181123Z", Spelt(fraction(592_181_123))),
            ("2026-11-22T13:00:00+01:00", Spelt(noon)),
            ("2026-11-22T07:00:00-0500", Spelt(noon)),
            ("2026-11-22 12:00:00Z", Spelt(noon)),
            ("2026-11-22t12:00:00z", Spelt(noon)),
            ("2026-11-22T12:00Z", Spelt(noon)),
            ("2026-11-22T12:00:00", Odd(NoZone(noon))),
            ("2026-02-30T12:00:00Z", Odd(Impossible)),
            ("2026-11-22T25:00:00Z", Odd(Impossible)),
            ("2026-11-22T12:00:00.Z", Odd(Unreadable)),
            ("2026-11-22", Odd(Unreadable)),
            ("22/11/2026 12:00", Odd(Unreadable)),
            ("", Odd(Unreadable)),
        ] {
            assert_eq!(TimeText::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn display_keeps_every_digit() {
        for text in ["2026-11-22T12:00:00Z", "2026-11-22T12:00:00.5921811Z", "2026-11-22T12:00:00.000000001Z"]
        {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn digits_are_cut_and_filled_up() {
        for (seconds, nanos, digits, expected) in [
            (1_795_348_800, 592_181_123, 0, "2026-11-22T12:00:00Z"),
            (1_795_348_800, 592_181_123, 1, "2026-11-22T12:00:00.5Z"),
            (1_795_348_800, 592_181_123, 9, "2026-11-22T12:00:00.592181123Z"),
            (1_795_348_800, 592_181_123, 200, "2026-11-22T12:00:00.592181123Z"),
            (0, 1_000, 6, "1970-01-01T00:00:00.000001Z"),
            (-62_167_219_200, 0, 0, "0000-01-01T00:00:00Z"),
            (-62_167_219_201, 0, 0, "-0001-12-31T23:59:59Z"),
            (253_402_300_800, 0, 0, "+10000-01-01T00:00:00Z"),
        ] {
            assert_eq!(Timestamp::from_unix(seconds, nanos).unwrap().with_digits(digits), expected);
        }
    }

    #[test]
    fn the_service_writes_seven_digits() {
        for (text, expected) in [
            ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00.0000000Z"),
            ("2026-11-22T12:00:00.5Z", "2026-11-22T12:00:00.5000000Z"),
            ("2026-11-22T12:00:00.1234567Z", "2026-11-22T12:00:00.1234567Z"),
            ("2026-11-22T12:00:00.123456789Z", "2026-11-22T12:00:00.123456789Z"),
        ] {
            let time = Timestamp::parse(text).unwrap();
            assert_eq!(time.to_service_form(), expected);
            let tick = expected.get(..27).unwrap().to_string() + "Z";
            assert_eq!(time.to_tick().to_service_form(), tick);
        }
        assert_eq!(
            Timestamp::parse("2018-07-05T12:19:07.6779647Z").unwrap().ticks(),
            636_663_899_476_779_647
        );
        let time = Timestamp::parse("2026-11-22T12:00:00.9876Z").unwrap();
        assert_eq!(time.with_digits(3), "2026-11-22T12:00:00.987Z");
        assert_eq!(time.with_digits(0), "2026-11-22T12:00:00Z");
    }

    #[test]
    fn years_of_other_lengths_have_a_sign() {
        let year = |seconds| Timestamp::from_unix(seconds, 0).unwrap().to_string();
        assert_eq!(year(-30_000_000_000), "1019-05-04T18:40:00Z");
        assert_eq!(year(-62_200_000_000), "-0002-12-17T14:13:20Z");
        assert_eq!(year(300_000_000_000), "+11476-08-15T05:20:00Z");
    }
}
