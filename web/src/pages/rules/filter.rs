//! Which rules the catalogue shows. The address holds it, so that a selection can be linked to.
use jitgate_core::Severity;
use jitgate_core::rules::{Code, Family};
use leptos::prelude::*;
use web_sys::UrlSearchParams;

use super::texts::Texts;
use crate::dom::view;
use crate::route::{History, Route};
use crate::ui::{Choose, SearchField};

/// What is asked for; empty members ask for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub text: String,
    pub family: String,
    pub severity: String,
}

impl Filter {
    /// As the address has it.
    fn of(route: Route) -> Self {
        Self { text: route.query("q"), family: route.query("family"), severity: route.query("severity") }
    }

    /// True for a rule that is asked for: each word of the text must be somewhere in it.
    pub fn takes(&self, code: Code, texts: Texts) -> bool {
        let meta = code.meta();
        let page = texts.of(code).unwrap_or_default();
        let all = format!("{} {} {} {page}", code.id(), meta.name, meta.summary).to_ascii_lowercase();
        (self.family.is_empty() || self.family == code.family().as_str())
            && (self.severity.is_empty() || self.severity == meta.severity.as_str())
            && self.text.to_ascii_lowercase().split_whitespace().all(|word| all.contains(word))
    }

    fn address(&self) -> String {
        let members = [("q", &self.text), ("family", &self.family), ("severity", &self.severity)];
        let Ok(query) = UrlSearchParams::new() else { return "/rules".to_owned() };
        members
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .for_each(|(key, value)| query.append(key, value));
        let query = String::from(query.to_string());
        if query.is_empty() { "/rules".to_owned() } else { format!("/rules?{query}") }
    }
}

/// The filter that the address holds.
pub fn use_filter() -> Memo<Filter> {
    let route = expect_context::<Route>();
    Memo::new(move |_| Filter::of(route))
}

/// The controls.
#[component]
pub fn FilterBar(filter: Memo<Filter>) -> impl IntoView {
    let route = expect_context::<Route>();
    let change = move |edit: &dyn Fn(&mut Filter)| {
        let mut filter = filter.get_untracked();
        edit(&mut filter);
        // No new entry in the history for each letter.
        route.go(&filter.address(), History::Replace);
    };
    let families = Family::ALL.map(|family| (family.as_str().to_owned(), family.title().to_owned())).to_vec();
    let severities =
        Severity::ALL.map(|severity| (severity.as_str().to_owned(), severity.as_str().to_owned())).to_vec();
    view! {
        <form class="filter" role="search" on:submit=|event| event.prevent_default()>
            <SearchField
                label="Search"
                placeholder="Duration, JIT201, source…"
                value=Signal::derive(move || filter.with(|filter| filter.text.clone()))
                on_input=move |text: String| change(&|filter| filter.text.clone_from(&text))
            />
            <Choose
                label="Family"
                any="All families"
                options=families
                value=Signal::derive(move || filter.with(|filter| filter.family.clone()))
                on_choose=move |value: String| change(&|filter| filter.family.clone_from(&value))
            />
            <Choose
                label="Severity"
                any="All severities"
                options=severities
                value=Signal::derive(move || filter.with(|filter| filter.severity.clone()))
                on_choose=move |value: String| change(&|filter| filter.severity.clone_from(&value))
            />
        </form>
    }
}
