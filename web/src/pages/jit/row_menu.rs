//! The menu of a row.
use std::sync::Arc;

use leptos::prelude::*;

use crate::api::{Class, Machine};
use crate::dom::view;
use crate::parts::activity_address;
use crate::state::{Fleet, Panel, Panels};
use crate::ui::{Callout, Glyph, Icon, Point};

/// Whose menu is open, and where.
#[derive(Clone, Copy)]
pub struct RowMenu {
    pub at: RwSignal<Option<Point>>,
    pub machine: RwSignal<Option<Arc<Machine>>>,
}

impl RowMenu {
    pub fn new() -> Self {
        Self { at: RwSignal::new(None), machine: RwSignal::new(None) }
    }

    pub fn open(self, machine: Arc<Machine>, at: Point) {
        self.machine.set(Some(machine));
        self.at.set(Some(at));
    }
}

#[component]
pub fn RowMenuHost(menu: RowMenu) -> impl IntoView {
    let (panels, fleet) = (expect_context::<Panels>(), expect_context::<Fleet>());
    let item = move |glyph: Glyph, words: &'static str, panel: Panel| {
        let act = move |_| {
            // Closed first: the focus is then on the row again, and comes back there when the panel closes.
            menu.at.set(None);
            let panel = panel.clone();
            request_animation_frame(move || panels.show(panel));
        };
        view! {
            <button type="button" class="menu-item menu-line" role="menuitem" tabindex="-1" on:click=act>
                <Icon glyph />
                <span>{words}</span>
            </button>
        }
    };
    let items = move || {
        let Some(machine) = menu.machine.get() else { return Vec::new() };
        let log = activity_address(&untrack(|| fleet.logged(&machine.id)));
        let one = || vec![machine.clone()];
        let mut items = Vec::new();
        match machine.class {
            Class::Configured => {
                items.push(item(Glyph::Key, "Request access", Panel::Request(one())).into_any());
            }
            Class::NotConfigured => {
                items.push(item(Glyph::Shield, "Enable JIT", Panel::Enable(one())).into_any());
            }
            Class::Unsupported => {}
        }
        items.push(item(Glyph::Info, "Properties", Panel::Properties(machine.clone())).into_any());
        items.push(
            view! {
                <a class="menu-item menu-line" role="menuitem" tabindex="-1" href=log>
                    <Icon glyph=Glyph::Log />
                    <span>"Activity Log"</span>
                </a>
            }
            .into_any(),
        );
        if machine.class == Class::Configured {
            items.push(item(Glyph::Settings, "Edit", Panel::Edit(one())).into_any());
            items.push(item(Glyph::Trash, "Remove", Panel::Remove(one())).into_any());
        }
        items
    };
    let label = Signal::derive(move || {
        menu.machine.with(|machine| machine.as_ref().map(|it| it.name.clone()).unwrap_or_default())
    });
    view! { <Callout role="menu" label at=menu.at>{items}</Callout> }
}
