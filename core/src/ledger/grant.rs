//! Requests and the grants in them. A grant's status at any instant follows from its end, from what closed it, and
//! from that instant.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;

use super::{Prefixes, Principal, ResourceId};
use crate::model::{Protocol, Timestamp};

/// The protocols of a grant: those of the policy's rules for its port that allowed it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Protocols(u8);

impl Protocols {
    const ALL: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Any];

    const fn bit(protocol: Protocol) -> u8 {
        match protocol {
            Protocol::Tcp => 1,
            Protocol::Udp => 2,
            Protocol::Any => 4,
        }
    }

    /// With one more.
    #[must_use]
    pub const fn with(self, protocol: Protocol) -> Self {
        Self(self.0 | Self::bit(protocol))
    }

    /// Each, in the order `TCP`, `UDP`, `*`.
    pub fn iter(self) -> impl Iterator<Item = Protocol> {
        Self::ALL.into_iter().filter(move |&protocol| self.0 & Self::bit(protocol) != 0)
    }
}

impl FromIterator<Protocol> for Protocols {
    fn from_iter<I: IntoIterator<Item = Protocol>>(protocols: I) -> Self {
        protocols.into_iter().fold(Self::default(), Self::with)
    }
}

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

/// Why a grant is no longer open, or why it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusReason {
    /// Its end has passed.
    Expired,
    /// It was asked for; when closed: somebody closed it, or its policy no longer has the port.
    UserRequested,
    /// The same requestor asked anew for the same port of the same machine.
    NewerRequestInitiated,
}

impl StatusReason {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "Expired",
            Self::UserRequested => "UserRequested",
            Self::NewerRequestInitiated => "NewerRequestInitiated",
        }
    }

    /// The reason of that word.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Expired, Self::UserRequested, Self::NewerRequestInitiated];
        all.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// How a grant stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is open.
    Initiated,
    /// It is not, and why.
    Revoked(StatusReason),
}

impl Status {
    /// `status` on the wire: `Initiated` or `Revoked`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initiated => "Initiated",
            Self::Revoked(_) => "Revoked",
        }
    }

    /// `statusReason` on the wire.
    pub const fn reason(self) -> StatusReason {
        match self {
            Self::Initiated => StatusReason::UserRequested,
            Self::Revoked(reason) => reason,
        }
    }
}

/// What closed a grant before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The first instant at which it is not open.
    pub at: Timestamp,
    /// Why.
    pub reason: StatusReason,
    /// By whom.
    pub by: Arc<Principal>,
}

/// One port of one machine, open to some sources for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The machine.
    pub machine: Arc<ResourceId>,
    /// The port.
    pub number: u16,
    /// By which protocols.
    pub protocols: Protocols,
    /// To whom, as the request wrote it.
    pub prefixes: Prefixes,
    /// Until when, exclusive.
    pub end: End,
    /// What closed it before, if anything did.
    pub closed: Option<Closed>,
    /// The machine's grant before this one.
    pub(super) previous: Option<GrantId>,
}

impl Grant {
    /// How it stands at an instant that is not before its request.
    pub fn status(&self, at: Timestamp) -> Status {
        match &self.closed {
            Some(closed) if closed.at <= at => Status::Revoked(closed.reason),
            _ if self.end.time() <= at => Status::Revoked(StatusReason::Expired),
            _ => Status::Initiated,
        }
    }
}

/// A request that was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The number of its event.
    pub seq: u64,
    /// When it was made, which is when its grants start.
    pub start: Timestamp,
    /// By which policy.
    pub policy: Arc<ResourceId>,
    /// By whom.
    pub requestor: Arc<Principal>,
    /// Why.
    pub justification: Option<Arc<str>>,
    /// What was granted, in the order asked.
    pub grants: Box<[Grant]>,
    /// The policy's request before this one.
    pub(super) previous: Option<u32>,
}

/// Tells a grant from all others of a state: its request, from 0, and its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantId {
    pub(super) request: u32,
    pub(super) grant: u32,
}

impl GrantId {
    /// True where both are of one request.
    pub fn is_of_request_of(self, other: Self) -> bool {
        self.request == other.request
    }

    /// True where it has this place in its request, from 0.
    pub fn is_at(self, place: usize) -> bool {
        usize::try_from(self.grant) == Ok(place)
    }
}

/// A grant with its request.
#[derive(Clone, Copy, Debug)]
pub struct GrantView<'s> {
    /// Its id.
    pub id: GrantId,
    /// Its request.
    pub request: &'s Request,
    /// The grant.
    pub grant: &'s Grant,
}

impl GrantView<'_> {
    /// True when it is open: from its start on, before its end, and not closed.
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.request.start <= at && self.grant.status(at) == Status::Initiated
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::{End, Form, Protocol, Protocols, Timestamp};

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

    #[test]
    fn protocols() {
        let all = Protocols::default().with(Protocol::Any).with(Protocol::Tcp).with(Protocol::Tcp);
        assert!(all.iter().eq([Protocol::Tcp, Protocol::Any]));
        assert_eq!(Protocols::default().iter().count(), 0);
    }
}
