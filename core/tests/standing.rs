//! The network as it stands under a ledger, after imports of what the ledger itself has shown.

use crate::ledger_support::after;
use crate::standing_support::{Allow, Standing};
use crate::support::scene::{machine, nsg, vnet};
use jitgate_core::preview::{Options, load, preview};
use jitgate_core::wire;
use serde_json::Value;

/// Three machines behind the NSG of their subnet, which lets SSH in; one has an NSG of its own, too.
fn network() -> Vec<Value> {
    let mut resources = machine("a", &[("10.0.0.4", None)]);
    resources.extend(machine("b", &[("10.0.0.5", Some("own"))]));
    resources.extend(machine("c", &[("10.0.0.6", None)]));
    resources.push(nsg("shared", &["Corp 1002 Allow Tcp 203.0.113.0/24 -> * 22"]));
    resources.push(nsg("own", &["Corp 1002 Allow Tcp 203.0.113.0/24 -> * 22"]));
    resources.push(vnet(Some("shared")));
    resources
}

fn minutes(count: u64) -> jitgate_core::Timestamp {
    after(count * 60)
}

fn to(allows: impl IntoIterator<Item = Allow>, address: &str) -> Vec<(u64, String)> {
    let own = allows.into_iter().filter(|allow| allow.to == address);
    own.map(|allow| (allow.priority, allow.sources.join(","))).collect()
}

/// `port state` of all that is reached without a grant.
fn exposed(exposure: &Value, list: &str) -> Vec<String> {
    let ports = exposure[list].as_array().expect("a list").iter();
    ports.map(|port| format!("{} {} {}", port["port"], port["state"], port["sources"])).collect()
}

#[test]
fn what_was_closed_does_not_come_back_when_its_machine_leaves_the_policies() {
    for (revoked, deleted, imported_late) in [
        (true, false, false),
        (true, true, false),
        (false, false, false),
        (false, true, false),
        (true, true, true),
        (false, true, true),
    ] {
        let case = format!("revoked: {revoked}, deleted: {deleted}, imported late: {imported_late}");
        let mut site = Standing::of(network(), minutes(0));
        site.put("t", &[("a", &[22]), ("c", &[22])], "TCP", minutes(1));
        assert!(site.ask("ann", "t", ("a", 22, "7.7.7.7", 60), minutes(2)));
        let view = site.view(minutes(3));
        if !imported_late {
            site.import(view.clone(), minutes(4));
        }
        assert_eq!(to(site.allows(minutes(5)), "10.0.0.4"), [(100, "7.7.7.7".to_owned())], "{case}");
        if revoked {
            assert!(site.revoke("ann", "t", minutes(6)), "{case}");
            assert_eq!(to(site.allows(minutes(6)), "10.0.0.4"), [], "{case}");
        }
        if deleted {
            site.delete("t", minutes(7));
        } else {
            site.put("t", &[("c", &[22])], "TCP", minutes(7));
        }
        if imported_late {
            site.import(view, minutes(8));
        }
        assert_eq!(to(site.allows(minutes(9)), "10.0.0.4"), [], "{case}");
        let denied = site.denied(minutes(9));
        assert!(denied.iter().all(|(_, address)| !deleted && address == "10.0.0.6"), "{case}: {denied:?}");
        let told = site.exposure("a", minutes(9));
        assert_eq!(exposed(&told, "residual"), Vec::<String>::new(), "{case}");
        let ssh = r#"22 "atRest" ["10.0.0.0/16","168.63.129.16","203.0.113.0/24"]"#;
        assert_eq!(exposed(&told, "unprotected").first().map(String::as_str), Some(ssh), "{case}");
        // The next policy for it begins with what it grants itself.
        site.put("u", &[("a", &[22])], "TCP", minutes(10));
        assert_eq!(to(site.allows(minutes(10)), "10.0.0.4"), [], "{case}");
        assert!(site.ask("bob", "u", ("a", 22, "8.8.8.8", 60), minutes(11)));
        assert_eq!(to(site.allows(minutes(11)), "10.0.0.4"), [(100, "8.8.8.8".to_owned())], "{case}");
    }
}

