//! What a policy opens and closes on the network, with the requests that are open and one that might be made.

use std::sync::Arc;

use axum::response::Response;
use jitgate_core::access::action;
use jitgate_core::inventory::Present;
use jitgate_core::ledger::{Policy, Refusal, ResourceId};
use jitgate_core::preview::{Loaded, Mode, Names, Options, preview as core_preview};
use jitgate_core::wire;

use super::away;
use crate::http::call::{Call, json};
use crate::http::error::Error;
use crate::http::route::PolicyPath;

/// `POST …/{policy}/preview`: the body is that of an `initiate` call, or empty. The answer is what `jitgate preview
/// --format json` prints for the inventory, the policy with its requests, and that request, but for reports on the
/// network's files and machines that are not in the policy; `?mode=document` leaves existing rules alone.
///
/// Machines of the policy that the caller may not read are left out, as if the policy did not have them.
pub async fn preview(call: &Call, path: &PolicyPath, present: Arc<Present>) -> Result<Response, Error> {
    let id = ResourceId::new(&path.id());
    let policy = call.state().policy(&id).ok_or_else(|| Refusal::policy_not_found(&id))?;
    let mode = match call.query.get("mode") {
        None => Mode::Enforce,
        Some(name) => Mode::from_name(name).ok_or_else(|| {
            let message = format!("The mode '{name}' is neither 'enforce' nor 'document'.");
            Error::bad_request("InvalidQueryParameter", message).target("mode")
        })?,
    };
    let now = call.present();
    let options = Options { mode, caller_address: call.address, names: Names::Instances, ..Options::at(now) };
    let mut readable = Policy::clone(policy);
    readable.machines.retain(|machine| {
        let id = machine.rules.id.text();
        call.may(action::JIT_READ, id) || call.may(action::MACHINE_READ, id)
    });
    let document = not_in_force(&wire::ledger::policy(call.state(), &readable, now));
    let request = call.body.clone();
    let text = away(move || {
        let network = Loaded::of(present.view.network().engine.clone());
        let requests: &[&[u8]] = if request.trim_ascii().is_empty() { &[] } else { &[&request] };
        let mut preview = core_preview(&network, &[document.as_bytes()], requests, &options);
        // The rest of the network is nothing that the policy changes.
        preview.machines.retain(|machine| !machine.policies.is_empty());
        let machines = &preview.machines;
        for interval in &mut preview.timeline {
            interval.opened.retain(|(id, ..)| machines.iter().any(|machine| machine.id == *id));
        }
        wire::preview(&preview)
    });
    Ok(json(text.await?))
}

/// The policy without the word that the service has carried it out, every other byte in its place. What was imported has
/// the rules of whoever exported it, and that ours are not among them is no finding.
fn not_in_force(policy: &str) -> String {
    const WORD: &str = ",\"provisioningState\":\"Succeeded\"";
    policy.replace(WORD, &" ".repeat(WORD.len()))
}
