//! Who sees what of the network, and who may protect it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{S, Site, access, at, machine, policy};
use crate::inventory::import::{File, ask};
use jitgate_demo::{Demo, SPOKES};

/// A site with some machines of Azure, and instances of EC2.
pub(super) async fn networked() -> Site {
    let site = Site::new();
    let now = (site.app.clock)();
    let machine = |id: String| json!({"id": id, "name": id.rsplit('/').next(), "type": "Microsoft.Compute/virtualMachines", "location": "westeurope", "properties": {}});
    let ids = [machine_in("g1", "vm1"), machine_in("g1", "vm2"), machine_in("g2", "vm9")];
    let machines = json!({ "value": ids.map(machine) });
    let demo = tokio::task::spawn_blocking(move || Demo::new(now, SPOKES)).await.unwrap();
    let amazon = demo.files.iter().filter(|(name, _)| name.starts_with("ec2"));
    let mut files: Vec<File> =
        amazon.map(|(name, bytes)| File { name: name.clone(), bytes: bytes.clone() }).collect();
    assert_eq!(files.len(), 2);
    files.push(File { name: "vms.json".to_owned(), bytes: machines.to_string().into_bytes() });
    let ask = ask(files, BTreeMap::new(), now);
    site.app.writer.send(ask).await.unwrap().0.unwrap();
    site
}

fn machine_in(group: &str, name: &str) -> String {
    machine(name).replace("/g1/", &format!("/{group}/"))
}

/// The last parts of the ids of all machines in an answer.
fn names(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap().rsplit('/').next().unwrap()).collect()
}

/// All machines of a list of what is open, over its pages, and how many are counted.
async fn exposed(site: &Site, caller: &str, place: &str) -> (Vec<String>, u64) {
    let path = format!("{place}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01");
    let (mut all, mut counted) = (Vec::new(), 0);
    for page in site.pages(caller, &path).await {
        all.extend(names(&page["value"]).into_iter().map(str::to_owned));
        if let Some(counts) = page.get("counts") {
            let groups = ["configured", "notConfigured", "unsupported"];
            counted = groups.iter().map(|group| counts[group].as_u64().unwrap()).sum();
        }
    }
    (all, counted)
}

#[tokio::test]
async fn instances_are_shown_to_who_may_read_everything() {
    let site = networked().await;
    let subscription = format!("/subscriptions/{S}");
    site.roles("sub", &[("Reader", &subscription)]);
    for (caller, place, azure, amazon) in [
        ("owner", subscription.clone(), 3, 24),
        ("sub", subscription.clone(), 3, 0),
        ("owner", format!("{subscription}/resourceGroups/g1"), 2, 0),
        ("reader", format!("{subscription}/resourceGroups/g1"), 2, 0),
    ] {
        let (names, counted) = exposed(&site, caller, &place).await;
        let of_amazon = names.iter().filter(|name| name.starts_with("i-")).count();
        assert_eq!((names.len() - of_amazon, of_amazon), (azure, amazon), "{caller} {place}: {names:?}");
        assert_eq!(usize::try_from(counted), Ok(azure + amazon), "{caller} {place}");
    }
}

#[tokio::test]
async fn a_preview_is_of_the_policys_machines_that_the_caller_may_read() {
    let site = networked().await;
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    let preview = site.call("ann", "POST", &at("/preview"), &access("vm1")).await.json();
    assert_eq!(names(&preview["machines"]), ["vm1"]);

    let mut both = policy(&["vm1", "vm2"]);
    both["properties"]["virtualMachines"][1]["id"] = json!(machine_in("g2", "vm9"));
    assert_eq!(site.call("owner", "PUT", &at(""), &both).await.status, 200);
    let of = async |caller| site.call(caller, "POST", &at("/preview"), &Value::Null).await.json();
    assert_eq!(names(&of("ann").await["machines"]), ["vm1"]);
    assert_eq!(names(&of("owner").await["machines"]), ["vm1", "vm9"]);
}

