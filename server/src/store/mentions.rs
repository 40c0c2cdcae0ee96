//! What the activity log finds records by: made from the records, so that it need not be on disk when they are. To put it
//! in for many of them at once takes a fraction of the writing.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::audit::Derive;
use super::schema::SETTLED;
use super::{Fault, Mention, Row};

/// A record's mentions, as they were when it was put on disk.
#[derive(Debug)]
pub(super) struct Pending {
    seq: i64,
    time: i64,
    mentions: Vec<Mention>,
}

impl Pending {
    /// Of a row; none of one that no table takes.
    pub(super) fn of(row: &Row) -> Option<Self> {
        Some(Self { seq: i64::try_from(row.seq).ok()?, time: row.time, mentions: row.mentions.clone() })
    }
}

/// Up to which record the mentions are there; none where somebody took away what says so. In a file of an older version
/// they all are.
pub(super) fn settled(connection: &Connection) -> Result<Option<i64>, Fault> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version < SETTLED {
        return Ok(Some(i64::MAX));
    }
    upto(connection)
}

fn upto(connection: &Connection) -> Result<Option<i64>, Fault> {
    Ok(connection.query_row("SELECT upto FROM settled", [], |row| row.get(0)).optional()?)
}

/// Puts in the mentions of all records that have none yet: those that are pending, if these are all of them; else what
/// `derive` makes of the records.
pub(super) fn settle(connection: &Connection, pending: &[Pending], derive: Derive) -> Result<(), Fault> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let known = upto(&transaction)?;
    let last: i64 =
        transaction.query_row("SELECT coalesce(max(seq), 0) FROM events", [], |row| row.get(0))?;
    if known == Some(last) {
        return Ok(transaction.commit()?);
    }
    // Of a log that was cut off nothing is known but what is there; what it mentions is made anew, without what was put
    // there by others.
    if known.is_none_or(|known| known > last) {
        transaction.execute("DELETE FROM mentions", [])?;
    }
    let upto = known.filter(|upto| *upto < last).unwrap_or_default();
    let mut made = Vec::new();
    let mut mentions: Vec<(&Mention, i64, i64)> = Vec::new();
    if covers(pending, upto, last) {
        mentions.extend(pending.iter().filter(|one| one.seq > upto).flat_map(Pending::each));
    } else {
        let mut select = transaction.prepare_cached("SELECT json FROM events WHERE seq > ? ORDER BY seq")?;
        let mut rows = select.query([upto])?;
        while let Some(row) = rows.next()? {
            made.extend(
                derive(row.get_ref(0)?.as_str().map_err(Fault::other)?).as_ref().and_then(Pending::of),
            );
        }
        mentions.extend(made.iter().flat_map(Pending::each));
    }
    // In the order of the index: what lies together is written together.
    mentions.sort_unstable_by(|(one, ..), (other, ..)| one.resource.cmp(&other.resource));
    let mut insert = transaction.prepare_cached(
        "INSERT OR IGNORE INTO mentions (subscription, subject, time, seq, resource) VALUES (?, ?, ?, ?, ?)",
    )?;
    for (Mention { subscription, resource, subject }, time, seq) in mentions {
        insert.execute(params![subscription, subject, time, seq, resource])?;
    }
    drop(insert);
    if known.is_some() {
        transaction.execute("UPDATE settled SET upto = ?", [last])?;
    } else {
        transaction.execute("INSERT INTO settled VALUES (?)", [last])?;
    }
    Ok(transaction.commit()?)
}

impl Pending {
    fn each(&self) -> impl Iterator<Item = (&Mention, i64, i64)> {
        self.mentions.iter().map(|mention| (mention, self.time, self.seq))
    }
}

/// True where they are all records after one, up to another: none is of another process.
fn covers(pending: &[Pending], after: i64, last: i64) -> bool {
    let (Some(first), Some(end)) = (pending.first(), pending.last()) else { return false };
    let count = i64::try_from(pending.len()).unwrap_or(i64::MAX);
    first.seq <= after.saturating_add(1)
        && end.seq == last
        && last.saturating_sub(first.seq).saturating_add(1) == count
}
