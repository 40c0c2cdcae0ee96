//! Networks of which a part is on a page, alone, or cut off: subnets and peerings, machines and NICs. What is on other pages
//! is not closed.

use std::slice::from_ref;

use crate::support::bare::{
    FRONT, OUTSIDE, VM, azure, behind_firewall, codes, ec2, id, of, reach, ssh_from, subnet, with,
};
use crate::support::network::network;
use jitgate_core::network::{Engine, Flow, Index, NetworkFact, Oddity, Reachable};
use serde_json::{Value, json};

const YES: Reachable = Reachable::Yes;
const MAYBE: Reachable = Reachable::Maybe;
const NO: Reachable = Reachable::No;
const NEXT: &str = "https://management.azure.com/next";

/// Whether SSH reaches the first machine of several files, and how often it is said that something was lost.
fn asked(files: &[Value], from: &str) -> (Reachable, usize) {
    let texts: Vec<String> = files.iter().map(Value::to_string).collect();
    let from = from.parse().expect("an address");
    let flow = Flow { machine: Index::new(0), from, port: 22, protocol: 6, source_port: None, to: None };
    let (network, facts) = network(&texts);
    let lost = |fact: &&NetworkFact| matches!(fact.oddity, Oddity::Lost(_) | Oddity::Bare(_));
    (Engine::new(network).reach(&flow).reachable, facts.iter().filter(lost).count())
}

fn subnet_of(name: &str, prefix: &str) -> Value {
    let whole = id("virtualNetworks", &format!("v/subnets/{name}"));
    json!({"type": "Microsoft.Network/virtualNetworks/subnets", "id": whole, "name": name, "addressPrefix": prefix,
        "networkSecurityGroup": of("networkSecurityGroups", "nsg")})
}

/// The second subnet has routes to a network behind a gateway, which counts as connected with the first.
fn routed() -> Value {
    let table = json!({"type": "Microsoft.Network/routeTables", "id": id("routeTables", "rt"), "name": "rt",
        "routes": [{"name": "far", "addressPrefix": "172.16.0.0/12", "nextHopType": "VirtualNetworkGateway"}]});
    let routes = ("/routeTable", Some(of("routeTables", "rt")));
    let second = with(&subnet_of("b", "10.20.2.0/24"), &[routes]);
    with(
        &azure(),
        &[
            ("/3/securityRules", Some(json!([]))),
            ("/2/subnets", Some(json!([subnet_of("s", "10.20.1.0/24"), second]))),
            ("/-", Some(table)),
        ],
    )
}

const FAR: &str = "172.16.3.3";
const ELSEWHERE: &str = "172.32.0.1";

#[test]
fn subnets_that_were_cut_off() {
    let base = routed();
    assert_eq!((asked(from_ref(&base), FAR), asked(from_ref(&base), ELSEWHERE)), ((YES, 0), (NO, 0)));
    for cut in [
        json!("Microsoft.Azure.Commands.Network.Models.PSSubnet"),
        json!("@{Name=b}"),
        json!("[parameters('subnet')]"),
        json!(""),
        Value::Null,
        json!({}),
        json!({"properties": {}}),
    ] {
        let document = with(&base, &[("/2/subnets/1", Some(cut.clone()))]);
        assert_eq!(asked(from_ref(&document), FAR), (MAYBE, 1), "{cut}");
        assert_eq!(codes(&document), ["JIT712"], "{cut}");
        assert_eq!(asked(from_ref(&document), "10.20.9.9"), (YES, 1), "{cut}");
        // A whole list, of the network itself or apart, has them all.
        for whole in [json!({"value": base[2]["subnets"]}), base[2].clone()] {
            for files in [[document.clone(), whole.clone()], [whole, document.clone()]] {
                assert_eq!((asked(&files, FAR), asked(&files, ELSEWHERE)), ((YES, 0), (NO, 0)), "{cut}");
            }
        }
    }
    for all in [json!("System.Object[]"), json!("[variables('subnets')]")] {
        let document = with(&base, &[("/2/subnets", Some(all))]);
        let files = [document, subnet_of("s", "10.20.1.0/24")];
        assert_eq!(asked(&files, FAR), (MAYBE, 1));
    }
}