#[tokio::test]
async fn a_policy_can_be_looked_at_before_it_is_stored() {
    let site = networked().await;
    let of = async |body: Value| site.call("ann", "POST", &at("/preview"), &body).await;
    assert_eq!(of(access("vm1")).await.code(), "PolicyNotFound");
    let proposed = of(json!({ "policy": policy(&["vm1"]), "request": access("vm1") })).await.json();
    assert_eq!(names(&proposed["machines"]), ["vm1"]);
    assert_eq!(
        proposed["machines"][0]["class"],
        of(json!({ "policy": policy(&["vm1"]) })).await.json()["machines"][0]["class"]
    );
    assert_eq!(site.get("ann", &at("")).await.status, 404, "nothing is stored");

    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    assert_eq!(names(&of(json!({ "policy": policy(&["vm2"]) })).await.json()["machines"]), ["vm2"]);
    assert_eq!(names(&of(json!({ "request": access("vm1") })).await.json()["machines"]), ["vm1"]);
    let mut bad = policy(&["vm1"]);
    bad["properties"]["virtualMachines"][0]["ports"][0]["number"] = json!(70000);
    let refused = of(json!({ "policy": bad })).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    assert_eq!(refused.json()["error"]["details"][0]["code"], "JIT201");
}

/// A port that leaves its policy is reached again, and the others are not.
#[tokio::test]
async fn a_preview_tells_what_a_stored_policy_keeps_out_and_the_proposed_one_does_not() {
    let site = Site::new();
    let network = |kind: &str, name: &str| {
        machine(name).replace("Microsoft.Compute/virtualMachines", &format!("Microsoft.Network/{kind}"))
    };
    let everybody = json!({ "name": "all", "priority": 300, "direction": "Inbound", "access": "Allow", "protocol": "*",
        "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22" });
    let files = json!([
        { "id": machine("vm1"), "name": "vm1", "type": "Microsoft.Compute/virtualMachines", "location": "westeurope",
          "networkProfile": { "networkInterfaces": [{ "id": network("networkInterfaces", "nic") }] } },
        { "id": network("networkInterfaces", "nic"), "name": "nic", "location": "westeurope",
          "networkSecurityGroup": { "id": network("networkSecurityGroups", "nsg") },
          "ipConfigurations": [{ "name": "c", "privateIPAddress": "10.0.0.4",
              "subnet": { "id": network("virtualNetworks", "vnet/subnets/web") } }] },
        { "id": network("virtualNetworks", "vnet"), "name": "vnet", "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
          "subnets": [{ "id": network("virtualNetworks", "vnet/subnets/web"), "name": "web",
              "addressPrefix": "10.0.0.0/24" }] },
        { "id": network("networkSecurityGroups", "nsg"), "name": "nsg", "securityRules": [everybody] },
    ]);
    let files = vec![File { name: "net.json".to_owned(), bytes: files.to_string().into_bytes() }];
    let ask = ask(files, BTreeMap::new(), (site.app.clock)());
    site.app.writer.send(ask).await.unwrap().0.unwrap();
    let with = |numbers: &[u16]| {
        let mut body = policy(&["vm1"]);
        let ports = &mut body["properties"]["virtualMachines"][0]["ports"];
        let numbered = |number: &u16| {
            let mut port = ports[0].clone();
            port["number"] = json!(number);
            port
        };
        *ports = numbers.iter().map(numbered).collect::<Vec<_>>().into();
        body
    };
    let of = async |body: Value| {
        let preview = site.call("ann", "POST", &at("/preview"), &body).await.json();
        preview["machines"][0]["reopened"]["boxes"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(of(json!({ "policy": with(&[22]) })).await, 0, "nothing is stored");
    assert_eq!(site.call("ann", "PUT", &at(""), &with(&[22, 3389])).await.status, 200);
    for (numbers, is_reopened) in
        [(&[22, 3389][..], false), (&[22, 3389, 443][..], false), (&[3389][..], true)]
    {
        assert_eq!(of(json!({ "policy": with(numbers) })).await > 0, is_reopened, "{numbers:?}");
    }
    assert_eq!(of(access("vm1")).await, 0, "none is proposed");
}

#[tokio::test]
async fn who_protects_an_instance_must_have_rights_to_everything() {
    let site = networked().await;
    let (all, _) = exposed(&site, "owner", &format!("/subscriptions/{S}")).await;
    let instance = all.iter().find(|name| name.starts_with("i-")).unwrap();
    for name in [instance.to_owned(), instance.to_uppercase()] {
        let put = site.call("ann", "PUT", &at(""), &policy(&["vm1", &name])).await;
        assert_eq!((put.status, put.code().as_str()), (403, "LinkedAuthorizationFailed"), "{name}");
    }
    // By its name it is not found at all.
    let tagged = policy(&["vm1", "courier-api-01", "courier-api-1"]);
    assert_eq!(site.call("ann", "PUT", &at(""), &tagged).await.status, 200);
    let configured = async || {
        let (all, _) = exposed(&site, "owner", &format!("/subscriptions/{S}")).await;
        all.iter().filter(|name| name.starts_with("i-")).count()
    };
    assert_eq!(configured().await, 24);
    let put = site.call("owner", "PUT", &at(""), &policy(&["vm1", instance])).await;
    assert_eq!(put.status, 200);
    let path =
        format!("{}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01", machine(instance));
    let shown = site.get("owner", &path).await;
    assert_eq!(shown.json()["class"], "configured", "{shown:?}");
}

/// A policy that is only proposed may give an instance any scope.
#[tokio::test]
async fn a_preview_of_a_proposed_policy_shows_no_instance_that_the_caller_may_not_read() {
    let site = networked().await;
    let (all, _) = exposed(&site, "owner", &format!("/subscriptions/{S}")).await;
    let instance = all.iter().find(|name| name.starts_with("i-")).unwrap();
    let exposure =
        format!("{}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01", machine(instance));
    let previewed = async |caller: &str, name: &str| {
        let proposed = json!({ "policy": policy(&["vm1", name]) });
        let preview = site.call(caller, "POST", &at("/preview"), &proposed).await.json();
        preview["machines"].as_array().unwrap().len()
    };
    assert_eq!(site.get("reader", &exposure).await.status, 404);
    for name in [instance.to_owned(), instance.to_uppercase()] {
        assert_eq!((previewed("reader", &name).await, previewed("owner", &name).await), (1, 2), "{name}");
    }
    // Who may give it a scope did.
    assert_eq!(site.call("owner", "PUT", &at(""), &policy(&["vm1", instance])).await.status, 200);
    assert_eq!((previewed("reader", instance).await, site.get("reader", &exposure).await.status), (2, 200));
    site.roles("other", &[("Reader", &format!("/subscriptions/{S}/resourceGroups/g2"))]);
    let elsewhere = json!({ "policy": { "properties": { "virtualMachines": [
        { "id": machine_in("g2", instance), "ports": policy(&["x"])["properties"]["virtualMachines"][0]["ports"] }] } } });
    let path = at("/preview").replace("/g1/", "/g2/");
    let preview = site.call("other", "POST", &path, &elsewhere).await.json();
    assert_eq!(preview["machines"], json!([]), "another scope is another one");
}

/// Two machines behind one NSG, in groups of their own, the second at an address in a network of its own.
async fn behind_one_nsg(address: &str, rules: &[Value]) -> Site {
    let site = Site::new();
    let id = |kind: &str, name: &str| {
        format!("/subscriptions/{S}/resourceGroups/g2/providers/Microsoft.Network/{kind}/{name}")
    };
    let mut resources = vec![json!({
        "id": id("networkSecurityGroups", "nsg"), "name": "nsg", "type": "Microsoft.Network/networkSecurityGroups",
        "properties": { "securityRules": rules } })];
    for (group, name, address, vnet) in [("g1", "vm1", "10.0.0.4", "one"), ("g2", "vm9", address, "two")] {
        let (nic, net) = (id("networkInterfaces", name), id("virtualNetworks", vnet));
        let subnet = format!("{net}/subnets/web");
        resources.extend([
            json!({ "id": machine_in(group, name), "name": name, "type": "Microsoft.Compute/virtualMachines",
                "properties": { "networkProfile": { "networkInterfaces": [{ "id": nic }] } } }),
            json!({ "id": nic, "name": name, "type": "Microsoft.Network/networkInterfaces", "properties": {
                "virtualMachine": { "id": machine_in(group, name) },
                "ipConfigurations": [{ "name": "ip", "properties": {
                    "privateIPAddress": address, "subnet": { "id": subnet } } }] } }),
            json!({ "id": net, "name": vnet, "type": "Microsoft.Network/virtualNetworks", "properties": {
                "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
                "subnets": [{ "id": subnet, "name": "web", "properties": { "addressPrefix": "10.0.0.0/24",
                    "networkSecurityGroup": { "id": id("networkSecurityGroups", "nsg") } } }] } }),
        ]);
    }
    site.import(&resources).await;
    site
}

#[tokio::test]
async fn reports_of_a_preview_name_no_machine_that_the_caller_may_not_read() {
    let rule = |name: &str, priority: u32, access: &str, from: &str, to: &str| {
        json!({ "name": name, "properties": { "priority": priority, "direction": "Inbound", "access": access,
            "protocol": "Tcp", "sourceAddressPrefix": from, "sourcePortRange": "*", "destinationAddressPrefix": to,
            "destinationPortRange": "22" } })
    };
    let deny = "MicrosoftDefenderForCloud-JITRule_-1_0123456789ABCDEF0123456789ABCDEF";
    let closing =
        [rule("AllowSsh", 310, "Allow", "198.18.7.0/24", "*"), rule(deny, 1000, "Deny", "*", "10.0.0.77")];
    let opening = [rule("DenySsh", 4000, "Deny", "*", "*")];
    for (code, address, rules, told) in [
        ("JIT751", "10.0.0.77", &closing[..], "198.18.7.0/24 to 10.0.0.77"),
        ("JIT749", "10.0.0.4", &opening[..], "203.0.113.7 to 10.0.0.4"),
    ] {
        let site = behind_one_nsg(address, rules).await;
        assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
        let said = async |caller: &str| {
            let answer = site.call(caller, "POST", &at("/preview"), &access("vm1")).await;
            let json = answer.json();
            let all = json["reports"].as_array().unwrap().iter();
            let all = all.flat_map(|report| report["diagnostics"].as_array().unwrap());
            let found: Vec<String> = all
                .filter(|one| one["code"] == code)
                .map(|one| one["message"].as_str().unwrap().to_owned())
                .collect();
            (found, answer.text)
        };
        let (found, _) = said("owner").await;
        assert!(found.len() == 1 && found[0].contains("`vm9`") && found[0].contains(told), "{found:?}");
        let (found, whole) = said("ann").await;
        assert!(found.len() == 1 && found[0].ends_with(", which you may not read"), "{found:?}");
        assert!(!whole.contains("vm9") && (address == "10.0.0.4" || !whole.contains(address)), "{whole}");
        site.roles(
            "ann",
            &[
                ("Reader", &at("").split('?').next().unwrap().replace("{s}", S)),
                ("Reader", &machine_in("g2", "vm9")),
            ],
        );
        let (found, _) = said("ann").await;
        assert!(found.is_empty(), "nothing is said of a machine that is left out: {found:?}");
    }
}

/// A site where `vm1` is behind an Azure Firewall, and `vm2` is not in the network at all.
async fn behind_a_firewall(counted: bool) -> Site {
    let site = Site::new();
    let id = |kind: &str, name: &str| {
        format!("/subscriptions/{S}/resourceGroups/g1/providers/Microsoft.Network/{kind}/{name}")
    };
    let subnet = |name: &str| id("virtualNetworks", &format!("vnet/subnets/{name}"));
    let resources = json!([
        {"id": machine("vm1"), "name": "vm1", "type": "Microsoft.Compute/virtualMachines",
            "properties": {"networkProfile": {"networkInterfaces": [{"id": id("networkInterfaces", "nic1")}]}}},
        {"id": id("networkInterfaces", "nic1"), "name": "nic1", "type": "Microsoft.Network/networkInterfaces",
            "properties": {
                "virtualMachine": {"id": machine("vm1")},
                "networkSecurityGroup": {"id": id("networkSecurityGroups", "nsg")},
                "ipConfigurations": [{"name": "ip", "properties": {
                    "privateIPAddress": "10.0.0.4", "subnet": {"id": subnet("web")}}}]}},
        {"id": id("networkSecurityGroups", "nsg"), "name": "nsg", "type": "Microsoft.Network/networkSecurityGroups",
            "properties": {"securityRules": []}},
        {"id": id("virtualNetworks", "vnet"), "name": "vnet", "type": "Microsoft.Network/virtualNetworks",
            "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [
                {"id": subnet("web"), "name": "web", "properties": {"addressPrefix": "10.0.0.0/24"}},
                {"id": subnet("AzureFirewallSubnet"), "name": "AzureFirewallSubnet",
                    "properties": {"addressPrefix": "10.0.1.0/26"}}]}},
        {"id": id("azureFirewalls", "fw"), "name": "fw", "type": "Microsoft.Network/azureFirewalls",
            "properties": {"ipConfigurations": [{"name": "ip", "properties": {
                "privateIPAddress": "10.0.1.4", "subnet": {"id": subnet("AzureFirewallSubnet")},
                "publicIPAddress": {"id": id("publicIPAddresses", "fw-ip")}}}]}},
        {"id": id("publicIPAddresses", "fw-ip"), "name": "fw-ip", "type": "Microsoft.Network/publicIPAddresses",
            "properties": {"ipAddress": "198.51.100.10"}},
        {"id": id("applicationSecurityGroups", "asg"), "name": "asg",
            "type": "Microsoft.Network/applicationSecurityGroups", "location": "eastus", "properties": {}},
        {"id": id("routeTables", "rt"), "name": "rt", "type": "Microsoft.Network/routeTables",
            "properties": {"routes": [{"name": "out", "properties": {
                "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.1.4"}}]}},
    ]);
    let files = vec![File {
        name: "all.json".to_owned(),
        bytes: json!({ "value": resources }).to_string().into_bytes(),
    }];
    let counts = BTreeMap::from([("azureFirewalls".to_owned(), u64::from(counted))]);
    site.app.writer.send(ask(files, counts, (site.app.clock)())).await.unwrap().0.unwrap();
    site
}

