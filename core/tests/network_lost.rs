//! Exports that lost a part on their way: what is not there is not known, and nothing is closed by it.

use crate::support::network::network;
use jitgate_core::network::engine::{Class, Reason};
use jitgate_core::network::{Engine, Flow, Index, Reachable};
use jitgate_core::wire::inventory::{ArmKind, Inventory, Links};
use jitgate_core::{CheckOptions, check};
use serde_json::{Value, json};

const NET: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";

/// A machine behind an NSG that lets SSH in from everywhere.
fn azure() -> Value {
    json!([
        {"type": "Microsoft.Compute/virtualMachines", "id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1", "name": "web1",
         "networkProfile": {"networkInterfaces": [{"id": format!("{NET}/networkInterfaces/nic")}]}},
        {"type": "Microsoft.Network/networkInterfaces", "id": format!("{NET}/networkInterfaces/nic"), "name": "nic",
         "ipConfigurations": [{"name": "one", "privateIPAddress": "10.20.1.4", "subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/s")}}]},
        {"type": "Microsoft.Network/virtualNetworks", "id": format!("{NET}/virtualNetworks/v"), "name": "v", "addressSpace": {"addressPrefixes": ["10.20.0.0/16"]},
         "subnets": [{"id": format!("{NET}/virtualNetworks/v/subnets/s"), "name": "s", "addressPrefix": "10.20.1.0/24", "networkSecurityGroup": {"id": format!("{NET}/networkSecurityGroups/nsg")}}]},
        {"type": "Microsoft.Network/networkSecurityGroups", "id": format!("{NET}/networkSecurityGroups/nsg"), "name": "nsg",
         "securityRules": [{"name": "ssh", "priority": 300, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22"}]}
    ])
}

fn ec2() -> Value {
    json!([
        {"Reservations": [{"Instances": [{"InstanceId": "i-1", "InstanceType": "t3.micro", "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.20.1.4", "PrivateIpAddresses": [{"PrivateIpAddress": "10.20.1.4", "Primary": true}], "Groups": [{"GroupId": "sg-1"}]}]}]}]},
        {"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "one", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}
    ])
}

/// SSH from the internet to the machine.
fn flow() -> Flow {
    Flow {
        machine: Index::new(0),
        from: "198.51.100.7".parse().expect("an address"),
        port: 22,
        protocol: 6,
        source_port: None,
        to: None,
    }
}

/// Whether SSH reaches the machine from the internet, and the codes of what is said.
fn ssh(document: &Value) -> (Reachable, Vec<&'static str>) {
    let text = document.to_string();
    let (network, _) = network(&[text.as_bytes()]);
    let codes = check(text.as_bytes(), &CheckOptions::default());
    (
        Engine::new(network).reach(&flow()).reachable,
        codes.diagnostics.iter().map(|one| one.code.id()).collect(),
    )
}

/// The document without what the path leads to, or with this in its place.
fn with(mut document: Value, path: &str, put: Option<Value>) -> Value {
    let (parent, last) = path.rsplit_once('/').expect("a path");
    let object = document.pointer_mut(parent).expect("a place").as_object_mut().expect("an object");
    object.remove(last).expect("a member");
    if let Some(value) = put {
        object.insert(last.to_owned(), value);
    }
    document
}

#[test]
fn what_was_lost_is_not_closed() {
    assert_eq!(ssh(&azure()), (Reachable::Yes, vec![]));
    assert_eq!(ssh(&ec2()), (Reachable::Yes, vec![]));
    for (document, path, put, code) in [
        // As `az resource list` and `Get-AzResource` have them.
        (azure(), "/3/securityRules", None, "JIT712"),
        (azure(), "/3/securityRules", Some(Value::Null), "JIT712"),
        (azure(), "/1/ipConfigurations", None, ""),
        (azure(), "/1/ipConfigurations", Some(json!([])), ""),
        (azure(), "/3/securityRules/0/destinationPortRange", None, "JIT703"),
        (azure(), "/3/securityRules/0/destinationAddressPrefix", Some(Value::Null), "JIT703"),
        (azure(), "/3/securityRules/0/sourceAddressPrefix", Some(json!("")), "JIT703"),
        (azure(), "/3/securityRules/0/sourcePortRange", None, "JIT703"),
        (
            azure(),
            "/3/securityRules/0",
            Some(json!({"id": format!("{NET}/networkSecurityGroups/nsg/securityRules/ssh")})),
            "",
        ),
        (ec2(), "/1/SecurityGroups/0/IpPermissions", None, "JIT712"),
        (ec2(), "/1/SecurityGroups/0/IpPermissions/0/IpRanges", None, "JIT703"),
        (ec2(), "/0/Reservations/0/Instances/0/NetworkInterfaces/0/Groups", None, ""),
    ] {
        let document = match path.rsplit_once('/') {
            Some((parent, "0")) => {
                let mut document = document;
                document.pointer_mut(parent).expect("a list")[0] = put.expect("a value");
                document
            }
            _ => with(document, path, put),
        };
        let (reachable, codes) = ssh(&document);
        assert_eq!(reachable, Reachable::Maybe, "{path}");
        assert!(code.is_empty() || codes.contains(&code), "{path}: {codes:?}");
    }
}

