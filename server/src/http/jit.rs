//! The operations of `Microsoft.Security/locations/jitNetworkAccessPolicies`.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jitgate_core::access::{Scope, action};
use jitgate_core::decide::Context as DecideContext;
use jitgate_core::ledger::{
    self, Answer, Command, Event, Expects, Grant, Knows, Policy, PutPolicy, Refusal, Request, ResourceId,
    Scope as Within, State,
};
use jitgate_core::preview::is_instance_id;
use jitgate_core::{decide as core_decide, wire};

use super::call::{Call, Sent, json, status};
use super::coding::Coding;
use super::error::Error;
use super::route::{Place, PolicyPath};
use crate::inventory;
use crate::ledger::Ledger;

/// The policies of a place: those that the caller may read, a page at a time.
pub async fn list(call: &Call, place: &Place, location: Option<&str>) -> Result<Response, Error> {
    let after = call.query.after()?;
    let within = Within {
        subscription: &place.subscription,
        resource_group: place.resource_group.as_deref(),
        location,
    };
    let whole = Scope::new(&place.id()).is_some_and(|scope| call.caller.may(action::JIT_READ, &scope));
    let visible = |policy: &&Arc<Policy>| whole || call.may(action::JIT_READ, policy.id.text());
    let page = call.page()?;
    let (shown, more) = {
        let mut policies = call.state().policies(&within, after.as_deref()).filter(visible);
        let shown: Vec<&Arc<Policy>> = policies.by_ref().take(page).collect();
        (shown, policies.next().is_some())
    };
    let next = shown.last().filter(|_| more).map(|last| call.next_link(last.id.key()));
    for policy in &shown {
        call.app.shown.note(&call.caller.principal.id, policy.id.key(), call.state().seq());
    }
    let ports = inventory::mapped_ports(call, &call.ledger, &shown).await?;
    let mapped = |request: &Request, grant: &Grant| ports.of(request, grant);
    Ok(json(wire::ledger::mapped_policies(call.state(), shown, next.as_deref(), call.present(), &mapped)))
}

/// GET, PUT, DELETE.
pub async fn policy(call: &Call, path: &PolicyPath) -> Result<Response, Error> {
    let id = ResourceId::new(&path.id());
    match call.method {
        Method::PUT => put(call, id).await,
        Method::DELETE => delete(call, id).await,
        _ => match call.state().policy(&id) {
            Some(policy) => show(call, &call.ledger, policy).await,
            None => Err(Refusal::resource_not_found(&id).into()),
        },
    }
}

/// A policy as it is in this state, and that the caller saw it.
async fn show(call: &Call, ledger: &Arc<Ledger>, policy: &Arc<Policy>) -> Result<Response, Error> {
    let state = ledger.state();
    call.app.shown.note(&call.caller.principal.id, policy.id.key(), state.seq());
    let ports = inventory::mapped_ports(call, ledger, &[policy]).await?;
    let mapped = |request: &Request, grant: &Grant| ports.of(request, grant);
    let mut response = json(wire::ledger::mapped_policy(state, policy, state.present(call.now), &mapped));
    if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", policy.version)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

async fn put(call: &Call, id: ResourceId) -> Result<Response, Error> {
    let expects = expects(call)?;
    linked(call, &id).await?;
    let knows = Knows {
        at_arrival: call.state().seq(),
        last_shown: call.app.shown.last(&call.caller.principal.id, id.key()),
    };
    let put = PutPolicy { policy: id.clone(), body: call.body.to_vec(), expects, knows };
    let Sent { state, .. } = call.send(Command::PutPolicy(put)).await?;
    let ledger = Arc::new(Ledger::from(state));
    match ledger.state().policy(&id) {
        Some(policy) => show(call, &ledger, policy).await,
        None => Err(Refusal::resource_not_found(&id).into()),
    }
}

/// Resource Manager's linked access check: who puts a machine under a policy must have the right to change the
/// machine. An EC2 instance, which a policy names by its id, is in no scope but the root. Of a body with errors the ledger
/// speaks.
async fn linked(call: &Call, id: &ResourceId) -> Result<(), Error> {
    // Judged by the body alone, whatever is stored: nothing that comes in meanwhile can change the outcome.
    let knows = Knows { at_arrival: u64::MAX, last_shown: None };
    let put = PutPolicy { policy: id.clone(), body: call.body.to_vec(), expects: Expects::Anything, knows };
    let handled = ledger::handle(&State::new(), &Command::PutPolicy(put), &call.context());
    let events = handled.map(|handled| handled.events).unwrap_or_default();
    let machines = events.iter().flat_map(|event| match event {
        Event::PolicyPut(put) => put.policy.machines.as_slice(),
        _ => &[],
    });
    let scope = |id: &'_ ResourceId| -> String {
        let name = id.text().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if is_instance_id(name) { "/".to_owned() } else { id.text().to_owned() }
    };
    let mut scopes = machines.map(|machine| scope(&machine.id));
    let Some(machine) = scopes.find(|scope| !call.may(action::MACHINE_WRITE, scope)) else {
        return Ok(());
    };
    let principal = &call.caller.principal;
    let message = format!(
        "The client '{}' with object id '{}' has permission to perform action '{}' on scope '{}'; however, it does not \
         have permission to perform action '{}' on the linked scope(s) '{machine}' or the linked scope(s) are invalid.",
        principal.name,
        principal.id,
        action::JIT_WRITE,
        id.text(),
        action::MACHINE_WRITE,
    );
    let error = Error::new(StatusCode::FORBIDDEN, "LinkedAuthorizationFailed", message);
    Err(call.refuse(action::JIT_WRITE, id.text(), error).await)
}

