//! What was lost on the way is not shown as if nothing were there: read back, it is as little known.

use crate::support;
use crate::support::bare::{
    Change, FRONT, OUTSIDE, azure, bare, behind_firewall, engine, id, of, reach, ssh_from, subnet, with,
};
use crate::support::network::network;
use crate::support::shown::shown;
use jitgate_core::network::{Engine, Flow, Index, Reachable};
use jitgate_core::wire::inventory::{ArmKind, ArmPart, Inventory, Links, Parts};
use serde_json::{Value, json};

const MAYBE: Reachable = Reachable::Maybe;

/// The same question about what is shown of a document.
fn read_back(document: &Value, from: &str, to: Option<&str>) -> Reachable {
    let (before, _) = network(&[document.to_string()]);
    let (after, _) = network(&shown(&before));
    let address = |text: &str| text.parse().expect("an address");
    let machine = after.machines.iter().position(|machine| machine.name == "web1").expect("it is there");
    let (from, to) = (address(from), to.map(address));
    let flow = Flow { machine: Index::new(machine), from, port: 22, protocol: 6, source_port: None, to };
    Engine::new(after).reach(&flow).reachable
}

/// What a sure base becomes with these changes, before it is shown and after.
fn each(base: &Value, from: &str, to: Option<&str>, sure: Reachable, cases: &[&[Change]]) {
    assert_eq!((reach(base, from, to), read_back(base, from, to)), (sure, sure));
    for changes in cases {
        let document = with(base, changes);
        assert_eq!(reach(&document, from, to), MAYBE, "{changes:?}");
        assert_eq!(read_back(&document, from, to), MAYBE, "shown: {changes:?}");
    }
}

fn resource(document: &Value, kind: ArmKind, at: usize) -> Value {
    let engine = engine(document);
    let links = Links::new(engine.network());
    let text = Inventory::new(&engine, &links).resource(kind, at).expect("one is there");
    serde_json::from_str(&text).expect("JSON")
}

fn parts(document: &Value, part: ArmPart) -> (usize, bool) {
    let engine = engine(document);
    let links = Links::new(engine.network());
    let Parts { all, whole } = Inventory::new(&engine, &links).parts(part, 0).expect("it is there");
    (all.len(), whole)
}

#[test]
fn rules_of_a_firewall() {
    let base = behind_firewall();
    let whole = base[5].clone();
    let nat = |value: Value| ("/5/natRuleCollections", Some(value));
    let network = |value: Value| ("/5/networkRuleCollections", Some(value));
    let named = json!({"name": "n", "priority": 100, "action": {"type": "Dnat"}});
    let deny = json!({"name": "d", "priority": 100, "action": {"type": "Deny"}, "rules": ""});
    each(
        &base,
        OUTSIDE,
        Some(FRONT),
        Reachable::Yes,
        &[
            &[("/5", Some(bare(&whole)))],
            &[("/5/natRuleCollections", None)],
            &[nat(json!([""]))],
            &[nat(json!([named]))],
            &[("/5/natRuleCollections/-", Some(json!("")))],
            &[("/5/networkRuleCollections", None)],
            &[network(json!([""]))],
            &[network(json!([deny]))],
            &[("/5/natRuleCollections/0/rules/0/destinationPorts", Some(json!(["23", ""])))],
            &[("/5/natRuleCollections/0/rules/0/sourceAddresses", Some(json!(["10.0.0.0/8", null])))],
            &[("/5/natRuleCollections/0/rules/0/protocols", Some(json!(["UDP", ""])))],
        ],
    );
    let shown =
        |changes: &[Change]| resource(&with(&base, changes), ArmKind::AzureFirewall, 0)["properties"].clone();
    let one = shown(&[("/5/natRuleCollections", None)]);
    assert_eq!((one.get("natRuleCollections"), &one["networkRuleCollections"]), (None, &json!([])));
    let one = shown(&[("/5/networkRuleCollections", None)]);
    assert_eq!(
        (one["natRuleCollections"].as_array().map(Vec::len), one.get("networkRuleCollections")),
        (Some(1), None)
    );
    let one = shown(&[nat(json!([named]))]);
    assert_eq!(one["natRuleCollections"][0]["properties"].get("rules"), None, "{one}");
    let none = shown(&[nat(json!([]))]);
    assert_eq!((&none["natRuleCollections"], &none["networkRuleCollections"]), (&json!([]), &json!([])));
    // A rule for the address that was lost of two.
    let second = json!({"name": "d", "publicIPAddress": {"id": ""}});
    let at = ("/5/natRuleCollections/0/rules/0/destinationAddresses", Some(json!(["203.0.113.99"])));
    let two = with(&base, &[at, ("/5/ipConfigurations/-", Some(second))]);
    for to in [Some("203.0.113.99"), None] {
        let before = reach(&two, OUTSIDE, to);
        assert_ne!(before, Reachable::No, "{to:?}");
        assert_eq!(read_back(&two, OUTSIDE, to), before, "{to:?}");
    }
}

