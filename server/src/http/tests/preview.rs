//! What a preview foresees, asked as callers ask it.

use serde_json::{Value, json};

use super::agreement::Both;
use super::{Answer, S, Site, access, at, machine, policy};

/// `vm1`, and `vm9` of another group, behind one NSG that lets everybody in at port 22.
async fn behind_one_nsg() -> Site {
    let site = Site::new();
    let id = |kind: &str, name: &str| {
        format!("/subscriptions/{S}/resourceGroups/g1/providers/Microsoft.Network/{kind}/{name}")
    };
    let rule = json!({ "name": "ssh", "properties": { "priority": 300, "direction": "Inbound", "access": "Allow",
        "protocol": "Tcp", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*",
        "destinationPortRange": "22" } });
    let mut resources = vec![json!({ "id": id("networkSecurityGroups", "nsg"), "name": "nsg",
        "type": "Microsoft.Network/networkSecurityGroups", "properties": { "securityRules": [rule] } })];
    for (name, address) in [("vm1", "10.0.0.4"), ("vm9", "10.0.0.9")] {
        let nic = id("networkInterfaces", name);
        resources.extend([
            json!({ "id": of_group(name), "name": name, "type": "Microsoft.Compute/virtualMachines",
                "properties": { "networkProfile": { "networkInterfaces": [{ "id": nic }] } } }),
            json!({ "id": nic, "name": name, "type": "Microsoft.Network/networkInterfaces", "properties": {
                "virtualMachine": { "id": of_group(name) },
                "networkSecurityGroup": { "id": id("networkSecurityGroups", "nsg") },
                "ipConfigurations": [{ "name": "ip", "properties": { "privateIPAddress": address } }] } }),
        ]);
    }
    site.import(&resources).await;
    site
}

fn of_group(name: &str) -> String {
    if name == "vm9" { machine(name).replace("/g1/", "/g2/") } else { machine(name) }
}

/// Name and priority of the rules that the machine's preview adds.
fn added(preview: &Answer) -> Vec<(String, u64)> {
    let json = preview.json();
    assert_eq!(json["machines"].as_array().unwrap().len(), 1, "{json}");
    let added = json["machines"][0]["rules"]["added"].as_array().unwrap().iter();
    added
        .map(|rule| (rule["name"].as_str().unwrap().to_owned(), rule["priority"].as_u64().unwrap()))
        .collect()
}

/// Name and priority of the rules of JIT in the NSG for an address.
async fn written(site: &Site, address: &str) -> Vec<(String, u64)> {
    let nsg = format!(
        "/subscriptions/{S}/resourceGroups/g1/providers/Microsoft.Network/networkSecurityGroups/nsg?api-version=2024-05-01"
    );
    let nsg = site.get("owner", &nsg).await.json();
    let rules = nsg["properties"]["securityRules"].as_array().unwrap().iter();
    let own = rules.filter(|rule| rule["properties"]["destinationAddressPrefix"] == address);
    let own = own.map(|rule| {
        (rule["name"].as_str().unwrap().to_owned(), rule["properties"]["priority"].as_u64().unwrap())
    });
    own.collect()
}