#[test]
fn subnets_on_a_page_or_alone() {
    let base = routed();
    let all = base[2]["subnets"].clone();
    let first = &all[0];
    for own in [Value::Null, json!([])] {
        let none = with(&base, &[("/2/subnets", Some(own))]);
        for (page, expected) in [
            (json!({"value": all}), [(YES, 0), (NO, 0)]),
            (all.clone(), [(YES, 0), (NO, 0)]),
            (json!({"value": [first]}), [(NO, 0), (NO, 0)]),
            (json!({"value": [first], "nextLink": null}), [(NO, 0), (NO, 0)]),
            (json!({"value": [first], "nextLink": NEXT}), [(MAYBE, 1), (MAYBE, 1)]),
            (json!({"data": [first], "resultTruncated": "true"}), [(MAYBE, 1), (MAYBE, 1)]),
            (first.clone(), [(MAYBE, 1), (MAYBE, 1)]),
        ] {
            for files in [[none.clone(), page.clone()], [page.clone(), none.clone()]] {
                assert_eq!([FAR, ELSEWHERE].map(|from| asked(&files, from)), expected, "{page}");
            }
        }
    }
    // What the network has in its own list tells of no other.
    for page in [first.clone(), json!({"value": [first], "nextLink": NEXT})] {
        for files in [[base.clone(), page.clone()], [page, base.clone()]] {
            assert_eq!([FAR, ELSEWHERE].map(|from| asked(&files, from)), [(YES, 0), (NO, 0)]);
        }
    }
}

fn peering(name: &str, space: &str) -> Value {
    let whole = id("virtualNetworks", &format!("v/virtualNetworkPeerings/{name}"));
    json!({"type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings", "id": whole, "name": name,
        "remoteVirtualNetwork": of("virtualNetworks", name), "peeringState": "Connected",
        "remoteAddressSpace": {"addressPrefixes": [space]}})
}

/// As a list of the network's, and what it is with something in the place of the second.
#[test]
fn peerings_that_were_cut_off_or_are_on_a_page() {
    let (one, two) = (peering("w", "10.40.0.0/16"), peering("x", "10.50.0.0/16"));
    let base = with(&azure(), &[("/3/securityRules", Some(json!([])))]);
    let own = |list: Value| with(&base, &[("/2/virtualNetworkPeerings", Some(list))]);
    let (there, outside) = ("10.50.0.9", "10.60.0.9");
    let whole = own(json!([one, two]));
    assert_eq!([there, outside].map(|from| asked(from_ref(&whole), from)), [(YES, 0), (NO, 0)]);
    for cut in [json!("PSVirtualNetworkPeering"), json!(""), Value::Null, json!({}), json!({"name": "x"})] {
        let document = own(json!([one, cut]));
        assert_eq!(
            [there, "10.40.0.9"].map(|from| asked(from_ref(&document), from)),
            [(MAYBE, 1), (YES, 1)],
            "{cut}"
        );
        assert_eq!(codes(&document)[0], "JIT712", "{cut}");
        let files = [document, json!({"value": [one, two]})];
        assert_eq!([there, outside].map(|from| asked(&files, from)), [(YES, 0), (NO, 0)], "{cut}");
    }
    for (list, page, expected) in [
        (json!([]), json!({"value": [one, two]}), [(YES, 0), (NO, 0)]),
        (json!([]), json!({"value": [one]}), [(NO, 0), (NO, 0)]),
        (json!([]), json!({"value": [one], "nextLink": NEXT}), [(MAYBE, 1), (MAYBE, 1)]),
        (Value::Null, json!({"value": [one], "nextLink": NEXT}), [(MAYBE, 1), (MAYBE, 1)]),
        (Value::Null, one.clone(), [(MAYBE, 1), (MAYBE, 1)]),
        (json!([one, two]), json!({"value": [one], "nextLink": NEXT}), [(YES, 0), (NO, 0)]),
        (json!([one, two]), two.clone(), [(YES, 0), (NO, 0)]),
    ] {
        for files in [[own(list.clone()), page.clone()], [page.clone(), own(list.clone())]] {
            assert_eq!([there, outside].map(|from| asked(&files, from)), expected, "{list} {page}");
        }
    }
}