/// The ports of firewalls of all requests of the policy, as GET and the list show them.
async fn mapped(site: &Site) -> Vec<Option<u64>> {
    let one = site.get("ann", &at("")).await.json();
    let list = at("").replace("/default", "");
    assert_eq!(site.get("ann", &list).await.json()["value"][0], one);
    let requests = one["properties"]["requests"].as_array().unwrap().iter();
    let machines = requests.flat_map(|request| request["virtualMachines"].as_array().unwrap());
    let ports = machines.flat_map(|machine| machine["ports"].as_array().unwrap());
    ports.map(|port| port.get("mappedPort").map(|port| port.as_u64().unwrap())).collect()
}

#[tokio::test]
async fn a_port_behind_a_firewall_is_mapped_while_it_is_open() {
    let site = behind_a_firewall(true).await;
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1", "vm2"])).await.status, 200);
    for name in ["vm1", "vm2"] {
        assert_eq!(site.call("ann", "POST", &at("/initiate"), &access(name)).await.status, 202);
        site.pass(60);
    }
    let ports = mapped(&site).await;
    let first = ports[0].unwrap();
    assert!(first >= 49152, "{first}");
    assert_eq!(ports, [Some(first), None], "the second machine has no firewall");
    // It is the port of the rule that the firewall has now.
    let path =
        format!("/subscriptions/{S}/providers/Microsoft.Network/azureFirewalls?api-version=2024-05-01");
    let firewall = site.get("ann", &path.replace("/providers", "/resourceGroups/g1/providers")).await;
    assert!(firewall.text.contains(&format!("\"destinationPorts\":[\"{first}\"]")), "{firewall:?}");
    // A PUT shows it as well; what is over has none.
    let put = site.call("ann", "PUT", &at(""), &policy(&["vm1", "vm2"])).await.json();
    let shown = put.pointer("/properties/requests/0/virtualMachines/0/ports/0/mappedPort");
    assert_eq!(shown, Some(&json!(first)));
    site.pass(3600);
    assert_eq!(mapped(&site).await, [None, None]);
    // Without a firewall nothing is looked for.
    let site = behind_a_firewall(false).await;
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    site.call("ann", "POST", &at("/initiate"), &access("vm1")).await;
    assert_eq!(mapped(&site).await, [None]);
}

#[tokio::test]
async fn groups_of_applications_and_tables_of_routes_are_listed() {
    let site = behind_a_firewall(true).await;
    for (kind, name, pointer, expected) in [
        ("applicationSecurityGroups", "asg", "/location", "eastus"),
        ("routeTables", "rt", "/properties/routes/0/properties/nextHopIpAddress", "10.0.1.4"),
    ] {
        let place = format!("/subscriptions/{S}/resourceGroups/g1/providers/Microsoft.Network/{kind}");
        let list = site.get("reader", &format!("{place}?api-version=2024-05-01")).await.json();
        assert_eq!(names(&list["value"]), [name]);
        let one = site.get("reader", &format!("{place}/{name}?api-version=2024-05-01")).await.json();
        assert_eq!((&one, one.pointer(pointer)), (&list["value"][0], Some(&json!(expected))));
        let all = format!("/subscriptions/{S}/providers/Microsoft.Network/{kind}?api-version=2024-05-01");
        assert_eq!(names(&site.get("owner", &all).await.json()["value"]), [name]);
        assert_eq!(site.get("nobody", &all).await.status, 403);
    }
}
