//! The list of all virtual machines.
use std::sync::Arc;

use leptos::prelude::*;

use super::words;
use crate::api::Machine;
use crate::dom::view;
use crate::parts::{FleetNotices, fleet_absent, grouped, machine_link, plural};
use crate::route::{History, Route};
use crate::state::Fleet;
use crate::ui::{Empty, PageHeading, unique};

/// So many rows are shown at first, and so many more each time.
const ROWS: usize = 200;

#[component]
pub fn MachineList() -> impl IntoView {
    let (fleet, route) = (expect_context::<Fleet>(), expect_context::<Route>());
    let text = Memo::new(move |_| route.query("q"));
    let found = Memo::new(move |_| {
        let words = text.with(|text| text.to_lowercase());
        let words: Vec<&str> = words.split_whitespace().collect();
        let mut found: Vec<Arc<Machine>> =
            fleet.machines.with(|all| all.iter().filter(|one| is_meant(one, &words)).cloned().collect());
        found.sort_by_cached_key(|machine| (machine.name.to_lowercase(), machine.id.clone()));
        found
    });
    let shown = RwSignal::new(ROWS);
    let id = unique("search");
    let search = move |event: leptos::ev::Event| {
        shown.set(ROWS);
        route.set_query("q", &event_target_value(&event), History::Replace);
    };
    let count = move || {
        let (found, all) = (found.with(Vec::len), fleet.machines.with(|all| all.len()));
        let all = plural(all, "virtual machine", "virtual machines");
        if text.with(String::is_empty) { all } else { format!("{} of {all}", grouped(&found.to_string())) }
    };
    view! {
        <div class="page page-wide">
            <PageHeading title="Virtual machines" />
            <FleetNotices />
            {move || fleet_absent(fleet)}
            <div class="filters" class:visually-absent=move || fleet.machines.with(|all| all.is_empty())>
                <form role="search" on:submit=|event: leptos::ev::SubmitEvent| event.prevent_default()>
                    <div class="field">
                        <label class="field-label" for=id.clone()>"Search"</label>
                        <input
                            class="field-input"
                            type="search"
                            id=id
                            placeholder="name, resource group, location, size…"
                            prop:value=move || text.get()
                            on:input=search
                        />
                    </div>
                </form>
                <p class="filters-count" role="status">{count}</p>
            </div>
            {move || table(&found.get(), fleet, shown)}
        </div>
    }
}

/// True where each word is somewhere in what the list shows of the machine.
fn is_meant(machine: &Machine, words: &[&str]) -> bool {
    let all = [
        &*machine.name,
        &machine.resource_group,
        &machine.subscription,
        &machine.location,
        &machine.size,
        words::os(machine.os),
        words::class(machine.class),
    ];
    let all = all.join(" ").to_lowercase();
    words.iter().all(|word| all.contains(word))
}

fn table(found: &[Arc<Machine>], fleet: Fleet, shown: RwSignal<usize>) -> AnyView {
    if fleet.machines.with(|all| all.is_empty()) {
        return ().into_any();
    }
    if found.is_empty() {
        return view! { <Empty title="Nothing found" words="No virtual machine has all of these words." /> }
            .into_any();
    }
    let rows: Vec<_> = found.iter().take(shown.get()).map(|machine| row(machine)).collect();
    let left = found.len().saturating_sub(rows.len());
    let more = move |_| shown.update(|shown| *shown = shown.saturating_add(ROWS));
    view! {
        <div class="table-frame" tabindex="0" role="group" aria-label="Virtual machines">
            <table class="table table-lines machines-table">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Just-in-time access"</th>
                        <th scope="col">"Resource group"</th>
                        <th scope="col">"Location"</th>
                        <th scope="col">"Operating system"</th>
                        <th scope="col">"Size"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {(left > 0).then(|| view! {
            <p class="more">
                <button type="button" class="button" on:click=more>
                    {format!("Show more ({} left)", grouped(&left.to_string()))}
                </button>
            </p>
        })}
    }
    .into_any()
}

fn row(machine: &Machine) -> AnyView {
    let open = machine.open.len();
    view! {
        <tr>
            <th scope="row">{machine_link(&machine.id, &machine.name)}</th>
            <td>
                <span class="standing" data-state=words::class(machine.class)>{words::class(machine.class)}</span>
                {(open > 0).then(|| view! { <span class="badge badge-live">{format!("{open} open")}</span> })}
            </td>
            <td><bdi class="cell-name" title=machine.resource_group.clone()>{machine.resource_group.clone()}</bdi></td>
            <td>{machine.location.clone()}</td>
            <td>{words::os(machine.os)}</td>
            <td>{machine.size.clone()}</td>
        </tr>
    }
    .into_any()
}
