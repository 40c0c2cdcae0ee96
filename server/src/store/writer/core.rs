//! What the writer does, whoever's thread it is on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::vec;

use tokio::sync::{broadcast, watch};

use super::{Batch, Fold, Job, catch_up};
use crate::store::{Fault, Row, Store};

/// Resources in records that may be there and not be found yet, before the writer sees to it by itself: so many that most of
/// the writing is saved (of 128 busy policies nearly half of all that a fourth would take), and so few that whoever waits
/// for it hardly notices. A request for one machine has two.
const UNSETTLED: usize = 2048;

/// A command does not wait any longer for those that come after it.
const LONGEST: Duration = Duration::from_millis(50);

/// The store, and the state that is about to be published.
pub(super) struct Core<F: Fold> {
    store: Box<dyn Store>,
    state: F,
    publish: watch::Sender<Arc<F>>,
    rows: broadcast::Sender<Arc<Vec<Row>>>,
    /// False after a fault, until the store is open again and known to agree with the state.
    healthy: bool,
    /// Resources in records that were put on disk since they were last seen to be found.
    unsettled: usize,
    /// A command found no way to the disk, and nothing has found one since.
    refused: Arc<AtomicBool>,
}

impl<F: Fold> Core<F> {
    pub(super) fn new(
        store: Box<dyn Store>,
        state: F,
        publish: watch::Sender<Arc<F>>,
        rows: broadcast::Sender<Arc<Vec<Row>>>,
    ) -> Self {
        let refused = Arc::new(AtomicBool::new(false));
        Self { store, state, publish, rows, healthy: true, unsettled: 0, refused }
    }

    /// True as long as commands are refused for want of a disk.
    pub(super) fn refused(&self) -> Arc<AtomicBool> {
        self.refused.clone()
    }

    /// Whether the disk takes something now, which is tried.
    fn check(&mut self) -> Result<(), Fault> {
        let checked = self.prepare().and_then(|()| guarded(|| self.store.check()));
        self.healthy &= checked.is_ok();
        self.refused.store(checked.is_err(), Ordering::Release);
        checked
    }

    /// After a panic: nothing is taken for granted.
    pub(super) fn distrust(&mut self) {
        self.healthy = false;
    }

    /// Carries one command out.
    pub(super) fn alone(&mut self, command: F::Command) -> Result<F::Answer, Fault> {
        self.prepare()?;
        let (mut working, mut batch) = (self.state.clone(), Batch::default());
        let answer = carry_out(&mut working, command, &mut batch);
        self.store(working, batch)?;
        answer
    }

    /// Does all jobs, and empties the list.
    pub(super) fn work(&mut self, jobs: &mut Vec<Job<F>>) {
        let (mut commands, mut settled, mut checks) =
            (Vec::with_capacity(jobs.len()), Vec::new(), Vec::new());
        for job in jobs.drain(..) {
            match job {
                Job::Command(command, sender) => commands.push((command, sender)),
                Job::Settle(sender) => settled.push(sender),
                Job::Check(sender) => checks.push(sender),
            }
        }
        let mut commands = commands.into_iter();
        while !commands.as_slice().is_empty() {
            self.batch(&mut commands);
        }
        if !settled.is_empty() {
            let outcome = self.settle();
            settled.into_iter().flatten().for_each(|sender| drop(sender.send(outcome.clone())));
        }
        if !checks.is_empty() {
            let outcome = self.check();
            checks.into_iter().for_each(|sender| drop(sender.send(outcome.clone())));
        }
    }

    /// Carries commands out, commits, publishes, answers: all of them, or as many as take no longer than they should.
    fn batch(&mut self, commands: &mut vec::IntoIter<Waiting<F>>) {
        if let Err(fault) = self.prepare() {
            commands.for_each(|(_, sender)| drop(sender.send(Err(fault.clone()))));
            return;
        }
        let (mut working, mut batch) = (self.state.clone(), Batch::default());
        let (mut answers, begin) = (Vec::with_capacity(commands.len()), Instant::now());
        for (command, sender) in commands {
            answers.push((sender, carry_out(&mut working, command, &mut batch)));
            if begin.elapsed() > LONGEST {
                break;
            }
        }
        let stored = self.store(working, batch);
        for (sender, answer) in answers {
            drop(sender.send(stored.clone().and(answer)));
        }
    }

