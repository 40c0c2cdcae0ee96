//! What is told of resources besides what the network is made of: as it was imported, and nothing else.

use serde_json::{Value, json};

use super::resources::{in_group, list};
use super::roles::names;
use super::{Site, machine};

const NETWORK: [(&str, &str); 6] = [
    ("networkInterfaces", "nic"),
    ("networkSecurityGroups", "nsg"),
    ("publicIPAddresses", "pip"),
    ("virtualNetworks", "net"),
    ("azureFirewalls", "fw"),
    ("routeTables", "routes"),
];

/// A resource of the network by its type and name.
fn of_network(kind: &str, name: &str) -> String {
    in_group("g1", &format!("Microsoft.Network/{kind}"), name)
}

async fn shown(site: &Site, id: &str) -> Value {
    let answer = site.get("owner", &format!("{id}?api-version=2024-07-01")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// As the REST API writes it, and as the command line does: without `properties`, with `null` and the names of groups.
fn forms(outer: &Value, properties: &Value) -> [Value; 2] {
    let mut nested = outer.clone();
    nested["properties"] = properties.clone();
    let mut flat = outer.clone();
    for (name, value) in properties.as_object().unwrap() {
        flat[name.as_str()] = value.clone();
    }
    flat["resourceGroup"] = json!("g1");
    flat["plan"] = Value::Null;
    [nested, flat]
}

#[tokio::test]
async fn what_was_imported_of_a_machine_is_given_back() {
    let disk = |name: &str| in_group("g1", "Microsoft.Compute/disks", name);
    let told = json!({
        "vmId": "0c8f7e4e-53a8-4a7e-a3f8-4c7cfb6d2a11",
        "provisioningState": "Failed",
        "timeCreated": "2025-03-01T08:00:00.1234567+00:00",
        "licenseType": "RHEL_BYOS",
        "storageProfile": {
            "imageReference": {"publisher": "Canonical", "offer": "ubuntu \"server\"", "sku": "22_04-lts", "version": "latest"},
            "osDisk": {"osType": "Linux", "name": "one", "caching": "ReadWrite", "createOption": "FromImage",
                "diskSizeGB": 30, "managedDisk": {"id": disk("one"), "storageAccountType": "Premium_LRS"}},
            "dataDisks": [{"lun": 3, "name": "two", "caching": "None", "managedDisk": {"id": disk("two")}}],
        },
        "osProfile": {"computerName": "vm1", "secrets": [], "linuxConfiguration": {"disablePasswordAuthentication": true}},
        "securityProfile": {"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": false}},
        "availabilitySet": {"id": in_group("g1", "Microsoft.Compute/availabilitySets", "set")},
    });
    let outer = json!({"id": machine("vm1"), "name": "vm1", "type": "Microsoft.Compute/virtualMachines",
        "location": "westeurope", "zones": ["2"], "tags": {"Env": "prod", "owner's": "a \"b\""},
        "identity": {"type": "SystemAssigned", "principalId": "8f5e1c92-7b6d-4c64-9c0e-9fd0a7c55f01"}});
    let mut written = told.clone();
    written["hardwareProfile"] = json!({"vmSize": "Standard_D2s_v5"});
    written["osProfile"]["adminPassword"] = json!("hunter2");
    written["osProfile"]["customData"] = json!("c2VjcmV0");
    written["storageProfile"]["osDisk"]["managedDisk"]["resourceGroup"] = json!("g1");
    written["storageProfile"]["osDisk"]["encryptionSettings"] = Value::Null;
    written["storageProfile"]["diskControllerType"] = Value::Null;
    for form in forms(&outer, &written) {
        let site = Site::new();
        site.import(&[form]).await;
        let one = shown(&site, &machine("vm1")).await;
        let properties = one["properties"].as_object().unwrap();
        for (name, value) in told.as_object().unwrap() {
            assert_eq!(properties.get(name), Some(value), "{name}");
        }
        assert_eq!(properties["hardwareProfile"], json!({"vmSize": "Standard_D2s_v5"}));
        for name in ["zones", "tags", "identity"] {
            assert_eq!(one[name], outer[name], "{name}");
        }
        assert!(!one.to_string().contains("null"), "{one}");
        // The same in every list, and with what is asked for besides.
        let all =
            site.get("owner", &format!("{}?api-version=2024-07-01", machine("").trim_end_matches('/'))).await;
        assert_eq!(all.json()["value"], json!([one]));
        let mut expanded = shown(&site, &machine("vm1")).await;
        expanded["properties"]["instanceView"] = json!({"statuses": []});
        let asked = format!("{}?api-version=2024-07-01&$expand=instanceView", machine("vm1"));
        assert_eq!(site.get("owner", &asked).await.json(), expanded);
        let outline = &site.get("owner", &list(None, "tagname eq 'env' and tagvalue eq 'prod'")).await.json()
            ["value"][0];
        assert_eq!((outline.get("properties"), &outline["tags"]), (None, &outer["tags"]));
        assert_eq!((&outline["zones"], &outline["identity"]), (&outer["zones"], &outer["identity"]));
    }
}

#[tokio::test]
async fn what_was_imported_of_a_network_is_given_back() {
    let details = |kind: &str| match kind {
        "networkInterfaces" => json!({"macAddress": "00-0D-3A-1B-2C-3D", "enableIPForwarding": true,
            "dnsSettings": {"dnsServers": ["10.0.0.9"]}}),
        "networkSecurityGroups" => json!({"flowLogs": [{"id": "/x"}]}),
        "publicIPAddresses" => json!({"publicIPAddressVersion": "IPv6", "idleTimeoutInMinutes": 4,
            "dnsSettings": {"domainNameLabel": "web"}}),
        "virtualNetworks" => json!({"enableDdosProtection": false, "dhcpOptions": {"dnsServers": []}}),
        "azureFirewalls" => {
            json!({"sku": {"name": "AZFW_VNet", "tier": "Premium"}, "threatIntelMode": "Alert",
                "additionalProperties": {"Network.DNS.EnableProxy": "true"}})
        }
        _ => json!({"disableBgpRoutePropagation": true}),
    };
    let outer = |(kind, name): (&str, &str)| {
        json!({"id": of_network(kind, name), "name": name, "type": format!("Microsoft.Network/{kind}"),
            "location": "westeurope", "tags": {"kind": name}})
    };
    for form in 0..2 {
        let site = Site::new();
        let all = NETWORK.map(|(kind, name)| {
            let mut outer = outer((kind, name));
            if kind == "publicIPAddresses" {
                outer["sku"] = json!({"name": "StandardV2", "tier": "Regional"});
                outer["zones"] = json!(["1", "2"]);
            }
            let mut properties = details(kind);
            properties["provisioningState"] = json!("Succeeded");
            properties["resourceGuid"] = json!(format!("guid of {name}"));
            forms(&outer, &properties)[form].clone()
        });
        site.import(&all).await;
        for (kind, name) in NETWORK {
            let one = shown(&site, &of_network(kind, name)).await;
            for (member, value) in details(kind).as_object().unwrap() {
                assert_eq!(&one["properties"][member], value, "{name} {member}");
            }
            assert_eq!(one["properties"]["resourceGuid"], format!("guid of {name}"));
            assert_eq!(one["tags"], json!({"kind": name}));
            let wanted = list(None, &format!("tagvalue eq '{name}' and tagname eq 'KIND'"));
            assert_eq!(names(&site, "owner", &wanted).await, [name], "{wanted}");
        }
        // One that lost its configurations is one all the same, and none is made up.
        let nic = shown(&site, &of_network("networkInterfaces", "nic")).await;
        assert_eq!(nic["properties"]["ipConfigurations"], json!([]));
        let public = shown(&site, &of_network("publicIPAddresses", "pip")).await;
        let outline = &site.get("owner", &list(None, "name eq 'pip'")).await.json()["value"][0];
        for one in [&public, outline] {
            assert_eq!(one["sku"], json!({"name": "StandardV2", "tier": "Regional"}));
            assert_eq!(one["zones"], json!(["1", "2"]));
        }
    }
}

/// As many as fit into a file; those whose names differ in case alone are one, the first.
#[tokio::test]
async fn tags_without_number() {
    let names = |first: char| (0..100_000).map(move |at| (format!("{first}{at}"), json!(first.to_string())));
    let upper: serde_json::Map<String, Value> = names('T').collect();
    let mut tags = upper.clone();
    tags.extend(names('t'));
    let site = Site::new();
    site.import(&[json!({"id": machine("vm1"), "name": "vm1", "location": "westeurope", "tags": tags})])
        .await;
    assert!(shown(&site, &machine("vm1")).await["tags"] == Value::Object(upper));
}

/// What was not imported, or is none of what it should be, is left out.
#[tokio::test]
async fn nothing_is_made_up() {
    let site = Site::new();
    let bare = |name: &str| json!({"id": machine(name), "name": name, "location": "westeurope"});
    let mut none = bare("none");
    none["storageProfile"] = Value::Null;
    // A template: expressions stand for what is not known yet.
    let mut template = bare("template");
    template["type"] = json!("Microsoft.Compute/virtualMachines");
    template["zones"] = json!("[parameters('zones')]");
    template["tags"] = json!("[parameters('tags')]");
    template["properties"] = json!({"vmId": "[guid('x')]", "storageProfile": "[variables('disks')]", "licenseType": "",
        "osProfile": {"windowsConfiguration": {}}});
    // The system is told elsewhere.
    let mut image = bare("image");
    image["storageProfile"] = json!({"imageReference": {"id": "/x"}});
    image["osProfile"] = json!({"linuxConfiguration": {}});
    let mut disk = bare("disk");
    disk["storageProfile"] = json!({"osDisk": {"name": "one"}, "dataDisks": []});
    disk["osProfile"] = json!({"linuxConfiguration": {}});
    // PowerShell's names, and its numbers for words.
    let shell = json!({"Id": machine("shell"), "Name": "shell", "Location": "westeurope", "Type": "Microsoft.Compute/virtualMachines",
        "Identity": {"Type": 0, "PrincipalId": null}, "VmId": "0c8f7e4e", "Zones": ["3"], "Tags": {"Env": "prod"}, "StorageProfile": {
            "ImageReference": {"Publisher": "Canonical", "Id": null}, "OsDisk": {"OsType": 1, "DiskSizeGB": 30, "Name": "one"},
            "DataDisks": [{"Lun": 0, "CreateOption": 2}]}});
    // `Get-AzVM | ConvertTo-Json` goes two levels deep; below are the names of types.
    let cut = json!({"Id": machine("cut"), "Name": "cut", "Location": "westeurope", "VmId": "0c8f7e4f", "StorageProfile": {
            "ImageReference": "Microsoft.Azure.Management.Compute.Models.ImageReference",
            "OsDisk": "Microsoft.Azure.Management.Compute.Models.OSDisk", "DiskControllerType": "SCSI", "DataDisks": ""},
        "OSProfile": {"ComputerName": "cut", "WindowsConfiguration": "Microsoft.Azure.Management.Compute.Models.WindowsConfiguration",
            "Secrets": ["Microsoft.Azure.Management.Compute.Models.VaultSecretGroup"]},
        "SecurityProfile": {"UefiSettings": "Microsoft.Azure.Management.Compute.Models.UefiSettings"},
        "Zones": "System.Collections.Generic.List`1[System.String]"});
    // Another member's text and another's system are none of the disk's.
    let mut other = bare("other");
    other["storageProfile"] =
        json!({"dataDisks": [{"lun": 0, "osDisk": {}, "osType": "Linux"}], "osDisk": 7});
    other["osProfile"] = json!({"windowsConfiguration": {}});
    let nsg = json!({"id": of_network("networkSecurityGroups", "nsg"), "name": "nsg", "securityRules": [],
        "flowLogs": ["Microsoft.Azure.Commands.Network.Models.PSFlowLogResource"]});
    site.import(&[bare("bare"), none, template, image, disk, shell, cut, other, nsg]).await;
    for (name, properties) in [
        ("bare", json!({})),
        ("none", json!({})),
        (
            "template",
            json!({"storageProfile": {"osDisk": {"osType": "Windows"}}, "osProfile": {"windowsConfiguration": {}}}),
        ),
        (
            "image",
            json!({"storageProfile": {"osDisk": {"osType": "Linux"}, "imageReference": {"id": "/x"}},
                "osProfile": {"linuxConfiguration": {}}}),
        ),
        (
            "disk",
            json!({"storageProfile": {"osDisk": {"osType": "Linux", "name": "one"}, "dataDisks": []},
                "osProfile": {"linuxConfiguration": {}}}),
        ),
        (
            "shell",
            json!({"vmId": "0c8f7e4e", "storageProfile": {"imageReference": {"publisher": "Canonical"},
                "osDisk": {"diskSizeGB": 30, "name": "one"}, "dataDisks": [{"lun": 0}]}}),
        ),
        (
            "cut",
            json!({"vmId": "0c8f7e4f", "storageProfile": {"osDisk": {"osType": "Windows"}, "diskControllerType": "SCSI"},
                "osProfile": {"computerName": "cut"}}),
        ),
        (
            "other",
            json!({"storageProfile": {"osDisk": {"osType": "Windows"}, "dataDisks": [{"lun": 0, "osDisk": {}, "osType": "Linux"}]},
                "osProfile": {"windowsConfiguration": {}}}),
        ),
    ] {
        let one = shown(&site, &machine(name)).await;
        let mut expected = properties;
        expected["networkProfile"] = json!({"networkInterfaces": []});
        expected["provisioningState"] = json!("Succeeded");
        assert_eq!(one["properties"], expected, "{name}");
        let mut members: Vec<&str> = one.as_object().unwrap().keys().map(String::as_str).collect();
        members.retain(|member| !["id", "name", "type", "location", "properties"].contains(member));
        assert_eq!(members, if name == "shell" { vec!["tags", "zones"] } else { vec![] }, "{name}");
    }
    let nsg = shown(&site, &of_network("networkSecurityGroups", "nsg")).await;
    assert_eq!((nsg.get("tags"), nsg["properties"].get("provisioningState")), (None, None));
    assert_eq!(nsg["properties"].get("flowLogs"), None);
    let address = json!({"id": of_network("publicIPAddresses", "pip"), "name": "pip",
        "properties": {"publicIPAllocationMethod": "Static", "ipAddress": "203.0.113.9"}, "sku": {"name": "Basic"}});
    site.import(&[address]).await;
    let public = shown(&site, &of_network("publicIPAddresses", "pip")).await;
    assert_eq!(public["properties"]["publicIPAllocationMethod"], "Static");
    assert_eq!(public["properties"]["publicIPAddressVersion"], "IPv4", "as its address tells");
    assert_eq!(public["sku"], json!({"name": "Basic"}));
}

/// As `az resource list` has them, without properties, and with a list of addresses that is empty.
#[tokio::test]
async fn interfaces_that_lost_their_addresses_are_there_all_the_same() {
    let nic = |name: &str| of_network("networkInterfaces", name);
    let bare = |name: &str| json!({"id": nic(name), "name": name, "type": "Microsoft.Network/networkInterfaces", "location": "westeurope"});
    let mut empty = bare("empty");
    empty["properties"] = json!({"ipConfigurations": []});
    // The third is told of by its machine alone.
    let attached = ["bare", "empty", "none"].map(|name| json!({"id": nic(name)}));
    let vm = json!({"id": machine("vm1"), "name": "vm1", "type": "Microsoft.Compute/virtualMachines",
        "privateIps": "10.0.0.4", "networkProfile": {"networkInterfaces": attached}});
    let site = Site::new();
    site.import(&[bare("bare"), empty, vm]).await;
    for name in ["bare", "empty"] {
        let one = shown(&site, &nic(name)).await;
        assert_eq!(one["properties"]["ipConfigurations"], json!([]), "{one}");
        assert_eq!(one["properties"]["virtualMachine"]["id"], machine("vm1").as_str());
        let parts = format!("{}/ipConfigurations?api-version=2024-07-01", nic(name));
        let parts = site.get("owner", &parts).await;
        assert!(parts.status == 404 && parts.text.contains("were not imported"), "{parts:?}");
    }
    assert_eq!(names(&site, "owner", &list(None, "")).await, ["vm1", "bare", "empty"]);
    let none = site.get("owner", &format!("{}?api-version=2024-07-01", nic("none"))).await;
    assert_eq!(none.status, 404, "{none:?}");
}

/// A virtual network without all that it has, and one that has nothing in it.
#[tokio::test]
async fn what_is_in_a_network_is_not_listed_where_it_was_lost() {
    let of = |name: &str| json!({"id": of_network("virtualNetworks", name), "name": name, "type": "Microsoft.Network/virtualNetworks", "location": "westeurope"});
    let mut empty = of("empty");
    empty["properties"] = json!({"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [], "virtualNetworkPeerings": []});
    let table = json!({"id": of_network("routeTables", "bare"), "name": "bare", "type": "Microsoft.Network/routeTables", "location": "westeurope"});
    let site = Site::new();
    site.import(&[of("bare"), empty, table]).await;
    for list in ["subnets", "virtualNetworkPeerings"] {
        let none = format!("{}/{list}?api-version=2024-07-01", of_network("virtualNetworks", "empty"));
        assert_eq!(site.get("owner", &none).await.text, "{\"value\":[]}");
    }
    for (kind, list) in [
        ("virtualNetworks", "subnets"),
        ("virtualNetworks", "virtualNetworkPeerings"),
        ("routeTables", "routes"),
    ] {
        let lost = format!("{}/{list}", of_network(kind, "bare"));
        for (rest, said) in [("", "were not imported"), ("/x", "not among what was imported")] {
            let answer = site.get("owner", &format!("{lost}{rest}?api-version=2024-07-01")).await;
            assert!(answer.status == 404 && answer.text.contains(said), "{answer:?}");
        }
    }
}

/// An NSG whose rules were lost has none to show, and one that has none says so.
#[tokio::test]
async fn rules_that_nobody_wrote_are_not_listed() {
    let nsg = |name: &str| of_network("networkSecurityGroups", name);
    let of = |name: &str| json!({"id": nsg(name), "name": name, "type": "Microsoft.Network/networkSecurityGroups", "location": "westeurope"});
    let mut empty = of("empty");
    empty["properties"] = json!({"securityRules": []});
    let site = Site::new();
    site.import(&[of("bare"), empty]).await;
    for (name, rules, status, text) in
        [("bare", None, 404, "were not imported"), ("empty", Some(&json!([])), 200, "{\"value\":[]}")]
    {
        let one = shown(&site, &nsg(name)).await;
        assert_eq!(one["properties"].get("securityRules"), rules, "{one}");
        assert_eq!(one["properties"]["defaultSecurityRules"].as_array().map(Vec::len), Some(6));
        let parts = format!("{}/securityRules?api-version=2024-07-01", nsg(name));
        let parts = site.get("owner", &parts).await;
        assert!(parts.status == status && parts.text.contains(text), "{parts:?}");
    }
}

/// Some rules were lost among others: a list of the others would be taken for all.
#[tokio::test]
async fn rules_that_were_lost_keep_their_place() {
    let nsg = of_network("networkSecurityGroups", "cut");
    let rule = |name: &str, priority: u32| {
        json!({"name": name, "properties": {"priority": priority, "direction": "Inbound", "access": "Deny",
        "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"}})
    };
    let cut = "Microsoft.Azure.Commands.Network.Models.PSSecurityRule";
    let of = json!({"id": nsg, "name": "cut", "type": "Microsoft.Network/networkSecurityGroups", "location": "westeurope",
        "properties": {"securityRules": [cut, rule("b", 110), rule("a", 120), cut, {"id": format!("{nsg}/securityRules/c")}]}});
    let site = Site::new();
    site.import(&[of]).await;
    let one = shown(&site, &nsg).await;
    let names = |list: &Value| {
        let names = list.as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&one["properties"]["securityRules"]), ["", "b", "a", "", "c"], "{one}");
    // Those without a name come last, as one: a page cannot begin in their midst.
    let mut pages = Vec::new();
    for page in site.pages("owner", &format!("{nsg}/securityRules?api-version=2024-07-01&$top=1")).await {
        pages.push(names(&page["value"]));
    }
    assert_eq!(pages, [["a"], ["b"], ["c"], [""]]);
    for (name, status) in [("a", 200), ("c", 200), ("d", 404)] {
        let one = site.get("owner", &format!("{nsg}/securityRules/{name}?api-version=2024-07-01")).await;
        assert_eq!((one.status, one.text.contains("not among what was imported")), (status, status == 404));
    }
}
