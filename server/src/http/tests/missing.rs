//! Places and providers that are not there, and places with nothing in them.

use serde_json::{Value, json};

use super::{Answer, S, Site, at, policy};

/// A site that knows of places from what was imported: a machine in a subscription of its own.
async fn imported() -> Site {
    let site = Site::new();
    let id = "/subscriptions/0e7a3f52-5d0f-4b0b-9c55-2f1f3f0f6a01/resourceGroups/far/providers/Microsoft.Compute\
              /virtualMachines/vm9";
    site.import(&[json!({"id": id, "name": "vm9", "location": "westeurope", "properties": {}})]).await;
    site
}

/// Without an inventory nobody can tell which places there are, and policies can be put into any.
#[tokio::test]
async fn without_an_inventory_every_place_is_there() {
    let site = Site::new();
    for place in [format!("/subscriptions/{S}"), format!("/subscriptions/{S}/resourceGroups/none")] {
        for list in ["Microsoft.Security/jitNetworkAccessPolicies", "Microsoft.Compute/virtualMachines"] {
            let answer = site.get("owner", &format!("{place}/providers/{list}?api-version=2020-01-01")).await;
            assert_eq!((answer.status, answer.text.as_str()), (200, "{\"value\":[]}"), "{place} {list}");
        }
    }
    assert_eq!(site.get("owner", &at("")).await.code(), "ResourceNotFound");
    // Who has no role there is not told that either.
    let resources = format!("/subscriptions/{S}/resources?api-version=2021-04-01");
    assert_eq!(site.get("nobody", &resources).await.code(), "SubscriptionNotFound");
    assert_eq!(site.get("owner", &resources).await.text, "{\"value\":[]}");
}

/// Its region is that of the policy that was deleted, however the group is called.
#[tokio::test]
async fn a_group_that_is_called_as_regions_are() {
    let site = Site::new();
    let path = at("").replace("/g1/", "/locations/");
    for method in ["PUT", "DELETE"] {
        assert_eq!(site.call("owner", method, &path, &policy(&["vm1"])).await.status, 200);
    }
    let group = format!("/subscriptions/{S}/resourceGroups/locations?api-version=2021-04-01");
    assert_eq!(site.get("owner", &group).await.json()["location"], "westeurope");
}

/// As Resource Manager has it: in a place that is not there nothing is an empty list. Who may not know of it learns nothing.
#[tokio::test]
async fn a_list_of_a_place_that_is_not_there_is_none() {
    let site = imported().await;
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let other = at("").replace("/g1/", "/g2/");
    assert_eq!(site.call("owner", "PUT", &other, &policy(&["vm1"])).await.status, 200);
    let policies = "providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01";
    let regional =
        "providers/Microsoft.Security/locations/eastus/jitNetworkAccessPolicies?api-version=2020-01-01";
    let machines = "providers/Microsoft.Compute/virtualMachines?api-version=2024-07-01";
    let groups = "providers/Microsoft.Network/networkSecurityGroups?api-version=2024-05-01";
    let by_region = "providers/Microsoft.Compute/locations/eastus/virtualMachines?api-version=2024-07-01";
    let resources = "resources?api-version=2021-04-01";
    let absent = "30ff7fc3-e762-44dd-bd96-b71116dcdc23";
    let (s, none) = (format!("/subscriptions/{S}"), format!("/subscriptions/{absent}"));
    for rest in [policies, regional, machines, groups, resources] {
        let of = async |caller: &str, place: &str| site.get(caller, &format!("{place}/{rest}")).await;
        let missing = of("owner", &format!("{s}/resourceGroups/none")).await;
        assert_eq!((missing.status, missing.code().as_str()), (404, "ResourceGroupNotFound"), "{rest}");
        let missing = of("owner", &format!("{none}/resourceGroups/g1")).await;
        assert_eq!((missing.status, missing.code().as_str()), (404, "SubscriptionNotFound"), "{rest}");
        // One that is there is a list, if an empty one; also for who has a role in it alone.
        for caller in ["owner", "ann"] {
            assert_eq!(of(caller, &format!("{s}/resourceGroups/G1")).await.status, 200, "{caller} {rest}");
        }
        for caller in ["ann", "nobody"] {
            let there = of(caller, &format!("{s}/resourceGroups/g2")).await;
            let missing = of(caller, &format!("{s}/resourceGroups/g3")).await;
            assert_ne!(there.status, 200, "{caller} {rest}");
            assert_eq!(there.text.replace("g2", "g3"), missing.text, "{caller} {rest}");
        }
    }
    for rest in [policies, regional, machines, by_region, groups, resources] {
        let missing = site.get("owner", &format!("{none}/{rest}")).await;
        assert_eq!((missing.status, missing.code().as_str()), (404, "SubscriptionNotFound"), "{rest}");
        assert_eq!(site.get("owner", &format!("{s}/{rest}")).await.status, 200, "{rest}");
        let hidden = site.get("nobody", &format!("{none}/{rest}")).await;
        let there = site.get("nobody", &format!("{s}/{rest}")).await;
        assert_eq!(there.text.replace(S, absent), hidden.text, "{rest}");
    }
    let log = "providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01";
    for rest in [log.to_owned(), format!("{log}&$format=csv")] {
        let missing = site.get("owner", &format!("{none}/{rest}")).await;
        assert_eq!((missing.status, missing.code().as_str()), (404, "SubscriptionNotFound"), "{rest}");
        for filter in ["", "&$filter=status%20eq%20'Failed'"] {
            assert_eq!(site.get("owner", &format!("{s}/{rest}{filter}")).await.status, 200, "{rest}{filter}");
        }
        assert_eq!(site.get("nobody", &format!("{none}/{rest}")).await.code(), "AuthorizationFailed");
    }
    // So is one thing in a place that is not there.
    let group = format!("{s}/resourceGroups/none");
    let vm = format!("{group}/providers/Microsoft.Compute/virtualMachines/vm1");
    let nsg = format!("{group}/providers/Microsoft.Network/networkSecurityGroups/n");
    for path in [
        at("").replace("/g1/", "/none/").replace("{s}", S).replace("default", "other"),
        format!("{vm}?api-version=2024-07-01"),
        format!("{vm}/instanceView?api-version=2024-07-01"),
        format!("{nsg}/securityRules?api-version=2024-05-01"),
        format!("{nsg}/securityRules/r?api-version=2024-05-01"),
    ] {
        let missing = site.get("owner", &path).await;
        assert_eq!((missing.status, missing.code().as_str()), (404, "ResourceGroupNotFound"), "{path}");
        let missing = site.get("owner", &path.replace("/none/", "/g1/")).await;
        assert!(missing.status == 404 && missing.code().starts_with("Resource"), "{missing:?}");
        assert_ne!(missing.code(), "ResourceGroupNotFound", "{path}");
    }
}

