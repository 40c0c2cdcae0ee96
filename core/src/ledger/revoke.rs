//! Grants closed by somebody before their end, and grants whose end has passed.

use alloc::format;
use alloc::vec::Vec;

use super::{
    AccessRevoked, Answer, Closing, Context, Event, GrantView, Handled, Policy, Refusal, ResourceId, State,
    StatusReason,
};
use crate::model::Timestamp;
use crate::wire::ledger::RevokeBody;

/// The code for what is not there to be closed.
const NOT_FOUND: &str = "AccessNotFound";

/// At most so many endings in one event; the next [`expire`] writes the rest.
const MOST_ENDINGS: usize = 1000;

pub(super) fn revoke(
    state: &State,
    id: &ResourceId,
    bytes: &[u8],
    may_write: bool,
    context: &Context,
    now: Timestamp,
) -> Result<Handled, Refusal> {
    let body = RevokeBody::parse(bytes).map_err(|error| {
        let message = format!("The request content was invalid and could not be deserialized: '{error}'.");
        Refusal::new(400, "InvalidRequestContent", message)
    })?;
    let policy = state.policy(id).ok_or_else(|| Refusal::policy_not_found(id))?;
    known(policy, &body)?;
    let caller = &context.actor.principal.id;
    let whose = body.requestor.as_deref();
    let is_meant = |view: &GrantView| {
        let requestor = &view.request.requestor;
        match whose {
            None => requestor.id == *caller,
            Some("*") => true,
            Some(name) => {
                requestor.id.eq_ignore_ascii_case(name) || requestor.name.eq_ignore_ascii_case(name)
            }
        }
    };
    let machines = policy.machines.iter().map(|machine| &machine.rules.id);
    let live = machines.flat_map(|machine| state.live_on(machine, now));
    let live: Vec<_> = live
        .filter(|view| view.request.policy == policy.id && body.names(view.grant) && is_meant(view))
        .collect();
    if !may_write && live.iter().any(|view| view.request.requestor.id != *caller) {
        let message = "Only who may write the policy can close what somebody else has asked for.";
        return Err(Refusal::new(403, "AuthorizationFailed", message));
    }
    // Who names something is told when there is nothing; who means everything is content with that.
    if live.is_empty() && (body.virtual_machines.is_some() || whose.is_some_and(|whose| whose != "*")) {
        return Err(nothing_open(policy, whose));
    }
    let answer = Answer::Revoked(live.iter().map(|view| view.id).collect());
    if live.is_empty() {
        return Ok(Handled { events: Vec::new(), answer });
    }
    let closed = Closing::each(live.into_iter(), StatusReason::UserRequested);
    let justification = body.justification.as_deref().map(super::body::justification).transpose()?;
    let event = Event::AccessRevoked(AccessRevoked { policy: (*policy.id).clone(), closed, justification });
    Ok(Handled { events: alloc::vec![event], answer })
}

/// Refuses machines and ports that the policy does not have: they are misspelt.
fn known(policy: &Policy, body: &RevokeBody) -> Result<(), Refusal> {
    for asked in body.virtual_machines.iter().flatten() {
        let (name, of) = (asked.id.text(), policy.id.text());
        let refuse = |message| {
            let refusal = Refusal::new(404, NOT_FOUND, message);
            Err(Refusal { target: Some(name.into()), ..refusal })
        };
        let Some(machine) = policy.machine(&asked.id) else {
            return refuse(format!("The machine '{name}' is not in the policy '{of}'."));
        };
        let is_missing = |port: &&u16| !machine.rules.ports.iter().any(|rule| rule.number == **port);
        if let Some(port) = asked.ports.iter().flatten().find(is_missing) {
            return refuse(format!("The policy '{of}' has no port {port} for the machine '{name}'."));
        }
    }
    Ok(())
}

fn nothing_open(policy: &Policy, whose: Option<&str>) -> Refusal {
    let by = match whose {
        None => "by a request of yours".into(),
        Some("*") => "by anybody's request".into(),
        Some(name) => format!("by a request of '{name}'"),
    };
    let message = format!("Nothing of what is named is open {by} under the policy '{}'.", policy.id.text());
    Refusal { target: Some(policy.id.text().into()), ..Refusal::new(404, NOT_FOUND, message) }
}

/// What has ended and is not written down yet.
pub(super) fn expire(state: &State, now: Timestamp) -> Handled {
    let due = state.ending.iter().take_while(|&&(end, _)| end <= now).take(MOST_ENDINGS);
    let views = due.filter_map(|&(_, id)| state.grant(id));
    let closed = Closing::each(views, StatusReason::Expired);
    let events = if closed.is_empty() { Vec::new() } else { alloc::vec![Event::AccessExpired(closed)] };
    Handled { events, answer: Answer::Done }
}

impl RevokeBody {
    /// True where the grant's machine and port are meant.
    fn names(&self, grant: &super::Grant) -> bool {
        let Some(machines) = &self.virtual_machines else { return true };
        machines.iter().any(|machine| {
            machine.id == *grant.machine
                && machine.ports.as_ref().is_none_or(|ports| ports.contains(&grant.number))
        })
    }
}
