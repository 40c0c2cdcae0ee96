//! One event with all its members, and as JSON.
use std::sync::Arc;

use jitgate_core::Timestamp;
use leptos::prelude::*;

use crate::api::Logged;
use crate::browser::indented;
use crate::dom::view;
use crate::parts::{JsonCode, stamp};
use crate::ui::{CopyButton, SidePanel};

pub fn details(event: &Arc<Logged>, opened: RwSignal<Option<Arc<Logged>>>) -> AnyView {
    let json = indented(&event.json);
    let text = Signal::stored(json.clone());
    let leave = move || opened.set(None);
    let fact = |name: &str, value: AnyView| {
        view! { <div class="fact"><dt>{name.to_owned()}</dt><dd>{value}</dd></div> }
    };
    let member = |(name, value): &(String, String)| {
        let value = value.clone();
        fact(name, view! { <bdi>{value}</bdi> }.into_any())
    };
    let members: Vec<_> = event.members.iter().map(member).collect();
    let (by, status) = (event.caller.clone(), event.status.clone());
    let (title, lead) = (event.title.clone(), event.operation.clone());
    let (at, start, end) = (event.time, event.start, event.end);
    let time = move |name: &str, time: Option<Timestamp>| time.map(|time| fact(name, stamp(time)));
    let foot = view! {
        <button type="button" class="button" on:click=move |_| leave()>"Close"</button>
        <CopyButton text class="button button-quiet" words="Copy JSON" />
    };
    view! {
        <SidePanel title lead on_leave=leave foot=foot.into_any()>
            <dl class="facts">
                {fact("Status", view! {
                    <span class="standing" data-state=status.clone()>{status.clone()}</span>
                }.into_any())}
                {time("Time stamp", at)}
                {time("Start", start)}
                {time("End", end)}
                {fact("Event initiated by", view! { <bdi>{by}</bdi> }.into_any())}
                {members}
            </dl>
            <h3 class="section-part">"JSON"</h3>
            <JsonCode text=json label="The event as JSON" />
        </SidePanel>
    }
    .into_any()
}
