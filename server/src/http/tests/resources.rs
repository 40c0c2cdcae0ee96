//! What clients list besides: resources of all types, parts of resources, and whom roles are given to.

use serde_json::json;

use super::roles::{self, names};
use super::{S, Site, at, machine, policy};

pub fn in_group(group: &str, kind: &str, name: &str) -> String {
    format!("/subscriptions/{S}/resourceGroups/{group}/providers/{kind}/{name}")
}

/// A site with machines in two groups, and an NSG with a subnet behind it in the first.
async fn networked() -> Site {
    let site = Site::new();
    let machine = |group: &str, name: &str, region: &str| {
        json!({"id": in_group(group, "Microsoft.Compute/virtualMachines", name), "name": name,
            "type": "Microsoft.Compute/virtualMachines", "location": region, "tags": {"Env": "prod"}, "properties": {}})
    };
    let nsg = in_group("g1", "Microsoft.Network/networkSecurityGroups", "nsg1");
    let rule = |name: &str, priority: u32| {
        json!({"name": name, "properties": {"priority": priority, "direction": "Inbound", "access": "Allow",
            "protocol": "Tcp", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*",
            "destinationPortRange": "22"}})
    };
    let rules = [1, 2, 3, 4, 5].map(|number| rule(&format!("Rule{number}"), 300_u32.saturating_add(number)));
    let network = json!({"id": in_group("g1", "Microsoft.Network/virtualNetworks", "net"), "name": "net",
        "location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [
            {"name": "front", "properties": {"addressPrefix": "10.0.0.0/24", "networkSecurityGroup": {"id": nsg}}}]}});
    let nic = json!({"id": in_group("g1", "Microsoft.Network/networkInterfaces", "nic1"), "name": "nic1",
        "location": "westeurope", "properties": {"networkSecurityGroup": {"id": nsg}, "virtualMachine": {"id": super::machine("vm1")},
            "ipConfigurations": [{"name": "ip1", "properties": {"privateIPAddress": "10.0.0.4", "primary": true}}]}});
    let nsg =
        json!({"id": nsg, "name": "nsg1", "location": "westeurope", "properties": {"securityRules": rules}});
    let machines = [("g1", "vm1", "westeurope"), ("g1", "vm2", "West Europe"), ("g2", "vm9", "northeurope")];
    let [one, two, other] = machines.map(|(group, name, region)| machine(group, name, region));
    site.import(&[nic, one, two, other, nsg, network]).await;
    site
}

pub fn list(group: Option<&str>, filter: &str) -> String {
    let place = group.map_or(String::new(), |group| format!("/resourceGroups/{group}"));
    let filter = filter.replace(' ', "%20").replace('\'', "%27");
    format!("/subscriptions/{S}{place}/resources?api-version=2021-04-01&$filter={filter}")
}

#[tokio::test]
async fn resources_of_all_types_are_listed_as_far_as_the_caller_may_read_them() {
    let site = networked().await;
    let whole = list(None, "").replace("&$filter=", "");
    let all = ["vm1", "vm2", "nic1", "nsg1", "net", "vm9"];
    assert_eq!(names(&site, "owner", &whole).await, all);
    assert_eq!(names(&site, "reader", &whole).await, all[..5], "of the caller's group");
    site.roles("one", &[("Reader", &machine("vm2"))]);
    assert_eq!(names(&site, "one", &whole).await, ["vm2"]);
    // A role that reads policies shows none of what they protect.
    site.roles("security", &[("Security Reader", &format!("/subscriptions/{S}"))]);
    assert_eq!(names(&site, "security", &whole).await, Vec::<String>::new());
    assert_eq!(site.get("nobody", &whole).await.code(), "SubscriptionNotFound");
    // A group that is not the caller's is none.
    let hidden = site.get("reader", &list(Some("g2"), "name eq 'x'")).await;
    assert_eq!(hidden.code(), "ResourceGroupNotFound");
    assert_eq!(
        hidden.text.replace("g2", "g3"),
        site.get("reader", &list(Some("g3"), "name eq 'x'")).await.text
    );
    let one = site.get("owner", &list(None, "name eq 'VM1'")).await.json()["value"][0].clone();
    let expected = json!({"id": machine("vm1"), "name": "vm1", "type": "Microsoft.Compute/virtualMachines",
        "location": "westeurope", "tags": {"Env": "prod"}});
    assert_eq!(one, expected);
}

