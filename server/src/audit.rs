//! `jitgate audit` and `jitgate backup`: they read the data, also while a server is writing it.

use std::io::{self, BufWriter, Write};

use jitgate_core::ledger::{ChainCheck, State};
use jitgate_core::{Timestamp, wire};

use crate::args::{Audit, Backup, clock};
use crate::outcome::{Outcome, Text};
use crate::store::{self, DataFolder, Fault, Reader, SqliteReader};

/// Does what was asked with the ledger.
pub fn run(what: &Audit) -> Outcome {
    let answer = match what {
        Audit::Verify(data) => open(&data.data).and_then(|reader| check(&reader)),
        Audit::Export(data) => open(&data.data).and_then(|reader| export(&reader)),
        Audit::State { data, at } => open(&data.data).and_then(|reader| state(&reader, at.or_else(clock))),
    };
    answer.unwrap_or_else(Outcome::failure)
}

/// Copies the data to a file.
pub fn backup(args: &Backup) -> Outcome {
    match store::backup(&DataFolder::database_in(&args.data.data), &args.file) {
        Ok(()) => {
            Outcome::of(Text::Styled(format!("`{}` holds all records up to now\n", args.file.display())))
        }
        Err(fault) => Outcome::failure(fault),
    }
}

fn open(data: &std::path::Path) -> Result<SqliteReader, Fault> {
    SqliteReader::open(&DataFolder::database_in(data))
}

/// Exit code 1 where the chain is broken.
fn check(reader: &SqliteReader) -> Result<Outcome, Fault> {
    let mut check = ChainCheck::default();
    reader.since(0, &mut |_, json| {
        check.line(json);
        Ok(())
    })?;
    Ok(match check.end() {
        Ok(head) => {
            Outcome::of(Text::Styled(format!("{} records, the chain is whole: {}\n", head.seq, head.digest)))
        }
        Err(broken) => {
            let mut outcome = Outcome::of(Text::Styled(format!("{broken}\n")));
            outcome.found = true;
            outcome
        }
    })
}

/// Every record as it is stored, a line each.
fn export(reader: &SqliteReader) -> Result<Outcome, Fault> {
    let mut out = BufWriter::new(io::stdout().lock());
    let failed = |error: &io::Error| Fault::io(error, "the records cannot be written");
    let written = reader.since(0, &mut |_, json| writeln!(out, "{json}").map_err(|error| failed(&error)));
    written.and_then(|()| out.flush().map_err(|error| failed(&error)))?;
    Ok(Outcome::of(Text::default()))
}

/// `{"at", "seq", "policies"}`: every policy with its requests as they stood then.
fn state(reader: &SqliteReader, at: Option<Timestamp>) -> Result<Outcome, Fault> {
    let Some(at) = at else { return Err(Fault::other("the clock's time is none that can be written")) };
    let mut state = State::new();
    reader.since(0, &mut |seq, json| {
        let wrong = |error: String| Fault::Damaged(format!("record {seq}: {error}"));
        let record = wire::ledger::parse_record(json).map_err(|error| wrong(error.to_string()))?;
        if record.time > at {
            return Ok(());
        }
        state.apply(&record).map_err(|error| wrong(error.to_string()))
    })?;
    let policies = wire::ledger::policies(&state, state.all_policies(), None, at);
    let text = format!("{{\"at\":\"{at}\",\"seq\":{},\"policies\":{policies}}}\n", state.seq());
    Ok(Outcome::of(Text::Exact(text.into_bytes())))
}
