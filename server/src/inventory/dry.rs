//! What a policy opens and closes on the network, with the requests that are open and one that might be made.

use std::sync::Arc;

use axum::response::Response;
use jitgate_core::ledger::{Refusal, ResourceId};
use jitgate_core::preview::{Loaded, Mode, Options, preview as core_preview};
use jitgate_core::wire;

use super::away;
use super::present::Present;
use crate::http::call::{Call, json};
use crate::http::error::Error;
use crate::http::route::PolicyPath;

/// `POST …/{policy}/preview`: the body is that of an `initiate` call, or empty. The answer is what `jitgate preview
/// --format json` prints for the inventory, the policy with its requests, and that request, but for reports on the
/// network's files; `?mode=document` leaves
/// existing rules alone.
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
    let options = Options { mode, caller_address: call.address, ..Options::at(now) };
    let document = not_in_force(&wire::ledger::policy(call.state(), policy, now));
    let request = call.body.clone();
    let text = away(move || {
        let network = Loaded::of(present.view.network().engine.clone());
        let requests: &[&[u8]] = if request.trim_ascii().is_empty() { &[] } else { &[&request] };
        wire::preview(&core_preview(&network, &[document.as_bytes()], requests, &options))
    });
    Ok(json(text.await?))
}

/// The policy without the word that the service has carried it out, every other byte in its place. What was imported has
/// the rules of whoever exported it, and that ours are not among them is no finding.
fn not_in_force(policy: &str) -> String {
    const WORD: &str = ",\"provisioningState\":\"Succeeded\"";
    policy.replace(WORD, &" ".repeat(WORD.len()))
}
