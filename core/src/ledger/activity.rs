//! What the activity log shows of a record. As in Azure, a call has two events, its start and its end; each port
//! that opens or closes has one of its own, on its machine.

use alloc::string::String;
use alloc::vec::Vec;

use super::{
    AccessInitiated, AccessPort, ActorKind, Closing, End, Event, Prefixes, Protocols, Record, ResourceId,
    StatusReason, operation,
};
use crate::model::Timestamp;

/// `status` of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityStatus {
    /// The call came in.
    Started,
    /// It is granted: 202.
    Accepted,
    /// It is done.
    Succeeded,
    /// It was refused.
    Failed,
}

impl ActivityStatus {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "Started",
            Self::Accepted => "Accepted",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
        }
    }
}

/// `level` of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// As it should be.
    Informational,
    /// Something went that may be missed.
    Warning,
    /// A call was refused.
    Error,
}

impl Level {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Informational => "Informational",
            Self::Warning => "Warning",
            Self::Error => "Error",
        }
    }
}

/// A port that an event is about.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// The machine.
    pub machine: &'a ResourceId,
    /// The port.
    pub number: u16,
    /// By which protocols.
    pub protocols: Protocols,
    /// To whom.
    pub prefixes: &'a Prefixes,
    /// From when.
    pub start: Timestamp,
    /// Until when.
    pub end: &'a End,
}

/// An event of the activity log.
#[derive(Clone, Debug)]
pub struct Activity<'a> {
    /// The record that it shows.
    pub record: &'a Record,
    /// Its place among the events of the record, from 0.
    pub index: u32,
    /// When it happened: the record's time, or when a grant reached its end.
    pub time: Timestamp,
    /// The operation: [`operation`].
    pub operation: &'a str,
    /// `BeginRequest` or `EndRequest`.
    pub name: &'static str,
    /// How it went.
    pub status: ActivityStatus,
    /// The HTTP status of the answer, for the end of a call.
    pub http: Option<u16>,
    /// How much it matters.
    pub level: Level,
    /// What it is about: a policy, a machine, a scope.
    pub resource: &'a str,
    /// The ports that it is about.
    pub openings: Vec<Opening<'a>>,
    /// Machines that a policy lost.
    pub removed: &'a [ResourceId],
    /// Why access was asked for or closed.
    pub justification: Option<&'a str>,
    /// Why a port closed.
    pub reason: Option<StatusReason>,
    /// Who had asked for the access that closes.
    pub requestor: Option<&'a str>,
    /// The code and message of a refusal.
    pub error: Option<(&'a str, &'a str)>,
}

impl<'a> Activity<'a> {
    /// Who: a user's sign-in name, an application's name, else the object id; `jitgate` for what time does.
    pub fn caller(&self) -> &'a str {
        let principal = &self.record.actor.principal;
        if principal.name.is_empty() { &principal.id } else { &principal.name }
    }

    /// The subscription's id, where the resource is in one.
    pub fn subscription(&self) -> Option<&'a str> {
        segment(self.resource, "subscriptions")
    }

    /// The resource group's name, where the resource is in one.
    pub fn resource_group(&self) -> Option<&'a str> {
        segment(self.resource, "resourceGroups")
    }

    /// True when it is about this resource, or about a port of it. So a machine's log has the calls to its policy
    /// that named it.
    pub fn concerns(&self, id: &ResourceId) -> bool {
        self.resource.eq_ignore_ascii_case(id.text())
            || self.openings.iter().any(|opening| opening.machine == id)
            || self.removed.contains(id)
            || matches!(&self.record.event, Event::PolicyPut(put) if put.policy.machines.iter().any(|one| one.id == *id))
    }

    /// True for what time did: nobody called.
    pub fn is_by_time(&self) -> bool {
        self.record.actor.principal.kind == ActorKind::System
    }

    /// A GUID that tells the event from every other.
    pub fn id(&self) -> String {
        let mut bytes = self.record.digest.0.to_vec();
        bytes.extend(self.index.to_be_bytes());
        let text = alloc::format!("{}", super::Digest::of(&bytes));
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        alloc::format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
    }
}

/// The segment behind that word.
fn segment<'a>(id: &'a str, word: &str) -> Option<&'a str> {
    let mut segments = id.split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case(word))?;
    segments.next().filter(|segment| !segment.is_empty())
}

