//! Previews of small networks: the rules that are written, the four states, what is left over, and who is touched.

use crate::support::NOW;
use crate::support::scene::{copied, file, machine, nsg, policy, request, stored, vnet};
use jitgate_core::Timestamp;
use jitgate_core::network::{Flow, Reachable};
use jitgate_core::preview::{Closing, Loaded, Mode, Options, Preview, Watch, load, preview};
use jitgate_core::sets::Traffic;
use serde_json::{Value, json};

fn options() -> Options {
    Options::at(Timestamp::parse(NOW).expect("a time"))
}

fn loaded(resources: Vec<Value>) -> Loaded {
    load(&[&file(resources)], None)
}

/// `web1` at 10.0.0.4 behind the NSG `web` of the subnet.
fn one(rules: &[&str]) -> Loaded {
    loaded([machine("web1", &[("10.0.0.4", None)]), vec![vnet(Some("web")), nsg("web", rules)]].concat())
}

fn ssh() -> Vec<u8> {
    policy(&[("web1", &["22 TCP * PT3H"])])
}

/// The boxes of some traffic, in words.
fn words(traffic: &Traffic) -> Vec<String> {
    traffic.boxes().iter().map(ToString::to_string).collect()
}

fn codes(preview: &Preview) -> Vec<&'static str> {
    preview
        .reports
        .iter()
        .flat_map(|report| &report.diagnostics)
        .map(|found| found.code.id())
        .filter(|code| *code >= "JIT740")
        .collect()
}

#[test]
fn four_states_of_one_machine() {
    let network = one(&["AllowSsh 300 Allow Tcp 203.0.113.0/24 -> * 22"]);
    let asked = request("web1", &["22 203.0.113.7 PT1H"]);
    let preview = preview(&network, &[&ssh()], &[&asked], &options());
    let machine = &preview.machines[0];
    let states = machine.states.as_ref().expect("states");
    assert_eq!((machine.class, machine.name.as_str()), ("configured", "web1"));
    assert_eq!(
        words(&states.closed()),
        ["TCP 22 from 10.0.0.0/16, 168.63.129.16, 203.0.113.0/24 to 10.0.0.4"]
    );
    assert_eq!(words(&states.opened()), ["TCP 22 from 203.0.113.7 to 10.0.0.4"]);
    assert!(states.opened_at_rest().is_empty() && states.is_restored());
    assert!(machine.residual.is_empty(), "{:?}", machine.residual);
    let added: Vec<_> =
        machine.rules.added.iter().map(|added| (added.rule.priority, added.rule.access.as_str())).collect();
    assert_eq!(added, [(Some(1000), "Deny"), (Some(100), "Allow")]);
    let moved: Vec<_> =
        machine.rules.moved.iter().map(|moved| (moved.name.as_str(), moved.from, moved.to)).collect();
    assert_eq!(moved, [("AllowSsh", 300, 1001)]);
    assert_eq!(codes(&preview), [""; 0]);
    let names: Vec<_> = machine.rules.added.iter().map(|added| added.rule.name.as_str()).collect();
    assert!(names[0].starts_with("MicrosoftDefenderForCloud-JITRule_"), "{names:?}");
    assert!(names[1].starts_with("MicrosoftDefenderForCloud-JITRule-"), "{names:?}");
    assert_eq!(names[0].rsplit('_').next().map(str::len), Some(32));
}

#[test]
fn a_machine_of_which_nothing_is_known_is_answered() {
    let machines = machine("web1", &[("10.0.0.4", None)]);
    let network = loaded(machines.into_iter().take(1).collect());
    let preview = preview(&network, &[&ssh()], &[], &options());
    let machine = &preview.machines[0];
    let states = machine.states.as_ref().expect("states");
    assert!(states.at_rest.surely.is_empty() && !states.at_rest.may.is_empty());
    assert_eq!(machine.residual.len(), 1);
    assert_eq!(codes(&preview), ["JIT741"]);
}

