//! What hyper refuses by itself, before any of it is a request: a garbled line, a head beyond its limits. It answers
//! without a body and ends the connection; here such an answer gets a body like that of every other error.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::clock::Clock;
use super::error::Error;
use super::headers::CallIds;

/// What is still read of a client that is refused, so that the end of the connection does not take the answer with it.
pub(super) const LINGER: Duration = Duration::from_secs(1);
/// And no more than that of it.
pub(super) const LINGER_BYTES: usize = 1024 * 1024;
/// No answer of hyper's own is longer.
const LONGEST: usize = 256;

/// Lets connections in as another acceptor does, and looks at what is written to them.
#[derive(Clone)]
pub struct Early<A> {
    inner: A,
    clock: Clock,
}

impl<A> Early<A> {
    /// Around the acceptor that comes last, so that nothing is encrypted here.
    pub fn new(inner: A, clock: Clock) -> Self {
        Self { inner, clock }
    }
}

impl<I, S, A> Accept<I, S> for Early<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = Watched<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let (accepted, clock) = (self.inner.accept(stream, service), self.clock.clone());
        Box::pin(async move {
            let (stream, service) = accepted.await?;
            Ok((Watched { stream, clock, answer: None, shut: false, linger: None, lingered: 0 }, service))
        })
    }
}

/// A connection on which hyper's own answers get a body.
pub struct Watched<S> {
    stream: S,
    clock: Clock,
    /// What is written in the place of hyper's answer, and how much of it is out.
    answer: Option<(Vec<u8>, usize)>,
    /// Nothing is written any more.
    shut: bool,
    linger: Option<Pin<Box<Sleep>>>,
    lingered: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Watched<S> {
    /// Writes all of our own answer; then all of hyper's counts as written.
    fn write_answer(&mut self, cx: &mut Context) -> Poll<io::Result<()>> {
        while let Some((answer, out)) = &mut self.answer {
            let rest = answer.get(*out..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            *out = out.saturating_add(written);
        }
        Poll::Ready(Ok(()))
    }

    /// True where ours is to be written in the place of these bytes.
    fn takes_over(&mut self, bufs: &[IoSlice]) -> bool {
        if self.answer.is_none() {
            self.answer = in_place_of(bufs, &self.clock).map(|answer| (answer, 0));
        }
        self.answer.is_some()
    }
}

/// The same bytes with another answer at their end, where they end with one of hyper's own.
fn in_place_of(bufs: &[IoSlice], clock: &Clock) -> Option<Vec<u8>> {
    let (last, before) = bufs.split_last()?;
    if last.is_empty() {
        return in_place_of(before, clock);
    }
    if !last.ends_with(b"\r\n\r\n") {
        return None;
    }
    let tail = last.get(last.len().saturating_sub(LONGEST)..)?;
    let start = tail.windows(7).rposition(|window| window == b"HTTP/1.")?;
    let (_, head) = tail.split_at_checked(start)?;
    let (first, _) = last.split_at_checked(last.len().saturating_sub(head.len()))?;
    let error = refusal(std::str::from_utf8(head).ok()?)?;
    let mut all: Vec<u8> = before.iter().flat_map(|buf| buf.iter().copied()).collect();
    all.extend_from_slice(first);
    all.extend(written(&error, clock));
    Some(all)
}

/// What hyper says by this head. Every answer of ours has more headers than these.
fn refusal(head: &str) -> Option<Error> {
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?;
    let bare =
        |line: &str| ["content-length: 0", "connection: close"].contains(&line) || line.starts_with("date: ");
    if !lines.all(bare) {
        return None;
    }
    Some(match status {
        "400" => Error::bad_request("BadRequest", "This is no request of HTTP/1.1."),
        "414" => Error::new(StatusCode::URI_TOO_LONG, "RequestUriTooLong", "The address is too long."),
        "431" => {
            let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            Error::new(status, "RequestHeaderFieldsTooLarge", "The head of the request is too large.")
        }
        _ => return None,
    })
}

/// The whole answer as it goes over the wire.
pub(super) fn written(error: &Error, clock: &Clock) -> Vec<u8> {
    let body = error.json();
    let mut headers = HeaderMap::new();
    CallIds::of(&headers).mark(&mut headers, clock());
    let (code, reason) = (error.status.as_u16(), error.status.canonical_reason().unwrap_or_default());
    let mut text = format!(
        "HTTP/1.1 {code} {reason}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\
         connection: close\r\n",
        body.len()
    );
    for (name, value) in &headers {
        text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
    }
    text.push_str("\r\n");
    text.push_str(&body);
    text.into_bytes()
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context, buf: &mut ReadBuf) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.takes_over(&[IoSlice::new(buf)]) {
            return self.write_answer(cx).map_ok(|()| buf.len());
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context,
        bufs: &[IoSlice],
    ) -> Poll<io::Result<usize>> {
        if self.takes_over(bufs) {
            let length = bufs.iter().map(|buf| buf.len()).fold(0, usize::saturating_add);
            return self.write_answer(cx).map_ok(|()| length);
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        if !self.shut {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.shut = true;
        }
        if self.answer.is_none() {
            return Poll::Ready(Ok(()));
        }
        // What was sent and never read would make the system tell the client of a broken connection, and nothing else.
        let this = &mut *self;
        let linger = this.linger.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        while this.lingered < LINGER_BYTES && linger.as_mut().poll(cx).is_pending() {
            let mut bytes = [0; 4096];
            let mut read = ReadBuf::new(&mut bytes);
            let end = ready!(Pin::new(&mut this.stream).poll_read(cx, &mut read)).is_err();
            if end || read.filled().is_empty() {
                break;
            }
            this.lingered = this.lingered.saturating_add(read.filled().len());
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_answers_of_hypers_own_are_replaced() {
        let date = "date: Sun, 29 Nov 2026 00:00:00 GMT";
        let bare = |status: &str| {
            format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n{date}\r\n\r\n")
        };
        for (status, code) in [
            ("400 Bad Request", Some("BadRequest")),
            ("414 URI Too Long", Some("RequestUriTooLong")),
            ("431 Request Header Fields Too Large", Some("RequestHeaderFieldsTooLarge")),
            ("200 OK", None),
            ("404 Not Found", None),
        ] {
            let found = refusal(&bare(status));
            assert_eq!(found.map(|error| error.body.code).as_deref(), code, "{status}");
        }
        assert!(refusal(&bare("400 Bad Request").replace(date, "x-ms-request-id: 1")).is_none());
        let clock: Clock = std::sync::Arc::new(Default::default);
        let (earlier, refused) = ("HTTP/1.1 200 OK\r\n\r\n", bare("400 Bad Request"));
        let joined = earlier.to_owned() + &refused;
        for bufs in [vec![joined.as_str()], vec![earlier, &refused], vec![earlier, &refused, ""]] {
            let slices: Vec<IoSlice> = bufs.iter().map(|buf| IoSlice::new(buf.as_bytes())).collect();
            let text = String::from_utf8(in_place_of(&slices, &clock).unwrap()).unwrap();
            let (first, second) = text.split_at(earlier.len());
            assert_eq!(first, earlier);
            assert!(second.starts_with("HTTP/1.1 400 ") && second.ends_with(".\"}}"), "{second}");
        }
        for bufs in [vec![earlier], vec![&refused, "x"], vec![""], vec![]] {
            let slices: Vec<IoSlice> = bufs.iter().map(|buf| IoSlice::new(buf.as_bytes())).collect();
            assert!(in_place_of(&slices, &clock).is_none(), "{bufs:?}");
        }
    }
}
