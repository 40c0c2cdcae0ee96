//! A short message after an action: shown for a while, and told to screen readers.
use std::time::Duration;

use leptos::prelude::*;

use crate::browser::Debounce;
use crate::dom::view;

/// How long a message stays.
const SHOWN: Duration = Duration::from_secs(6);

/// Says things to the user.
#[derive(Clone, Copy)]
pub struct Toast {
    message: RwSignal<String>,
    end: Debounce,
}

impl Toast {
    pub fn provide() {
        provide_context(Self { message: RwSignal::new(String::new()), end: Debounce::new() });
    }

    /// Shows a message in place of the last one.
    pub fn say(self, message: impl Into<String>) {
        self.message.set(message.into());
        self.end.after(SHOWN, move || self.message.set(String::new()));
    }
}

/// Where the messages appear.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toast = expect_context::<Toast>();
    view! {
        <div class="toast" role="status" class:toast-shown=move || !toast.message.with(String::is_empty)>
            {move || toast.message.get()}
        </div>
    }
}
