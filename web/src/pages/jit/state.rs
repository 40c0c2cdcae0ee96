//! What the page shows: the address first, then what follows from it.
use std::sync::Arc;

use jitgate_core::order;
use leptos::prelude::*;

use super::cells::columns;
use super::inventory::{Inventory, Row};
use super::narrowing::{Facet, Narrowing, toggled};
use super::order::compare;
use super::search::{follow, sort_by};
use crate::api::{Class, Machine};
use crate::route::{History, Route};
use crate::state::Fleet;
use crate::ui::{Keys, Selection, Sort};

/// The tabs, as the address has them.
pub const CLASSES: [(Class, &str); 3] = [
    (Class::Configured, "configured"),
    (Class::NotConfigured, "notConfigured"),
    (Class::Unsupported, "unsupported"),
];

/// How the page is narrowed down, sorted and ticked.
#[derive(Clone, Copy)]
pub struct Jit {
    pub inventory: Memo<Inventory>,
    pub tab: Memo<Class>,
    /// The words of the search as they are typed.
    pub text: RwSignal<String>,
    pub narrowing: Memo<Narrowing>,
    pub sort: Memo<Sort>,
    /// The machines to show.
    pub keys: Memo<Keys>,
    /// How many there are in each tab.
    pub counts: Memo<[usize; 3]>,
    pub selection: Selection,
    route: Route,
}

impl Jit {
    pub fn new() -> Self {
        let route = expect_context::<Route>();
        let inventory = Inventory::of(expect_context::<Fleet>());
        let tab = Memo::new(move |_| {
            let name = route.query("tab");
            CLASSES.into_iter().find(|(_, own)| *own == name).map_or(Class::Configured, |(class, _)| class)
        });
        let sort = Memo::new(move |_| {
            let sort = Sort::read(&route.query("sort"), columns(tab.get()));
            sort.unwrap_or(Sort { column: "name", down: false })
        });
        let text = follow(route);
        let narrowing = Memo::new(move |_| text.with(|text| Narrowing::of(route, text)));
        // Sorting takes longest, and no letter of a search needs it.
        let order: Memo<Keys> = Memo::new(move |_| {
            let (tab, sort) = (tab.get(), sort.get());
            inventory.with(|inventory| {
                let mut rows: Vec<(u32, &Arc<Row>)> =
                    inventory.all().filter(|(_, row)| row.machine.class == tab).collect();
                order::sort_by(&mut rows, |(_, a), (_, b)| compare(a, b, sort));
                Arc::new(rows.into_iter().map(|(number, _)| number).collect())
            })
        });
        let keys = Memo::new(move |_| {
            let (order, narrowing) = (order.get(), narrowing.get());
            if narrowing.is_empty() {
                return order;
            }
            inventory.with(|inventory| {
                let takes = |key: &u32| inventory.get(*key).is_some_and(|row| narrowing.takes(row));
                Arc::new(order.iter().copied().filter(takes).collect())
            })
        });
        let counts = Memo::new(move |_| {
            narrowing.with(|narrowing| inventory.with(|inventory| counted(inventory, narrowing)))
        });
        let selection = Selection::new();
        // What was chosen in a tab is meant for its commands: another one's would act on what has moved there.
        Effect::new(move |before: Option<()>| {
            tab.track();
            if before.is_some() {
                selection.clear();
            }
        });
        Self { inventory, tab, text, narrowing, sort, keys, counts, selection, route }
    }

    pub fn row(self, key: u32) -> Option<Arc<Row>> {
        self.inventory.with(|inventory| inventory.get(key).cloned())
    }

    pub fn choose_tab(self, class: Class) {
        let name = CLASSES.into_iter().find(|(own, _)| *own == class).map(|(_, name)| name);
        // Its columns are others.
        self.route.set_query("sort", "", History::Replace);
        self.route.set_query("tab", name.unwrap_or_default(), History::Replace);
    }

    pub fn sort_by(self, sort: Sort) {
        sort_by(self.route, sort);
    }

    /// A value of a facet is asked for, or not any more.
    pub fn toggle(self, facet: Facet, value: &str) {
        let old = untrack(|| self.route.query(facet.key()));
        self.route.set_query(facet.key(), &toggled(&old, value), History::Replace);
    }

    pub fn show_all(self) {
        self.route.set_query("show", "", History::Replace);
    }

    /// Asks for nothing any more.
    pub fn clear(self) {
        self.text.set(String::new());
        for key in Facet::ALL.map(Facet::key).into_iter().chain(["show", "q"]) {
            self.route.set_query(key, "", History::Replace);
        }
    }

    /// The chosen machines of this tab, in the order of their numbers.
    pub fn chosen(self) -> Vec<Arc<Machine>> {
        let tab = self.tab.get();
        self.inventory.with(|inventory| {
            self.selection.with(|chosen| {
                let rows = chosen.iter().filter_map(|key| inventory.get(*key));
                rows.filter(|row| row.machine.class == tab).map(|row| row.machine.clone()).collect()
            })
        })
    }
}

fn counted(inventory: &Inventory, narrowing: &Narrowing) -> [usize; 3] {
    let mut counts = [0_usize; 3];
    for (_, row) in inventory.all().filter(|(_, row)| narrowing.takes(row)) {
        let [configured, not_configured, unsupported] = &mut counts;
        let count = match row.machine.class {
            Class::Configured => configured,
            Class::NotConfigured => not_configured,
            Class::Unsupported => unsupported,
        };
        *count = count.saturating_add(1);
    }
    counts
}
