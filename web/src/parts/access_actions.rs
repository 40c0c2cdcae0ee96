//! The buttons beside open access, the question before it is closed, and what went wrong.
use leptos::prelude::*;

use super::access::{Access, Held};
use super::extension::extend_button;
use super::protocol;
use crate::api::Failure;
use crate::dom::view;
use crate::ui::{Confirm, Notice, Tone};

/// `Any`, `10.20.4.7, 10.20.4.8`
pub fn sources(sources: &[String]) -> String {
    let word = |source: &String| if is_everybody(source) { "Any".to_owned() } else { source.clone() };
    sources.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// `nothing filters 10.0.1.4`: of addresses that no NSG or security group stands before.
pub fn nothing_filters(addresses: &[String]) -> String {
    format!("nothing filters {}", addresses.join(", "))
}

/// The rules by which something comes in, and where none is needed: `AllowSsh (web-nsg); nothing filters 10.0.1.4`.
pub fn let_in_by(rules: &[String], unfiltered: &[String]) -> String {
    let by = if rules.is_empty() { String::new() } else { format!(", let in by {}", rules.join(", ")) };
    if unfiltered.is_empty() { by } else { format!("{by}; {}", nothing_filters(unfiltered)) }
}

/// True of a source that every address is in.
pub fn is_everybody(source: &str) -> bool {
    matches!(source, "*" | "0.0.0.0/0")
}

/// Who asked, for people.
pub fn requestor(name: &str) -> String {
    if name.is_empty() { "an application".to_owned() } else { name.to_owned() }
}

/// Who asked, where there is little room: an address breaks behind its `@`.
pub fn person(name: &str) -> AnyView {
    let name = requestor(name);
    let (local, rest) = name.split_once('@').map_or((&*name, None), |(local, rest)| (local, Some(rest)));
    let (local, rest) = (local.to_owned(), rest.map(|rest| view! { "@"<wbr />{rest.to_owned()} }));
    view! { <bdi>{local}{rest}</bdi> }.into_any()
}

/// Extend and close.
pub fn access_buttons(access: Access, held: &Held) -> AnyView {
    let what = held.what();
    let close = held.clone();
    // A newer request replaces an older one of the same person alone.
    let extend = access.is_own(&held.requestor).then(|| extend_button(access, held));
    let who = requestor(&held.requestor);
    view! {
        <span class="row-buttons" on:focusin=move |event| access.has_focus(&event)>
            {extend}
            <button
                type="button"
                class="button button-small"
                aria-label=format!("Close now: {what} for {who}")
                on:click=move |_| access.closing.set(Some(close.clone()))
            >
                "Close now"
            </button>
        </span>
    }
    .into_any()
}

/// The question before access is closed: it names who loses it.
#[component]
pub fn CloseQuestion(access: Access) -> impl IntoView {
    let leave = move || access.closing.set(None);
    move || {
        access.closing.get().map(|held| {
            let loser = |(name, from): (String, Vec<String>)| {
                let name = requestor(&name);
                view! { <li><bdi><strong>{name}</strong></bdi>" from "<bdi>{sources(&from)}</bdi></li> }
            };
            let title = format!("Close {} now?", held.what());
            let asked = StoredValue::new(held);
            // Whoever gets access while the question is open loses it, too.
            // The call names a port, and no protocol.
            let also = move || {
                let all = access.protocols(&asked.get_value());
                let words: Vec<_> = all.into_iter().map(protocol).collect();
                (words.len() > 1).then(|| {
                    view! { <p>{format!("All protocols of the port are closed: {}.", words.join(", "))}</p> }
                })
            };
            let losers = move || access.losers(&asked.get_value()).into_iter().map(loser).collect::<Vec<_>>();
            let confirm = move || access.close(asked.get_value());
            view! {
                <Confirm title action="Close now" busy=access.busy on_confirm=confirm on_leave=leave>
                    <p>"Access ends before its time for"</p>
                    <ul class="losers">{losers}</ul>
                    {also}
                    <p class="note">
                        "No new connection gets in. Azure lets those that stand already go on until they end."
                    </p>
                </Confirm>
            }
        })
    }
}

/// What went wrong with the last attempt, until the next one.
#[component]
pub fn AccessFault(access: Access) -> impl IntoView {
    move || {
        access.fault().map(|(what, failure)| {
            view! { <Notice tone=Tone::Error><p>{what}" "{failure.to_string()}</p>{details(&failure)}</Notice> }
        })
    }
}

/// The reasons of a refusal, where it has several.
pub fn details(failure: &Failure) -> Option<AnyView> {
    let Failure::Refused(refusal) = failure else { return None };
    let reason = |slip: &crate::api::Slip| view! { <li>{slip.message.clone()}</li> };
    let reasons: Vec<_> = refusal.details.iter().map(reason).collect();
    (!reasons.is_empty()).then(|| view! { <ul class="reasons">{reasons}</ul> }.into_any())
}
