//! Places as Resource Manager shows them: tenants, subscriptions, regions, resource groups, providers; and who calls.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::Serialize;

use super::{json, page};
use crate::ledger::Principal;
use crate::rest::Provider;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MeJson<'a> {
    object_id: &'a str,
    name: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_address: Option<String>,
}

/// `{"objectId", "name", "kind", "ipAddress"?}`
pub fn me(user: &Principal, address: Option<IpAddr>) -> String {
    let ip_address = address.map(|address| format!("{address}"));
    json(&MeJson { object_id: &user.id, name: &user.name, kind: user.kind.as_str(), ip_address })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TenantJson<'a> {
    id: String,
    tenant_id: &'a str,
    display_name: &'static str,
    tenant_category: &'static str,
}

/// `{"value": [{"id", "tenantId", "displayName", "tenantCategory"}]}` of the one there is.
pub fn tenants(id: &str) -> String {
    let tenant = TenantJson {
        id: format!("/tenants/{id}"),
        tenant_id: id,
        display_name: "jitgate",
        tenant_category: "Home",
    };
    page([json(&tenant)].into_iter(), &[], None)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionJson<'a> {
    id: String,
    subscription_id: &'a str,
    tenant_id: &'a str,
    display_name: &'a str,
    state: &'static str,
    authorization_source: &'static str,
    subscription_policies: SubscriptionPolicies,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionPolicies {
    location_placement_id: &'static str,
    quota_id: &'static str,
    spending_limit: &'static str,
}

/// `{"id", "subscriptionId", "tenantId", "displayName", "state", "authorizationSource", "subscriptionPolicies"}`
pub fn subscription(id: &str, tenant: &str) -> String {
    json(&SubscriptionJson {
        id: format!("/subscriptions/{id}"),
        subscription_id: id,
        tenant_id: tenant,
        display_name: id,
        state: "Enabled",
        authorization_source: "RoleBased",
        subscription_policies: SubscriptionPolicies {
            location_placement_id: "Public_2014-09-01",
            quota_id: "PayAsYouGo_2014-09-01",
            spending_limit: "Off",
        },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LocationJson<'a> {
    id: String,
    name: &'a str,
    display_name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// `{"id", "name", "displayName", "type"}`
pub fn location(subscription: &str, name: &str) -> String {
    let id = format!("/subscriptions/{subscription}/locations/{name}");
    json(&LocationJson { id, name, display_name: name, kind: "Region" })
}

#[derive(Serialize)]
struct SecurityLocationJson<'a> {
    id: String,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    properties: Nothing,
}

/// `{}`
#[derive(Serialize)]
struct Nothing {}

/// `{"id", "name", "type", "properties"}`
pub(crate) fn security_location(subscription: &str, name: &str) -> String {
    let id = format!("/subscriptions/{subscription}/providers/Microsoft.Security/locations/{name}");
    json(&SecurityLocationJson { id, name, kind: "Microsoft.Security/locations", properties: Nothing {} })
}

#[derive(Serialize)]
struct ResourceGroupJson<'a> {
    id: String,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    location: &'a str,
    properties: Provisioned,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Provisioned {
    provisioning_state: &'static str,
}

/// `{"id", "name", "type", "location", "properties": {"provisioningState"}}`
pub fn resource_group(subscription: &str, name: &str, location: &str) -> String {
    json(&ResourceGroupJson {
        id: format!("/subscriptions/{subscription}/resourceGroups/{name}"),
        name,
        kind: "Microsoft.Resources/resourceGroups",
        location,
        properties: Provisioned { provisioning_state: "Succeeded" },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProviderJson<'a> {
    id: String,
    namespace: &'static str,
    registration_state: &'static str,
    registration_policy: &'static str,
    resource_types: Vec<ResourceTypeJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceTypeJson<'a> {
    resource_type: &'static str,
    locations: &'a [String],
    api_versions: &'static [&'static str],
    capabilities: &'static str,
}

/// `{"id", "namespace", "registrationState", "registrationPolicy", "resourceTypes": [{"resourceType", …}]}`
pub(crate) fn provider(
    place: &str,
    &(namespace, types, api_versions): &Provider,
    locations: &[String],
) -> String {
    let one = |&resource_type: &&'static str| ResourceTypeJson {
        resource_type,
        locations,
        api_versions,
        capabilities: "None",
    };
    json(&ProviderJson {
        id: format!("{place}/providers/{namespace}"),
        namespace,
        registration_state: "Registered",
        registration_policy: "RegistrationFree",
        resource_types: types.iter().map(one).collect(),
    })
}
