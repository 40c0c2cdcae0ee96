//! Overview: the facts.
use leptos::prelude::*;

use super::machine::Known;
use super::words;
use crate::api::Machine;
use crate::dom::view;
use crate::parts::{
    Addresses, Countdown, machine_address, near, open_port, plural, requestor, use_addresses,
};
use crate::state::Fleet;

pub fn section(machine: Known) -> AnyView {
    let fleet = expect_context::<Fleet>();
    let addresses = use_addresses(machine);
    view! {
        <section aria-labelledby="section-title">
            <h2 class="section-title" id="section-title">"Overview"</h2>
            {move || machine.get().map(|machine| view! {
                <p class="exposure-line" data-warn=warns(&machine).then_some("true")>
                    {words::exposure(&machine)}
                    " "
                    <a class="link" href=machine_address(&machine.id, "exposure")>"See its exposure"</a>
                </p>
            })}
            {move || machine.get().map(|machine| facts(&machine, addresses, fleet))}
        </section>
    }
    .into_any()
}

/// True where something reaches it that nobody asked for.
fn warns(machine: &Machine) -> bool {
    !machine.residual.is_empty() || !machine.unprotected.is_empty()
}

fn facts(machine: &Machine, addresses: RwSignal<Addresses>, fleet: Fleet) -> AnyView {
    let fact = |name: &'static str, value: AnyView| {
        view! { <div class="fact"><dt>{name}</dt><dd>{value}</dd></div> }
    };
    let text = |value: &str| {
        let value = words::known(value);
        view! { <bdi>{value}</bdi> }.into_any()
    };
    let cloud = if machine.is_ec2 { "AWS EC2" } else { "Azure" };
    let private = move || addresses.with(|all| all.text(|found| &found.private));
    let public = move || addresses.with(|all| all.text(|found| &found.public));
    let last = machine.last_start.map(|start| {
        let who = requestor(&machine.last_user);
        let start = move || fleet.now.get().map(|now| near(start, now));
        view! { <bdi>{who}</bdi>", "{start} }.into_any()
    });
    let policies: Vec<String> = machine.policies.iter().map(|(_, name)| name.clone()).collect();
    let requests = usize::try_from(machine.requests).unwrap_or(usize::MAX);
    view! {
        <dl class="facts">
            {(!machine.is_ec2).then(|| fact("Resource group", text(&machine.resource_group)))}
            {(!machine.is_ec2).then(|| fact("Subscription", text(&machine.subscription)))}
            {fact("Location", text(&machine.location))}
            {fact("Operating system", words::os(machine.os).into_any())}
            {fact("Size", text(&machine.size))}
            {fact("Cloud", cloud.into_any())}
            {fact("Private IP address", view! { <bdi>{private}</bdi> }.into_any())}
            {fact("Public IP address", view! { <bdi>{public}</bdi> }.into_any())}
            {fact("Just-in-time access", view! {
                <span class="standing" data-state=words::class(machine.class)>{words::class(machine.class)}</span>
            }.into_any())}
            {(!policies.is_empty()).then(|| fact("Policy", text(&policies.join(", "))))}
            {(!machine.policies.is_empty()).then(|| fact("Works on", words::works_on(machine).into_any()))}
            {fact("Open now", open(machine))}
            {fact("Approved requests, last seven days", plural(requests, "request", "requests").into_any())}
            {fact("Last access", last.unwrap_or_else(|| "None on record".into_any()))}
            <div class="fact fact-wide"><dt>"Resource ID"</dt><dd><code class="resource-id"><bdi>{machine.id.text().to_owned()}</bdi></code></dd></div>
        </dl>
    }
    .into_any()
}

fn open(machine: &Machine) -> AnyView {
    if machine.open.is_empty() {
        return "No request is open".into_any();
    }
    let one = |open: &crate::api::Open| {
        let left = open.end.map(|end| view! { ", "<Countdown end /> });
        view! {
            <li>
                {format!("Port {} for ", open_port(open, &machine.open))}
                <bdi>{requestor(&open.requestor)}</bdi>
                {left}
            </li>
        }
    };
    view! { <ul class="plain-list">{machine.open.iter().map(one).collect::<Vec<_>>()}</ul> }.into_any()
}
