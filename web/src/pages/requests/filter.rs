//! Which requests are shown: the address holds it.
use std::collections::BTreeSet;

use leptos::prelude::*;

use super::row::{Part, Row};
use crate::dom::view;
use crate::parts::plural;
use crate::route::{History, Route};
use crate::ui::{Choose, SearchField};

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Asked {
    pub part: Memo<Part>,
    pub text: Memo<String>,
    pub user: Memo<String>,
    route: Route,
}

pub fn use_asked() -> Asked {
    let route = expect_context::<Route>();
    Asked {
        part: Memo::new(move |_| match route.query("tab").as_str() {
            "past" => Part::Past,
            "scheduled" => Part::Scheduled,
            _ => Part::Live,
        }),
        text: Memo::new(move |_| route.query("machine")),
        user: Memo::new(move |_| route.query("user")),
        route,
    }
}

impl Asked {
    pub fn choose(self, part: Part) {
        let name = match part {
            Part::Live => "",
            Part::Scheduled => "scheduled",
            Part::Past => "past",
        };
        self.route.set_query("tab", name, History::Replace);
    }
}

#[component]
pub fn Filters(all: Memo<Vec<Row>>, asked: Asked, found: Memo<Vec<Row>>) -> impl IntoView {
    let users = Signal::derive(move || {
        let users: BTreeSet<String> = all.with(|all| all.iter().map(Row::who).collect());
        users.into_iter().map(|user| (user.clone(), user)).collect::<Vec<_>>()
    });
    let set = move |key: &str, value: &str| asked.route.set_query(key, value, History::Replace);
    view! {
        <form class="filters" role="search" on:submit=|event: leptos::ev::SubmitEvent| event.prevent_default()>
            <SearchField
                label="Machine"
                placeholder="Name, group…"
                value=asked.text
                on_input=move |text: String| set("machine", &text)
            />
            <Choose label="User" any="All users" options=users value=asked.user on_choose=move |user: String| set("user", &user) />
            <p class="filters-count" role="status">
                {move || plural(found.with(Vec::len), "request", "requests")}
            </p>
        </form>
    }
}
