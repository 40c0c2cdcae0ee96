//! What is told after an action: a short message that goes by itself, and what nobody may miss, which stays until it is
//! dismissed. Both are told to screen readers.
use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, Icon, focus_content};
use crate::browser::Debounce;
use crate::dom::view;

/// How long a short message stays.
const SHOWN: Duration = Duration::from_secs(6);

/// Says things to the user.
#[derive(Clone, Copy)]
pub struct Toast {
    message: RwSignal<String>,
    end: Debounce,
    /// What stays.
    reports: RwSignal<Vec<String>>,
    /// So many of these have been told to screen readers.
    told: StoredValue<usize>,
    /// What is waited for; empty for nothing.
    waiting: RwSignal<String>,
}

impl Toast {
    pub fn provide() {
        provide_context(Self {
            message: RwSignal::new(String::new()),
            end: Debounce::new(),
            reports: RwSignal::new(Vec::new()),
            told: StoredValue::new(0),
            waiting: RwSignal::new(String::new()),
        });
    }

    /// Shows a message in place of the last one.
    pub fn say(self, message: impl Into<String>) {
        self.message.set(message.into());
        self.end.after(SHOWN, move || self.message.set(String::new()));
    }

    /// Shows what must not be missed, until it is dismissed.
    pub fn report(self, message: String) {
        self.reports.update(|reports| reports.push(message));
    }

    /// Shows what is waited for, until the end of the wait is told with the same words.
    pub fn wait(self, words: &str, is_over: bool) {
        if !is_over {
            self.waiting.set(words.to_owned());
        } else if self.waiting.with_untracked(|waiting| waiting == words) {
            self.waiting.set(String::new());
        }
    }

    fn dismiss(self, place: usize) {
        self.told.update_value(|told| *told = told.saturating_sub(1));
        self.reports.update(|reports| drop(reports.remove(place)));
        // The button goes.
        focus_content();
    }
}

/// Where the short messages appear.
#[component]
pub fn ToastRegion(
    /// False while a panel is over it, which has one of its own: what is behind it is neither seen nor heard.
    #[prop(into)]
    open: Signal<bool>,
) -> impl IntoView {
    let toast = expect_context::<Toast>();
    let text = Memo::new(move |_| if open.get() { toast.message.get() } else { String::new() });
    view! {
        <div class="toast" role="status" class:toast-shown=move || !text.with(String::is_empty)>
            {move || text.get()}
        </div>
    }
}

/// Where what stays appears.
#[component]
pub fn Reports() -> impl IntoView {
    let toast = expect_context::<Toast>();
    let report = move |(place, words): (usize, String)| {
        // Once, wherever it is shown after that.
        let role = (place >= toast.told.get_value()).then_some("alert");
        view! {
            <div class="notice" data-tone="warning">
                <Icon glyph=Glyph::Warning />
                <div class="notice-words" role=role><p>{words}</p></div>
                <button type="button" class="button button-small" on:click=move |_| toast.dismiss(place)>"Dismiss"</button>
            </div>
        }
    };
    let reports = move || {
        let all = toast.reports.get();
        let count = all.len();
        let shown = all.into_iter().enumerate().map(report).collect::<Vec<_>>();
        toast.told.set_value(count);
        shown
    };
    view! {
        <div class="reports">
            {reports}
            <p role="status">{move || toast.waiting.get()}</p>
        </div>
    }
}
