//! What the user may do, in words: by subscription, and by resource group where that says more.
use jitgate_core::access::{action, matches};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Api, Failure, scope_of};
use crate::dom::view;
use crate::parts::Late;
use crate::state::Session;
use crate::ui::{Busy, Empty, Notice, Tone, focus_content};

/// What may be done: the heading of its column, and the action.
const DONE: [(&str, &str); 3] =
    [("Configure", action::JIT_WRITE), ("Request access", action::JIT_INITIATE), ("Read", action::JIT_READ)];

/// A place, and what may be done there.
#[derive(Clone, PartialEq)]
struct Row {
    subscription: String,
    group: Option<String>,
    may: [bool; 3],
}

#[component]
pub fn Rights() -> impl IntoView {
    let session = expect_context::<Session>();
    let rows: RwSignal<Option<Result<Vec<Row>, Failure>>> = RwSignal::new(None);
    // Counts the loads, so that one overtaken by the next shows nothing.
    let turn = StoredValue::new(0_u32);
    let load = move || {
        let own = turn.with_value(|turn| turn.wrapping_add(1));
        turn.set_value(own);
        rows.set(None);
        if let Some(api) = session.api.get_untracked() {
            spawn_local(async move {
                let loaded = all(api).await;
                if turn.try_get_value() == Some(own) {
                    rows.try_set(Some(loaded));
                }
            });
        }
    };
    load();
    move || {
        match rows.get() {
        None => view! {
            <Busy words="Asking what you may do…" />
            <Late on_again=Callback::new(move |()| load()) />
        }
        .into_any(),
        Some(Ok(rows)) if rows.is_empty() => {
            view! { <Empty title="No subscriptions" words="There is no subscription that you have a role in." /> }
                .into_any()
        }
        Some(Ok(rows)) => table(&rows),
        Some(Err(failure)) => view! {
            <Notice tone=Tone::Error>
                <p>{failure.to_string()}</p>
                <button type="button" class="button" on:click=move |_| { load(); focus_content() }>"Retry"</button>
            </Notice>
        }
        .into_any(),
    }
    }
}

async fn all(api: Api) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for subscription in api.subscriptions().await? {
        let whole = may(api, &scope_of(&subscription, None)).await?;
        rows.push(Row { subscription: subscription.clone(), group: None, may: whole });
        if whole == [true; 3] {
            continue;
        }
        for group in api.resource_groups(&subscription).await? {
            let own = may(api, &scope_of(&subscription, Some(&group))).await?;
            if own != whole {
                rows.push(Row { subscription: subscription.clone(), group: Some(group), may: own });
            }
        }
    }
    Ok(rows)
}

/// What may be done at a scope: roles add up, and what one takes out another may give.
async fn may(api: Api, scope: &str) -> Result<[bool; 3], Failure> {
    let roles = api.permissions(scope).await?;
    let any = |patterns: &[String], action: &str| patterns.iter().any(|pattern| matches(pattern, action));
    Ok(DONE.map(|(_, action)| roles.iter().any(|(actions, not)| any(actions, action) && !any(not, action))))
}

fn table(rows: &[Row]) -> AnyView {
    let head = DONE.map(|(name, action)| view! { <th scope="col" title=action>{name}</th> });
    let row = |row: &Row| {
        let cell = |(may, (name, action)): (bool, (&'static str, &'static str))| {
            let word = if may { "Yes" } else { "No" };
            view! { <td data-name=name class:rights-no=move || !may title=format!("{name}: {action}")>{word}</td> }
        };
        let group = row.group.clone().map(|group| view! { <span>" / "<bdi>{group}</bdi></span> });
        view! {
            <tr>
                <th scope="row"><bdi>{row.subscription.clone()}</bdi>{group}</th>
                {row.may.into_iter().zip(DONE).map(cell).collect_view()}
            </tr>
        }
    };
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Permissions by subscription">
            <table class="table table-cards rights-table">
                <thead><tr><th scope="col">"Subscription"</th>{head.into_iter().collect_view()}</tr></thead>
                <tbody>{rows.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <details class="rights-actions">
            <summary>"The actions behind the words"</summary>
            <ul>{DONE.map(|(name, action)| view! { <li>{name}": "<code>{action}</code></li> }).into_iter().collect_view()}</ul>
        </details>
    }
    .into_any()
}
