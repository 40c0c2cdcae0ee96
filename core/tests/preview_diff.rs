//! Differences between two versions: of policies, held against every single address; of networks.

use std::net::Ipv4Addr;
use std::time::Duration;

use crate::support::VM;
use crate::support::scene::{copied, file, machine, nsg, policy, vnet};
use jitgate_core::model::Protocol;
use jitgate_core::preview::{Diff, Side, diff, load};
use proptest::prelude::*;

fn compared(before: &[u8], after: &[u8]) -> Diff {
    let difference = diff(&[before], &[after], &[], None);
    told(&difference, before, after);
    difference
}

/// Networks that share no memory differ in the same.
fn told(difference: &Diff, before: &[u8], after: &[u8]) {
    let loaded = [before, after].map(|file| load(&[file], None));
    let alone = loaded.iter().all(|loaded| loaded.engine.network().machines.is_empty());
    let [mut from, to] = loaded.each_ref().map(|loaded| Side::new(&loaded.engine, alone));
    for at in 0.. {
        let bytes = to.tell(at, 1);
        if bytes.is_empty() {
            break;
        }
        from.compare(&bytes).expect("what the other side tells");
        assert_eq!(from.compare(&bytes[..bytes.len() / 2]), None, "half of it is none");
    }
    let told = from.difference();
    if !difference.openable.is_empty() || !difference.complete {
        return;
    }
    assert!(told.complete);
    let changes = |diff: &Diff| {
        let mut changes: Vec<String> = diff.reachable.iter().map(|change| format!("{change:?}")).collect();
        changes.sort();
        changes
    };
    assert_eq!(changes(&told), changes(difference));
}

fn words(diff: &Diff) -> Vec<String> {
    let sign = |opens: bool| if opens { "+" } else { "-" };
    let openable = diff.openable.iter().map(|change| format!("{} {change}", sign(change.opens())));
    let reachable = diff.reachable.iter().flat_map(|change| {
        change.traffic.boxes().into_iter().map(|region| format!("{} {region}", sign(change.opens)))
    });
    openable.chain(reachable).collect()
}

#[test]
fn policies() {
    let of = |ports: &[&str]| policy(&[("web1", ports)]);
    for (before, after, expected) in [
        // Spelling, order and splitting are no difference.
        (&["22 TCP 10.0.0.0/24 PT3H"][..], &["22 TCP 10.0.0.0/25,10.0.0.128/25 PT180M"][..], &[][..]),
        (&["22 TCP * PT3H", "3389 TCP * PT1H"], &["3389 TCP 0.0.0.0/0 PT1H", "22 TCP * PT3H"], &[]),
        (&["22 * * PT3H"], &["22 UDP * PT3H", "22 TCP * PT3H"], &[]),
        // Each dimension alone.
        (
            &["22 TCP 10.0.0.0/24 PT3H"],
            &["22 TCP 10.0.0.0/23 PT3H"],
            &["+ TCP 22 from 10.0.1.0/24 for up to 3 h"],
        ),
        (&["22 TCP * PT1H"], &["22 TCP * PT3H"], &["+ TCP 22 from Any for up to 3 h instead of 1 h"]),
        (&["22 TCP * PT3H"], &["22 * * PT3H"], &["+ UDP 22 from Any for up to 3 h"]),
        (
            &["22 TCP * PT3H"],
            &["23 TCP * PT3H"],
            &["+ TCP 23 from Any for up to 3 h", "- TCP 22 from Any for up to 3 h"],
        ),
        (
            &["22 * 10.0.0.0/24 PT3H", "3389 * 10.0.0.0/24 PT3H"],
            &["443 TCP 10.0.0.7 PT3H"],
            &["+ TCP 443 from 10.0.0.7 for up to 3 h", "- Any 22, 3389 from 10.0.0.0/24 for up to 3 h"],
        ),
    ] {
        let found = compared(&of(before), &of(after));
        assert_eq!(words(&found), expected, "{before:?} {after:?}");
        assert_eq!(found.is_equal(), expected.is_empty());
        assert!(found.complete, "{before:?} {after:?}");
    }
}

#[test]
fn machines_that_come_and_go() {
    let found = compared(&policy(&[("web1", &["22 TCP * PT3H"])]), &policy(&[("WEB2", &["22 TCP * PT3H"])]));
    let told: Vec<_> =
        found.openable.iter().map(|change| (change.opens(), change.machine.ends_with("WEB2"))).collect();
    assert_eq!(told, [(true, true), (false, false)]);
}

