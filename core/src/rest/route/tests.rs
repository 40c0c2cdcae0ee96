//! A table of paths and the operations they name.

use alloc::borrow::ToOwned;

use super::*;
use crate::model::PolicyId;

const S: &str = "20ff7fc3-e762-44dd-bd96-b71116dcdc23";

fn parse(path: &str) -> Result<Option<Route>, Refusal> {
    Route::parse(&Path::parse(&path.replace("{s}", S))?)
}

fn place(group: Option<&str>) -> Place {
    Place { subscription: S.to_owned(), resource_group: group.map(str::to_owned) }
}

fn policy(resource_group: &str, location: &str, name: &str) -> ResourceId {
    ResourceId::policy(&PolicyId { subscription: S, resource_group, location, name }).unwrap()
}

#[test]
fn paths() {
    let s = S.to_owned();
    let machines = ArmKind::VirtualMachine;
    for (path, expected) in [
        ("/openapi.json", Route::OpenApi),
        ("/subscriptions", Route::Subscriptions),
        ("/Subscriptions/", Route::Subscriptions),
        ("/subscriptions/{s}", Route::Subscription(s.clone())),
        ("/subscriptions/{s}/locations", Route::Locations(s.clone())),
        ("/subscriptions/{s}/resourcegroups", Route::ResourceGroups(s.clone())),
        ("/subscriptions/{s}/resourceGroups/G", Route::ResourceGroup(s.clone(), "G".to_owned())),
        ("/providers/", Route::Providers(None)),
        ("/Providers/microsoft.compute", Route::Provider(None, "microsoft.compute".to_owned())),
        ("/providers/Microsoft.Insights/eventCategories", Route::Categories),
        ("/subscriptions/{s}/providers", Route::Providers(Some(s.clone()))),
        (
            "/subscriptions/{s}/providers/Microsoft.Security",
            Route::Provider(Some(s.clone()), "Microsoft.Security".to_owned()),
        ),
        (
            "/subscriptions/{s}/providers/Microsoft.Security/register",
            Route::Register(s.clone(), "Microsoft.Security".to_owned()),
        ),
        (
            "/subscriptions/{s}/providers/Microsoft.Security/jitNetworkAccessPolicies",
            Route::Policies(place(None), None),
        ),
        (
            "/subscriptions/{s}/providers/Microsoft.Security/locations/westEurope/jitNetworkAccessPolicies",
            Route::Policies(place(None), Some("westEurope".to_owned())),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Security/jitNetworkAccessPolicies/",
            Route::Policies(place(Some("g")), None),
        ),
        (
            "/subscriptions/{s}/resourcegroups/g/providers/microsoft.Security/locations/l/jitNetworkAccessPolicies",
            Route::Policies(place(Some("g")), Some("l".to_owned())),
        ),
        (
            "/SUBSCRIPTIONS/{s}/RESOURCEGROUPS/g/PROVIDERS/MICROSOFT.SECURITY/LOCATIONS/l/JITNETWORKACCESSPOLICIES/Default",
            Route::Policy(policy("g", "l", "Default")),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Security/locations/l/jitNetworkAccessPolicies/d/Initiate",
            Route::PolicyAction(policy("g", "l", "d"), Action::Initiate),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Security/locations/l/jitNetworkAccessPolicies/d/revoke",
            Route::PolicyAction(policy("g", "l", "d"), Action::Revoke),
        ),
        (
            "/subscriptions/{s}/providers/Microsoft.Insights/eventtypes/management/values",
            Route::Activity(s.clone()),
        ),
        ("/subscriptions/{s}/providers/Microsoft.Security/jitExposure", Route::Exposure(place(None), None)),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm/providers/Microsoft.Security/jitExposure",
            Route::Exposure(
                place(Some("g")),
                Some(format!(
                    "/subscriptions/{S}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm"
                )),
            ),
        ),
        (
            "/subscriptions/{s}/providers/Microsoft.Compute/virtualMachines",
            Route::Inventory(machines, place(None), None),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Network/publicIPAddresses/Ip",
            Route::Inventory(ArmKind::PublicIpAddress, place(Some("g")), Some("Ip".to_owned())),
        ),
        (
            "/subscriptions/{s}/providers/Microsoft.Authorization/permissions",
            Route::Permissions(format!("/subscriptions/{S}")),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v/providers/Microsoft.Authorization/permissions",
            Route::Permissions(format!(
                "/subscriptions/{S}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v"
            )),
        ),
        ("/tenants", Route::Tenants),
        ("/Batch", Route::Batch),
        ("/events", Route::Events),
        ("/records", Route::Records),
        ("/metadata/endpoints", Route::MetadataEndpoints),
        ("/T/v2.0/.well-known/openid-configuration", Route::OpenIdConfiguration("T".to_owned())),
        ("/adfs/.well-known/openid-configuration", Route::OpenIdConfiguration("adfs".to_owned())),
        ("/T/oauth2/v2.0/token", Route::Token("T".to_owned())),
        ("/T/discovery/v2.0/keys", Route::Keys("T".to_owned())),
        ("/adfs/discovery/keys", Route::Keys("adfs".to_owned())),
        ("/healthz", Route::Health),
    ] {
        assert_eq!(parse(path).unwrap(), Some(expected), "{path}");
    }
}

