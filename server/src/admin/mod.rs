//! `jitgate token`, `jitgate role` and what `jitgate import` writes: they change the ledger of a data folder, also while a server is writing it.
//!
//! What they do is a record like any other, put into the same file while nobody else may write there. A running
//! server takes it up at once when a token is not known to it, and within a second otherwise.

mod output;
pub mod role;
pub mod token;

use std::path::Path;

use jitgate_core::Timestamp;
use jitgate_core::ledger::{Actor, ActorKind, Command, Context, Principal, State};
use jitgate_core::rules::words::is_hidden;
use uuid::Uuid;

use crate::args::clock;
use crate::ledger::{Ask, Ledger};
use crate::outcome::Outcome;
use crate::store::writer::{Batch, Fold, catch_up};
use crate::store::{Blob, DataFolder, Fault, Reader, Sqlite, SqliteReader, Store};

/// The state of a data folder, to look at.
pub fn look(data: &Path) -> Result<Ledger, String> {
    let reader = SqliteReader::open(&DataFolder::database_in(data)).map_err(words)?;
    let mut ledger = Ledger::default();
    catch_up(|after, each| reader.since(after, each), &mut ledger).map_err(words)?;
    Ok(ledger)
}

/// Says so where the work makes the data folder: its name may be a slip of the pen.
pub fn tell_if_made(data: &Path, work: impl FnOnce() -> Result<Outcome, String>) -> Outcome {
    let before = DataFolder::database_in(data).exists();
    let mut outcome = work().unwrap_or_else(Outcome::failure);
    if !before && DataFolder::database_in(data).exists() {
        outcome.note(format!("made a new data folder `{}`", data.display()));
    }
    outcome
}

/// Changes a data folder, which is made if it is missing: all of the commands, or nothing. `plan` says what to do,
/// given the state as it is at that moment; nobody can change it in between.
fn change<T>(
    data: &Path,
    plan: impl FnOnce(&State, Timestamp) -> Result<(Vec<Command>, T), String>,
) -> Result<T, String> {
    change_with(data, Vec::new(), plan)
}

/// The same, with files that the commands refer to.
pub fn change_with<T>(
    data: &Path,
    blobs: Vec<Blob>,
    plan: impl FnOnce(&State, Timestamp) -> Result<(Vec<Command>, T), String>,
) -> Result<T, String> {
    let now = clock().ok_or("the clock's time is none that can be written")?;
    if !DataFolder::database_in(data).exists() {
        // This makes the folder. Whoever has it just now has made it.
        match DataFolder::take(data) {
            Ok(_) | Err(Fault::Taken(_)) => {}
            Err(fault) => return Err(words(fault)),
        }
    }
    let mut store = Sqlite::open(&DataFolder::database_in(data)).map_err(words)?;
    let mut ledger = Ledger::default();
    // Most of it before the file is ours: a server must not wait for that.
    catch_up(|after, each| store.load(after, each), &mut ledger).map_err(words)?;
    store.begin().map_err(words)?;
    catch_up(|after, each| store.load(after, each), &mut ledger).map_err(words)?;
    let (commands, answer) = plan(ledger.state(), now)?;
    let mut batch = Batch { blobs, ..Batch::default() };
    let context = context(now);
    for command in commands {
        let (outcome, _) = ledger.carry_out(Ask::new(command, context.clone()), &mut batch);
        outcome.map_err(|refusal| refusal.message.into_owned())?;
    }
    store.append(&batch.rows, &batch.blobs).map_err(words)?;
    Ok(answer)
}

/// Who sits at the command line is known by the system's name for them, and may do anything: they can read and write
/// the file.
fn context(now: Timestamp) -> Context {
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let name =
        match user.filter(|user| !user.is_empty() && user.len() <= 64 && !user.contains(char::is_control)) {
            Some(user) => format!("command line ({user})"),
            None => "command line".to_owned(),
        };
    let principal = Principal { id: "command-line".into(), name: name.into(), kind: ActorKind::System };
    Context {
        now,
        actor: Actor { principal, address: None },
        correlation_id: Uuid::new_v4().to_string(),
        client_request_id: None,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn words(fault: Fault) -> String {
    fault.to_string()
}

/// A name that people can tell from others and from an id.
fn check_name(name: &str, what: &str) -> Result<(), String> {
    if name.trim().is_empty() || name.trim() != name {
        return Err(format!("the {what} is empty or has white space around it"));
    }
    if name.chars().count() > 128 || name.contains(is_hidden) {
        return Err(format!(
            "the {what} is longer than 128 characters or has characters in it that cannot be seen"
        ));
    }
    Ok(())
}

/// Nothing is made where something is to be taken away.
fn there(data: &Path) -> Result<(), String> {
    if DataFolder::database_in(data).exists() {
        Ok(())
    } else {
        Err(format!("there is no data in `{}`", data.display()))
    }
}
