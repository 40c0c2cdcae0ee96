//! What is given twice, in one file or in two: where it differs it may be either, and that is said.

use crate::support::bare::{OUTSIDE, azure, codes, ec2, id, of, public, reach, ssh, ssh_from, with};
use crate::support::network::network;
use jitgate_core::network::Reachable;
use serde_json::{Value, json};

const YES: Reachable = Reachable::Yes;
const MAYBE: Reachable = Reachable::Maybe;
const NO: Reachable = Reachable::No;

fn deny(priority: u32) -> Value {
    with(
        &ssh_from(&json!("*")),
        &[
            ("/name", Some(json!("no"))),
            ("/access", Some(json!("Deny"))),
            ("/priority", Some(json!(priority))),
        ],
    )
}

/// The base, with that resource given in two versions, in both orders: what is open, and what is said.
fn twice(base: &Value, at: usize, one: &Value, other: &Value) -> (Reachable, Vec<&'static str>) {
    let all = [[one, other], [other, one]].map(|pair| {
        let mut document = base.clone();
        let list = document.as_array_mut().expect("a list");
        list.remove(at);
        list.extend(pair.into_iter().cloned());
        let files: Vec<String> = list.iter().map(|one| json!([one]).to_string()).collect();
        let (_, facts) = network(&files);
        (ssh(&document), codes(&document), facts.len())
    });
    let [(reachable, said, facts), again] = all;
    assert_eq!((reachable, &said, facts), (again.0, &again.1, again.2), "{one} {other}");
    assert_eq!(facts, said.len());
    (reachable, said)
}

#[test]
fn nsgs_that_differ() {
    let base = azure();
    let nsg = |rules: Value| with(&base[3], &[("/securityRules", Some(rules))]);
    let (ssh, low, high) = (ssh_from(&json!("*")), deny(400), deny(200));
    let web = with(
        &ssh,
        &[
            ("/name", Some(json!("web"))),
            ("/destinationPortRange", Some(json!("443"))),
            ("/priority", Some(json!(310))),
        ],
    );
    let upper = with(&ssh, &[("/name", Some(json!("SSH"))), ("/description", Some(json!("again")))]);
    for (one, other, expected, said) in [
        (json!([ssh]), json!([ssh]), YES, 0),
        (json!([ssh]), json!([upper]), YES, 0),
        (json!([ssh, web]), json!([web, ssh]), YES, 0),
        (json!([]), json!([]), NO, 0),
        (json!([ssh]), json!([]), MAYBE, 1),
        (json!([ssh]), json!([ssh, high]), MAYBE, 1),
        (json!([ssh]), json!([high]), MAYBE, 1),
        // What both say is sure.
        (json!([ssh]), json!([ssh, web]), YES, 1),
        (json!([ssh]), json!([ssh, low]), YES, 1),
        (json!([web]), json!([]), NO, 1),
        (json!([ssh, high]), json!([ssh, web, high]), NO, 1),
    ] {
        let (reachable, codes) = twice(&base, 3, &nsg(one.clone()), &nsg(other.clone()));
        assert_eq!((reachable, codes), (expected, vec!["JIT713"; said]), "{one} {other}");
    }
}

