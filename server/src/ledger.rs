//! The core's ledger, as the one writer folds it: commands in, records for the store and answers out.

use std::fmt::Display;

use jitgate_core::Timestamp;
use jitgate_core::ledger::{Answer, Command, Context, Record, Refusal, State, mentions};
use jitgate_core::wire;

use crate::store::writer::{Batch, Fold};
use crate::store::{Blob, Fault, Row};

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
