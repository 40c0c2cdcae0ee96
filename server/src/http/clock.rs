//! The ledger's clock: it follows the system's, never goes back and never stands still.
//!
//! A system's clock may have been ahead once, and what was recorded then stays. The ledger's time cannot go back before
//! that; but it must go on from there, or no grant would end until the system's clock has caught up.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jitgate_core::Timestamp;
use tokio::sync::watch;

use crate::ledger::Ledger;

/// The clock: the system's, or a test's.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// The time since some instant, which nobody can set: the process's own, or a test's.
pub type Elapsed = Arc<dyn Fn() -> Duration + Send + Sync>;

/// So far may the ledger be ahead of the system's clock before it is told of.
const AHEAD: Duration = Duration::from_secs(5);

/// The time that the ledger goes by: the system's, but never before the latest record, and never less after a given
/// time than before it and that time together.
pub fn ledger_clock(wall: Clock, elapsed: Elapsed, ledger: watch::Receiver<Arc<Ledger>>) -> Clock {
    let start = (ledger.borrow().state().latest(), elapsed());
    let known = Mutex::new(start);
    Arc::new(move || {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let (time, then) = *known;
        let now = elapsed();
        let running = time.checked_add(now.saturating_sub(then)).unwrap_or(time);
        // Another process may have recorded something later.
        let latest = ledger.borrow().state().latest();
        let time = wall().max(running).max(latest);
        *known = (time, now);
        time
    })
}

/// How far the ledger is ahead of the system's clock, where that is too far.
pub fn ahead(ledger: Timestamp, wall: Timestamp) -> Option<Duration> {
    ledger.since(wall).filter(|ahead| *ahead > AHEAD)
}
