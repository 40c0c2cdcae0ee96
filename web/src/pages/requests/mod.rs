//! Requests: what is open, what opens later, and what was open, in a picture and as tables.
mod axis;
mod filter;
mod lanes;
mod picture;
mod row;
mod table;

use leptos::prelude::*;

use crate::dom::view;
use crate::parts::{
    Access, AccessFault, CloseQuestion, EndsSoon, FleetNotices, OPEN_LIST, ZoneNote, fleet_absent,
};
use crate::route::Page;
use crate::state::Fleet;
use crate::ui::{Busy, PageHeading, Tab, Tabs};
use filter::{Filters, use_asked};
use picture::Picture;
use row::{Part, Row, Standing, names, rows, turned};
use table::{ROWS, table};

#[component]
pub fn RequestsPage() -> impl IntoView {
    let (fleet, access) = (expect_context::<Fleet>(), Access::new());
    // For the picture; the countdowns go by themselves.
    let minute = fleet.minute();
    // Something opens or ends at its time, whether or not news of it come in.
    let turned = Memo::new(move |_| {
        let now = fleet.now.get().unwrap_or_default();
        fleet.policies.with(|policies| turned(policies, now))
    });
    let names = Memo::new(move |_| fleet.machines.with(|machines| names(machines)));
    let all = Memo::new(move |_| {
        turned.get();
        minute.get();
        let now = fleet.now.get_untracked().unwrap_or_default();
        names.with(|names| fleet.policies.with(|policies| rows(policies, names, now)))
    });
    let asked = use_asked();
    let shown = RwSignal::new(ROWS);
    let found = Memo::new(move |_| {
        let words = asked.text.with(|text| text.to_ascii_lowercase());
        let words: Vec<&str> = words.split_whitespace().collect();
        let user = asked.user.get();
        all.with(|all| all.iter().filter(|row| row.is_meant(&words, &user)).cloned().collect::<Vec<Row>>())
    });
    let count =
        move |part: Part| found.with(|found| found.iter().filter(|row| part.takes(row.standing)).count());
    let label = move |part: Part| Signal::derive(move || count(part).to_string());
    let any_later =
        Memo::new(move |_| all.with(|all| all.iter().any(|row| row.standing == Standing::Scheduled)));
    let part = asked.part;
    let hides = Memo::new(move |_| {
        let part = part.get();
        all.with(|all| all.iter().filter(|row| part.takes(row.standing)).count()) > count(part)
    });
    let tabs = [(Part::Live, "Live"), (Part::Scheduled, "Scheduled"), (Part::Past, "Past")];
    let tabs: Vec<Tab<Part>> = tabs.map(|(part, name)| (part, name, label(part))).to_vec();
    let ends = Signal::derive(move || {
        found.with(|found| {
            let live = found
                .iter()
                .filter(|row| row.standing == Standing::Live && access.is_own(&row.held.requestor));
            live.filter_map(|row| Some((row.what(), row.held.end?))).collect::<Vec<_>>()
        })
    });
    let absent = Memo::new(move |_| {
        // The policies come after the machines.
        all.with(Vec::is_empty) && (fleet.machines.with(|all| all.is_empty()) || !fleet.whole.get())
    });
    view! {
        <div class="page page-wide">
            <PageHeading title=Page::Requests.title() />
            <ZoneNote now=Signal::derive(move || fleet.now.get()) />
            <FleetNotices />
            <AccessFault access />
            <EndsSoon ends />
            {move || if absent.get() { Some(fleet_absent(fleet).unwrap_or_else(coming)) } else {
                Some(view! {
                    <Filters all asked found />
                    <Picture rows=found fleet minute />
                    <Tabs label="Requests" tabs=tabs.clone() value=part panel=OPEN_LIST on_choose=move |part| asked.choose(part) />
                    <div role="tabpanel" id=OPEN_LIST tabindex="-1" aria-label="Requests">
                        {move || table(&found.get(), part.get(), any_later.get(), hides.get(), access, shown)}
                    </div>
                }.into_any())
            }}
            <CloseQuestion access />
        </div>
    }
}

fn coming() -> AnyView {
    view! { <Busy words="Loading the requests…" /> }.into_any()
}
