//! What a policy opens and closes on the network, with the requests that are open and one that might be made.

use std::sync::Arc;

use axum::response::Response;
use jitgate_core::access::action;
use jitgate_core::inventory::{DryRun, Present};
use jitgate_core::ledger::ResourceId;
use jitgate_core::preview::{Names, Options};

use super::away;
use crate::http::call::{Call, json};
use crate::http::error::Error;

/// `POST …/{policy}/preview`: the body is that of an `initiate` call, or empty, or `{"policy"?, "request"?}` with a policy
/// that is looked at in place of the one that is stored, if there is one. The answer is what `jitgate preview
/// --format json` prints for the inventory, the policy with its requests, and that request, but for reports on the
/// network's files and machines that are not in the policy; `?mode=document` leaves existing rules alone.
///
/// Machines of the policy that the caller may not read are left out, as if the policy did not have them.
pub async fn preview(call: &Call, id: &ResourceId, present: Arc<Present>) -> Result<Response, Error> {
    let asked = DryRun::read(&call.body);
    let mut policy = asked.policy(call.state(), id, &call.context())?;
    let mode = call.query.mode()?;
    let now = call.present();
    let options = Options { mode, caller_address: call.address, names: Names::Instances, ..Options::at(now) };
    policy.machines.retain(|machine| {
        let id = machine.rules.id.text();
        call.may(action::JIT_READ, id) || call.may(action::MACHINE_READ, id)
    });
    let ledger = call.ledger.clone();
    let text = away(move || present.dry_run(ledger.state(), &policy, &asked.request, &options));
    Ok(json(text.await?))
}
