//! Azure Firewalls of which a part was lost, or is not in the export.

use crate::support::bare::{
    Change, FRONT, OUTSIDE, VM, bare, behind_firewall, codes, each, ec2, engine, id, of, reach, ssh, subnet,
    with,
};
use jitgate_core::network::{Index, Reachable};
use jitgate_core::sets::{Packet, Traffic};
use serde_json::{Value, json};

const MAYBE: Reachable = Reachable::Maybe;

#[test]
fn rules_that_a_firewall_lost_may_hand_on() {
    let base = behind_firewall();
    let whole = base[5].clone();
    let collection = "/5/natRuleCollections/0";
    let other = |path: &'static str, value: &str| (path, Some(json!(value)));
    let mut cases: Vec<(Vec<Change>, Reachable)> = vec![
        (vec![("/5", Some(bare(&whole)))], MAYBE),
        (vec![("/-", Some(bare(&whole)))], Reachable::Yes),
        (vec![("/0", Some(bare(&whole))), ("/-", Some(base[0].clone()))], Reachable::Yes),
        (vec![("/5/natRuleCollections", None)], MAYBE),
        (vec![("/5/natRuleCollections", Some(json!([""])))], MAYBE),
        (vec![("/5/natRuleCollections", Some(json!([])))], Reachable::No),
        (vec![("/5/natRuleCollections", None), ("/5/apiVersion", Some(json!("2024-05-01")))], Reachable::No),
        (vec![(collection, Some(json!({"name": "n", "priority": 100, "action": {"type": "Dnat"}})))], MAYBE),
        (vec![other("/5/natRuleCollections/0/rules", "")], MAYBE),
        // What comes first is not known.
        (vec![("/5/natRuleCollections/-", Some(json!("")))], MAYBE),
        (vec![("/5/networkRuleCollections", Some(json!([""])))], MAYBE),
    ];
    for member in [
        "protocols",
        "sourceAddresses",
        "destinationAddresses",
        "destinationPorts",
        "translatedAddress",
        "translatedPort",
    ] {
        let mut rule = whole["natRuleCollections"][0]["rules"][0].clone();
        rule.as_object_mut().expect("an object").remove(member).expect("a member");
        cases.push((vec![("/5/natRuleCollections/0/rules", Some(json!([rule])))], MAYBE));
    }
    for (changes, expected) in cases {
        each(&base, OUTSIDE, Some(FRONT), Reachable::Yes, &[(changes.as_slice(), expected)]);
    }
    assert_eq!(codes(&with(&base, &[("/5", Some(bare(&whole)))])), ["JIT712"]);
    // None leads to another cloud, with its address or without.
    let closed = with(&ec2(), &[("/1/SecurityGroups/0/IpPermissions", Some(json!([])))]);
    let managed = with(&base, &[("/5/firewallPolicy", Some(of("firewallPolicies", "p")))])[5].clone();
    for firewall in [&whole, &bare(&whole), &managed] {
        for address in [None, Some(base[4].clone())] {
            let known: Vec<Change> = address.map(|address| ("/-", Some(address))).into_iter().collect();
            let document = with(&with(&closed, &known), &[("/-", Some(firewall.clone()))]);
            for to in [None, Some(FRONT)] {
                assert_eq!(reach(&document, OUTSIDE, to), Reachable::No, "{document}");
            }
            let traffic = engine(&document).effective(Index::new(0));
            assert_eq!(traffic.may, Traffic::none(), "{document}");
        }
    }
    // One that was lost of two public addresses may be the one that a rule is for.
    let second = json!({"name": "d", "publicIPAddress": of("publicIPAddresses", "gone")});
    let at = ("/5/natRuleCollections/0/rules/0/destinationAddresses", Some(json!(["203.0.113.99"])));
    let two = with(&base, &[at.clone(), ("/5/ipConfigurations/-", Some(second))]);
    assert_ne!(reach(&two, OUTSIDE, Some("203.0.113.99")), Reachable::No);
    assert_eq!(reach(&with(&base, &[at]), OUTSIDE, Some("203.0.113.99")), Reachable::No);
}

