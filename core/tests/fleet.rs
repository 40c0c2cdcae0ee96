//! A fleet at an instant is what a preview of the same network, policies and requests says.

use crate::support::NOW;
use crate::support::bare::{azure, ec2};
use crate::support::network::files;
use crate::support::scene::{file, machine, nsg, policy, stored, vm, vnet};
use jitgate_core::model::Protocol;
use jitgate_core::network::{Engine, Index};
use jitgate_core::preview::{Fleet, Granted, Loaded, Mode, Names, Options, Preview, Standing, load, preview};
use jitgate_core::{Timestamp, wire};
use proptest::prelude::*;
use serde_json::{Value, json};

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

/// Every rule that JIT writes for a machine stands in its NSG, with the same name, number, and sources.
fn same_rules(preview: &Preview, engine: &Engine) {
    for change in preview.machines.iter().flat_map(|machine| &machine.rules.added) {
        if change.resource.kind != "nsg" {
            continue;
        }
        let at =
            engine.network().nsgs.iter().position(|nsg| nsg.id == change.resource.id).expect("it is given");
        let rules = engine.rules(Index::new(at));
        let rule = rules.iter().find(|rule| rule.name == change.rule.name).expect("it is written");
        assert_eq!(Some(rule.priority), change.rule.priority, "{}", rule.name);
        assert_eq!(rule.description, change.rule.description);
        assert_eq!(rule.sources.len(), change.rule.sources.len());
    }
    // And nothing else was written: both have moved the same rules.
    for moved in preview.machines.iter().flat_map(|machine| &machine.rules.moved) {
        let nsgs = engine.network().nsgs.iter().enumerate();
        let (at, _) = nsgs.clone().find(|(_, nsg)| nsg.id == moved.resource.id).expect("it is given");
        let rule = engine.rules(Index::new(at)).iter().find(|rule| rule.name == moved.name);
        assert_eq!(rule.map(|rule| rule.priority), Some(moved.to), "{}", moved.name);
    }
}

fn same(loaded: &Loaded, policies: &[&[u8]], requests: &[&[u8]], now: Timestamp) -> (Fleet, Standing) {
    let preview = preview(loaded, policies, requests, &Options::at(now));
    let fleet = Fleet::new(&loaded.engine, policies, &[], Mode::Enforce, Names::Any);
    let standing = fleet.standing(fleet.stored(requests, now), now);
    same_rules(&preview, standing.engine());
    for (at, machine) in preview.machines.iter().enumerate().take(loaded.engine.network().machines.len()) {
        let index = Index::new(at);
        let exposure = fleet.machine(&standing, index).expect("it is in the network");
        assert_eq!((exposure.id, exposure.name), (&*machine.id, &*machine.name));
        assert_eq!(exposure.group(), (machine.class, &*machine.reason), "{}", machine.name);
        let residual: Vec<_> = machine
            .residual
            .iter()
            .filter(|residual| !residual.as_found || requests.is_empty())
            .map(|residual| {
                let boxes = residual.traffic.may.boxes();
                let sources: jitgate_core::sets::Addresses =
                    boxes.iter().flat_map(|region| region.sources.ranges()).collect();
                let mut rules: Vec<_> = residual
                    .let_in_by
                    .iter()
                    .map(|by| (by.resource.id.clone(), by.rule.name.clone()))
                    .collect();
                rules.sort();
                (
                    residual.port,
                    residual.protocol.as_str(),
                    residual.as_found,
                    sources.to_string(),
                    rules,
                    residual.unfiltered.to_string(),
                )
            })
            .collect();
        let exposed: Vec<_> = exposure
            .exposed
            .iter()
            .filter(|exposed| exposed.protected && (!exposed.as_found || requests.is_empty()))
            .map(|exposed| {
                let mut rules: Vec<_> = exposed
                    .let_in_by
                    .iter()
                    .map(|by| (by.resource.id.clone(), by.rule.name.clone()))
                    .collect();
                rules.sort();
                (
                    exposed.port,
                    exposed.protocol.as_str(),
                    exposed.as_found,
                    exposed.sources.to_string(),
                    rules,
                    exposed.unfiltered.to_string(),
                )
            })
            .collect();
        let sorted = |mut list: Vec<_>| {
            list.sort();
            list
        };
        assert_eq!(sorted(exposed), sorted(residual), "{}", machine.name);
        if let Some(states) = &machine.states {
            assert_eq!(
                standing.engine().effective(index).may.digest(),
                states.open.may.digest(),
                "open on {}",
                machine.name
            );
        }
        let json: Value = serde_json::from_str(&wire::exposure(&exposure)).expect("JSON");
        assert_eq!(json["class"], machine.class);
    }
    (fleet, standing)
}

