//! The time, and things that happen after or every so long.
use std::cell::Cell;
use std::time::Duration;

use jitgate_core::Timestamp;
use jitgate_logic::{ahead, seconds_until};
use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::number::millis;

thread_local! {
    /// How many milliseconds the clock of who keeps the data is ahead.
    static AHEAD: Cell<i64> = const { Cell::new(0) };
}

/// This computer's own clock: milliseconds since 1970.
pub fn own_millis() -> i64 {
    millis(js_sys::Date::now())
}

/// The present, by the clock of who keeps the data: it decides what is open.
pub fn now() -> Option<Timestamp> {
    Timestamp::from_unix_millis(own_millis().saturating_add(AHEAD.get()))
}

/// An answer told its time, as HTTP's `Date` has it; `sent` is when it was asked for. Gives the time that it told.
pub fn set_by(date: &str, sent: i64) -> Option<i64> {
    let told = js_sys::Date::parse(date);
    let told = told.is_finite().then(|| millis(told))?;
    AHEAD.set(ahead(AHEAD.get(), told, sent, own_millis()));
    Some(told)
}

/// The seconds that a `Retry-After` asks to wait: it has their number, or a date as HTTP writes them (RFC 9110, 10.2.3),
/// by the clock of who answers, whose answer `told` its time. None where it is neither.
pub fn seconds_to(text: &str, told: Option<i64>) -> Option<u32> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().unwrap_or(u32::MAX));
    }
    let date = js_sys::Date::new(&text.into());
    (date.to_utc_string() == text)
        .then(|| seconds_until(millis(date.get_time()), told, own_millis().saturating_add(AHEAD.get())))
}

/// The data is kept here: this computer's clock counts.
pub fn set_by_own() {
    AHEAD.set(0);
}

/// Waits.
pub async fn pause(time: Duration) {
    let end = Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                // It takes nothing and gives nothing.
                let _done = resolve.call0(&JsValue::NULL);
            },
            time,
        );
    });
    // It is never given up.
    let _ended = JsFuture::from(end).await;
}

/// A while from half of this to all of it, at random: windows that hear the same news are not to ask all at once.
pub fn scattered(most: Duration) -> Duration {
    let part = js_sys::Math::random() * 0.5 + 0.5;
    Duration::try_from_secs_f64(most.as_secs_f64() * part).unwrap_or(most)
}

/// Does it again and again, until the calling component is gone.
pub fn every(pause: Duration, action: impl Fn() + 'static) {
    if let Ok(handle) = set_interval_with_handle(action, pause) {
        on_cleanup(move || handle.clear());
    }
}

/// Puts off an action: only the last one asked for is done, once nothing was asked for during the pause.
#[derive(Clone, Copy)]
pub struct Debounce {
    pending: StoredValue<Option<TimeoutHandle>>,
}

impl Debounce {
    pub fn new() -> Self {
        Self { pending: StoredValue::new(None) }
    }

    pub fn after(self, pause: Duration, action: impl FnOnce() + 'static) {
        self.cancel();
        self.pending.set_value(set_timeout_with_handle(action, pause).ok());
    }

    pub fn cancel(self) {
        if let Some(Some(handle)) = self.pending.try_update_value(Option::take) {
            handle.clear();
        }
    }
}
