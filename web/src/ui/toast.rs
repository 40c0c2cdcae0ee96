//! What is told after an action: a short message that goes by itself, and what nobody may miss, which stays until it is
//! dismissed. Both are told to screen readers.
use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, Icon, focus_content};
use crate::browser::{Debounce, focus_first};
use crate::dom::view;

/// How long a short message stays.
const SHOWN: Duration = Duration::from_secs(6);

/// So many of what stays are kept: the latest.
const KEPT: usize = 20;

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
        self.reports.update(|reports| {
            if reports.len() >= KEPT {
                reports.remove(0);
                self.told.update_value(|told| *told = told.saturating_sub(1));
            }
            reports.push(message);
        });
    }

    /// Takes away all that stays: it was for somebody else.
    pub fn clear(self) {
        self.told.set_value(0);
        self.reports.set(Vec::new());
        self.waiting.set(String::new());
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
        // The button goes: to the next one.
        match place.saturating_add(1).min(self.reports.with_untracked(Vec::len)) {
            0 => focus_content(),
            next => {
                let button = format!(".reports .notice:nth-child({next}) .button");
                focus_first(&button);
                // What is behind a panel cannot have the focus.
                focus_first(&format!(".side-panel {button}"));
            }
        }
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
pub fn Reports(
    /// False while a dialog is over it: what is behind that one is not heard, and is told when it is gone.
    #[prop(into)]
    heard: Signal<bool>,
) -> impl IntoView {
    let toast = expect_context::<Toast>();
    let report = move |(place, words): (usize, String)| {
        // Once, wherever it is shown after that.
        let role = (heard.get() && place >= toast.told.get_value()).then_some("alert");
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
        if heard.get() {
            toast.told.set_value(count);
        }
        shown
    };
    view! {
        <div class="reports">
            {reports}
            <p role="status">{move || toast.waiting.get()}</p>
        </div>
    }
}
