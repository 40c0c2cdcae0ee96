//! The list of ports in a form that makes a policy: one line each, and the fields of the one that is being edited.
mod fields;
mod line;

use jitgate_logic::draft::{Faults, PortValue, Row};
use leptos::prelude::*;

use crate::browser::focus_first;
use crate::dom::view;
use crate::ui::{Glyph, Icon};
use line::PortLine;

/// The rows of a form, and which of them is open.
#[derive(Clone, Copy)]
pub struct Ports {
    pub rows: RwSignal<Vec<Row>>,
    pub open: RwSignal<Option<u32>>,
    pub faults: Signal<Faults>,
    /// How many machines the form is about.
    pub machines: usize,
}

impl Ports {
    /// One row's part of the form.
    fn row<T: Default>(self, key: u32, of: impl FnOnce(&Row) -> T) -> T {
        self.rows.with(|rows| rows.iter().find(|row| row.key == key).map(of).unwrap_or_default())
    }

    fn change(self, key: u32, change: impl FnOnce(&mut Row)) {
        self.rows.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|row| row.key == key) {
                change(row);
            }
        });
    }

    fn add(self) {
        let key = self.rows.with_untracked(|rows| {
            rows.iter().map(|row| row.key).max().map_or(0, |key| key.saturating_add(1))
        });
        self.rows.update(|rows| rows.push(Row::new(key, PortValue::usual(""))));
        self.open.set(Some(key));
    }

    fn remove(self, key: u32) {
        self.rows.update(|rows| rows.retain(|row| row.key != key));
        self.open.set(None);
        focus_first(".ports .form-head button");
    }
}

#[component]
pub fn PortList(ports: Ports) -> impl IntoView {
    let keys = Memo::new(move |_| ports.rows.with(|rows| rows.iter().map(|row| row.key).collect::<Vec<_>>()));
    let lines = move || {
        let lines = keys
            .get()
            .into_iter()
            .map(|key| view! { <li class="port" key=key><PortLine ports row=key /></li> });
        lines.collect::<Vec<_>>()
    };
    let none = move || {
        keys.with(Vec::is_empty)
            .then(|| view! { <p class="port-none">"No port is listed: add the ports to protect."</p> })
    };
    view! {
        <section class="ports" aria-labelledby="ports-title">
            <div class="form-head">
                <h3 class="form-title" id="ports-title">"Ports"</h3>
                <button type="button" class="button button-small" on:click=move |_| ports.add()>
                    <Icon glyph=Glyph::Add />
                    <span>"Add"</span>
                </button>
            </div>
            <div class="port-columns" aria-hidden="true">
                <span>"Port"</span>
                <span>"Protocol"</span>
                <span>"Allowed source IPs"</span>
                <span>"Maximum request time"</span>
            </div>
            <ul class="port-list">{lines}</ul>
            {none}
        </section>
    }
}
