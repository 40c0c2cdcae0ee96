//! The activity log: `Microsoft.Insights/eventtypes/management/values`, as JSON or as CSV.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use jitgate_core::access::{Scope, action};
use jitgate_core::ledger::Record;
use jitgate_core::ledger::activity::Activity;
use jitgate_core::ledger::filter::wrong;
use jitgate_core::ledger::search::Search;
use jitgate_core::wire;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio_stream::wrappers::ReceiverStream;

use super::call::{Call, json};
use super::error::Error;
use crate::inventory;
use crate::store::{ActivityQuery, Fault, Found, Reader};
use jitgate_core::rest::{Caller, Place};

/// Records read at a time.
const BATCH: u32 = 200;

/// So many downloads read at once; the others wait for their turn, and not those who ask for something else.
static READING: Semaphore = Semaphore::const_new(4);

/// What is asked of the log.
struct Asked {
    search: Search,
    query: ActivityQuery,
    /// So many events of the first record were on the last page.
    skip: usize,
}

/// The members of an event, which `$select` names.
const MEMBERS: [&str; 25] = [
    "authorization",
    "caller",
    "category",
    "channels",
    "claims",
    "correlationId",
    "description",
    "eventDataId",
    "eventName",
    "eventTimestamp",
    "httpRequest",
    "id",
    "level",
    "operationId",
    "operationName",
    "properties",
    "relatedEvents",
    "resourceGroupName",
    "resourceId",
    "resourceProviderName",
    "resourceType",
    "status",
    "subStatus",
    "submissionTimestamp",
    "subscriptionId",
];

/// The events that match, the latest first.
pub async fn list(call: &Call, subscription: &str) -> Result<Response, Error> {
    let (asked, page, selected) = (Asked::of(call, subscription)?, call.page()?, selected(call)?);
    // So that what was answered before is found quickly. Where the disk has no room for that, it is found all the same.
    drop(call.app.writer.settle().await);
    let csv = call.query.get("$format").is_some_and(|format| format.eq_ignore_ascii_case("csv"))
        || call.accept().contains("text/csv");
    if csv {
        let first = ActivityQuery { limit: 1, ..asked.query.clone() };
        if read(call, &first).await?.is_empty() {
            find_place(call, subscription).await?;
        }
        return Ok(download(call, asked));
    }
    let (mut asked, mut count, mut records) = (asked, 0_usize, Vec::new());
    let next = 'page: loop {
        let mut found = read(call, &asked.query).await?.into_iter();
        if asked.query.after.is_none() && found.as_slice().is_empty() {
            find_place(call, subscription).await?;
        }
        let full = found.len() >= usize::try_from(asked.query.limit).unwrap_or(usize::MAX);
        while let Some(Found { seq, resource, json }) = found.next() {
            let record = wire::ledger::parse_record(&json).map_err(Fault::other)?;
            let events = asked.events(&call.caller, &record, &resource).len();
            let at = (seq, resource.clone());
            // Of a record within which the last page ended, the rest.
            let skipped = if asked.query.after.as_ref() == Some(&at) { asked.skip.min(events) } else { 0 };
            let new = events.saturating_sub(skipped).min(page.saturating_sub(count));
            count = count.saturating_add(new);
            // What is not shown is not kept: a caller with few rights may pass by the whole log.
            if new > 0 {
                records.push((record, resource, skipped, new));
            }
            let shown = skipped.saturating_add(new);
            if shown < events {
                break 'page Some(token(&at, shown));
            }
            if count >= page && (full || !found.as_slice().is_empty()) {
                break 'page Some(token(&at, 0));
            }
            (asked.query.after, asked.query.again, asked.skip) = (Some(at), false, 0);
        }
        if !full {
            break None;
        }
    };
    let next = next.map(|token| call.next_link(&token));
    let events = records.iter().flat_map(|(record, resource, skipped, count)| {
        asked.events(&call.caller, record, resource).into_iter().skip(*skipped).take(*count)
    });
    let events: Vec<Activity> = events.collect();
    let text = wire::activity::list(&events, next.as_deref());
    Ok(json(match selected {
        Some(selected) => only(&selected, &text)?,
        None => text,
    }))
}

/// Where a page ended: with this record and resource, or behind so many events of it.
fn token((seq, resource): &(u64, String), shown: usize) -> String {
    if shown == 0 { format!("{seq} {resource}") } else { format!("{seq}+{shown} {resource}") }
}

/// Reads that.
fn read_token(key: &str) -> Option<((u64, String), usize)> {
    let (place, resource) = key.split_once(' ')?;
    let (seq, shown) = match place.split_once('+') {
        Some((seq, shown)) => (seq, shown.parse().ok()?),
        None => (place, 0),
    };
    // The database's numbers have a sign.
    let seq = u64::try_from(seq.parse::<i64>().ok()?).ok()?;
    Some(((seq, resource.to_owned()), shown))
}