#[test]
fn an_interface_without_its_address_is_reached_all_the_same() {
    let interface = "/0/Reservations/0/Instances/0/NetworkInterfaces/0";
    let bare = with(ec2(), &format!("{interface}/PrivateIpAddress"), None);
    assert_ne!(ssh(&with(bare, &format!("{interface}/PrivateIpAddresses"), None)).0, Reachable::No);
    assert_ne!(ssh(&with(azure(), "/1/ipConfigurations/0/privateIPAddress", None)).0, Reachable::No);
}

#[test]
fn what_is_whole_is_known() {
    let without = || with(azure(), "/3/securityRules", None);
    let bare = without()[3].clone();
    let rule = azure()[3]["securityRules"][0].clone();
    // A list without rules is a list, and a template tells all that is to be.
    assert_eq!(ssh(&with(azure(), "/3/securityRules", Some(json!([])))), (Reachable::No, vec![]));
    let mut template = without();
    template[3]["apiVersion"] = "2024-05-01".into();
    assert_eq!(ssh(&template).0, Reachable::No);
    // Rules that are listed by themselves are the NSG's.
    let mut apart = without();
    let named = json!({"type": "Microsoft.Network/networkSecurityGroups/securityRules", "id": format!("{NET}/networkSecurityGroups/nsg/securityRules/ssh"), "name": "ssh", "properties": rule});
    apart.as_array_mut().expect("a list").push(named);
    assert_eq!(ssh(&apart).0, Reachable::Yes);
    // What says less takes the place of nothing.
    let group = with(ec2(), "/1/SecurityGroups/0/IpPermissions", Some(Value::Null))[1].clone();
    let nic = with(azure(), "/1/ipConfigurations", None)[1].clone();
    for (whole, bare) in [(azure(), bare.clone()), (azure(), nic), (ec2(), group)] {
        let whole = whole.as_array().expect("a list").clone();
        for all in [[whole.clone(), vec![bare.clone()]], [vec![bare.clone()], whole.clone()]] {
            assert_eq!(ssh(&Value::Array(all.concat())), (Reachable::Yes, vec![]), "{bare}");
        }
    }
    // Also where what is told is that there are none.
    let none = with(azure(), "/3/securityRules", Some(json!([])));
    let all = [vec![bare], none.as_array().expect("a list").clone()].concat();
    assert_eq!(ssh(&Value::Array(all)), (Reachable::No, vec![]));
}

/// The first resource of a kind as it is shown.
fn resource(document: &Value, kind: ArmKind) -> Value {
    let (network, _) = network(&[document.to_string().as_bytes()]);
    let (engine, links) = (Engine::new(network.clone()), Links::new(&network));
    let text = Inventory::new(&engine, &links).resource(kind, 0).expect("one is there");
    serde_json::from_str(&text).expect("JSON")
}

/// The first group of rules, of whichever cloud.
fn shown(document: &Value) -> Value {
    let (network, _) = network(&[document.to_string().as_bytes()]);
    let (engine, links) = (Engine::new(network.clone()), Links::new(&network));
    let group = Inventory::new(&engine, &links).security_group(0);
    group.map_or_else(
        || resource(document, ArmKind::NetworkSecurityGroup),
        |group| serde_json::from_str(&group).expect("JSON"),
    )
}

