//! Which action at which scope a call takes. Whoever may not do it gets the same answer whether or not the thing is
//! there.

use axum::http::Method;
use jitgate_core::access::{Scope, action};

use super::call::Call;
use super::error::Error;
use super::route::{Action, Place, PolicyPath, ResourceKind, RoleKind, Route};

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
        Route::Exposure(_, Some(machine)) => Need::At(action::JIT_READ, machine.clone()),
        Route::Policy(policy) => {
            let action = match call.method {
                Method::PUT => action::JIT_WRITE,
                Method::DELETE => action::JIT_DELETE,
                _ => action::JIT_READ,
            };
            Need::At(action, policy.id())
        }
        Route::PolicyAction(policy, Action::Initiate | Action::Decide) => {
            Need::At(action::JIT_INITIATE, policy.id())
        }
        // Who may ask for access may end their own; the ledger asks about the others'.
        Route::PolicyAction(policy, Action::Revoke) => {
            Need::Either([action::JIT_INITIATE, action::JIT_WRITE], policy.id())
        }
        Route::PolicyAction(policy, Action::Preview) => Need::At(action::JIT_READ, policy.id()),
        Route::Inventory(kind, place, None) => Need::Below(read(*kind), place.id()),
        Route::Inventory(kind, place, Some(name)) => {
            Need::At(read(*kind), format!("{}/providers/{}/{name}", place.id(), kind.name()))
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
        Route::Metrics => Need::At("Microsoft.Insights/metrics/read", "/".to_owned()),
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
    if allowed { Ok(()) } else { Err(caller.forbidden(action, &scope)) }
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

/// The action of reading a kind of resource.
pub fn read(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::VirtualMachines => action::MACHINE_READ,
        ResourceKind::NetworkInterfaces => action::INTERFACE_READ,
        ResourceKind::NetworkSecurityGroups => action::SECURITY_GROUP_READ,
        ResourceKind::PublicIpAddresses => action::PUBLIC_ADDRESS_READ,
        ResourceKind::VirtualNetworks => action::NETWORK_READ,
        ResourceKind::AzureFirewalls => action::FIREWALL_READ,
        ResourceKind::ApplicationSecurityGroups => action::APPLICATION_GROUP_READ,
        ResourceKind::RouteTables => action::ROUTE_TABLE_READ,
    }
}

impl ResourceKind {
    /// Azure's type, as in `Microsoft.Compute/virtualMachines`.
    pub fn name(self) -> &'static str {
        match self {
            Self::VirtualMachines => "Microsoft.Compute/virtualMachines",
            Self::NetworkInterfaces => "Microsoft.Network/networkInterfaces",
            Self::NetworkSecurityGroups => "Microsoft.Network/networkSecurityGroups",
            Self::PublicIpAddresses => "Microsoft.Network/publicIPAddresses",
            Self::VirtualNetworks => "Microsoft.Network/virtualNetworks",
            Self::AzureFirewalls => "Microsoft.Network/azureFirewalls",
            Self::ApplicationSecurityGroups => "Microsoft.Network/applicationSecurityGroups",
            Self::RouteTables => "Microsoft.Network/routeTables",
        }
    }
}

impl Place {
    /// Its id.
    pub fn id(&self) -> String {
        match &self.resource_group {
            Some(group) => format!("/subscriptions/{}/resourceGroups/{group}", self.subscription),
            None => format!("/subscriptions/{}", self.subscription),
        }
    }
}

impl PolicyPath {
    /// The policy's id in Azure's own spelling of everything but its parts.
    pub fn id(&self) -> String {
        let Self { subscription, resource_group, location, name } = self;
        format!(
            "/subscriptions/{subscription}/resourceGroups/{resource_group}/providers/Microsoft.Security/locations/{location}/jitNetworkAccessPolicies/{name}"
        )
    }
}