#[test]
fn a_small_network() {
    let mut resources = machine("web-1", &[("10.0.0.4", Some("web"))]);
    resources.extend(machine("web-2", &[("10.0.0.5", Some("web"))]));
    resources.extend(machine("bare", &[("10.0.0.6", None)]));
    resources.push(nsg(
        "web",
        &["AllowSsh 300 Allow Tcp 203.0.113.0/24 -> * 22", "AllowRdp 310 Allow Tcp * -> * 3389"],
    ));
    resources.push(vnet(None));
    let loaded = load(&[&file(resources)], None);
    let policies = [policy(&[
        ("web-1", &["22 TCP * PT3H", "3389 * 198.51.100.0/24 PT1H"]),
        ("bare", &["22 TCP * PT3H"]),
        ("gone", &["22 TCP * PT3H"]),
    ])];
    let policies: Vec<&[u8]> = policies.iter().map(Vec::as_slice).collect();
    let requests = [
        stored(
            "web-1",
            "ana@contoso.example",
            22,
            "198.51.100.7",
            "2026-01-15T11:30:00Z",
            "2026-01-15T13:00:00Z",
        ),
        stored(
            "web-1",
            "ana@contoso.example",
            3389,
            "198.51.100.8",
            "2026-01-10T11:30:00Z",
            "2026-01-10T12:00:00Z",
        ),
        stored(
            "web-1",
            "bob@contoso.example",
            22,
            "198.51.100.9",
            "2026-01-02T11:30:00Z",
            "2026-01-02T12:00:00Z",
        ),
    ];
    let requests: Vec<&[u8]> = requests.iter().map(Vec::as_slice).collect();
    let (fleet, standing) = same(&loaded, &policies, &requests, time(NOW));
    let web = fleet.machine(&standing, Index::new(0)).expect("web-1");
    let activity = web.activity.expect("somebody came");
    assert_eq!(activity.last_seven_days, 2);
    assert_eq!(activity.last, Some((time("2026-01-15T11:30:00Z"), "ana@contoso.example".to_owned())));
    assert_eq!(web.open.len(), 1);
    assert!(web.open[0].effective);
    assert_eq!(standing.until(), Some(time("2026-01-15T13:00:00Z")));
    assert_eq!(fleet.absent(&standing).map(|machine| machine.name.to_owned()).collect::<Vec<_>>(), ["gone"]);
    let json = wire::exposure(&web);
    assert!(!json.contains("null"), "{json}");

    // The ledger's own words come to the same.
    let id = serde_json::from_slice::<Value>(policies[0]).expect("JSON")["id"]
        .as_str()
        .expect("an id")
        .to_uppercase();
    let (machine, sources) = (vm("WEB-1"), ["198.51.100.7/32".parse().expect("a block")]);
    let granted = |until: &str| Granted {
        policy: &id,
        machine: &machine,
        port: 22,
        protocol: None,
        sources: &sources,
        from: time("2026-01-15T11:30:00Z"),
        until: time(until),
        who: "ana@contoso.example",
        why: None,
    };
    let ledger = fleet.standing(fleet.granted(&[granted("2026-01-15T13:00:00Z")]), time(NOW));
    let of = |standing: &Standing| standing.engine().rules(Index::new(0)).to_vec();
    assert_eq!(of(&ledger), of(&standing));
    // At its very end it is shut.
    let shut = fleet.standing(fleet.granted(&[granted(NOW)]), time(NOW));
    assert_eq!(of(&shut), fleet.at_rest().rules(Index::new(0)));
}