/// Whose rules are not known may hand on what comes to an address that is not known: one that was not given, and not what
/// is known to be somebody else's.
#[test]
fn addresses_of_firewalls_that_were_not_given() {
    let base = behind_firewall();
    let policy = ("/5/firewallPolicy", Some(of("firewallPolicies", "p")));
    let lost = ("/5/natRuleCollections", None);
    let no_address = ("/4", Some(json!({})));
    let second = json!({"name": "d", "publicIPAddress": of("publicIPAddresses", "gone")});
    let second = ("/5/ipConfigurations/-", Some(second));
    let other = "203.0.113.99";
    let hub = |publics: Value| {
        let hub = json!({"type": "Microsoft.Network/azureFirewalls", "id": id("azureFirewalls", "h"), "name": "h",
            "properties": {"sku": {"name": "AZFW_Hub"}, "hubIPAddresses": {"privateIPAddress": "10.60.0.132", "publicIPs": publics}, "firewallPolicy": of("firewallPolicies", "p")}});
        ("/5", Some(hub))
    };
    let told = |count: usize| hub(json!({"count": count, "addresses": [{"address": FRONT}]}));
    for (changes, at_front, at_other) in [
        (vec![policy.clone()], MAYBE, Reachable::No),
        (vec![lost.clone()], MAYBE, Reachable::No),
        (vec![policy.clone(), no_address.clone()], MAYBE, MAYBE),
        (vec![lost.clone(), no_address.clone()], MAYBE, MAYBE),
        (vec![policy, second.clone()], MAYBE, MAYBE),
        (vec![lost, second], MAYBE, MAYBE),
        (vec![told(1), no_address.clone()], MAYBE, Reachable::No),
        (vec![told(2), no_address.clone()], MAYBE, MAYBE),
        (vec![hub(json!({"count": 1, "addresses": []})), no_address.clone()], MAYBE, MAYBE),
        (vec![no_address], Reachable::Yes, Reachable::No),
    ] {
        let document = with(&base, &changes);
        assert_eq!(reach(&document, OUTSIDE, Some(FRONT)), at_front, "{changes:?}");
        assert_eq!(reach(&document, OUTSIDE, Some(other)), at_other, "{changes:?}");
        assert_ne!(ssh(&document), Reachable::No, "{changes:?}");
        // The address of another machine is none of a firewall's.
        let mut neighbour = document.clone();
        let nic = json!({"type": "Microsoft.Network/networkInterfaces", "id": id("networkInterfaces", "x"), "name": "x", "virtualMachine": {"id": format!("{VM}-2")},
            "ipConfigurations": [{"name": "one", "privateIPAddress": "10.20.1.77", "subnet": {"id": subnet()}}]});
        neighbour.as_array_mut().expect("a list").push(nic);
        assert_eq!(reach(&neighbour, OUTSIDE, Some("10.20.1.77")), Reachable::No, "{changes:?}");
    }
}

