//! The stream of changes: server-sent events, one for each record that the caller may see.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use jitgate_core::access::{Scope, action};
use jitgate_core::ledger::{
    AccessRevoked, Closing, Event as Happened, Inventory, Record, ResourceId, ids, kind,
};
use jitgate_core::wire;
use tokio::sync::broadcast::error::RecvError;
use tokio_stream::wrappers::ReceiverStream;

use super::call::{Call, Turns, turns};
use super::caller::Authenticator;
use super::error::Error;
use super::metrics::Listening;
use super::records;
use super::streams::Open;
use crate::store::{Fault, Reader, Row};
use jitgate_core::rest::Caller;

/// Where the client was when the connection broke.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Comments in between keep proxies from closing a quiet connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// What a caller may do is asked again after that time.
const KNOWN: Duration = Duration::from_secs(1);
/// Events that wait for a slow client; the rest waits on disk.
const WAITING: usize = 64;
/// Records that were missed are read so many at a time.
const MISSED: usize = 100;
/// Streams that a caller may have at once: a window of the portal has one.
pub(super) const MOST: usize = 32;

/// Whoever has missed something waits for a turn with each part of it, so that no number of those who begin at the start
/// keeps others from being answered.
pub(super) static CATCHING_UP: Turns = LazyLock::new(turns);

