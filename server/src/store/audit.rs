//! Whether the columns and mentions that the activity log reads are those that are made from the records.

use std::fmt;

use rusqlite::{Connection, params};

use super::{Fault, Mention, Row, mentions};

/// Takes the JSON of a record, and gives the row that is made from it; none where it is no record.
pub type Derive<'a> = &'a mut dyn FnMut(&str) -> Option<Row>;

/// What the activity log would tell wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stray {
    /// A row has this number, which no record is given.
    Number(i64),
    /// The record cannot be read.
    Unreadable(u64),
    /// A column of the record holds something else than the record says.
    Column(u64, &'static str),
    /// The record is not found by this resource, which it is about.
    Missing(u64, String),
    /// So many more mentions are there than the records have.
    Extra(u64),
    /// Nothing says up to which record the mentions are there.
    Unsettled,
}

impl fmt::Display for Stray {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Number(number) => {
                write!(f, "the log was edited: a row has the number {number}, which no record is given")
            }
            Self::Unreadable(seq) => write!(f, "record {seq} is none that this version can read"),
            Self::Column(seq, name) => write!(
                f,
                "the activity log was edited: the column `{name}` of record {seq} is not what the record says"
            ),
            Self::Missing(seq, resource) => {
                write!(f, "the activity log was edited: record {seq} is not found by `{resource}` any more")
            }
            Self::Extra(count) => {
                write!(f, "the activity log was edited: {count} of its mentions are of no record")
            }
            Self::Unsettled => f.write_str(
                "the activity log was edited: it does not say any more up to which record it goes; a server that starts \
                 makes it anew",
            ),
        }
    }
}

/// The first stray row or mention. All of it is read as it was at one instant, and a record at a time.
pub(super) fn find(connection: &Connection, derive: Derive) -> Result<Option<Stray>, Fault> {
    let transaction = connection.unchecked_transaction()?;
    let found = look(&transaction, derive)?;
    transaction.commit()?;
    Ok(found)
}

fn look(connection: &Connection, derive: Derive) -> Result<Option<Stray>, Fault> {
    // Behind that, nothing is to be found yet.
    let settled = mentions::settled(connection)?;
    let (mut first, mut due) = (settled.is_none().then_some(Stray::Unsettled), 0_u64);
    let settled = settled.unwrap_or_default();
    let mut select = connection
        .prepare_cached("SELECT seq, time, operation, caller, correlation, json FROM events ORDER BY seq")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        // Records begin at 1. Whatever else is there is never read as one.
        let Some(seq) = u64::try_from(number).ok().filter(|seq| *seq > 0) else {
            first.get_or_insert(Stray::Number(number));
            continue;
        };
        let stored = Row {
            seq,
            time: row.get(1)?,
            operation: row.get(2)?,
            caller: row.get(3)?,
            correlation: row.get(4)?,
            json: row.get(5)?,
            mentions: Vec::new(),
        };
        // Every record is handed over, also behind the first stray one.
        let mut made = derive(&stored.json);
        if i64::try_from(stored.seq).is_ok_and(|seq| seq > settled)
            && let Some(made) = &mut made
        {
            made.mentions.clear();
        }
        due = due
            .saturating_add(made.as_ref().map_or(0, |made| u64::try_from(made.mentions.len()).unwrap_or(0)));
        if first.is_none() {
            first = match made {
                Some(made) => compare(connection, &stored, &made)?,
                None => Some(Stray::Unreadable(stored.seq)),
            };
        }
    }
    let count: i64 = connection.query_row("SELECT count(*) FROM mentions", [], |row| row.get(0))?;
    let extra = u64::try_from(count).unwrap_or(0).saturating_sub(due);
    Ok(first.or_else(|| (extra > 0).then_some(Stray::Extra(extra))))
}

/// What is stored beside a record against what is made from it.
fn compare(connection: &Connection, stored: &Row, made: &Row) -> Result<Option<Stray>, Fault> {
    let columns = [
        ("seq", stored.seq == made.seq),
        ("time", stored.time == made.time),
        ("operation", stored.operation == made.operation),
        ("caller", stored.caller == made.caller),
        ("correlation", stored.correlation == made.correlation),
    ];
    if let Some((name, _)) = columns.iter().find(|(_, same)| !same) {
        return Ok(Some(Stray::Column(stored.seq, name)));
    }
    let mut select = connection.prepare_cached(
        "SELECT 1 FROM mentions WHERE subscription = ? AND subject = ? AND time = ? AND seq = ? AND resource = ?",
    )?;
    let seq = i64::try_from(made.seq).map_err(Fault::other)?;
    for Mention { subscription, resource, subject } in &made.mentions {
        if !select.exists(params![subscription, subject, made.time, seq, resource])? {
            return Ok(Some(Stray::Missing(made.seq, resource.clone())));
        }
    }
    Ok(None)
}
