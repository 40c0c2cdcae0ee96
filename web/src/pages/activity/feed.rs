//! The logs of several subscriptions as one, the latest first, a page at a time.
use std::cmp::Reverse;
use std::collections::VecDeque;

use crate::api::{Api, Failure, Logged, log_path};

/// What has come of a subscription's log and is not shown yet, and where it goes on.
#[derive(Clone, Debug, Default)]
struct Source {
    waiting: VecDeque<Logged>,
    next: Option<String>,
}

/// The logs.
#[derive(Clone, Debug, Default)]
pub struct Feed(Vec<Source>);

impl Feed {
    /// Before anything was asked.
    pub fn new(subscriptions: &[String], filter: &str) -> Self {
        let source = |id: &String| Source { waiting: VecDeque::new(), next: Some(log_path(id, filter)) };
        Self(subscriptions.iter().map(source).collect())
    }

    /// The next events, so many at least if there are any.
    pub async fn more(&mut self, api: Api, count: usize) -> Result<Vec<Logged>, Failure> {
        let mut events = Vec::new();
        while events.len() < count {
            for source in &mut self.0 {
                // Which event is the latest is known only where each log shows its next one.
                while source.waiting.is_empty() {
                    let Some(path) = source.next.clone() else { break };
                    let page = api.log(path).await?;
                    source.next = page.next;
                    source.waiting.extend(page.events);
                }
            }
            let latest = self.0.iter_mut().filter(|source| !source.waiting.is_empty());
            // Of several at the same time the first log's: `min_by_key` takes the first.
            let latest =
                latest.min_by_key(|source| Reverse(source.waiting.front().and_then(|event| event.time)));
            match latest.and_then(|source| source.waiting.pop_front()) {
                Some(event) => events.push(event),
                None => break,
            }
        }
        Ok(events)
    }

    /// True where there is more.
    pub fn goes_on(&self) -> bool {
        self.0.iter().any(|source| source.next.is_some() || !source.waiting.is_empty())
    }
}