#[test]
fn routes() {
    let table = json!({"type": "Microsoft.Network/routeTables", "id": id("routeTables", "rt"), "name": "rt", "routes": [{"name": "far", "addressPrefix": "192.168.0.0/16", "nextHopType": "VirtualAppliance"}]});
    let base = with(
        &azure(),
        &[
            ("/3/securityRules", Some(json!([]))),
            ("/-", Some(table.clone())),
            ("/2/subnets/0/routeTable", Some(of("routeTables", "rt"))),
        ],
    );
    each(
        &base,
        "192.169.1.1",
        None,
        Reachable::No,
        &[
            &[("/4", Some(bare(&table)))],
            &[("/4/routes", Some(json!("")))],
            &[("/4/routes/-", Some(json!({"id": "x"})))],
            &[("/2/subnets/0/routeTable", Some(json!({"id": "", "resourceGroup": "rg"})))],
            &[("/2/subnets/0/routeTable", Some(json!({"id": null, "resourceGroup": "rg"})))],
            &[("/2/subnets/0/routeTable", Some(json!({"resourceGroup": "rg"})))],
            &[("/2/subnets/0/routeTable", Some(json!({})))],
        ],
    );
    let lost = with(&base, &[("/4/routes/-", Some(json!({})))]);
    let one = resource(&lost, ArmKind::RouteTable, 0);
    assert_eq!(one["properties"]["routes"][1], json!({"id": "", "name": "", "properties": {}}));
    assert_eq!(parts(&base, ArmPart::Route), (1, true));
    assert_eq!(parts(&lost, ArmPart::Route), (2, false));
    let bare = with(&base, &[("/4", Some(bare(&table)))]);
    assert_eq!(parts(&bare, ArmPart::Route), (0, false));
    assert_eq!(resource(&bare, ArmKind::RouteTable, 0)["properties"], json!({}));
    assert_eq!(parts(&with(&base, &[("/4/routes", Some(json!([])))]), ArmPart::Route), (0, true));
}

