//! One call, with all that its answer depends on beside the ledger.

use std::net::IpAddr;
use std::sync::Arc;

use jitgate_core::Timestamp;
use jitgate_core::access::{Scope, built_in};
use jitgate_core::ledger::{Actor, Context, Principal};
use jitgate_core::rest::Caller;

/// A call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    /// `GET`, `PUT`, `POST`, `DELETE`.
    pub method: &'a str,
    /// The path with its query.
    pub target: &'a str,
    /// JSON; empty for none.
    pub body: &'a [u8],
    /// `x-ms-client-request-id`
    pub id: Option<&'a str>,
    /// `If-Match`
    pub if_match: Option<&'a str>,
    /// `If-None-Match`
    pub if_none_match: Option<&'a str>,
}

/// Who calls, when and from where.
#[derive(Clone, Debug)]
pub struct Situation {
    /// The present, by the computer's clock.
    pub now: Timestamp,
    /// The user.
    pub user: Principal,
    /// The user's address, where it is known.
    pub address: Option<IpAddr>,
    /// What ties together the records of this call: a GUID.
    pub correlation: String,
    /// `https://host`: what links begin with.
    pub origin: String,
}

/// The user's role, at everything.
const ROLE: &str = "Owner";

impl Situation {
    /// The user, who owns everything.
    pub(crate) fn caller(&self) -> Caller {
        let roles = built_in(ROLE).map(|role| (Arc::new(role.clone()), Scope::root()));
        let (principal, session) = (self.user.clone(), self.user.id.clone());
        Caller { principal, session, roles: roles.into_iter().collect() }
    }

    /// What a command's outcome depends on.
    pub(crate) fn context(&self, id: Option<&str>) -> Context {
        // As a server takes it: a longer one, or one with other characters, is none.
        let fits =
            |id: &&str| !id.is_empty() && id.len() <= 128 && id.chars().all(|char| char.is_ascii_graphic());
        Context {
            now: self.now,
            actor: Actor { principal: self.user.clone(), address: self.address },
            correlation_id: self.correlation.clone(),
            client_request_id: id.map(str::trim).filter(fits).map(str::to_owned),
        }
    }
}
