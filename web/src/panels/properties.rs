//! Properties: what is known of a machine, its policies, and those as code.
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use jitgate_logic::draft::{PortValue, Stored, laid_over};
use leptos::prelude::*;

use super::code::{AsCode, Coded, WorkbenchLink};
use super::frame::{Leaving, PanelFrame};
use crate::api::{Class, Exposed, Machine, Os, Policy, Through};
use crate::dom::view;
use crate::parts::{both, let_in_by, sources};
use crate::state::{Fleet, Panel, Panels};
use crate::ui::framed_table;

const fn class(class: Class) -> &'static str {
    match class {
        Class::Configured => "Configured",
        Class::NotConfigured => "Not configured",
        Class::Unsupported => "Unsupported",
    }
}

/// Names and values; what is not known is not listed.
fn facts(machine: &Machine) -> Vec<(&'static str, String)> {
    let os = match machine.os {
        Some(Os::Linux) => "Linux",
        Some(Os::Windows) => "Windows",
        None => "",
    };
    let through = match machine.through {
        Some(Through::Nsg) => "Network security group",
        Some(Through::Firewall) => "Azure Firewall",
        Some(Through::SecurityGroup) => "EC2 security group",
        None => "",
    };
    let state = if machine.reason.is_empty() {
        class(machine.class).to_owned()
    } else {
        format!("{}: {}", class(machine.class), machine.reason)
    };
    let all = [
        ("State", state),
        ("Works through", through.to_owned()),
        ("Cloud", if machine.is_ec2 { "AWS EC2" } else { "Azure" }.to_owned()),
        ("Operating system", os.to_owned()),
        ("Size", machine.size.clone()),
        ("Location", machine.location.clone()),
        ("Resource group", machine.resource_group.clone()),
        ("Subscription", machine.subscription.clone()),
        ("Resource ID", machine.id.text().to_owned()),
        ("Approved requests, last seven days", machine.requests.to_string()),
        ("Last access", machine.last_start.map(both).unwrap_or_default()),
        ("Last user", machine.last_user.clone()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// A policy's own document, without its requests.
fn document(policy: &Policy) -> Coded {
    Coded::policy(policy.id.clone(), laid_over(&policy.id, Some(&Stored::read(&policy.json)), &[]))
}

#[component]
pub fn PropertiesPanel(machine: Arc<Machine>) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let panels = expect_context::<Panels>();
    let leaving = Leaving::new(|| false, Signal::stored(false));
    let (id, own) = (machine.id.clone(), machine.id.clone());
    let opened = Arc::clone(&machine);
    // It follows what happens; a machine that is gone is shown as it was.
    let machine = Memo::new(move |_| fleet.machine(&id).unwrap_or_else(|| Arc::clone(&opened)));
    let policies = Memo::new(move |_| machine.with(|machine| fleet.policies_of(machine)));
    let code = Signal::derive(move || {
        policies.with(|all| all.iter().map(|policy| document(policy)).collect::<Vec<_>>())
    });
    let name = machine.with_untracked(|machine| machine.name.clone());
    let configured = move || machine.with(|machine| machine.class == Class::Configured);
    let action = move || {
        let show =
            move |panel: fn(Vec<Arc<Machine>>) -> Panel| panels.show(panel(vec![machine.get_untracked()]));
        if configured() {
            view! {
                <button type="button" class="button" on:click=move |_| show(Panel::Request)>"Request access"</button>
                <button type="button" class="button" on:click=move |_| show(Panel::Edit)>"Edit"</button>
            }
            .into_any()
        } else if machine.with(|machine| machine.class == Class::NotConfigured) {
            view! { <button type="button" class="button" on:click=move |_| show(Panel::Enable)>"Enable JIT"</button> }.into_any()
        } else {
            ().into_any()
        }
    };
    let foot = view! {
        <button type="button" class="button button-primary" on:click=move |_| leaving.close()>"Close"</button>
        {action}
    };
    let fact = |(name, value): (&'static str, String)| {
        view! {
            <div class="known-line">
                <dt>{name}</dt>
                <dd><bdi>{value}</bdi></dd>
            </div>
        }
    };
    view! {
        <PanelFrame title=name lead="Properties" leaving foot=foot.into_any()>
            <dl class="known">{move || machine.with(|machine| facts(machine)).into_iter().map(fact).collect::<Vec<_>>()}</dl>
            {move || policies.get().into_iter().map(|policy| view! { <PolicyRules policy machine=own.clone() /> }).collect::<Vec<_>>()}
            {move || machine.with(|machine| exposures(machine))}
            {move || (!code.with(Vec::is_empty)).then(|| view! { <AsCode code /> })}
        </PanelFrame>
    }
}

/// What a policy allows on the machine.
#[component]
fn PolicyRules(policy: Arc<Policy>, machine: ResourceId) -> impl IntoView {
    let stored = Stored::read(&policy.json);
    let ports = stored.entry(&machine).map(|entry| entry.ports.clone()).unwrap_or_default();
    let row = |port: &PortValue| {
        view! {
            <tr>
                <th scope="row">{port.number.clone()}</th>
                <td data-name="Protocol">{port.protocol_word().to_owned()}</td>
                <td data-name="Source IPs" class="rules-sources"><bdi>{port.sources_words()}</bdi></td>
                <td data-name="Maximum">{port.time_words()}</td>
            </tr>
        }
    };
    let title = format!("Policy {} in {}", policy.name, policy.id.resource_group().unwrap_or_default());
    let table = framed_table(
        "Ports",
        "table table-cards",
        &["Port", "Protocol", "Allowed source IPs", "Maximum request time"],
        ports.iter().map(row).collect::<Vec<_>>(),
    );
    view! {
        <section class="rules-of">
            <h3 class="form-title"><bdi>{title}</bdi></h3>
            {table}
            <WorkbenchLink coded=document(&policy) />
        </section>
    }
}

/// What reaches the machine in spite of its policies, and where none protects it.
fn exposures(machine: &Machine) -> Option<AnyView> {
    let line = |exposed: &Exposed| {
        let rules: Vec<_> =
            exposed.let_in_by.iter().map(|rule| format!("{} ({})", rule.name, rule.resource)).collect();
        let by = let_in_by(&rules, &exposed.unfiltered);
        let from = sources(&exposed.sources);
        let more = if exposed.more > 0 { format!(" and {} more", exposed.more) } else { String::new() };
        let maybe = if exposed.exact { "" } else { " (at most)" };
        let text = format!("{}/{} from {from}{more}{maybe}{by}", exposed.port, exposed.protocol);
        view! { <li><bdi>{text}</bdi></li> }
    };
    let list = |title: &'static str, all: &[Exposed]| {
        (!all.is_empty()).then(|| {
            view! {
                <section class="rules-of">
                    <h3 class="form-title">{title}</h3>
                    <ul class="impact-lines">{all.iter().map(line).collect::<Vec<_>>()}</ul>
                </section>
            }
        })
    };
    let residual = list("Still reachable although JIT is on", &machine.residual);
    let unprotected = list("Management ports that no policy protects", &machine.unprotected);
    (residual.is_some() || unprotected.is_some()).then(|| view! { {residual} {unprotected} }.into_any())
}
