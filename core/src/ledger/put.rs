//! PUT and DELETE of a policy: PUT replaces, and no machine goes without a word.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{
    Answer, Closing, Context, Event, Expects, GrantView, Handled, Policy, PolicyDeleted, PolicyMachine,
    PolicyPut, Protocols, PutPolicy, Refusal, ResourceId, State, StatusReason, body,
};
use crate::model::Timestamp;
use crate::names::Names;

/// At most so many machines are named in a message.
const MOST_NAMED: usize = 20;

pub(super) fn put(
    state: &State,
    put: &PutPolicy,
    context: &Context,
    now: Timestamp,
) -> Result<Handled, Refusal> {
    let policy = body::policy(&put.policy, &put.body, now)?;
    let before = state.policy(&put.policy);
    expect(&put.expects, before.map(|before| &**before), &put.policy)?;
    let mut removed = Vec::new();
    let mut closed = Vec::new();
    if let Some(before) = before {
        let mut kept = Names::of_any_case(policy.machines.len());
        let mut rules = Names::of_any_case(0);
        for machine in &policy.machines {
            if kept.insert(machine.id.text(), 0, ()).is_none() {
                for rule in &machine.ports {
                    let protocols = Protocols::default().with(rule.protocol);
                    if let Some(known) = rules.insert(machine.id.text(), rule.number, protocols) {
                        *known = known.with(rule.protocol);
                    }
                }
            }
        }
        let gone = before.machines.iter().filter(|machine| kept.get(machine.rules.id.text(), 0).is_none());
        let gone: Vec<&PolicyMachine> = gone.collect();
        conflict(state, put, context, &gone)?;
        removed = gone.iter().map(|machine| machine.rules.id.clone()).collect();
        closed = closings(state, before, now, |view| !has(&rules, view));
    }
    let id = put.policy.clone();
    let event = Event::PolicyPut(PolicyPut { policy, removed, closed });
    Ok(Handled { events: alloc::vec![event], answer: Answer::Policy(id) })
}

pub(super) fn delete(
    state: &State,
    policy: &ResourceId,
    expects: &Expects,
    now: Timestamp,
) -> Result<Handled, Refusal> {
    let before = state.policy(policy);
    expect(expects, before.map(|before| &**before), policy)?;
    let Some(before) = before else {
        return Ok(Handled { events: Vec::new(), answer: Answer::NotThere });
    };
    let removed = before.machines.iter().map(|machine| machine.rules.id.clone()).collect();
    let closed = closings(state, before, now, |_| true);
    let event = Event::PolicyDeleted(PolicyDeleted { policy: (*before.id).clone(), removed, closed });
    Ok(Handled { events: alloc::vec![event], answer: Answer::Deleted })
}

pub(super) fn expect(expects: &Expects, policy: Option<&Policy>, id: &ResourceId) -> Result<(), Refusal> {
    let met = match (expects, policy) {
        (Expects::Anything, _) | (Expects::Absent, None) | (Expects::Present, Some(_)) => true,
        (Expects::OneOf(tags), Some(policy)) => tags.contains(&policy.tag),
        _ => false,
    };
    if met { Ok(()) } else { Err(Refusal::precondition_failed(id)) }
}

/// True where the machine still has rules for the grant's port that cover each of its protocols.
fn has(rules: &Names<Protocols>, view: &GrantView) -> bool {
    let known = rules.get(view.grant.machine.text(), view.grant.number);
    known.is_some_and(|known| {
        let covered = |protocol| known.iter().any(|rule| rule.covers(protocol));
        view.grant.protocols.iter().all(covered)
    })
}

/// The open grants of a policy that are meant, closed by a caller.
fn closings(
    state: &State,
    policy: &Policy,
    now: Timestamp,
    meant: impl Fn(&GrantView) -> bool,
) -> Vec<Closing> {
    let live = policy.machines.iter().flat_map(|machine| state.live_on(&machine.rules.id, now));
    let own = live.filter(|view| view.request.policy == policy.id && meant(view));
    Closing::each(own, StatusReason::UserRequested)
}

/// Refuses a PUT that would drop a machine which its caller cannot have seen: one that came in while the call was
/// under way, or that was put in after the caller was last shown the policy, or put it; be it by the same person in another
/// session, where what this one was shown is known.
fn conflict(
    state: &State,
    put: &PutPolicy,
    context: &Context,
    gone: &[&PolicyMachine],
) -> Result<(), Refusal> {
    // What callers were shown is not written down, but what they put is.
    let last_put = || state.last_put(&put.policy, &context.actor.principal.id);
    let unseen = |machine: &&&PolicyMachine| {
        let added = &machine.added;
        let others = added.by.id != context.actor.principal.id;
        let late = |seen: u64| added.version > seen;
        let unseen = match put.knows.last_shown {
            Some(seen) => late(seen),
            None => others && last_put().is_some_and(late),
        };
        unseen || late(put.knows.at_arrival) || (others && late(put.knows.others_at_arrival))
    };
    let unseen: Vec<_> = gone.iter().filter(unseen).collect();
    if unseen.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = unseen
        .iter()
        .take(MOST_NAMED)
        .map(|machine| {
            let added = &machine.added;
            let (id, time) = (machine.rules.id.text(), added.time.to_service_form());
            format!("'{id}' (added by '{}' at {time})", added.by.name)
        })
        .collect();
    let more = match unseen.len().saturating_sub(named.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "The policy '{}' was changed by another request: this one would remove {}{more}. Get the policy again, and put it with all its machines.",
        put.policy.text(),
        named.join(", "),
    );
    let target = unseen.first().map(|machine| machine.rules.id.text().to_string());
    Err(Refusal { target, ..Refusal::new(409, "Conflict", message) })
}
