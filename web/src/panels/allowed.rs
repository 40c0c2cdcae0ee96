//! Whether the user may do what a form is for, asked before it is tried.
use std::collections::BTreeMap;

use jitgate_core::access::matches;
use jitgate_core::order;
use jitgate_logic::{from_the_widest, together};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::Api;
use crate::state::Session;

/// So many calls are under way at a time.
const AT_A_TIME: usize = 6;
/// So many machines and policies are asked about before it is looked whether that is enough.
const AT_ONCE: usize = 24;
/// So much of what the user may not do is named.
const NAMED: usize = 4;

/// An action at a scope, and what it is needed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub action: &'static str,
    pub scope: String,
    /// `change the policy default in rg-web`
    pub words: String,
}

/// What is known of the user's rights.
#[derive(Clone, Copy)]
pub struct Rights {
    /// What the user may not do; empty while it is not known.
    denied: RwSignal<Vec<Need>>,
    /// At so many places it is still asked.
    left: RwSignal<usize>,
}

/// The roles at a scope, each with its actions and what it leaves out of them.
struct Roles(Vec<(Vec<String>, Vec<String>)>);

impl Roles {
    fn allow(&self, action: &str) -> bool {
        let has = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, action));
        self.0.iter().any(|(actions, not)| has(actions) && !has(not))
    }
}

impl Rights {
    /// Asks for all that is needed, now and after another sign-in.
    pub fn of(needs: Vec<Need>) -> Self {
        let session = expect_context::<Session>();
        let rights = Self { denied: RwSignal::new(Vec::new()), left: RwSignal::new(0) };
        Effect::new(move |_| {
            if let Some(api) = session.api.get() {
                let needs = needs.clone();
                spawn_local(async move {
                    let denied = rights.ask(api, needs).await;
                    // The panel may be gone, and whoever has signed in since is asked about anew.
                    if session.api.get_untracked() == Some(api) {
                        rights.denied.try_set(denied);
                        rights.left.try_set(0);
                    }
                });
            }
        });
        rights
    }

    /// From the widest scopes to the narrowest: what is allowed at one is asked no more below it.
    async fn ask(self, api: Api, needs: Vec<Need>) -> Vec<Need> {
        let scopes = |need: Need| (from_the_widest(&need.scope), need);
        let mut open: Vec<(Vec<String>, Need)> = needs.into_iter().map(scopes).collect();
        let mut denied = Vec::new();
        let mut level = 0_usize;
        while !open.is_empty() {
            let next = level.saturating_add(1);
            let (last, wider): (Vec<_>, Vec<_>) = open.into_iter().partition(|(all, _)| all.len() <= next);
            for part in last.chunks(AT_ONCE) {
                // One alone keeps the form from being saved.
                if denied.len() > NAMED {
                    return denied;
                }
                let roles = self.roles(api, part, level).await;
                let lacks =
                    |need: &Need, at: &str| roles.get(at).is_some_and(|roles| !roles.allow(need.action));
                let found =
                    part.iter().filter(|(all, need)| all.get(level).is_some_and(|at| lacks(need, at)));
                denied.extend(found.map(|(_, need)| need.clone()));
            }
            let roles = self.roles(api, &wider, level).await;
            let has = |need: &Need, at: &str| roles.get(at).is_some_and(|roles| roles.allow(need.action));
            open = wider;
            open.retain(|(all, need)| !all.get(level).is_some_and(|at| has(need, at)));
            level = next;
        }
        denied
    }

    /// The roles at the scopes of a level, as far as they can be told.
    async fn roles(self, api: Api, needs: &[(Vec<String>, Need)], level: usize) -> BTreeMap<String, Roles> {
        let mut scopes: Vec<String> = needs.iter().filter_map(|(all, _)| all.get(level).cloned()).collect();
        order::distinct(&mut scopes);
        let ask = move |scope: String| async move {
            // The panel may be gone.
            if self.left.is_disposed() {
                return None;
            }
            let roles = api.permissions(&scope).await.ok()?;
            self.left.try_update(|left| *left = left.saturating_sub(1));
            Some((scope, Roles(roles)))
        };
        self.left.try_set(scopes.len());
        together(scopes, AT_A_TIME, ask).await.into_iter().flatten().collect()
    }

    /// `You may not change the policy default in rg-web.` Empty where nothing is known to be forbidden.
    pub fn sentence(self) -> String {
        self.denied.with(|denied| {
            let words: Vec<_> = denied.iter().take(NAMED).map(|need| need.words.as_str()).collect();
            let more = if denied.len() > NAMED { ", and more of the kind" } else { "" };
            if words.is_empty() {
                String::new()
            } else {
                format!("You may not {}{more}.", words.join(", nor "))
            }
        })
    }

    /// `Checking what you may do: 40 places left…`, where that takes a while.
    pub fn progress(self) -> String {
        match self.left.get() {
            0..=AT_A_TIME => String::new(),
            left => format!("Checking what you may do: {left} places left…"),
        }
    }
}