/// What a policy keeps open after a change of its rule, the network shows open, and nothing else.
#[test]
fn a_grant_is_written_by_its_own_protocol() {
    let mut resources = machine("web-1", &[("10.0.0.4", Some("web"))]);
    resources.push(nsg("web", &[]));
    resources.push(vnet(None));
    let loaded = load(&[&file(resources)], None);
    let (machine, sources) = (vm("web-1"), ["198.51.100.7/32".parse().expect("a block")]);
    for (granted, rule, expected) in [
        (Protocol::Tcp, "TCP", "TCP"),
        (Protocol::Tcp, "*", "TCP"),
        (Protocol::Udp, "*", "UDP"),
        (Protocol::Any, "*", "*"),
        (Protocol::Any, "TCP", ""),
        (Protocol::Any, "UDP", ""),
        (Protocol::Tcp, "UDP", ""),
    ] {
        let policy = policy(&[("web-1", &[&format!("22 {rule} * PT3H")])]);
        let id =
            serde_json::from_slice::<Value>(&policy).expect("JSON")["id"].as_str().expect("an id").to_owned();
        let grant = Granted {
            policy: &id,
            machine: &machine,
            port: 22,
            protocol: Some(granted),
            sources: &sources,
            from: time("2026-01-15T11:30:00Z"),
            until: time("2026-01-15T13:00:00Z"),
            who: "ana@contoso.example",
            why: None,
        };
        let fleet = Fleet::new(&loaded.engine, &[&policy], &[], Mode::Enforce, Names::Any);
        let standing = fleet.standing(fleet.granted(&[grant]), time(NOW));
        let opened: Vec<_> = standing
            .opened()
            .iter()
            .map(|opened| (opened.grant.protocol.as_str(), opened.effective))
            .collect();
        let expected: Vec<_> =
            Some((expected, true)).filter(|(word, _)| !word.is_empty()).into_iter().collect();
        assert_eq!(opened, expected, "{granted:?} by {rule}");
    }
}

#[test]
fn a_deny_that_was_found_below_an_allow() {
    let mut resources = machine("web-1", &[("10.0.0.4", Some("web"))]);
    resources.push(nsg(
        "web",
        &[
            "AllowSsh 1002 Allow Tcp 203.0.113.0/24 -> * 22",
            "MicrosoftDefenderForCloud-JITRule_-7_545C5DBC675443D3BF179EFD1EF8254D 4096 Deny * * -> 10.0.0.4 22",
        ],
    ));
    resources.push(vnet(None));
    let loaded = load(&[&file(resources)], None);
    let policy = policy(&[("web-1", &["22 TCP * PT3H"])]);
    let (fleet, _) = same(&loaded, &[&policy], &[], time(NOW));
    let residual: Vec<_> = fleet.exposed(Index::new(0)).iter().filter(|port| port.protected).collect();
    assert_eq!(residual.len(), 1);
    assert!(residual[0].as_found && !residual[0].internet);
}

#[test]
fn through_a_firewall_and_on_ec2() {
    for (folder, id, port) in [("firewall", "vm-app", 22), ("ec2", "i-0a1b2c3d4e5f60718", 22)] {
        let files = files(folder);
        let loaded = load(&files.iter().map(Vec::as_slice).collect::<Vec<_>>(), None);
        let machine = loaded.engine.network().machines.first().map_or(id, |machine| &machine.name).to_owned();
        let policy = policy(&[(&machine, &[&format!("{port} TCP * PT3H")])]);
        let request = stored(
            &machine,
            "ana@contoso.example",
            port,
            "198.51.100.7",
            "2026-01-15T11:30:00Z",
            "2026-01-15T13:00:00Z",
        );
        same(&loaded, &[&policy], &[&request], time(NOW));
    }
}

