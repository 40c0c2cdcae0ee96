//! One call, as its handler sees it.

use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri, Version, header};
use axum::response::{IntoResponse, Response};
use jitgate_core::Timestamp;
use jitgate_core::access::Scope;
use jitgate_core::inventory::View;
use jitgate_core::ledger::{Actor, Answer, Attempt, Command, Context, State, handle};
use jitgate_core::rest::{Asked, Caller, Query};
use tokio::sync::Semaphore;

use super::app::App;
use super::error::Error;
use super::headers::{CallIds, JSON};
use crate::ledger::{Ask, Ledger};
use crate::store::Fault;

/// From here on a body takes some milliseconds to judge, or even seconds.
const LARGE: usize = 32 * 1024;

/// On half of the processors something is worked out that takes long; others wait for their turn.
pub type Turns = LazyLock<Semaphore>;

/// Of those who want to write something, and whose body is large.
pub static WRITING: Turns = LazyLock::new(turns);
/// Of those who want to know something.
pub static ASKING: Turns = LazyLock::new(turns);

/// As many turns as half of the processors.
pub fn turns() -> Semaphore {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Semaphore::new(processors.div_ceil(2))
}

/// Has something worked out that takes long, away from the threads that answer calls.
pub async fn away<T: Send + 'static>(
    turns: &'static Turns,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let turn = turns.acquire().await;
    let work = move || {
        // Whoever does not wait for the answer has had a turn all the same.
        let _turn = turn;
        work()
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(Fault::other)?)
}

/// One call that is being answered.
pub struct Call {
    /// What all calls share.
    pub app: Arc<App>,
    /// `GET`, `PUT`, …
    pub method: Method,
    /// Its address.
    pub uri: Uri,
    /// Of HTTP.
    pub version: Version,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its query.
    pub query: Query,
    /// Its body, all of it.
    pub body: Bytes,
    /// What it is known by.
    pub ids: CallIds,
    /// Who sent it.
    pub caller: Caller,
    /// From where, where that is known.
    pub address: Option<IpAddr>,
    /// The other end of the connection: perhaps a proxy.
    pub peer: IpAddr,
    /// `https://host`: what absolute links begin with.
    pub origin: String,
    /// The number of the state when the batch came that it is of, if it is of one.
    pub batch: Option<u64>,
    /// When it came.
    pub now: Timestamp,
    /// The state when it came: what it reads, and what it can know of.
    pub ledger: Arc<Ledger>,
}

impl Call {
    /// The state that it reads.
    pub fn state(&self) -> &State {
        self.ledger.state()
    }

    /// The time in the ledger.
    pub fn present(&self) -> Timestamp {
        self.state().present(self.now)
    }

    /// What a command's outcome depends on.
    pub fn context(&self) -> Context {
        Context {
            now: (self.app.clock)(),
            actor: Actor { principal: self.caller.principal.clone(), address: self.address },
            correlation_id: self.ids.correlation.clone(),
            client_request_id: self.ids.client.clone(),
        }
    }

    /// True where its body is judged at once.
    pub fn is_small(&self) -> bool {
        self.body.len() < LARGE
    }

    /// Has a command carried out; a refusal of it is on record as well.
    pub async fn send(&self, command: Command) -> Result<Sent, Error> {
        let caller = &self.caller.principal.id;
        // The ledger writes down each refusal of its own: of a caller who has too many it is found out before.
        let at_once = self.is_small() && self.app.refusals.has_room(caller);
        let command = if at_once { command } else { self.judge(command).await? };
        match self.app.writer.send(Ask::new(command, self.context())).await {
            Ok((Ok(answer), state)) => Ok(Sent { answer, state }),
            Ok((Err(refusal), _)) => {
                self.app.refusals.take(caller);
                Err(refusal.into())
            }
            Err(fault) => {
                self.app.metrics.fault();
                Err(fault.into())
            }
        }
    }

    /// Whether a command would be refused, found out where nobody else waits for it. The command, if not.
    async fn judge(&self, command: Command) -> Result<Command, Error> {
        let (app, context) = (self.app.clone(), self.context());
        let judged = away(&WRITING, move || {
            let refusal = handle(app.writer.state().state(), &command, &context).err();
            (command, refusal)
        });
        let (command, refusal) = judged.await?;
        match refusal {
            None => Ok(command),
            Some(refusal) => Err(self.refuse(command.operation(), &command.scope(), refusal.into()).await),
        }
    }

    /// Puts on record that this was refused: what changes nothing, and yet must be known.
    pub async fn refuse(&self, operation: &str, scope: &str, error: Error) -> Error {
        let attempt = Attempt {
            operation: operation.to_owned(),
            scope: scope.to_owned(),
            status: error.status.as_u16(),
            code: error.body.code.clone(),
            message: error.body.message.clone(),
        };
        if !self.app.refusals.take(&self.caller.principal.id) {
            self.app.refusals.count(attempt.bounded(), self.context());
            return error;
        }
        match self.app.writer.send(Ask::new(Command::Refused(attempt), self.context())).await {
            Ok(_) => error,
            Err(fault) => {
                self.app.metrics.fault();
                fault.into()
            }
        }
    }

    /// True when the caller may do it there.
    pub fn may(&self, action: &str, scope: &str) -> bool {
        Scope::new(scope).is_some_and(|scope| self.caller.may(action, &scope))
    }

    /// How many items a page of a list has: as many as `$top` says, up to a thousand.
    pub fn page(&self) -> Result<usize, Error> {
        Ok(self.query.page(self.app.settings.page)?)
    }

    /// What answers about places, roles and resources hang on.
    pub fn asked<'a>(&'a self, view: Option<&'a View>) -> Asked<'a> {
        Asked {
            state: self.state(),
            view,
            caller: &self.caller,
            query: &self.query,
            page: self.app.settings.page,
            address: [&self.origin, self.uri.path()],
        }
    }

    /// The link to the page after `key`.
    pub fn next_link(&self, key: &str) -> String {
        self.query.next_link(&self.origin, self.uri.path(), key)
    }

    /// What the request accepts.
    pub fn accept(&self) -> &str {
        self.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// What came of a command, with the state right after it.
pub struct Sent {
    /// The answer.
    pub answer: Answer,
    /// The state.
    pub state: State,
}

/// 200 with JSON that is ready.
pub fn json(text: String) -> Response {
    status(StatusCode::OK, text)
}

/// JSON that is ready, with a status.
pub fn status(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, JSON)], text).into_response()
}
