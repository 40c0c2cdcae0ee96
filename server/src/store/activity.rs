//! Which records the activity log asks for.

use jitgate_core::ledger::search::{Place, Wanted};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::Fault;

/// What records must have, and which of them are read.
#[derive(Clone, Debug, Default)]
pub struct ActivityQuery {
    /// What they must have.
    pub records: Wanted,
    /// Behind this record and resource: where the last page ended.
    pub after: Option<(u64, String)>,
    /// No more than this many.
    pub limit: u32,
}

/// A record, and which of its resources was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The record's place in the ledger.
    pub seq: u64,
    /// The resource's id in lower case.
    pub resource: String,
    /// The record.
    pub json: String,
}

/// The records that match, the latest first.
pub(super) fn find(connection: &Connection, query: &ActivityQuery) -> Result<Vec<Found>, Fault> {
    let (condition, values) = condition(query)?;
    let sql = format!(
        "SELECT seq, resource, json FROM mentions CROSS JOIN events USING (seq) WHERE {condition} \
         ORDER BY mentions.time DESC, seq DESC, resource LIMIT {}",
        query.limit
    );
    let mut select = connection.prepare_cached(&sql)?;
    let found = select.query_map(params_from_iter(values), |row| {
        let seq = u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
        Ok(Found { seq, resource: row.get(1)?, json: row.get(2)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The condition, and the values of its question marks.
fn condition(query: &ActivityQuery) -> Result<(String, Vec<Value>), Fault> {
    let wanted = &query.records;
    let mut condition = "subscription = ?".to_owned();
    let mut values = vec![Value::Text(wanted.subscription.clone())];
    let mut and = |text: &str, new: Vec<Value>| {
        condition += " AND ";
        condition += text;
        values.extend(new);
    };
    // What is below a resource starts with its id and a slash; `0` comes right after the slash.
    let below = |id: &str| [format!("{id}/"), format!("{id}0")].map(Value::Text).to_vec();
    match &wanted.place {
        Place::Any => and("subject = 1", Vec::new()),
        Place::Group(group) => {
            let id = format!("/subscriptions/{}/resourcegroups/{group}", wanted.subscription);
            and("subject = 1 AND resource >= ? AND resource < ?", below(&id));
        }
        Place::Resource(id) => {
            let values = [vec![Value::Text(id.clone())], below(id)].concat();
            and("(resource = ? OR (resource >= ? AND resource < ?))", values);
        }
    }
    if let Some(from) = wanted.from {
        and("mentions.time >= ?", vec![Value::Integer(from)]);
    }
    if let Some(until) = wanted.until {
        and("mentions.time <= ?", vec![Value::Integer(until)]);
    }
    if let Some(caller) = &wanted.caller {
        and("caller = ?", vec![Value::Text(caller.clone())]);
    }
    if let Some(correlation) = &wanted.correlation {
        and("correlation = ?", vec![Value::Text(correlation.clone())]);
    }
    if let Some((seq, resource)) = &query.after {
        let seq = i64::try_from(*seq).map_err(Fault::other)?;
        let values = vec![Value::Integer(seq), Value::Integer(seq), Value::Text(resource.clone())];
        and("(seq < ? OR (seq = ? AND resource > ?))", values);
    }
    Ok((condition, values))
}