/// Which of two collections comes first is told by their priorities: where one has none that can be, what it may take
/// neither surely goes its way nor surely another's.
#[test]
fn collections_without_a_place_among_the_others() {
    let base = behind_firewall();
    let to = |address: &str| {
        let mut rule = base[5]["natRuleCollections"][0]["rules"][0].clone();
        rule["translatedAddress"] = json!(address);
        rule
    };
    let machine = "10.20.1.4";
    let nat = |priority: &Value, address: &str| {
        let mut all = json!({"name": "x", "action": {"type": "Dnat"}, "rules": [to(address)]});
        if !priority.is_null() {
            all["priority"] = priority.clone();
        }
        all
    };
    let reach = |list: Value| {
        let document = with(&base, &[("/5/natRuleCollections", Some(list))]);
        let traffic = engine(&document).effective(Index::new(0));
        let found = reach(&document, OUTSIDE, Some(FRONT));
        assert_eq!(ssh(&document), found, "{document}");
        let address = |text: &str| text.parse().expect("an address");
        let (source, destination) = (address(OUTSIDE), address(FRONT));
        let packet = Packet { protocol: 6, source, source_port: 50000, destination, destination_port: 22 };
        assert_eq!(traffic.may.contains(&packet), found != Reachable::No, "{document}");
        assert_eq!(traffic.surely.contains(&packet), found == Reachable::Yes, "{document}");
        found
    };
    let impossible = [
        json!(null),
        json!(""),
        json!(0),
        json!(99),
        json!(65001),
        json!(-1),
        json!(1.5),
        json!("first"),
        json!("[parameters('p')]"),
        json!({}),
        json!([]),
    ];
    for bad in impossible {
        for other in [100, 65000] {
            let other = |address| nat(&json!(other), address);
            for (list, expected) in [
                (vec![nat(&bad, machine)], MAYBE),
                (vec![nat(&bad, machine), other("10.20.1.99")], MAYBE),
                (vec![other("10.20.1.99"), nat(&bad, machine)], MAYBE),
                (vec![nat(&bad, "10.20.1.99"), other(machine)], MAYBE),
                (vec![other(machine), nat(&bad, "10.20.1.99")], MAYBE),
                (vec![nat(&bad, machine), nat(&bad, "10.20.1.99")], MAYBE),
                (vec![nat(&bad, "10.20.1.99"), other("10.20.1.98")], Reachable::No),
            ] {
                assert_eq!(reach(json!(list)), expected, "{bad} {list:?}");
            }
        }
    }
    let (first, second) = (json!(100), json!("65000"));
    assert_eq!(reach(json!([nat(&second, machine), nat(&first, "10.20.1.99")])), Reachable::No);
    assert_eq!(reach(json!([nat(&second, "10.20.1.99"), nat(&first, machine)])), Reachable::Yes);
    // All of them, or one, may stand elsewhere; that of a template as well.
    for list in [json!("[parameters('collections')]"), json!(["[parameters('collection')]"])] {
        assert_eq!(reach(list.clone()), MAYBE);
        let template = [("/5/natRuleCollections", Some(list)), ("/5/apiVersion", Some(json!("2024-05-01")))];
        assert_eq!(ssh(&with(&base, &template)), MAYBE);
    }
}

/// A network rule whose collection has no place among the others may deny what a DNAT rule hands on, and may let through
/// what another denies.
#[test]
fn network_rules_without_a_place_among_the_others() {
    let base = behind_firewall();
    let rule = json!({"name": "n", "protocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["*"], "destinationPorts": ["*"]});
    let collection = |priority: &Value, access: &str| json!({"name": access, "priority": priority, "action": {"type": access}, "rules": [rule]});
    let reach = |list: Value| {
        let document = with(&base, &[("/5/networkRuleCollections", Some(list))]);
        reach(&document, OUTSIDE, Some(FRONT))
    };
    for bad in [json!(null), json!(0), json!(70000), json!("[parameters('p')]")] {
        for (bad_access, access, expected) in [
            ("Allow", "Deny", MAYBE),
            ("Deny", "Allow", MAYBE),
            ("Deny", "Deny", MAYBE),
            ("Allow", "Allow", MAYBE),
        ] {
            let one = collection(&bad, bad_access);
            let other = collection(&json!(200), access);
            assert_eq!(reach(json!([one, other])), expected, "{bad} {bad_access}");
            assert_eq!(reach(json!([other, one])), expected, "{bad} {bad_access}");
        }
    }
    assert_eq!(reach(json!([collection(&json!(200), "Deny")])), Reachable::No);
}

/// The rules of a firewall policy may be given beside the firewall, whatever their priority: they may hand on.
#[test]
fn rule_collection_groups_of_a_policy() {
    let base = behind_firewall();
    let rule = json!({"ruleType": "NatRule", "name": "r", "ipProtocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": [FRONT], "destinationPorts": ["22"], "translatedAddress": "10.20.1.4", "translatedPort": "22"});
    for priority in [json!(100), json!(null), json!("[parameters('p')]")] {
        let group = json!({"type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups", "id": id("firewallPolicies", "p/ruleCollectionGroups/g"), "name": "g",
            "properties": {"priority": priority, "ruleCollections": [{"ruleCollectionType": "FirewallPolicyNatRuleCollection", "name": "n", "priority": priority, "action": {"type": "DNAT"}, "rules": [rule]}]}});
        let policy = ("/5/firewallPolicy", Some(of("firewallPolicies", "p")));
        for none in [None, Some(json!([]))] {
            let document =
                with(&base, &[policy.clone(), ("/5/natRuleCollections", none), ("/-", Some(group.clone()))]);
            assert_eq!(reach(&document, OUTSIDE, Some(FRONT)), MAYBE, "{priority}");
            assert_eq!(ssh(&document), MAYBE, "{priority}");
        }
    }
}
