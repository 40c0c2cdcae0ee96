//! The one writer: a thread that owns the store and the state it is about to publish.
//!
//! All commands that wait are carried out as one batch and put on disk in one transaction; only then the new state is
//! shown to readers and the callers get their answers. So an answer means that it is on disk, and many callers share
//! the wait for it.

mod catch_up;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{broadcast, mpsc, oneshot, watch};

pub use self::catch_up::catch_up;
use super::{Blob, Fault, Row, Store};

/// A state that is a fold of records. A clone must be cheap, and share nothing that changes.
pub trait Fold: Clone + Send + Sync + 'static {
    /// What may be asked of it.
    type Command: Send + 'static;
    /// What it answers: also that it refuses.
    type Answer: Send + 'static;

    /// Carries a command out on this copy, and leaves the records of what happened in the batch.
    fn carry_out(&mut self, command: Self::Command, batch: &mut Batch) -> Self::Answer;

    /// A record from the store, read.
    type Record: Send + Sync;

    /// Reads a record. It needs no state, so that another thread can do it.
    fn read(seq: u64, json: &str) -> Result<Self::Record, Fault>;

    /// Takes up the next record.
    fn take_up(&mut self, record: &Self::Record) -> Result<(), Fault>;

    /// The last record in it.
    fn last(&self) -> u64;
}

/// What is to be put on disk together.
#[derive(Debug, Default)]
pub struct Batch {
    /// Records, in order.
    pub rows: Vec<Row>,
    /// What they refer to.
    pub blobs: Vec<Blob>,
}

/// Commands that are carried out together, at most.
const MOST: usize = 256;
/// Commands that wait, at most; whoever comes then waits for room.
const QUEUE: usize = 4096;
/// Batches that a slow listener may be behind; then it reads from the store.
const BEHIND: usize = 256;

type Job<F> = (<F as Fold>::Command, oneshot::Sender<Result<<F as Fold>::Answer, Fault>>);

/// The way to the writer, for any number of tasks.
#[derive(Debug)]
pub struct Writer<F: Fold> {
    jobs: mpsc::Sender<Job<F>>,
    state: watch::Receiver<Arc<F>>,
    rows: broadcast::Sender<Arc<Vec<Row>>>,
}

impl<F: Fold> Clone for Writer<F> {
    fn clone(&self) -> Self {
        Self { jobs: self.jobs.clone(), state: self.state.clone(), rows: self.rows.clone() }
    }
}

impl<F: Fold> Writer<F> {
    /// Loads the state and starts the thread, which ends when the last `Writer` is dropped.
    pub fn start(mut store: impl Store + 'static, mut state: F) -> Result<(Self, JoinHandle<()>), Fault> {
        catch_up(|after, each| store.load(after, each), &mut state)?;
        let (jobs, waiting) = mpsc::channel(QUEUE);
        let (publish, published) = watch::channel(Arc::new(state.clone()));
        let rows = broadcast::Sender::new(BEHIND);
        let writer = Self { jobs, state: published, rows: rows.clone() };
        let thread = Thread { store, state, publish, rows, healthy: true };
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(|| thread.run(waiting));
        Ok((writer, thread.map_err(Fault::other)?))
    }

    /// The state as of the last commit.
    pub fn state(&self) -> Arc<F> {
        self.state.borrow().clone()
    }

    /// The same, for whoever waits for changes.
    pub fn watch(&self) -> watch::Receiver<Arc<F>> {
        self.state.clone()
    }

    /// The records of every batch to come, once it is on disk.
    pub fn rows(&self) -> broadcast::Receiver<Arc<Vec<Row>>> {
        self.rows.subscribe()
    }

    /// Has a command carried out. When the answer is there, what it tells is on disk.
    pub async fn send(&self, command: F::Command) -> Result<F::Answer, Fault> {
        let (sender, receiver) = oneshot::channel();
        let gone = || Fault::other("the server is shutting down");
        self.jobs.send((command, sender)).await.map_err(|_| gone())?;
        receiver.await.map_err(|_| gone())?
    }
}

struct Thread<F: Fold, S: Store> {
    store: S,
    state: F,
    publish: watch::Sender<Arc<F>>,
    rows: broadcast::Sender<Arc<Vec<Row>>>,
    /// False after a fault, until the store is open again and known to agree with the state.
    healthy: bool,
}

impl<F: Fold, S: Store> Thread<F, S> {
    fn run(mut self, mut waiting: mpsc::Receiver<Job<F>>) {
        let mut jobs = Vec::with_capacity(MOST);
        while waiting.blocking_recv_many(&mut jobs, MOST) > 0 {
            if let Err(fault) = self.prepare() {
                jobs.drain(..).for_each(|(_, answer)| drop(answer.send(Err(fault.clone()))));
                continue;
            }
            self.batch(&mut jobs);
        }
    }

    /// Carries the jobs out, commits, publishes, answers.
    fn batch(&mut self, jobs: &mut Vec<Job<F>>) {
        let mut working = self.state.clone();
        let mut batch = Batch::default();
        let mut answers = Vec::with_capacity(jobs.len());
        for (command, sender) in jobs.drain(..) {
            answers.push((sender, carry_out(&mut working, command, &mut batch)));
        }
        let nothing = batch.rows.is_empty() && batch.blobs.is_empty();
        let stored = if nothing { self.store.abandon() } else { self.append(&batch) };
        match &stored {
            Ok(()) => {
                self.state = working;
                if !batch.rows.is_empty() {
                    self.publish.send_replace(Arc::new(self.state.clone()));
                    drop(self.rows.send(Arc::new(batch.rows)));
                }
            }
            Err(fault) => {
                tracing::error!(%fault, "a batch could not be stored");
                self.healthy = false;
            }
        }
        for (sender, answer) in answers {
            drop(sender.send(stored.clone().and(answer)));
        }
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
        self.recover()?;
        let before = self.state.last();
        let taken = self
            .store
            .begin()
            .and_then(|()| catch_up(|after, each| self.store.load(after, each), &mut self.state));
        self.healthy = taken.is_ok();
        if self.state.last() > before {
            self.publish.send_replace(Arc::new(self.state.clone()));
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
        let before = self.state.last();
        catch_up(|after, each| self.store.load(after, each), &mut self.state)?;
        if self.state.last() > before {
            self.publish.send_replace(Arc::new(self.state.clone()));
        }
        self.healthy = true;
        Ok(())
    }
}

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

#[cfg(test)]
mod tests;
