//! What a policy opens and closes on the network, with the requests that are open and one that might be made.

use std::sync::Arc;

use axum::response::Response;
use jitgate_core::access::action;
use jitgate_core::ledger::{Command, Expects, Knows, Policy, PutPolicy, Refusal, ResourceId, State};
use jitgate_core::preview::{Loaded, Mode, Names, Options, preview as core_preview};
use jitgate_core::wire;
use serde_json::Value;

use super::away;
use super::present::Present;
use crate::http::call::{Call, json};
use crate::http::error::Error;
use crate::http::route::PolicyPath;

/// `POST …/{policy}/preview`: the body is that of an `initiate` call, or empty, or `{"policy"?, "request"?}` with a policy
/// that is looked at in place of the one that is stored, if there is one. The answer is what `jitgate preview
/// --format json` prints for the inventory, the policy with its requests, and that request, but for reports on the
/// network's files and machines that are not in the policy; `?mode=document` leaves existing rules alone.
///
/// Machines of the policy that the caller may not read are left out, as if the policy did not have them.
pub async fn preview(call: &Call, path: &PolicyPath, present: Arc<Present>) -> Result<Response, Error> {
    let id = ResourceId::new(&path.id());
    let Asked { policy, request } = Asked::read(call, &id)?;
    let mode = match call.query.get("mode") {
        None => Mode::Enforce,
        Some(name) => Mode::from_name(name).ok_or_else(|| {
            let message = format!("The mode '{name}' is neither 'enforce' nor 'document'.");
            Error::bad_request("InvalidQueryParameter", message).target("mode")
        })?,
    };
    let now = call.present();
    let options = Options { mode, caller_address: call.address, names: Names::Instances, ..Options::at(now) };
    let mut readable = policy;
    readable.machines.retain(|machine| {
        let id = machine.rules.id.text();
        call.may(action::JIT_READ, id) || call.may(action::MACHINE_READ, id)
    });
    let document = not_in_force(&wire::ledger::policy(call.state(), &readable, now));
    let text = away(move || {
        let network = Loaded::of(present.view.network().engine.clone());
        let requests: &[&[u8]] = if request.is_empty() { &[] } else { &[&request] };
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

/// What a preview is asked of.
struct Asked {
    policy: Policy,
    /// A request's JSON; empty for none.
    request: Vec<u8>,
}

impl Asked {
    fn read(call: &Call, id: &ResourceId) -> Result<Self, Error> {
        let stored = || -> Result<Policy, Error> {
            let found = call.state().policy(id).ok_or_else(|| Refusal::policy_not_found(id))?;
            Ok(Policy::clone(found))
        };
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        let (policy, request) = (body.get("policy"), body.get("request"));
        if policy.is_none() && request.is_none() {
            return Ok(Self { policy: stored()?, request: call.body.trim_ascii().to_vec() });
        }
        let policy = match policy.filter(|policy| !policy.is_null()) {
            Some(policy) => proposed(call, id, policy)?,
            None => stored()?,
        };
        let request = request.filter(|request| !request.is_null()).map(Value::to_string);
        Ok(Self { policy, request: request.unwrap_or_default().into_bytes() })
    }
}

/// The policy that a PUT of this body would store.
fn proposed(call: &Call, id: &ResourceId, body: &Value) -> Result<Policy, Error> {
    let put = PutPolicy {
        policy: id.clone(),
        body: body.to_string().into_bytes(),
        expects: Expects::Anything,
        knows: Knows { at_arrival: u64::MAX, last_shown: None },
    };
    // Over an empty ledger: what is stored can neither forbid it nor add to it.
    let mut state = State::new();
    state.execute(&Command::PutPolicy(put), &call.context()).outcome?;
    let policy = state.policy(id).ok_or_else(|| Refusal::policy_not_found(id))?;
    Ok(Policy::clone(policy))
}

/// The policy without the word that the service has carried it out, every other byte in its place. What was imported has
/// the rules of whoever exported it, and that ours are not among them is no finding.
fn not_in_force(policy: &str) -> String {
    const WORD: &str = ",\"provisioningState\":\"Succeeded\"";
    policy.replace(WORD, &" ".repeat(WORD.len()))
}
