//! From the records of the store to the state: at start all of them, later what another process put there. Where they
//! are many, one thread loads them, a second reads them, a third takes them up.

use std::mem::take;
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, channel, sync_channel};
use std::thread::{Scope, ScopedJoinHandle, scope};

use super::Fold;
use crate::store::{Each, Fault};

/// Records that go from thread to thread together. Fewer in all are not worth a thread.
const TOGETHER: usize = 256;
/// So many times that wait for the next thread, at most.
const AHEAD: usize = 8;

/// Records as they are stored, one behind the other.
#[derive(Default)]
struct Lines {
    text: String,
    /// Their numbers, and where they end.
    ends: Vec<(u64, usize)>,
}

impl Lines {
    fn push(&mut self, seq: u64, json: &str) {
        self.text.push_str(json);
        self.ends.push((seq, self.text.len()));
    }

    fn read<F: Fold>(&self) -> Vec<Result<F::Record, Fault>> {
        let mut start = 0;
        let each = |&(seq, end): &(u64, usize)| {
            let json = self.text.get(start..end).unwrap_or_default();
            start = end;
            F::read(seq, json)
        };
        self.ends.iter().map(each).collect()
    }
}

/// Takes up every record that comes after the state's last, as [`Store::load`](crate::store::Store::load) and
/// [`Reader::since`](crate::store::Reader::since) hand them over. After a fault, the state has those before it.
pub fn catch_up<F: Fold>(
    load: impl FnOnce(u64, Each) -> Result<(), Fault>,
    state: &mut F,
) -> Result<(), Fault> {
    let after = state.last();
    scope(|scope| {
        let (mut lines, mut idle, mut threads) = (Lines::default(), Some(state), None);
        let loaded = load(after, &mut |seq, json| {
            lines.push(seq, json);
            if lines.ends.len() < TOGETHER {
                return Ok(());
            }
            if let Some(state) = idle.take() {
                threads = Some(start(scope, state));
            }
            // Nobody listens any more after a fault, which the last thread tells.
            let sent = threads.as_ref().is_some_and(|(sender, _)| sender.send(take(&mut lines)).is_ok());
            if sent { Ok(()) } else { Err(Fault::other("a record could not be taken up")) }
        });
        if let Some(state) = idle {
            take_up(state, &lines.read::<F>())?;
        }
        if let Some((sender, last)) = threads {
            drop(sender.send(lines));
            drop(sender);
            last.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        }
        loaded
    })
}

fn take_up<F: Fold>(state: &mut F, records: &[Result<F::Record, Fault>]) -> Result<(), Fault> {
    records.iter().try_for_each(|record| state.take_up(record.as_ref().map_err(Clone::clone)?))
}

type Threads<'s> = (SyncSender<Lines>, ScopedJoinHandle<'s, Result<(), Fault>>);

/// Starts the thread that reads and the one that takes up, which ends with the first fault.
fn start<'s, F: Fold>(scope: &'s Scope<'s, '_>, state: &'s mut F) -> Threads<'s> {
    let (sender, lines) = sync_channel::<Lines>(AHEAD);
    let (read, records) = sync_channel::<Vec<Result<F::Record, Fault>>>(AHEAD);
    // Records are freed where they were made: memory that another thread frees makes both wait for each other.
    let (back, used) = channel();
    scope.spawn(move || {
        for lines in lines {
            if read.send(lines.read::<F>()).is_err() {
                break;
            }
            used.try_iter().for_each(drop);
        }
    });
    let last = scope.spawn(move || {
        records.into_iter().try_for_each(|records| {
            let taken = take_up(state, &records);
            drop(back.send(records));
            taken
        })
    });
    (sender, last)
}