#[test]
fn other_resources_that_differ() {
    let base = azure();
    let open = with(&base, &[("/2/subnets/0/networkSecurityGroup", None)]);
    let closed = with(&base, &[("/3/securityRules", Some(json!([])))]);
    // The subnet with and without its NSG, and another NSG on the NIC.
    assert_eq!(twice(&closed, 2, &closed[2], &open[2]), (MAYBE, vec!["JIT713"]));
    assert_eq!(twice(&open, 2, &open[2], &open[2]), (YES, vec![]));
    let on_nic = with(&base, &[("/1/networkSecurityGroup", Some(of("networkSecurityGroups", "nsg")))]);
    assert_eq!(twice(&closed, 1, &base[1], &on_nic[1]).0, NO);
    let open_subnet = with(&closed, &[("/2", Some(open[2].clone()))]);
    assert_eq!(twice(&open_subnet, 1, &base[1], &on_nic[1]), (MAYBE, vec!["JIT713"]));
    let standard = with(&public(), &[("/2/subnets/0/networkSecurityGroup", None)]);
    assert_eq!(ssh(&standard), NO);
    let basic = with(&standard, &[("/4/sku/name", Some(json!("Basic")))]);
    assert_eq!(twice(&standard, 4, &standard[4], &basic[4]), (MAYBE, vec!["JIT713"]));
    assert_eq!(twice(&standard, 4, &standard[4], &standard[4]), (NO, vec![]));
    // A virtual network, whose addresses a rule denies.
    let tag = with(&deny(200), &[("/sourceAddressPrefix", Some(json!("VirtualNetwork")))]);
    let inside = with(&base, &[("/3/securityRules", Some(json!([tag, ssh_from(&json!("*"))])))]);
    let wide = with(
        &inside,
        &[("/2/addressSpace/addressPrefixes", Some(json!(["10.20.0.0/16", "198.51.100.0/24"])))],
    );
    assert_eq!((ssh(&inside), ssh(&wide)), (YES, NO));
    assert_eq!(twice(&inside, 2, &inside[2], &wide[2]), (MAYBE, vec!["JIT713"]));
    let group = ec2()[1].clone();
    let none = with(&group, &[("/SecurityGroups/0/IpPermissions", Some(json!([])))]);
    let (reachable, said) = twice(&ec2(), 1, &group, &none);
    assert_eq!((reachable != NO, said), (true, vec!["JIT713"]));
}

/// A rule in its NSG, and once more by itself.
#[test]
fn rules_that_differ() {
    let lone = |rule: &Value| {
        let name = rule["name"].as_str().expect("a name");
        json!({"type": "Microsoft.Network/networkSecurityGroups/securityRules", "id": id("networkSecurityGroups", &format!("nsg/securityRules/{name}")), "name": name, "properties": rule})
    };
    let rule = ssh_from(&json!("*"));
    let closed = with(&rule, &[("/access", Some(json!("Deny")))]);
    for (again, expected, said) in [(&rule, YES, vec![]), (&closed, MAYBE, vec!["JIT713"])] {
        let document = with(&azure(), &[("/-", Some(lone(again)))]);
        assert_eq!((ssh(&document), codes(&document)), (expected, said));
    }
}

/// As text, since an object of the library has no member twice.
#[test]
fn members_that_are_there_twice() {
    let seen = |text: &str| {
        let (network, _) = network(&[text]);
        let engine = jitgate_core::network::Engine::new(network);
        let flow = jitgate_core::network::Flow {
            machine: jitgate_core::network::Index::new(0),
            from: OUTSIDE.parse().expect("an address"),
            port: 22,
            protocol: 6,
            source_port: None,
            to: None,
        };
        let report = jitgate_core::check(text.as_bytes(), &jitgate_core::CheckOptions::default());
        let codes: Vec<_> = report.diagnostics.iter().map(|one| one.code.id()).collect();
        (engine.reach(&flow).reachable, codes)
    };
    let text = azure().to_string();
    let (allow, deny) = (r#""access":"Allow""#, r#""access":"Deny""#);
    let rules = json!([ssh_from(&json!("*"))]).to_string();
    let (full, none) = (format!(r#""securityRules":{rules}"#), r#""securityRules":[]"#.to_owned());
    assert!(text.contains(allow) && text.contains(&full));
    for (member, first, last, expected) in [
        (allow, allow, allow, YES),
        (allow, allow, deny, MAYBE),
        (allow, deny, allow, MAYBE),
        (&full, &full, &none, MAYBE),
        (&full, &none, &full, MAYBE),
        (&full, &none, &none, NO),
        (&full, r#""tags":{"a":"1"},"tags":{"a":"2"}"#, &full, YES),
    ] {
        let document = text.replacen(member, &format!("{first},{last}"), 1);
        assert_eq!(seen(&document), (expected, vec!["JIT108"]), "{document}");
    }
    assert_eq!(reach(&azure(), OUTSIDE, None), YES);
}
