//! What goes when the data in this browser are replaced or deleted: said before it is done.
use leptos::prelude::*;

use crate::api::Kept;
use crate::browser;
use crate::dom::view;
use crate::parts::plural;
use crate::state::Session;
use crate::ui::{Confirm, Glyph, Icon, Toast};

/// A question that says what goes, and what `comes` in its place.
pub fn question(
    title: &'static str,
    action: &'static str,
    comes: String,
    does: impl Fn() + Copy + 'static,
    leaves: impl Fn() + Copy + 'static,
) -> AnyView {
    let session = expect_context::<Session>();
    let toast = expect_context::<Toast>();
    let kept = session.local().map(|local| local.kept());
    let goes = kept.map(|kept| view! { <p>{words(&kept)}</p> });
    let yes = move || {
        does();
        leaves();
    };
    view! {
        <Confirm title action busy=false on_confirm=yes on_leave=leaves>
            {(!comes.is_empty()).then(|| view! { <p>{comes.clone()}</p> })}
            {goes}
            <p>"They cannot be brought back, unless you export them first."</p>
            <p>
                <button type="button" class="button" on:click=move |_| export(session, toast)>
                    <Icon glyph=Glyph::Download /><span>"Export everything first"</span>
                </button>
            </p>
        </Confirm>
    }
    .into_any()
}

/// `These are deleted from this browser: 2,000 records of what was done, 12 policies, 3 open ports, 9 files of the network.`
fn words(kept: &Kept) -> String {
    let counts = [
        plural(kept.records, "record of what was done", "records of what was done"),
        plural(kept.policies, "policy", "policies"),
        plural(kept.open, "open port", "open ports"),
        plural(kept.files.len(), "file of the network", "files of the network"),
    ];
    format!("These are deleted from this browser: {}.", counts.join(", "))
}

/// Everything as a file.
pub fn export(session: Session, toast: Toast) {
    let Some(local) = session.local() else { return };
    let done = browser::download("jitgate-ledger.jsonl", &local.archive());
    toast.say(if done.is_ok() { "The ledger is exported." } else { "The browser takes no file." });
}
