//! The one writer: whoever has the store and the state that is about to be published.
//!
//! A command that comes while nobody else is there is carried out right where it is, since to wake a thread for it would
//! take as long as the work; where the disk is slow, `lookout` has another thread stand in. All others wait for the
//! writer's own thread, which carries out together all that have come meanwhile, and puts them on disk in one transaction.
//! Only then is the new state shown to readers, and the callers get their answers. So an answer means that it is on disk,
//! and many callers share the wait for it.

mod catch_up;
mod core;
mod lookout;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::JoinHandle;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

pub use self::catch_up::catch_up;
use self::core::Core;
use self::lookout::Lookout;
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

    /// The row that was made of a record; none where it is no record.
    fn row(json: &str) -> Option<Row>;

    /// True where whoever watches the state must look at it now, and not only when they next do.
    fn wakes(&self, before: &Self) -> bool;
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

/// What the thread is asked for.
enum Job<F: Fold> {
    /// To carry a command out.
    Command(F::Command, oneshot::Sender<Result<F::Answer, Fault>>),
    /// To let records be found; whoever wants to find some waits for it.
    Settle(Option<oneshot::Sender<Result<(), Fault>>>),
    /// To try whether something can be put on disk.
    Check(oneshot::Sender<Result<(), Fault>>),
}

/// The way to the writer, for any number of tasks.
pub struct Writer<F: Fold> {
    core: Arc<Mutex<Core<F>>>,
    jobs: mpsc::Sender<Job<F>>,
    /// Jobs that were handed to the thread and are not done.
    waiting: Arc<AtomicUsize>,
    /// Commands are refused for want of a disk.
    refused: Arc<AtomicBool>,
    /// Where the runtime has several threads, so that one may wait for the disk.
    lookout: Option<Arc<Lookout>>,
    state: watch::Receiver<Arc<F>>,
    rows: broadcast::Sender<Arc<Vec<Row>>>,
}

impl<F: Fold> Clone for Writer<F> {
    fn clone(&self) -> Self {
        let Self { core, jobs, waiting, refused, lookout, state, rows } = self;
        Self {
            core: core.clone(),
            jobs: jobs.clone(),
            waiting: waiting.clone(),
            refused: refused.clone(),
            lookout: lookout.clone(),
            state: state.clone(),
            rows: rows.clone(),
        }
    }
}

impl<F: Fold> Writer<F> {
    /// Loads the state and starts the thread, which ends when the last `Writer` is dropped.
    pub fn start(mut store: impl Store + 'static, mut state: F) -> Result<(Self, JoinHandle<()>), Fault> {
        catch_up(|after, each| store.load(after, each), &mut state)?;
        let (jobs, mut queue) = mpsc::channel(QUEUE);
        let (publish, published) = watch::channel(Arc::new(state.clone()));
        let rows = broadcast::Sender::new(BEHIND);
        let mut core = Core::new(Box::new(store), state, publish, rows.clone());
        let refused = core.refused();
        // What the last run left; where there is no room for it, the server starts all the same.
        drop(core.settle());
        let (core, waiting) = (Arc::new(Mutex::new(core)), Arc::new(AtomicUsize::new(0)));
        let runtime = Handle::try_current().ok();
        let runtime = runtime.filter(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
        let lookout = runtime.map(Lookout::new).transpose().map_err(Fault::other)?.map(Arc::new);
        let writer = Self {
            core: core.clone(),
            jobs,
            waiting: waiting.clone(),
            refused,
            lookout,
            state: published,
            rows,
        };
        let run = move || {
            let mut jobs = Vec::with_capacity(MOST);
            loop {
                let count = queue.blocking_recv_many(&mut jobs, MOST);
                let mut core = lock(&core);
                if count == 0 {
                    drop(core.settle());
                    return;
                }
                core.work(&mut jobs);
                waiting.fetch_sub(count, Ordering::Release);
                core.tend();
            }
        };
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(run);
        Ok((writer, thread.map_err(Fault::other)?))
    }

    /// The state as of the last commit.
    pub fn state(&self) -> Arc<F> {
        self.state.borrow().clone()
    }

    /// The same, for whoever waits for changes that cannot wait ([`Fold::wakes`]).
    pub fn watch(&self) -> watch::Receiver<Arc<F>> {
        self.state.clone()
    }

    /// The records of every batch to come, once it is on disk; an empty one when another process put some there.
    pub fn rows(&self) -> broadcast::Receiver<Arc<Vec<Row>>> {
        self.rows.subscribe()
    }

    /// Has a command carried out. When the answer is there, what it tells is on disk.
    pub async fn send(&self, command: F::Command) -> Result<F::Answer, Fault> {
        let command = match self.at_once(command) {
            Ok(answer) => return answer,
            Err(command) => command,
        };
        let (sender, receiver) = oneshot::channel();
        self.hand_over(Job::Command(command, sender)).await?;
        receiver.await.map_err(|_| gone())?
    }

    /// Lets all records be found that are there by now.
    pub async fn settle(&self) -> Result<(), Fault> {
        let (sender, receiver) = oneshot::channel();
        self.hand_over(Job::Settle(Some(sender))).await?;
        receiver.await.map_err(|_| gone())?
    }

    /// True where the last command found no way to the disk, and nothing has found one since.
    pub fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Acquire)
    }

    /// Fails where commands are refused for want of a disk; whether they still would be is tried.
    pub async fn check(&self) -> Result<(), Fault> {
        if !self.is_refused() {
            return Ok(());
        }
        let (sender, receiver) = oneshot::channel();
        self.hand_over(Job::Check(sender)).await?;
        receiver.await.map_err(|_| gone())?
    }

    async fn hand_over(&self, job: Job<F>) -> Result<(), Fault> {
        let place = self.jobs.reserve().await.map_err(|_| gone())?;
        self.waiting.fetch_add(1, Ordering::AcqRel);
        place.send(job);
        Ok(())
    }

    /// Carries the command out here, unless somebody else is there. While one waits nobody goes before.
    fn at_once(&self, command: F::Command) -> Result<Result<F::Answer, Fault>, F::Command> {
        let Some(lookout) = self.lookout.as_ref().filter(|_| self.waiting.load(Ordering::Acquire) == 0)
        else {
            return Err(command);
        };
        let mut core = match self.core.try_lock() {
            Ok(core) => core,
            Err(TryLockError::WouldBlock) => return Err(command),
            Err(TryLockError::Poisoned(_)) => lock(&self.core),
        };
        let answer = lookout.over(|| core.alone(command));
        let is_due = core.is_due();
        drop(core);
        if is_due && let Ok(place) = self.jobs.try_reserve() {
            self.waiting.fetch_add(1, Ordering::AcqRel);
            place.send(Job::Settle(None));
        }
        Ok(answer)
    }
}

fn gone() -> Fault {
    Fault::other("the server is shutting down")
}

/// What somebody had when they panicked may not agree with the store: it is opened anew.
fn lock<F: Fold>(core: &Mutex<Core<F>>) -> MutexGuard<'_, Core<F>> {
    core.lock().unwrap_or_else(|poisoned| {
        core.clear_poison();
        let mut core = PoisonError::into_inner(poisoned);
        core.distrust();
        core
    })
}

#[cfg(test)]
mod tests;
