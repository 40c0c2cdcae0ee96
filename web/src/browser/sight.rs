//! Whether the window is in sight: browsers tell when another tab or program covers it.
use js_sys::{Function, Promise};
use leptos::prelude::{WindowListenerHandle, document, window_event_listener_untyped};
use wasm_bindgen_futures::JsFuture;

const CHANGE: &str = "visibilitychange";

pub fn is_in_sight() -> bool {
    !document().hidden()
}

/// Waits until it is.
pub async fn in_sight() {
    while !is_in_sight() {
        let mut listener = None::<Function>;
        let change = Promise::new(&mut |resolve, _| {
            drop(document().add_event_listener_with_callback(CHANGE, &resolve));
            listener = Some(resolve);
        });
        drop(JsFuture::from(change).await);
        if let Some(listener) = listener {
            drop(document().remove_event_listener_with_callback(CHANGE, &listener));
        }
    }
}

/// Calls back each time when it is covered, until the handle is told to end.
pub fn on_covered(action: impl Fn() + 'static) -> WindowListenerHandle {
    window_event_listener_untyped(CHANGE, move |_| {
        if !is_in_sight() {
            action();
        }
    })
}
