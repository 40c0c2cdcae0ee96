//! The fields of one port. A value in which the machines differ can be set for all, or left as it is on each.
use jitgate_logic::draft::{PortValue, Row, SERVICES, Unit};
use leptos::prelude::*;

use super::Ports;
use crate::dom::view;
use crate::panels::notes::notes;
use crate::ui::{Choose, Notes, TextControl};

/// The value of the choice that leaves each machine what it has.
const LEAVE: &str = "";

#[component]
pub fn PortFields(ports: Ports, row: u32, on_ok: Callback<()>) -> impl IntoView {
    let said = move |field: &'static str| -> Notes {
        Signal::derive(move || ports.faults.with(|faults| notes(faults.at(row, field).iter())))
    };
    let hint = Signal::derive(move || {
        let known = |(number, name): &(&str, &str)| format!("{number} {name}");
        SERVICES.iter().map(known).collect::<Vec<_>>().join(", ")
    });
    view! {
        <div class="port-grid">
            <TextControl
                label="Port"
                hint=hint
                value=Signal::derive(move || ports.row(row, |row| row.number.clone()))
                on_input=Callback::new(move |text: String| ports.change(row, |row| row.number = text))
                notes=said("number")
                mode="numeric"
                focus=true
            />
            <ProtocolField ports row notes=said("protocol") />
            <SourcesField ports row notes=said("sources") />
            <TimeField ports row notes=said("time") />
        </div>
        <button type="button" class="button" on:click=move |_| on_ok.run(())>"OK"</button>
    }
}

/// The choices, with that to leave the values as they are where they differ.
fn choices(
    ports: Ports,
    row: u32,
    spread: impl Fn(&Row) -> String,
    own: &[(&str, &str)],
) -> Vec<(String, String)> {
    let differing = untrack(|| ports.row(row, spread));
    // One value alone is no difference.
    let leave = differing.contains(';').then(|| (LEAVE.to_owned(), format!("Differs ({differing})")));
    let own = own.iter().map(|(value, name)| ((*value).to_owned(), (*name).to_owned()));
    leave.into_iter().chain(own).collect()
}

#[component]
fn ProtocolField(ports: Ports, row: u32, notes: Notes) -> impl IntoView {
    let spread = |row: &Row| row.spread(|value| value.protocol_word().to_owned());
    let options = choices(ports, row, spread, &[("*", "Any"), ("TCP", "TCP"), ("UDP", "UDP")]);
    let change =
        move |value: String| ports.change(row, |row| row.protocol = (value != LEAVE).then_some(value));
    view! {
        <Choose
            label="Protocol"
            options=Signal::stored(options)
            value=Signal::derive(move || ports.row(row, |row| row.protocol.clone()).unwrap_or_default())
            on_choose=Callback::new(change)
            notes
        />
    }
}

#[component]
fn SourcesField(ports: Ports, row: u32, notes: Notes) -> impl IntoView {
    let spread = |row: &Row| row.spread(PortValue::sources_words);
    let options = choices(ports, row, spread, &[("*", "Per request"), ("cidr", "CIDR block")]);
    let sources = move || ports.row(row, |row| row.sources.clone());
    let choice = Signal::derive(move || match sources() {
        None => LEAVE,
        Some((true, _)) => "*",
        Some((false, _)) => "cidr",
    });
    let change = move |value: String| {
        ports.change(row, |row| {
            let blocks = row.sources.take().map(|(_, blocks)| blocks).unwrap_or_default();
            row.sources = (value != LEAVE).then_some((value == "*", blocks));
        });
    };
    let names = Memo::new(move |_| choice.get() == "cidr");
    let blocks = move || {
        names.get().then(|| {
            view! {
                <TextControl
                    label="CIDR blocks"
                    hint=Signal::stored("With commas between several".to_owned())
                    value=Signal::derive(move || sources().map(|(_, blocks)| blocks).unwrap_or_default())
                    on_input=Callback::new(move |text| ports.change(row, |row| row.sources = Some((false, text))))
                    notes
                    placeholder="203.0.113.0/24"
                />
            }
        })
    };
    // With the blocks on view, what is said belongs to them.
    let above = Signal::derive(move || if names.get() { Vec::new() } else { notes.get() });
    view! {
        <Choose
            label="Allowed source IPs"
            options=Signal::stored(options)
            value=Signal::derive(move || choice.get().to_owned())
            on_choose=Callback::new(change)
            notes=above
        />
        {blocks}
    }
}

#[component]
fn TimeField(ports: Ports, row: u32, notes: Notes) -> impl IntoView {
    let spread = untrack(|| ports.row(row, |row| row.spread(PortValue::time_words)));
    let differing = spread.contains(';').then_some(spread);
    let time = move || ports.row(row, |row| row.time.clone());
    let hint = Signal::derive(move || match (&differing, time()) {
        (Some(spread), None) => format!("Differs ({spread}): left as it is until you enter a value"),
        _ => "From 5 minutes to 24 hours".to_owned(),
    });
    let typed = move |text: String| {
        ports.change(row, |row| {
            let unit = row.time.take().map(|(_, unit)| unit).unwrap_or_default();
            // Emptied where the machines differ, it is left as it is again.
            row.time =
                (!(text.is_empty() && row.holders() > 1 && row.differs_in_time())).then_some((text, unit));
        });
    };
    let counted = move |value: String| {
        ports.change(row, |row| {
            let time = row.time.take().map(|(time, _)| time).unwrap_or_default();
            row.time = Some((time, if value == "minutes" { Unit::Minutes } else { Unit::Hours }));
        });
    };
    let units = [Unit::Hours, Unit::Minutes].map(|unit| (unit.word().to_owned(), unit.word().to_owned()));
    view! {
        <div class="time-pair">
            <TextControl
                label="Maximum request time"
                hint
                value=Signal::derive(move || time().map(|(time, _)| time).unwrap_or_default())
                on_input=Callback::new(typed)
                notes
                mode="decimal"
            />
            <Choose
                label="Unit"
                options=Signal::stored(units.to_vec())
                value=Signal::derive(move || time().map(|(_, unit)| unit).unwrap_or_default().word().to_owned())
                on_choose=Callback::new(counted)
            />
        </div>
    }
}