#[test]
fn where_rules_stay_the_exposure_is_told_with_what_closes_it() {
    let network = one(&["AllowSsh 300 Allow Tcp 203.0.113.0/24 -> * 22", "AllowWeb 310 Allow Tcp * -> * 80"]);
    let options = Options { mode: Mode::Document, ..options() };
    let preview = preview(&network, &[&ssh()], &[], &options);
    let machine = &preview.machines[0];
    assert!(machine.rules.moved.is_empty());
    let [residual] = &machine.residual[..] else { panic!("one residual: {:?}", machine.residual) };
    assert_eq!(words(&residual.traffic.may), ["TCP 22 from 203.0.113.0/24 to 10.0.0.4"]);
    assert_eq!(residual.traffic.may, residual.traffic.surely);
    assert_eq!(residual.let_in_by.iter().map(|by| by.rule.name.as_str()).collect::<Vec<_>>(), ["AllowSsh"]);
    assert!(residual.closing.proved && residual.closing.steps[0].contains("`299`"), "{:?}", residual.closing);
    assert_eq!(codes(&preview), ["JIT741"]);
}

/// What surely comes in is told apart from what may.
#[test]
fn an_exposure_that_is_certain_in_part() {
    for (rule, expected) in [
        (
            "AllowSql 310 Allow Tcp Sql.West -> * 22",
            "stays reachable from `203.0.113.0/24`, and may stay so from any address, though no",
        ),
        ("AllowNet 310 Allow Tcp 203.0.113.0/25 -> * 22", "stays reachable from `203.0.113.0/24` though no"),
    ] {
        let network = one(&["AllowSsh 300 Allow Tcp 203.0.113.0/24 -> * 22", rule]);
        let options = Options { mode: Mode::Document, ..options() };
        let preview = preview(&network, &[&ssh()], &[], &options);
        let told = preview.reports.iter().flat_map(|report| &report.diagnostics);
        let told: Vec<_> = told.filter(|one| one.code.id() == "JIT741").map(|one| &one.message).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains(expected), "{told:?}");
    }
}

#[test]
fn an_exposure_that_no_number_is_left_for_is_closed_otherwise() {
    // Nothing is free above the rule, and nothing below the deny.
    for (rule, expected) in [
        ("AllowSsh 100 Allow Tcp 203.0.113.0/24 -> * 22", "delete rule `AllowSsh` in NSG `web`"),
        (
            "AllowSsh 100 Allow Tcp 203.0.113.0/24 -> * 20-80",
            "take port `22` out of rule `AllowSsh` in NSG `web`",
        ),
    ] {
        let options = Options { mode: Mode::Document, ..options() };
        let residual = preview(&one(&[rule]), &[&ssh()], &[], &options).machines.remove(0).residual.remove(0);
        let Closing { steps, proved } = &residual.closing;
        assert!(*proved && steps.len() == 1 && steps[0].starts_with(expected), "{steps:?}");
    }
}

#[test]
fn both_nsgs_and_every_nic_get_their_rules() {
    let resources = [
        machine("web1", &[("10.0.0.4", Some("nic")), ("10.0.0.5", None)]),
        vec![vnet(Some("web")), nsg("web", &["AllowSsh 2000 Allow Tcp * -> * 22"]), nsg("nic", &[])],
    ];
    let network = loaded(resources.concat());
    let preview = preview(&network, &[&ssh()], &[&request("web1", &["22 203.0.113.7 PT1H"])], &options());
    let machine = &preview.machines[0];
    let mut added: Vec<_> = machine
        .rules
        .added
        .iter()
        .map(|added| {
            let rule = &added.rule;
            format!(
                "{} {} {} {}",
                added.resource.name,
                rule.access,
                rule.destinations[0],
                rule.priority.expect("a number")
            )
        })
        .collect();
    added.sort();
    let expected = [
        "nic Allow 10.0.0.4 100",
        "nic Deny 10.0.0.4 4096",
        "web Allow 10.0.0.4 100",
        "web Allow 10.0.0.5 101",
        "web Deny 10.0.0.4 1999",
        "web Deny 10.0.0.5 1998",
    ];
    assert_eq!(added, expected);
    let states = machine.states.as_ref().expect("states");
    assert_eq!(words(&states.opened()), ["TCP 22 from 203.0.113.7 to 10.0.0.4/31"]);
    assert!(states.is_restored() && machine.residual.is_empty());
}

