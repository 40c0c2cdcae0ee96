//! The search's words and the order of the rows, which the address holds.
use std::time::Duration;

use leptos::prelude::*;

use crate::browser::Debounce;
use crate::route::{History, Route};
use crate::ui::Sort;

/// Browsers refuse an address that changes at every key press.
const PAUSE: Duration = Duration::from_millis(300);

/// The search's words: typed here, written to the address a little later, and read from it when it changes otherwise.
pub fn follow(route: Route) -> RwSignal<String> {
    let text = RwSignal::new(untrack(|| route.query("q")));
    let asked = Memo::new(move |_| route.query("q"));
    let written = StoredValue::new(text.get_untracked());
    let pause = Debounce::new();
    Effect::new(move |_| {
        let asked = asked.get();
        if written.with_value(|written| *written != asked) {
            written.set_value(asked.clone());
            text.set(asked);
        }
    });
    Effect::new(move |_| {
        let text = text.get();
        if written.with_value(|written| *written == text) {
            pause.cancel();
            return;
        }
        pause.after(PAUSE, move || {
            written.set_value(text.clone());
            route.set_query("q", &text, History::Replace);
        });
    });
    on_cleanup(move || pause.cancel());
    text
}

/// Writes an order to the address.
pub fn sort_by(route: Route, sort: Sort) {
    route.set_query("sort", &sort.text(), History::Replace);
}
