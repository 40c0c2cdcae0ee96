//! "As code": what the form does, in the languages of those who would rather keep it in a repository, and the way to
//! the workbench.
use jitgate_core::convert::{Converted, Format, Options, Outcome, Place, convert};
use jitgate_core::ledger::ResourceId;
use jitgate_core::model::PolicyId;
use jitgate_core::{CheckOptions, Kind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::Keeper;
use crate::browser;
use crate::dom::view;
use crate::state::{Session, Shared};
use crate::ui::{Choose, CodeText, CopyButton, Tabs};

/// A document to be shown as code.
#[derive(Clone, Debug, PartialEq)]
pub struct Coded {
    pub policy: ResourceId,
    /// The policy, or the request.
    pub text: String,
    pub is_request: bool,
    /// Of a request: the policy that decides it.
    pub against: String,
}

impl Coded {
    pub fn policy(policy: ResourceId, text: String) -> Self {
        Self { policy, text, is_request: false, against: String::new() }
    }

    pub fn request(policy: ResourceId, text: String, against: String) -> Self {
        Self { policy, text, is_request: true, against }
    }
}

/// The languages, in the order of the tabs.
const LANGUAGES: [(Format, &str); 6] = [
    (Format::PowerShell, "PowerShell"),
    (Format::Az, "az rest"),
    (Format::Rest, "REST"),
    (Format::Arm, "ARM"),
    (Format::Bicep, "Bicep"),
    (Format::Terraform, "Terraform"),
];

const PANEL: &str = "code-panel";

/// The server that keeps the data, and takes the calls; none where this browser does.
fn server(session: Session) -> Option<String> {
    (session.keeper.get() == Keeper::Server).then(|| browser::page_address(""))
}

/// The document in a language: the text, or why there is none.
fn written(coded: &Coded, format: Format, server: Option<&str>) -> Outcome {
    let id = PolicyId::parse(coded.policy.text());
    let place = Place {
        subscription: id.as_ref().map(|id| id.subscription),
        resource_group: id.as_ref().map(|id| id.resource_group),
        location: id.as_ref().map(|id| id.location),
        name: id.as_ref().map(|id| id.name),
    };
    let kind = if coded.is_request { Kind::Request } else { Kind::Policy };
    let check = CheckOptions { kind: Some(kind), now: browser::now() };
    convert(coded.text.as_bytes(), format, &Options { check, place, endpoint: server }).outcome
}

#[component]
pub fn AsCode(code: Signal<Vec<Coded>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let toggle = move |event: leptos::ev::Event| {
        open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    };
    // Nobody waits for what is not on view.
    let inside = move || open.get().then(|| view! { <Code code /> });
    view! {
        <details class="as-code" on:toggle=toggle>
            <summary class="as-code-summary">"As code"</summary>
            {inside}
        </details>
    }
}

#[component]
fn Code(code: Signal<Vec<Coded>>) -> impl IntoView {
    let format = RwSignal::new(Format::PowerShell);
    let chosen = RwSignal::new(0_usize);
    let count = Memo::new(move |_| code.with(Vec::len));
    let coded =
        Memo::new(move |_| code.with(|code| code.get(chosen.get()).or_else(|| code.first()).cloned()));
    let session = expect_context::<Session>();
    let outcome = Memo::new(move |_| {
        let server = server(session);
        coded.with(|coded| coded.as_ref().map(|coded| written(coded, format.get(), server.as_deref())))
    });
    let options = Signal::derive(move || {
        let name = |(place, coded): (usize, &Coded)| {
            let group = coded.policy.resource_group().unwrap_or_default();
            (place.to_string(), format!("{} in {group}", coded.policy.name()))
        };
        code.with(|code| code.iter().enumerate().map(name).collect::<Vec<_>>())
    });
    let choice = move || {
        (count.get() > 1).then(|| {
            view! {
                <Choose
                    label="Policy"
                    options
                    value=Signal::derive(move || chosen.get().to_string())
                    on_choose=Callback::new(move |value: String| chosen.set(value.parse().unwrap_or_default()))
                />
            }
        })
    };
    let tabs = LANGUAGES.map(|(format, name)| (format, name, Signal::stored(String::new()))).to_vec();
    let shown = move || match outcome.get() {
        None => view! { <p class="code-none">"There is nothing to write yet."</p> }.into_any(),
        Some(Ok(converted)) => view! { <CodeBlock converted /> }.into_any(),
        Some(Err(reasons)) => {
            let reason = |reason: String| view! { <li><CodeText text=reason /></li> };
            view! {
                <p class="code-none">"It cannot be written in this language:"</p>
                <ul class="code-reasons">{reasons.into_iter().map(reason).collect::<Vec<_>>()}</ul>
            }
            .into_any()
        }
    };
    view! {
        {choice}
        <Tabs label="Languages" tabs value=format panel=PANEL on_choose=move |it| format.set(it) />
        <div class="code-panel" role="tabpanel" id=PANEL aria-label="Code">{shown}</div>
        {move || coded.get().map(|coded| view! { <WorkbenchLink coded /> })}
    }
}

#[component]
fn CodeBlock(converted: Converted) -> impl IntoView {
    let Converted { text, notes } = converted;
    let own = Signal::stored(text.clone());
    let note = |note: String| view! { <li><CodeText text=note /></li> };
    // Long lines scroll: whoever has no mouse must be able to focus them.
    view! {
        <div class="code-frame">
            <CopyButton text=own class="button button-small code-copy" />
            <pre class="code" tabindex="0" role="group" aria-label="The code">
                <code>{text}</code>
            </pre>
        </div>
        {(!notes.is_empty()).then(|| view! { <ul class="code-notes">{notes.into_iter().map(note).collect::<Vec<_>>()}</ul> })}
    }
}

/// Opens the document on the workbench, in a tab of its own: the form stays.
#[component]
pub fn WorkbenchLink(coded: Coded) -> impl IntoView {
    let href = RwSignal::new(String::new());
    let name = format!("Open in workbench: {}", coded.policy.name());
    spawn_local(async move {
        let shared = if coded.is_request {
            Shared { policy: coded.against, request: coded.text, ..Shared::default() }
        } else {
            Shared { policy: coded.text, ..Shared::default() }
        };
        // What is too long for a link has none.
        if let Ok(fragment) = shared.fragment().await {
            href.try_set(browser::page_address(&format!("/workbench#{}", fragment.text)));
        }
    });
    move || {
        let to = Some(href.get()).filter(|href| !href.is_empty());
        let name = name.clone();
        to.map(|to| {
            view! {
                <p class="workbench-link">
                    <a class="link" href=to target="_blank" aria-label=name>"Open in workbench"</a>
                </p>
            }
        })
    }
}
