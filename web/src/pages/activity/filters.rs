//! The controls of the log's filter.
use jitgate_core::ledger::operation;
use leptos::prelude::*;

use super::filter::{Asked, OPERATIONS, SPANS, STATUSES, set};
use super::log::Log;
use crate::dom::view;
use crate::route::Route;
use crate::ui::{Choose, unique};

#[component]
pub fn Filters(asked: Memo<Asked>, log: Log) -> impl IntoView {
    let route = expect_context::<Route>();
    let pairs = |all: &[(&str, &str)]| {
        all.iter().map(|(value, name)| ((*value).to_owned(), (*name).to_owned())).collect::<Vec<_>>()
    };
    let spans: Vec<(&str, &str)> = SPANS.iter().map(|(value, name, _)| (*value, *name)).collect();
    let operations: Vec<(&str, &str)> =
        OPERATIONS.iter().map(|name| (*name, operation::title(name))).collect();
    let statuses: Vec<(&str, &str)> = STATUSES.iter().map(|name| (*name, *name)).collect();
    let subscriptions = Signal::derive(move || {
        log.subscriptions.get().into_iter().map(|id| (id.clone(), id)).collect::<Vec<_>>()
    });
    let several = Memo::new(move |_| log.subscriptions.with(Vec::len) > 1);
    let of =
        move |part: fn(&Asked) -> &String| Signal::derive(move || asked.with(|asked| part(asked).clone()));
    let is_of_machine = Memo::new(move |_| asked.with(|asked| !asked.machine.is_empty()));
    view! {
        <form class="filters" role="search" on:submit=|event: leptos::ev::SubmitEvent| event.prevent_default()>
            <Choose
                label="Time span"
                options=pairs(&spans)
                value=of(|asked| &asked.span)
                on_choose=move |value: String| set(route, "span", &value)
            />
            <Choose
                label="Operation"
                any="All operations"
                options=pairs(&operations)
                value=of(|asked| &asked.operation)
                on_choose=move |value: String| set(route, "operation", &value)
            />
            <Choose
                label="Status"
                any="All statuses"
                options=pairs(&statuses)
                value=of(|asked| &asked.status)
                on_choose=move |value: String| set(route, "status", &value)
            />
            {text("Event initiated by", "caller", "Part of a name", of(|asked| &asked.caller), route)}
            {move || (!is_of_machine.get()).then(|| {
                text("Resource", "resource", "Machine, group…", of(|asked| &asked.resource), route)
            })}
            {move || (several.get() && !is_of_machine.get()).then(|| view! {
                <Choose
                    label="Subscription"
                    any="All subscriptions"
                    options=subscriptions
                    value=of(|asked| &asked.subscription)
                    on_choose=move |value: String| set(route, "subscription", &value)
                />
            })}
        </form>
    }
}

/// A line of text.
fn text(
    label: &'static str,
    key: &'static str,
    placeholder: &'static str,
    value: Signal<String>,
    route: Route,
) -> AnyView {
    let id = unique("filter");
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <input
                class="field-input"
                type="search"
                id=id
                spellcheck="false"
                autocomplete="off"
                placeholder=placeholder
                prop:value=move || value.get()
                on:change=move |event| set(route, key, &event_target_value(&event))
            />
        </div>
    }
    .into_any()
}