/// The records after the client's `Last-Event-ID`, or from now on, until the client goes.
pub fn stream(call: &Call) -> Result<Response, Error> {
    let open = call.app.streams.open(&call.caller.principal.id, MOST).ok_or_else(|| {
        let message =
            format!("There are {MOST} streams of changes of this caller already. Please close one of them.");
        Error::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
            .header(header::RETRY_AFTER, HeaderValue::from(KEEP_ALIVE.as_secs()))
    })?;
    let told = call.headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    // First the listening, then the place to listen from: nothing falls in between.
    let rows = call.app.writer.rows();
    // A client may know of records that are not here: those of other data, or of the same before it was restored.
    let newest = call.app.writer.state().state().seq();
    let last = told.filter(|told| *told <= newest).unwrap_or(newest);
    let (sender, receiver) = tokio::sync::mpsc::channel(WAITING);
    let feed = Feed {
        reader: call.app.reader.clone(),
        listener: Listener {
            authenticator: call.app.authenticator.clone(),
            headers: call.headers.clone(),
            address: call.address.unwrap_or(call.peer),
            known: None,
        },
        last,
        sender,
        closed: call.app.closed.clone(),
        _open: open,
        _listening: call.app.metrics.listener(),
    };
    tokio::spawn(feed.run(rows));
    let events = Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = events.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // nginx would collect the stream otherwise.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

struct Feed {
    reader: Arc<dyn Reader>,
    listener: Listener,
    /// The last record that was sent, or that the client may not see.
    last: u64,
    sender: tokio::sync::mpsc::Sender<Result<Event, Fault>>,
    /// True once the server ends.
    closed: tokio::sync::watch::Receiver<bool>,
    _open: Open,
    _listening: Listening,
}

type Rows = tokio::sync::broadcast::Receiver<Arc<Vec<Row>>>;

impl Feed {
    /// None once the client has gone.
    async fn run(mut self, mut rows: Rows) -> Option<()> {
        self.catch_up().await?;
        let (sender, mut closed) = (self.sender.clone(), self.closed.clone());
        loop {
            tokio::select! {
                () = sender.closed() => return None,
                () = async { drop(closed.wait_for(|closed| *closed).await) } => return None,
                received = rows.recv() => match received {
                    Ok(batch) => {
                        // What another process wrote comes by the disk alone: then the batch is empty, or goes on behind it.
                        if batch.first().is_none_or(|row| row.seq > self.last.saturating_add(1)) {
                            self.catch_up().await?;
                        }
                        let last = self.last;
                        for row in batch.iter().filter(|row| row.seq > last) {
                            self.send(row.seq, &row.json).await?;
                        }
                    }
                    Err(RecvError::Lagged(_)) => self.catch_up().await?,
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Reads what was missed from the disk, some at a time, and no more of it than the client takes.
    async fn catch_up(&mut self) -> Option<()> {
        while !self.sender.is_closed() {
            let (asked, caller) = self.listener.caller().await?;
            let (caller, reader, last) = (caller.clone(), self.reader.clone(), self.last);
            let turn = CATCHING_UP.acquire().await.ok()?;
            let read = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                Missed::read(&*reader, last, &caller)
            });
            let missed = match read.await.map_err(Fault::other).flatten() {
                Ok(missed) => missed,
                Err(fault) => {
                    tracing::warn!(%fault, "the stream of changes cannot be read");
                    return None;
                }
            };
            let Some(end) = missed.end else { return Some(()) };
            for Seen { seq, json, kind, shown } in missed.seen {
                let (now, _) = self.listener.caller().await?;
                if now == asked {
                    self.last = seq;
                    self.tell(seq, kind, shown.as_deref().unwrap_or(&json)).await?;
                } else {
                    // The client takes its time, and may see something else by now.
                    self.send(seq, &json).await?;
                }
            }
            self.last = end;
        }
        None
    }

    /// Sends what the caller may see of a record; none once the caller is refused.
    async fn send(&mut self, seq: u64, json: &str) -> Option<()> {
        self.last = seq;
        // Of many records a caller may see nothing: others have their turn all the same.
        tokio::task::consume_budget().await;
        let (_, caller) = self.listener.caller().await?;
        let record = wire::ledger::parse_record(json).ok()?;
        match visible(caller, record, json) {
            Some((kind, json)) => self.tell(seq, kind, &json).await,
            None => Some(()),
        }
    }

    async fn tell(&self, seq: u64, kind: &str, json: &str) -> Option<()> {
        let event = Event::default().id(seq.to_string()).event(kind).data(json);
        self.sender.send(Ok(event)).await.ok()
    }
}

/// Some records that were missed.
struct Missed {
    /// The last of them; none where nothing was missed.
    end: Option<u64>,
    /// Those of which the caller may see something.
    seen: Vec<Seen>,
}

/// What a caller may see of a record.
struct Seen {
    seq: u64,
    json: String,
    kind: &'static str,
    /// Where that is not all of it.
    shown: Option<String>,
}

impl Missed {
    fn read(reader: &dyn Reader, after: u64, caller: &Caller) -> Result<Self, Fault> {
        let mut missed = Self { end: None, seen: Vec::new() };
        for (seq, json) in records::some(reader, after, MISSED)? {
            missed.end = Some(seq);
            let record = wire::ledger::parse_record(&json).map_err(Fault::other)?;
            let Some((kind, shown)) = visible(caller, record, &json) else { continue };
            let shown = match shown {
                Cow::Borrowed(_) => None,
                Cow::Owned(shown) => Some(shown),
            };
            missed.seen.push(Seen { seq, json, kind, shown });
        }
        Ok(missed)
    }
}

/// Who listens, by what the client sent: tokens end, and roles are taken.
struct Listener {
    authenticator: Arc<dyn Authenticator>,
    headers: HeaderMap,
    address: IpAddr,
    /// Who that was, and when it was asked.
    known: Option<(Instant, Caller)>,
}

impl Listener {
    /// The caller, with the roles of a second ago at most, and when that was asked; none once the token is refused.
    async fn caller(&mut self) -> Option<(Instant, &Caller)> {
        if self.known.as_ref().is_none_or(|(at, _)| at.elapsed() >= KNOWN) {
            let caller = self.authenticator.identify(&self.headers, self.address).await.ok()?;
            self.known = Some((Instant::now(), caller));
        }
        self.known.as_ref().map(|(at, caller)| (*at, caller))
    }
}

/// What the caller may see of a record: its kind and its JSON; none where that is nothing. What happened to a policy is for
/// those who may read it; who was refused or given what, for those who may read the activity log there. Who may read a
/// machine alone hears what happened to that, of all policies.
fn visible<'j>(caller: &Caller, record: Record, json: &'j str) -> Option<(&'static str, Cow<'j, str>)> {
    let may = |action, id: &ResourceId| Scope::new(id.text()).is_some_and(|scope| caller.may(action, &scope));
    let reads = |id: &ResourceId| may(action::JIT_READ, id);
    let root = Scope::root();
    let action = match &record.event {
        // Of everybody's network: which files it came from is for who may read the log.
        Happened::InventoryImported(_) if !caller.may(action::ACTIVITY_READ, &root) => {
            let event = Happened::InventoryImported(Inventory { files: Vec::new(), counts: BTreeMap::new() });
            let (kind, record) = (kind(&event), Record { event, ..record });
            let reads = caller.may_below(action::JIT_READ, &root);
            return reads.then(|| (kind, Cow::Owned(wire::ledger::record(&record))));
        }
        Happened::Refused(_)
        | Happened::InventoryImported(_)
        | Happened::RoleDefinitionPut(_)
        | Happened::RoleDefinitionDeleted(_)
        | Happened::RoleAssignmentPut(_)
        | Happened::RoleAssignmentDeleted(_)
        | Happened::CredentialIssued(_)
        | Happened::CredentialRevoked(_) => action::ACTIVITY_READ,
        event => {
            let seen = readable(event, &reads)?;
            if &seen == event {
                return Some((kind(event), Cow::Borrowed(json)));
            }
            return Some((kind(&seen), Cow::Owned(wire::ledger::record(&Record { event: seen, ..record }))));
        }
    };
    // What is about no place is everybody's, and for who may read the whole log.
    let about = ids(&record.event);
    let is_seen = match about.as_slice() {
        [] => caller.may(action, &root),
        about => about.iter().any(|(id, subject)| *subject && may(action, id)),
    };
    is_seen.then(|| (kind(&record.event), Cow::Borrowed(json)))
}

/// What somebody may read of an event about policies and machines; none where that is nothing.
fn readable(event: &Happened, reads: &dyn Fn(&ResourceId) -> bool) -> Option<Happened> {
    let closings = |all: &[Closing]| -> Vec<Closing> {
        all.iter().filter(|closing| reads(&closing.policy) || reads(&closing.machine)).cloned().collect()
    };
    let ids =
        |all: &[ResourceId]| -> Vec<ResourceId> { all.iter().filter(|id| reads(id)).cloned().collect() };
    let mut seen = event.clone();
    let is_something = match &mut seen {
        Happened::PolicyPut(put) => {
            reads(&put.policy.id) || {
                put.policy.machines.retain(|machine| reads(&machine.id));
                put.removed = ids(&put.removed);
                put.closed = closings(&put.closed);
                !(put.policy.machines.is_empty() && put.removed.is_empty() && put.closed.is_empty())
            }
        }
        Happened::PolicyDeleted(deleted) => {
            reads(&deleted.policy) || {
                deleted.removed = ids(&deleted.removed);
                deleted.closed = closings(&deleted.closed);
                !(deleted.removed.is_empty() && deleted.closed.is_empty())
            }
        }
        Happened::AccessInitiated(access) => {
            // What it took the place of may have been opened by another policy.
            access.replaced = closings(&access.replaced);
            if reads(&access.policy) {
                return Some(seen);
            }
            access.machines.retain(|machine| reads(&machine.id));
            // By which the rest could be guessed.
            access.body = [0; 32];
            if access.machines.is_empty() {
                // By which policy it came is not told: only that what was open is not any more.
                let closed = core::mem::take(&mut access.replaced);
                let policy = closed.first()?.policy.clone();
                return Some(Happened::AccessRevoked(AccessRevoked { policy, closed, justification: None }));
            }
            true
        }
        Happened::AccessRevoked(revoked) => {
            reads(&revoked.policy) || {
                revoked.closed = closings(&revoked.closed);
                !revoked.closed.is_empty()
            }
        }
        // Of many policies perhaps.
        Happened::AccessExpired(all) => {
            *all = closings(all);
            !all.is_empty()
        }
        _ => false,
    };
    is_something.then_some(seen)
}
