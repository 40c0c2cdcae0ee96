//! When access ends, and how that was written.

use alloc::boxed::Box;
use alloc::string::{String, ToString};

use crate::model::Timestamp;

/// `endTimeUtc`: an instant, and how the request wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    time: Timestamp,
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// So many digits of a second, and `Z`.
    Digits(u8),
    Other(Box<str>),
}

impl End {
    /// Of an instant and its text.
    pub fn new(time: Timestamp, text: &str) -> Self {
        // `2026-11-22T08:00:00Z`, and a fraction: a text of an instant that has these signs in these places has no
        // other form. Compared without writing it, since every record that is read at start has such a text.
        let whole = text.get(..20).and_then(|whole| whole.split_at_checked(19));
        let fraction = match (whole, text.len().checked_sub(21)) {
            (Some((_, "Z")), None) => Some(0),
            (Some((_, ".")), Some(digits @ 1..=9)) if text.ends_with('Z') => u8::try_from(digits).ok(),
            _ => None,
        };
        let plain = fraction.filter(|_| {
            text.as_bytes().get(10) == Some(&b'T') && text.starts_with(|c: char| c.is_ascii_digit())
        });
        let form = plain.map_or_else(|| Form::Other(text.into()), Form::Digits);
        Self { time, form }
    }

    /// Of a text, if it is that of an instant.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self::new(Timestamp::parse(text)?, text))
    }

    /// Of an instant that nobody wrote.
    pub fn at(time: Timestamp) -> Self {
        Self::new(time, &time.to_service_form())
    }

    /// The instant: the first at which nothing is open by it.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// As it was written, which is how it is recorded.
    pub fn written(&self) -> String {
        match &self.form {
            Form::Digits(digits) => self.time.with_digits(*digits),
            Form::Other(text) => text.to_string(),
        }
    }

    /// As it is shown: as it was written, where that is RFC 3339 to the letter; clients stumble over other spellings,
    /// so that these are shown in the service's own form.
    pub fn text(&self) -> String {
        match &self.form {
            Form::Other(text) if !is_strict(text) => self.time.to_service_form(),
            _ => self.written(),
        }
    }
}

/// True for `2026-11-22T08:00:00`, a fraction of up to nine digits or none, and `Z` or `+01:00`. The text is that of an
/// instant, so that its numbers are within their bounds.
fn is_strict(text: &str) -> bool {
    let is = |text: &str, shape: &str| {
        let sign =
            |(byte, shape): (u8, u8)| if shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
        text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(sign)
    };
    let Some((whole, rest)) = text.split_at_checked(19) else { return false };
    let zone = match rest.strip_prefix('.') {
        Some(rest) => {
            let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = rest.len().saturating_sub(zone.len());
            Some(zone).filter(|_| (1..=9).contains(&digits))
        }
        None => Some(rest),
    };
    let is_zone = |zone: &str| zone == "Z" || is(zone, "+00:00") || is(zone, "-00:00");
    is(whole, "0000-00-00T00:00:00") && zone.is_some_and(is_zone)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::{End, Form, Timestamp};

    #[test]
    fn ends_are_echoed() {
        for (text, plain) in [
            ("2026-11-22T14:44:44Z", true),
            ("2026-11-22T14:44:44.1Z", true),
            ("2026-11-22T14:44:44.100Z", true),
            ("2026-11-22T14:44:44.5921811Z", true),
            ("2026-11-22T14:44:44.659413112Z", true),
            ("2026-11-22T14:44:44.0000000001Z", false),
            ("2026-11-22T14:44:44+00:00", false),
            ("2026-11-22 14:44:44Z", false),
            ("2026-11-22t14:44:44z", false),
            ("2026-11-22T14:44:44.5+01:00", false),
            (" 2026-11-22T14:44:44Z", false),
            ("2026-11-22T14:44:44 Z", false),
            ("2026-11-22T14:44Z", false),
        ] {
            let Some(end) = End::parse(text) else {
                assert_eq!(Timestamp::parse(text), None, "{text}");
                continue;
            };
            assert_eq!(
                (end.written().as_str(), matches!(end.form, Form::Digits(_))),
                (text, plain),
                "{text}"
            );
        }
        assert_eq!(End::parse("soon"), None);
    }

    #[test]
    fn ends_are_shown_in_rfc_3339() {
        for (text, shown) in [
            ("2026-11-22T14:44:44.659413112Z", "2026-11-22T14:44:44.659413112Z"),
            ("2026-11-22T14:44:44+00:00", "2026-11-22T14:44:44+00:00"),
            ("2026-11-22T14:44:44-08:00", "2026-11-22T14:44:44-08:00"),
            ("2026-11-22T14:44:44.5+01:00", "2026-11-22T14:44:44.5+01:00"),
            ("2026-11-22T14:44:44.0000000001Z", "2026-11-22T14:44:44.0000000Z"),
            ("2026-11-22T14:44:44.1234567899Z", "2026-11-22T14:44:44.123456789Z"),
            ("2026-11-22 14:44:44Z", "2026-11-22T14:44:44.0000000Z"),
            ("2026-11-22t14:44:44z", "2026-11-22T14:44:44.0000000Z"),
            ("2026-11-22T14:44Z", "2026-11-22T14:44:00.0000000Z"),
            ("2026-11-22T14:44+01:00", "2026-11-22T13:44:00.0000000Z"),
            (" 2026-11-22T14:44:44Z", "2026-11-22T14:44:44.0000000Z"),
        ] {
            let end = End::parse(text).unwrap();
            assert_eq!((end.text().as_str(), end.written().as_str()), (shown, text));
        }
    }

    #[test]
    fn ends_that_nobody_wrote() {
        let time = Timestamp::parse("2026-11-22T14:44:44.5Z").unwrap();
        assert_eq!(End::at(time).text(), "2026-11-22T14:44:44.5000000Z");
        assert_eq!(End::at(time).time().to_string(), "2026-11-22T14:44:44.5Z");
    }
}
