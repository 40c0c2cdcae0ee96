//! The list of all virtual machines.
use std::sync::Arc;

use jitgate_core::order;
use leptos::prelude::*;

use super::words;
use crate::api::Machine;
use crate::browser::lower;
use crate::dom::view;
use crate::pages::jit::inventory::{Inventory, Row};
use crate::pages::jit::order::compare;
use crate::pages::jit::row_menu::{RowMenu, RowMenuHost};
use crate::pages::jit::search::{follow, sort_by};
use crate::parts::{FleetNotices, fleet_absent, grouped, machine_address, plural};
use crate::route::{Page, Route};
use crate::state::{Fleet, Loading};
use crate::ui::{Busy, Column, Content, Empty, Keys, PageHeading, SearchField, Sort, SortBy, Table};

const COLUMNS: &[Column] = &[
    Column { id: "name", name: "Name" },
    Column { id: "access", name: "Just-in-time access" },
    Column { id: "group", name: "Resource group" },
    Column { id: "region", name: "Location" },
    Column { id: "os", name: "Operating system" },
    Column { id: "size", name: "Size" },
];

/// What the page shows: the address first, then what follows from it.
#[derive(Clone, Copy)]
struct List {
    inventory: Memo<Inventory>,
    text: RwSignal<String>,
    sort: Memo<Sort>,
    keys: Memo<Keys>,
    route: Route,
}

impl List {
    fn new(fleet: Fleet) -> Self {
        let route = expect_context::<Route>();
        let inventory = Inventory::of(fleet);
        let text = follow(route);
        let sort = Memo::new(move |_| {
            Sort::read(&route.query("sort"), COLUMNS).unwrap_or(Sort { column: "name", down: false })
        });
        // Sorting takes longest, and no letter of a search needs it.
        let order: Memo<Keys> = Memo::new(move |_| {
            let sort = sort.get();
            inventory.with(|inventory| {
                let mut rows: Vec<(u32, &Arc<Row>)> = inventory.all().collect();
                order::sort_by(&mut rows, |(_, a), (_, b)| compare(a, b, sort));
                Arc::new(rows.into_iter().map(|(number, _)| number).collect())
            })
        });
        let keys = Memo::new(move |_| {
            let order = order.get();
            let words =
                text.with(|text| lower(text).split_whitespace().map(str::to_owned).collect::<Vec<_>>());
            if words.is_empty() {
                return order;
            }
            inventory.with(|inventory| {
                let has = |key: &u32| inventory.get(*key).is_some_and(|row| row.has(&words));
                Arc::new(order.iter().copied().filter(has).collect())
            })
        });
        Self { inventory, text, sort, keys, route }
    }

    fn row(self, key: u32) -> Option<Arc<Row>> {
        self.inventory.with(|inventory| inventory.get(key).cloned())
    }

    fn sort_by(self, sort: Sort) {
        sort_by(self.route, sort);
    }
}

/// Whether there is a table.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    /// No machine has come.
    Absent,
    /// None is found.
    Nothing,
    Rows,
}

#[component]
pub fn MachineList() -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let list = List::new(fleet);
    let menu = RowMenu::new();
    let count = move || {
        let (found, all) = (list.keys.with(|keys| keys.len()), fleet.machines.with(|all| all.len()));
        let all = plural(all, "virtual machine", "virtual machines");
        let so_far = if fleet.whole.get() { "" } else { " so far" };
        if list.text.with(|text| text.trim().is_empty()) {
            format!("{all}{so_far}")
        } else {
            format!("{} of {all}{so_far}", grouped(&found.to_string()))
        }
    };
    let busy = move || {
        let more = matches!(fleet.loading.get(), Loading::Under(_));
        (more && fleet.machines.with(|all| !all.is_empty())).then(|| view! { <Busy words="Loading…" /> })
    };
    let standing = Memo::new(move |_| {
        if fleet.machines.with(|all| all.is_empty()) {
            Standing::Absent
        } else if list.keys.with(|keys| keys.is_empty()) {
            Standing::Nothing
        } else {
            Standing::Rows
        }
    });
    view! {
        <div class="page page-wide">
            <PageHeading title=Page::Machines.title() />
            <FleetNotices />
            {move || fleet_absent(fleet)}
            <div class="filters" class:visually-absent=move || fleet.machines.with(|all| all.is_empty())>
                <form role="search" on:submit=|event: leptos::ev::SubmitEvent| event.prevent_default()>
                    <SearchField
                        label="Search"
                        placeholder="Name, group, location, size…"
                        value=list.text
                        on_input=move |text: String| list.text.set(text)
                    />
                </form>
                <SortBy columns=Signal::stored(COLUMNS) sort=list.sort on_sort=move |sort| list.sort_by(sort) />
                <p class="filters-count" role="status">{count}</p>
                {busy}
            </div>
            {move || match standing.get() {
                Standing::Absent => ().into_any(),
                Standing::Nothing => view! {
                    <Empty title="Nothing found" words="No virtual machine has all of these words.">
                        <button type="button" class="button" on:click=move |_| list.text.set(String::new())>"Clear search"</button>
                    </Empty>
                }
                .into_any(),
                Standing::Rows => table(list, menu),
            }}
            <RowMenuHost menu />
        </div>
    }
}

fn table(list: List, menu: RowMenu) -> AnyView {
    let named = move |key| list.row(key).map(|row| row.machine.name.clone()).unwrap_or_default();
    let content = Content {
        name: Arc::new(move |key| untrack(|| named(key))),
        cells: Arc::new(move |key| {
            // Of all rows only those that have changed are drawn anew.
            let row = Memo::new(move |_| list.row(key));
            Box::new(move || row.get().map(|row| cells(&row.machine)).unwrap_or_default())
        }),
        menu: Arc::new(move |key, point| {
            if let Some(row) = untrack(|| list.row(key)) {
                menu.open(row.machine.clone(), point);
            }
        }),
    };
    view! {
        <Table
            label="Virtual machines"
            class="machines-grid"
            columns=COLUMNS
            keys=list.keys
            sort=list.sort
            on_sort=move |sort| list.sort_by(sort)
            selection=None
            content
        />
    }
    .into_any()
}

fn cells(machine: &Machine) -> Vec<AnyView> {
    let text = |text: &str| {
        let text = text.to_owned();
        view! { <bdi class="jit-text" title=text.clone()>{text.clone()}</bdi> }.into_any()
    };
    let class = words::class(machine.class);
    let open = machine.open.len();
    let access = view! {
        <span class="jit-line">
            <span class="standing" data-state=class>{class}</span>
            {(open > 0).then(|| view! { <span class="badge badge-live">{format!("{open} open")}</span> })}
        </span>
    };
    let name = machine.name.clone();
    let link = view! {
        <a class="link jit-text" tabindex="-1" href=machine_address(&machine.id, "") title=name.clone()>
            <bdi>{name.clone()}</bdi>
        </a>
    };
    vec![
        link.into_any(),
        access.into_any(),
        text(&machine.resource_group),
        text(&machine.location),
        text(words::os(machine.os)),
        text(&machine.size),
    ]
}
