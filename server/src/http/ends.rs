//! What has ended is written down: for the log, for those who listen, and so that no clock which is set back before the next
//! start makes it open again.

use jitgate_core::Timestamp;
use jitgate_core::ledger::{Actor, Command, Context, Principal};
use uuid::Uuid;

use super::app::App;
use crate::ledger::Ask;

/// Before anybody is told that something has ended, that is on disk. It is there already, but in the moment after the end:
/// no answer waits for more than that, nor for a disk that takes nothing.
pub async fn before_answer(app: &App, now: Timestamp) {
    while is_due(app, now) && !app.writer.is_refused() {
        if write_down(app).await.is_none() {
            return;
        }
    }
}

/// True where something has ended and is not on disk yet.
fn is_due(app: &App, now: Timestamp) -> bool {
    app.writer.state().state().next_ending().is_some_and(|end| end <= now)
}

/// Writes down what has ended; none where it could not be stored, or where nothing came of it.
pub async fn write_down(app: &App) -> Option<()> {
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
