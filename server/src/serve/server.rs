//! A server from its data to its end.

use std::future::Future;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum_server::Handle;

use super::{demo, expiry, first};
use crate::auth::{Authenticator, Gate, Oidc, OidcConfig, Secret, SigningKey};
use crate::http::app::{App, Settings, Shown};
use crate::http::clock::{Clock, ahead, ledger_clock};
use crate::http::limit::Limit;
use crate::http::listen::{Limits, listen};
use crate::http::metrics::Metrics;
use crate::http::peer::TrustedProxies;
use crate::http::refusals::{self, Refusals};
use crate::http::router;
use crate::http::streams::Streams;
use crate::http::tls::Certificate;
use crate::ledger::Ledger;
use crate::store::writer::{Fold, Writer};
use crate::store::{DataFolder, Sqlite};

/// What a server is told.
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// Certificate and key; without them it speaks plain HTTP.
    pub tls: Option<Certificate>,
    /// The address that clients know it by.
    pub public_url: Option<String>,
    /// Who may tell a caller's address.
    pub proxies: TrustedProxies,
    /// Whose JWTs are taken.
    pub oidc: Option<OidcConfig>,
    /// Time-outs and numbers.
    pub limits: Limits,
    /// Requests a second for each caller.
    pub rate: u32,
    /// Items in a page of a list.
    pub page: usize,
    /// An empty ledger is filled with the made-up fleet.
    pub demo: bool,
    /// The time.
    pub clock: Clock,
}

/// A server that has its data and its port, and does not answer yet.
pub struct Server {
    app: Arc<App>,
    listener: TcpListener,
    tls: Option<Certificate>,
    limits: Limits,
    /// Tells streams that never end by themselves that the server ends.
    closing: tokio::sync::watch::Sender<bool>,
    thread: JoinHandle<()>,
    gate: Arc<Gate>,
    owner: Option<Secret>,
    /// Held to the very end.
    folder: DataFolder,
}

impl Server {
    /// Takes the data folder and loads the ledger.
    pub async fn open(config: Config, listener: TcpListener) -> Result<Self, String> {
        let address =
            listener.local_addr().map_err(|error| format!("there is no address to listen on: {error}"))?;
        let folder = DataFolder::take(&config.data).map_err(|fault| fault.to_string())?;
        let store = Sqlite::open(&folder.database()).map_err(|fault| fault.to_string())?;
        let reader = Arc::new(store.reader(Ledger::row));
        let key = SigningKey::of_folder(&config.data)
            .map_err(|error| format!("the key of access tokens cannot be read or made: {error}"))?;
        let oidc = match config.oidc {
            Some(oidc) => {
                let read = tokio::task::spawn_blocking(|| Oidc::new(oidc)).await;
                Some(read.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?)
            }
            None => None,
        };
        let authenticator = Authenticator::new(key, oidc);
        let loaded = tokio::task::spawn_blocking(move || Writer::start(store, Ledger::default())).await;
        let (writer, thread) =
            loaded.map_err(|error| error.to_string())?.map_err(|fault| fault.to_string())?;
        if config.demo {
            // Before anything else: the ledger's time does not go back.
            demo::fill(&writer, (config.clock)()).await.map_err(|fault| fault.to_string())?;
        }
        let owner = first::owner(&writer, (config.clock)()).await.map_err(|fault| fault.to_string())?;
        let (closing, closed) = tokio::sync::watch::channel(false);
        // Of tokens and their ends others judge too: there, the time is the system's.
        let gate = Arc::new(Gate::new(authenticator, writer.clone(), reader.clone(), config.clock.clone()));
        let settings = Settings {
            address,
            tls: config.tls.is_some(),
            public_url: config.public_url,
            proxies: config.proxies,
            body_time: config.limits.body,
            known: Duration::from_secs(1),
            page: config.page,
        };
        let start = Instant::now();
        let clock = ledger_clock(config.clock.clone(), Arc::new(move || start.elapsed()), writer.watch());
        if let Some(ahead) = ahead(clock(), (config.clock)()) {
            tracing::warn!(
                seconds = ahead.as_secs(),
                "the ledger is ahead of the system's clock: it was once set wrong, or is now; time goes on from the \
                 latest record"
            );
        }
        let app = App {
            writer,
            reader,
            authenticator: gate.clone(),
            clock,
            wall: config.clock,
            limit: Limit::new(config.rate),
            refusals: Refusals::default(),
            streams: Streams::default(),
            metrics: Metrics::new(),
            shown: Shown::default(),
            inventory: crate::inventory::Cache::default(),
            closed,
            settings,
        };
        let (app, tls, limits) = (Arc::new(app), config.tls, config.limits);
        Ok(Self { app, listener, tls, limits, closing, thread, gate, owner, folder })
    }

    /// Where a client finds it: one on this machine, where it listens on all addresses.
    pub fn url(&self) -> String {
        let settings = &self.app.settings;
        let scheme = if settings.tls { "https" } else { "http" };
        settings.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", local(settings.address)))
    }

    /// The address whose traffic others on the way can read: it is not this machine's own, and neither this server nor
    /// one in front of it speaks TLS.
    pub fn clear_text(&self) -> Option<SocketAddr> {
        let Settings { address, tls, public_url, .. } = &self.app.settings;
        let fronted = public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
        (!tls && !fronted && !address.ip().is_loopback()).then_some(*address)
    }

    /// At the very first start: the token of the owner, which is kept nowhere else.
    pub fn owner_token(&self) -> Option<&str> {
        self.owner.as_ref().map(Secret::expose)
    }

    /// Answers calls until `ended` comes back; then those under way are finished, and all is on disk.
    pub async fn run(self, ended: impl Future<Output = ()> + Send + 'static) -> Result<(), String> {
        let handle: Handle<SocketAddr> = Handle::new();
        let (stop, grace, closing) = (handle.clone(), self.limits.grace, self.closing);
        tokio::spawn(async move {
            ended.await;
            tracing::info!("ending");
            closing.send_replace(true);
            stop.graceful_shutdown(Some(grace));
        });
        let expiry = tokio::spawn(expiry::run(self.app.clone()));
        let refused = tokio::spawn(refusals::run(self.app.clone()));
        let follow = tokio::spawn(self.gate.follow());
        let tls = self.tls.as_ref().map(Certificate::config);
        let renewal = self.tls.map(|certificate| tokio::spawn(certificate.follow()));
        let app = (router(self.app.clone()), self.app.wall.clone());
        let proxies = self.app.settings.proxies.clone();
        let served = listen(self.listener, tls, &self.limits, proxies, app, handle).await;
        for task in [expiry, refused, follow].into_iter().chain(renewal) {
            task.abort();
            drop(task.await);
        }
        refusals::write_down(&self.app).await;
        drop(self.app);
        // The writer ends when its last user has gone; a connection that outlived its grace may take a moment.
        let finished = tokio::task::spawn_blocking(move || self.thread.join());
        drop(tokio::time::timeout(grace, finished).await);
        drop(self.folder);
        served.map_err(|error| format!("the listener failed: {error}"))
    }
}

/// The address itself, and this machine's own in the place of all addresses.
fn local(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_that_can_be_called() {
        for (listen, call) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("192.0.2.1:80", "192.0.2.1:80"),
            ("[2001:db8::1]:80", "[2001:db8::1]:80"),
        ] {
            assert_eq!(super::local(listen.parse().unwrap()).to_string(), call);
        }
    }
}