/// The resources as they are shown, among them none that nobody wrote.
#[test]
fn what_was_lost_is_not_shown() {
    const CUT: &str = "Microsoft.Azure.Commands.Network.Models.PSSecurityRule";
    for rules in [Value::Null, json!([CUT]), json!([CUT, CUT]), json!("[parameters('rules')]"), json!("")] {
        let one = shown(&with(azure(), "/3/securityRules", Some(rules)));
        assert_eq!(one["properties"].get("securityRules"), None, "{one}");
        assert_eq!(one["properties"]["defaultSecurityRules"].as_array().map(Vec::len), Some(6));
    }
    let mut cut = azure();
    cut[3]["defaultSecurityRules"] = json!([CUT, CUT, CUT, CUT, CUT, CUT]);
    let one = shown(&cut);
    assert_eq!(one["properties"]["securityRules"].as_array().map(Vec::len), Some(1), "{one}");
    assert_eq!(one["properties"]["defaultSecurityRules"].as_array().map(Vec::len), Some(6), "{one}");
    let none = shown(&with(azure(), "/3/securityRules", Some(json!([]))));
    assert_eq!(none["properties"]["securityRules"], json!([]));
    for (member, lost) in [
        ("destinationPortRange", "destinationPortRange"),
        ("sourceAddressPrefix", "sourceAddressPrefix"),
        ("priority", "priority"),
        ("direction", "direction"),
    ] {
        let one = shown(&with(azure(), &format!("/3/securityRules/0/{member}"), None));
        let rule = &one["properties"]["securityRules"][0]["properties"];
        assert_eq!((&rule["access"], rule.get(lost)), (&json!("Allow"), None), "{one}");
        let many = rule.get(format!("{lost}s").replace("Prefixs", "Prefixes"));
        assert!(many.is_none_or(|many| *many == json!([])), "{one}");
    }
    let group = shown(&with(ec2(), "/1/SecurityGroups/0/IpPermissions", Some(Value::Null)));
    assert_eq!(group, json!({"GroupId": "sg-1", "GroupName": "one"}));
    let permission = shown(&with(ec2(), "/1/SecurityGroups/0/IpPermissions/0/IpRanges", None));
    let permission = &permission["IpPermissions"][0];
    assert_eq!((&permission["FromPort"], &permission["IpRanges"]), (&json!(22), &json!([])));
}

/// Of a rule that was lost among others, its place is there, and what is known of it; read back, it is as little known.
#[test]
fn no_rules_are_shown_as_if_they_were_all() {
    let lost = |id: &str| json!({"id": id, "type": "Microsoft.Network/networkSecurityGroups/securityRules"});
    let id = format!("{NET}/networkSecurityGroups/nsg/securityRules/other");
    let nothing = json!({"sourcePortRanges": [], "destinationPortRanges": [], "sourceAddressPrefixes": [], "destinationAddressPrefixes": []});
    for (rule, name, known) in [
        (json!("Microsoft.Azure.Commands.Network.Models.PSSecurityRule"), "", None),
        (json!("[parameters('rule')]"), "", None),
        (json!("@{Name=other; Priority=100}"), "", None),
        (Value::Null, "", None),
        (json!({}), "", None),
        (json!({"properties": {}}), "", None),
        (lost(&id), "other", Some(&id)),
        (json!({"name": "other"}), "other", Some(&id)),
    ] {
        let mut document = azure();
        document[3]["securityRules"].as_array_mut().expect("a list").push(rule.clone());
        let one = shown(&document);
        let rules = one["properties"]["securityRules"].as_array().expect("a list");
        assert_eq!(rules.len(), 2, "{rule}: {one}");
        assert_eq!(rules[0]["name"], "ssh");
        assert_eq!((&rules[1]["name"], &rules[1]["properties"]), (&json!(name), &nothing), "{rule}");
        assert_eq!(rules[1]["id"], known.map_or("", String::as_str), "{rule}");
        assert_eq!(ssh(&document).0, Reachable::Maybe, "{rule}");
        document[3] = one;
        assert_eq!(ssh(&document).0, Reachable::Maybe, "{rule}");
    }
}

