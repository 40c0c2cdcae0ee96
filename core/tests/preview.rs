//! Previews of small networks: the rules that are written, the four states, what is left over, and who is touched.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use jitgate_core::Timestamp;
use jitgate_core::preview::{Loaded, Options, Preview, load, preview};
use jitgate_core::sets::Traffic;
use serde_json::Value;
use support::NOW;
use support::scene::{file, machine, nsg, policy, request, vnet};

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
