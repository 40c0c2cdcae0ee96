//! The backend behind HTTP: `jitgate serve`, at the portal's own address.
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use gloo_net::http::{RequestBuilder, Response};
use jitgate_core::Timestamp;
use jitgate_logic::{EventStream, Touched};
use js_sys::Uint8Array;
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader};

use super::backend::Answered;
use super::{Answer, Backend, Call, Change, Failure, Listening, Method, Refusal, read};
use crate::browser::{
    in_sight, is_in_sight, now, on_covered, own_millis, pause, scattered, seconds_to, set_by,
};

/// How long to wait before each further try of a call that may be sent again.
const AGAIN: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(1500)];

/// Whoever asks for a longer wait than this is not asked again, not even for what is only read.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait at most, and half of it at least, before listening again: twice as long after each failure, up to
/// the last.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// The stream is lost where nothing comes for so long: a sign of life is sent every 15 seconds.
const SILENCE: Duration = Duration::from_secs(45);

/// A window that comes into sight again is behind where the stream is not there after so long.
const BEHIND: Duration = Duration::from_secs(5);

/// Why there is no answer where a proxy, or a network's page to sign in, gave its own.
const PAGE: &str = "a web page came in place of the answer, as from a proxy or the sign-in page of a network";

const HTML: &str = "text/html";

/// What is done when the server does not take the token any more.
type Ended = Box<dyn Fn()>;

/// What is told of a wait that the server asks for: its end, and whether it is over.
type Wait = dyn Fn(Timestamp, bool);

/// The server, and the token that this user has for it.
#[derive(Clone)]
pub struct Server {
    token: Rc<str>,
    wait: Rc<Wait>,
    ended: Rc<RefCell<Option<Ended>>>,
}

impl Server {
    /// `wait` hears of each wait that the server asks for, when it begins and when it is over.
    pub fn new(token: &str, wait: impl Fn(Timestamp, bool) + 'static) -> Self {
        Self { token: token.into(), wait: Rc::new(wait), ended: Rc::default() }
    }

    /// From now on the end of the sign-in is told, whichever call finds it.
    pub fn on_end(&self, ended: impl Fn() + 'static) {
        self.ended.replace(Some(Box::new(ended)));
    }

    fn end(&self) {
        // Once.
        if let Some(ended) = self.ended.take() {
            ended();
        }
    }

    fn builder(&self, call: &Call) -> RequestBuilder {
        let path = call.path.as_str();
        let builder = match call.method {
            Method::Get => RequestBuilder::new(path).method(gloo_net::http::Method::GET),
            Method::Put => RequestBuilder::new(path).method(gloo_net::http::Method::PUT),
            Method::Post => RequestBuilder::new(path).method(gloo_net::http::Method::POST),
            Method::Delete => RequestBuilder::new(path).method(gloo_net::http::Method::DELETE),
        };
        let header = |builder: RequestBuilder, name, value: &Option<String>| match value {
            Some(value) => builder.header(name, value),
            None => builder,
        };
        let builder = builder.header("authorization", &format!("Bearer {}", self.token));
        let builder = header(builder, "x-ms-client-request-id", &call.id);
        let builder = if call.is_new { builder.header("if-none-match", "*") } else { builder };
        header(builder, "if-match", &call.if_match)
    }

    /// Once.
    async fn fetch(&self, call: &Call) -> Result<Answer, Failure> {
        let builder = self.builder(call);
        let request = match &call.body {
            Some(body) => builder.header("content-type", "application/json").body(body.as_str()),
            None => builder.build(),
        };
        let unreachable = |error: gloo_net::Error| {
            // The name of the exception's class tells a user nothing.
            Failure::Unreachable(error.to_string().trim_start_matches("TypeError: ").to_owned())
        };
        let sent = own_millis();
        let response = request.map_err(unreachable)?.send().await.map_err(unreachable)?;
        let status = response.status();
        let told = response.headers().get("date").and_then(|date| set_by(&date, sent));
        let etag = response.headers().get("etag");
        let is_page = is_kind(&response, HTML);
        let asked = response.headers().get("retry-after").and_then(|asked| seconds_to(&asked, told));
        let body = response.text().await.map_err(unreachable)?;
        match status {
            // Taken for the server's, it would say that there is nothing, that something was done or was not, or that
            // nobody is signed in. With another status it is told apart by that one.
            ..500 if is_page => Err(Failure::Unreachable(PAGE.to_owned())),
            401 => {
                self.end();
                Err(Failure::SignedOut)
            }
            400.. => {
                let wait = asked.filter(|_| matches!(status, 429 | 503)).unwrap_or_default();
                Err(Failure::Refused(Box::new(Refusal { wait, ..read::refusal(status, &body) })))
            }
            _ => Ok(Answer { body, etag }),
        }
    }

    /// Again, where that cannot do anything twice: what only reads, and what carries an id of its own.
    async fn persist(&self, call: Call) -> Result<Answer, Failure> {
        let reads = call.method == Method::Get;
        if !reads && call.id.is_none() {
            return self.fetch(&call).await;
        }
        let mut may_be_done = false;
        let mut waits = AGAIN.into_iter();
        loop {
            let failure = match self.fetch(&call).await {
                Err(failure) => failure,
                done => return done,
            };
            match waits.next().and_then(|usual| wait_after(&failure, usual, reads)) {
                Some(wait) => {
                    may_be_done |= failure.may_be_done();
                    self.pause(wait).await;
                }
                None if may_be_done && !reads && failure.is_turned_away() => {
                    // An earlier try may have been done.
                    return Err(Failure::Unreachable(format!("no answer came to the first try. {failure}")));
                }
                None => return Err(failure),
            }
        }
    }

