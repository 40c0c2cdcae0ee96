//! Requests and the grants in them. A grant's status at any instant follows from its end, from what closed it, and
//! from that instant.

use alloc::boxed::Box;
use alloc::sync::Arc;

use super::{End, Prefixes, Principal, ResourceId};
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
    /// Nothing of the machine was open before the request.
    pub(super) first: bool,
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
    /// Nothing of its machine was open when it began, but for what its request opened. It may be so and not be known.
    pub fn is_first(&self) -> bool {
        self.grant.first
    }

    /// The first instant at which it is not open.
    pub fn until(&self) -> Timestamp {
        let end = self.grant.end.time();
        self.grant.closed.as_ref().map_or(end, |closed| closed.at.min(end))
    }

    /// True when it is open: from its start on, before its end, and not closed.
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.request.start <= at && self.grant.status(at) == Status::Initiated
    }
}

#[cfg(test)]
mod tests {
    use super::{Protocol, Protocols};

    #[test]
    fn protocols() {
        let all = Protocols::default().with(Protocol::Any).with(Protocol::Tcp).with(Protocol::Tcp);
        assert!(all.iter().eq([Protocol::Tcp, Protocol::Any]));
        assert_eq!(Protocols::default().iter().count(), 0);
    }
}