#[tokio::test]
async fn resources_are_filtered() {
    let site = networked().await;
    for (group, filter, expected) in [
        (None, "resourceType eq 'microsoft.network/networksecuritygroups'", vec!["nsg1"]),
        (None, "resourceType eq 'Microsoft.Web/sites'", vec![]),
        (None, "resourceGroup eq 'G2'", vec!["vm9"]),
        // As `az resource list` sends it.
        (Some("g2"), "", vec!["vm9"]),
        (Some("g1"), "resourceGroup eq 'g2'", vec![]),
        (Some("G1"), "resourceType eq 'Microsoft.Compute/virtualMachines'", vec!["vm1", "vm2"]),
        (
            None,
            "location eq 'westeurope' and resourceType eq 'Microsoft.Compute/virtualMachines'",
            vec!["vm1", "vm2"],
        ),
        (None, "location eq 'North Europe'", vec!["vm9"]),
        (None, "tagname eq 'env'", vec!["vm1", "vm2", "vm9"]),
        (None, "tagname eq 'env' and tagvalue eq 'test'", vec![]),
        (None, "tagvalue eq 'prod' and tagName eq 'Env' and name eq 'vm9'", vec!["vm9"]),
        // As `az resource list --tag env*` sends it.
        (None, "startswith(tagname, 'EN')", vec!["vm1", "vm2", "vm9"]),
        (None, "name ne 'vm1' and resourceType eq 'Microsoft.Compute/virtualMachines'", vec!["vm2", "vm9"]),
        (
            None,
            "resourceType ne 'Microsoft.Compute/virtualMachines' and location ne 'north europe'",
            vec!["nic1", "nsg1", "net"],
        ),
        (Some("g1"), "startswith(name, 'N')", vec!["nic1", "nsg1", "net"]),
        (None, "startswith(name,'vm1') eq true or name eq 'net'", vec!["vm1", "net"]),
        (None, "substringof('M9', name)", vec!["vm9"]),
        (None, "substringof('2', resourceGroup) or substringof('sg', name)", vec!["nsg1", "vm9"]),
        // `and` binds closer than `or`.
        (None, "name eq 'vm1' or name eq 'vm9' and resourceGroup eq 'g1'", vec!["vm1"]),
        (None, "(name eq 'vm1' or name eq 'vm9') and resourceGroup eq 'g2'", vec!["vm9"]),
        (None, "((name eq 'it''s') or (resourceGroup ne 'g1'))", vec!["vm9"]),
    ] {
        assert_eq!(names(&site, "owner", &list(group, filter)).await, expected, "{filter}");
    }
    for (query, target) in [("$filter=x", "$filter"), ("$top=0", "$top"), ("$skiptoken=%21", "$skiptoken")] {
        let answer =
            site.get("owner", &format!("/subscriptions/{S}/resources?api-version=2021-04-01&{query}")).await;
        assert_eq!((answer.status, &answer.json()["error"]["target"]), (400, &json!(target)), "{query}");
    }
}

