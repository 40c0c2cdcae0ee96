//! What a wait says once it has become long, and what can be done.
use std::time::Duration;

use leptos::prelude::*;

use crate::api::Keeper;
use crate::browser::Debounce;
use crate::dom::view;
use crate::state::Session;
use crate::ui::{Notice, Tone, focus_content};

/// After this time without an answer.
pub const LATE: Duration = Duration::from_secs(10);

/// Nothing at first; `on_again` asks once more.
#[component]
pub fn Late(on_again: Callback<()>) -> impl IntoView {
    let session = use_context::<Session>();
    let late = RwSignal::new(false);
    let soon = Debounce::new();
    let wait = move || soon.after(LATE, move || late.set(true));
    on_cleanup(move || soon.cancel());
    wait();
    let again = move |_| {
        late.set(false);
        wait();
        focus_content();
        on_again.run(());
    };
    let whose = move || {
        let is_own = session.is_some_and(|session| session.keeper.get_untracked() == Keeper::Browser);
        if is_own { "This takes long." } else { "The server takes long to answer." }
    };
    move || {
        late.get().then(|| {
            view! {
                <Notice tone=Tone::Warning>
                    <p>
                        {whose()}
                        " It is still waited for. If trying again does not help, look whether you are connected, or ask whoever runs the server."
                    </p>
                    <p><button type="button" class="link" on:click=again>"Try again"</button></p>
                </Notice>
            }
        })
    }
}
