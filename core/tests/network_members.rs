//! Who is in application security groups and EC2 security groups, where that was lost or not given.

use crate::support::bare::{OUTSIDE, VM, azure, bare, each, ec2, id, of, reach, ssh, ssh_from, subnet, with};
use crate::support::network::network;
use jitgate_core::network::{Engine, Flow, Index, Reachable};
use jitgate_core::preview::diff;
use serde_json::{Value, json};

const MAYBE: Reachable = Reachable::Maybe;

#[test]
fn who_is_in_a_group_may_have_been_lost() {
    let asg = |name: &str| json!({"type": "Microsoft.Network/applicationSecurityGroups", "id": id("applicationSecurityGroups", name), "name": name});
    let jump = json!([of("applicationSecurityGroups", "jump")]);
    let nic = json!({"type": "Microsoft.Network/networkInterfaces", "id": id("networkInterfaces", "j2"), "name": "j2",
        "ipConfigurations": [{"name": "one", "privateIPAddress": "10.20.1.9", "subnet": {"id": subnet()}, "applicationSecurityGroups": jump}]});
    let deny = json!({"name": "no", "priority": 400, "direction": "Inbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let rules = json!([ssh_from(&jump), deny]);
    let base = with(
        &azure(),
        &[("/3/securityRules", Some(rules)), ("/-", Some(asg("jump"))), ("/-", Some(nic.clone()))],
    );
    let cut = |list: Value| ("/5/ipConfigurations/0/applicationSecurityGroups", Some(list));
    // The same expression on both sides is the same group, whichever that is.
    let written = json!([{"id": "[parameters('asg')]"}]);
    let both = with(&base, &[("/3/securityRules/0", Some(ssh_from(&written))), cut(written)]);
    assert_eq!(reach(&both, "10.20.1.9", None), Reachable::Yes);
    let machine = |nics: Value| {
        (
            "/-",
            Some(
                json!({"type": "Microsoft.Compute/virtualMachines", "id": format!("{VM}-2"), "name": "j", "networkProfile": {"networkInterfaces": nics}}),
            ),
        )
    };
    each(
        &base,
        "10.20.1.9",
        None,
        Reachable::Yes,
        &[
            (&[("/5", Some(bare(&nic)))], MAYBE),
            (&[("/-", Some(bare(&nic)))], Reachable::Yes),
            (&[("/5/ipConfigurations", Some(json!("[variables('all')]")))], MAYBE),
            (&[("/5/ipConfigurations/0/applicationSecurityGroups", Some(json!([{"id": ""}])))], MAYBE),
            (&[("/5/ipConfigurations/0/applicationSecurityGroups", None)], Reachable::No),
            // What stands in the place of an id tells of no group, and of no other than that either.
            (&[cut(json!("[parameters('asgs')]"))], MAYBE),
            (&[cut(json!([{"id": "[parameters('asg')]"}]))], MAYBE),
            (&[cut(json!(["Microsoft.Azure.Commands.Network.Models.PSApplicationSecurityGroup"]))], MAYBE),
            (&[cut(json!(["@{Id=x}"]))], MAYBE),
            (&[cut(json!([of("applicationSecurityGroups", "other")]))], Reachable::No),
            (&[("/5", Some(json!({}))), machine(json!([of("networkInterfaces", "j2")]))], MAYBE),
        ],
    );
    // Only whose groups were lost may be in another.
    let lost = with(&base, &[("/5/ipConfigurations/0/applicationSecurityGroups", Some(json!([{"id": ""}])))]);
    assert_eq!(reach(&lost, "10.20.1.10", None), Reachable::No);
    // The machine's own NIC: its address may be in the group that a rule is for.
    let to_web = with(
        &deny,
        &[
            ("/priority", Some(json!(300))),
            ("/access", Some(json!("Allow"))),
            ("/destinationAddressPrefix", None),
            ("/destinationApplicationSecurityGroups", Some(json!([of("applicationSecurityGroups", "web")]))),
        ],
    );
    let own = [
        ("/3/securityRules", Some(json!([to_web, deny]))),
        ("/-", Some(asg("web"))),
        ("/3/networkInterfaces", Some(json!([of("networkInterfaces", "nic")]))),
    ];
    let own = with(&azure(), &own);
    assert_eq!(ssh(&own), Reachable::No);
    assert_eq!(ssh(&with(&own, &[("/1", Some(bare(&own[1])))])), MAYBE);
}

#[test]
fn which_group_an_instance_is_in_may_have_been_lost() {
    let instance = |groups: Value| json!({"InstanceId": "i-2", "InstanceType": "t3.micro", "NetworkInterfaces": [{"NetworkInterfaceId": "eni-2", "PrivateIpAddress": "10.20.1.7", "Groups": groups}]});
    let from_j = json!([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": "sg-j"}]}]);
    let base = with(
        &ec2(),
        &[
            ("/1/SecurityGroups/0/IpPermissions", Some(from_j)),
            ("/1/SecurityGroups/-", Some(json!({"GroupId": "sg-j", "IpPermissions": []}))),
            ("/0/Reservations/0/Instances/-", Some(instance(json!([{"GroupId": "sg-j"}])))),
        ],
    );
    let second = "/0/Reservations/0/Instances/1";
    each(
        &base,
        "10.20.1.7",
        None,
        Reachable::Yes,
        &[
            (&[(second, Some(instance(json!([]))))], MAYBE),
            (&[(second, Some(instance(json!([{"GroupId": ""}]))))], MAYBE),
            // Then nobody is in the group who is told of, and something else may be, in another network with the same address.
            (&[(second, Some(instance(json!([{"GroupId": "sg-1"}]))))], MAYBE),
            (&[(second, Some(instance(json!([{"GroupId": "[x]"}]))))], MAYBE),
            (&[(second, Some(instance(json!(["Amazon.EC2.Model.GroupIdentifier"]))))], MAYBE),
            // One that is told without its interfaces has some, and one that is told to have none has none; who else has the
            // address may be in the group.
            (&[(second, Some(json!({"InstanceId": "i-2", "InstanceType": "t3.micro"})))], MAYBE),
            (
                &[(
                    second,
                    Some(json!({"InstanceId": "i-2", "InstanceType": "t3.micro", "NetworkInterfaces": []})),
                )],
                MAYBE,
            ),
            (
                &[
                    (
                        second,
                        Some(
                            json!({"InstanceId": "i-2", "InstanceType": "t3.micro", "NetworkInterfaces": []}),
                        ),
                    ),
                    (
                        "/-",
                        Some(
                            json!({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.20.1.4", "Attachment": {"InstanceId": "i-1"}, "Groups": [{"GroupId": "sg-1"}]}]}),
                        ),
                    ),
                ],
                Reachable::No,
            ),
            // Its interface may be told elsewhere.
            (
                &[
                    (second, Some(json!({"InstanceId": "i-2", "InstanceType": "t3.micro"}))),
                    (
                        "/-",
                        Some(
                            json!({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-2", "PrivateIpAddress": "10.20.1.7", "Attachment": {"InstanceId": "i-2"}, "Groups": [{"GroupId": "sg-1"}]}]}),
                        ),
                    ),
                ],
                Reachable::No,
            ),
        ],
    );
    assert_eq!(reach(&with(&base, &[(second, Some(instance(json!([]))))]), "10.20.1.8", None), Reachable::No);
}

/// The rule lets in a group that nobody is in, and the NIC of another machine was not given: where that may be is where
/// networks are.
#[test]
fn a_nic_that_was_not_given_is_in_a_network() {
    let jump = json!([of("applicationSecurityGroups", "jump")]);
    let asg = json!({"type": "Microsoft.Network/applicationSecurityGroups", "id": id("applicationSecurityGroups", "jump"), "name": "jump"});
    let deny = json!({"name": "no", "priority": 400, "direction": "Inbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let other = json!({"type": "Microsoft.Compute/virtualMachines", "id": format!("{VM}-2"), "name": "j", "networkProfile": {"networkInterfaces": [of("networkInterfaces", "j2")]}});
    let base = with(
        &azure(),
        &[("/3/securityRules", Some(json!([ssh_from(&jump), deny]))), ("/-", Some(asg)), ("/-", Some(other))],
    );
    let vnet = |name: &str, space: Value| json!({"type": "Microsoft.Network/virtualNetworks", "id": id("virtualNetworks", name), "name": name, "addressSpace": {"addressPrefixes": space}, "subnets": []});
    let peered = |space: Value| {
        let remote = of("virtualNetworks", "w");
        let peering = json!({"remoteVirtualNetwork": remote, "peeringState": "Connected", "remoteAddressSpace": {"addressPrefixes": space}});
        ("/2/virtualNetworkPeerings", Some(json!([peering])))
    };
    let nic = |subnet: &str, private: Option<&str>| {
        let configuration = json!({"name": "one", "privateIPAddress": private, "subnet": {"id": subnet}});
        json!({"type": "Microsoft.Network/networkInterfaces", "id": id("networkInterfaces", "x"), "name": "x", "ipConfigurations": [configuration]})
    };
    let far = id("virtualNetworks", "w/subnets/s");
    let bare_nic = || bare(&with(&nic("", None), &[("/id", Some(id("networkInterfaces", "j2").into()))]));
    let cut_off = || {
        let mut nic = bare_nic();
        nic["ipConfigurations"] =
            json!(["Microsoft.Azure.Commands.Network.Models.PSNetworkInterfaceIPConfiguration"]);
        nic
    };
    let (here, there, outside) = ("10.20.1.9", "10.40.1.9", OUTSIDE);
    for (changes, expected) in [
        (vec![], [MAYBE, Reachable::No, Reachable::No]),
        (vec![("/-", Some(bare_nic()))], [MAYBE, Reachable::No, Reachable::No]),
        (vec![("/-", Some(cut_off()))], [MAYBE, Reachable::No, Reachable::No]),
        (vec![("/-", Some(vnet("w", json!(["10.40.0.0/16"]))))], [MAYBE, MAYBE, Reachable::No]),
        (vec![peered(json!(["10.40.0.0/16"]))], [MAYBE, MAYBE, Reachable::No]),
        (vec![peered(json!([]))], [MAYBE, MAYBE, MAYBE]),
        (vec![("/-", Some(nic(&far, Some("10.40.1.4"))))], [MAYBE, MAYBE, MAYBE]),
        (vec![("/-", Some(nic("[parameters('subnet')]", None)))], [MAYBE, MAYBE, MAYBE]),
        (
            vec![("/-", Some(nic(&far, Some("10.40.1.4")))), peered(json!(["10.40.0.0/16"]))],
            [MAYBE, MAYBE, Reachable::No],
        ),
        (vec![("/2/addressSpace", None)], [MAYBE, MAYBE, MAYBE]),
    ] {
        let document = with(&base, &changes);
        let found = [here, there, outside].map(|from| reach(&document, from, None));
        assert_eq!(found, expected, "{changes:?}");
    }
}

/// Of very many addresses that may be in a group the bound is simpler than they are, and still leaves out what is far
/// from all of them.
#[test]
fn very_many_may_be_in_a_group() {
    let jump = json!([of("applicationSecurityGroups", "jump")]);
    let deny = json!({"name": "no", "priority": 400, "direction": "Inbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let configurations = |private: &dyn Fn(usize) -> String| {
        let all = (0..600).map(|at| json!({"name": at.to_string(), "privateIPAddress": private(at), "subnet": {"id": subnet()}, "applicationSecurityGroups": [{"id": ""}]}));
        all.collect::<Vec<_>>()
    };
    let addresses = |at: usize| format!("10.20.{}.{}", at / 100, at % 100 * 2 + 10);
    let mut all = configurations(&addresses);
    all.extend(configurations(&|at| format!("fd00::{at:x}:1")));
    let nic = json!({"type": "Microsoft.Network/networkInterfaces", "id": id("networkInterfaces", "x"), "name": "x", "ipConfigurations": all});
    let asg = json!({"type": "Microsoft.Network/applicationSecurityGroups", "id": id("applicationSecurityGroups", "jump"), "name": "jump"});
    let rules = json!([ssh_from(&jump), deny]);
    let base = with(&azure(), &[("/3/securityRules", Some(rules)), ("/-", Some(asg)), ("/-", Some(nic))]);
    // What is between two of them is taken with them.
    assert_eq!(reach(&base, "10.20.0.11", None), MAYBE);
    for at in (0..600).step_by(37) {
        assert_eq!(reach(&base, &addresses(at), None), MAYBE, "{at}");
    }
    for far in ["10.20.9.9", "10.20.0.9", "10.19.255.255", OUTSIDE] {
        assert_eq!(reach(&base, far, None), Reachable::No, "{far}");
    }
}

/// What rules for a group do where the group was not given, or some who may be in it.
#[test]
fn members_that_were_not_given() {
    let group = |name: &str| json!([of("applicationSecurityGroups", name)]);
    let asg = |name: &str| json!({"type": "Microsoft.Network/applicationSecurityGroups", "id": id("applicationSecurityGroups", name), "name": name});
    let rule = |priority: u32, access: &str, side: &str, groups: Value| {
        let mut rule = json!({"name": format!("r{priority}"), "priority": priority, "direction": "Inbound", "access": access, "protocol": "*", "sourcePortRange": "*", "destinationPortRange": "*"});
        let other = if side == "source" { "destination" } else { "source" };
        rule[format!("{other}AddressPrefix")] = json!("*");
        rule[format!("{side}ApplicationSecurityGroups")] = groups;
        rule
    };
    let all = |priority: u32, access: &str| {
        let mut rule = rule(priority, access, "destination", json!(null));
        rule["destinationAddressPrefix"] = json!("*");
        rule
    };
    let listed = |nics: &[&str]| {
        let of = |nic: &&str| json!({"id": format!("{}/ipConfigurations/one", id("NETWORKINTERFACES", nic))});
        ("/2/subnets/0/ipConfigurations", Some(nics.iter().map(of).collect::<Value>()))
    };
    let nsg_on = |nics: &[&str]| {
        let nics = nics.iter().map(|nic| of("networkInterfaces", nic));
        ("/3/networkInterfaces", Some(nics.collect::<Value>()))
    };
    let in_group = |name: &str| ("/1/ipConfigurations/0/applicationSecurityGroups", Some(group(name)));
    let rules = |rules: Value| ("/3/securityRules", Some(rules));
    let given = || ("/-", Some(asg("g")));
    let gateway = (
        "/2/subnets/0/ipConfigurations",
        Some(json!([{"id": id("bastionHosts", "b/bastionHostIpConfigurations/c")}])),
    );
    let (yes, no) = (Reachable::Yes, Reachable::No);
    // What a rule for the group above one for all others makes of someone in the network, of the machine itself, and of
    // somebody outside.
    let (inside, itself) = ("10.20.1.9", "10.20.1.4");
    let from =
        |access: &str, other: &str| rules(json!([rule(200, access, "source", group("g")), all(300, other)]));
    let to = |access: &str, other: &str| {
        rules(json!([rule(200, access, "destination", group("g")), all(300, other)]))
    };
    for (changes, expected) in [
        // Not given at all: from whom it lets in is not known, but that it is not the machine itself.
        (vec![from("Allow", "Deny")], [MAYBE, no, MAYBE]),
        (vec![from("Deny", "Allow")], [MAYBE, yes, MAYBE]),
        // A list has all NICs.
        (vec![given(), from("Allow", "Deny")], [no, no, no]),
        (vec![given(), from("Deny", "Allow")], [yes, yes, yes]),
        (vec![given(), from("Allow", "Deny"), gateway.clone()], [no, no, no]),
        (vec![given(), from("Allow", "Deny"), listed(&["NIC"])], [no, no, no]),
        (vec![given(), from("Deny", "Allow"), listed(&["NIC"])], [yes, yes, yes]),
        (vec![given(), from("Allow", "Deny"), listed(&["nic"]), in_group("g")], [no, yes, no]),
        (vec![given(), from("Allow", "Deny"), in_group("g")], [no, yes, no]),
        (vec![from("Deny", "Allow"), in_group("g")], [yes, no, yes]),
        // One was not, by what subnets or NSGs tell.
        (vec![given(), from("Allow", "Deny"), listed(&["nic", "x"])], [MAYBE, no, no]),
        (vec![given(), from("Allow", "Deny"), listed(&["nic", "x"]), in_group("g")], [MAYBE, yes, no]),
        (vec![from("Deny", "Allow"), nsg_on(&["x"]), in_group("g")], [MAYBE, no, yes]),
        // To the machine: which groups its NIC is in is known.
        (vec![given(), to("Allow", "Deny"), in_group("g")], [yes, yes, yes]),
        (vec![to("Allow", "Deny"), in_group("g"), listed(&["nic", "x"])], [yes, yes, yes]),
        (vec![to("Deny", "Allow"), in_group("g")], [no, no, no]),
        (vec![to("Allow", "Deny")], [no, no, no]),
        (vec![to("Deny", "Allow")], [yes, yes, yes]),
        (vec![given(), to("Deny", "Allow")], [yes, yes, yes]),
        (vec![given(), to("Deny", "Allow"), listed(&["nic", "x"])], [yes, yes, yes]),
        (vec![given(), to("Deny", "Allow"), in_group("other"), listed(&["nic", "x"])], [yes, yes, yes]),
        // Which group the rule is for is not known.
        (
            vec![rules(json!([
                rule(200, "Allow", "destination", json!("[parameters('g')]")),
                all(300, "Deny")
            ]))],
            [MAYBE, MAYBE, MAYBE],
        ),
    ] {
        let document = with(&azure(), &changes);
        let found = [inside, itself, OUTSIDE].map(|from| reach(&document, from, None));
        assert_eq!(found, expected, "{changes:?}");
    }
}

/// A NIC that was shown alone tells of no other, and without any nobody is known to be in no group.
#[test]
fn members_beside_a_nic_that_was_shown_alone() {
    let web = json!([of("applicationSecurityGroups", "web")]);
    let deny = json!({"name": "no", "priority": 400, "direction": "Inbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let changes = [
        ("/3/securityRules", Some(json!([ssh_from(&web), deny]))),
        ("/1/ipConfigurations/0/applicationSecurityGroups", Some(web)),
    ];
    let document = with(&azure(), &changes);
    let texts: Vec<String> = document.as_array().expect("a list").iter().map(Value::to_string).collect();
    let texts: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
    let apart = Engine::new(network(&texts).0);
    for (from, together, alone) in
        [("10.20.1.9", Reachable::No, MAYBE), ("10.20.1.4", Reachable::Yes, Reachable::Yes)]
    {
        assert_eq!(reach(&document, from, None), together, "{from}");
        let flow = Flow {
            machine: Index::new(0),
            from: from.parse().expect("an address"),
            port: 22,
            protocol: 6,
            source_port: None,
            to: None,
        };
        assert_eq!(apart.reach(&flow).reachable, alone, "{from}");
    }
    // Two versions of an NSG and a group, without NICs: what begins to come in from the group, or to it, may.
    let asg = json!({"type": "Microsoft.Network/applicationSecurityGroups", "id": id("applicationSecurityGroups", "web"), "name": "web"});
    let lone = |rules: Value| json!([with(&azure()[3], &[("/securityRules", Some(rules))]), asg]).to_string();
    let mut to_web = deny.clone();
    to_web["access"] = json!("Allow");
    to_web["destinationApplicationSecurityGroups"] =
        document[1]["ipConfigurations"][0]["applicationSecurityGroups"].clone();
    to_web.as_object_mut().expect("an object").remove("destinationAddressPrefix");
    to_web["priority"] = json!(300);
    let before = lone(json!([deny]));
    for rule in [document[3]["securityRules"][0].clone(), to_web] {
        let after = lone(json!([rule, deny]));
        let found = diff(&[before.as_bytes()], &[after.as_bytes()], &[], None);
        let opens: Vec<bool> =
            found.reachable.iter().filter(|one| one.opens).map(|one| one.certain).collect();
        assert_eq!(opens, [false], "{after}");
    }
}

/// In an EC2 security group are load balancers and much else that is no instance: that nobody is in it, only a list of
/// all network interfaces tells.
#[test]
fn members_of_security_groups_that_are_no_instances() {
    let from = |peer: Value| json!([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": "sg-j"}], "PrefixListIds": peer}]);
    let permissions = |peer: Value| ("/1/SecurityGroups/0/IpPermissions", Some(from(peer)));
    let given = || ("/1/SecurityGroups/-", Some(json!({"GroupId": "sg-j", "IpPermissions": []})));
    let interfaces = |groups: Value| {
        let own = json!({"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.20.1.4", "Attachment": {"InstanceId": "i-1"}, "Groups": [{"GroupId": "sg-1"}]});
        let balancer =
            json!({"NetworkInterfaceId": "eni-2", "PrivateIpAddress": "10.20.1.7", "Groups": groups});
        ("/-", Some(json!({"NetworkInterfaces": [own, balancer]})))
    };
    let none = || json!([]);
    let (yes, no) = (Reachable::Yes, Reachable::No);
    for (changes, expected) in [
        (vec![permissions(none())], [MAYBE, MAYBE]),
        (vec![permissions(none()), given()], [MAYBE, MAYBE]),
        (vec![permissions(none()), given(), interfaces(json!([{"GroupId": "sg-j"}]))], [yes, no]),
        (vec![permissions(none()), given(), interfaces(json!([{"GroupId": "sg-2"}]))], [no, no]),
        (
            vec![
                permissions(json!([{"PrefixListId": "pl-1"}])),
                given(),
                interfaces(json!([{"GroupId": "sg-2"}])),
            ],
            [MAYBE, MAYBE],
        ),
    ] {
        let document = with(&ec2(), &changes);
        let found = ["10.20.1.7", "10.20.1.8"].map(|from| reach(&document, from, None));
        assert_eq!(found, expected, "{changes:?}");
        // The instance itself is in its own group alone, but what it is told of tells no network: in another one something
        // else may have its address.
        let itself = if changes.len() > 2 && expected[1] == no { no } else { MAYBE };
        assert_eq!(reach(&document, "10.20.1.4", None), itself, "{changes:?}");
    }
}
