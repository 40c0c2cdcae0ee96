//! Lists of which a part is not here: pages of others, what was shown alone, default rules that were cut off. And what is
//! said where something was lost, so that no `maybe` is left without its reason.

use crate::support::bare::{
    Change, FRONT, OUTSIDE, azure, bare, behind_firewall, codes, each, ec2, id, of, public, reach, ssh,
    ssh_from, with,
};
use crate::support::network::network;
use jitgate_core::network::{Engine, Flow, Index, Reachable};
use serde_json::{Value, json};

const MAYBE: Reachable = Reachable::Maybe;

/// Whether SSH reaches the first machine of several files.
fn of_files(files: &[Value], from: &str) -> Reachable {
    let texts: Vec<String> = files.iter().map(Value::to_string).collect();
    let from = from.parse().expect("an address");
    let flow = Flow { machine: Index::new(0), from, port: 22, protocol: 6, source_port: None, to: None };
    Engine::new(network(&texts).0).reach(&flow).reachable
}

/// A list as it is, and as it is where there are more; and one of its resources by itself.
fn lists(one: &Value) -> [(Value, Reachable); 12] {
    let sure = Reachable::No;
    [
        (json!({"value": [one]}), sure),
        (json!([one]), sure),
        (json!({"value": [one], "nextLink": null}), sure),
        (json!({"value": [one], "nextLink": ""}), sure),
        (json!({"data": [one], "count": 1, "skip_token": null}), sure),
        (json!([{"value": [one], "nextLink": "https://a/b"}, {"value": []}]), MAYBE),
        (json!([{"value": [], "nextLink": "https://a/b"}, {"value": [one]}]), sure),
        (json!({"value": [one], "nextLink": "https://a/b"}), MAYBE),
        (json!({"data": [one], "$skipToken": "a"}), MAYBE),
        (json!({"data": [one], "skip_token": "a"}), MAYBE),
        (json!({"value": one}), MAYBE),
        (one.clone(), MAYBE),
    ]
}

#[test]
fn rules_on_a_page_are_not_all() {
    let rule = json!({"type": "Microsoft.Network/networkSecurityGroups/securityRules", "id": id("networkSecurityGroups", "nsg/securityRules/ssh"),
        "name": "ssh", "properties": ssh_from(&json!("192.0.2.0/24"))});
    let base = azure();
    let group = bare(&base[3]);
    for (page, expected) in lists(&rule) {
        for document in [with(&base, &[("/3", Some(group.clone()))]), with(&base, &[("/3", Some(json!({})))])]
        {
            assert_eq!(of_files(&[document.clone(), page.clone()], OUTSIDE), expected, "{page}");
            assert_eq!(ssh(&with(&document, &[("/-", Some(json!({"value": page})))])), expected, "{page}");
        }
        // Where the NSG has its rules they are known.
        assert_eq!(
            of_files(&[with(&base, &[("/3/securityRules", Some(json!([])))]), page], OUTSIDE),
            Reachable::No
        );
    }
}

#[test]
fn routes_on_a_page_are_not_all() {
    let table = json!({"type": "Microsoft.Network/routeTables", "id": id("routeTables", "rt"), "name": "rt"});
    let route = json!({"type": "Microsoft.Network/routeTables/routes", "id": id("routeTables", "rt/routes/far"), "name": "far", "properties": {"addressPrefix": "192.168.0.0/16"}});
    let base = with(
        &azure(),
        &[
            ("/3/securityRules", Some(json!([]))),
            ("/-", Some(table.clone())),
            ("/2/subnets/0/routeTable", Some(of("routeTables", "rt"))),
        ],
    );
    for (page, expected) in lists(&route) {
        assert_eq!(of_files(&[base.clone(), page.clone()], "192.169.1.1"), expected, "{page}");
        assert_eq!(of_files(&[base.clone(), page.clone()], "192.168.1.1"), Reachable::Yes, "{page}");
        let whole = with(&base, &[("/4/routes", Some(json!([])))]);
        assert_eq!(of_files(&[whole, page], "192.169.1.1"), Reachable::No);
    }
}

