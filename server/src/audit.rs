//! `jitgate audit` and `jitgate backup`: they read the data, also while a server is writing it.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};

use jitgate_core::diagnostic::render::shown;
use jitgate_core::ledger::{ChainCheck, Digest, Event, InventoryFile, State};
use jitgate_core::{Timestamp, wire};

use crate::args::{Audit, Backup, clock};
use crate::inventory::stored;
use crate::ledger::row;
use crate::outcome::{Outcome, Text};
use crate::store::{self, DataFolder, Fault, Reader, SqliteReader};

/// Does what was asked with the ledger.
pub fn run(what: &Audit) -> Outcome {
    let answer = match what {
        Audit::Verify { data, head } => open(&data.data).and_then(|reader| check(&reader, *head)),
        Audit::Export(data) => open(&data.data).and_then(|reader| export(&reader)),
        Audit::State { data, at } => open(&data.data).and_then(|reader| state(&reader, at.or_else(clock))),
    };
    answer.unwrap_or_else(Outcome::failure)
}

/// Copies the data to a file.
pub fn backup(args: &Backup) -> Outcome {
    match store::backup(&DataFolder::database_in(&args.data.data), &args.file) {
        Ok(()) => Outcome::of(Text::Styled(format!(
            "`{}` holds all records up to now\n",
            shown(&args.file.display().to_string())
        ))),
        Err(fault) => Outcome::failure(fault),
    }
}

fn open(data: &std::path::Path) -> Result<SqliteReader, Fault> {
    SqliteReader::open(&DataFolder::database_in(data))
}

/// Exit code 1 where the chain is broken, where it does not lead through a head that is known, where the activity log
/// does not say what the records do, or where a file that was imported is not what the records say. A line or a file at
/// a time is in memory.
fn check(reader: &SqliteReader, known: Option<Digest>) -> Result<Outcome, Fault> {
    let (mut chain, mut passed) = (ChainCheck::default(), false);
    // What was imported is kept for good, and once however often it is imported.
    let (mut imported, mut digests) = (Vec::new(), BTreeSet::new());
    let stray = reader.audit(&mut |json| {
        chain.line(json);
        passed |= known.is_some_and(|known| json.ends_with(&format!("\"digest\":\"{known}\"}}")));
        let record = wire::ledger::parse_record(json).ok()?;
        if let Event::InventoryImported(inventory) = &record.event {
            let new = inventory.files.iter().filter(|file| digests.insert(file.sha256.clone()));
            imported.extend(new.map(|file| (record.seq, file.clone())));
        }
        Some(row(&record, json.to_owned()))
    })?;
    let problem = match (chain.end(), stray, known) {
        (Err(broken), _, _) => broken.to_string(),
        (Ok(_), Some(stray), _) => stray.to_string(),
        (Ok(head), None, Some(known)) if !passed => {
            format!(
                "the log was cut off or written anew: none of its {} records has the digest {known}",
                head.seq
            )
        }
        (Ok(head), None, _) if head.seq == 0 => {
            return Ok(Outcome::of(Text::Styled("0 records: there is nothing to verify\n".to_owned())));
        }
        (Ok(head), None, _) => match edited(reader, &imported)? {
            Some(problem) => problem,
            None => {
                let words = format!("{} records, the chain is whole: {}\n", head.seq, head.digest);
                return Ok(Outcome::of(Text::Styled(words)));
            }
        },
    };
    let mut outcome = Outcome::of(Text::Styled(format!("{}\n", shown(&problem))));
    outcome.found = true;
    Ok(outcome)
}

/// What is wrong with the first of these files, which were imported by these records.
fn edited(reader: &SqliteReader, files: &[(u64, InventoryFile)]) -> Result<Option<String>, Fault> {
    for (seq, file) in files {
        match stored(reader, file) {
            Ok(_) => {}
            Err(Fault::Damaged(words)) => return Ok(Some(format!("record {seq}: {words}"))),
            Err(fault) => return Err(fault),
        }
    }
    Ok(None)
}

/// Every record as it is stored, a line each. A reader that has gone away (`| head`) has had enough.
fn export(reader: &SqliteReader) -> Result<Outcome, Fault> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut gone = false;
    let mut failed = |error: &io::Error| {
        gone |= error.kind() == io::ErrorKind::BrokenPipe;
        Fault::Other(format!("the records cannot be written: {error}"))
    };
    let written = reader.since(0, &mut |_, json| writeln!(out, "{json}").map_err(|error| failed(&error)));
    match written.and_then(|()| out.flush().map_err(|error| failed(&error))) {
        Err(fault) if !gone => Err(fault),
        _ => Ok(Outcome::of(Text::default())),
    }
}

/// `{"at", "seq", "policies"}`: every policy with its requests as they stood then.
fn state(reader: &SqliteReader, at: Option<Timestamp>) -> Result<Outcome, Fault> {
    let Some(at) = at else { return Err(Fault::other("the clock's time is none that can be written")) };
    let mut state = State::new();
    reader.since(0, &mut |seq, json| {
        let wrong = |error: String| Fault::Damaged(format!("record {seq}: {error}"));
        if !wire::ledger::is_intact(json) {
            return Err(Fault::Edited(seq));
        }
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
