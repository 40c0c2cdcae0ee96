//! The first page where the data lives in this browser and there is none yet.
use leptos::prelude::*;

use super::anew::Replacing;
use super::files::{FileDrop, FillState};
use super::fill::Fill;
use crate::dom::view;
use crate::state::Session;
use crate::ui::{PageHeading, unique};

#[component]
pub fn Start() -> impl IntoView {
    let session = expect_context::<Session>();
    let fill = Fill::new();
    let busy = move || (!fill.busy.get().is_empty()).then_some("");
    let go_on = move || {
        fill.imported.track();
        // Whatever else was tried meanwhile, what was imported is here.
        let has_some =
            fill.busy.with(|busy| busy.is_empty()) && session.local().is_some_and(|local| !local.is_empty());
        has_some.then(|| {
            view! {
                <button type="button" class="button button-primary" on:click=move |_| session.beginning.set(false)>
                    "Go on to the machines"
                </button>
            }
        })
    };
    view! {
        <div class="page start">
            <PageHeading title="Begin with just-in-time VM access" />
            <p class="page-lead">
                "jitgate runs in this browser, and keeps everything in it: nothing that you open here is sent anywhere."
            </p>
            <div class="start-choices">
                <Choice
                    title="Look around first"
                    words="A freight company with some 350 machines in Azure and EC2, its policies, and a month of requests. All of it is made up."
                >
                    <button type="button" class="button button-primary" disabled=busy on:click=move |_| fill.demo(false)>
                        "Start with the demo fleet"
                    </button>
                </Choice>
                <Choice
                    title="Your own network"
                    words="Lists as `az … list -o json` prints them (virtual machines, NICs, NSGs, virtual networks, public IP addresses, firewalls), ARM templates, or what `aws ec2 describe-…` answers."
                >
                    <FileDrop
                        label="Open your own exports"
                        words="or drop the files here"
                        several=true
                        on_files=move |files| fill.import(files, true)
                    />
                </Choice>
                <Choice
                    title="Where you left off"
                    words="A file that was exported from another browser. Its chain of records is checked before anything of it is taken."
                >
                    <FileDrop
                        label="Restore an exported ledger"
                        words="or drop it here"
                        several=false
                        on_files=move |files| fill.restore(files)
                    />
                </Choice>
            </div>
            <FillState fill />
            <Replacing fill />
            {go_on}
        </div>
    }
    .into_any()
}

#[component]
fn Choice(title: &'static str, words: &'static str, children: Children) -> impl IntoView {
    let heading = unique("choice");
    view! {
        <section class="start-choice" aria-labelledby=heading.clone()>
            <h2 class="start-title" id=heading>{title}</h2>
            <p class="start-words">{crate::ui::plain(words)}</p>
            {children()}
        </section>
    }
}