#[test]
fn an_instance_of_ec2_tells_its_addresses() {
    let path = "/0/Reservations/0/Instances/0/NetworkInterfaces/0";
    let change = |member: &str, value: Value| {
        let mut document = ec2();
        let interface = document.pointer_mut(path).and_then(Value::as_object_mut).expect("an interface");
        interface.insert(member.to_owned(), value);
        document
    };
    let second = json!([
        {"PrivateIpAddress": "10.20.1.5"},
        {"PrivateIpAddress": "10.20.1.4", "Primary": true, "Association": {"PublicIp": "203.0.113.5"}},
    ]);
    let cases = [
        (ec2(), json!(["10.20.1.4"]), Value::Null),
        (change("PrivateIpAddresses", second), json!(["10.20.1.4", "10.20.1.5"]), json!(["203.0.113.5"])),
        (
            change("Ipv6Addresses", json!([{"Ipv6Address": "2001:db8::7"}])),
            json!(["10.20.1.4"]),
            json!(["2001:db8::7"]),
        ),
        // Those of Azure's machines are with their interfaces.
        (azure(), Value::Null, Value::Null),
    ];
    for (document, private, public) in cases {
        let loaded = load(&[document.to_string().as_bytes()], None);
        let fleet = Fleet::new(&loaded.engine, &[], &[], Mode::Enforce, Names::Any);
        let standing = fleet.standing(Vec::new(), time(NOW));
        let machine = fleet.machine(&standing, Index::new(0)).expect("it is in the network");
        let shown: Value = serde_json::from_str(&wire::exposure(&machine)).expect("it is JSON");
        assert_eq!(shown["privateIpAddresses"], private, "{document}");
        assert_eq!(shown["publicIpAddresses"], public, "{document}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_rules_and_requests(
        rules in prop::collection::vec(
            (100_u32..1200, prop::sample::select(vec!["Allow", "Deny"]), prop::sample::select(vec!["Tcp", "Udp", "*"]),
             prop::sample::select(vec!["*", "203.0.113.0/24", "198.51.100.7", "10.0.0.0/8"]),
             prop::sample::select(vec!["*", "10.0.0.4", "10.0.0.5"]), prop::sample::select(vec!["22", "3389", "*", "20-25"])),
            0..5),
        grants in prop::collection::vec((0_usize..3, prop::sample::select(vec![22_u16, 3389]), 1_u32..60), 0..5),
    ) {
        let rules: Vec<String> = rules.iter().enumerate()
            .map(|(at, (priority, access, protocol, source, to, port))|
                format!("r{at} {} {access} {protocol} {source} -> {to} {port}", priority.saturating_mul(3).saturating_add(u32::try_from(at).expect("few"))))
            .collect();
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let mut resources = machine("a", &[("10.0.0.4", Some("one")), ("10.0.0.14", None)]);
        resources.extend(machine("b", &[("10.0.0.5", None)]));
        resources.extend(machine("c", &[("10.0.0.6", Some("one"))]));
        resources.push(nsg("one", &rules));
        resources.push(nsg("two", &["AllowSsh 300 Allow Tcp 203.0.113.0/24 -> * 22"]));
        resources.push(vnet(Some("two")));
        let loaded = load(&[&file(resources)], None);
        let policy = policy(&[
            ("a", &["22 TCP * PT3H", "3389 * 198.51.100.0/24 PT1H"]),
            ("b", &["22 * * PT3H"]),
        ]);
        let requests: Vec<Vec<u8>> = grants.iter().enumerate()
            .map(|(at, (machine, port, minutes))| stored(
                ["a", "b", "c"][*machine], &format!("p{at}@contoso.example"), *port, &format!("198.51.100.{minutes}"),
                &format!("2026-01-15T11:{minutes:02}:00Z"), "2026-01-15T13:00:00Z"))
            .collect();
        let requests: Vec<&[u8]> = {
            let mut sorted: Vec<&[u8]> = requests.iter().map(Vec::as_slice).collect();
            // A fleet writes the older ones first, and those of the same time by their machines and ports.
            sorted.sort_by_key(|request| {
                let request = serde_json::from_slice::<Value>(request).expect("JSON");
                let machine = &request["virtualMachines"][0];
                let text = |value: &Value| value.as_str().expect("a text").to_owned();
                (text(&request["startTimeUtc"]), text(&machine["id"]), machine["ports"][0]["number"].as_u64())
            });
            sorted
        };
        same(&loaded, &[&policy], &requests, time(NOW));
    }
}
