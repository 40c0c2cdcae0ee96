//! What all calls share.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::Response;
use jitgate_core::ledger::{Policy, State};
use jitgate_core::rest::Caller;

use super::caller::Authenticator;
pub use super::clock::Clock;
use super::limit::Limit;
use super::metrics::Metrics;
use super::peer::TrustedProxies;
use super::refusals::Refusals;
use super::streams::Streams;
use crate::ledger::Ledger;
use crate::store::Reader;
use crate::store::writer::Writer;

/// What all calls share.
pub struct App {
    /// The way to the ledger.
    pub writer: Writer<Ledger>,
    /// What is on disk.
    pub reader: Arc<dyn Reader>,
    /// Who is calling.
    pub authenticator: Arc<dyn Authenticator>,
    /// The ledger's time.
    pub clock: Clock,
    /// The system's time, which may be behind it.
    pub wall: Clock,
    /// How much callers may send.
    pub limit: Limit,
    /// How refusals are on record.
    pub refusals: Refusals,
    /// Who listens to the stream of changes.
    pub streams: Streams,
    /// What is counted.
    pub metrics: Metrics,
    /// What callers were shown.
    pub shown: Shown,
    /// True once the server ends.
    pub closed: tokio::sync::watch::Receiver<bool>,
    /// What is known of the network.
    pub inventory: crate::inventory::Cache,
    /// What does not change while the server runs.
    pub settings: Settings,
}

impl App {
    /// `https://host`: this server as the client knows it.
    pub fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> String {
        let Settings { public_url, proxies, tls, address, .. } = &self.settings;
        public_url.clone().unwrap_or_else(|| proxies.origin(peer, headers, *tls, *address))
    }
}

/// What does not change while the server runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens.
    pub address: SocketAddr,
    /// It listens with TLS.
    pub tls: bool,
    /// The address that clients know it by, where it was given.
    pub public_url: Option<String>,
    /// Who may tell the address of a caller.
    pub proxies: TrustedProxies,
    /// How long the body of a request may take.
    pub body_time: Duration,
    /// Who takes longer with it is asked again who it is and what it may do.
    pub known: Duration,
    /// Items in a page of a list.
    pub page: usize,
}

/// When each caller's session was last shown each policy: so that who replaces it does not throw out a machine that was
/// added elsewhere since. It is not kept over a restart, after which nothing is concluded.
#[derive(Debug, Default)]
pub struct Shown(Mutex<Generations>);

/// Two generations: when the young one is full it becomes the old one, and the old one is forgotten.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<(Arc<str>, String), u64>,
    old: HashMap<(Arc<str>, String), u64>,
}

/// Pairs of sessions and policies in a generation.
const GENERATION: usize = 50_000;

impl Shown {
    /// This session was shown the policy of that key, in the state of that number.
    pub fn note(&self, session: &Arc<str>, policy: &str, seq: u64) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.young.len() >= GENERATION {
            generations.old = std::mem::take(&mut generations.young);
        }
        let known = generations.young.entry((session.clone(), policy.to_owned())).or_default();
        // Of two answers that are under way at once the later one counts.
        *known = seq.max(*known);
    }

    /// The state in which this session was last shown the policy.
    pub fn last(&self, session: &Arc<str>, policy: &str) -> Option<u64> {
        let generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (session.clone(), policy.to_owned());
        generations.young.get(&key).or_else(|| generations.old.get(&key)).copied()
    }
}

/// Which policies an answer shows to whom, and in which state. It goes along with the answer, and counts only once that
/// is on its way.
#[derive(Clone, Debug)]
pub struct Shows {
    session: Arc<str>,
    policies: Vec<String>,
    seq: u64,
}

impl Shows {
    /// These policies of this state.
    pub fn new(caller: &Caller, state: &State, policies: &[&Arc<Policy>]) -> Self {
        let policies = policies.iter().map(|policy| policy.id.key().to_owned()).collect();
        Self { session: caller.session.clone(), policies, seq: state.seq() }
    }

    /// The answer that shows them.
    pub fn with(self, mut response: Response) -> Response {
        response.extensions_mut().insert(vec![self]);
        response
    }

    /// What an answer shows, which it does not tell any more then.
    pub fn of(response: &mut Response) -> Vec<Self> {
        response.extensions_mut().remove().unwrap_or_default()
    }

    /// They were shown.
    pub fn note(&self, shown: &Shown) {
        for policy in &self.policies {
            shown.note(&self.session, policy, self.seq);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shown_last_is_known_for_long() {
        let shown = Shown::default();
        let caller: Arc<str> = "ann".into();
        shown.note(&caller, "p", 1);
        shown.note(&caller, "p", 5);
        shown.note(&caller, "p", 3);
        for other in 0..GENERATION {
            shown.note(&caller, &other.to_string(), 7);
        }
        assert_eq!(shown.last(&caller, "p"), Some(5));
        assert_eq!(shown.last(&"bob".into(), "p"), None);
        for other in 0..GENERATION {
            shown.note(&caller, &format!("x{other}"), 7);
        }
        assert_eq!(shown.last(&caller, "p"), None, "forgotten in the end");
    }
}