#[tokio::test]
async fn parts_are_what_the_whole_has() {
    let site = networked().await;
    let version = "api-version=2024-05-01";
    let get = async |path: String| site.get("owner", &format!("{path}?{version}")).await;
    let nsg = in_group("g1", "Microsoft.Network/networkSecurityGroups", "nsg1");
    let rules = names(&site, "owner", &format!("{nsg}/securityRules?{version}")).await;
    assert_eq!(rules, ["Rule1", "Rule2", "Rule3", "Rule4", "Rule5"]);
    assert_eq!(names(&site, "owner", &format!("{nsg}/securityRules?{version}&$top=2")).await, rules);
    let whole = get(nsg.clone()).await.json();
    let rule = get(format!("{nsg}/securityRules/RULE2")).await.json();
    assert!(whole["properties"]["securityRules"].as_array().unwrap().contains(&rule), "{rule}");
    assert_eq!(rule["properties"]["priority"], 302);
    assert_eq!(names(&site, "owner", &format!("{nsg}/defaultSecurityRules?{version}")).await.len(), 6);
    let network = in_group("g1", "Microsoft.Network/virtualNetworks", "net");
    assert_eq!(names(&site, "owner", &format!("{network}/subnets?{version}")).await, ["front"]);

    // The rules of just-in-time access are among them.
    assert_eq!(site.call("owner", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    let with_ours = names(&site, "owner", &format!("{nsg}/securityRules?{version}")).await;
    let ours: Vec<_> =
        with_ours.iter().filter(|name| name.starts_with("MicrosoftDefenderForCloud-JITRule_")).collect();
    assert_eq!((ours.len(), with_ours.len()), (1, 6), "{with_ours:?}");
    assert_eq!(get(format!("{nsg}/securityRules/{}", ours[0])).await.json()["properties"]["access"], "Deny");
    for (path, code) in [
        (format!("{nsg}/securityRules/none"), "NotFound"),
        (nsg.replace("nsg1", "none") + "/securityRules", "ResourceNotFound"),
        (nsg.replace("nsg1", "none") + "/securityRules/x", "ResourceNotFound"),
    ] {
        let missing = get(path.clone()).await;
        assert_eq!((missing.status, missing.code().as_str()), (404, code), "{path}");
    }
    // Who may not see it is told nothing of what is there.
    site.roles("other", &[("Reader", &format!("/subscriptions/{S}/resourceGroups/g2"))]);
    for rest in ["securityRules", "securityRules/Rule1"] {
        let hidden = site.get("other", &format!("{nsg}/{rest}?{version}")).await;
        let none = site.get("other", &format!("{}/{rest}?{version}", nsg.replace("nsg1", "none"))).await;
        assert_eq!((hidden.status, hidden.text.replace("nsg1", "none")), (403, none.text), "{rest}");
    }
}

#[tokio::test]
async fn machines_have_an_instance_view_for_who_asks() {
    let site = networked().await;
    let path = format!("{}?api-version=2024-07-01", machine("vm1"));
    assert_eq!(site.get("owner", &path).await.json()["properties"].get("instanceView"), None);
    for expand in ["instanceView", "userData,instanceview"] {
        let json = site.get("owner", &format!("{path}&$expand={expand}")).await.json();
        assert_eq!(json["properties"]["instanceView"], json!({"statuses": []}), "{expand}");
    }
}

#[tokio::test]
async fn how_a_machine_does_is_asked_by_itself_too() {
    let site = networked().await;
    let view = async |caller: &str, machine: &str| {
        site.get(caller, &format!("{machine}/instanceView?api-version=2024-07-01")).await
    };
    assert_eq!(view("reader", &machine("vm1")).await.json(), json!({"statuses": []}));
    let missing = view("owner", &machine("none")).await;
    assert_eq!((missing.status, missing.code().as_str()), (404, "ResourceNotFound"));
    let hidden = [machine("vm1"), machine("none")].map(|path| path.replace("/g1/", "/g2/"));
    for path in hidden {
        assert_eq!(view("reader", &path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn the_machines_of_a_region_are_listed() {
    let site = networked().await;
    let all =
        format!("/subscriptions/{S}/providers/Microsoft.Compute/virtualMachines?api-version=2024-07-01");
    let there =
        |region: &str| all.replace("/virtualMachines", &format!("/locations/{region}/virtualMachines"));
    let mut listed = Vec::new();
    for region in ["westeurope", "North%20Europe"] {
        let found = names(&site, "owner", &there(region)).await;
        assert!(!found.is_empty(), "{region}");
        assert_eq!(names(&site, "owner", &format!("{}&$top=1", there(region))).await, found, "{region}");
        listed.extend(found);
    }
    let mut every = names(&site, "owner", &all).await;
    listed.sort();
    every.sort();
    assert_eq!(listed, every);
    assert_eq!(names(&site, "owner", &there("moon")).await, Vec::<String>::new());
    let seen = names(&site, "reader", &all).await;
    assert_eq!(names(&site, "reader", &there("westeurope")).await, seen, "nothing is told of other groups");
}

#[tokio::test]
async fn a_list_that_cannot_be_filtered_says_so() {
    let site = networked().await;
    for kind in ["Microsoft.Compute/virtualMachines", "Microsoft.Network/networkInterfaces"] {
        let list = |filter: &str| {
            let filter = filter.replace(' ', "%20").replace('\'', "%27");
            format!("/subscriptions/{S}/providers/{kind}?api-version=2024-07-01&$filter={filter}")
        };
        let refused = site.get("owner", &list("'virtualMachineScaleSet/id' eq 'x'")).await;
        assert_eq!((refused.status, &refused.json()["error"]["target"]), (400, &json!("$filter")), "{kind}");
        assert_eq!(site.get("owner", &list("")).await.status, 200, "{kind}");
    }
}

#[tokio::test]
async fn regions_are_those_that_the_caller_knows_of() {
    let site = networked().await;
    let path = format!("/subscriptions/{S}/locations?api-version=2022-12-01");
    assert_eq!(names(&site, "owner", &path).await, ["northeurope", "westeurope"]);
    let other = at("").replace("/g1/", "/g7/").replace("westeurope", "southindia");
    let mut body = policy(&["vm1"]);
    body["properties"]["virtualMachines"][0]["id"] = json!(machine("vm1").replace("/g1/", "/g7/"));
    assert_eq!(site.call("owner", "PUT", &other, &body).await.status, 200);
    assert_eq!(names(&site, "owner", &path).await, ["northeurope", "southindia", "westeurope"]);
    assert_eq!(names(&site, "reader", &path).await, ["westeurope"], "nothing is told of other groups");

    // As older clients ask before they ask for policies.
    let path = path.replace("/locations", "/providers/Microsoft.Security/locations");
    assert_eq!(names(&site, "owner", &path).await, ["northeurope", "southindia", "westeurope"]);
    assert_eq!(names(&site, "reader", &path).await, ["westeurope"]);
    let one = site.get("reader", &path.replace("locations?", "locations/West%20Europe?")).await.json();
    let id = format!("/subscriptions/{S}/providers/Microsoft.Security/locations/westeurope");
    let expected =
        json!({"id": id, "name": "westeurope", "type": "Microsoft.Security/locations", "properties": {}});
    assert_eq!(one, expected);
    let other = site.get("reader", &path.replace("locations?", "locations/southindia?")).await;
    assert_eq!((other.status, other.code().as_str()), (404, "LocationNotFound"));
}

#[tokio::test]
async fn whom_a_role_is_given_to_is_told_to_who_may_read_the_assignment() {
    let site = Site::new();
    roles::assign(&site).await;
    let ann = "id of ann@contoso.com";
    // Ann has called, so that her name is known.
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let body = json!({"ids": [ann.to_uppercase(), "nobody"], "types": ["user"]});
    let ask = async |caller: &str| site.call(caller, "POST", "/v1.0/directoryObjects/getByIds", &body).await;
    let expected = json!([{"@odata.type": "#microsoft.graph.user", "id": ann, "displayName": "ann@contoso.com",
        "userPrincipalName": "ann@contoso.com"}]);
    assert_eq!(ask("reader").await.json()["value"], expected);
    assert_eq!(ask("nobody").await.json()["value"], json!([]));
    assert_eq!(ask("").await.status, 401);
    let by_name = async |caller: &str, path: &str| {
        let path = path.replace(' ', "%20").replace('\'', "%27");
        site.get(caller, &path).await
    };
    let users = "/v1.0/users?$filter=userPrincipalName eq 'Ann@contoso.com'";
    assert_eq!(by_name("reader", users).await.json()["value"], expected);
    assert_eq!(by_name("nobody", users).await.json()["value"], json!([]));
    let programs = format!("/v1.0/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '{ann}')");
    assert_eq!(by_name("reader", &programs).await.json()["value"], json!([]), "she is no program");
    assert_eq!(by_name("reader", "/v1.0/users?$filter=x eq 'y'").await.code(), "Request_UnsupportedQuery");
    let many = json!({ "ids": vec!["x"; 1001] });
    for bad in [json!({}), json!({"ids": "x"}), many] {
        let answer = site.call("reader", "POST", "/v1.0/directoryObjects/getByIds", &bad).await;
        assert_eq!(answer.code(), "BadRequest");
    }
}
