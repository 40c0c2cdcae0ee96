//! Which records the activity log asks for.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::{Fault, Row};

/// What records must have. Texts are compared in lower case, as the columns are.
#[derive(Clone, Debug, Default)]
pub struct ActivityQuery {
    /// Of this subscription.
    pub subscription: String,
    /// Not before, in nanoseconds since 1970.
    pub from: Option<i64>,
    /// Not after.
    pub until: Option<i64>,
    /// In this resource group.
    pub resource_group: Option<String>,
    /// About this resource or what is below it.
    pub resource: Option<String>,
    /// By this caller.
    pub caller: Option<String>,
    /// Of this call.
    pub correlation: Option<String>,
    /// Of one of these operations; any, if empty.
    pub operations: Vec<String>,
    /// Before this place in the ledger: where the last page ended.
    pub before: Option<u64>,
    /// No more than this many.
    pub limit: u32,
}

/// The records that match, the latest first.
pub(super) fn find(connection: &Connection, query: &ActivityQuery) -> Result<Vec<Row>, Fault> {
    let (condition, values) = condition(query)?;
    let sql = format!(
        "SELECT seq, time, subscription, resource_group, resource, operation, caller, correlation, json \
         FROM events WHERE {condition} ORDER BY time DESC, seq DESC LIMIT {}",
        query.limit
    );
    let mut select = connection.prepare_cached(&sql)?;
    let rows = select.query_map(params_from_iter(values), |row| {
        Ok(Row {
            seq: u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default(),
            time: row.get(1)?,
            subscription: row.get(2)?,
            resource_group: row.get(3)?,
            resource: row.get(4)?,
            operation: row.get(5)?,
            caller: row.get(6)?,
            correlation: row.get(7)?,
            json: row.get(8)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The condition, and the values of its question marks.
fn condition(query: &ActivityQuery) -> Result<(String, Vec<Value>), Fault> {
    let mut condition = "subscription = ?".to_owned();
    let mut values = vec![Value::Text(query.subscription.clone())];
    let mut and = |text: &str, value: Option<Value>| {
        if let Some(value) = value {
            condition += " AND ";
            condition += text;
            values.push(value);
        }
    };
    let before = query.before.map(i64::try_from).transpose().map_err(Fault::other)?;
    let text = |text: &Option<String>| text.clone().map(Value::Text);
    and("time >= ?", query.from.map(Value::Integer));
    and("time <= ?", query.until.map(Value::Integer));
    and("seq < ?", before.map(Value::Integer));
    and("resource_group = ?", text(&query.resource_group));
    and("caller = ?", text(&query.caller));
    and("correlation = ?", text(&query.correlation));
    if let Some(resource) = &query.resource {
        // What is below a resource starts with its id and a slash; `0` comes right after the slash.
        let range = [resource.clone(), format!("{resource}/"), format!("{resource}0")];
        condition += " AND (resource = ? OR (resource >= ? AND resource < ?))";
        values.extend(range.map(Value::Text));
    }
    if !query.operations.is_empty() {
        condition += &format!(" AND operation IN ({})", vec!["?"; query.operations.len()].join(", "));
        values.extend(query.operations.iter().cloned().map(Value::Text));
    }
    Ok((condition, values))
}
