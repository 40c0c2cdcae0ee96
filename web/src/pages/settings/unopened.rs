//! Data in this browser that cannot be opened: tried again, saved as they are, or deleted.
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Keeper, delete_unopened, unopened_records};
use crate::browser;
use crate::dom::view;
use crate::state::Session;
use crate::ui::{Confirm, Notice, Toast, Tone, focus_content};

/// What to do about it.
pub fn unopened(fault: String) -> AnyView {
    let session = expect_context::<Session>();
    let toast = expect_context::<Toast>();
    let asked = RwSignal::new(false);
    let save = move |_| {
        spawn_local(async move {
            let saved = match unopened_records().await {
                Ok(text) => browser::download("jitgate-records.jsonl", &text).map_err(|_| String::new()),
                Err(fault) => Err(fault),
            };
            toast.say(match saved {
                Ok(()) => "The records are saved as they are.".to_owned(),
                Err(fault) => format!("They cannot be read. {fault}"),
            });
        });
    };
    let delete = move || {
        asked.set(false);
        spawn_local(async move {
            match delete_unopened().await {
                Ok(()) => session.choose(Keeper::Browser),
                Err(fault) => session.fault.set(fault),
            }
        });
    };
    let again = move |_| {
        session.choose(Keeper::Browser);
        focus_content();
    };
    let question = move || {
        asked.get().then(|| {
            view! {
                <Confirm
                    title="Delete the data in this browser?"
                    action="Delete everything"
                    busy=false
                    on_confirm=delete
                    on_leave=move || asked.set(false)
                >
                    <p>
                        "All that the portal keeps in this browser is deleted, whether or not it can be read: policies, \
                         requests, the log and the network. Nothing brings it back."
                    </p>
                </Confirm>
            }
        })
    };
    view! {
        <Notice tone=Tone::Error>
            <p>"The data in this browser cannot be opened. "{fault}</p>
            <div class="settings-row">
                <button type="button" class="button" on:click=again>"Try again"</button>
                <button type="button" class="button" on:click=save>"Save the records as they are"</button>
                <button type="button" class="button button-danger" on:click=move |_| asked.set(true)>
                    "Delete everything in this browser…"
                </button>
            </div>
        </Notice>
        {question}
    }
    .into_any()
}
