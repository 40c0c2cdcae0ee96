//! Waiting for what another process does in its own time.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// So often it is asked.
const PAUSE: Duration = Duration::from_millis(50);
/// Ends a wait that would have none; nothing takes as long.
const PATIENCE: Duration = Duration::from_mins(1);

/// Comes back once it is done.
///
/// # Panics
/// It is never done.
pub fn until(what: &str, mut is_done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_done() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        sleep(PAUSE);
    }
}