#[test]
fn opening_one_machine_opens_no_other() {
    let resources = [
        machine("web1", &[("10.0.0.4", None)]),
        machine("web2", &[("10.0.0.5", None)]),
        machine("web3", &[("10.0.0.6", None)]),
        vec![vnet(Some("web")), nsg("web", &["AllowSsh 300 Allow Tcp * -> * 22"])],
    ];
    let network = loaded(resources.concat());
    let policy = policy(&[("web1", &["22 TCP * PT3H"]), ("web2", &["22 TCP * PT3H"])]);
    let preview = preview(&network, &[&policy], &[&request("web1", &["22 203.0.113.7 PT1H"])], &options());
    let opened: Vec<_> = preview.timeline[0].opened.iter().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!(opened, ["web1"]);
    assert_eq!(codes(&preview), [""; 0]);
    // What no policy protects is as it was, though its rules moved.
    let reach =
        |network: &jitgate_core::network::Engine| network.effective(network.find("web3").expect("web3"));
    let watch = Watch::new(&network, &[&policy], &[], &options());
    assert_eq!(reach(&network.engine), reach(watch.at(options().now)));
}

#[test]
fn time_is_cut_where_something_changes() {
    let network = one(&[]);
    let (at, until) = ("2026-01-15T11:00:00Z", "2026-01-15T14:00:00Z");
    let documents = [
        stored("web1", "ann@contoso.com", 22, "203.0.113.7", at, until),
        // The same person again: the older one ends.
        stored("web1", "ann@contoso.com", 22, "203.0.113.8", "2026-01-15T12:30:00Z", "2026-01-15T13:00:00Z"),
        stored(
            "web1",
            "bob@contoso.com",
            22,
            "198.51.100.0/24",
            "2026-01-15T12:15:00Z",
            "2026-01-15T12:45:00Z",
        ),
    ];
    let requests: Vec<&[u8]> = documents.iter().map(Vec::as_slice).collect();
    let preview = preview(&network, &[&ssh()], &requests, &options());
    let told: Vec<String> = preview
        .timeline
        .iter()
        .map(|interval| {
            let who: Vec<_> = interval.grants.iter().filter_map(|(grant, _)| grant.who.as_deref()).collect();
            let opened: Vec<_> =
                interval.opened.iter().flat_map(|(_, _, traffic)| words(&traffic.may)).collect();
            format!("{} {} {}: {}", interval.from, interval.seconds(), who.join("+"), opened.join("; "))
        })
        .collect();
    let expected = [
        "2026-01-15T12:00:00Z 900 ann@contoso.com: TCP 22 from 203.0.113.7 to 10.0.0.4",
        "2026-01-15T12:15:00Z 900 ann@contoso.com+bob@contoso.com: TCP 22 from 198.51.100.0/24, 203.0.113.7 to 10.0.0.4",
        "2026-01-15T12:30:00Z 900 ann@contoso.com+bob@contoso.com: TCP 22 from 198.51.100.0/24, 203.0.113.8 to 10.0.0.4",
        "2026-01-15T12:45:00Z 900 ann@contoso.com: TCP 22 from 203.0.113.8 to 10.0.0.4",
    ];
    assert_eq!(told, expected);

    let watch = Watch::new(&network, &[&ssh()], &requests, &options());
    let asked = |from: &str, now: &str| {
        let engine = watch.at(Timestamp::parse(now).expect("a time"));
        let machine = engine.find("web1").expect("web1");
        let from = from.parse().expect("an address");
        engine.reach(&Flow { machine, from, port: 22, protocol: 6, source_port: None, to: None }).reachable
    };
    assert_eq!(asked("203.0.113.7", "2026-01-15T10:59:59Z"), Reachable::No);
    assert_eq!(asked("203.0.113.7", "2026-01-15T11:00:00Z"), Reachable::Yes);
    assert_eq!(asked("203.0.113.7", "2026-01-15T12:30:00Z"), Reachable::No);
    assert_eq!(asked("198.51.100.9", "2026-01-15T12:44:59Z"), Reachable::Yes);
    assert_eq!(asked("198.51.100.9", "2026-01-15T12:45:00Z"), Reachable::No);
}

