//! Many calls, a few at a time.
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use jitgate_core::order;

/// Something under way.
type Running<R> = Pin<Box<dyn Future<Output = R>>>;

/// Does it for each, with no more than `most` under way at a time; the results stand in the order of the items. Nothing
/// is begun before there is room for it.
pub async fn together<T, R, F>(items: Vec<T>, most: usize, work: impl Fn(T) -> F) -> Vec<R>
where
    F: Future<Output = R> + 'static,
{
    let mut waiting = items.into_iter().enumerate();
    let mut running: Vec<(usize, Running<R>)> = Vec::new();
    let mut done: Vec<(usize, R)> = Vec::new();
    poll_fn(|cx| {
        loop {
            while running.len() < most.max(1)
                && let Some((place, item)) = waiting.next()
            {
                running.push((place, Box::pin(work(item))));
            }
            let before = running.len();
            running.retain_mut(|(place, future)| match future.as_mut().poll(cx) {
                Poll::Ready(result) => {
                    done.push((*place, result));
                    false
                }
                Poll::Pending => true,
            });
            if running.is_empty() && waiting.len() == 0 {
                return Poll::Ready(());
            }
            // Where something has ended, something else may begin.
            if running.len() == before {
                return Poll::Pending;
            }
        }
    })
    .await;
    order::sort_by(&mut done, |(one, _), (other, _)| one.cmp(other));
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::pin::pin;
    use std::rc::Rc;
    use std::task::{Context, Waker};

    use proptest::prelude::*;

    use super::*;

    /// Is ready at its n-th poll.
    async fn after(mut polls: u32) {
        poll_fn(move |_| {
            polls = polls.saturating_sub(1);
            if polls == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Polls until it is done.
    fn finish<R>(future: impl Future<Output = R>) -> R {
        let mut future = pin!(future);
        for _ in 0..10_000 {
            if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return result;
            }
        }
        panic!("it never ends")
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn all_are_done_in_order_and_never_too_many_at_a_time(
            lengths in prop::collection::vec(2_u32..6, 0..30),
            most in 0_usize..7,
        ) {
            let (busy, worst) = (Rc::new(Cell::new(0_usize)), Rc::new(Cell::new(0_usize)));
            let begun = Rc::new(RefCell::new(Vec::new()));
            let items: Vec<(usize, u32)> = lengths.iter().copied().enumerate().collect();
            let work = |(place, polls)| {
                let (busy, worst, begun) = (busy.clone(), worst.clone(), begun.clone());
                async move {
                    begun.borrow_mut().push(place);
                    busy.set(busy.get().saturating_add(1));
                    worst.set(worst.get().max(busy.get()));
                    after(polls).await;
                    busy.set(busy.get().saturating_sub(1));
                    place
                }
            };
            let places = finish(together(items, most, work));
            let all: Vec<usize> = (0..lengths.len()).collect();
            prop_assert_eq!(&places, &all);
            prop_assert_eq!(&*begun.borrow(), &all);
            prop_assert!(worst.get() <= most.max(1));
            // As many as may be are.
            prop_assert!(worst.get() >= most.max(1).min(lengths.len()));
        }
    }
}
