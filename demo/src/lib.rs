//! A made-up fleet for newcomers: a freight company with a few hundred machines, its policies, and a month of requests.
//! The same in every run; only the times are told from the present.
//!
//! It comes as what an operator would have: files of exports, bodies of calls. Whoever starts a demonstration sends
//! them through the ordinary import and the ordinary commands, with a clock that runs through the month.

mod asset;
mod ec2;
mod files;
mod ids;
mod nsgs;
mod people;
mod plan;
mod policies;
mod random;
mod requests;

use std::net::IpAddr;
use std::time::Duration;

use jitgate_core::Timestamp;
use serde_json::Value;

pub use asset::asset;
pub use ids::SUBSCRIPTIONS;
pub use people::{PEOPLE, Person};

use plan::Plan;
use random::Random;

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// The network: exports, by name.
    pub files: Vec<(String, Vec<u8>)>,
    /// PUTs of policies, in the order of their times.
    pub policies: Vec<Put>,
    /// `initiate` calls, in the order of their times; all after the policies.
    pub requests: Vec<Attempt>,
}

/// A PUT of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// When.
    pub at: Timestamp,
    /// By whom, of [`PEOPLE`].
    pub by: usize,
    /// The policy's resource id.
    pub id: String,
    /// The call's body.
    pub body: String,
}

/// An `initiate` call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// By whom, of [`PEOPLE`].
    pub by: usize,
    /// From where.
    pub from: IpAddr,
    /// The policy's resource id.
    pub policy: String,
    /// The call's body.
    pub body: String,
    /// The policy allows it; else it asks for too much.
    pub granted: bool,
}

/// The spokes of an ordinary demonstration.
pub const SPOKES: u8 = 6;

impl Demo {
    /// As of now. Each of the spokes, at most 200, is a network with 43 machines; hubs and EC2 have 64 more.
    pub fn new(now: Timestamp, spokes: u8) -> Self {
        let plan = Plan::new(spokes.min(200));
        let mut random = Random::new(0x6A69_7467_6174_6521);
        let policies = policies::policies(&plan, now);
        let requests = requests::requests(&policies, now, &mut random);
        let puts = policies.into_iter().map(|policy| policy.put).collect();
        Self { files: files::files(&plan), policies: puts, requests }
    }
}

/// Puts a member into the object at a JSON pointer.
fn set(value: &mut Value, place: &str, name: &str, member: Value) {
    if let Some(Value::Object(object)) = value.pointer_mut(place) {
        object.insert(name.to_owned(), member);
    }
}

/// That long before.
fn before(now: Timestamp, ago: Duration) -> Timestamp {
    let since = now.since(Timestamp::EPOCH).unwrap_or_default().saturating_sub(ago);
    Timestamp::EPOCH.checked_add(Duration::from_secs(since.as_secs())).unwrap_or(now)
}

#[cfg(test)]
mod tests;
