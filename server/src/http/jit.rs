//! The operations of `Microsoft.Security/locations/jitNetworkAccessPolicies`.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jitgate_core::access::{Scope, action};
use jitgate_core::decide::Context as DecideContext;
use jitgate_core::ledger::{
    Answer, Command, Expects, Grant, Knows, Policy, PutPolicy, Refusal, Request, ResourceId, Scope as Within,
    check_size,
};
use jitgate_core::rest::{Page, Place};
use jitgate_core::{decide as core_decide, wire};

use super::app::Shows;
use super::call::{ASKING, Call, Sent, WRITING, away, json, status};
use super::coding::Coding;
use super::error::Error;
use crate::inventory;
use crate::ledger::Ledger;

/// The policies of a place: those that the caller may read, a page at a time.
pub async fn list(call: &Call, place: &Place, location: Option<&str>) -> Result<Response, Error> {
    call.query.unfiltered()?;
    let after = call.query.after()?;
    let within = Within {
        subscription: &place.subscription,
        resource_group: place.resource_group.as_deref(),
        location,
    };
    let whole = Scope::new(&place.id()).is_some_and(|scope| call.caller.may(action::JIT_READ, &scope));
    let visible = |policy: &&Arc<Policy>| whole || call.may(action::JIT_READ, policy.id.text());
    let policies = call.state().policies(&within, after.as_deref()).filter(visible);
    let page = Page::of(policies, call.page()?);
    let next = page.followed().map(|last| call.next_link(last.id.key()));
    let shown = page.items;
    if shown.is_empty() && after.is_none() {
        inventory::find_place(call, place).await?;
    }
    let ports = inventory::mapped_ports(call, &call.ledger, &shown).await?;
    let mapped = |request: &Request, grant: &Grant| ports.of(request, grant);
    let shows = Shows::new(&call.caller, call.state(), &shown);
    let text = wire::ledger::mapped_policies(call.state(), shown, next.as_deref(), call.present(), &mapped);
    Ok(shows.with(json(text)))
}

/// GET, PUT, DELETE.
pub async fn policy(call: &Call, id: ResourceId) -> Result<Response, Error> {
    match call.method {
        Method::PUT => put(call, id).await,
        Method::DELETE => delete(call, id).await,
        _ => match call.state().policy(&id) {
            Some(policy) => show(call, &call.ledger, policy).await,
            None => {
                // What can be told without an inventory that cannot be read is told.
                let view = inventory::view(call).await.ok();
                let missing = Refusal::resource_not_found(&id);
                Err(call.asked(view.as_deref()).missing(&Place::of(&id), missing).into())
            }
        },
    }
}

/// A policy as it is in this state.
async fn show(call: &Call, ledger: &Arc<Ledger>, policy: &Arc<Policy>) -> Result<Response, Error> {
    let state = ledger.state();
    let ports = inventory::mapped_ports(call, ledger, &[policy]).await?;
    let mapped = |request: &Request, grant: &Grant| ports.of(request, grant);
    let mut response = json(wire::ledger::mapped_policy(state, policy, state.present(call.now), &mapped));
    if let Ok(tag) = HeaderValue::try_from(policy.tag.to_string()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(Shows::new(&call.caller, state, &[policy]).with(response))
}

async fn put(call: &Call, id: ResourceId) -> Result<Response, Error> {
    let expects = expects(call)?;
    let (caller, policy, body, context) =
        (call.caller.clone(), id.clone(), call.body.clone(), call.context());
    let linked = move || caller.linked(&policy, &body, &context);
    let linked = if call.is_small() { linked() } else { away(&WRITING, linked).await? };
    if let Some(refusal) = linked {
        return Err(call.refuse(action::JIT_WRITE, id.text(), refusal.into()).await);
    }
    let knows = Knows {
        at_arrival: call.state().seq(),
        others_at_arrival: call.batch.unwrap_or_else(|| call.state().seq()),
        last_shown: call.app.shown.last(&call.caller.session, id.key()),
    };
    let put = PutPolicy { policy: id.clone(), body: call.body.to_vec(), expects, knows };
    let Sent { state, .. } = call.send(Command::PutPolicy(put)).await?;
    let ledger = Arc::new(Ledger::from(state));
    // Whatever becomes of the answer: what is there now is what the caller sent.
    Shows::new(&call.caller, ledger.state(), ledger.state().policy(&id).as_slice()).note(&call.app.shown);
    match ledger.state().policy(&id) {
        Some(policy) => show(call, &ledger, policy).await,
        None => Err(Refusal::resource_not_found(&id).into()),
    }
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
pub async fn initiate(call: &Call, policy: ResourceId) -> Result<Response, Error> {
    let command = Command::Initiate { policy, body: call.body.to_vec(), expects: expects(call)? };
    let Sent { answer, state } = call.send(command).await?;
    let body = wire::ledger::answer(&state, &answer, call.now).unwrap_or_default();
    Ok(status(StatusCode::ACCEPTED, body))
}

/// `revoke`, our own: 200, and what was closed.
pub async fn revoke(call: &Call, policy: ResourceId) -> Result<Response, Error> {
    let may_write = call.may(action::JIT_WRITE, policy.text());
    let command = Command::Revoke { policy, body: call.body.to_vec(), expects: expects(call)?, may_write };
    let Sent { answer, state } = call.send(command).await?;
    Ok(json(wire::ledger::answer(&state, &answer, call.now).unwrap_or_default()))
}

/// `decide`, our own: what `initiate` would come to, with nothing done.
pub async fn decide(call: &Call, id: &ResourceId) -> Result<Response, Error> {
    let policy = Arc::clone(call.state().policy(id).ok_or_else(|| Refusal::policy_not_found(id))?);
    let (body, context) =
        (call.body.clone(), DecideContext { now: call.present(), caller_address: call.address });
    // Policies and requests may be long.
    let decide = move || {
        check_size(&body)?;
        let document = wire::ledger::policy_rules(&policy, |_| true);
        let decision = core_decide::decide(document.as_bytes(), &body, &context);
        Ok::<_, Refusal>(wire::decision(&decision))
    };
    Ok(json(away(&ASKING, decide).await??))
}

/// `If-Match` and `If-None-Match`.
fn expects(call: &Call) -> Result<Expects, Error> {
    // Several lines are one list (RFC 9110, section 5.3).
    let list = |name: HeaderName| {
        let lines = call.headers.get_all(name).into_iter().map(|value| value.to_str().unwrap_or_default());
        lines.map(str::to_owned).reduce(|list, line| format!("{list},{line}"))
    };
    // The tag of an encoded answer means the same as that of the plain one.
    let plain =
        |tags: String| tags.split(',').map(|tag| Coding::untag(tag.trim())).collect::<Vec<_>>().join(",");
    let if_match = list(header::IF_MATCH).map(plain);
    Ok(Expects::of(if_match.as_deref(), list(header::IF_NONE_MATCH).as_deref())?)
}
