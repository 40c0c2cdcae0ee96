//! One port: what it allows, in a line, which opens its fields.
use jitgate_core::Severity;
use jitgate_logic::draft::{Finding, PortValue, Row, service};
use leptos::prelude::*;

use super::Ports;
use super::fields::PortFields;
use crate::browser::focus_first;
use crate::dom::{Child, view};
use crate::panels::notes::notes;
use crate::ui::{Glyph, Icon, NoteList, unique};

/// The value that all machines have in common, or the word that they differ.
fn shown(row: &Row, is_common: bool, words: impl Fn(&PortValue) -> String) -> String {
    if !is_common {
        return "Differs".to_owned();
    }
    let mut all = row.clone();
    all.for_all = true;
    all.value(0).as_ref().map(words).unwrap_or_default()
}

/// The columns of the line.
fn columns(row: &Row) -> [String; 4] {
    let name = service(&row.number);
    let number = match (row.number.trim(), name) {
        ("", _) => "New port".to_owned(),
        (number, "") => number.to_owned(),
        (number, name) => format!("{number} {name}"),
    };
    [
        number,
        shown(row, row.protocol.is_some(), |value| value.protocol_word().to_owned()),
        shown(row, row.sources.is_some(), PortValue::sources_words),
        shown(row, row.time.is_some(), PortValue::time_words),
    ]
}

/// That only some of the machines have it, and a button that gives it to all.
fn partial(ports: Ports, row: u32, number: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    Child::view(move || {
        let (holders, all) = ports.row(row, |row| (row.holders(), row.for_all));
        (!all).then(|| {
            let words = format!("On {holders} of {} machines", ports.machines);
            let add = move |_| ports.change(row, |row| row.for_all = true);
            let name = format!("Add to all machines: port {}", number());
            view! {
                <p class="port-partial">
                    <span>{words}</span>
                    <button type="button" class="link" aria-label=name on:click=add>"Add to all"</button>
                </p>
            }
        })
    })
}

/// A mark where it may open more than it should.
fn careful(ports: Ports, row: u32) -> AnyView {
    Child::view(move || {
        let says = |finding: &&Finding| finding.severity == Severity::Security;
        let message =
            ports.faults.with(|faults| faults.in_row(row).find(says).map(|finding| finding.message.clone()));
        message.map(|message| {
            view! {
                <span class="severity-icon" data-severity="security" title=message>
                    <Icon glyph=Glyph::Security />
                    <span class="visually-hidden">"There is a security note."</span>
                </span>
            }
        })
    })
}

#[component]
pub fn PortLine(ports: Ports, row: u32) -> impl IntoView {
    let open = Memo::new(move |_| ports.open.get() == Some(row));
    let texts = Memo::new(move |_| ports.row(row, columns));
    let text = move |column: usize| texts.with(|texts| texts.get(column).cloned().unwrap_or_default());
    let fields = unique("port");
    let own = fields.clone();
    let summary_of = format!("[aria-controls={fields}]");
    let on_ok = Callback::new(move |()| {
        ports.open.set(None);
        focus_first(&summary_of);
    });
    let toggle = move |_| ports.open.set((!open.get_untracked()).then_some(row));
    // What is said of its fields stands at them when they are open; a closed one still shows what is wrong.
    let wrong = Signal::derive(move || {
        if open.get() {
            return Vec::new();
        }
        ports.faults.with(|faults| notes(faults.in_row(row).filter(|it| it.severity == Severity::Error)))
    });
    view! {
        <div class="port-line">
            <button
                type="button"
                class="port-summary"
                aria-expanded=move || open.get().to_string()
                aria-controls=own
                on:click=toggle
            >
                <span class="port-number">
                    <span class="visually-hidden">"Edit port "</span>
                    <bdi>{move || text(0)}</bdi>
                </span>
                <span>{move || text(1)}</span>
                <span class="port-sources"><bdi>{move || text(2)}</bdi></span>
                <span>{move || text(3)}</span>
            </button>
            <span class="port-care">{careful(ports, row)}</span>
            <button
                type="button"
                class="button button-quiet button-small"
                aria-label=move || format!("Remove port {}", text(0))
                on:click=move |_| ports.remove(row)
            >
                <Icon glyph=Glyph::Trash />
            </button>
        </div>
        {partial(ports, row, move || text(0))}
        <NoteList notes=wrong id=unique("notes") />
        <div class="port-fields" id=fields hidden=move || (!open.get()).then_some("")>
            {move || open.get().then(|| view! { <PortFields ports row on_ok /> })}
        </div>
    }
}