/// A request shows no name for a program, so that nobody can tell one program from another.
#[test]
fn a_program_does_not_end_what_another_asked_for() {
    let network = one(&[]);
    for newer_until in ["2026-01-15T13:00:00Z", "2026-01-15T11:50:00Z"] {
        let older = stored("web1", "", 22, "8.8.8.8", "2026-01-15T11:00:00Z", "2026-01-15T14:00:00Z");
        let newer = stored("web1", "", 22, "52.1.2.3", "2026-01-15T11:30:00Z", newer_until);
        let watch = Watch::new(&network, &[&ssh()], &[&older, &newer], &options());
        let engine = watch.at(options().now);
        let machine = engine.find("web1").expect("web1");
        let from = "8.8.8.8".parse().expect("an address");
        let flow = Flow { machine, from, port: 22, protocol: 6, source_port: None, to: None };
        assert_eq!(engine.reach(&flow).reachable, Reachable::Yes, "{newer_until}");
    }
}

#[test]
fn a_stored_request_without_a_source_may_be_anybodys() {
    let until = "2026-01-15T13:00:00Z";
    let text =
        String::from_utf8(stored("web1", "ann@contoso.com", 22, "203.0.113.7", NOW, until)).expect("UTF-8");
    let text = text.replace(r#""allowedSourceAddressPrefix":"203.0.113.7","#, "");
    let preview = preview(&one(&[]), &[&ssh()], &[text.as_bytes()], &options());
    assert_eq!(words(&preview.timeline[0].opened[0].2.may), ["TCP 22 from 0.0.0.0/0 to 10.0.0.4"]);
}

#[test]
fn a_refused_request_opens_nothing() {
    let network = one(&[]);
    let asked = request("web1", &["22 203.0.113.7 PT4H"]);
    let preview = preview(&network, &[&ssh()], &[&asked], &options());
    assert!(!preview.decisions[0].1.is_granted());
    let states = preview.machines[0].states.as_ref().expect("states");
    assert!(states.opened().is_empty() && preview.timeline.is_empty());
}

#[test]
fn the_order_of_a_policy_changes_nothing() {
    let resources = [
        machine("web1", &[("10.0.0.4", None)]),
        machine("web2", &[("10.0.0.5", None)]),
        vec![vnet(Some("web")), nsg("web", &["AllowSsh 300 Allow Tcp * -> * 22"])],
    ];
    let network = loaded(resources.concat());
    let ports: &[&str] = &["22 TCP * PT3H", "3389 TCP * PT3H"];
    let turned: &[&str] = &["3389 TCP * PT3H", "22 TCP * PT3H"];
    let one = preview(&network, &[&policy(&[("web1", ports), ("web2", ports)])], &[], &options());
    let other = preview(&network, &[&policy(&[("web2", turned), ("web1", turned)])], &[], &options());
    for (one, other) in one.machines.iter().zip(&other.machines) {
        assert_eq!(one.rules, other.rules);
    }
}

/// What a request has written stays as it is while another comes and goes.
#[test]
fn rules_keep_their_numbers_while_they_are_there() {
    let network = one(&["AllowSsh 300 Allow Tcp 203.0.113.0/24 -> * 22"]);
    let (first, second, third) = ("2026-01-15T12:00:00Z", "2026-01-15T12:30:00Z", "2026-01-15T13:30:00Z");
    let requests = [
        stored("web1", "ann@contoso.com", 22, "203.0.113.7", first, "2026-01-15T13:00:00Z"),
        stored("web1", "bob@contoso.com", 22, "203.0.113.8", second, "2026-01-15T14:00:00Z"),
        stored("web1", "eve@contoso.com", 22, "203.0.113.9", third, "2026-01-15T15:00:00Z"),
    ];
    let requests: Vec<&[u8]> = requests.iter().map(Vec::as_slice).collect();
    let numbers = |at: &str| {
        let options = Options { at: Timestamp::parse(at), ..options() };
        let preview = preview(&network, &[&ssh()], &requests, &options);
        let machine = &preview.machines[0];
        assert!(machine.states.as_ref().expect("states").is_restored());
        let added = machine.rules.added.iter().filter(|change| change.for_request);
        let numbers =
            added.map(|change| (change.rule.sources.join(","), change.rule.priority.expect("a number")));
        numbers.collect::<Vec<_>>()
    };
    let rule = |source: &str, number| (source.to_owned(), number);
    assert_eq!(numbers("2026-01-15T12:15:00Z"), [rule("203.0.113.7", 100)]);
    assert_eq!(numbers("2026-01-15T12:45:00Z"), [rule("203.0.113.7", 100), rule("203.0.113.8", 101)]);
    assert_eq!(numbers("2026-01-15T13:15:00Z"), [rule("203.0.113.8", 101)]);
    // A number that became free is taken again.
    assert_eq!(numbers("2026-01-15T13:45:00Z"), [rule("203.0.113.8", 101), rule("203.0.113.9", 100)]);
    assert_eq!(numbers("2026-01-15T14:15:00Z"), [rule("203.0.113.9", 100)]);
    assert_eq!(numbers("2026-01-15T15:00:00Z"), []);
}

/// What a template's `copy` may make or not, and what it may deploy or not, closes nothing.
#[test]
fn what_a_template_may_copy_closes_nothing() {
    let network = one(&["AllowSsh 300 Allow Tcp 203.0.113.0/24 -> * 22"]);
    let when = |condition: Value| {
        let policy: Value = serde_json::from_slice(&ssh()).expect("JSON");
        let resource = json!({
            "type": "Microsoft.Security/locations/jitNetworkAccessPolicies", "name": "westeurope/default",
            "condition": condition, "properties": policy["properties"],
        });
        json!({"$schema": "x", "contentVersion": "1", "resources": [resource]}).to_string().into_bytes()
    };
    for policy in [
        copied(&ssh(), "virtualMachines"),
        copied(&ssh(), "ports"),
        when(json!("[parameters('x')]")),
        when(json!(false)),
    ] {
        let preview = preview(&network, &[&policy], &[], &options());
        let policy = String::from_utf8_lossy(&policy);
        let machine = &preview.machines[0];
        assert_eq!(machine.ports, [], "{policy}");
        assert!(machine.rules.added.is_empty(), "{policy}: {:?}", machine.rules.added);
        assert!(machine.states.iter().all(|states| states.closed().is_empty()), "{policy}");
    }
}

/// JIT's deny is not taken to stand above a rule whose place is not known, nor above those that nobody knows.
#[test]
fn rules_that_were_lost_stay_where_they_may_be() {
    let rules = "/properties/securityRules";
    let with = |path: &str, value: Value| {
        let mut group = nsg("web", &["AllowSsh 300 Allow Tcp 203.0.113.0/24 -> * 22"]);
        *group.pointer_mut(path).expect("a place") = value;
        loaded([machine("web1", &[("10.0.0.4", None)]), vec![vnet(Some("web")), group]].concat())
    };
    for (network, name) in [
        (with(rules, Value::Null), "(not known)"),
        (with(rules, "Models.PSSecurityRule".into()), "Models.PSSecurityRule"),
        (with(&format!("{rules}/0"), json!({})), "(not known)"),
        (with(&format!("{rules}/0/properties/priority"), Value::Null), "AllowSsh"),
    ] {
        let preview = preview(&network, &[&ssh()], &[], &options());
        let machine = &preview.machines[0];
        assert!(machine.rules.moved.is_empty(), "{:?}", machine.rules.moved);
        let [residual] = &machine.residual[..] else { panic!("one residual: {:?}", machine.residual) };
        assert!(residual.traffic.surely.is_empty() && !residual.traffic.may.is_empty());
        let [let_in] = &residual.let_in_by[..] else { panic!("one rule: {:?}", residual.let_in_by) };
        assert_eq!(let_in.rule.priority, None);
        assert!(residual.closing.steps.is_empty(), "{:?}", residual.closing);
        let told = preview.reports.iter().flat_map(|report| &report.diagnostics);
        let told: Vec<_> = told.filter(|one| one.code.id() == "JIT741").map(|one| &one.message).collect();
        assert!(told[0].contains(&format!("rule `{name}` in `web` lets it in")), "{told:?}");
    }
}
