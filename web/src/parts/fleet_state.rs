//! How the fleet's loading stands: under way, failed, or not followed any more.
use leptos::prelude::*;

use super::{Late, grouped, stamp};
use crate::api::Keeper;
use crate::dom::view;
use crate::state::{Fleet, Loading, Session};
use crate::ui::{Busy, Empty, Notice, Tone, focus_content};

/// What stands above a page's content: that it could not be loaded, or may be old.
#[component]
pub fn FleetNotices() -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let failed = Memo::new(move |_| match fleet.loading.get() {
        Loading::Failed(failure) => Some(failure.to_string()),
        _ => None,
    });
    let retry = move |_| {
        fleet.refresh();
        focus_content();
    };
    let again = Callback::new(move |()| fleet.refresh());
    // With each page that comes the wait begins anew.
    let under = Memo::new(move |_| match fleet.loading.get() {
        Loading::Under(count) => Some(count),
        _ => None,
    });
    view! {
        {move || failed.get().map(|why| view! {
            <Notice tone=Tone::Error>
                <p>"The virtual machines could not be loaded. " {why}</p>
                <p><button type="button" class="link" on:click=retry>"Retry"</button></p>
            </Notice>
        })}
        {move || under.get().map(|_| view! { <Late on_again=again /> })}
        {move || failed.with(Option::is_none).then(|| view! { <ConnectionLost /> })}
    }
}

/// That no news come in, and since when.
#[component]
pub fn ConnectionLost() -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    move || {
        (!fleet.live.get()).then(|| {
            view! {
                <Notice tone=Tone::Warning>
                    <p>
                        "The connection is lost since " {fleet.lost.get_untracked().map(stamp)}
                        ": what is shown may be older than what is. It is tried again by itself."
                    </p>
                </Notice>
            }
        })
    }
}

/// What stands in place of the content where there is none yet; nothing once there are machines.
pub fn fleet_absent(fleet: Fleet) -> Option<AnyView> {
    if !fleet.machines.with(|machines| machines.is_empty()) {
        return None;
    }
    Some(fleet_progress(fleet))
}

/// How far the loading is.
pub fn fleet_progress(fleet: Fleet) -> AnyView {
    match fleet.loading.get() {
        Loading::Ready => {
            let how = if expect_context::<Session>().keeper.get() == Keeper::Browser {
                "The settings open exports of your network."
            } else {
                "“jitgate import” on the server brings machines with their network."
            };
            view! {
                <Empty title="No virtual machines" words=format!("Nothing has been imported yet, or you may not see it. {how}")>
                    <a class="button" href="/settings">"Go to the settings"</a>
                </Empty>
            }
            .into_any()
        }
        // The notice above says it.
        Loading::Failed(_) => ().into_any(),
        Loading::Under(0) | Loading::Waiting => {
            view! { <Busy words="Loading the virtual machines…" /> }.into_any()
        }
        Loading::Under(count) => {
            let words = format!("Loading the virtual machines: {} so far…", grouped(&count.to_string()));
            view! { <Busy words /> }.into_any()
        }
    }
}
