//! `jitgate serve`: opens the data, listens, and ends in order.

mod demo;
mod expiry;
mod first;
mod log;
mod server;

use std::future::Future;
use std::io::{self, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use crate::args::{Serve, clock};
use crate::auth::OidcConfig;
use crate::http::listen::Limits;
use crate::http::peer::TrustedProxies;
use crate::http::tls::Certificate;
use crate::outcome::{Outcome, Text};
use server::{Config, Server};

/// Serves until it is told to end.
pub fn run(args: &Serve) -> Outcome {
    match serve(args) {
        Ok(()) => Outcome::of(Text::default()),
        Err(problem) => Outcome::failure(problem),
    }
}

fn serve(args: &Serve) -> Result<(), String> {
    log::start(args.log)?;
    // A demonstration leaves nothing behind.
    let temporary = match (&args.data, args.demo) {
        (None, true) => {
            Some(tempfile::tempdir().map_err(|error| format!("no temporary folder can be made: {error}"))?)
        }
        _ => None,
    };
    let data = match (&args.data, &temporary) {
        (Some(data), _) => data.clone(),
        (None, Some(folder)) => folder.path().to_path_buf(),
        (None, None) => PathBuf::from("jitgate-data"),
    };
    let tls = match (&args.tls_cert, &args.tls_key) {
        (Some(certificate), Some(key)) => Some(Certificate::load(certificate, key)?),
        _ => None,
    };
    let listener = TcpListener::bind(args.listen).map_err(|error| {
        format!("`{}` cannot be listened on: {error}; name another with `--listen`", args.listen)
    })?;
    let config = Config {
        data,
        tls,
        public_url: args.public_url.clone(),
        proxies: TrustedProxies(args.trusted_proxy.clone()),
        oidc: oidc(args)?,
        limits: Limits::default(),
        rate: args.rate,
        page: 100,
        demo: args.demo,
        clock: Arc::new(|| clock().unwrap_or_default()),
    };
    // One of them may be waiting for the disk.
    let threads = std::thread::available_parallelism().map_or(2, |count| count.get().max(2));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    let runtime = runtime.map_err(|error| format!("no threads can be started: {error}"))?;
    runtime.block_on(async {
        // Before anybody is told that it is there.
        let ended = ended().map_err(|error| format!("the orders to end cannot be heard: {error}"))?;
        let server = Server::open(config, listener).await?;
        announce(&server);
        server.run(ended).await
    })
}

/// The provider of JWTs, where one is named.
fn oidc(args: &Serve) -> Result<Option<OidcConfig>, String> {
    let Some(issuer) = &args.oidc_issuer else { return Ok(None) };
    let keys = args.oidc_jwks.as_deref();
    let config = OidcConfig::new(issuer, &args.oidc_audience, keys, &args.oidc_algorithm);
    config.map(Some).map_err(|error| error.to_string())
}

/// Tells where the server is, and at the very first start how its owner gets in.
fn announce(server: &Server) {
    let mut out = io::stdout().lock();
    let url = server.url();
    // With nobody to read it, it is said in the log too; the link is not, since it holds a secret.
    drop(writeln!(out, "jitgate is on {url}"));
    if let Some(token) = server.owner_token() {
        drop(writeln!(
            out,
            "Its owner comes in by this link, which is not shown again:\n  {url}/#token={token}"
        ));
    }
    drop(out.flush());
    tracing::info!(url, "listening");
    if let Some(address) = server.clear_text() {
        tracing::warn!(
            %address,
            "tokens travel in clear text: give `--tls-cert` and `--tls-key`, or listen on 127.0.0.1 behind a server \
             that speaks TLS"
        );
    }
}

/// Hears from now on when the process is told to end, and comes back then.
#[cfg(unix)]
fn ended() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    // By which a certificate is read anew: whoever sends it means no end, where there is none either.
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = interrupt.recv() => return,
                _ = hangup.recv() => {}
            }
        }
    })
}

/// The same elsewhere.
#[cfg(not(unix))]
fn ended() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
