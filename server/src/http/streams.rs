//! How many streams of changes each caller has open.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Numbers = HashMap<Arc<str>, usize>;

/// The streams of all callers.
#[derive(Debug, Default)]
pub struct Streams(Arc<Mutex<Numbers>>);

/// A stream, which is open until this is dropped.
#[derive(Debug)]
pub struct Open {
    caller: Arc<str>,
    numbers: Arc<Mutex<Numbers>>,
}

impl Streams {
    /// One more of that caller; none where there are that many already.
    pub fn open(&self, caller: &Arc<str>, most: usize) -> Option<Open> {
        let mut numbers = lock(&self.0);
        let number = numbers.entry(caller.clone()).or_default();
        if *number >= most {
            return None;
        }
        *number = number.saturating_add(1);
        Some(Open { caller: caller.clone(), numbers: self.0.clone() })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut numbers = lock(&self.numbers);
        let left = numbers.get(&self.caller).map_or(0, |number| number.saturating_sub(1));
        if left == 0 {
            numbers.remove(&self.caller);
        } else {
            numbers.insert(self.caller.clone(), left);
        }
    }
}

fn lock(numbers: &Mutex<Numbers>) -> MutexGuard<'_, Numbers> {
    numbers.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_closed_may_be_opened_again() {
        let streams = Streams::default();
        let (ann, bob): (Arc<str>, Arc<str>) = ("ann".into(), "bob".into());
        let first = streams.open(&ann, 2).unwrap();
        let second = streams.open(&ann, 2).unwrap();
        assert!(streams.open(&ann, 2).is_none());
        let other = streams.open(&bob, 2).unwrap();
        drop(first);
        let third = streams.open(&ann, 2).unwrap();
        assert!(streams.open(&ann, 2).is_none());
        drop((second, third, other));
        assert!(lock(&streams.0).is_empty(), "nobody is remembered");
    }
}
