//! The columns of each tab, and what stands in them.
use std::sync::Arc;

use jitgate_core::order;
use leptos::prelude::*;

use super::inventory::{Row, os};
use super::words::{capital, list, reachable, reasons, through, user, users, ways, ways_in_short};
use crate::api::{Class, Machine};
use crate::dom::view;
use crate::parts::{machine_address, stamp};
use crate::ui::{Column, Glyph, Icon, Point};

const fn column(id: &'static str, name: &'static str) -> Column {
    Column { id, name }
}

const NAME: Column = column("name", "Virtual machine");
const GROUP: Column = column("group", "Resource group");
const REGION: Column = column("region", "Region");
const OS: Column = column("os", "Operating system");

const CONFIGURED: &[Column] = &[
    NAME,
    column("requests", "Approved requests"),
    column("last", "Last access"),
    column("connection", "Connection details"),
    column("user", "Last user"),
];
const REACHABLE: Column = column("reachable", "Reachable now");
const NOT_CONFIGURED: &[Column] = &[NAME, GROUP, REGION, OS, REACHABLE];
const UNSUPPORTED: &[Column] = &[NAME, column("reason", "Reason"), GROUP, REGION, REACHABLE];

/// A tab's columns.
pub const fn columns(tab: Class) -> &'static [Column] {
    match tab {
        Class::Configured => CONFIGURED,
        Class::NotConfigured => NOT_CONFIGURED,
        Class::Unsupported => UNSUPPORTED,
    }
}

/// Opens the words about what is exposed.
pub type Explain = Arc<dyn Fn(Arc<Row>, Point) + Send + Sync>;

/// A machine's cells in a tab.
pub fn cells(row: &Arc<Row>, tab: Class, explain: &Explain) -> Vec<AnyView> {
    let it = &row.machine;
    let (group, region, system) = (quiet(&it.resource_group), quiet(&it.location), quiet(os(it)));
    match tab {
        Class::Configured => vec![
            name(it, &[os(it), &it.resource_group, &it.location]),
            requests(it.requests),
            it.last_start.map_or_else(|| quiet("Never"), stamp),
            connection(row, explain),
            quiet(if it.last_start.is_some() { user(&it.last_user) } else { "" }),
        ],
        Class::NotConfigured => vec![name(it, &[]), group, region, system, reached(row, explain)],
        Class::Unsupported => {
            vec![name(it, &[os(it)]), reason(&it.reason), group, region, reached(row, explain)]
        }
    }
}

/// Text that may be cut off where it is too long, and then is told in full by its title.
fn quiet(text: &str) -> AnyView {
    view! { <bdi class="jit-text" title=text.to_owned()>{text.to_owned()}</bdi> }.into_any()
}

/// Why a machine is unsupported, in up to two lines.
fn reason(text: &str) -> AnyView {
    let text = capital(text);
    view! { <span class="jit-words" title=text.clone()>{text.clone()}</span> }.into_any()
}

fn requests(count: u64) -> AnyView {
    view! { <span class="jit-number" title="In the last seven days">{count.to_string()}</span> }.into_any()
}

/// The name, which leads to the machine's page, above what else tells it from others.
fn name(machine: &Machine, notes: &[&str]) -> AnyView {
    let note = notes.iter().filter(|note| !note.is_empty()).copied().collect::<Vec<_>>().join(" · ");
    let note = (!note.is_empty()).then(|| {
        view! { <bdi class="jit-text jit-note" title=note.clone()>{note.clone()}</bdi> }
    });
    view! {
        <a
            class="link jit-text"
            tabindex="-1"
            href=machine_address(&machine.id, "")
            title=machine.name.clone()
        >
            <bdi>{machine.name.clone()}</bdi>
        </a>
        {note}
    }
    .into_any()
}

/// Who has access through which ports, or which ports are protected; and what is exposed in spite of it.
fn connection(row: &Arc<Row>, explain: &Explain) -> AnyView {
    let it = &row.machine;
    let icon = it.through.map(through).map(|(glyph, words)| {
        view! {
            <span class="jit-through" title=words><Icon glyph /><span class="visually-hidden">{words}</span></span>
        }
    });
    let who = if it.open.is_empty() {
        let ports = list(&row.ports);
        let title = format!("Protected ports: {ports}");
        view! { <span class="jit-text jit-note" title=title><span class="visually-hidden">"Protected ports: "</span>{ports}</span> }
            .into_any()
    } else {
        let users = users(&it.open);
        let all: Vec<_> = users.iter().map(|(user, ports)| format!("{user}: {ports}")).collect();
        let names: Vec<_> = users.into_iter().map(|(user, _)| user).collect();
        let mut ports: Vec<u16> = it.open.iter().map(|open| open.port).collect();
        order::distinct(&mut ports);
        // Where there is too little room, names are cut off and no ports.
        let shown = view! { {list(&ports)}": "<bdi>{names.join(", ")}</bdi> };
        view! {
            <span class="badge jit-open">"Open"</span>
            {short("jit-text jit-who", all.join("; "), shown.into_any())}
        }
        .into_any()
    };
    let badge = if !it.residual.is_empty() {
        Some("Exposed")
    } else if !it.unprotected.is_empty() {
        Some("Unprotected ports")
    } else {
        None
    };
    view! {
        <span class="jit-line">{icon}{who}</span>
        {badge.map(|words| view! { <span class="jit-line">{alarm(row, words, explain)}</span> })}
    }
    .into_any()
}

/// What reaches a machine that nothing protects, or that JIT cannot protect.
fn reached(row: &Arc<Row>, explain: &Explain) -> AnyView {
    let it = &row.machine;
    if it.unprotected.is_empty() && it.residual.is_empty() {
        return quiet("No management port");
    }
    let all = reachable(it);
    let badge = if it.residual.is_empty() { "Reachable" } else { "Exposed" };
    view! {
        <span class="jit-line">{alarm(row, badge, explain)}</span>
        {short("jit-words jit-note", ways(&all), ways_in_short(&all).into_any())}
    }
    .into_any()
}

/// What there is room for, and all of it as the title and for those who do not look.
fn short(class: &'static str, all: String, shown: AnyView) -> AnyView {
    view! {
        <span class=class title=all.clone()>
            <span class="visually-hidden">{all.clone()}</span>
            <span aria-hidden="true">{shown}</span>
        </span>
    }
    .into_any()
}

/// A badge that tells why when it is pressed.
fn alarm(row: &Arc<Row>, words: &'static str, explain: &Explain) -> AnyView {
    let title = reasons(&row.machine).join("\n");
    let (row, explain) = (row.clone(), explain.clone());
    let severity = if words == "Exposed" { "error" } else { "warning" };
    view! {
        <button
            type="button"
            class="badge jit-alarm"
            data-severity=severity
            tabindex="-1"
            title=title
            aria-haspopup="dialog"
            on:click=move |event| explain(row.clone(), Point::below(&event))
        >
            <Icon glyph=Glyph::Warning />
            {words}
        </button>
    }
    .into_any()
}
