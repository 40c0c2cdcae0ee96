//! The ports of one machine in a request: each can be asked for, with its sources and its time.
use std::sync::Arc;

use jitgate_logic::draft::{Unit, length, service};
use jitgate_logic::same_machine;
use leptos::prelude::*;

use super::ask::Ask;
use super::replaced::replaced;
use super::{Form, said};
use crate::api::Machine;
use crate::dom::view;
use crate::parts::both;
use crate::state::Fleet;
use crate::ui::{Choose, NoteList, Notes, Switch, TextControl, unique};

#[component]
pub fn MachinePorts(form: Form, machine: Arc<Machine>) -> impl IntoView {
    let keys: Vec<u32> = form.asks.with_untracked(|asks| {
        let own = |ask: &&Ask| ask.machine.as_ref().is_some_and(|id| same_machine(id, &machine.id));
        asks.iter().filter(own).map(|ask| ask.key).collect()
    });
    let heading = unique("machine");
    let none = keys.is_empty().then(|| {
        view! { <p class="ask-none">"No policy has a port of this machine: enable JIT on it first."</p> }
    });
    let group = if machine.resource_group.is_empty() {
        machine.location.clone()
    } else {
        machine.resource_group.clone()
    };
    let name = machine.name.clone();
    view! {
        <section class="asks" aria-labelledby=heading.clone()>
            <h3 class="form-title" id=heading title=name.clone()>
                <bdi>{name}</bdi>
                <span class="asks-place"><bdi>{group}</bdi></span>
            </h3>
            {none}
            {keys.into_iter().map(|key| view! { <PortAsk form row=key /> }).collect::<Vec<_>>()}
        </section>
    }
}

#[component]
fn PortAsk(form: Form, row: u32) -> impl IntoView {
    let (label, allowed) = untrack(|| {
        form.row(row, |ask| {
            let number = ask.number.to_string();
            let service = service(&number);
            let space = if service.is_empty() { "" } else { " " };
            (format!("{number}{space}{service}"), ask.allowed.clone())
        })
    });
    let on = Signal::derive(move || form.row(row, |ask| ask.on));
    let fields = move || on.get().then(|| view! { <AskFields form row /> });
    view! {
        <div class="ask">
            <div class="ask-line">
                <Switch label=label value=on on_change=Callback::new(move |on| form.change(row, |ask| ask.on = on)) />
                <p class="ask-allowed"><bdi>{allowed}</bdi></p>
            </div>
            {fields}
        </div>
    }
}

#[component]
fn AskFields(form: Form, row: u32) -> impl IntoView {
    let sources = said(form, row, "sources");
    view! {
        <div class="ask-grid">
            <SourceField form row notes=sources />
            <TimeField form row />
        </div>
        <NoteList notes=said(form, row, "number") id=unique("notes") />
        <NoteList notes=said(form, row, "") id=unique("notes") />
        <NoteList notes=replaced(form, row) id=unique("notes") />
    }
}

#[component]
fn SourceField(form: Form, row: u32, notes: Notes) -> impl IntoView {
    let mine = Memo::new(move |_| form.row(row, |ask| ask.mine));
    let hint = Signal::derive(move || match (mine.get(), form.address.get()) {
        (false, _) => String::new(),
        (true, address) if address.is_empty() => "Your address is not known here".to_owned(),
        (true, address) => format!("Your address: {address}"),
    });
    let options = [("mine", "My IP"), ("ranges", "IP ranges")];
    let options = options.map(|(value, name)| (value.to_owned(), name.to_owned())).to_vec();
    let ranges = move || {
        (!mine.get()).then(|| {
            view! {
                <TextControl
                    label="IP ranges"
                    hint=Signal::stored("Addresses or CIDR blocks, with commas between several".to_owned())
                    value=Signal::derive(move || form.row(row, |ask| ask.ranges.clone()))
                    on_input=Callback::new(move |text| form.change(row, |ask| ask.ranges = text))
                    notes
                    placeholder="203.0.113.7"
                />
            }
        })
    };
    let above = Signal::derive(move || if mine.get() { notes.get() } else { Vec::new() });
    view! {
        <div class="ask-sources">
            <Choose
                label="Source IP"
                options=Signal::stored(options)
                value=Signal::derive(move || if mine.get() { "mine" } else { "ranges" }.to_owned())
                on_choose=Callback::new(move |value: String| form.change(row, |ask| ask.mine = value == "mine"))
                notes=above
                hint
            />
            {ranges}
        </div>
    }
}

#[component]
fn TimeField(form: Form, row: u32) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let (most, unit) = untrack(|| form.row(row, |ask| (ask.most, ask.unit)));
    let time = Signal::derive(move || form.row(row, |ask| ask.time.clone()));
    let set = move |text: String| form.change(row, |ask| ask.time = text);
    let hint = Signal::derive(move || {
        let end =
            fleet.now.get().zip(length(&time.get(), unit)).and_then(|(now, length)| now.checked_add(length));
        end.map(|end| format!("Until {}", both(end))).unwrap_or_default()
    });
    let label = if unit == Unit::Hours { "Time range (hours)" } else { "Time range (minutes)" };
    let least = if unit == Unit::Hours { "1" } else { "5" };
    // A slider of a single step moves nowhere.
    let slider = (most > 1).then(|| {
        view! {
            <input
                type="range"
                class="ask-slider"
                aria-label=label
                min=least
                max=most.to_string()
                step="1"
                prop:value=move || time.get()
                on:input=move |event| set(event_target_value(&event))
            />
        }
    });
    view! {
        <div class="ask-time">
            <TextControl
                label=label
                hint
                value=time
                on_input=Callback::new(set)
                notes=said(form, row, "time")
                mode="decimal"
            />
            {slider}
        </div>
    }
}
