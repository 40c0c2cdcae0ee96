//! What becomes of each port that a request would open: whether it gets in, and why not.

use crate::dry_run::{Site, policy, request};
use crate::ledger_support::{after, user};
use crate::support::scene::{machine, nsg, vnet};
use serde_json::{Value, json};

/// What is told of the only port that a request opens.
fn granted(resources: Vec<Value>, source: &str) -> Value {
    let now = after(60);
    let mut site = Site::new(resources);
    site.put("one", &policy(&[("a", &["22 TCP PT3H"])]), now);
    let asked = json!({"request": request("a", 22, source, 60)});
    let preview = site.preview(user("ann"), "one", &asked, now);
    let told = preview["granted"].as_array().expect("grants").clone();
    assert!(site.ask(user("ann"), "one", &asked["request"], now));
    let open = site.0.exposure("a", now)["open"][0].clone();
    let [granted] = &told[..] else { panic!("{told:?}") };
    // What is told before is told after it.
    for name in ["effective", "unwritten", "alsoFrom", "mapped", "protocol", "endTimeUtc"] {
        assert_eq!(granted.get(name), open.get(name), "{name}");
    }
    granted.clone()
}

#[test]
fn a_grant_that_another_filter_stops_is_not_open() {
    let behind = |rules: &[&str], of_subnet: &[&str]| {
        let mut resources = machine("a", &[("10.0.0.4", Some("nic"))]);
        resources.extend([nsg("nic", rules), nsg("subnet", of_subnet), vnet(Some("subnet"))]);
        resources
    };
    let deny = "Block 100 Deny Tcp 203.0.113.0/24 -> * 22";
    let admin = "Block 100 Deny * * -> * *";
    for (rules, of_subnet, source, effective, stopped) in [
        (&[][..], &[][..], "203.0.113.9", true, json!(null)),
        (&[], &[deny], "203.0.113.9", false, json!(["203.0.113.9"])),
        (&[deny], &[], "203.0.113.9", false, json!(["203.0.113.9"])),
        (&[], &[deny], "203.0.112.0/23", true, json!(["203.0.113.0/24"])),
        (&[], &[deny], "198.51.100.7", true, json!(null)),
        // The same port from elsewhere, by another rule, is not what was asked for.
        (
            &["Corp 101 Allow Tcp 198.51.100.0/24 -> * *"],
            &[deny],
            "203.0.113.9",
            false,
            json!(["203.0.113.9"]),
        ),
        (&[], &[admin], "203.0.113.9", false, json!(["203.0.113.9"])),
        (&[], &[], "*", true, json!(null)),
    ] {
        let told = granted(behind(rules, of_subnet), source);
        assert_eq!(told["effective"], effective, "{rules:?} {of_subnet:?} {source}");
        assert_eq!(told["stopped"], stopped, "{rules:?} {of_subnet:?} {source}");
        assert_eq!(told.get("unwritten"), None, "{rules:?} {of_subnet:?} {source}");
    }
}

#[test]
fn where_nothing_is_written_no_filter_is_said_to_stop_it() {
    let mut absent = machine("b", &[("10.0.0.4", None)]);
    absent.push(vnet(Some("shared")));
    // Its subnet has an NSG that was not given, or none.
    let lost = || [machine("a", &[("10.0.0.4", None)]), vec![vnet(Some("lost"))]].concat();
    let bare = || [machine("a", &[("10.0.0.4", None)]), vec![vnet(None)]].concat();
    for (resources, effective, unsure) in
        [(absent, false, None), (lost(), true, Some(true)), (bare(), true, None)]
    {
        let told = granted(resources, "203.0.113.9");
        assert_eq!(told["effective"], effective, "{told}");
        assert_eq!(told["unwritten"], true, "{told}");
        assert_eq!(told.get("unsure").and_then(Value::as_bool), unsure, "{told}");
    }
}
