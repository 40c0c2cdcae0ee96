//! A result as JSON, as every surface of jitgate gives it: to be read, copied, or taken as a file.
use leptos::ev::Event;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use crate::browser;
use crate::dom::view;
use crate::ui::{CopyButton, Glyph, Icon, REFUSED, Toast};

/// Longer results are not shown: they can still be copied and downloaded.
const LONGEST: usize = 500_000;

const fn is_long(text: &str) -> bool {
    text.len() > LONGEST
}

/// What is said where the clipboard refuses it: what is not shown cannot be selected either.
const fn refused(text: &str) -> &'static str {
    if is_long(text) { "The browser does not let this page copy: download it" } else { REFUSED }
}

#[component]
pub fn JsonPanel(
    title: &'static str,
    /// What the downloaded file is called, without `.json`.
    name: &'static str,
    #[prop(into)] json: Signal<String>,
) -> impl IntoView {
    let toast = expect_context::<Toast>();
    let open = RwSignal::new(false);
    let toggled = move |event: Event| {
        let details = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok());
        open.set(details.is_some_and(|details| details.open()));
    };
    let download = move |_| {
        if browser::download(&format!("{name}-report.json"), &json.get_untracked()).is_err() {
            toast.say("The browser does not let this page save files");
        }
    };
    // Made only when somebody looks.
    let text = move || {
        let text = if open.get() { json.get() } else { String::new() };
        if is_long(&text) { "Too long to be shown: copy or download it.".to_owned() } else { text }
    };
    view! {
        <details class="json" on:toggle=toggled>
            <summary class="json-title">{title}</summary>
            <div class="json-tools">
                <CopyButton text=json words="Copy JSON" refused=refused />
                <button type="button" class="button button-small" on:click=download>
                    <Icon glyph=Glyph::Download /><span>"Download JSON"</span>
                </button>
            </div>
            <pre class="code json-text" tabindex="0" role="group" aria-label=format!("{title}: {name}")>{text}</pre>
        </details>
    }
    .into_any()
}