#[test]
fn address_spaces_and_what_is_in_networks() {
    let base = with(&azure(), &[("/3/securityRules", Some(json!([])))]);
    let space = |list: Value| ("/2/addressSpace", Some(json!({"addressPrefixes": list})));
    each(
        &base,
        "10.30.9.9",
        None,
        Reachable::No,
        &[
            &[space(json!(["10.20.0.0/16", "x y"]))],
            &[space(json!(["10.20.0.0/16", ""]))],
            &[space(json!([]))],
            &[("/2/addressSpace", None)],
            &[("/2/subnets/-", Some(json!("PSSubnet")))],
            &[("/2/subnets/-", Some(Value::Null))],
            &[("/2/virtualNetworkPeerings", Some(json!(["PSVirtualNetworkPeering"])))],
            &[("/2/virtualNetworkPeerings", Some(json!([{"name": "x"}])))],
        ],
    );
    let nothing = json!({"id": "", "name": "", "properties": {}});
    for (list, part, count) in
        [("subnets", ArmPart::Subnet, 2), ("virtualNetworkPeerings", ArmPart::Peering, 1)]
    {
        let mut document = base.clone();
        let all = document[2].as_object_mut().expect("an object").entry(list).or_insert(json!([]));
        all.as_array_mut().expect("a list").push(Value::Null);
        let one = resource(&document, ArmKind::VirtualNetwork, 0)["properties"][list].clone();
        assert_eq!((&one[count - 1], parts(&document, part)), (&nothing, (count, false)));
        // Read back, it is shown alike.
        document[2] = resource(&document, ArmKind::VirtualNetwork, 0);
        assert_eq!(resource(&document, ArmKind::VirtualNetwork, 0)["properties"][list], one);
    }
    let shown = |document: &Value| resource(document, ArmKind::VirtualNetwork, 0)["properties"].clone();
    let partly = with(&base, &[space(json!(["x y", "10.20.0.0/16"]))]);
    assert_eq!(shown(&partly)["addressSpace"]["addressPrefixes"], json!(["10.20.0.0/16", ""]));
    let bare = with(&base, &[("/2", Some(bare(&base[2])))]);
    // Clients count subnets, and join prefixes.
    let empty = json!({"addressSpace": {"addressPrefixes": []}, "subnets": [], "virtualNetworkPeerings": []});
    assert_eq!(shown(&bare), empty);
    for (part, count) in [(ArmPart::Subnet, 1), (ArmPart::Peering, 0)] {
        assert_eq!(parts(&base, part), (count, true));
        assert_eq!(parts(&bare, part), (0, false));
    }
    // Of the prefixes of a subnet the place of one that was lost is there.
    let prefixes = |list: Value| ("/2/subnets/0/addressPrefixes", Some(list));
    let several = |list: Value| with(&base, &[("/2/subnets/0/addressPrefix", None), prefixes(list)]);
    for (list, one, many) in [
        (json!(["10.20.1.0/24"]), json!("10.20.1.0/24"), Value::Null),
        (json!(["10.20.1.0/24", null]), Value::Null, json!(["10.20.1.0/24", ""])),
        (json!(["10.20.1.0/24", "x y"]), Value::Null, json!(["10.20.1.0/24", ""])),
    ] {
        let subnet = &shown(&several(list.clone()))["subnets"][0]["properties"];
        assert_eq!((&subnet["addressPrefix"], &subnet["addressPrefixes"]), (&one, &many), "{list}");
    }
    // What a subnet has is not nothing.
    let public = with(&support::bare::public(), &[("/3/securityRules", Some(json!([])))]);
    each(
        &public,
        OUTSIDE,
        None,
        Reachable::No,
        &[&[("/2/subnets/0/networkSecurityGroup", Some(json!({"id": "", "resourceGroup": "rg"})))]],
    );
}

