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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use jitgate_core::ledger::{Actor, Command, Context, Principal, RoleAssignment};

    use super::*;
    use crate::ledger::Ask;
    use crate::store::writer::{Batch, Fold};

    fn seconds(seconds: u64) -> Timestamp {
        Timestamp::from_unix(i64::try_from(seconds).unwrap(), 0).unwrap()
    }

    /// A ledger whose latest record is of that second.
    fn ledger(latest: u64) -> Arc<Ledger> {
        let context = Context {
            now: seconds(latest),
            actor: Actor { principal: Principal::system(), address: None },
            correlation_id: "c".to_owned(),
            client_request_id: None,
        };
        let assignment = RoleAssignment {
            id: "a".to_owned(),
            role_definition_id: "r".to_owned(),
            principal_id: "p".to_owned(),
            scope: "/".to_owned(),
        };
        let mut ledger = Ledger::default();
        let ask = Ask::new(Command::PutRoleAssignment(assignment), context);
        ledger.carry_out(ask, &mut Batch::default()).0.unwrap();
        Arc::new(ledger)
    }

    #[test]
    fn time_goes_on_whatever_the_clock_and_other_processes_do() {
        let (wall, passed) = (Arc::new(AtomicU64::new(100)), Arc::new(AtomicU64::new(0)));
        let (publish, published) = watch::channel(ledger(50));
        let (set, pass) = (wall.clone(), passed.clone());
        let clock = ledger_clock(
            Arc::new(move || seconds(wall.load(Ordering::SeqCst))),
            Arc::new(move || Duration::from_secs(passed.load(Ordering::SeqCst))),
            published,
        );
        assert_eq!(clock(), seconds(100), "the system's");
        set.store(90, Ordering::SeqCst);
        assert_eq!(clock(), seconds(100), "it does not go back");
        pass.store(7, Ordering::SeqCst);
        assert_eq!(clock(), seconds(107), "and does not stand still");
        publish.send_replace(ledger(1000));
        assert_eq!(clock(), seconds(1000), "another process recorded something later");
        pass.store(10, Ordering::SeqCst);
        assert_eq!(clock(), seconds(1003));
        set.store(2000, Ordering::SeqCst);
        assert_eq!(clock(), seconds(2000));
    }

    #[test]
    fn a_little_ahead_is_nothing_to_tell() {
        assert_eq!(ahead(seconds(105), seconds(100)), None);
        assert_eq!(ahead(seconds(90), seconds(100)), None);
        assert_eq!(ahead(seconds(106), seconds(100)), Some(Duration::from_secs(6)));
    }
}
