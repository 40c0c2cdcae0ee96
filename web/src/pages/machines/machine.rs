//! One virtual machine: a menu of sections, and the one that the address names.
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use leptos::prelude::*;

use super::{configuration, connect, exposure, overview};
use crate::api::Machine;
use crate::dom::view;
use crate::parts::{FleetNotices, activity_address, fleet_absent, fleet_progress, machine_address};
use crate::route::Route;
use crate::state::Fleet;
use crate::ui::{Empty, Glyph, Icon, PageHeading, title};

/// The machine as it is known now.
pub type Known = Memo<Option<Arc<Machine>>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Overview,
    Configuration,
    Connect,
    Exposure,
}

impl Section {
    const ALL: [(Self, &'static str, &'static str, Glyph); 4] = [
        (Self::Overview, "overview", "Overview", Glyph::Machine),
        (Self::Configuration, "configuration", "Configuration", Glyph::Settings),
        (Self::Connect, "connect", "Connect", Glyph::Link),
        (Self::Exposure, "exposure", "Exposure", Glyph::Security),
    ];

    fn at(name: &str) -> Self {
        let found = Self::ALL.iter().find(|(_, own, ..)| *own == name);
        found.map_or(Self::Overview, |(section, ..)| *section)
    }
}

#[component]
pub fn MachinePage(id: String) -> impl IntoView {
    let (fleet, route) = (expect_context::<Fleet>(), expect_context::<Route>());
    let id = ResourceId::new(&id);
    let own = id.clone();
    let machine: Known = Memo::new(move |_| fleet.machine(&own));
    let is_there = Memo::new(move |_| machine.with(Option::is_some));
    let section = Memo::new(move |_| Section::at(&route.query("section")));
    // An instance of EC2 has another name than its id's.
    let name = id.name().to_owned();
    let (own, titled) = (name.clone(), name.clone());
    let name = Memo::new(move |_| {
        machine.with(|machine| machine.as_ref().map_or_else(|| own.clone(), |it| it.name.clone()))
    });
    Effect::new(move |_| title(&name.get()));
    let absent = move || {
        (!is_there.get()).then(|| {
            // It may be among those that have not come yet.
            let coming = fleet_absent(fleet).or_else(|| (!fleet.whole.get()).then(|| fleet_progress(fleet)));
            coming.unwrap_or_else(|| {
                let words = "There is no such virtual machine, or you may not see it.";
                view! {
                    <Empty title="Not found" words>
                        <a class="button" href="/machines">"All virtual machines"</a>
                    </Empty>
                }
                .into_any()
            })
        })
    };
    let content = move || {
        is_there.get().then(|| match section.get() {
            Section::Overview => overview::section(machine),
            Section::Configuration => configuration::section(machine),
            Section::Connect => connect::section(machine),
            Section::Exposure => exposure::section(machine),
        })
    };
    view! {
        <div class="page machine-page">
            <nav aria-label="Breadcrumb"><a class="link" href="/machines">"Virtual machines"</a></nav>
            <PageHeading title=titled>
                <bdi>{move || name.get()}</bdi>
                " "
                <span class="page-kind">"Virtual machine"</span>
            </PageHeading>
            <FleetNotices />
            {absent}
            <div class="machine-frame" class:visually-absent=move || !is_there.get()>
                {menu(&id, section, fleet)}
                <div class="machine-section">{content}</div>
            </div>
        </div>
    }
}

fn menu(id: &ResourceId, section: Memo<Section>, fleet: Fleet) -> AnyView {
    let own = id.clone();
    let item = |(own, name, title, glyph): (Section, &str, &'static str, Glyph)| {
        view! {
            <li>
                <a
                    class="section-link"
                    href=machine_address(id, name)
                    aria-current=move || (section.get() == own).then_some("page")
                >
                    <Icon glyph />
                    <span>{title}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="section-menu" aria-label="Sections">
            <ul>
                {Section::ALL.into_iter().map(item).collect::<Vec<_>>()}
                <li>
                    <a class="section-link" href=move || activity_address(&fleet.logged(&own))>
                        <Icon glyph=Glyph::Log />
                        <span>"Activity log"</span>
                    </a>
                </li>
            </ul>
        </nav>
    }
    .into_any()
}
