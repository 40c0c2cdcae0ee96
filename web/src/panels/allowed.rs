//! Whether the user may do what a form is for, asked before it is tried.
use jitgate_core::access::matches;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::Api;
use crate::state::Session;

/// At no more places than this it is asked; of the others the answer comes with the attempt.
const MOST: usize = 24;

/// An action at a scope, and what it is needed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub action: &'static str,
    pub scope: String,
    /// `change the policy default in rg-web`
    pub words: String,
}

/// What of it the user may not do; empty while it is not known.
pub fn denied(needs: Vec<Need>) -> RwSignal<Vec<Need>> {
    let session = expect_context::<Session>();
    let denied = RwSignal::new(Vec::new());
    // Again after another sign-in.
    Effect::new(move |_| {
        let Some(api) = session.api.get() else { return };
        let needs = needs.clone();
        spawn_local(async move {
            let mut found = Vec::new();
            for need in needs.into_iter().take(MOST) {
                if may(api, &need).await == Some(false) {
                    found.push(need);
                }
            }
            // The panel may be gone.
            denied.try_set(found);
        });
    });
    denied
}

/// None where it cannot be told.
async fn may(api: Api, need: &Need) -> Option<bool> {
    let roles = api.permissions(&need.scope).await.ok()?;
    let has = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, need.action));
    Some(roles.iter().any(|(actions, not)| has(actions) && !has(not)))
}

/// `You may not change the policy default in rg-web.`
pub fn sentence(denied: &[Need]) -> String {
    let words: Vec<_> = denied.iter().map(|need| need.words.as_str()).collect();
    if words.is_empty() { String::new() } else { format!("You may not {}.", words.join(", nor ")) }
}
