//! The authenticator of a running server: it judges by the last state that is on disk, and looks for what other
//! processes have put there (`jitgate token`, `jitgate role`).

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use jitgate_core::ledger::{Actor, Command, Context, Principal};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::authenticate::Authenticator;
use super::oauth::{OAuthError, TokenForm};
use super::secret::Secret;
use crate::http::app::Clock;
use crate::http::caller::{self, Granted, Identified, Unauthorized};
use crate::ledger::{Ask, Ledger};
use crate::store::writer::{Fold, Writer};
use crate::store::{Fault, Reader};

/// A token that was just revoked elsewhere is good no longer than this.
const PERIOD: Duration = Duration::from_secs(1);
/// However many wrong tokens come, the file is looked at no oftener than this on their account: they wait, and share
/// the look.
const LEAST_PAUSE: Duration = Duration::from_millis(100);

/// Judges callers by the state of a ledger that changes.
pub struct Gate {
    authenticator: Authenticator,
    writer: Writer<Ledger>,
    reader: Arc<dyn Reader>,
    clock: Clock,
    looked: Mutex<Option<Instant>>,
}

impl Gate {
    /// For the ledger behind this writer, which the reader reads from disk.
    pub fn new(
        authenticator: Authenticator,
        writer: Writer<Ledger>,
        reader: Arc<dyn Reader>,
        clock: Clock,
    ) -> Self {
        Self { authenticator, writer, reader, clock, looked: Mutex::new(None) }
    }

    /// Takes up what other processes put on disk, again and again, as long as the server runs.
    pub async fn follow(self: Arc<Self>) {
        let take_up = async {
            let mut tick = tokio::time::interval(PERIOD);
            tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tick.tick().await;
                if let Err(fault) = self.take_up().await {
                    tracing::warn!(%fault, "records of other processes could not be taken up");
                }
            }
        };
        // A provider that does not answer holds up nothing else.
        tokio::join!(take_up, self.renew_keys());
    }

    /// Asks the provider for its keys anew where they are old, as long as the server runs.
    async fn renew_keys(&self) {
        let Some(oidc) = self.authenticator.oidc() else { return };
        loop {
            oidc.refresh_old().await;
            tokio::time::sleep(PERIOD).await;
        }
    }

    /// True when there were records that this process had not seen.
    async fn take_up(&self) -> Result<bool, Fault> {
        let (reader, last) = (Arc::clone(&self.reader), self.writer.state().last());
        let read = tokio::task::spawn_blocking(move || is_behind(&*reader, last));
        if !read.await.map_err(Fault::other)?? {
            return Ok(false);
        }
        let context = Context {
            now: (self.clock)(),
            actor: Actor { principal: Principal::system(), address: None },
            correlation_id: Uuid::new_v4().to_string(),
            client_request_id: None,
        };
        // The writer takes them up before any command; this one adds nothing unless a grant has just ended.
        let (outcome, _) = self.writer.send(Ask::new(Command::Expire, context)).await?;
        outcome.map(|_| true).map_err(|refusal| Fault::other(refusal.message))
    }

    /// After a token that is not known: comes back when all that was on disk by now has been taken up.
    async fn news(&self) {
        let asked = Instant::now();
        let mut looked = self.looked.lock().await;
        if looked.is_some_and(|time| time >= asked) {
            return;
        }
        if let Some(time) = *looked {
            tokio::time::sleep(LEAST_PAUSE.saturating_sub(time.elapsed())).await;
        }
        *looked = Some(Instant::now());
        if let Err(fault) = self.take_up().await {
            tracing::warn!(%fault, "records of other processes could not be taken up");
        }
    }
}

/// True when there are records after this one.
fn is_behind(reader: &dyn Reader, last: u64) -> Result<bool, Fault> {
    let mut found = false;
    // The first one ends the reading; the fault that does so is none.
    let read = reader.since(last, &mut |_, _| {
        found = true;
        Err(Fault::other("enough"))
    });
    if found { Ok(true) } else { read.map(|()| false) }
}

impl caller::Authenticator for Gate {
    fn identify<'a>(&'a self, headers: &'a HeaderMap, _: IpAddr) -> Identified<'a> {
        Box::pin(async move {
            let first = self.authenticator.caller(headers, self.writer.state().state(), (self.clock)()).await;
            match first {
                Err(refused) if refused.code == Unauthorized::INVALID.code => {
                    self.news().await;
                    let state = self.writer.state();
                    self.authenticator.check(headers, state.state(), (self.clock)()).or(Err(refused))
                }
                first => first,
            }
        })
    }

    fn grant<'a>(&'a self, headers: &'a HeaderMap, body: &'a [u8]) -> Granted<'a> {
        Box::pin(async move {
            let form = TokenForm::parse(body, headers)?;
            let grant = || -> Result<Secret, OAuthError> {
                self.authenticator.grant(&form, self.writer.state().state(), (self.clock)())
            };
            match grant() {
                Err(refused) if refused.status == 401 => {
                    self.news().await;
                    grant()
                }
                first => first,
            }
        })
    }
}
