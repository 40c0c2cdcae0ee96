//! The core's ledger, as the one writer folds it: commands in, records for the store and answers out.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Display;
use std::iter::once;

use jitgate_core::Timestamp;
use jitgate_core::ledger::{Answer, Closing, Command, Context, Event, Record, Refusal, ResourceId, State};
use jitgate_core::wire;

use crate::store::writer::{Batch, Fold};
use crate::store::{Blob, Fault, Mention, Row};

/// The ledger's state.
#[derive(Clone, Debug, Default)]
pub struct Ledger(State);

impl Ledger {
    /// The core's own state.
    pub fn state(&self) -> &State {
        &self.0
    }
}

impl From<State> for Ledger {
    fn from(state: State) -> Self {
        Self(state)
    }
}

/// A command with all that its outcome depends on.
#[derive(Debug)]
pub struct Ask {
    /// What is asked.
    pub command: Command,
    /// By whom, when.
    pub context: Context,
    /// Files that the command refers to.
    pub blobs: Vec<Blob>,
}

impl Ask {
    /// A command that refers to no files.
    pub fn new(command: Command, context: Context) -> Self {
        Self { command, context, blobs: Vec::new() }
    }
}

impl Fold for Ledger {
    type Command = Ask;
    /// The answer or the refusal, with the state right after it.
    type Answer = (Result<Answer, Refusal>, State);

    fn carry_out(&mut self, ask: Ask, batch: &mut Batch) -> Self::Answer {
        let executed = self.0.execute(&ask.command, &ask.context);
        batch.rows.extend(executed.records.into_iter().map(|sealed| row(&sealed.record, sealed.json)));
        if executed.outcome.is_ok() {
            batch.blobs.extend(ask.blobs);
        }
        (executed.outcome, self.0.clone())
    }

    /// A record, behind the number under which the store has it.
    type Record = (u64, Record);

    fn read(seq: u64, json: &str) -> Result<Self::Record, Fault> {
        // What was edited decides nothing. That it follows on the record before it is checked by `apply`.
        if !wire::ledger::is_intact(json) {
            return Err(Fault::Edited(seq));
        }
        let record = wire::ledger::parse_record(json).map_err(|error| broken(seq, &error))?;
        Ok((seq, record))
    }

    fn take_up(&mut self, (seq, record): &Self::Record) -> Result<(), Fault> {
        self.0.apply(record).map_err(|error| broken(*seq, &error))
    }

    fn last(&self) -> u64 {
        self.0.seq()
    }

    fn row(json: &str) -> Option<Row> {
        let record = wire::ledger::parse_record(json).ok()?;
        Some(row(&record, json.to_owned()))
    }

    /// Something ends sooner than anything before: for those who write down what ends.
    fn wakes(&self, before: &Self) -> bool {
        match (self.0.next_ending(), before.0.next_ending()) {
            (Some(end), Some(known)) => end < known,
            (end, None) => end.is_some(),
            (None, Some(_)) => false,
        }
    }
}

fn broken(seq: u64, error: &dyn Display) -> Fault {
    Fault::Damaged(format!("record {seq}: {error}"))
}

/// A time in nanoseconds since 1970, from then on to the year 2262.
pub fn nanoseconds(time: Timestamp) -> i64 {
    let since = Timestamp::from_unix(0, 0).and_then(|epoch| time.since(epoch));
    since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// The record with what the activity log finds it by.
pub fn row(record: &Record, json: String) -> Row {
    Row {
        seq: record.seq,
        time: nanoseconds(record.time),
        operation: record.event.operation().to_ascii_lowercase(),
        caller: record.actor.principal.name.to_ascii_lowercase(),
        correlation: record.correlation_id.to_ascii_lowercase(),
        json,
        mentions: mentions(&record.event),
    }
}

/// A resource that an event is about, and whether the operation was done to it.
type Named<'e> = (Cow<'e, ResourceId>, bool);

/// Every resource that the event is about: policies and scopes as subjects, machines as touched.
pub fn ids(event: &Event) -> Vec<Named<'_>> {
    let subject = |id| (Cow::Borrowed(id), true);
    let touched = |id| (Cow::Borrowed(id), false);
    match event {
        Event::PolicyPut(put) => {
            let machines = put.policy.machines.iter().map(|machine| &machine.id).chain(&put.removed);
            once(subject(&put.policy.id)).chain(machines.map(touched)).collect()
        }
        Event::PolicyDeleted(deleted) => {
            once(subject(&deleted.policy)).chain(deleted.removed.iter().map(touched)).collect()
        }
        Event::AccessInitiated(access) => {
            let machines = access.machines.iter().map(|machine| &machine.id);
            once(subject(&access.policy)).chain(machines.map(touched)).collect()
        }
        Event::AccessRevoked(revoked) => {
            once(subject(&revoked.policy)).chain(closed(&revoked.closed).map(touched)).collect()
        }
        // Of many policies perhaps, each port for itself.
        Event::AccessExpired(closings) => closed(closings).map(subject).collect(),
        Event::RoleAssignmentPut(role) | Event::RoleAssignmentDeleted(role) => {
            vec![(Cow::Owned(ResourceId::new(&role.scope)), true)]
        }
        Event::Refused(attempt) => vec![(Cow::Owned(ResourceId::new(&attempt.scope)), true)],
        Event::InventoryImported(_)
        | Event::RoleDefinitionPut(_)
        | Event::RoleDefinitionDeleted(_)
        | Event::CredentialIssued(_)
        | Event::CredentialRevoked(_) => Vec::new(),
    }
}

fn closed(closings: &[Closing]) -> impl Iterator<Item = &ResourceId> {
    closings.iter().map(|closing| &closing.machine)
}

/// What the store finds the record by: the resources that are in a subscription, each once.
fn mentions(event: &Event) -> Vec<Mention> {
    let mut seen = HashSet::new();
    let ids = ids(event);
    let mention = |(id, subject): &Named| {
        let subscription = id.subscription()?.to_ascii_lowercase();
        Some(Mention { subscription, resource: id.key().to_owned(), subject: *subject })
    };
    ids.iter()
        .filter_map(mention)
        .filter(|mention| seen.insert((mention.resource.clone(), mention.subject)))
        .collect()
}

/// What a stream of changes calls the event.
pub fn kind(event: &Event) -> &'static str {
    match event {
        Event::PolicyPut(_) => "policyPut",
        Event::PolicyDeleted(_) => "policyDeleted",
        Event::AccessInitiated(_) => "accessInitiated",
        Event::AccessRevoked(_) => "accessRevoked",
        Event::AccessExpired(_) => "accessExpired",
        Event::InventoryImported(_) => "inventoryImported",
        Event::RoleDefinitionPut(_) => "roleDefinitionPut",
        Event::RoleDefinitionDeleted(_) => "roleDefinitionDeleted",
        Event::RoleAssignmentPut(_) => "roleAssignmentPut",
        Event::RoleAssignmentDeleted(_) => "roleAssignmentDeleted",
        Event::CredentialIssued(_) => "credentialIssued",
        Event::CredentialRevoked(_) => "credentialRevoked",
        Event::Refused(_) => "refused",
    }
}
