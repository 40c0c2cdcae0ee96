//! Grants closed by somebody before their end, and grants whose end has passed.

use alloc::format;
use alloc::vec::Vec;

use super::{
    AccessRevoked, Answer, Closing, Context, Event, Expects, GrantView, Handled, MachineRules, Policy,
    Principal, Refusal, ResourceId, State, StatusReason, put,
};
use crate::model::Timestamp;
use crate::names::Names;
use crate::wire::ledger::RevokeBody;

/// The code for what is not there to be closed.
const NOT_FOUND: &str = "AccessNotFound";

/// At most so many endings in one event; the next [`expire`] writes the rest.
const MOST_ENDINGS: usize = 1000;

pub(super) fn revoke(
    state: &State,
    id: &ResourceId,
    bytes: &[u8],
    (expects, may_write): (&Expects, bool),
    context: &Context,
    now: Timestamp,
) -> Result<Handled, Refusal> {
    let body = RevokeBody::parse(bytes).map_err(|slip| {
        let message =
            format!("The request content was invalid and could not be deserialized: '{}'.", slip.message);
        Refusal::bad_request("InvalidRequestContent", message).at(slip.code, slip.path, slip.message)
    })?;
    let caller = &context.actor.principal;
    let whose = body.requestor.as_deref();
    let is_called = |who: &Principal, name: &str| {
        who.id.eq_ignore_ascii_case(name) || who.name.eq_ignore_ascii_case(name)
    };
    // Before anything is looked up: what others have open is not told by the answer.
    if !may_write && whose.is_some_and(|name| !is_called(caller, name)) {
        let message = "Only who may write the policy can close what somebody else has asked for.";
        return Err(Refusal::new(403, "AuthorizationFailed", message));
    }
    let policy = state.policy(id).ok_or_else(|| Refusal::policy_not_found(id))?;
    put::expect(expects, Some(policy), id)?;
    known(policy, &body)?;
    let is_meant = |view: &GrantView| {
        let requestor = &view.request.requestor;
        match whose.filter(|_| may_write) {
            None => requestor.id == caller.id,
            Some("*") => true,
            Some(name) => is_called(requestor, name),
        }
    };
    let meant = Meant::of(&body);
    let machines = policy.machines.iter().map(|machine| &machine.rules.id);
    let live = machines.flat_map(|machine| state.live_on(machine, now));
    let live: Vec<_> = live
        .filter(|view| view.request.policy == policy.id && meant.names(view.grant) && is_meant(view))
        .collect();
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
    let (mut machines, mut ports) = (Names::of_any_case(0), Names::of_any_case(0));
    for MachineRules { id, ports: rules, .. } in policy.machines.iter().map(|machine| &machine.rules) {
        machines.insert(id.text(), 0, ());
        for rule in rules {
            ports.insert(id.text(), rule.number, ());
        }
    }
    for asked in body.virtual_machines.iter().flatten() {
        let (name, of) = (asked.id.text(), policy.id.text());
        let refuse = |message| {
            let refusal = Refusal::new(404, NOT_FOUND, message);
            Err(Refusal { target: Some(name.into()), ..refusal })
        };
        if machines.get(name, 0).is_none() {
            return refuse(format!("The machine '{name}' is not in the policy '{of}'."));
        }
        if let Some(port) = asked.ports.iter().flatten().find(|port| ports.get(name, **port).is_none()) {
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

/// What a body means, found at once: it may name many machines, and many may be open.
struct Meant<'b> {
    all: bool,
    machines: Names<'b, ()>,
    ports: Names<'b, ()>,
}

impl<'b> Meant<'b> {
    fn of(body: &'b RevokeBody) -> Self {
        let (mut machines, mut ports) = (Names::of_any_case(0), Names::of_any_case(0));
        for machine in body.virtual_machines.iter().flatten() {
            let id = machine.id.text();
            if machine.ports.is_none() {
                machines.insert(id, 0, ());
            }
            for number in machine.ports.iter().flatten() {
                ports.insert(id, *number, ());
            }
        }
        Self { all: body.virtual_machines.is_none(), machines, ports }
    }

    /// True where the grant's machine and port are meant.
    fn names(&self, grant: &super::Grant) -> bool {
        let id = grant.machine.text();
        self.all || self.machines.get(id, 0).is_some() || self.ports.get(id, grant.number).is_some()
    }
}