#[test]
fn paths_of_roles_regions_and_tables() {
    for (path, expected) in [
        (
            "/subscriptions/{s}/providers/Microsoft.Authorization/roleDefinitions",
            Route::Roles(RoleKind::Definitions, format!("/subscriptions/{S}"), None),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/microsoft.authorization/ROLEASSIGNMENTS/A",
            Route::Roles(
                RoleKind::Assignments,
                format!("/subscriptions/{S}/resourceGroups/g"),
                Some("A".to_owned()),
            ),
        ),
        (
            "/providers/Microsoft.Authorization/roleAssignments",
            Route::Roles(RoleKind::Assignments, "/".to_owned(), None),
        ),
        (
            "/subscriptions/{s}/providers/Microsoft.Security/locations/East%20US/jitNetworkAccessPolicies",
            Route::Policies(place(None), Some("eastus".to_owned())),
        ),
        (
            "/subscriptions/{s}/providers/Microsoft.Compute/locations/West%20Europe/virtualMachines",
            Route::Region(place(None), "westeurope".to_owned()),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/VM/InstanceView",
            Route::InstanceView(place(Some("g")), "VM".to_owned()),
        ),
        (
            "/subscriptions/{s}/providers/Microsoft.Security/locations",
            Route::SecurityLocations(S.to_owned(), None),
        ),
        (
            "//subscriptions/{s}/providers/microsoft.security/locations/westEurope/",
            Route::SecurityLocations(S.to_owned(), Some("westEurope".to_owned())),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Network/routeTables/rt",
            Route::Inventory(ArmKind::RouteTable, place(Some("g")), Some("rt".to_owned())),
        ),
    ] {
        assert_eq!(parse(path).unwrap(), Some(expected), "{path}");
    }
}

#[test]
fn paths_of_parts_of_all_types_and_of_whom_roles_are_given_to() {
    let part = |part, whole: &str, name: Option<&str>| {
        Route::Parts(part, place(Some("g")), whole.to_owned(), name.map(str::to_owned))
    };
    for (path, expected) in [
        ("/subscriptions/{s}/resources", Route::Resources(place(None))),
        ("/subscriptions/{s}/resourcegroups/g/Resources/", Route::Resources(place(Some("g")))),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n/securityRules",
            part(ArmPart::SecurityRule, "n", None),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/microsoft.network/networksecuritygroups/N/SECURITYRULES/Ssh",
            part(ArmPart::SecurityRule, "N", Some("Ssh")),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s",
            part(ArmPart::Subnet, "v", Some("s")),
        ),
        (
            "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Network/routeTables/r/routes",
            part(ArmPart::Route, "r", None),
        ),
        ("/v1.0/directoryObjects/getByIds", Route::Graph(Graph::ByIds)),
        ("/v1.0/users", Route::Graph(Graph::Users)),
        ("/v1.0/servicePrincipals", Route::Graph(Graph::ServicePrincipals)),
    ] {
        assert_eq!(parse(path).unwrap(), Some(expected), "{path}");
    }
}

#[test]
fn paths_of_nothing() {
    for path in [
        "/v1.0/groups",
        "/subscriptions/{s}/resources/x",
        "/subscriptions/{s}/providers/Microsoft.Network/networkSecurityGroups/n/securityRules",
        "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n/subnets",
        "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n/securityRules/a/b",
        "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v/extensions",
        "/",
        "/subscription",
        "/subscriptions//providers",
        "/subscriptions/{s}/resourceGroups/",
        "/subscriptions/{s}/x",
        "/subscriptions/{s}/providers/Microsoft.Security/x",
        "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Security/locations",
        "/subscriptions/{s}/providers/Microsoft.Security/locations/%20",
        "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Compute/locations/l/virtualMachines",
        "/subscriptions/{s}/providers/Microsoft.Network/locations/l/virtualMachines",
        "/subscriptions/{s}/providers/Microsoft.Compute/locations/%20/virtualMachines",
        "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Network/virtualMachines/v/instanceView",
        "/subscriptions/{s}/providers/Microsoft.Security/locations/l/jitNetworkAccessPolicies/d",
        "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Security/locations/l/jitNetworkAccessPolicies/d/open",
        "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Security/locations//jitNetworkAccessPolicies/d",
        "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Security/locations/%20/jitNetworkAccessPolicies/d",
        "/providers/Microsoft.Authorization/permissions",
        "/providers/Microsoft.Authorization",
        "/providers/Microsoft.Security/roleAssignments",
        "/subscriptions/{s}/providers/Microsoft.Authorization/roles",
        "/subscriptions/{s}/providers/Microsoft.Authorization/roleAssignments/a/b",
        "/subscriptions/{s}/providers/Microsoft.Compute/virtualMachines/vm",
        "/subscriptions/{s}/resourceGroups/g/providers/Microsoft.Insights/eventtypes/management/values",
    ] {
        let route = parse(path).unwrap();
        let group_list = path.ends_with("resourceGroups/");
        assert_eq!(route.is_none(), !group_list, "{path}: {route:?}");
    }
}

#[test]
fn names_that_are_refused() {
    for (path, code) in [
        ("/subscriptions/s/resourceGroups/g", "InvalidSubscriptionId"),
        ("/subscriptions/20ff7fc3e76244ddbd96b71116dcdc23", "InvalidSubscriptionId"),
        ("/subscriptions/{s}/resourceGroups/a%20b", "InvalidResourceGroup"),
        (&format!("/subscriptions/{{s}}/resourceGroups/{}", "a".repeat(91)), "InvalidResourceGroup"),
    ] {
        let error = parse(path).unwrap_err();
        assert_eq!((error.status, error.code), (400, code), "{path}");
    }
}
