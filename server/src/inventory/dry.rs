//! What a policy opens and closes on the network, with the requests that are open and one that might be made.

use std::sync::Arc;

use axum::response::Response;
use jitgate_core::access::action;
use jitgate_core::inventory::{DryRun, Present};
use jitgate_core::ledger::ResourceId;
use jitgate_core::preview::{Names, Options};

use super::told::is_told;
use crate::http::call::{ASKING, Call, away, json};
use crate::http::error::Error;

/// `POST …/{policy}/preview`: the body is that of an `initiate` call, or empty, or `{"policy"?, "delete"?, "also"?, "request"?}` with
/// a policy that is looked at in place of the one that is stored, if there is one, or with none in its place; `also` has others
/// that change with it. The PUT and the request are carried out on a copy
/// of the ledger, as this caller at this instant, and what stands then among all policies is told of the machines of this
/// one: see [`Present::dry_run`]. `?mode=document` leaves existing rules alone.
///
/// What becomes of the machines of the policy of which the caller is not told ([`is_told`]) is left out; where others are touched, reports
/// say no more than that. A request is answered by the whole policy, as `decide` and `initiate` answer it.
pub async fn preview(call: &Call, id: &ResourceId, present: Arc<Present>) -> Result<Response, Error> {
    let mode = call.query.mode()?;
    let now = call.present();
    let asked = DryRun::read(&call.body);
    // What becomes of a policy tells what is in it.
    if let Some((other, _)) = asked.also.iter().find(|(other, _)| !call.may(action::JIT_READ, other.text())) {
        return Err(call.caller.forbidden(action::JIT_READ, other.text()).into());
    }
    let options = Options { mode, caller_address: call.address, names: Names::Instances, ..Options::at(now) };
    let (caller, ledger) = (call.caller.clone(), call.ledger.clone());
    let (id, context) = (id.clone(), call.context());
    let text = away(&ASKING, move || {
        let state = ledger.state();
        let sees = |machine: &str| is_told(&caller, state, machine);
        present.dry_run(state, (&id, &asked), &context, &options, &sees)
    });
    Ok(json(text.await??))
}
