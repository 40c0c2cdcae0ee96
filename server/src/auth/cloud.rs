//! What `az` asks a custom cloud beside the API: where to sign in, which subscriptions and tenants there are.

use std::collections::BTreeSet;

use serde::Serialize;

use super::caller::Caller;

/// The audience of Azure Resource Manager: what clients name as the scope of their tokens.
const AUDIENCE: &str = "https://management.azure.com/";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    name: &'static str,
    portal: &'a str,
    resource_manager: &'a str,
    authentication: Authentication<'a>,
    /// `az` reads it without asking whether it is there.
    suffixes: Suffixes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Authentication<'a> {
    login_endpoint: &'a str,
    audiences: [&'static str; 1],
    tenant: &'static str,
    identity_provider: &'static str,
}

#[derive(Serialize)]
struct Suffixes {}

#[derive(Serialize)]
struct List<T> {
    value: Vec<T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subscription<'a> {
    id: String,
    authorization_source: &'static str,
    subscription_id: &'a str,
    display_name: &'a str,
    state: &'static str,
    tenant_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tenant<'a> {
    id: String,
    tenant_id: &'a str,
    display_name: &'static str,
    tenant_category: &'static str,
}

/// `GET /metadata/endpoints`, which needs no token. `origin` is this server's, as the client knows it.
pub fn metadata_endpoints(origin: &str) -> String {
    let authentication = Authentication {
        login_endpoint: origin,
        audiences: [AUDIENCE],
        tenant: "common",
        identity_provider: "AAD",
    };
    json(&Metadata {
        name: "jitgate",
        portal: origin,
        resource_manager: origin,
        authentication,
        suffixes: Suffixes {},
    })
}

/// `GET /subscriptions`: those of the known ones in which the caller has any role, and those that the caller's roles
/// name, each once, in the order of their ids.
pub fn subscriptions<'a>(
    caller: &'a Caller,
    known: impl IntoIterator<Item = &'a str>,
    tenant: &str,
) -> String {
    let ids = visible(caller, known);
    json(&List { value: ids.iter().map(|id| shown(id, tenant)).collect() })
}

/// `GET /subscriptions/{id}`; none where the caller has no role in it.
pub fn subscription(caller: &Caller, id: &str, tenant: &str) -> Option<String> {
    caller.sees(id).then(|| json(&shown(&id.to_ascii_lowercase(), tenant)))
}

/// `GET /tenants`.
pub fn tenants(tenant: &str) -> String {
    let id = format!("/tenants/{tenant}");
    json(&List {
        value: vec![Tenant { id, tenant_id: tenant, display_name: "jitgate", tenant_category: "Home" }],
    })
}

fn visible<'a>(caller: &'a Caller, known: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let seen = known.into_iter().filter(|id| caller.sees(id));
    seen.chain(caller.subscriptions()).map(str::to_ascii_lowercase).collect()
}

fn shown<'a>(id: &'a str, tenant: &'a str) -> Subscription<'a> {
    Subscription {
        id: format!("/subscriptions/{id}"),
        authorization_source: "RoleBased",
        subscription_id: id,
        display_name: id,
        state: "Enabled",
        tenant_id: tenant,
    }
}

/// Our own shapes cannot fail to serialize.
fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
