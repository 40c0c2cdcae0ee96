//! Configuration: just-in-time access, on or off.
use std::sync::Arc;

use jitgate_logic::draft::time_words;
use leptos::prelude::*;

use super::enable::Enable;
use super::machine::Known;
use super::words;
use crate::api::{Class, Machine, Policy, PortRule};
use crate::dom::{Child, view};
use crate::parts::{encoded, fleet_progress, protocol, sources};
use crate::state::Fleet;
use crate::ui::{Notice, Tone, framed_table};

pub fn section(machine: Known) -> AnyView {
    let fleet = expect_context::<Fleet>();
    let class = Memo::new(move |_| machine.with(|machine| machine.as_ref().map(|machine| machine.class)));
    let content = move || match class.get() {
        Some(Class::Configured) => {
            let enabled = move || {
                let machine = machine.get()?;
                let policies = fleet.policies_of(&machine);
                // They come behind the machines.
                Some(if policies.is_empty() && !fleet.whole.get() {
                    fleet_progress(fleet)
                } else {
                    enabled(&machine, &policies)
                })
            };
            Child::view(enabled)
        }
        Some(Class::NotConfigured) => view! { <Enable machine /> }.into_any(),
        Some(Class::Unsupported) => Child::view(move || machine.get().map(|machine| unsupported(&machine))),
        None => ().into_any(),
    };
    view! {
        <section aria-labelledby="section-title">
            <h2 class="section-title" id="section-title">"Configuration"</h2>
            <h3 class="section-part">"Just-in-time access"</h3>
            {content}
        </section>
    }
    .into_any()
}

fn enabled(machine: &Machine, policies: &[Arc<Policy>]) -> AnyView {
    let href = format!("/?tab=configured&q={}", encoded(&machine.name));
    let rules = policies.iter().flat_map(|policy| {
        let own = policy.rules_of(&machine.id).into_iter();
        own.flat_map(|own| &own.ports).map(|rule| row(&policy.name, rule)).collect::<Vec<_>>()
    });
    let rules: Vec<_> = rules.collect();
    let is_idle = words::works_on_nothing(machine);
    let filter = if machine.is_ec2 { "security group" } else { "network security group or firewall" };
    let tone = if is_idle { Tone::Warning } else { Tone::Success };
    let table = framed_table(
        "Protected ports",
        "table table-lines table-cards",
        &["Port", "Protocol", "Allowed source IPs", "Maximum request time", "Policy"],
        rules,
    );
    view! {
        <Notice tone>
            <p>"Just-in-time access is enabled on this virtual machine."</p>
            {is_idle.then(|| view! {
                <p>"No "{filter}" is in front of it: its ports are not closed."</p>
            })}
        </Notice>
        {table}
        <p><a class="link" href=href>"Open Just-in-time VM access to view and change the settings"</a></p>
    }
    .into_any()
}

fn row(policy: &str, rule: &PortRule) -> AnyView {
    let from = if rule.sources.iter().any(|source| source == "*") {
        "Per request".to_owned()
    } else {
        sources(&rule.sources)
    };
    view! {
        <tr>
            <th scope="row">{rule.number}</th>
            <td data-name="Protocol">{protocol(rule.protocol)}</td>
            <td data-name="Source IPs" class="cell-wide"><bdi>{from}</bdi></td>
            <td data-name="Maximum">{time_words(&rule.longest)}</td>
            <td data-name="Policy"><bdi>{policy.to_owned()}</bdi></td>
        </tr>
    }
    .into_any()
}

fn unsupported(machine: &Machine) -> AnyView {
    let why = machine.reason.clone();
    let needs = if machine.is_ec2 {
        "It needs a security group in front of it."
    } else {
        "It needs a network security group or an Azure Firewall in front of it, and a machine deployed through Azure Resource Manager."
    };
    view! {
        <Notice tone=Tone::Warning>
            <p>"Just-in-time access cannot be enabled on this virtual machine: "{why}"."</p>
            <p>{needs}</p>
        </Notice>
    }
    .into_any()
}
