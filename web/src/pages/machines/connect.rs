//! Connect: is just-in-time access on, what is open, and the line that connects.
use std::sync::Arc;

use jitgate_core::model::Protocol;
use jitgate_logic::{Target, usual_user};
use leptos::prelude::*;

use super::enable::Enable;
use super::machine::Known;
use crate::api::{Class, Machine, Open};
use crate::dom::{Element, Rows, view};
use crate::parts::{
    Access, Addresses, Countdown, Held, OPEN_LIST, is_everybody, line, machine_address, open_port, protocol,
    requestor, sources, stamp, target, use_addresses,
};
use crate::state::{Fleet, Panel, Panels};
use crate::ui::{CopyLine, Field, Notice, Tone};

pub fn section(machine: Known) -> AnyView {
    let class = Memo::new(move |_| machine.with(|machine| machine.as_ref().map(|machine| machine.class)));
    let addresses = use_addresses(machine);
    let user = RwSignal::new(String::new());
    let content = move || match class.get() {
        Some(Class::Configured) => ready(machine, addresses, user),
        Some(Class::NotConfigured) => view! { <Enable machine /> }.into_any(),
        Some(Class::Unsupported) => {
            let why = move || machine.get().map(|machine| machine.reason.clone());
            view! {
                <Notice tone=Tone::Warning>
                    <p>"This virtual machine does not support just-in-time access: "{why}"."</p>
                </Notice>
            }
            .into_any()
        }
        None => ().into_any(),
    };
    view! {
        <section aria-labelledby="section-title">
            <h2 class="section-title" id="section-title">"Connect"</h2>
            {content}
        </section>
    }
    .into_any()
}

fn ready(machine: Known, addresses: RwSignal<Addresses>, user: RwSignal<String>) -> AnyView {
    let (panels, fleet, access) = (expect_context::<Panels>(), expect_context::<Fleet>(), Access::new());
    let request = move |_| {
        if let Some(machine) = machine.get_untracked() {
            panels.show(Panel::Request(vec![machine]));
        }
    };
    let is_open = Memo::new(move |_| machine.with(|it| it.as_ref().is_some_and(|it| !it.open.is_empty())));
    // Whose name the line of SSH has; none where there is no such line.
    let usual = Memo::new(move |_| {
        let has_ssh = |open: &Open| open.port == 22 && open.protocol != Protocol::Udp;
        machine
            .with(|it| it.as_ref().filter(|it| it.open.iter().any(has_ssh)).map(|it| usual_user(it.is_ec2)))
    });
    view! {
        <p>"Just-in-time access is enabled. Ask for access to open the ports you need for your address."</p>
        <button type="button" class="button button-primary" on:click=request>"Request access"</button>
        <h3 class="section-part" id=OPEN_LIST tabindex="-1">"Connection details"</h3>
        {move || {
            // First, because the other follows from it.
            let machine = machine.get();
            (!is_open.get()).then(|| machine.map(|machine| waiting(&machine, &addresses.get())))
        }}
        {move || usual.get().map(|usual| view! {
            <div class="user-name">
                <Field
                    label="User name"
                    hint="Of your account on the machine; it only goes into the command below."
                    value=user
                    fault=String::new()
                    placeholder=usual
                />
            </div>
        })}
        {move || machine.get().map(|machine| {
            let is_own = |open: &&Open| access.is_own(&open.requestor);
            let (own, others): (Vec<_>, Vec<_>) = machine.open.iter().partition(is_own);
            let own = own.into_iter().map(|open| (open, true));
            let all = own.chain(others.into_iter().map(|open| (open, false)));
            let card = |(open, is_own)| details(&machine, open, is_own, (fleet, addresses), user, access);
            let cards = Rows(all.map(card).collect());
            view! { <div class="cards">{cards}</div> }
        })}
    }
    .into_any()
}