/// A template's export has each in its network too.
#[test]
fn a_peering_that_is_given_twice_is_one() {
    let one = peering("w", "10.40.0.0/16");
    for (other, count) in
        [(one.clone(), 1), (peering("x", "10.50.0.0/16"), 2), (peering("w", "10.50.0.0/16"), 2)]
    {
        let document = with(&azure(), &[("/2/virtualNetworkPeerings", Some(json!([one])))]);
        let (network, _) = network(&[document.to_string(), json!({"value": [other, other]}).to_string()]);
        assert_eq!(network.vnets[0].peerings.len(), count, "{other}");
    }
}

/// A firewall in a network whose peerings are not all known may lead to a machine in another.
#[test]
fn a_firewall_in_a_network_that_may_be_a_peer() {
    let base = behind_firewall();
    let hub = json!({"type": "Microsoft.Network/virtualNetworks", "id": id("virtualNetworks", "hub"), "name": "hub", "addressSpace": {"addressPrefixes": ["10.30.0.0/16"]}, "virtualNetworkPeerings": [],
        "subnets": [{"id": id("virtualNetworks", "hub/subnets/AzureFirewallSubnet"), "name": "AzureFirewallSubnet", "addressPrefix": "10.30.0.0/26"}]});
    let apart = with(
        &base,
        &[
            ("/3/securityRules", Some(json!([ssh_from(&json!("*"))]))),
            ("/-", Some(hub)),
            (
                "/5/ipConfigurations/0/subnet",
                Some(json!({"id": id("virtualNetworks", "hub/subnets/AzureFirewallSubnet")})),
            ),
        ],
    );
    let peered = |list: Value| with(&apart, &[("/6/virtualNetworkPeerings", Some(list))]);
    let to_v = json!({"remoteVirtualNetwork": of("virtualNetworks", "v"), "remoteAddressSpace": {"addressPrefixes": ["10.20.0.0/16"]}});
    for (list, expected) in [
        (json!([]), NO),
        (json!([to_v]), YES),
        (json!(["PSVirtualNetworkPeering"]), MAYBE),
        (json!([with(&to_v, &[("/remoteVirtualNetwork", Some(json!({"id": ""})))])]), MAYBE),
    ] {
        assert_eq!(reach(&peered(list.clone()), OUTSIDE, Some(FRONT)), expected, "{list}");
    }
}

