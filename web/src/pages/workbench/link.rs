//! The address and the workbench follow each other: a link opens its documents, a change is written to the address.
use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{self, Debounce};
use crate::dom::view;
use crate::state::{Shared, Workbench};
use crate::ui::{Glyph, Icon};

/// Browsers refuse an address that changes at every key press.
const PAUSE: Duration = Duration::from_millis(500);

/// Follows in both directions while the calling component is there; true when the address could not be read.
pub fn follow_address(workbench: Workbench) -> RwSignal<bool> {
    let damaged = RwSignal::new(false);
    let written = StoredValue::new(String::new());
    let open = move || {
        let fragment = browser::fragment();
        if fragment.is_empty() {
            if workbench.is_new() {
                workbench.open_first_sample();
            }
        } else if written.with_value(|written| *written != fragment) {
            spawn_local(async move {
                let shared = Shared::read(&fragment).await;
                // Another link was opened meanwhile, or the page was left.
                if browser::fragment() != fragment {
                    return;
                }
                damaged.try_set(shared.is_none());
                if let Some(shared) = shared {
                    written.try_set_value(fragment);
                    workbench.open(shared);
                }
            });
        }
    };
    open();
    let listener = window_event_listener(ev::hashchange, move |_| open());
    on_cleanup(move || listener.remove());
    write_changes(workbench, written);
    damaged
}

/// Writes each change of the documents into the address.
fn write_changes(workbench: Workbench, written: StoredValue<String>) {
    let pause = Debounce::new();
    let opened = StoredValue::new(None::<Shared>);
    Effect::new(move |_| {
        let shared = workbench.shared();
        // What the page opened with needs no words in the address.
        if opened.with_value(Option::is_none) && !workbench.is_new() {
            opened.set_value(Some(shared));
            return;
        }
        pause.after(PAUSE, move || {
            spawn_local(async move {
                let fragment = shared.fragment().await;
                // The page may be gone, or the documents may have changed since: a later write is on its way.
                let current = written.try_get_value().is_some() && untrack(|| workbench.shared() == shared);
                if current {
                    workbench.network.unshared.set(fragment.as_ref().is_ok_and(|it| it.without_network));
                    let fragment = fragment.unwrap_or_default().text;
                    browser::set_fragment(&fragment);
                    written.set_value(fragment);
                }
            });
        });
    });
    on_cleanup(move || pause.cancel());
}

/// Says that the link could not be read.
#[component]
pub fn LinkFault(damaged: RwSignal<bool>) -> impl IntoView {
    let message = move || {
        damaged.get().then(|| {
            view! {
                <div class="bar" data-severity="error">
                    <span class="severity-icon" data-severity="error"><Icon glyph=Glyph::Error /></span>
                    <p>
                        "The documents in this link could not be read: what stands behind "<code>"#"</code>
                        " in the address is damaged or cut off. Ask for the link again, or for the files."
                    </p>
                    <button type="button" class="button" on:click=move |_| damaged.set(false)>"Dismiss"</button>
                </div>
            }
        })
    };
    view! { <div role="alert">{message}</div> }
}