    /// Puts the batch on disk; then the state counts, and is published.
    fn store(&mut self, working: F, batch: Batch) -> Result<(), Fault> {
        let nothing = batch.rows.is_empty() && batch.blobs.is_empty();
        let stored = guarded(|| if nothing { self.store.abandon() } else { self.append(&batch) });
        if !nothing || stored.is_err() {
            self.refused.store(stored.is_err(), Ordering::Release);
        }
        match &stored {
            Ok(()) if batch.rows.is_empty() => self.state = working,
            Ok(()) => {
                let mentions = batch.rows.iter().map(|row| row.mentions.len().max(1));
                self.unsettled = mentions.fold(self.unsettled, usize::saturating_add);
                self.publish(working);
                drop(self.rows.send(Arc::new(batch.rows)));
            }
            Err(fault) => {
                tracing::error!(%fault, "a batch could not be stored");
                self.healthy = false;
            }
        }
        stored
    }

    /// This is the state from now on.
    fn publish(&mut self, state: F) {
        let wakes = state.wakes(&self.state);
        self.state = state;
        let published = Arc::new(self.state.clone());
        self.publish.send_if_modified(|known| {
            *known = published;
            wakes
        });
    }

    /// Puts the batch on disk. Where there is no room, the store may make some when it is opened anew: then once more,
    /// unless the batch got there after all.
    fn append(&mut self, batch: &Batch) -> Result<(), Fault> {
        let first = self.store.append(&batch.rows, &batch.blobs);
        let Err(fault) = first else { return Ok(()) };
        self.healthy = false;
        let before = self.state.last();
        if fault != Fault::Full || self.prepare().is_err() || self.state.last() != before {
            return Err(fault);
        }
        self.store.append(&batch.rows, &batch.blobs)
    }

    /// Takes the store for a batch, and takes up what another process put there (`jitgate token`, `jitgate role`).
    fn prepare(&mut self) -> Result<(), Fault> {
        let taken = guarded(|| {
            self.recover()?;
            if self.store.begin()? { self.take_up() } else { Ok(()) }
        });
        self.healthy = taken.is_ok();
        if taken.is_err() {
            self.refused.store(true, Ordering::Release);
        }
        taken
    }

    /// After a fault: opens the store anew. A batch whose commit failed may still have reached the disk; then it
    /// counts, and the state takes it up.
    fn recover(&mut self) -> Result<(), Fault> {
        if self.healthy {
            return Ok(());
        }
        self.store.reopen()?;
        self.take_up()?;
        self.healthy = true;
        Ok(())
    }

    fn take_up(&mut self) -> Result<(), Fault> {
        let mut state = self.state.clone();
        let taken = catch_up(|after, each| self.store.load(after, each), &mut state);
        if state.last() > self.state.last() {
            self.publish(state);
            // Whoever listens finds them in the store.
            drop(self.rows.send(Arc::default()));
        }
        taken
    }

    /// True where there are so many records that nobody finds that the writer must see to it.
    pub(super) fn is_due(&self) -> bool {
        self.unsettled >= UNSETTLED
    }

    /// Does that, where it is due.
    pub(super) fn tend(&mut self) {
        if self.is_due() {
            drop(self.settle());
        }
    }

    /// Lets all records be found.
    pub(super) fn settle(&mut self) -> Result<(), Fault> {
        let settled = guarded(|| {
            self.recover()?;
            self.store.settle(&mut F::row)
        });
        // Where it cannot be done it is not tried again at every batch.
        self.unsettled = 0;
        if let Err(fault) = &settled {
            tracing::warn!(%fault, "records could not be put into the activity log yet");
            self.healthy = false;
        }
        settled
    }
}

/// A store that panics has failed, and no more than that.
fn guarded(work: impl FnOnce() -> Result<(), Fault>) -> Result<(), Fault> {
    let fault = |_| Fault::other("the store hit a fault in jitgate itself");
    catch_unwind(AssertUnwindSafe(work)).map_err(fault).flatten()
}

type Waiting<F> = (<F as Fold>::Command, tokio::sync::oneshot::Sender<Result<<F as Fold>::Answer, Fault>>);

/// A command that panics changes nothing, and the others of its batch stand.
fn carry_out<F: Fold>(working: &mut F, command: F::Command, batch: &mut Batch) -> Result<F::Answer, Fault> {
    let (before, rows, blobs) = (working.clone(), batch.rows.len(), batch.blobs.len());
    let carried = catch_unwind(AssertUnwindSafe(|| working.carry_out(command, batch)));
    carried.map_err(|_| {
        *working = before;
        batch.rows.truncate(rows);
        batch.blobs.truncate(blobs);
        Fault::other("the command hit a fault in jitgate itself, and was not carried out")
    })
}