/// Azure's own are known, whatever PowerShell made of them.
#[test]
fn default_rules_that_were_cut_off() {
    const CUT: &str = "Microsoft.Azure.Commands.Network.Models.PSSecurityRule";
    let base = with(&azure(), &[("/3/securityRules", Some(json!([])))]);
    let whole = json!({"name": "DenyAllInBound", "priority": 65500, "direction": "Inbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let named = json!({"id": id("networkSecurityGroups", "nsg/defaultSecurityRules/DenyAllInBound")});
    for rules in [
        json!([CUT, CUT, CUT, CUT, CUT, CUT]),
        json!(CUT),
        json!([whole, CUT]),
        json!([named, null]),
        json!([{}]),
    ] {
        let document = with(&base, &[("/3/defaultSecurityRules", Some(rules.clone()))]);
        assert_eq!(ssh(&document), Reachable::No, "{rules}");
        assert_eq!(reach(&document, "10.20.9.9", None), Reachable::Yes, "{rules}");
    }
}

#[test]
fn a_reference_that_lost_its_id_is_one() {
    let closed = with(&public(), &[("/2/subnets/0/networkSecurityGroup", None)]);
    let nsg = |of: Value| ("/1/networkSecurityGroup", Some(of));
    let at_subnet = |of: Value| ("/2/subnets/0/networkSecurityGroup", Some(of));
    each(
        &closed,
        OUTSIDE,
        None,
        Reachable::No,
        &[
            (&[nsg(json!({"id": "", "resourceGroup": "rg"}))], MAYBE),
            (&[nsg(json!({"id": null}))], MAYBE),
            (&[nsg(json!({"id": ""}))], MAYBE),
            (&[at_subnet(json!({"id": ""}))], MAYBE),
            // What it is on is told by the NSG.
            (
                &[
                    nsg(json!({"id": ""})),
                    ("/3/networkInterfaces", Some(json!([of("networkInterfaces", "nic")]))),
                ],
                Reachable::Yes,
            ),
            (&[nsg(json!({}))], MAYBE),
            (&[nsg(json!(""))], Reachable::No),
            (&[nsg(Value::Null)], Reachable::No),
        ],
    );
    // A public address that was lost may be any.
    let address = |of: Value| ("/1/ipConfigurations/0/publicIPAddress", Some(of));
    let to = Some("203.0.113.77");
    each(
        &azure(),
        OUTSIDE,
        to,
        Reachable::No,
        &[
            (&[address(json!({"id": ""}))], MAYBE),
            (&[address(json!({}))], MAYBE),
            (&[address(Value::Null)], Reachable::No),
        ],
    );
    // One whose machine's id was lost belongs to none that nobody gave.
    let nic = with(&azure(), &[("/1/virtualMachine", Some(json!({"id": ""})))]);
    assert_eq!((ssh(&nic), network(&[nic.to_string()]).0.machines.len()), (Reachable::Yes, 1));
}

#[test]
fn what_was_lost_is_said_once() {
    let table = json!({"type": "Microsoft.Network/routeTables", "id": id("routeTables", "rt"), "name": "rt", "routes": [{"name": "x"}]});
    let firewall = behind_firewall();
    let cases: [(&Value, &[Change], usize); 14] = [
        (&azure(), &[], 0),
        (
            &azure(),
            &[("/1/virtualMachine", Some(json!({"id": azure()[0]["id"]}))), ("/0", Some(bare(&azure()[0])))],
            0,
        ),
        (&azure(), &[("/0", Some(bare(&azure()[0])))], 1),
        (&azure(), &[("/1", Some(bare(&azure()[1])))], 1),
        (&azure(), &[("/1/ipConfigurations/0/subnet", None)], 1),
        (&azure(), &[("/1/ipConfigurations/0/applicationSecurityGroups", Some(json!([{"id": ""}])))], 1),
        (&azure(), &[("/1/networkSecurityGroup", Some(json!({"id": ""})))], 1),
        (&azure(), &[("/2/addressSpace/addressPrefixes", Some(json!(["10.20.0.0/16", ""])))], 1),
        (&azure(), &[("/-", Some(table))], 1),
        (&firewall, &[("/5/natRuleCollections", None)], 1),
        (&firewall, &[("/5/networkRuleCollections", None)], 1),
        (&firewall, &[("/5/natRuleCollections/0/rules", None)], 1),
        (&firewall, &[("/5", Some(bare(&firewall[5])))], 1),
        (&ec2(), &[], 0),
    ];
    for (base, changes, count) in cases {
        assert_eq!(codes(&with(base, changes)), vec!["JIT712"; count], "{changes:?}");
    }
    assert_eq!(reach(&firewall, OUTSIDE, Some(FRONT)), Reachable::Yes);
}
