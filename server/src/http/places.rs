//! Subscriptions, resource groups, providers, tenants and permissions: as much of them as clients ask for.

use std::collections::BTreeMap;

use axum::response::Response;
use jitgate_core::access::{Scope, action};
use jitgate_core::wire;
use serde_json::{Value, json};

use super::call::{self, Call, page};
use super::error::Error;

/// The one tenant: this server. A GUID, since clients take nothing else.
pub const TENANT: &str = "6a697467-6174-4500-8000-000000000001";

/// The subscriptions that anything is known of and the caller has a role in, as first spelt.
fn known(call: &Call) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    let mut add = |id: &str| {
        known.entry(id.to_ascii_lowercase()).or_insert_with(|| id.to_owned());
    };
    call.state().all_policies().for_each(|policy| add(policy.parts().subscription));
    crate::inventory::subscriptions(call).iter().for_each(|id| add(id));
    call.caller.roles.iter().filter_map(|(_, scope)| scope.subscription()).for_each(&mut add);
    let roles = call.state().role_assignments();
    roles
        .filter_map(|role| Some(Scope::new(&role.scope)?.subscription()?.to_owned()))
        .for_each(|id| add(&id));
    known.retain(|id, _| {
        Scope::new(&format!("/subscriptions/{id}")).is_some_and(|scope| call.caller.knows(&scope))
    });
    known
}

fn subscription_json(id: &str) -> Value {
    json!({
        "id": format!("/subscriptions/{id}"),
        "subscriptionId": id,
        "tenantId": TENANT,
        "displayName": id,
        "state": "Enabled",
        "authorizationSource": "RoleBased",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    })
}

/// All of them.
pub fn subscriptions(call: &Call) -> Response {
    page(known(call).values().map(|id| subscription_json(id)).collect(), None)
}

/// One of them.
pub fn subscription(call: &Call, id: &str) -> Result<Response, Error> {
    Ok(call::json(subscription_json(&find(call, id)?).to_string()))
}

/// A subscription that the caller has a role in; the answer is the same for one that is not there.
fn find(call: &Call, id: &str) -> Result<String, Error> {
    known(call).remove(&id.to_ascii_lowercase()).ok_or_else(|| {
        Error::not_found("SubscriptionNotFound", format!("The subscription '{id}' could not be found."))
    })
}

/// The regions that its policies are in.
pub fn locations(call: &Call, id: &str) -> Result<Response, Error> {
    let id = find(call, id)?;
    let all = call.state().all_policies().map(|policy| policy.parts());
    let own = all.filter(|parts| parts.subscription.eq_ignore_ascii_case(&id));
    let names: std::collections::BTreeSet<String> =
        own.map(|parts| parts.location.to_ascii_lowercase()).collect();
    let location = |name: &String| {
        json!({
            "id": format!("/subscriptions/{id}/locations/{name}"),
            "name": name,
            "displayName": name,
            "type": "Region",
        })
    };
    Ok(page(names.iter().map(location).collect(), None))
}

/// Who the caller is, and the address from which a request without a source would be.
pub fn me(call: &Call) -> Response {
    let principal = &call.caller.principal;
    let mut me = json!({
        "objectId": *principal.id,
        "name": *principal.name,
        "kind": principal.kind.as_str(),
    });
    if let (Some(address), Some(members)) = (call.address, me.as_object_mut()) {
        members.insert("ipAddress".to_owned(), address.to_string().into());
    }
    call::json(me.to_string())
}

/// The one tenant.
pub fn tenants() -> Response {
    let tenant = json!({
        "id": format!("/tenants/{TENANT}"),
        "tenantId": TENANT,
        "displayName": "jitgate",
        "tenantCategory": "Home",
    });
    page(vec![tenant], None)
}

/// The resource groups that policies or the inventory are in, by name in lower case: name and region.
fn groups(call: &Call, subscription: &str) -> BTreeMap<String, (String, String)> {
    let mut groups = BTreeMap::new();
    let mut add = |name: &str, location: &str| {
        groups.entry(name.to_ascii_lowercase()).or_insert_with(|| (name.to_owned(), location.to_owned()));
    };
    for (name, location) in crate::inventory::resource_groups(call, subscription) {
        add(&name, &location);
    }
    let parts = call.state().all_policies().map(|policy| policy.parts());
    let own = parts.filter(|parts| parts.subscription.eq_ignore_ascii_case(subscription));
    own.for_each(|parts| add(parts.resource_group, parts.location));
    groups.retain(|name, _| {
        let scope = Scope::new(&format!("/subscriptions/{subscription}/resourceGroups/{name}"));
        scope.is_some_and(|scope| call.caller.knows(&scope))
    });
    groups
}