#[test]
fn no_permissions_are_shown_as_if_they_were_all() {
    let mut document = ec2();
    let list = document[1]["SecurityGroups"][0]["IpPermissions"].as_array_mut().expect("a list");
    list.push(json!("Amazon.EC2.Model.IpPermission"));
    let one = shown(&document);
    let permissions = one["IpPermissions"].as_array().expect("a list");
    let nothing = json!({"IpRanges": [], "Ipv6Ranges": [], "UserIdGroupPairs": [], "PrefixListIds": []});
    assert_eq!((permissions.len(), &permissions[1]), (2, &nothing), "{one}");
    let engine = |document: &Value| Engine::new(network(&[document.to_string().as_bytes()]).0);
    let https = Flow { port: 443, ..flow() };
    assert_eq!(engine(&document).reach(&https).reachable, Reachable::Maybe);
    document[1] = json!({"SecurityGroups": [one]});
    assert_eq!(engine(&document).reach(&https).reachable, Reachable::Maybe);
}

/// A rule without a direction may be one for what comes in, which nobody said.
#[test]
fn no_direction_is_shown_that_nobody_wrote() {
    for direction in [None, Some(Value::Null), Some(json!("Sideways")), Some(json!("[parameters('way')]"))] {
        let mut document = with(azure(), "/3/securityRules/0/direction", direction.clone());
        assert_eq!(ssh(&document).0, Reachable::Maybe, "{direction:?}");
        let one = shown(&document);
        let rule = &one["properties"]["securityRules"][0]["properties"];
        assert_eq!(rule.get("direction"), None, "{rule}");
        assert_eq!((&rule["access"], &rule["priority"]), (&json!("Allow"), &json!(300)), "{rule}");
        document[3] = one;
        assert_eq!(ssh(&document).0, Reachable::Maybe, "{direction:?}");
    }
}

/// What stands in the place of IP configurations is no subnet.
#[test]
fn no_subnet_is_shown_that_is_none() {
    for text in [
        "Microsoft.Azure.Commands.Network.Models.PSNetworkInterfaceIPConfiguration",
        "[parameters('configurations')]",
        "@{Name=one}",
    ] {
        for (all, shown_of_it) in [(json!(text), 0), (json!([text]), 0), (json!([text, text]), 0)] {
            let document = with(azure(), "/1/ipConfigurations", Some(all));
            let one = resource(&document, ArmKind::NetworkInterface);
            let list = one["properties"]["ipConfigurations"].as_array().expect("a list");
            assert_eq!(list.len(), shown_of_it, "{one}");
            assert_eq!(ssh(&document).0, Reachable::Maybe, "{text}");
        }
        let mut document = azure();
        document[1]["ipConfigurations"].as_array_mut().expect("a list").push(json!(text));
        let one = resource(&document, ArmKind::NetworkInterface);
        let list = one["properties"]["ipConfigurations"].as_array().expect("a list");
        assert_eq!((list.len(), &list[0]["name"]), (2, &json!("one")), "{one}");
        let nothing = json!({"applicationSecurityGroups": [{"id": ""}], "primary": false});
        assert_eq!((&list[1]["id"], &list[1]["properties"]), (&json!(""), &nothing));
    }
    // One that is written by an expression is no id either.
    let subnet = "/1/ipConfigurations/0/subnet";
    let one = resource(
        &with(azure(), subnet, Some(json!({"id": "[parameters('subnet')]"}))),
        ArmKind::NetworkInterface,
    );
    assert_eq!(one["properties"]["ipConfigurations"][0]["properties"].get("subnet"), None, "{one}");
}

/// As Bicep compiles it: what is there already is referred to, and parameters are not known.
#[test]
fn what_a_template_does_not_tell_is_not_closed() {
    let mut closed = azure();
    for node in closed.as_array_mut().expect("a list") {
        node["apiVersion"] = "2024-05-01".into();
    }
    assert_eq!(ssh(&closed).0, Reachable::Yes);
    closed = with(closed, "/3/securityRules", None);
    let but = |place: usize, name: &str, value: Value| {
        let mut document = closed.clone();
        document[place][name] = value;
        document
    };
    assert_eq!(ssh(&closed).0, Reachable::No);
    assert_eq!(ssh(&but(3, "properties", json!({}))).0, Reachable::No);
    for properties in [json!("[parameters('nsgProps')]"), json!([]), json!(7)] {
        assert_eq!(ssh(&but(3, "properties", properties.clone())).0, Reachable::Maybe, "{properties}");
    }
    for place in 1..4 {
        let (reachable, codes) = ssh(&but(place, "existing", json!(true)));
        assert_eq!(reachable, Reachable::Maybe, "{place}");
        assert!(codes.contains(&"JIT712"), "{place}: {codes:?}");
    }
    // A rule that a template adds to what is there leaves the others unknown.
    let mut added = but(3, "existing", json!(true));
    let rule = json!({"type": "Microsoft.Network/networkSecurityGroups/securityRules", "apiVersion": "2024-05-01", "name": "nsg/ssh", "properties": azure()[3]["securityRules"][0]});
    added.as_array_mut().expect("a list").push(rule);
    assert_eq!(ssh(&added).0, Reachable::Maybe);
}

