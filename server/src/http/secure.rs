//! A port that speaks TLS alone: who says nothing there is let go, and who speaks plain HTTP is told.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::time::Duration;

use axum::http::StatusCode;
use axum_server::accept::Accept;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, sink};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::clock::Clock;
use super::connection::{Connection, Gate};
use super::early::{LINGER, LINGER_BYTES, written};
use super::error::Error;

/// Lets those connections through to TLS that begin with it.
#[derive(Clone)]
pub struct Greeted {
    gate: Gate,
    /// How long a client may say nothing.
    silence: Duration,
    clock: Clock,
}

impl Greeted {
    /// Behind the gate, before the handshake.
    pub fn new(gate: Gate, silence: Duration, clock: Clock) -> Self {
        Self { gate, silence, clock }
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Greeted {
    type Stream = Connection;
    type Service = S;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Connection, S)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let (accepted, silence, clock) =
            (self.gate.accept(stream, service), self.silence, self.clock.clone());
        Box::pin(async move {
            let (connection, service) = accepted.await?;
            let first = timeout(silence, connection.first()).await??;
            // A record of TLS begins with its type, 22 in a handshake; a request with the letters of its method.
            if first.is_some_and(|byte| byte.is_ascii_alphabetic()) {
                drop(timeout(silence, tell(connection, &clock)).await);
                return Err(io::Error::new(ErrorKind::InvalidData, "it speaks plain HTTP"));
            }
            Ok((connection, service))
        })
    }
}

/// Answers in plain HTTP, and ends the connection. There is no redirection: a client that followed it would go on sending
/// its token in clear text first.
async fn tell(mut connection: Connection, clock: &Clock) -> io::Result<()> {
    let message = "This port speaks TLS alone: the address begins with https. If a token was sent, others may have read it.";
    let error = Error::new(StatusCode::BAD_REQUEST, "HttpsRequired", message);
    connection.write_all(&written(&error, clock)).await?;
    connection.shutdown().await?;
    // What was sent and never read would make the system tell the client of a broken connection, and nothing else.
    let most = u64::try_from(LINGER_BYTES).unwrap_or(u64::MAX);
    let rest = async { copy(&mut connection.take(most), &mut sink()).await };
    drop(timeout(LINGER, rest).await);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpListener, TcpStream};
    use std::sync::Arc;

    use axum_server::Handle;

    use super::*;
    use crate::http::listen::{Limits, listen};
    use crate::http::peer::TrustedProxies;
    use crate::http::tls::Certificate;

    /// A port with TLS and that much patience, and the thread that listens there.
    fn start(
        handshake: Duration,
    ) -> (SocketAddr, Handle<SocketAddr>, std::thread::JoinHandle<io::Result<()>>) {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let config = Certificate::load(&certificate, &key).unwrap().config();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Limits { handshake, ..Limits::default() };
        let handle = Handle::new();
        let clock: Clock = Arc::new(Default::default);
        let (app, ending) = ((axum::Router::new(), clock), handle.clone());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(listen(listener, Some(config), &limits, TrustedProxies::default(), app, ending))
        });
        (address, handle, thread)
    }

    /// All that comes back of what was sent. The client keeps its side open.
    fn answer(address: SocketAddr, sent: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(address).unwrap();
        // A connection that is never let go fails the test here.
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(sent).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        all
    }

    #[test]
    fn silence_ends() {
        let (address, handle, thread) = start(Duration::from_secs(1));
        // Nothing, and the beginning of a handshake without its rest.
        std::thread::scope(|scope| {
            for sent in [&b""[..], b"\x16", b"\x16\x03\x01\x02\x00\x01\x00"] {
                scope.spawn(move || assert_eq!(answer(address, sent), b"", "{sent:?}"));
            }
        });
        handle.graceful_shutdown(None);
        thread.join().unwrap().unwrap();
    }

    #[test]
    fn plain_http_is_told() {
        let (address, handle, thread) = start(Limits::default().handshake);
        let get = b"GET /healthz HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\n\r\n";
        for sent in [&get[..], b"POST ", b"P"] {
            let told = String::from_utf8(answer(address, sent)).unwrap();
            let (head, body) = told.split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with("HTTP/1.1 400 ") && head.contains("connection: close"), "{told}");
            let error: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(error["error"]["code"], "HttpsRequired");
        }
        // What is neither gets the alert of TLS: a record of type 21.
        assert_eq!(answer(address, b"\0\0\0\0\0\0\0\0").first(), Some(&21));
        handle.graceful_shutdown(None);
        thread.join().unwrap().unwrap();
    }
}