/// Machines of the policy that the caller may not read have their rules, and are not told of.
#[tokio::test]
async fn what_is_hidden_counts_and_is_not_named() {
    let site = behind_one_nsg().await;
    let mut both = policy(&["vm1", "vm9"]);
    both["properties"]["virtualMachines"][1]["id"] = json!(of_group("vm9"));
    assert_eq!(site.call("owner", "PUT", &at(""), &both).await.status, 200);
    let mut others = access("vm9");
    others["virtualMachines"][0]["id"] = json!(of_group("vm9"));
    assert_eq!(site.call("owner", "POST", &at("/initiate"), &others).await.status, 202);
    let stored = site.call("ann", "POST", &at("/preview"), &Value::Null).await;
    assert_eq!(added(&stored), written(&site, "10.0.0.4").await);
    let foreseen = site.call("ann", "POST", &at("/preview"), &access("vm1")).await;
    assert_eq!(foreseen.json()["decisions"][0]["decision"], "granted");
    // A request for what the caller may not read is answered as `decide` answers it, and what it opens is not told.
    for request in [&others, &access("vm3"), &access("vm1")] {
        let decided = site.call("ann", "POST", &at("/decide"), request).await.json();
        let asked = site.call("ann", "POST", &at("/preview"), request).await.json();
        let mut answered = asked["decisions"][0].clone();
        answered.as_object_mut().unwrap().remove("request");
        assert_eq!(answered, decided, "{request}");
        let opens = *request == access("vm1");
        assert_eq!(asked["timeline"].as_array().unwrap().is_empty(), !opens, "{asked}");
        assert!(!asked["machines"].to_string().contains("vm9"), "{asked}");
        assert!(!asked.to_string().contains("10.0.0.9"), "{asked}");
    }
    for answer in [&stored, &foreseen] {
        assert!(!answer.text.contains("vm9") && !answer.text.contains("10.0.0.9"), "{}", answer.text);
        let told = answer.json()["reports"][0]["diagnostics"].clone();
        let of_network = |one: &&Value| one["code"].as_str().unwrap() >= "JIT740";
        assert_eq!(told.as_array().unwrap().iter().find(of_network), None, "{}", answer.text);
    }
    assert_eq!(site.call("ann", "POST", &at("/initiate"), &access("vm1")).await.status, 202);
    assert_eq!(added(&foreseen), written(&site, "10.0.0.4").await);
}

/// A program's request ends its own older one, and no other's; and a call that is made again is not one to be foreseen.
#[tokio::test]
async fn a_caller_s_own_access_is_foreseen_to_be_replaced() {
    let site = behind_one_nsg().await;
    assert_eq!(site.call("owner", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    let from = |source: &str| {
        let mut body = access("vm1");
        body["virtualMachines"][0]["ports"][0]["allowedSourceAddressPrefix"] = json!(source);
        body
    };
    site.roles("robot", &[("Owner", "/")]);
    for (caller, source) in [("app", "8.8.8.8"), ("robot", "9.9.9.9")] {
        assert_eq!(site.call(caller, "POST", &at("/initiate"), &from(source)).await.status, 202, "{caller}");
    }
    for (caller, source, expected) in [
        ("app", "52.1.2.3", &["9.9.9.9", "52.1.2.3"][..]),
        ("robot", "52.1.2.3", &["8.8.8.8", "52.1.2.3"]),
        ("ann", "52.1.2.3", &["8.8.8.8", "9.9.9.9", "52.1.2.3"]),
        ("app", "8.8.8.8", &["9.9.9.9", "8.8.8.8"]),
    ] {
        let preview = site.call(caller, "POST", &at("/preview"), &from(source)).await.json();
        let grants = preview["timeline"][0]["grants"].as_array().unwrap().iter();
        let sources: Vec<&str> = grants.map(|grant| grant["sources"][0].as_str().unwrap()).collect();
        assert_eq!(sources, expected, "{caller}");
    }
}

/// By a server and a browser alike, among two policies, with something open: what is asked for again, and what another version would close.
pub(super) async fn what_is_foreseen(both: &mut Both) {
    let two = |rest: &str| at(rest).replace("default", "two");
    both.send("PUT", &two(""), &policy(&["vm1", "vm3"])).await;
    let mut narrowed = policy(&["vm1"]);
    narrowed["properties"]["virtualMachines"][0]["ports"][0]["protocol"] = json!("UDP");
    for path in [at("/preview"), two("/preview"), format!("{}&mode=document", two("/preview"))] {
        for body in
            [Value::Null, access("vm1"), json!({ "policy": narrowed }), json!({ "policy": policy(&["vm2"]) })]
        {
            assert_eq!(both.send("POST", &path, &body).await.status, 200, "{path}");
        }
    }
    both.send("DELETE", &two(""), &Value::Null).await;
}
