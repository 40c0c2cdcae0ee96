//! The listener: HTTP/1.1, with or without TLS, with limits, and an orderly end.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};

use super::clock::Clock;
use super::connection::Gate;
use super::early::Early;
use super::peer::TrustedProxies;
use super::secure::Greeted;

/// How long clients may take, and how many there may be.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// For the first word of a client on a port with TLS, and for the handshake that it begins.
    pub handshake: Duration,
    /// For the head of a request, from the end of the last one.
    pub head: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// For taking anything at all of an answer.
    pub stall: Duration,
    /// For requests that are under way when the server is told to end.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            stall: Duration::from_secs(30),
            grace: Duration::from_secs(10),
        }
    }
}

/// Where hyper itself gives up on a head. Our own answer comes well before (`dispatch`); `early` speaks for hyper.
const HEAD_BYTES: usize = 256 * 1024;
/// The same for the number of headers.
const HEADERS: usize = 512;

/// Answers requests until the handle is told to end, and all that are under way are done or out of time.
pub async fn listen(
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    limits: &Limits,
    proxies: TrustedProxies,
    (app, clock): (Router, Clock),
    handle: Handle<SocketAddr>,
) -> io::Result<()> {
    let gate = Gate::new(limits.connections, limits.stall, proxies);
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum_server::from_tcp(listener)?
        .handle(handle)
        .http1_only()
        .first_request_timeout(limits.head)
        .accept_error_handler(|peer: Option<&SocketAddr>, error: &io::Error| {
            tracing::debug!(?peer, %error, "a connection was not taken");
        });
    match tls {
        Some(config) => {
            let greeted = Greeted::new(gate, limits.handshake, clock.clone());
            let acceptor = RustlsAcceptor::new(config).handshake_timeout(limits.handshake).acceptor(greeted);
            let mut server = server.acceptor(Early::new(acceptor, clock));
            bound(server.http_builder(), limits);
            server.serve(service).await
        }
        None => {
            let mut server = server.acceptor(Early::new(gate, clock));
            bound(server.http_builder(), limits);
            server.serve(service).await
        }
    }
}

fn bound<E>(builder: &mut hyper_util::server::conn::auto::Builder<E>, limits: &Limits) {
    let mut http = builder.http1();
    http.header_read_timeout(limits.head).max_buf_size(HEAD_BYTES).max_headers(HEADERS);
}