#[test]
fn a_machine_that_was_in_a_policy_between_two_looks_is_known() {
    let mut site = Standing::of(network(), minutes(0));
    site.put("other", &[("c", &[22])], "TCP", minutes(1));
    let before = site.view(minutes(1));
    site.put("t", &[("a", &[22])], "TCP", minutes(2));
    assert!(site.ask("ann", "t", ("a", 22, "7.7.7.7", 60), minutes(3)));
    let open = site.view(minutes(3));
    // The same ledger without that policy, to which somebody brings a network with its rules.
    let mut site = Standing::of(network(), minutes(0));
    site.put("other", &[("c", &[22])], "TCP", minutes(1));
    site.import(open, minutes(2));
    assert_eq!(to(site.allows(minutes(2)), "10.0.0.4").len(), 1, "whose it is, is not known");
    site.put("t", &[("a", &[22])], "TCP", minutes(3));
    site.delete("t", minutes(4));
    assert_eq!(to(site.allows(minutes(4)), "10.0.0.4"), []);
    site.import(before, minutes(5));
    assert_eq!(to(site.allows(minutes(5)), "10.0.0.4"), []);
}

/// An import that has a grant's own rule in it tells of nothing that is left over, as long as the grant is live.
#[test]
fn what_a_grant_explains_is_not_left_over() {
    for protocol in ["TCP", "*"] {
        let mut site = Standing::of(network(), minutes(0));
        site.put("t", &[("b", &[22])], protocol, minutes(1));
        // Another policy for the same machine finds the same rules.
        site.put("z", &[("b", &[3389])], protocol, minutes(1));
        assert!(site.ask("ann", "t", ("b", 22, "7.7.7.7", 60), minutes(2)));
        assert!(site.ask("ann", "z", ("b", 3389, "7.7.7.7", 90), minutes(2)));
        let view = site.view(minutes(3));
        site.import(view, minutes(4));
        let as_found = |site: &mut Standing, at: u64| {
            let mut ports = exposed(&site.exposure("b", minutes(at)), "residual");
            ports.retain(|port| port.contains("asFound"));
            ports
        };
        assert_eq!(as_found(&mut site, 5), Vec::<String>::new(), "{protocol}");
        assert_eq!(site.exposure("b", minutes(5))["open"].as_array().map(Vec::len), Some(2));
        // The import is as it was; the grant is not.
        assert!(site.revoke("ann", "t", minutes(6)));
        assert_eq!(as_found(&mut site, 7), [r#"22 "asFound" ["7.7.7.7"]"#], "{protocol}");
        assert!(site.ask("ann", "t", ("b", 22, "7.7.7.0/24", 60), minutes(8)));
        assert_eq!(as_found(&mut site, 9), Vec::<String>::new(), "{protocol}: another explains it as well");
        assert_eq!(
            as_found(&mut site, 100),
            [r#"22 "asFound" ["7.7.7.7"]"#, r#"3389 "asFound" ["7.7.7.7"]"#],
            "{protocol}: both have ended"
        );
    }
}

/// Whatever ends beside it, a rule has the number that it was written with.
#[test]
fn a_rule_keeps_its_number_while_others_end() {
    type End = fn(&mut Standing);
    let ends: [(&str, End); 3] = [
        ("by time", |_| {}),
        ("by hand", |site| assert!(site.revoke("ann", "t", minutes(4)))),
        ("for a newer one", |site| assert!(site.ask("ann", "t", ("a", 22, "3.3.3.3", 5), minutes(4)))),
    ];
    for (how, end) in ends {
        let mut site = Standing::of(network(), minutes(0));
        site.put("t", &[("a", &[22]), ("c", &[22])], "TCP", minutes(1));
        assert!(site.ask("ann", "t", ("a", 22, "1.1.1.1", 5), minutes(2)));
        assert!(site.ask("bob", "t", ("c", 22, "2.2.2.2", 60), minutes(3)));
        end(&mut site);
        for at in [5, 20] {
            assert_eq!(
                to(site.allows(minutes(at)), "10.0.0.6"),
                [(101, "2.2.2.2".to_owned())],
                "{how}, {at}"
            );
        }
        site.forget();
        assert_eq!(to(site.allows(minutes(21)), "10.0.0.6"), [(101, "2.2.2.2".to_owned())], "{how}");
        // Once nothing is open any more, the numbers begin again.
        assert!(site.ask("bob", "t", ("c", 22, "2.2.2.2", 60), minutes(100)));
        assert_eq!(to(site.allows(minutes(101)), "10.0.0.6"), [(100, "2.2.2.2".to_owned())], "{how}");
    }
}

/// Where a rule is for all protocols, what counts is whether one gets in by TCP.
#[test]
fn a_port_that_only_udp_reaches_is_not_open_to_people() {
    for (denied, protocol, effective, dead) in [
        ("Tcp", "*", false, Some("TCP port `22`")),
        ("Udp", "*", true, None),
        ("*", "*", false, Some("port `22`")),
        ("Tcp", "UDP", true, None),
        ("Udp", "UDP", false, Some("UDP port `22`")),
        ("Udp", "TCP", true, None),
    ] {
        let case = format!("{denied} is denied, the policy has {protocol}");
        let mut resources = machine("a", &[("10.0.0.4", None)]);
        resources.push(nsg("shared", &[&format!("No 100 Deny {denied} * -> * 22")]));
        resources.push(vnet(Some("shared")));
        let mut site = Standing::of(resources, minutes(0));
        site.put("t", &[("a", &[22])], protocol, minutes(1));
        assert!(site.ask("ann", "t", ("a", 22, "7.7.7.7", 60), minutes(2)), "{case}");
        assert_eq!(site.exposure("a", minutes(3))["open"][0]["effective"], effective, "{case}");
        let (files, policies) = (site.files(), site.policies(minutes(3)));
        let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
        let policies: Vec<&[u8]> = policies.iter().map(String::as_bytes).collect();
        let preview = preview(&load(&files, None), &policies, &[], &Options::at(minutes(3)));
        let preview: Value = serde_json::from_str(&wire::preview(&preview)).expect("JSON");
        let reports = preview["reports"].as_array().expect("a list").iter();
        let diagnostics =
            reports.flat_map(|report| report["diagnostics"].as_array().cloned().unwrap_or_default());
        let told: Vec<Value> = diagnostics.filter(|told| told["code"] == "JIT745").collect();
        assert_eq!(told.len(), usize::from(dead.is_some()), "{case}: {told:?}");
        if let Some(words) = dead {
            let message = told[0]["message"].as_str().expect("a text");
            assert!(message.contains(words), "{case}: {message}");
            assert_eq!(message.contains("TCP"), words.contains("TCP"), "{case}: {message}");
        }
    }
}

/// Where an NSG has no number left, whoever comes next waits for one, and gets the first that is free.
#[test]
fn who_found_no_number_gets_one_that_becomes_free() {
    // Of the 901 numbers above the deny, two are free.
    let taken: Vec<String> =
        (100..999).map(|number| format!("Own{number} {number} Allow Tcp 10.9.9.9 -> 10.9.9.9 80")).collect();
    let mut rules: Vec<&str> = taken.iter().map(String::as_str).collect();
    rules.push("Corp 1002 Allow Tcp 203.0.113.0/24 -> * 22");
    let mut resources = machine("a", &[("10.0.0.4", None)]);
    resources.extend([nsg("shared", &rules), vnet(Some("shared"))]);
    let mut site = Standing::of(resources, minutes(0));
    site.put("t", &[("a", &[22])], "TCP", minutes(1));
    let open = |site: &mut Standing, now| to(site.allows(now), "10.0.0.4");
    let rule = |number: u64, source: &str| (number, source.to_owned());
    for (who, source, length) in
        [("ann", "7.7.7.7", 60), ("bob", "8.8.8.8", 10), ("cid", "9.9.9.9", 60), ("dan", "6.6.6.6", 60)]
    {
        assert!(site.ask(who, "t", ("a", 22, source, length), minutes(2)), "{who}");
    }
    assert_eq!(open(&mut site, minutes(3)), [rule(999, "7.7.7.7"), rule(1000, "8.8.8.8")]);
    // Bob's time is over: that of who has waited longest begins. Ann's rule stays as it is.
    assert_eq!(open(&mut site, minutes(13)), [rule(999, "7.7.7.7"), rule(1000, "9.9.9.9")]);
    assert!(site.revoke("ann", "t", minutes(14)));
    assert_eq!(open(&mut site, minutes(15)), [rule(999, "6.6.6.6"), rule(1000, "9.9.9.9")]);
    assert!(site.revoke("cid", "t", minutes(16)));
    assert_eq!(open(&mut site, minutes(17)), [rule(999, "6.6.6.6")]);
}