/// Nothing is open by a request: the address is told all the same.
fn waiting(machine: &Machine, addresses: &Addresses) -> AnyView {
    let at = addresses.best().map(|address| {
        view! { <p>"Its address is "<bdi><strong>{address.to_owned()}</strong></bdi>"."</p> }
    });
    view! {
        <p class="note">
            "No request is open. The address, the port and the command are shown here once access is granted. What reaches the machine otherwise is told under "
            <a class="link" href=machine_address(&machine.id, "exposure")>"Exposure"</a>
            "."
        </p>
        {at}
    }
    .into_any()
}

fn details(
    machine: &Arc<Machine>,
    open: &Open,
    is_own: bool,
    (fleet, addresses): (Fleet, RwSignal<Addresses>),
    user: RwSignal<String>,
    access: Access,
) -> Element {
    let key = Held::of(machine, open).key();
    let (own, held) = (machine.clone(), open.clone());
    let line = Memo::new(move |_| {
        let target = addresses.with(|all| target(fleet, &own, &held, all));
        user.with(|user| line(&own, &held, &target, user))
    });
    let found = addresses.with(|all| target(fleet, machine, open, all));
    let is_known = matches!(found, Target::At { .. });
    let hidden = matches!(found, Target::Firewall(_)).then(|| {
        view! { <p class="cell-note">"A firewall leads to it, and it is not known here from which of its ports."</p> }
    });
    let unknown = || "Not known".to_owned();
    let (address, port) = match found {
        Target::At { address, port, mapped } => {
            let through = if mapped { " (the port of the firewall that leads there)" } else { "" };
            (address, format!("{port}{through}"))
        }
        Target::Firewall(address) if address.is_empty() => (unknown(), unknown()),
        Target::Firewall(address) => (address, unknown()),
        Target::Unknown => {
            let is_asked = addresses.with(|all| *all == Addresses::Asking);
            (if is_asked { "…".to_owned() } else { unknown() }, open.port.to_string())
        }
    };
    let stopped = open.stopped.map(|why| {
        let words = format!("Granted, but {why}: see the rules of its network.");
        view! {
            <Notice tone=Tone::Warning>
                <p>{words}</p>
            </Notice>
        }
    });
    let ends = open.end.map(|end| {
        view! { <div class="fact"><dt>"Until"</dt><dd>{stamp(end)}<div class="cell-left"><Countdown end /></div></dd></div> }
    });
    // An application's may be the user's own, and what is open for everybody is open from any address.
    let is_for_others =
        !is_own && !open.requestor.is_empty() && !open.sources.iter().any(|one| is_everybody(one));
    let title = line.get_untracked().map_or("address", |(title, _)| title);
    // Not by a closure, whose content would be drawn anew with each change of the machine.
    let copy = is_known.then(|| {
        let text = Signal::derive(move || line.get().map(|(_, text)| text).unwrap_or_default());
        view! { <CopyLine label=title text /> }
    });
    view! {
        <article
            key=key
            class="card"
            aria-label=format!("Port {} for {}", open_port(open, &machine.open), requestor(&open.requestor))
            on:focusin=move |event| access.has_focus(&event)
        >
            <dl class="facts">
                <div class="fact"><dt>"Address"</dt><dd><bdi>{address}</bdi></dd></div>
                <div class="fact"><dt>"Port"</dt><dd>{port}</dd></div>
                <div class="fact"><dt>"Protocol"</dt><dd>{protocol(open.protocol)}</dd></div>
                <div class="fact"><dt>"Open for"</dt><dd><bdi>{requestor(&open.requestor)}</bdi>" from "<bdi>{sources(&open.sources)}</bdi></dd></div>
                {ends}
            </dl>
            {stopped}
            {is_for_others.then(|| view! {
                <p class="cell-note">"Somebody else asked for this. If you connect from another address, request access for yours."</p>
            })}
            {hidden}
            {copy}
        </article>
    }
}
