//! The time, and things that happen after or every so long.
use std::time::Duration;

use jitgate_core::Timestamp;
use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::number::millis;

/// The present, by this computer's clock.
pub fn now() -> Option<Timestamp> {
    Timestamp::from_unix_millis(millis(js_sys::Date::now()))
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
