//! Who acts, and what else is known of a call.

use alloc::string::String;
use alloc::sync::Arc;
use core::net::IpAddr;

use crate::model::Timestamp;

/// What kind of principal acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A person; signed in by name.
    User,
    /// A program with an identity of its own. Azure shows no name where it requests access.
    Application,
    /// jitgate itself, when time closes something.
    System,
}

impl ActorKind {
    /// The word on the wire: `User`, `Application` or `System`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Application => "Application",
            Self::System => "System",
        }
    }

    /// The kind of that word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::User, Self::Application, Self::System].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Somebody who can be told from others by the object id alone; names change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The object id.
    pub id: Arc<str>,
    /// The sign-in name of a user, the display name of an application.
    pub name: Arc<str>,
    /// What it is.
    pub kind: ActorKind,
}

impl Principal {
    /// jitgate itself: who closes what has ended.
    pub fn system() -> Self {
        Self { id: "jitgate".into(), name: "jitgate".into(), kind: ActorKind::System }
    }

    /// What a request shows as its `requestor`: a user's sign-in name, nothing for an application.
    pub fn requestor(&self) -> &str {
        match self.kind {
            ActorKind::User => &self.name,
            ActorKind::Application | ActorKind::System => "",
        }
    }
}

/// Who acts, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub principal: Principal,
    /// From which address, where that is known: the source of a request that names none.
    pub address: Option<IpAddr>,
}

/// What a command's outcome depends on beside the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The clock's time. The ledger's own never goes back: see [`State::present`](super::State::present).
    pub now: Timestamp,
    /// Who acts.
    pub actor: Actor,
    /// `x-ms-correlation-request-id`: what ties together the events of one call.
    pub correlation_id: String,
    /// `x-ms-client-request-id`, where the client sent one.
    pub client_request_id: Option<String>,
}
