//! What was asked for, a port of a machine each, and how it stands.
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jitgate_core::Timestamp;
use jitgate_core::ledger::ResourceId;
use jitgate_core::order;

use crate::api::{Machine, Policy, Request, RequestedPort};
use crate::parts::{Held, requestor};

/// What has just been asked for is no request for later: clocks agree to a second or so.
const SLACK: Duration = Duration::from_secs(2);

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Live,
    /// It is granted, and opens later.
    Scheduled,
    Expired,
    /// Somebody closed it before its end.
    Closed,
    /// A newer request of the same person took its place.
    Replaced,
}

impl Standing {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "Live",
            Self::Scheduled => "Scheduled",
            Self::Expired => "Expired",
            Self::Closed => "Closed",
            Self::Replaced => "Replaced by a newer request",
        }
    }

    /// It ended before the time that was asked for.
    pub const fn is_short(self) -> bool {
        matches!(self, Self::Closed | Self::Replaced)
    }
}

/// The names of instances of EC2, by their ids in small letters: requests know the ids alone.
pub type Names = BTreeMap<String, String>;

pub fn names(machines: &[Arc<Machine>]) -> Names {
    let mut names = Names::new();
    // One by one: collecting would bring a sort of its own.
    for machine in machines.iter().filter(|machine| machine.is_ec2) {
        names.insert(machine.id.key().to_owned(), machine.name.clone());
    }
    names
}

fn name(id: &ResourceId, names: &Names) -> String {
    let own = id.key().rsplit('/').next().unwrap_or_default();
    names.get(own).cloned().unwrap_or_else(|| id.name().to_owned())
}

/// The parts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Live,
    Scheduled,
    Past,
}

impl Part {
    pub const fn takes(self, standing: Standing) -> bool {
        match standing {
            Standing::Live => matches!(self, Self::Live),
            Standing::Scheduled => matches!(self, Self::Scheduled),
            _ => matches!(self, Self::Past),
        }
    }
}

/// A port that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub held: Held,
    pub start: Option<Timestamp>,
    pub standing: Standing,
    /// When it was closed before its end, and by whom; empty for an application.
    pub closed: Option<(Timestamp, String)>,
}

impl Row {
    fn of(request: &Request, port: &RequestedPort, names: &Names, now: Timestamp) -> Self {
        let standing = match port.reason.as_str() {
            _ if port.is_open && is_later(request, now) => Standing::Scheduled,
            _ if port.is_open && !is_over(port, now) => Standing::Live,
            "UserRequested" if !port.is_open => Standing::Closed,
            "NewerRequestInitiated" => Standing::Replaced,
            _ => Standing::Expired,
        };
        let held = Held {
            policy: request.policy.clone(),
            machine: port.machine.clone(),
            name: name(&port.machine, names),
            port: port.number,
            protocol: None,
            sources: port.sources.clone(),
            start: request.start,
            end: port.end,
            requestor: request.requestor.clone(),
            justification: request.justification.clone(),
        };
        let closed = port.closed.clone().filter(|_| standing.is_short());
        Self { held, start: request.start, standing, closed }
    }

    /// When it was over, or will be.
    pub fn end(&self) -> Option<Timestamp> {
        self.closed.as_ref().map(|(at, _)| *at).or(self.held.end)
    }

    /// `web1, port 22`
    pub fn what(&self) -> String {
        format!("{}, port {}", self.held.name, self.held.port)
    }

    /// Who asked, for people.
    pub fn who(&self) -> String {
        requestor(&self.held.requestor)
    }

    /// True where each word is in the machine's name or group, and the user is the one that is asked for.
    pub fn is_meant(&self, words: &[&str], user: &str) -> bool {
        let machine = self.held.machine.key();
        let name = self.held.name.to_ascii_lowercase();
        words.iter().all(|word| machine.contains(word) || name.contains(word))
            && (user.is_empty() || self.who() == user)
    }
}

/// How many open ports open later, and how many are over: other numbers where a row stands otherwise.
pub fn turned(policies: &[Arc<Policy>], now: Timestamp) -> [usize; 2] {
    let requests = policies.iter().flat_map(|policy| &policy.requests);
    let open = requests.flat_map(|request| {
        let open = request.ports.iter().filter(|port| port.is_open);
        open.map(|port| (is_later(request, now), is_over(port, now)))
    });
    open.fold([0, 0], |[later, over], (begins, ended)| {
        [later.saturating_add(begins.into()), over.saturating_add(ended.into())]
    })
}

/// It is granted, and opens later.
fn is_later(request: &Request, now: Timestamp) -> bool {
    request.start.and_then(|start| start.since(now)).is_some_and(|ahead| ahead > SLACK)
}

fn is_over(port: &RequestedPort, now: Timestamp) -> bool {
    port.end.is_some_and(|end| end <= now)
}

/// All of them, the latest first.
pub fn rows(policies: &[Arc<Policy>], names: &Names, now: Timestamp) -> Vec<Row> {
    let requests = policies.iter().flat_map(|policy| &policy.requests);
    let rows =
        requests.flat_map(|request| request.ports.iter().map(move |port| Row::of(request, port, names, now)));
    let mut rows: Vec<Row> = rows.collect();
    order::sort_by(&mut rows, |one, other| other.start.cmp(&one.start));
    rows
}