fn group_json(subscription: &str, name: &str, location: &str) -> Value {
    json!({
        "id": format!("/subscriptions/{subscription}/resourceGroups/{name}"),
        "name": name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": location,
        "properties": { "provisioningState": "Succeeded" },
    })
}

/// All of a subscription.
pub fn resource_groups(call: &Call, id: &str) -> Result<Response, Error> {
    let id = find(call, id)?;
    let groups = groups(call, &id);
    Ok(page(groups.values().map(|(name, location)| group_json(&id, name, location)).collect(), None))
}

/// One of them.
pub fn resource_group(call: &Call, id: &str, name: &str) -> Result<Response, Error> {
    let id = find(call, id)?;
    match groups(call, &id).get(&name.to_ascii_lowercase()) {
        Some((name, location)) => Ok(call::json(group_json(&id, name, location).to_string())),
        None => {
            let message = format!("Resource group '{name}' could not be found.");
            Err(Error::not_found("ResourceGroupNotFound", message))
        }
    }
}

/// What each provider serves here: its types and their versions.
const PROVIDERS: [(&str, &[&str], &[&str]); 5] = [
    (
        "Microsoft.Security",
        &["locations", "locations/jitNetworkAccessPolicies", "jitNetworkAccessPolicies"],
        &["2020-01-01", "2015-06-01-preview"],
    ),
    ("Microsoft.Compute", &["virtualMachines"], &["2024-07-01", "2023-03-01"]),
    (
        "Microsoft.Network",
        &[
            "networkInterfaces",
            "networkSecurityGroups",
            "publicIPAddresses",
            "virtualNetworks",
            "azureFirewalls",
            "applicationSecurityGroups",
            "routeTables",
        ],
        &["2024-05-01", "2023-09-01"],
    ),
    (
        "Microsoft.Authorization",
        &["permissions", "roleDefinitions", "roleAssignments"],
        &["2022-04-01", "2015-07-01"],
    ),
    ("Microsoft.Insights", &["eventtypes"], &["2015-04-01"]),
];

fn provider_json(subscription: &str, (name, types, versions): (&str, &[&str], &[&str])) -> Value {
    let types: Vec<Value> = types
        .iter()
        .map(|kind| json!({ "resourceType": kind, "locations": [], "apiVersions": versions, "capabilities": "None" }))
        .collect();
    json!({
        "id": format!("/subscriptions/{subscription}/providers/{name}"),
        "namespace": name,
        "registrationState": "Registered",
        "registrationPolicy": "RegistrationFree",
        "resourceTypes": types,
    })
}

/// All providers: each is registered.
pub fn providers(call: &Call, id: &str) -> Result<Response, Error> {
    let id = find(call, id)?;
    Ok(page(PROVIDERS.map(|provider| provider_json(&id, provider)).to_vec(), None))
}

/// One of them; also the answer to whoever registers it.
pub fn provider(call: &Call, id: &str, name: &str) -> Result<Response, Error> {
    let id = find(call, id)?;
    match PROVIDERS.into_iter().find(|(own, ..)| own.eq_ignore_ascii_case(name)) {
        Some(provider) => Ok(call::json(provider_json(&id, provider).to_string())),
        None => {
            let message = format!("The resource provider namespace '{name}' could not be found.");
            Err(Error::not_found("InvalidResourceNamespace", message))
        }
    }
}

/// What the caller may do at a scope: whoever has no role there gets an empty list.
pub fn permissions(call: &Call, scope: &str) -> Result<Response, Error> {
    let Some(at) = Scope::new(scope) else {
        let message = format!("The scope '{scope}' is invalid.");
        return Err(call.caller.forbidden(action::PERMISSIONS_READ, &message));
    };
    Ok(call::json(wire::permissions(&call.caller.permissions(&at))))
}
