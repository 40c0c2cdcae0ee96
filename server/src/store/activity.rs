//! Which records the activity log asks for.

use jitgate_core::ledger::search::{Place, Wanted};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::{Fault, Row, mentions};

/// What records must have, and which of them are read.
#[derive(Clone, Debug, Default)]
pub struct ActivityQuery {
    /// What they must have.
    pub records: Wanted,
    /// Behind this record and resource: where the last page ended.
    pub after: Option<(u64, String)>,
    /// That record itself once more, since the page ended within it.
    pub again: bool,
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

/// Makes a record's row of its JSON; none where it is no record.
pub type Make = fn(&str) -> Option<Row>;

/// The records that match, the latest first.
pub(super) fn find(connection: &Connection, query: &ActivityQuery, make: Make) -> Result<Vec<Found>, Fault> {
    // One look, so that no record becomes settled between two questions.
    let look = connection.unchecked_transaction()?;
    let mut found = unsettled(&look, query, make)?;
    let left = query.limit.saturating_sub(u32::try_from(found.len()).unwrap_or(query.limit));
    found.extend(settled(&look, &ActivityQuery { limit: left, ..query.clone() })?);
    look.finish()?;
    Ok(found)
}

/// Those whose mentions are not there yet, for want of time or of room on the disk: later than all others, and few.
fn unsettled(connection: &Connection, query: &ActivityQuery, make: Make) -> Result<Vec<Found>, Fault> {
    let wanted = &query.records;
    let upto = mentions::settled(connection)?.unwrap_or(i64::MAX);
    let mut select = connection
        .prepare_cached("SELECT seq, json FROM events WHERE seq > ? AND seq <= ? ORDER BY seq DESC")?;
    let last = query.after.as_ref().map_or(Ok(i64::MAX), |(seq, _)| i64::try_from(*seq));
    let mut rows = select.query([upto, last.map_err(Fault::other)?])?;
    let most = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    while found.len() < most
        && let Some(row) = rows.next()?
    {
        let seq = u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
        let unread = || Fault::Damaged(format!("record {seq} is none that this version can read"));
        let Row { time, caller, correlation, json, mut mentions, .. } =
            make(row.get_ref(1)?.as_str().map_err(Fault::other)?).ok_or_else(unread)?;
        let is = |wanted: &Option<String>, own: &str| wanted.as_ref().is_none_or(|wanted| wanted == own);
        if wanted.from.is_some_and(|from| time < from)
            || wanted.until.is_some_and(|until| time > until)
            || !is(&wanted.caller, &caller)
            || !wanted.is_held(&caller)
            || !is(&wanted.correlation, &correlation)
        {
            continue;
        }
        let is_behind = |resource: &str| {
            let after = query.after.as_ref().filter(|(last, _)| *last == seq);
            after.is_none_or(|(_, last)| resource > last.as_str() || (query.again && resource == last))
        };
        mentions.retain(|mention| wanted.is_about(mention) && is_behind(&mention.resource));
        mentions.sort_unstable_by(|one, other| one.resource.cmp(&other.resource));
        let each = mentions.into_iter().take(most.saturating_sub(found.len()));
        found.extend(each.map(|one| Found { seq, resource: one.resource, json: json.clone() }));
    }
    Ok(found)
}

/// Those that are found by their mentions.
fn settled(connection: &Connection, query: &ActivityQuery) -> Result<Vec<Found>, Fault> {
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
    if let Some(part) = &wanted.caller_holds {
        and("instr(caller, ?) > 0", vec![Value::Text(part.clone())]);
    }
    if let Some(correlation) = &wanted.correlation {
        and("correlation = ?", vec![Value::Text(correlation.clone())]);
    }
    if let Some((seq, resource)) = &query.after {
        let seq = i64::try_from(*seq).map_err(Fault::other)?;
        let values = vec![Value::Integer(seq), Value::Integer(seq), Value::Text(resource.clone())];
        let behind = if query.again { ">=" } else { ">" };
        and(&format!("(seq < ? OR (seq = ? AND resource {behind} ?))"), values);
    }
    Ok((condition, values))
}
