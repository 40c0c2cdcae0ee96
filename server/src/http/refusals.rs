//! How refusals are on record: each by itself, as long as a caller has not too many. Then they are counted, and a record a
//! minute tells how many more there were, so that nobody fills the disk with what they may not do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jitgate_core::Timestamp;
use jitgate_core::ledger::{Attempt, Command, Context};

use super::app::App;
use super::limit::Limit;
use crate::ledger::Ask;

/// So many refusals of a caller are on record by themselves at once, and one more each time that this has passed.
pub(super) const EACH: u32 = 100;
const AGAIN: Duration = Duration::from_secs(10);
/// The others of a caller are one record in this time.
const PERIOD: Duration = Duration::from_mins(1);
/// Callers of whom there are others at once.
const CALLERS: usize = 10_000;

/// The refusals of all callers.
#[derive(Debug)]
pub struct Refusals {
    each: Limit,
    more: Mutex<HashMap<Arc<str>, More>>,
}

/// Refusals of a caller that are not on record yet.
#[derive(Debug)]
struct More {
    count: u64,
    /// When the first of them was.
    since: Timestamp,
    /// The last of them.
    last: (Attempt, Context),
}

impl Default for Refusals {
    fn default() -> Self {
        Self { each: Limit::each(AGAIN, EACH), more: Mutex::default() }
    }
}

impl Refusals {
    /// True where the next refusal of that caller is on record by itself.
    pub fn has_room(&self, caller: &str) -> bool {
        self.each.has(caller, Instant::now())
    }

    /// A refusal of that caller is, or is about to be, on record by itself: false where it is not to be.
    pub fn take(&self, caller: &str) -> bool {
        self.each.take(caller, Instant::now()).is_ok()
    }

    /// One that is not.
    pub fn count(&self, attempt: Attempt, context: Context) {
        self.add(More { count: 1, since: context.now, last: (attempt, context) });
    }

    fn add(&self, new: More) {
        let caller = new.last.1.actor.principal.id.clone();
        let mut more = self.lock();
        let room = more.len() < CALLERS;
        match more.get_mut(&caller) {
            Some(known) => {
                let (count, since) = (known.count.saturating_add(new.count), known.since.min(new.since));
                *known = More { count, since, last: new.last };
            }
            None if room => drop(more.insert(caller, new)),
            // The log has a line for each call.
            None => tracing::warn!(%caller, "a refusal is not on record: too many callers are refused"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, More>> {
        self.more.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts the others on record, as long as the server runs.
pub async fn run(app: Arc<App>) {
    loop {
        tokio::time::sleep(PERIOD).await;
        write_down(&app).await;
    }
}

/// Does that once. What cannot be stored waits for the next time.
pub async fn write_down(app: &App) {
    let others: Vec<More> = app.refusals.lock().drain().map(|(_, more)| more).collect();
    for more in others {
        let (attempt, context) = &more.last;
        let message = match more.count {
            1 => attempt.message.clone(),
            count => format!(
                "{count} attempts of this caller were refused since {}, and are one record. The last one: {}",
                more.since, attempt.message
            ),
        };
        let command = Command::Refused(Attempt { message, ..attempt.clone() });
        let context = Context { now: (app.clock)(), client_request_id: None, ..context.clone() };
        if app.writer.send(Ask::new(command, context)).await.is_err() {
            app.metrics.fault();
            app.refusals.add(more);
        }
    }
}
