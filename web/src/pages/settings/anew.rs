//! What takes the place of everything in this browser: asked about before it is done.
use leptos::prelude::*;

use super::fill::Fill;
use super::lost::question;
use crate::dom::view;
use crate::parts::{local, plural};

#[component]
pub fn Anew(fill: Fill) -> impl IntoView {
    let anew = RwSignal::new(false);
    let question_of_anew = move || {
        let does = move || fill.begin_anew();
        question("Begin anew?", "Delete everything", String::new(), does, move || anew.set(false))
    };
    view! {
        <div class="settings-row">
            <button type="button" class="button" on:click=move |_| fill.demo_asked.set(true)>"Demo fleet…"</button>
            <button type="button" class="button" on:click=move |_| anew.set(true)>"Begin anew…"</button>
        </div>
        {move || anew.get().then(question_of_anew)}
    }
}

/// Asks whether the demo fleet, or a ledger whose chain is whole, is to take the place of everything.
#[component]
pub fn Replacing(fill: Fill) -> impl IntoView {
    let of_demo = move || {
        let words = "A made-up fleet takes the place of everything here.".to_owned();
        let leaves = move || fill.demo_asked.set(false);
        question(
            "Put the demo fleet here?",
            "Put the demo fleet here",
            words,
            move || fill.demo(true),
            leaves,
        )
    };
    let of_archive = move || {
        fill.archive.with(Option::is_some).then(|| {
            let words = fill.archive.with(|archive| {
                archive.as_ref().map(|archive| {
                    let records = plural(archive.records, "record", "records");
                    format!(
                        "The chain of the file is whole: {records}, the last of {}. It takes the place of everything here.",
                        local(archive.latest)
                    )
                })
            });
            let does = move || {
                if let Some(archive) = fill.archive.get_untracked() {
                    fill.put_archive(archive, true);
                }
            };
            let leaves = move || fill.archive.set(None);
            question("Restore this ledger?", "Restore", words.unwrap_or_default(), does, leaves)
        })
    };
    view! { {move || fill.demo_asked.get().then(of_demo)} {of_archive} }
}