/// As in Azure a place outlives what was in it; and whoever is to put the first thing into one can look at it.
#[tokio::test]
async fn a_place_is_there_with_nothing_in_it() {
    let site = imported().await;
    let list = "providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01";
    let group = format!("/subscriptions/{S}/resourceGroups/g1");
    // By the role of `ann` there, which is not known to the ledger: by nothing for others.
    let empty = |answer: &Answer| (answer.status, answer.text.as_str()) == (200, "{\"value\":[]}");
    assert!(empty(&site.get("ann", &format!("{group}/{list}")).await));
    assert_eq!(site.get("ann", &format!("{group}?api-version=2021-04-01")).await.json()["name"], "g1");
    assert_eq!(site.get("owner", &format!("{group}/{list}")).await.code(), "SubscriptionNotFound");
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    assert_eq!(site.call("ann", "DELETE", &at(""), &Value::Null).await.status, 200);
    for place in [format!("/subscriptions/{S}"), group.clone()] {
        assert!(empty(&site.get("owner", &format!("{place}/{list}")).await), "{place}");
        assert_eq!(
            site.get("owner", &format!("{place}?api-version=2021-04-01")).await.status,
            200,
            "{place}"
        );
    }
    let shown = site.get("owner", &format!("{group}?api-version=2021-04-01")).await.json();
    assert_eq!((&shown["name"], &shown["location"]), (&json!("g1"), &json!("westeurope")));
}

#[tokio::test]
async fn providers_that_are_not_here_are_named() {
    let site = Site::new();
    for (method, path) in [
        ("POST", "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01".to_owned()),
        ("GET", "/providers/Microsoft.ResourceGraph?api-version=2022-10-01".to_owned()),
        ("GET", format!("/subscriptions/{S}/providers/Microsoft.Web/sites?api-version=2024-01-01")),
        (
            "GET",
            format!(
                "/subscriptions/{S}/resourceGroups/g1/providers/Microsoft.Web/sites/x?api-version=2024-01-01"
            ),
        ),
    ] {
        let answer = site.call("owner", method, &path, &Value::Null).await;
        assert_eq!((answer.status, answer.code().as_str()), (404, "InvalidResourceNamespace"), "{path}");
        assert!(answer.text.contains("Microsoft.Security"), "{answer:?}");
    }
    let disks = format!("/subscriptions/{S}/providers/Microsoft.Compute/disks?api-version=2024-03-02");
    assert_eq!(site.get("owner", &disks).await.code(), "InvalidResourceType");
    let provider = site.get("nobody", "/providers/microsoft.insights?api-version=2021-04-01").await.json();
    assert_eq!(provider["id"], "/providers/Microsoft.Insights");
    let categories = "/providers/Microsoft.Insights/eventcategories?api-version=2015-04-01";
    let expected = json!({"value": [{"value": "Administrative", "localizedValue": "Administrative"}]});
    assert_eq!(site.get("nobody", categories).await.json(), expected);
    assert_eq!(site.get("", categories).await.status, 401);
}
