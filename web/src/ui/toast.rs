//! What is told after an action: a short message that goes by itself, and what nobody may miss, which stays until it is
//! dismissed. Both are told to screen readers, and to nobody but the user whose action it was.
use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, Icon, focus_content};
use crate::browser::{Debounce, focus_first, own_millis};
use crate::dom::view;

/// How long a short message stays.
const SHOWN: Duration = Duration::from_secs(6);

/// After so many milliseconds a short message has been told: where another region shows it from then on, it is not told
/// again. One that moves sooner was taken away before anybody could hear it.
const TOLD: i64 = 500;

/// So many of what stays are kept: the latest.
const KEPT: usize = 20;

/// Says things to the user.
#[derive(Clone, Copy)]
pub struct Toast {
    message: RwSignal<String>,
    /// When it was shown first, by this computer's own clock; none where it is still to be shown.
    said: StoredValue<Option<i64>>,
    end: Debounce,
    /// What stays.
    reports: RwSignal<Vec<Report>>,
    /// What is waited for; empty for nothing.
    waiting: RwSignal<String>,
    /// The id of who hears it; empty where nobody is signed in.
    user: RwSignal<String>,
}

/// What stays until it is dismissed.
#[derive(Clone)]
struct Report {
    /// The id of the user whom it is for.
    user: String,
    words: String,
    /// Screen readers have heard it.
    is_told: bool,
}

/// Tells what comes of an action to who was the user when it began. It may be about what others must not see.
#[derive(Clone)]
pub struct Teller {
    toast: Toast,
    user: String,
}

impl Teller {
    /// True where that user is the one who would hear it now.
    pub fn is_heard(&self) -> bool {
        self.toast.user.with_untracked(|user| *user == self.user)
    }

    /// Shows a short message, if that user is there.
    pub fn say(&self, message: String) {
        if self.is_heard() {
            self.toast.say(message);
        }
    }

    /// Shows what must not be missed until it is dismissed, also to a user who comes back only later.
    pub fn report(&self, words: String) {
        self.toast.reports.update(|reports| {
            if reports.len() >= KEPT {
                reports.remove(0);
            }
            reports.push(Report { user: self.user.clone(), words, is_told: false });
        });
    }
}

impl Toast {
    pub fn provide() {
        provide_context(Self {
            message: RwSignal::new(String::new()),
            said: StoredValue::new(None),
            end: Debounce::new(),
            reports: RwSignal::new(Vec::new()),
            waiting: RwSignal::new(String::new()),
            user: RwSignal::new(String::new()),
        });
    }

    /// Shows a message in place of the last one.
    pub fn say(self, message: impl Into<String>) {
        self.put(message.into(), None);
    }

    /// Shows a message that is told elsewhere, out of sight of whoever looks at something further down.
    pub fn show(self, message: String) {
        self.put(message, Some(0));
    }

    fn put(self, message: String, said: Option<i64>) {
        self.said.set_value(said);
        self.message.set(message);
        self.end.after(SHOWN, move || self.message.set(String::new()));
    }

    /// To be taken along by an action that begins now.
    pub fn teller(self) -> Teller {
        Teller { toast: self, user: self.user.get_untracked() }
    }

    /// This is the user now, by the id; nobody, where that is empty. What was told to another is not for this one.
    pub fn hears(self, user: &str) {
        if self.user.with_untracked(|own| own != user) {
            self.message.set(String::new());
            self.waiting.set(String::new());
            self.user.set(user.to_owned());
        }
    }

    /// Shows what is waited for, until the end of the wait is told with the same words.
    pub fn wait(self, words: &str, is_over: bool) {
        if !is_over {
            self.waiting.set(words.to_owned());
        } else if self.waiting.with_untracked(|waiting| waiting == words) {
            self.waiting.set(String::new());
        }
    }

    /// Takes away what stands at a place among those that the user has.
    fn dismiss(self, place: usize) {
        let (mut at, user) = (0_usize, self.user.get_untracked());
        self.reports.update(|reports| {
            reports.retain(|report| {
                let own = report.user == user;
                let goes = own && at == place;
                at = at.saturating_add(usize::from(own));
                !goes
            });
        });
        // The button goes: to the next one.
        match place.saturating_add(1).min(at.saturating_sub(1)) {
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
    /// False while a dialog is over it, which has one of its own: what is behind it is not heard.
    #[prop(into)]
    heard: Signal<bool>,
) -> impl IntoView {
    let toast = expect_context::<Toast>();
    // Whether it has been told by another region, and the message.
    let shown = Memo::new(move |_| {
        let text = if heard.get() { toast.message.get() } else { String::new() };
        let first = toast.said.get_value();
        if first.is_none() && !text.is_empty() {
            toast.said.set_value(Some(own_millis()));
        }
        (first.is_some_and(|first| own_millis().saturating_sub(first) > TOLD), text)
    });
    let text =
        move |told: bool| shown.with(|(own, text)| if *own == told { text.clone() } else { String::new() });
    view! {
        <div class="toast" class:toast-shown=move || shown.with(|(_, text)| !text.is_empty())>
            <span role="status">{move || text(false)}</span>
            <span aria-hidden="true">{move || text(true)}</span>
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
    let report = move |(place, report): (usize, &Report)| {
        // Once, wherever it is shown after that.
        let role = (heard.get() && !report.is_told).then_some("alert");
        let words = report.words.clone();
        view! {
            <div class="notice" data-tone="warning">
                <Icon glyph=Glyph::Warning />
                <div class="notice-words" role=role><p>{words}</p></div>
                <button type="button" class="button button-small" on:click=move |_| toast.dismiss(place)>"Dismiss"</button>
            </div>
        }
    };
    let reports = move || {
        let user = toast.user.get();
        let shown = toast.reports.with(|reports| {
            reports.iter().filter(|one| one.user == user).enumerate().map(report).collect::<Vec<_>>()
        });
        if heard.get() {
            toast.reports.update_untracked(|reports| {
                reports.iter_mut().filter(|one| one.user == user).for_each(|one| one.is_told = true);
            });
        }
        shown
    };
    view! {
        <div class="reports">
            {reports}
            <Wait />
        </div>
    }
}

/// What is waited for, in a place of its own: in an open dialog as well, since what is behind it is not heard.
#[component]
pub fn Wait() -> impl IntoView {
    let toast = expect_context::<Toast>();
    view! { <p role="status">{move || toast.waiting.get()}</p> }
}
