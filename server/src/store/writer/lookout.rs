//! Work that blocks on a thread of the runtime, and keeps others waiting no longer than a moment.
//!
//! `block_in_place` hands what a thread has to do over to another one, which must be woken for it: that takes as long as
//! most commits. Here the thread just blocks, and another one looks on. Where it takes longer than usual, that one wakes a
//! thread of the runtime, which hears the network and the timers in its place, and takes the tasks that wait for it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use tokio::runtime::Handle;

/// Others wait for less than two of these.
const PERIOD: Duration = Duration::from_millis(5);

/// The way to the one who looks on; it goes when this is dropped.
pub(super) struct Lookout {
    shared: Arc<Shared>,
    thread: Thread,
}

#[derive(Default)]
struct Shared {
    /// Goes up when work begins and when it ends, so that it is odd in between.
    steps: AtomicU64,
    /// There was no work for a while: whoever begins some must say so.
    rests: AtomicBool,
    ended: AtomicBool,
}

impl Lookout {
    /// For a runtime with several threads.
    pub(super) fn new(runtime: Handle) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let own = shared.clone();
        let thread =
            thread::Builder::new().name("lookout".to_owned()).spawn(move || own.look_on(&runtime))?;
        Ok(Self { shared, thread: thread.thread().clone() })
    }

    /// Does the work, one at a time, while the other looks on.
    pub(super) fn over<T>(&self, work: impl FnOnce() -> T) -> T {
        let _at_work = AtWork::new(&self.shared.steps);
        if self.shared.rests.swap(false, Ordering::SeqCst) {
            self.thread.unpark();
        }
        work()
    }
}

impl Drop for Lookout {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

impl Shared {
    fn look_on(&self, runtime: &Handle) {
        let mut known = 0;
        while !self.ended.load(Ordering::SeqCst) {
            let steps = self.steps.load(Ordering::SeqCst);
            let is_at_work = steps & 1 == 1;
            if steps == known && is_at_work {
                // Whoever is woken for nothing waits for the network, where nobody else does.
                drop(runtime.spawn(async {}));
            } else if steps == known {
                self.rests.store(true, Ordering::SeqCst);
                // Whoever began before that has not seen it.
                if self.steps.load(Ordering::SeqCst) == steps {
                    thread::park();
                }
                continue;
            }
            known = steps;
            thread::park_timeout(PERIOD);
        }
    }
}

/// Work that is under way, until it is dropped.
struct AtWork<'a>(&'a AtomicU64);

impl<'a> AtWork<'a> {
    fn new(steps: &'a AtomicU64) -> Self {
        steps.fetch_add(1, Ordering::SeqCst);
        Self(steps)
    }
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}