#[test]
fn who_is_in_a_group() {
    let asg = |name: &str| json!({"type": "Microsoft.Network/applicationSecurityGroups", "id": id("applicationSecurityGroups", name), "name": name});
    let jump = of("applicationSecurityGroups", "jump");
    let nic = |name: &str, address: &str, groups: Value| {
        json!({"type": "Microsoft.Network/networkInterfaces", "id": id("networkInterfaces", name), "name": name,
            "ipConfigurations": [{"name": "one", "privateIPAddress": address, "subnet": {"id": subnet()}, "applicationSecurityGroups": groups}]})
    };
    let deny = json!({"name": "no", "priority": 400, "direction": "Inbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let base = with(
        &azure(),
        &[
            ("/3/securityRules", Some(json!([ssh_from(&json!([jump])), deny]))),
            ("/-", Some(asg("jump"))),
            ("/-", Some(nic("j1", "10.20.1.8", json!([jump])))),
            ("/-", Some(nic("j2", "10.20.1.9", json!([])))),
        ],
    );
    let groups = "/6/ipConfigurations/0/applicationSecurityGroups";
    let source = |groups: Value| ("/3/securityRules/0", Some(ssh_from(&groups)));
    let prefixes = |list: Value| {
        let mut rule = ssh_from(&json!([jump]));
        rule["sourceAddressPrefixes"] = list;
        ("/3/securityRules/0", Some(rule))
    };
    each(
        &base,
        "10.20.1.9",
        None,
        Reachable::No,
        &[
            &[(groups, Some(json!([{"id": ""}])))],
            &[(groups, Some(json!([asg("other"), {}])))],
            &[("/6/ipConfigurations/-", Some(json!("")))],
            &[source(json!([jump, {"id": ""}]))],
            &[source(json!([{"id": ""}]))],
            &[prefixes(json!([""]))],
            &[prefixes(json!(["192.0.2.1", null]))],
        ],
    );
    let lost = with(&base, &[(groups, Some(json!([{"id": ""}])))]);
    let one = resource(&lost, ArmKind::NetworkInterface, 2);
    let shown = &one["properties"]["ipConfigurations"][0]["properties"]["applicationSecurityGroups"];
    assert_eq!(*shown, json!([{"id": ""}]), "{one}");
    let bare = with(&azure(), &[("/1", Some(bare(&base[1])))]);
    assert_eq!(parts(&bare, ArmPart::IpConfiguration), (0, false));
    assert_eq!(resource(&bare, ArmKind::NetworkInterface, 0)["properties"]["ipConfigurations"], json!([]));
    assert_eq!(parts(&base, ArmPart::IpConfiguration), (1, true));
}

#[test]
fn elements_of_rules() {
    let base = with(&azure(), &[("/3/securityRules/0/sourceAddressPrefix", Some(json!("10.0.0.0/8")))]);
    let rule = |member: &'static str, list: Value| {
        let mut rule = ssh_from(&json!("10.0.0.0/8"));
        if member.starts_with("destination") {
            rule = ssh_from(&json!("*"));
            rule.as_object_mut().expect("an object").remove("destinationPortRange");
        } else {
            rule.as_object_mut().expect("an object").remove("sourceAddressPrefix");
        }
        rule[member] = list;
        ("/3/securityRules/0", Some(rule))
    };
    let sources = "sourceAddressPrefixes";
    let ports = "destinationPortRanges";
    each(
        &base,
        OUTSIDE,
        None,
        Reachable::No,
        &[
            &[rule(sources, json!(["10.0.0.0/8", ""]))],
            &[rule(sources, json!([null, "10.0.0.0/8"]))],
            &[rule(sources, json!(["", null]))],
            &[rule(ports, json!(["23", null]))],
            &[rule(ports, json!(["", "80-90"]))],
        ],
    );
    // What is nothing by itself is nothing.
    for nothing in [json!(""), Value::Null, json!([])] {
        let document = with(&base, &[("/3/securityRules/0/sourceAddressPrefixes", Some(nothing))]);
        assert_eq!(reach(&document, OUTSIDE, None), Reachable::No);
    }
}

/// Each NIC is looked up by clients, which fail where its id is none.
#[test]
fn interfaces_of_a_machine() {
    let base = with(&azure(), &[("/3/securityRules", Some(json!([])))]);
    let nics = |list: Value| ("/0/networkProfile/networkInterfaces", Some(list));
    let given = of("networkInterfaces", "nic");
    each(
        &base,
        OUTSIDE,
        None,
        Reachable::No,
        &[
            &[nics(json!([given, {"id": ""}]))],
            &[nics(json!([given, null]))],
            &[("/0/networkProfile/networkInterfaceConfigurations", Some(json!([{"name": "made"}])))],
        ],
    );
    let one = resource(&with(&base, &[nics(json!([given, {}]))]), ArmKind::VirtualMachine, 0);
    let profile = &one["properties"]["networkProfile"];
    assert_eq!(profile["networkInterfaces"].as_array().map(Vec::len), Some(1), "{one}");
    assert_eq!(profile["networkInterfaceConfigurations"], json!([{}]), "{one}");
    let whole = resource(&base, ArmKind::VirtualMachine, 0);
    assert_eq!(whole["properties"]["networkProfile"].get("networkInterfaceConfigurations"), None);
}

/// Two networks of one name, in different groups, have peerings with ids of their own.
#[test]
fn peerings_to_networks_of_one_name() {
    let to = |group: &str| json!({"remoteVirtualNetwork": {"id": format!("/subscriptions/s/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/w")}, "peeringState": "Connected"});
    let document = with(&azure(), &[("/2/virtualNetworkPeerings", Some(json!([to("a"), to("b"), to("c")])))]);
    let one = resource(&document, ArmKind::VirtualNetwork, 0);
    let peerings = one["properties"]["virtualNetworkPeerings"].as_array().expect("a list");
    let names: Vec<_> = peerings.iter().map(|peering| peering["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["v-to-w", "v-to-w-2", "v-to-w-3"]);
    for peering in peerings {
        let name = peering["name"].as_str().expect("a name");
        assert_eq!(peering["id"], format!("{}/virtualNetworkPeerings/{name}", id("virtualNetworks", "v")));
    }
}