async fn delete(call: &Call, id: ResourceId) -> Result<Response, Error> {
    let expects = expects(call)?;
    let Sent { answer, .. } = call.send(Command::DeletePolicy { policy: id, expects }).await?;
    Ok(match answer {
        Answer::NotThere => StatusCode::NO_CONTENT.into_response(),
        _ => (StatusCode::OK, [(header::CONTENT_LENGTH, HeaderValue::from_static("0"))], Body::empty())
            .into_response(),
    })
}

/// `initiate`: 202, and what was granted.
pub async fn initiate(call: &Call, path: &PolicyPath) -> Result<Response, Error> {
    let command = Command::Initiate { policy: ResourceId::new(&path.id()), body: call.body.to_vec() };
    let Sent { answer, state } = call.send(command).await?;
    let body = wire::ledger::answer(&state, &answer, call.now).unwrap_or_default();
    Ok(status(StatusCode::ACCEPTED, body))
}

/// `revoke`, our own: 200, and what was closed.
pub async fn revoke(call: &Call, path: &PolicyPath) -> Result<Response, Error> {
    let may_write = call.may(action::JIT_WRITE, &path.id());
    let command =
        Command::Revoke { policy: ResourceId::new(&path.id()), body: call.body.to_vec(), may_write };
    let Sent { answer, state } = call.send(command).await?;
    Ok(json(wire::ledger::answer(&state, &answer, call.now).unwrap_or_default()))
}

/// `decide`, our own: what `initiate` would come to, with nothing done.
pub fn decide(call: &Call, path: &PolicyPath) -> Result<Response, Error> {
    let id = ResourceId::new(&path.id());
    let policy = call.state().policy(&id).ok_or_else(|| Refusal::policy_not_found(&id))?;
    let document = wire::ledger::policy_rules(policy, |_| true);
    let context = DecideContext { now: call.present(), caller_address: call.address };
    let decision = core_decide::decide(document.as_bytes(), &call.body, &context);
    Ok(json(wire::decision(&decision)))
}

/// `If-Match` and `If-None-Match`.
fn expects(call: &Call) -> Result<Expects, Error> {
    let value =
        |name: HeaderName| call.headers.get(name).map(|value| value.to_str().unwrap_or_default().trim());
    match (value(header::IF_MATCH), value(header::IF_NONE_MATCH)) {
        (None, None) => Ok(Expects::Anything),
        (None, Some("*")) => Ok(Expects::Absent),
        (Some("*"), None) => Ok(Expects::Present),
        (Some(tags), None) => {
            // A tag that is none of ours matches nothing.
            let version = |tag: &str| Coding::untag(tag.trim()).parse().ok();
            Ok(Expects::OneOf(tags.split(',').filter_map(version).collect()))
        }
        (_, Some(_)) => {
            let message = "If-None-Match takes '*' alone, and not together with If-Match.";
            Err(Error::bad_request("InvalidRequestHeader", message).target("If-None-Match"))
        }
    }
}
