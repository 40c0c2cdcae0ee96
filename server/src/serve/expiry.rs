//! Writes down what has ended, when it ends: for the log and for those who listen. What is open does not depend on
//! it, since a grant's end is its own.

use std::sync::Arc;
use std::time::Duration;

use crate::http::app::App;
use crate::http::ends::write_down;

/// The clock may be set at any time, and the machine may sleep: what has ended meanwhile is on record soon.
const LONGEST: Duration = Duration::from_secs(1);
/// Between two attempts where nothing can be stored.
const PAUSE: Duration = Duration::from_secs(5);

/// Runs as long as the server.
pub async fn run(app: Arc<App>) {
    let mut changes = app.writer.watch();
    loop {
        let now = (app.clock)();
        let next = changes.borrow_and_update().state().next_ending();
        let wait = match next {
            Some(end) if end <= now => {
                if write_down(&app).await.is_none() {
                    tokio::time::sleep(PAUSE).await;
                }
                continue;
            }
            Some(end) => end.since(now).map_or(LONGEST, |wait| wait.min(LONGEST)),
            None => LONGEST,
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            changed = changes.changed() => if changed.is_err() { return },
        }
    }
}