#[test]
fn what_cannot_be_judged_is_not_complete() {
    let good = policy(&[("web1", &["22 TCP * PT3H"])]);
    for bad in [&b"{"[..], b"[]", br#"{"properties":{"virtualMachines":"[parameters('machines')]"}}"#] {
        assert!(!compared(&good, bad).complete, "{}", String::from_utf8_lossy(bad));
    }
}

#[test]
fn networks() {
    let of = |rules: &[&str]| {
        file([machine("web1", &[("10.0.0.4", None)]), vec![vnet(Some("web")), nsg("web", rules)]].concat())
    };
    let before = of(&["Ssh 300 Allow Tcp 203.0.113.0/24 -> * 22", "Rdp 400 Deny Tcp * -> * 3389"]);
    // Renumbered, renamed, reordered, split.
    let same = of(&[
        "Deny3389 1000 Deny Tcp * -> 10.0.0.0/16 3389",
        "A 200 Allow Tcp 203.0.113.0/25 -> * 22",
        "B 210 Allow Tcp 203.0.113.128/25 -> 10.0.0.4 22",
    ]);
    assert_eq!(words(&compared(&before, &same)), [""; 0]);
    let wider = of(&["Ssh 300 Allow Tcp 203.0.112.0/23 -> * 22", "Rdp 400 Deny Tcp 10.0.0.0/24 -> * 3389"]);
    let expected = [
        "+ TCP 22 from 203.0.112.0/24 to 10.0.0.4",
        "+ TCP 3389 from 10.0.1.0-10.0.255.255, 168.63.129.16 to 10.0.0.4",
    ];
    let found = compared(&before, &wider);
    assert_eq!(words(&found), expected);
    assert!(found.opens() && found.complete);
    assert!(!compared(&wider, &before).opens());
}

#[test]
fn lone_nsgs() {
    let of = |rules: &[&str]| file([nsg("web", rules)]);
    let before = of(&["Ssh 300 Allow Tcp 203.0.113.0/24 -> * 22"]);
    let after = of(&["Ssh 310 Allow Tcp 203.0.113.0/24 -> * 22-23"]);
    let found = compared(&before, &after);
    assert_eq!(words(&found).first().map(String::as_str), Some("+ TCP 23 from 203.0.113.0/24"));
    assert!(compared(&before, &before).is_equal());
}

/// An unknown is equal to the same unknown only.
#[test]
fn unknown_tags() {
    let of = |rules: &[&str]| file([nsg("web", rules)]);
    let storage = of(&["Storage 300 Allow Tcp Storage -> * 22"]);
    let renamed = of(&["Renamed 310 Allow Tcp Storage -> * 22"]);
    let sql = of(&["Sql 300 Allow Tcp Sql -> * 22"]);
    assert!(compared(&storage, &renamed).is_equal() && compared(&storage, &renamed).complete);
    assert!(!compared(&storage, &sql).complete);
    assert!(!compared(&of(&[]), &of(&["Internet 300 Allow Tcp Internet -> * 22"])).complete);
}

/// Wherever something is not known, nothing is called impossible that may still come in.
#[test]
fn what_may_still_come_in_is_not_called_impossible() {
    let of = |rules: &[&str]| {
        file([machine("web1", &[("10.0.0.4", None)]), vec![vnet(Some("web")), nsg("web", rules)]].concat())
    };
    let before = of(&["Ssh 300 Allow Tcp 1.1.1.1 -> * 22"]);
    let after = of(&["Storage 200 Deny Tcp Storage -> * 22", "Ssh 300 Allow Tcp 1.1.1.1 -> * 22"]);
    let found = compared(&before, &after);
    assert!(found.reachable.iter().any(|change| !change.opens), "{:?}", words(&found));
    assert!(found.reachable.iter().all(|change| !change.certain), "{:?}", words(&found));
}

/// A port rule near the others: overlapping blocks at the edges of a /29, short durations, few ports.
fn port_rule() -> impl Strategy<Value = (u16, Protocol, u32, u8, u64)> {
    let protocol = prop_oneof![Just(Protocol::Tcp), Just(Protocol::Udp), Just(Protocol::Any)];
    (22..24_u16, protocol, 0..16_u32, 28..=32_u8, 1..4_u64)
}

type Rules = Vec<(u16, Protocol, u32, u8, u64)>;

const BASE: u32 = 0x0a00_0000;

