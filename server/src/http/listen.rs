//! The listener: HTTP/1.1, with or without TLS, with limits, and an orderly end.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::connection::Gate;

/// How long clients may take, and how many there may be.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
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
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            stall: Duration::from_secs(30),
            grace: Duration::from_secs(10),
        }
    }
}

/// Where hyper itself gives up on a head, with an answer that has no body. Ours comes well before; see `dispatch`.
const HEAD_BYTES: usize = 256 * 1024;
/// The same for the number of headers.
const HEADERS: usize = 512;

/// A certificate and its key.
pub fn tls(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, String> {
    let wrong = |path: &Path, error: String| format!("`{}` cannot be used for TLS: {error}", path.display());
    let certificates = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(certificate, error.to_string()))?;
    if certificates.is_empty() {
        return Err(wrong(certificate, "it holds no certificate in PEM".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| wrong(certificate, error.to_string()))?;
    let config = builder.with_no_client_auth().with_single_cert(certificates, private);
    let mut config = config.map_err(|error| wrong(certificate, error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Answers requests until the handle is told to end, and all that are under way are done or out of time.
pub async fn listen(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    limits: &Limits,
    app: Router,
    handle: Handle<SocketAddr>,
) -> io::Result<()> {
    let gate = Gate::new(limits.connections, limits.stall);
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
            let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(config)).acceptor(gate);
            let mut server = server.acceptor(acceptor);
            bound(server.http_builder(), limits);
            server.serve(service).await
        }
        None => {
            let mut server = server.acceptor(gate);
            bound(server.http_builder(), limits);
            server.serve(service).await
        }
    }
}

fn bound<E>(builder: &mut hyper_util::server::conn::auto::Builder<E>, limits: &Limits) {
    let mut http = builder.http1();
    http.header_read_timeout(limits.head).max_buf_size(HEAD_BYTES).max_headers(HEADERS);
}