/// The events of a record, in the order of time.
pub fn activities(record: &Record) -> Vec<Activity<'_>> {
    let mut all = Vec::new();
    if !matches!(record.event, Event::AccessExpired(_)) {
        call(record, &mut all);
    }
    match &record.event {
        Event::AccessInitiated(access) => {
            access.replaced.iter().for_each(|closing| closed(record, closing, &mut all));
            opened(record, access, &mut all);
        }
        Event::PolicyPut(put) => put.closed.iter().for_each(|closing| closed(record, closing, &mut all)),
        Event::PolicyDeleted(deleted) => {
            deleted.closed.iter().for_each(|closing| closed(record, closing, &mut all));
        }
        Event::AccessRevoked(revoked) => {
            revoked.closed.iter().for_each(|closing| closed(record, closing, &mut all));
        }
        Event::AccessExpired(closings) => {
            closings.iter().for_each(|closing| closed(record, closing, &mut all));
        }
        _ => {}
    }
    for (index, activity) in (0..).zip(&mut all) {
        activity.index = index;
    }
    all
}

/// An event with nothing in it yet.
fn plain(record: &Record) -> Activity<'_> {
    Activity {
        record,
        index: 0,
        time: record.time,
        operation: record.event.operation(),
        name: "EndRequest",
        status: ActivityStatus::Succeeded,
        http: None,
        level: Level::Informational,
        resource: record.event.scope(),
        openings: Vec::new(),
        removed: &[],
        justification: None,
        reason: None,
        requestor: None,
        error: None,
    }
}

/// The start and the end of a call.
fn call<'a>(record: &'a Record, all: &mut Vec<Activity<'a>>) {
    let mut end = Activity { http: Some(200), ..plain(record) };
    match &record.event {
        Event::AccessInitiated(access) => {
            (end.status, end.http) = (ActivityStatus::Accepted, Some(202));
            end.justification = access.justification.as_deref();
            end.openings = openings(record, access).collect();
        }
        Event::PolicyPut(put) => end.removed = &put.removed,
        Event::PolicyDeleted(deleted) => end.removed = &deleted.removed,
        Event::AccessRevoked(revoked) => {
            end.justification = revoked.justification.as_deref();
            end.openings = revoked.closed.iter().map(opening).collect();
        }
        Event::Refused(attempt) => {
            (end.status, end.http, end.level) = (ActivityStatus::Failed, Some(attempt.status), Level::Error);
            end.error = Some((&attempt.code, &attempt.message));
        }
        _ => {}
    }
    // A DELETE takes what it names; a PUT that takes machines with it may not have meant to.
    if matches!(record.event, Event::PolicyPut(_)) && !end.removed.is_empty() {
        end.level = Level::Warning;
    }
    let start = Activity {
        name: "BeginRequest",
        status: ActivityStatus::Started,
        http: None,
        level: Level::Informational,
        error: None,
        ..end.clone()
    };
    all.extend([start, end]);
}

fn openings<'a>(record: &'a Record, access: &'a AccessInitiated) -> impl Iterator<Item = Opening<'a>> {
    access.machines.iter().flat_map(|machine| {
        let of = |port: &'a AccessPort| Opening {
            machine: &machine.id,
            number: port.number,
            protocols: port.protocols,
            prefixes: &port.prefixes,
            start: record.time,
            end: &port.end,
        };
        machine.ports.iter().map(of)
    })
}

const fn opening(closing: &Closing) -> Opening<'_> {
    Opening {
        machine: &closing.machine,
        number: closing.number,
        protocols: closing.protocols,
        prefixes: &closing.prefixes,
        start: closing.start,
        end: &closing.end,
    }
}

/// Each port of a request opens.
fn opened<'a>(record: &'a Record, access: &'a AccessInitiated, all: &mut Vec<Activity<'a>>) {
    for opening in openings(record, access) {
        all.push(Activity {
            operation: operation::RULE_WRITE,
            resource: opening.machine.text(),
            openings: alloc::vec![opening],
            justification: access.justification.as_deref(),
            ..plain(record)
        });
    }
}

/// A port closes: at its end, however much later that is written down, or now.
fn closed<'a>(record: &'a Record, closing: &'a Closing, all: &mut Vec<Activity<'a>>) {
    let expired = closing.reason == StatusReason::Expired;
    all.push(Activity {
        operation: operation::RULE_DELETE,
        time: if expired { closing.end.time() } else { record.time },
        resource: closing.machine.text(),
        openings: alloc::vec![opening(closing)],
        reason: Some(closing.reason),
        requestor: Some(&closing.requestor),
        ..plain(record)
    });
}
