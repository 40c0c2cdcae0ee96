//! The activity log: `Microsoft.Insights/eventtypes/management/values`, as JSON or as CSV.

mod columns;
mod detail;
mod event;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use jitgate_core::access::action;
use jitgate_core::wire;
use serde_json::Value;
use tokio_stream::wrappers::ReceiverStream;

use super::call::{Call, page};
use super::error::Error;
use super::filter::{self, Condition, Operator, nanoseconds, wrong};
use crate::store::{ActivityQuery, Fault, Found, Place};
use columns::Columns;
use event::LogEvent;

/// Records read at a time.
const BATCH: u32 = 200;

/// What is asked of the log.
struct Asked {
    query: ActivityQuery,
    /// Of one of these statuses alone, in lower case.
    status: Option<String>,
    level: Option<String>,
}

/// The events that match, the latest first.
pub async fn list(call: &Call, subscription: &str) -> Result<Response, Error> {
    let asked = Asked::of(call, subscription)?;
    let csv = call.query.get("$format").is_some_and(|format| format.eq_ignore_ascii_case("csv"))
        || call.accept().contains("text/csv");
    if csv {
        return Ok(download(call, asked));
    }
    let mut values: Vec<Value> = Vec::new();
    let mut next = asked;
    loop {
        let found = read(call, &next.query).await?;
        let full = found.len() >= usize::try_from(next.query.limit).unwrap_or(usize::MAX);
        let last = found.last().map(|found| (found.seq, found.resource.clone()));
        for found in &found {
            values.extend(next.events(call, found)?.iter().map(LogEvent::json));
        }
        let Some(last) = last.filter(|_| full) else { return Ok(page(values, None)) };
        // A page is a whole number of records, so that the two events of one call stay together.
        if values.len() >= call.app.settings.page {
            let link = call.next_link(&format!("{} {}", last.0, last.1));
            return Ok(page(values, Some(link)));
        }
        next.query.after = Some(last);
    }
}

/// All of it as a file, read from the disk as fast as the client takes it.
fn download(call: &Call, mut asked: Asked) -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, Fault>>(4);
    let (app, caller) = (call.app.clone(), call.caller.clone());
    asked.query.limit = BATCH;
    tokio::task::spawn_blocking(move || {
        let mut text = Columns::head();
        loop {
            let found = match app.reader.activity(&asked.query) {
                Ok(found) => found,
                // A file that breaks off must not look whole.
                Err(fault) => return drop(sender.blocking_send(Err(fault))),
            };
            for found in &found {
                let events = asked.events_for(&caller, found).unwrap_or_default();
                events.iter().for_each(|event| Columns::rows(&mut text, event));
            }
            let last = found.last().map(|found| (found.seq, found.resource.clone()));
            if sender.blocking_send(Ok(std::mem::take(&mut text).into_text().into())).is_err()
                || last.is_none()
            {
                return;
            }
            asked.query.after = last;
        }
    });
    let mut response = Response::new(Body::from_stream(ReceiverStream::new(receiver)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let name = HeaderValue::from_static("attachment; filename=\"QueryResult.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    response
}

async fn read(call: &Call, query: &ActivityQuery) -> Result<Vec<Found>, Error> {
    let (reader, query) = (call.app.reader.clone(), query.clone());
    let read = tokio::task::spawn_blocking(move || reader.activity(&query)).await;
    Ok(read.map_err(Fault::other)??)
}

impl Asked {
    fn of(call: &Call, subscription: &str) -> Result<Self, Error> {
        let subscription = subscription.to_ascii_lowercase();
        let limit = u32::try_from(call.app.settings.page).unwrap_or(BATCH);
        let query = ActivityQuery { subscription, limit, ..ActivityQuery::default() };
        let mut asked = Self { query, status: None, level: None };
        for condition in call.query.get("$filter").map(filter::parse).transpose()?.unwrap_or_default() {
            asked.condition(&condition)?;
        }
        if let Some(key) = call.query.after()? {
            let after = key
                .split_once(' ')
                .and_then(|(seq, resource)| Some((seq.parse().ok()?, resource.to_owned())));
            asked.query.after = Some(after.ok_or_else(|| wrong("The $skiptoken is none of this list's."))?);
        }
        Ok(asked)
    }

    fn condition(&mut self, condition: &Condition) -> Result<(), Error> {
        let value = condition.value.to_ascii_lowercase();
        let query = &mut self.query;
        match (condition.name.as_str(), condition.operator) {
            ("eventtimestamp", Operator::AtLeast) => query.from = Some(nanoseconds(&condition.value)?),
            ("eventtimestamp", Operator::AtMost) => query.until = Some(nanoseconds(&condition.value)?),
            ("resourcegroupname", Operator::Equal) => query.place = Place::Group(value),
            ("resourceuri" | "resourceid", Operator::Equal) => {
                query.place = Place::Resource(value.trim_end_matches('/').to_owned());
            }
            ("caller", Operator::Equal) => query.caller = Some(value),
            ("correlationid", Operator::Equal) => query.correlation = Some(value),
            ("operations" | "operationname", Operator::Equal) => {
                query.operations = value.split(',').map(|name| name.trim().to_owned()).collect();
            }
            ("status", Operator::Equal) => self.status = Some(value),
            ("level" | "levels", Operator::Equal) => self.level = Some(value),
            // Everything in this log is of these.
            ("eventchannels" | "channels" | "resourceprovider" | "category", Operator::Equal) => {}
            (name, _) => return Err(wrong(&format!("'{name}' cannot be asked for in that way."))),
        }
        Ok(())
    }

    fn events(&self, call: &Call, found: &Found) -> Result<Vec<LogEvent>, Error> {
        Ok(self.events_for(&call.caller, found)?)
    }

    /// The events of a record and one of its resources that the caller may see.
    fn events_for(&self, caller: &super::caller::Caller, found: &Found) -> Result<Vec<LogEvent>, Fault> {
        let scope = jitgate_core::access::Scope::new(&found.resource);
        if !scope.is_some_and(|scope| caller.may(action::ACTIVITY_READ, &scope)) {
            return Ok(Vec::new());
        }
        let record = wire::ledger::parse_record(&found.json).map_err(Fault::other)?;
        let mut events = LogEvent::of(&record, &found.resource);
        events.retain(|event| {
            let is = |wanted: &Option<String>, own: &str| {
                wanted
                    .as_ref()
                    .is_none_or(|wanted| wanted.split(',').any(|one| one.trim().eq_ignore_ascii_case(own)))
            };
            is(&self.status, event.status) && is(&self.level, event.level)
        });
        Ok(events)
    }
}
