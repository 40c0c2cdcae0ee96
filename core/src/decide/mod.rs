//! Is this request within this policy, now, for this caller? [`decide`] answers with grants, or with
//! every reason against it and the nearest request that would be granted.

mod judge;
mod nearest;
mod refusal;
mod rules;
mod run;

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::Ipv4Net;

use crate::diagnostic::Diagnostic;
use crate::model::Protocol;
use crate::model::time::Timestamp;

pub(crate) use judge::{allowed_sources, certain};
pub use refusal::{Refusal, Unknown};
pub use run::decide;
pub(crate) use run::{against, decide_checked, expect_policy};

/// What a decision depends on beside the two documents.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The present: where a granted window starts.
    pub now: Timestamp,
    /// Where the caller comes from, which is the source of a request that names none.
    pub caller_address: Option<IpAddr>,
}

/// The answer to a request: granted as a whole, or refused as a whole.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What opens; empty when refused.
    pub grants: Vec<Grant>,
    /// Every reason against it, those about the policy first; empty when granted.
    pub reasons: Vec<Reason>,
    /// When refused: the request nearest to the one made that would be granted now, if any would.
    pub nearest: Option<Nearest>,
}

impl Decision {
    /// True when the request is granted.
    pub fn is_granted(&self) -> bool {
        !self.grants.is_empty()
    }
}

/// One port that opens on one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The policy's resource id, where the document has one.
    pub policy: Option<String>,
    /// The machine's resource id, as the request has it.
    pub machine: String,
    /// The port.
    pub port: u16,
    /// The protocol, by the policy's rule.
    pub protocol: Protocol,
    /// Who may come in: canonical and without overlaps; `0.0.0.0/0` is everybody, written `*` on the wire.
    pub sources: Vec<Ipv4Net>,
    /// The window's start: `now`.
    pub start: Timestamp,
    /// The window's end, exclusive.
    pub end: Timestamp,
}

/// Which of the two documents a reason speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The policy.
    Policy,
    /// The request.
    Request,
}

/// A reason against a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The document that the diagnostic's places are in.
    pub document: Subject,
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

/// A request that would be granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// The body of the `initiate` call, ready to send.
    pub body: RequestBody,
    /// What differs from the request made, a line each: `vm1 port 22: 5 h → 3 h`.
    pub changes: Vec<String>,
}

/// The body of an `initiate` call, as we would write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestBody {
    /// The machines, in the order asked.
    pub machines: Vec<MachineBody>,
    /// The justification, as given.
    pub justification: Option<String>,
}

/// A machine in a [`RequestBody`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineBody {
    /// Its resource id.
    pub id: String,
    /// Its ports, in the order asked.
    pub ports: Vec<PortBody>,
}

/// A port in a [`RequestBody`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortBody {
    /// The port.
    pub number: u16,
    /// The sources: one is written as the single prefix, several as the list.
    pub sources: Vec<Ipv4Net>,
    /// Until when.
    pub until: Until,
}

/// How a request says when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Until {
    /// `endTimeUtc`, as it will be written.
    End(String),
    /// `duration`, as it will be written: `PT3H`.
    Duration(String),
}