/// The rule lets in a group in which the second machine's NIC is.
fn grouped() -> [Value; 4] {
    let jump = json!([of("applicationSecurityGroups", "jump")]);
    let base = azure();
    let deny = json!({"name": "no", "priority": 400, "direction": "Inbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let asg = json!({"type": "Microsoft.Network/applicationSecurityGroups", "id": id("applicationSecurityGroups", "jump"), "name": "jump"});
    let nic = json!({"type": "Microsoft.Network/networkInterfaces", "id": id("networkInterfaces", "j2"), "name": "j2",
        "ipConfigurations": [{"name": "one", "privateIPAddress": "10.20.1.9", "subnet": {"id": subnet()}, "applicationSecurityGroups": jump}]});
    let machine = json!({"type": "Microsoft.Compute/virtualMachines", "id": format!("{VM}-2"), "name": "j", "networkProfile": {"networkInterfaces": [of("networkInterfaces", "j2")]}});
    let group = with(&base[3], &[("/securityRules", Some(json!([ssh_from(&jump), deny])))]);
    [json!([base[2], group, asg]), json!([base[0], base[1]]), machine, nic]
}

#[test]
fn machines_and_interfaces_on_a_page() {
    let [rest, first, machine, nic] = grouped();
    let (in_group, outside) = ("10.20.1.9", OUTSIDE);
    let seen = |files: &[Value]| [in_group, outside].map(|from| asked(files, from));
    let all = json!([first[0], machine]);
    assert_eq!(seen(&[rest.clone(), all.clone(), json!([first[1], nic])]), [(YES, 0), (NO, 0)]);
    for (name, told, more) in [
        ("nextLink", json!(NEXT), true),
        ("nextLink", Value::Null, false),
        ("nextLink", json!(""), false),
        ("@odata.nextLink", json!(NEXT), true),
        ("skip_token", json!("ew0"), true),
        ("$skipToken", json!("ew0"), true),
        ("resultTruncated", json!("true"), true),
        ("resultTruncated", json!(true), true),
        ("resultTruncated", json!("false"), false),
        ("result_truncated", json!(false), false),
        ("count", json!(1), false),
    ] {
        let page = |of: &Value| {
            let mut page = json!({"value": [of]});
            page[name] = told.clone();
            page
        };
        let expected = |times| if more { [(MAYBE, times), (NO, times)] } else { [(NO, 0), (NO, 0)] };
        let both = [rest.clone(), page(&first[0]), page(&first[1])];
        assert_eq!(seen(&both), expected(2), "{name} {told}");
        // Where all machines are there, whose NIC is not is known to be missing; and a page of NICs may have others'.
        assert_eq!(seen(&[rest.clone(), json!([first[0]]), page(&first[1])]), expected(1), "{name} {told}");
        // What else is on a page tells nothing of groups.
        let other = [rest.clone(), first.clone(), page(&rest[2])];
        assert_eq!(seen(&other), [(NO, 0), (NO, 0)], "{name} {told}");
    }
    // That the last page came does not tell that all between did.
    let pages =
        [rest.clone(), json!({"value": [first[0], first[1]], "nextLink": NEXT}), json!({"value": []})];
    assert_eq!(seen(&pages), [(MAYBE, 1), (NO, 1)]);
    let whole =
        [rest, json!({"value": [first[0], first[1]], "nextLink": NEXT}), json!({"value": [machine, nic]})];
    assert_eq!(seen(&whole), [(YES, 1), (NO, 1)]);
}

#[test]
fn instances_on_a_page() {
    let from_j = json!([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": "sg-j"}]}]);
    let base = with(
        &ec2(),
        &[
            ("/1/SecurityGroups/0/IpPermissions", Some(from_j)),
            ("/1/SecurityGroups/-", Some(json!({"GroupId": "sg-j", "IpPermissions": []}))),
        ],
    );
    let second = json!({"InstanceId": "i-2", "InstanceType": "t3.micro", "NetworkInterfaces": [{"NetworkInterfaceId": "eni-2", "PrivateIpAddress": "10.20.1.7", "Groups": [{"GroupId": "sg-j"}]}]});
    let own = json!({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.20.1.4", "Attachment": {"InstanceId": "i-1"}, "Groups": [{"GroupId": "sg-1"}]}]});
    let token = json!("eyJOZXh0VG9rZW4iOiBudWxsfQ==");
    for (changes, more, expected) in [
        // In the group is no instance, and may be something else.
        (vec![], None, (MAYBE, 0)),
        (vec![("/0/Reservations/0/Instances/-", Some(second))], None, (YES, 0)),
        (vec![("/0/NextToken", Some(token.clone()))], Some(own.clone()), (MAYBE, 1)),
        (vec![("/0/nextToken", Some(token.clone()))], Some(own.clone()), (MAYBE, 1)),
        (vec![("/0/NextToken", Some(Value::Null))], Some(own.clone()), (NO, 0)),
        (vec![("/0/NextToken", Some(json!("")))], Some(own.clone()), (NO, 0)),
        (vec![], Some(with(&own, &[("/NextToken", Some(token.clone()))])), (MAYBE, 1)),
        (vec![], Some(own.clone()), (NO, 0)),
        // Of groups it is said where one is missing.
        (vec![("/1/NextToken", Some(token))], Some(own), (NO, 0)),
    ] {
        let files: Vec<Value> = [with(&base, &changes)].into_iter().chain(more).collect();
        assert_eq!(asked(&files, "10.20.1.7"), expected, "{changes:?}");
    }
}
