//! What of a network's values counts, and what becomes of those that no service has: default rules, priorities, prefixes, ids,
//! and addresses of two families.

use std::slice::from_ref;

use crate::support::bare::{
    FRONT, OUTSIDE, azure, behind_firewall, codes, id, public, reach, ssh_from, subnet, with,
};
use crate::support::network::network;
use jitgate_core::network::Reachable;
use serde_json::{Value, json};

const YES: Reachable = Reachable::Yes;
const MAYBE: Reachable = Reachable::Maybe;
const NO: Reachable = Reachable::No;
const NEXT: &str = "https://management.azure.com/next";

/// Azure's own are in every NSG, whichever of them were given.
#[test]
fn some_of_the_default_rules() {
    let base = with(&azure(), &[("/3/securityRules", Some(json!([])))]);
    let deny = json!({"type": "Microsoft.Network/networkSecurityGroups/defaultSecurityRules", "id": id("networkSecurityGroups", "nsg/defaultSecurityRules/DenyAllInBound"), "name": "DenyAllInBound",
        "priority": 65500, "direction": "Inbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let allow = with(
        &deny,
        &[
            ("/name", Some(json!("Allow"))),
            ("/priority", Some(json!(65000))),
            ("/access", Some(json!("Allow"))),
            ("/sourceAddressPrefix", Some(json!("VirtualNetwork"))),
        ],
    );
    let seen = |files: &[Value]| ["10.20.9.9", OUTSIDE].map(|from| reach(&json!(files), from, None));
    assert_eq!(seen(from_ref(&base)), [YES, NO]);
    for more in
        [deny.clone(), json!({"value": [deny], "nextLink": NEXT}), json!({"value": [deny]}), allow.clone()]
    {
        assert_eq!(seen(&[base.clone(), more.clone()]), [YES, NO], "{more}");
    }
    for own in [json!([deny]), json!([allow]), json!([allow, deny]), json!([])] {
        let document = with(&base, &[("/3/defaultSecurityRules", Some(own.clone()))]);
        assert_eq!(seen(from_ref(&document)), [YES, NO], "{own}");
        // Each is there once.
        let (network, _) = network(&[document.to_string()]);
        assert_eq!(network.nsgs[0].rules.len(), 6, "{own}");
    }
}

/// What no service takes as a priority tells no order.
#[test]
fn priorities_that_are_none() {
    let deny = json!({"name": "no", "direction": "Inbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let base = azure();
    let rules = |priority: Value| {
        let deny = with(&deny, &[("/priority", Some(priority))]);
        with(&base, &[("/3/securityRules", Some(json!([deny, ssh_from(&json!("*"))])))])
    };
    for (priority, expected) in [
        (json!(100), NO),
        (json!(4096), YES),
        (json!("299"), NO),
        (json!(0), MAYBE),
        (json!(99), MAYBE),
        (json!(4097), MAYBE),
        (json!(70000), MAYBE),
        (json!(-1), MAYBE),
        (json!("high"), MAYBE),
        (Value::Null, MAYBE),
    ] {
        let document = rules(priority.clone());
        assert_eq!(reach(&document, OUTSIDE, None), expected, "{priority}");
        let said: &[&str] = if expected == MAYBE { &["JIT702"] } else { &[] };
        assert_eq!(codes(&document), said, "{priority}");
    }
    let firewall = behind_firewall();
    let collection = |name: &str, priority: Value, action: &str| {
        let rule = json!({"name": "r", "protocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["10.20.1.4"], "destinationPorts": ["22"]});
        json!({"name": name, "priority": priority, "action": {"type": action}, "rules": [rule]})
    };
    for (priority, expected) in
        [(json!(100), NO), (json!(300), YES), (json!(0), MAYBE), (json!(70000), MAYBE)]
    {
        let all = json!([collection("d", priority.clone(), "Deny"), collection("a", json!(200), "Allow")]);
        let document = with(&firewall, &[("/5/networkRuleCollections", Some(all))]);
        assert_eq!(reach(&document, OUTSIDE, Some(FRONT)), expected, "{priority}");
    }
}

/// Nobody sends from an address of one family to one of the other.
#[test]
fn one_family_to_the_other() {
    let lost = with(
        &public(),
        &[
            ("/1/ipConfigurations/0/privateIPAddress", None),
            ("/2/subnets/0/addressPrefixes", Some(json!(["10.20.1.0/24", "2001:db8:1::/64"]))),
        ],
    );
    for (from, to, expected) in [
        ("2001:db8::1", FRONT, NO),
        ("2001:db8::1", "10.20.1.4", NO),
        (OUTSIDE, "2001:db8::2", NO),
        (OUTSIDE, FRONT, YES),
    ] {
        assert_eq!(reach(&lost, from, Some(to)), expected, "{from} {to}");
    }
    let unknown = with(
        &behind_firewall(),
        &[
            ("/5/natRuleCollections", None),
            ("/5/ipConfigurations/0/publicIPAddress", Some(json!({"id": ""}))),
        ],
    );
    assert_eq!(reach(&unknown, OUTSIDE, Some("203.0.113.99")), MAYBE);
    assert_eq!(reach(&unknown, "2001:db8::1", Some("203.0.113.99")), NO);
}

/// Address prefixes of a subnet that were lost among others.
#[test]
fn prefixes_of_a_subnet() {
    let base = with(
        &azure(),
        &[
            ("/1/ipConfigurations/0/privateIPAddress", None),
            ("/2/subnets/0/addressPrefix", None),
            ("/3/securityRules/0/destinationAddressPrefix", Some(json!("10.20.3.0/24"))),
        ],
    );
    let of = |list: Value| with(&base, &[("/2/subnets/0/addressPrefixes", Some(list))]);
    for (list, expected, said) in [
        (json!(["10.20.1.0/24", "10.20.2.0/24"]), NO, vec![]),
        (json!(["10.20.1.0/24", ""]), MAYBE, vec!["JIT712"]),
        (json!(["10.20.1.0/24", null]), MAYBE, vec!["JIT712"]),
        (json!(["10.20.1.0/24", {}]), MAYBE, vec!["JIT712"]),
        (json!(["10.20.1.0/24", "x y"]), MAYBE, vec!["JIT704"]),
    ] {
        let document = of(list.clone());
        assert_eq!(reach(&document, OUTSIDE, None), expected, "{list}");
        assert_eq!(codes(&document), said, "{list}");
    }
}

#[test]
fn the_id_of_a_subnet_may_end_with_a_slash() {
    let document = with(&azure(), &[("/2/subnets/0/id", Some(json!(format!("{}/", subnet()))))]);
    assert_eq!((reach(&document, OUTSIDE, None), codes(&document)), (YES, vec![]));
}