/// 404 for a subscription that is not there: asked where its log has nothing to show.
async fn find_place(call: &Call, subscription: &str) -> Result<(), Error> {
    let place = Place { subscription: subscription.to_owned(), resource_group: None };
    inventory::find_place(call, &place).await
}

/// The members that `$select` names; none where it names none.
fn selected(call: &Call) -> Result<Option<Vec<&'static str>>, Error> {
    let Some(names) = call.query.get("$select").filter(|names| !names.trim().is_empty()) else {
        return Ok(None);
    };
    let find = |name: &str| {
        let known = MEMBERS.into_iter().find(|known| known.eq_ignore_ascii_case(name.trim()));
        let message = || format!("The $select is not valid. '{name}' is no property of an event.");
        known.ok_or_else(|| Error::bad_request("BadRequest", message()).target("$select"))
    };
    names.split(',').map(find).collect::<Result<_, _>>().map(Some)
}

/// The list, with these members of each event alone.
fn only(members: &[&str], list: &str) -> Result<String, Error> {
    let mut list: Value = serde_json::from_str(list).map_err(Fault::other)?;
    let events = list.get_mut("value").and_then(Value::as_array_mut).into_iter().flatten();
    for event in events.filter_map(Value::as_object_mut) {
        event.retain(|name, _| members.contains(&name.as_str()));
    }
    Ok(list.to_string())
}

/// All of it as a file, read from the disk as fast as the client takes it. While it takes nothing, no thread waits for it.
fn download(call: &Call, asked: Asked) -> Response {
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, Fault>>(1);
    let (app, caller) = (call.app.clone(), call.caller.clone());
    let mut asked = Arc::new(asked);
    tokio::spawn(async move {
        let mut header = wire::activity::csv_header();
        loop {
            let (app, caller, now) = (app.clone(), caller.clone(), asked.clone());
            let turn = READING.acquire().await;
            let part = tokio::task::spawn_blocking(move || now.lines(&*app.reader, &caller)).await;
            drop(turn);
            let (lines, last) = match part.map_err(Fault::other).flatten() {
                Ok(part) => part,
                // A file that breaks off must not look whole.
                Err(fault) => return drop(sender.send(Err(fault)).await),
            };
            header += &lines;
            if sender.send(Ok(std::mem::take(&mut header).into())).await.is_err() || last.is_none() {
                return;
            }
            let Asked { search, query, .. } = &*asked;
            asked = Arc::new(Asked {
                search: search.clone(),
                query: ActivityQuery { after: last, again: false, ..query.clone() },
                skip: 0,
            });
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
    /// The next lines of the file, and where they end; that is nowhere behind the last.
    fn lines(&self, reader: &dyn Reader, caller: &Caller) -> Result<(String, Option<(u64, String)>), Fault> {
        let found = reader.activity(&ActivityQuery { limit: BATCH, ..self.query.clone() })?;
        let mut text = String::new();
        for found in &found {
            let record = wire::ledger::parse_record(&found.json).map_err(Fault::other)?;
            let events = self.events(caller, &record, &found.resource);
            events.iter().for_each(|event| text += &wire::activity::csv_line(event));
        }
        let whole = found.len() >= usize::try_from(BATCH).unwrap_or(usize::MAX);
        let last = found.last().filter(|_| whole);
        Ok((text, last.map(|found| (found.seq, found.resource.clone()))))
    }

    fn of(call: &Call, subscription: &str) -> Result<Self, Error> {
        let search = Search::new(subscription, call.query.filter())?;
        // Of many records the caller may see nothing: a small page is no reason to read them one by one.
        let limit = u32::try_from(call.page()?).unwrap_or(BATCH).max(BATCH);
        let mut query = ActivityQuery { records: search.records.clone(), limit, ..ActivityQuery::default() };
        let mut skip = 0;
        if let Some(key) = call.query.after()? {
            let (after, shown) =
                read_token(&key).ok_or_else(|| wrong("The $skiptoken is none of this list's."))?;
            (query.after, query.again, skip) = (Some(after), shown > 0, shown);
        }
        Ok(Self { search, query, skip })
    }

    /// The events of a record that are asked for and that the caller may see, the latest first. `found` is the resource
    /// by which the record was found.
    fn events<'r>(&self, caller: &Caller, record: &'r Record, found: &str) -> Vec<Activity<'r>> {
        let sees = |event: &Activity| {
            Scope::new(event.resource).is_some_and(|scope| caller.may(action::ACTIVITY_READ, &scope))
        };
        let mut events = self.search.events(record, found);
        events.retain(sees);
        events
    }
}
