//! The four states of a machine side by side: what reaches its protected ports in each, and what changed.
use jitgate_core::network::Bounds;
use jitgate_core::preview::{MachinePreview, States};
use jitgate_core::sets::{Ports, Protocols, Region, TCP, Traffic, UDP};
use leptos::prelude::*;

use crate::dom::view;
use crate::parts::{Flow, flows, grouped};
use crate::ui::framed_table;

/// So many lines of a state are shown; the table has more.
const MOST_LINES: usize = 6;
const MOST_ROWS: usize = 200;

/// What a line tells about the state before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Same,
    Opens,
    Closes,
}

/// A line of a state.
#[derive(Clone)]
struct Line {
    flow: Flow,
    change: Change,
    /// False for what only may reach it, as something is not known.
    certain: bool,
}

/// A state: its name and its lines, those that are gone at the end.
struct Column {
    name: &'static str,
    lines: Vec<Line>,
    addresses: String,
}

impl Column {
    fn new(
        name: &'static str,
        now: &Bounds<Traffic>,
        before: Option<&Bounds<Traffic>>,
        shown: &Traffic,
    ) -> Self {
        let is =
            |bounds: &Bounds<Traffic>| (bounds.surely.intersection(shown), bounds.may.intersection(shown));
        let (surely, may) = is(now);
        let mut lines = Vec::new();
        let mut add = |traffic: &Traffic, change: Change, certain: bool| {
            lines.extend(flows(traffic).into_iter().map(|flow| Line { flow, change, certain }));
        };
        let was = before.map_or_else(|| may.clone(), |before| is(before).1);
        for (traffic, certain) in [(&surely, true), (&may.difference(&surely), false)] {
            add(&traffic.intersection(&was), Change::Same, certain);
            add(&traffic.difference(&was), Change::Opens, certain);
        }
        let gone = was.difference(&may);
        let certain = before.is_none_or(|before| gone.is_subset(&is(before).0));
        add(&gone, Change::Closes, certain);
        let boxes = may.boxes();
        let sources = boxes.iter().flat_map(|region| region.sources.ranges());
        let addresses = sources.collect::<jitgate_core::sets::Addresses>().size();
        Self { name, lines, addresses: grouped(&addresses.to_string()) }
    }
}

/// What of a machine's traffic this is about: its protected ports, and whatever comes and goes.
fn shown(machine: &MachinePreview, states: &States) -> Traffic {
    let changed = states.closed().union(&states.opened()).union(&states.opened_at_rest());
    machine.ports.iter().fold(changed, |all, (protocol, port)| {
        let protocols = match protocol.as_str() {
            "TCP" => Protocols::one(TCP),
            "UDP" => Protocols::one(UDP),
            _ => Protocols::with_ports(),
        };
        let region = Region { protocols, destination_ports: Ports::one(*port), ..Region::all() };
        all.union(&Traffic::from(&region))
    })
}

/// The four of them, and a table with all lines, their sizes and a packet of each.
pub fn states(machine: &MachinePreview, states: &States) -> AnyView {
    let shown = shown(machine, states);
    let columns = [
        Column::new("Before", &states.before, None, &shown),
        Column::new("At rest", &states.at_rest, Some(&states.before), &shown),
        Column::new("Open", &states.open, Some(&states.at_rest), &shown),
        Column::new("After", &states.after, Some(&states.open), &shown),
    ];
    view! {
        <div class="states">{columns.iter().map(column).collect_view()}</div>
        {table(&machine.name, &columns)}
    }
    .into_any()
}

fn column(column: &Column) -> AnyView {
    let here = column.lines.iter().filter(|line| line.change != Change::Closes).count();
    let left = column.lines.len().saturating_sub(MOST_LINES);
    view! {
        <div class="state" role="group" aria-label=column.name>
            <h4 class="state-name">{column.name}</h4>
            {(here == 0).then(|| view! { <p class="state-none">"Nobody reaches these ports"</p> })}
            <ul class="flows">{column.lines.iter().take(MOST_LINES).map(line).collect_view()}</ul>
            {(left > 0).then(|| view! { <p class="state-size">{format!("and {left} more, in the table")}</p> })}
            {(here > 0).then(|| view! { <p class="state-size">{count(&column.addresses)}</p> })}
        </div>
    }
    .into_any()
}

/// `1 address`, `256 addresses`.
fn count(addresses: &str) -> String {
    if addresses == "1" { "1 address".to_owned() } else { format!("{addresses} addresses") }
}

const fn word(change: Change) -> &'static str {
    match change {
        Change::Same => "",
        Change::Opens => "opens",
        Change::Closes => "closes",
    }
}

/// A line that can be told by its sign, not by its colour alone.
fn line(line: &Line) -> AnyView {
    let Flow { what, from, to, addresses, witness, .. } = line.flow.clone();
    let mark = match line.change {
        Change::Same => None,
        Change::Opens => Some("+"),
        Change::Closes => Some("−"),
    };
    let mark = mark.map(|mark| {
        view! {
            <span class="flow-mark" aria-hidden="true">{mark}</span>
            <span class="visually-hidden">{word(line.change)}": "</span>
        }
    });
    let title = format!("{}, for example {witness}", count(&addresses));
    view! {
        <li class="flow" data-change=word(line.change) title=title>
            {mark}
            <span>
                {(!line.certain).then(|| view! { <em class="flow-maybe">"maybe "</em> })}
                <strong>{what}</strong>" from "<span class="flow-from">{from}</span>
                <span class="flow-to">" to "{to}</span>
            </span>
        </li>
    }
    .into_any()
}

/// Every line with its exact size and one packet.
fn table(name: &str, columns: &[Column]) -> AnyView {
    let all = columns.iter().flat_map(|column| column.lines.iter().map(move |line| (column.name, line)));
    let rows = all.take(MOST_ROWS).map(|(state, line)| {
        let flow = line.flow.clone();
        view! {
            <tr>
                <td>{state}</td>
                <td>{word(line.change)}</td>
                <td>{flow.what}" from "{flow.from}" to "{flow.to}</td>
                <td class="number">{flow.addresses}</td>
                <td class="number">{flow.packets}</td>
                <td><code>{flow.witness}</code></td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let label = format!("Exact sizes and packets: {name}");
    let table = framed_table(
        label,
        "table",
        &["State", "Change", "Traffic", "Addresses", "Packets that can be told apart", "One of them"],
        rows,
    );
    view! {
        <details class="exact">
            <summary>"Exact sizes, and a packet of each"</summary>
            {table}
        </details>
    }
    .into_any()
}
