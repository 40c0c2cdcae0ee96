//! What a policy opens and closes on the network, with the requests that are open and one that might be made.

use std::sync::Arc;

use axum::response::Response;
use jitgate_core::access::{Scope, action};
use jitgate_core::inventory::{DryRun, Present};
use jitgate_core::ledger::ResourceId;
use jitgate_core::preview::{Names, Options, is_instance_id};
use jitgate_core::rest::Caller;

use crate::http::call::{ASKING, Call, away, json};
use crate::http::error::Error;
use crate::ledger::Ledger;

/// `POST …/{policy}/preview`: the body is that of an `initiate` call, or empty, or `{"policy"?, "request"?}` with a policy
/// that is looked at in place of the one that is stored, if there is one. The PUT and the request are carried out on a copy
/// of the ledger, as this caller at this instant, and what stands then among all policies is told of the machines of this
/// one: see [`Present::dry_run`]. `?mode=document` leaves existing rules alone.
///
/// Machines of the policy that the caller may not read are left out, as if the policy did not have them; where others are
/// touched, reports say no more than that.
pub async fn preview(call: &Call, id: &ResourceId, present: Arc<Present>) -> Result<Response, Error> {
    let mode = call.query.mode()?;
    let now = call.present();
    let options = Options { mode, caller_address: call.address, names: Names::Instances, ..Options::at(now) };
    let reader = Reader { caller: call.caller.clone(), ledger: call.ledger.clone() };
    let (body, id, context) = (call.body.clone(), id.clone(), call.context());
    let text = away(&ASKING, move || {
        let (state, asked) = (reader.ledger.state(), DryRun::read(&body));
        let sees = |machine: &str| reader.sees(machine);
        present.dry_run(state, (&id, &asked), &context, &options, &sees)
    });
    Ok(json(text.await??))
}

/// Who is told of machines.
struct Reader {
    caller: Caller,
    ledger: Arc<Ledger>,
}

impl Reader {
    /// True where the caller may read the machine, by the id that a policy has for it or else its own. An instance of
    /// EC2 is in no scope but the root, until a policy that is stored names it: whoever puts one may give it any scope.
    fn sees(&self, machine: &str) -> bool {
        let reads = |scope: &str| {
            let may = |scope: &Scope| {
                [action::JIT_READ, action::MACHINE_READ].iter().any(|action| self.caller.may(action, scope))
            };
            Scope::new(scope).is_some_and(|scope| may(&scope))
        };
        let is_instance =
            is_instance_id(machine.trim_end_matches('/').rsplit('/').next().unwrap_or_default());
        let is_stored = || self.ledger.state().policies_of(&ResourceId::new(machine)).next().is_some();
        if is_instance && !is_stored() { reads("/") } else { reads(machine) }
    }
}