    /// Waits before the next try, and tells of it where it is longer than is usual.
    async fn pause(&self, wait: Duration) {
        if AGAIN.contains(&wait) {
            return pause(wait).await;
        }
        let end = now().and_then(|now| now.checked_add(wait));
        let tell = |is_over| end.into_iter().for_each(|end| (self.wait)(end, is_over));
        tell(false);
        pause(wait).await;
        tell(true);
    }

    /// The stream of changes behind the last one that was heard; none where it cannot be had.
    async fn stream(&self, abort: &AbortController, last: &str) -> Option<Response> {
        let call = Call::new(Method::Get, "/events");
        let builder = self.builder(&call).abort_signal(Some(&abort.signal()));
        let builder = if last.is_empty() { builder } else { builder.header("last-event-id", last) };
        let response = builder.build().ok()?.send().await.ok()?;
        if response.status() == 401 && !is_kind(&response, HTML) {
            self.end();
        }
        // A web page in its place brings no news.
        (response.ok() && is_kind(&response, "text/event-stream")).then_some(response)
    }

    /// Hears until the stream ends. `last` is where to go on from.
    async fn hear(
        &self,
        abort: &AbortController,
        last: &RefCell<String>,
        heard: &dyn Fn(Change),
    ) -> Option<()> {
        let from = last.borrow().clone();
        let body = self.stream(abort, &from).await?.body()?;
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        heard(if from.is_empty() { Change::Connected } else { Change::Resumed });
        // A browser has six connections to a server for all its windows together: one that nobody looks at holds none.
        let covered = reader.clone();
        let listening = on_covered(move || drop(covered.cancel()));
        if is_in_sight() {
            read_all(&reader, last, heard).await;
        }
        listening.remove();
        drop(JsFuture::from(reader.cancel()).await);
        Some(())
    }
}

/// Tells what comes until nothing more does.
async fn read_all(
    reader: &ReadableStreamDefaultReader,
    last: &RefCell<String>,
    heard: &dyn Fn(Change),
) -> Option<()> {
    let mut events = EventStream::default();
    loop {
        // Given up, it ends as if the server had ended it.
        let given_up = reader.clone();
        let silence = set_timeout_with_handle(move || drop(given_up.cancel()), SILENCE).ok();
        let chunk = JsFuture::from(reader.read()).await;
        silence.inspect(TimeoutHandle::clear);
        let chunk = chunk.ok()?;
        let value = js_sys::Reflect::get(&chunk, &"value".into()).ok()?;
        // At its end there is no value.
        let bytes = value.dyn_into::<Uint8Array>().ok()?.to_vec();
        let mut touched = None::<Touched>;
        for event in events.take(&bytes) {
            touched.get_or_insert_default().add(Touched::of_record(&event.data));
            last.replace(event.id);
        }
        if let Some(touched) = touched {
            heard(Change::Happened(touched));
        }
    }
}

/// True where the body is of this media type.
fn is_kind(response: &Response, kind: &str) -> bool {
    let own = response.headers().get("content-type");
    own.is_some_and(|own| own.to_ascii_lowercase().starts_with(kind))
}

/// How long to wait before the call is sent again; none where it is not. As long as the server asks for only where it
/// `reads`: an act that is sent so late may not be wanted any more.
fn wait_after(failure: &Failure, usual: Duration, reads: bool) -> Option<Duration> {
    match failure {
        Failure::Unreachable(_) => Some(usual),
        Failure::Refused(refusal) if matches!(refusal.status, 429 | 502..=504) => {
            let asked = Duration::from_secs(refusal.wait.into());
            let longest = if reads { PATIENCE } else { usual };
            (asked <= longest).then(|| asked.max(usual))
        }
        Failure::Refused(_) | Failure::SignedOut => None,
    }
}

impl Backend for Server {
    fn send(&self, call: Call) -> Answered {
        let server = self.clone();
        Box::pin(async move { server.persist(call).await })
    }

    fn listen(&self, heard: Rc<dyn Fn(Change)>) -> Listening {
        let ended = Rc::new(Cell::new(false));
        // Browsers too old for it have no portal either.
        let Ok(abort) = AbortController::new() else { return Listening(Box::new(())) };
        let (server, over, own) = (self.clone(), ended.clone(), abort.clone());
        spawn_local(async move {
            let (mut wait, last) = (FIRST, RefCell::new(String::new()));
            let mut was_covered = false;
            while !over.get() {
                in_sight().await;
                let connected = Rc::new(Cell::new(false));
                // Whoever only looked away has missed nothing, unless it takes long to hear what came meanwhile.
                let is_behind = Rc::new(Cell::new(!was_covered));
                let late = was_covered.then(|| {
                    let (connected, is_behind, heard) = (connected.clone(), is_behind.clone(), heard.clone());
                    let tell = move || {
                        if !connected.get() && !is_behind.replace(true) {
                            heard(Change::Lost);
                        }
                    };
                    set_timeout_with_handle(tell, BEHIND).ok()
                });
                let tell = |change| {
                    connected.set(true);
                    if is_behind.get() || !matches!(change, Change::Resumed) {
                        heard(change);
                    }
                };
                server.hear(&own, &last, &tell).await;
                late.flatten().inspect(TimeoutHandle::clear);
                if over.get() {
                    return;
                }
                was_covered = connected.get() && !is_in_sight();
                if !is_in_sight() {
                    continue;
                }
                heard(Change::Lost);
                wait = if connected.get() { FIRST } else { wait.saturating_mul(2).min(LONGEST) };
                pause(scattered(wait)).await;
            }
        });
        Listening(Box::new(Stop { ended, abort }))
    }
}

/// Ends the listening when it is dropped.
struct Stop {
    ended: Rc<Cell<bool>>,
    abort: AbortController,
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.ended.set(true);
        self.abort.abort();
    }
}
