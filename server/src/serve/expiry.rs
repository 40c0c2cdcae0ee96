//! Writes down what has ended, when it ends: for the log and for those who listen. What is open does not depend on
//! it, since a grant's end is its own.

use std::sync::Arc;
use std::time::Duration;

use jitgate_core::ledger::{Actor, Command, Context, Principal};
use uuid::Uuid;

use crate::http::app::App;
use crate::ledger::Ask;

/// The clock may be set at any time, and the machine may sleep: what has ended meanwhile is on record soon, so that no clock
/// that is set back before the next start makes it open again.
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
                if expire(&app).await.is_none() {
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

/// None where it could not be stored, or where nothing came of it.
async fn expire(app: &App) -> Option<()> {
    let context = Context {
        now: (app.clock)(),
        actor: Actor { principal: Principal::system(), address: None },
        correlation_id: Uuid::new_v4().to_string(),
        client_request_id: None,
    };
    let before = app.writer.state().state().seq();
    match app.writer.send(Ask::new(Command::Expire, context)).await {
        Ok((_, state)) => (state.seq() > before).then_some(()),
        Err(fault) => {
            tracing::error!(%fault, "what has ended could not be written down");
            None
        }
    }
}
