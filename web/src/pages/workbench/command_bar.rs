//! What can be done with the whole workbench: samples, the link to it.
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::replace::replace_question;
use crate::browser;
use crate::dom::view;
use crate::state::{SAMPLES, Sample, Workbench, address};
use crate::ui::{Glyph, Icon, Menu, Toast};

#[component]
pub fn CommandBar() -> impl IntoView {
    let workbench = expect_context::<Workbench>();
    let toast = expect_context::<Toast>();
    let asked = RwSignal::new(None::<&'static Sample>);
    let open = move |sample: &'static Sample| {
        workbench.open_sample(sample);
        toast.say(format!("Sample opened: {}", sample.name));
    };
    let question = move || {
        asked.get().map(|sample| {
            let confirm = move || {
                asked.set(None);
                open(sample);
            };
            let title = format!("Open the sample “{}”?", sample.name);
            replace_question(title, "Open the sample", confirm, move || asked.set(None))
        })
    };
    let item = move |sample: &'static Sample| {
        let choose = move |_| if workbench.is_edited() { asked.set(Some(sample)) } else { open(sample) };
        view! {
            <li>
                <button type="button" class="menu-item" on:click=choose>
                    <span class="menu-name">{sample.name}</span>
                    <span class="menu-note">{sample.note}</span>
                </button>
            </li>
        }
    };
    view! {
        <div class="command-bar" role="group" aria-label="Commands">
            <Menu label="Samples" glyph=Glyph::Sample>{SAMPLES.iter().map(item).collect_view()}</Menu>
            <button
                type="button"
                class="button"
                title="The link holds the documents and the network; only those who have it can read them"
                on:click=move |_| copy_link(workbench, toast)
            >
                <Icon glyph=Glyph::Link />
                <span>"Copy link"</span>
            </button>
            {question}
        </div>
    }
}

/// Copies the address under which the workbench opens as it stands.
fn copy_link(workbench: Workbench, toast: Toast) {
    let shared = untrack(|| workbench.shared());
    spawn_local(async move {
        match shared.fragment().await {
            Ok(fragment) if browser::copy(&address(&fragment.text)).await.is_ok() => {
                toast.say(if fragment.without_network {
                    "Link copied, without the network: its files are too long for a link. Share them as files."
                } else {
                    "Link copied"
                });
            }
            Ok(_) => {
                toast.say("The browser does not let this page copy: take the link from the address bar.");
            }
            Err(reason) => toast.say(reason.message()),
        }
    });
}
