//! Which action at which scope a call takes. Whoever may not do it gets the same answer whether or not the thing is
//! there.

use axum::http::Method;
use jitgate_core::access::{Scope, action};
use jitgate_core::rest::{Action, RoleKind, Route, read_action, read_part_action};

use super::call::Call;
use super::error::Error;
use crate::inventory::is_told;

/// What a call needs.
enum Need {
    /// Nothing but to be somebody: what is shown is the caller's own, or filtered by the caller's rights.
    Nothing,
    /// The action at the scope.
    At(&'static str, String),
    /// One of two actions at the scope.
    Either([&'static str; 2], String),
    /// The action at the scope, or somewhere below: the answer holds only what the caller may see.
    Below(&'static str, String),
}

fn need(call: &Call, route: &Route) -> Need {
    match route {
        Route::Policies(place, _) | Route::Exposure(place, None) => Need::Below(action::JIT_READ, place.id()),
        Route::Exposure(_, Some(machine)) => {
            // Who may only read policies is told of the machines in these, and of no other.
            let told = is_told(&call.caller, call.state(), machine) || !call.may(action::JIT_READ, machine);
            Need::At(if told { action::JIT_READ } else { action::MACHINE_READ }, machine.clone())
        }
        Route::Policy(policy) => {
            let action = match call.method {
                Method::PUT => action::JIT_WRITE,
                Method::DELETE => action::JIT_DELETE,
                _ => action::JIT_READ,
            };
            Need::At(action, policy.text().to_owned())
        }
        Route::PolicyAction(policy, Action::Initiate | Action::Decide) => {
            Need::At(action::JIT_INITIATE, policy.text().to_owned())
        }
        // Who may ask for access may end their own; the ledger asks about the others'.
        Route::PolicyAction(policy, Action::Revoke) => {
            Need::Either([action::JIT_INITIATE, action::JIT_WRITE], policy.text().to_owned())
        }
        Route::PolicyAction(policy, Action::Preview) => Need::At(action::JIT_READ, policy.text().to_owned()),
        Route::Region(place, _) => Need::Below(action::MACHINE_READ, place.id()),
        Route::InstanceView(place, name) => {
            let machine = format!("{}/providers/Microsoft.Compute/virtualMachines/{name}", place.id());
            Need::At("Microsoft.Compute/virtualMachines/instanceView/read", machine)
        }
        Route::Inventory(kind, place, None) => Need::Below(read_action(*kind), place.id()),
        Route::Inventory(kind, place, Some(name)) => {
            Need::At(read_action(*kind), format!("{}/providers/{}/{name}", place.id(), kind.resource_type()))
        }
        Route::Parts(part, place, whole, _) => {
            let whole = format!("{}/providers/{}/{whole}", place.id(), part.whole().resource_type());
            Need::At(read_part_action(*part), whole)
        }
        Route::Roles(RoleKind::Definitions, scope, _) => {
            Need::Below(action::ROLE_DEFINITION_READ, scope.clone())
        }
        Route::Roles(RoleKind::Assignments, scope, None) => {
            Need::Below(action::ROLE_ASSIGNMENT_READ, scope.clone())
        }
        Route::Roles(RoleKind::Assignments, scope, Some(_)) => {
            Need::At(action::ROLE_ASSIGNMENT_READ, scope.clone())
        }
        Route::Activity(subscription) => {
            Need::Below(action::ACTIVITY_READ, format!("/subscriptions/{subscription}"))
        }
        // They tell of every subscription, of roles and of credentials.
        Route::Records => Need::At(action::ACTIVITY_READ, "/".to_owned()),
        // Prometheus has a token of its own, with a role at the root.
        Route::Metrics => Need::At(action::METRICS_READ, "/".to_owned()),
        _ => Need::Nothing,
    }
}

/// 403 for whoever may not.
pub fn check(call: &Call, route: &Route) -> Result<(), Error> {
    let at = |scope: &str| Scope::new(scope).unwrap_or_else(Scope::root);
    let caller = &call.caller;
    let (allowed, action, scope) = match need(call, route) {
        Need::Nothing => return Ok(()),
        Need::At(action, scope) => (caller.may(action, &at(&scope)), action, scope),
        Need::Either([one, other], scope) => {
            (caller.may(one, &at(&scope)) || caller.may(other, &at(&scope)), one, scope)
        }
        Need::Below(action, scope) => (caller.may_below(action, &at(&scope)), action, scope),
    };
    if allowed { Ok(()) } else { Err(caller.forbidden(action, &scope).into()) }
}

/// Puts a refusal on record, unless it was only about reading.
pub async fn record(call: &Call, route: &Route, error: Error) -> Error {
    match need(call, route) {
        _ if call.method == Method::GET => error,
        Need::At(action, scope) | Need::Either([action, _], scope) => {
            call.refuse(action, &scope, error).await
        }
        Need::Nothing | Need::Below(..) => error,
    }
}
