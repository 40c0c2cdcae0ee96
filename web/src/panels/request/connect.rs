//! What was opened, and how to connect to it: as the machine's page Connect tells it, once that is known.
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use jitgate_core::model::Protocol;
use jitgate_logic::Target;
use leptos::prelude::*;

use super::send::Opened;
use crate::api::{Machine, Open};
use crate::dom::view;
use crate::parts::{Addresses, both, line, open_port, protocol, sources, target, use_addresses};
use crate::state::Fleet;
use crate::ui::{CopyLine, Glyph, Icon};

#[component]
pub fn Connections(
    opened: Vec<Opened>,
    policy: ResourceId,
    /// Not everything is sent yet: what it came to is looked up after that.
    busy: RwSignal<bool>,
) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let pending = Signal::derive(move || busy.get() || fleet.at_work.get());
    let mut machines: Vec<(ResourceId, Vec<Opened>)> = Vec::new();
    for one in opened {
        match machines.last_mut() {
            Some((id, ports)) if *id == one.machine => ports.push(one),
            _ => machines.push((one.machine.clone(), vec![one])),
        }
    }
    let lines = machines.into_iter().flat_map(|(id, ports)| {
        let machine = Memo::new(move |_| fleet.machine(&id));
        let addresses = use_addresses(machine);
        let known = Known { fleet, machine, addresses, pending };
        let policy = policy.clone();
        ports.into_iter().map(move |opened| connection(opened, policy.clone(), known)).collect::<Vec<_>>()
    });
    view! { <ul class="connects" aria-label="Connection details">{lines.collect::<Vec<_>>()}</ul> }
}

/// What the lines of a machine follow from.
#[derive(Clone, Copy)]
struct Known {
    fleet: Fleet,
    machine: Memo<Option<Arc<Machine>>>,
    addresses: RwSignal<Addresses>,
    pending: Signal<bool>,
}

fn connection(opened: Opened, policy: ResourceId, known: Known) -> AnyView {
    let until = opened.end.map(both).unwrap_or_default();
    let (number, from) = (opened.port, sources(&opened.sources));
    let fallback = opened.machine.name().to_owned();
    let name = Memo::new(move |_| {
        known.machine.with(|it| it.as_ref().map_or_else(|| fallback.clone(), |it| it.name.clone()))
    });
    let is_same = move |open: &&Open| {
        open.policy == policy
            && open.port == opened.port
            && open.start == opened.start
            && open.requestor == opened.requestor
    };
    // One a protocol.
    let open = Memo::new(move |_| {
        known.machine.with(|machine| {
            machine.iter().flat_map(|it| &it.open).filter(&is_same).cloned().collect::<Vec<_>>()
        })
    });
    let port = move || {
        open.with(|open| match open.as_slice() {
            [one] => open_port(one, open),
            _ => number.to_string(),
        })
    };
    let stopped = Memo::new(move |_| {
        let all_of = |open: &Vec<Open>| open.iter().map(|one| one.stopped).reduce(Option::and).flatten();
        open.with(all_of)
    });
    // That it is open is not known before it is looked up.
    let words = move || {
        let is = if open.with(Vec::is_empty) || stopped.get().is_some() { "granted" } else { "open" };
        let but = stopped.get().map(|why| format!(", but {why}")).unwrap_or_default();
        format!(" port {} is {is} from {from} until {until}{but}", port())
    };
    let glyph = move || if stopped.get().is_some() { Glyph::Warning } else { Glyph::Check };
    let how = move || {
        let open = open.get();
        match known.machine.get() {
            Some(machine) if !open.is_empty() => open
                .iter()
                .map(|one| way(&machine, one, open.len() > 1, known))
                .collect::<Vec<_>>()
                .into_any(),
            _ if known.pending.get() => note("Looking up how to connect …".to_owned()),
            _ => note(format!(
                "How to connect could not be looked up: see Connect on the page of {}.",
                name.get()
            )),
        }
    };
    view! {
        <li>
            <div class="connect">
                <p class="connect-title" data-stopped=move || stopped.get().map(|_| "true")>
                    {move || view! { <Icon glyph=glyph() /> }}
                    <span>
                        <bdi>{move || name.get()}</bdi>
                        {words}
                    </span>
                </p>
                {how}
            </div>
        </li>
    }
    .into_any()
}

fn note(words: String) -> AnyView {
    view! { <p class="connect-note">{words}</p> }.into_any()
}

/// How to connect by one protocol.
fn way(machine: &Machine, open: &Open, names_protocol: bool, known: Known) -> AnyView {
    let found = known.addresses.with(|all| target(known.fleet, machine, open, all));
    let port = open.port;
    let words = match &found {
        Target::At { port: at, mapped: true, .. } => {
            Some(format!("Through the firewall: its port {at} leads to port {port}."))
        }
        Target::At { .. } => None,
        Target::Firewall(address) => {
            let which = if address.is_empty() { String::new() } else { format!(" {address}") };
            Some(format!(
                "The firewall{which} leads to it, and it is not known here from which of its ports."
            ))
        }
        Target::Unknown if known.addresses.with(|all| *all == Addresses::Asking) => {
            Some("Looking up the address …".to_owned())
        }
        Target::Unknown => Some(format!(
            "Its address is not known here: connect to port {port} of the address that you know."
        )),
    };
    let by = (names_protocol || open.protocol == Protocol::Udp).then(|| protocol(open.protocol));
    let words = match (by, words) {
        (Some(by), Some(words)) => Some(format!("{by}: {words}")),
        (by, words) => words.or_else(|| by.map(str::to_owned)),
    };
    let stopped = open
        .stopped
        .filter(|_| names_protocol)
        .map(|why| note(format!("{}: granted, but {why}", protocol(open.protocol))));
    let copy = line(machine, open, &found, "").map(|(label, text)| {
        view! { <CopyLine label text=Signal::stored(text) /> }
    });
    view! {
        {words.map(note)}
        {stopped}
        {copy}
    }
    .into_any()
}