/// An interface of a NAT gateway is in no group, and one of an instance is in some.
#[test]
fn interfaces_without_groups() {
    let interface = "/0/Reservations/0/Instances/0/NetworkInterfaces/0/Groups";
    for groups in [None, Some(Value::Null), Some(json!([]))] {
        let document = with(ec2(), interface, groups.clone());
        assert_eq!(ssh(&document).0, Reachable::Maybe, "{groups:?}");
        let (network, _) = network(&[document.to_string().as_bytes()]);
        let class = Engine::new(network).classify(Index::new(0), false);
        assert_eq!(class, Class::Unsupported(Reason::GroupsNotGiven), "{groups:?}");
    }
    let gateway = |attachment: Value| {
        let mut document = ec2();
        let nic = json!({"NetworkInterfaceId": "eni-2", "PrivateIpAddress": "10.20.1.9", "InterfaceType": "nat_gateway", "Attachment": attachment, "Groups": []});
        document.as_array_mut().expect("a list").push(json!({"NetworkInterfaces": [nic]}));
        ssh(&document)
    };
    assert_eq!(
        gateway(json!({"InstanceOwnerId": "amazon-aws", "Status": "attached"})),
        (Reachable::Yes, vec![])
    );
    assert_eq!(gateway(json!({"InstanceId": "i-1"})), (Reachable::Yes, vec!["JIT712"]));
}

/// A list of rules is whole; one that somebody had shown alone tells of no other.
#[test]
fn a_rule_alone_tells_of_no_other() {
    let listed = |rule: Value| {
        let mut rule = rule;
        rule["id"] = format!(
            "{NET}/networkSecurityGroups/nsg/securityRules/{}",
            rule["name"].as_str().expect("a name")
        )
        .into();
        rule["type"] = "Microsoft.Network/networkSecurityGroups/securityRules".into();
        rule
    };
    let mut web = azure()[3]["securityRules"][0].clone();
    (web["name"], web["destinationPortRange"]) = ("web".into(), "443".into());
    let web = listed(web);
    let bare = with(azure(), "/3/securityRules", None);
    let mut without = azure();
    without.as_array_mut().expect("a list").pop();
    for network in [bare, without] {
        for (rules, reachable) in [
            (json!([web]), Reachable::No),
            (json!({"value": [web]}), Reachable::No),
            (web.clone(), Reachable::Maybe),
        ] {
            let documents = [network.to_string(), rules.to_string()];
            for documents in [&documents, &[documents[1].clone(), documents[0].clone()]] {
                let (network, _) = self::network(documents);
                assert_eq!(Engine::new(network).reach(&flow()).reachable, reachable, "{documents:?}");
            }
        }
    }
}

/// What a bare NSG says it is on counts, in whichever order the files come.
#[test]
fn what_a_bare_nsg_is_on_is_known() {
    let mut subnetless = with(azure(), "/2/subnets/0/networkSecurityGroup", None);
    subnetless.as_array_mut().expect("a list").remove(2);
    let whole = subnetless[2].clone();
    let mut bare = with(json!([whole]), "/0/securityRules", None)[0].clone();
    bare["subnets"] = json!([{"id": format!("{NET}/virtualNetworks/v/subnets/s")}]);
    for groups in [[whole.clone(), bare.clone()], [bare, whole]] {
        let mut document = subnetless.clone();
        let list = document.as_array_mut().expect("a list");
        list.pop();
        list.extend(groups);
        assert_eq!(ssh(&document).0, Reachable::Yes, "{document}");
    }
}