fn document(rules: &Rules) -> Vec<u8> {
    let texts: Vec<String> = rules
        .iter()
        .map(|(port, protocol, host, length, hours)| {
            let net =
                ipnet::Ipv4Net::new(Ipv4Addr::from_bits(BASE + host), *length).expect("a block").trunc();
            format!("{port} {} {net} PT{hours}H", protocol.as_str())
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    policy(&[("web1", &texts)])
}

/// The longest window that one address can have, by looking at every rule.
fn longest(rules: &Rules, udp: bool, port: u16, address: u32) -> Duration {
    let other = if udp { Protocol::Tcp } else { Protocol::Udp };
    let fits = rules.iter().filter(|(number, protocol, host, length, _)| {
        let net = ipnet::Ipv4Net::new(Ipv4Addr::from_bits(BASE + host), *length).expect("a block");
        *number == port && *protocol != other && net.contains(&Ipv4Addr::from_bits(address))
    });
    fits.map(|(.., hours)| Duration::from_secs(hours * 3600)).max().unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_every_address_for_itself(
        before in prop::collection::vec(port_rule(), 1..5),
        after in prop::collection::vec(port_rule(), 1..5),
    ) {
        let found = compared(&document(&before), &document(&after));
        for (udp, port) in [(false, 22), (false, 23), (true, 22), (true, 23)] {
            for address in BASE - 1..=BASE + 17 {
                let expected = (longest(&before, udp, port, address), longest(&after, udp, port, address));
                let covering: Vec<_> = found.openable.iter().filter(|change| {
                    let other = if udp { Protocol::Tcp } else { Protocol::Udp };
                    change.protocol != other
                        && change.ports.contains(&port)
                        && change.sources.iter().any(|(first, last)| (*first..=*last).contains(&address))
                }).map(|change| (change.before.unwrap_or_default(), change.after.unwrap_or_default())).collect();
                if expected.0 == expected.1 {
                    prop_assert!(covering.is_empty(), "{covering:?}");
                } else {
                    prop_assert_eq!(covering, vec![expected]);
                }
            }
        }
    }
}

/// A port that is written, and one that a template may copy, are not known to be the same.
#[test]
fn what_a_template_may_copy_is_not_compared() {
    let written = policy(&[("web1", &["22 TCP * PT3H"])]);
    for array in ["virtualMachines", "ports"] {
        let copied = copied(&written, array);
        let other = [&copied[..], b" "].concat();
        for (before, after) in [(&written, &copied), (&copied, &written), (&copied, &other)] {
            assert!(!compared(before, after).complete, "{array}");
        }
        // Nothing was changed: there is nothing that a gate has to look at.
        let same = compared(&copied, &copied);
        assert!(same.complete && same.is_equal(), "{array}");
    }
}

/// Nor is a list that stands beside a copy, wherever.
#[test]
fn a_list_beside_a_copy_is_not_compared() {
    let rule = |port: u16| {
        format!(
            r#"{{"number":{port},"protocol":"TCP","allowedSourceAddressPrefix":"10.0.0.0/8","maxRequestAccessDuration":"PT3H"}}"#
        )
    };
    let copy = |name: &str, input: &str| format!(r#""copy":[{{"name":"{name}","count":2,"input":{input}}}]"#);
    let machine = |members: &str| format!(r#"{{"id":"{VM}",{members}}}"#);
    let template = |members: &str| {
        format!(
            r#"{{"$schema":"x","resources":[{{"type":"Microsoft.Security/locations/jitNetworkAccessPolicies","name":"westeurope/default","properties":{{{members}}}}}]}}"#
        )
    };
    let machines = |members: &str| format!(r#""virtualMachines":[{}]"#, machine(members));
    let ports = format!(r#""ports":[{}]"#, rule(22));
    let written = template(&machines(&ports));
    assert!(compared(written.as_bytes(), written.as_bytes()).complete);
    let of_ports = copy("ports", &rule(3389));
    let of_machines = copy("virtualMachines", &machine(&format!(r#""ports":[{}]"#, rule(3389))));
    for beside in [
        template(&machines(&format!("{of_ports},{ports}"))),
        template(&machines(&format!("{ports},{of_ports}"))),
        template(&format!("{of_machines},{}", machines(&ports))),
        template(&format!("{},{of_machines}", machines(&ports))),
    ] {
        assert!(!compared(written.as_bytes(), beside.as_bytes()).complete, "{beside}");
    }
}
