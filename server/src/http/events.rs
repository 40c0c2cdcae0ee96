//! The stream of changes: server-sent events, one for each record that the caller may see.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use jitgate_core::access::{Scope, action};
use jitgate_core::ledger::ResourceId;
use jitgate_core::wire;
use tokio::sync::broadcast::error::RecvError;
use tokio_stream::wrappers::ReceiverStream;

use super::call::Call;
use super::caller::Caller;
use super::metrics::Listening;
use crate::ledger;
use crate::store::{Fault, Reader, Row};

/// Where the client was when the connection broke.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Comments in between keep proxies from closing a quiet connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Events that wait for a slow client; the rest waits on disk.
const WAITING: usize = 64;

/// The records after the client's `Last-Event-ID`, or from now on, until the client goes.
pub fn stream(call: &Call) -> Response {
    let told = call.headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    // First the listening, then the place to listen from: nothing falls in between.
    let rows = call.app.writer.rows();
    let last = told.unwrap_or_else(|| call.app.writer.state().state().seq());
    let (sender, receiver) = tokio::sync::mpsc::channel(WAITING);
    let feed = Feed {
        reader: call.app.reader.clone(),
        caller: call.caller.clone(),
        last,
        sender,
        closed: call.app.closed.clone(),
        _listening: call.app.metrics.listener(),
    };
    tokio::spawn(feed.run(rows));
    let events = Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = events.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // nginx would collect the stream otherwise.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

struct Feed {
    reader: Arc<dyn Reader>,
    caller: Caller,
    /// The last record that was sent, or that the client may not see.
    last: u64,
    sender: tokio::sync::mpsc::Sender<Result<Event, Fault>>,
    /// True once the server ends.
    closed: tokio::sync::watch::Receiver<bool>,
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
                        // What another process wrote comes by the disk alone.
                        if batch.first().is_some_and(|row| row.seq > self.last.saturating_add(1)) {
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

    /// Reads what was missed from the disk, some at a time.
    async fn catch_up(&mut self) -> Option<()> {
        loop {
            let (reader, after) = (self.reader.clone(), self.last);
            let missed = tokio::task::spawn_blocking(move || missed(&*reader, after)).await.ok()?;
            let missed = match missed {
                Ok(missed) => missed,
                Err(fault) => {
                    tracing::warn!(%fault, "the stream of changes cannot be read");
                    return None;
                }
            };
            if missed.is_empty() {
                return Some(());
            }
            for (seq, json) in missed {
                self.send(seq, &json).await?;
            }
        }
    }

    /// Sends a record that the caller may see: one about a policy that the caller may read.
    async fn send(&mut self, seq: u64, json: &str) -> Option<()> {
        self.last = seq;
        let event = wire::ledger::parse_record(json).ok()?.event;
        let may = |(id, subject): &(_, bool)| {
            let id: &std::borrow::Cow<ResourceId> = id;
            *subject && Scope::new(id.text()).is_some_and(|scope| self.caller.may(action::JIT_READ, &scope))
        };
        if ledger::ids(&event).iter().any(may) {
            let event = Event::default().id(seq.to_string()).event(ledger::kind(&event)).data(json);
            self.sender.send(Ok(event)).await.ok()?;
        }
        Some(())
    }
}

/// Records after a place: a hundred or so at a time.
fn missed(reader: &dyn Reader, after: u64) -> Result<VecDeque<(u64, String)>, Fault> {
    const MOST: usize = 100;
    let mut missed = VecDeque::new();
    let full = Fault::other("enough");
    let read = reader.since(after, &mut |seq, json| {
        if missed.len() >= MOST {
            return Err(full.clone());
        }
        missed.push_back((seq, json.to_owned()));
        Ok(())
    });
    match read {
        Err(fault) if fault != full => Err(fault),
        _ => Ok(missed),
    }
}
