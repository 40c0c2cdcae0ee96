//! How many requests a caller may send: a bucket of tokens for each, which fills again with time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderValue, StatusCode, header};

use super::error::Error;

/// Callers that are remembered; beyond it, those with a full bucket are forgotten, since they lose nothing by it.
const CALLERS: usize = 10_000;

/// Bytes of a body that count as another request: what is in it takes some time to judge.
const WEIGHT: usize = 8 * 1024;

/// The buckets of all callers.
#[derive(Debug)]
pub struct Limit {
    /// Tokens a second.
    rate: f64,
    /// Tokens in a full bucket.
    burst: f64,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Limit {
    /// So many requests a second for each caller, and ten seconds' worth of them at once.
    pub fn new(per_second: u32) -> Self {
        let rate = f64::from(per_second.max(1));
        Self { rate, burst: rate * 10.0, buckets: Mutex::default() }
    }

    /// One each time that this has passed, for each caller, and so many at once.
    pub fn each(time: Duration, at_once: u32) -> Self {
        Self { rate: time.as_secs_f64().recip(), burst: f64::from(at_once), buckets: Mutex::default() }
    }

    /// True where that caller has a token.
    pub fn has(&self, caller: &str, now: Instant) -> bool {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let known = buckets.get(caller);
        known.map_or(buckets.len() < CALLERS, |bucket| self.filled(bucket, now) >= 1.0)
    }

    /// Takes a token of that caller; says how many are left, or how long to wait for one.
    pub fn take(&self, caller: &str, now: Instant) -> Result<u64, Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= CALLERS && !buckets.contains_key(caller) {
            buckets.retain(|_, bucket| self.filled(bucket, now) < self.burst);
            // All of them busy: then the newcomer waits, and nobody who is known loses.
            if buckets.len() >= CALLERS {
                return Err(Duration::from_secs(1));
            }
        }
        if !buckets.contains_key(caller) {
            buckets.insert(caller.to_owned(), Bucket { tokens: self.burst, at: now });
        }
        let Some(bucket) = buckets.get_mut(caller) else { return Err(Duration::from_secs(1)) };
        *bucket = Bucket { tokens: self.filled(bucket, now), at: now };
        if bucket.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - bucket.tokens) / self.rate));
        }
        bucket.tokens -= 1.0;
        Ok(whole(bucket.tokens))
    }

    /// Takes tokens for a large body as well, one for each 8 KiB: what comes next waits for them, ten seconds at most.
    pub fn weigh(&self, caller: &str, bytes: usize, now: Instant) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(caller) {
            let tokens = f64::from(u32::try_from(bytes.div_euclid(WEIGHT)).unwrap_or(u32::MAX));
            *bucket = Bucket { tokens: (self.filled(bucket, now) - tokens).max(-self.burst), at: now };
        }
    }

    fn filled(&self, bucket: &Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.tokens + since * self.rate).min(self.burst)
    }
}

/// The answer to who sends too much.
pub fn too_many(wait: Duration) -> Error {
    let seconds = wait.as_secs().saturating_add(1);
    let message =
        format!("The number of requests has exceeded the limit. Please try again after {seconds} seconds.");
    Error::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
        .header(header::RETRY_AFTER, HeaderValue::from(seconds))
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from a float saturates, and tokens are not negative"
)]
fn whole(tokens: f64) -> u64 {
    tokens as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let limit = Limit::new(2);
        let start = Instant::now();
        for left in (0..20).rev() {
            assert_eq!(limit.take("ann", start), Ok(left));
        }
        assert_eq!(limit.take("ann", start), Err(Duration::from_millis(500)));
        assert_eq!(limit.take("bob", start), Ok(19), "another's bucket is full");
        assert_eq!(limit.take("ann", start + Duration::from_millis(500)), Ok(0));
        assert_eq!(limit.take("ann", start + Duration::from_secs(1000)), Ok(19), "no more than a full one");
    }

    #[test]
    fn a_token_each_time_that_some_time_has_passed() {
        let limit = Limit::each(Duration::from_secs(10), 2);
        let start = Instant::now();
        for after in [0, 0, 10, 30, 30] {
            let at = start + Duration::from_secs(after);
            assert!(limit.has("ann", at) && limit.take("ann", at).is_ok(), "{after}");
        }
        let at = start + Duration::from_secs(39);
        assert!(!limit.has("ann", at) && limit.has("bob", at));
        assert_eq!(limit.take("ann", at), Err(Duration::from_secs(1)));
    }

    #[test]
    fn a_large_body_counts_as_several_requests() {
        let limit = Limit::new(2);
        let start = Instant::now();
        limit.weigh("ann", 1 << 20, start);
        for (bytes, left) in [(8191, 19), (8192, 18), (81_919, 16)] {
            assert_eq!(limit.take("ann", start), Ok(left));
            limit.weigh("ann", bytes, start);
        }
        assert_eq!(limit.take("ann", start), Ok(6));
        limit.weigh("ann", 7 * 8192, start);
        assert_eq!(limit.take("ann", start), Err(Duration::from_secs(1)));
        limit.weigh("ann", 4 << 20, start);
        assert_eq!(limit.take("ann", start), Err(Duration::from_millis(10_500)), "and no longer");
        assert_eq!(limit.take("ann", start + Duration::from_millis(10_500)), Ok(0));
    }

    #[test]
    fn callers_beyond_the_most_find_room_once_others_are_idle() {
        let limit = Limit::new(1);
        let start = Instant::now();
        for caller in 0..CALLERS {
            limit.take(&caller.to_string(), start).unwrap();
        }
        limit.take("new", start).unwrap_err();
        limit.take("new", start + Duration::from_secs(1)).unwrap();
    }
}
