//! Azure Firewalls of which a part was lost, or is not in the export.

use crate::support::bare::{
    Change, FRONT, OUTSIDE, VM, bare, behind_firewall, codes, each, ec2, engine, id, of, reach, ssh, subnet,
    with,
};
use jitgate_core::network::{Index, Reachable};
use jitgate_core::sets::Traffic;
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
