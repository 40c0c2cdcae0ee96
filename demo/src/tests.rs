//! The made-up fleet is sound, and shows what it is to show.

use std::collections::BTreeMap;

use jitgate_core::decide::{Context, decide};
use jitgate_core::network::{Cloud, Index};
use jitgate_core::preview::{Fleet, Loaded, Mode, Names, load};
use jitgate_core::{CheckOptions, Severity, check};

use super::*;

fn now() -> Timestamp {
    Timestamp::parse("2026-01-15T12:00:00Z").unwrap()
}

fn loaded(demo: &Demo) -> Loaded {
    let files: Vec<&[u8]> = demo.files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    load(&files, Some(now()))
}

/// A policy as the service stores it.
fn stored(put: &Put) -> String {
    let mut policy: Value = serde_json::from_str(&put.body).unwrap();
    policy["id"] = put.id.clone().into();
    policy["name"] = put.id.rsplit('/').next().unwrap().into();
    policy.to_string()
}

#[test]
fn the_same_in_every_run() {
    assert_eq!(Demo::new(now(), SPOKES), Demo::new(now(), SPOKES));
}

#[test]
fn no_document_is_wrong() {
    let demo = Demo::new(now(), SPOKES);
    for report in loaded(&demo).reports {
        let worst = report.diagnostics.iter().find(|diagnostic| diagnostic.severity >= Severity::Warning);
        assert!(worst.is_none(), "{}: {worst:?}", demo.files[report.index].0);
    }
    for put in &demo.policies {
        let report = check(put.body.as_bytes(), &CheckOptions { kind: None, now: Some(put.at) });
        let worst = report
            .diagnostics
            .iter()
            .find(|diagnostic| !matches!(diagnostic.severity, Severity::Security | Severity::Info));
        assert!(worst.is_none(), "{}: {worst:?}", put.id);
    }
}

#[test]
fn requests_are_granted_and_refused_as_told() {
    let demo = Demo::new(now(), SPOKES);
    let policies: BTreeMap<&str, &Put> = demo.policies.iter().map(|put| (put.id.as_str(), put)).collect();
    let last_put = demo.policies.iter().map(|put| put.at).max().unwrap();
    assert!(demo.requests.iter().all(|attempt| attempt.at > last_put && attempt.at <= now()));
    for attempt in &demo.requests {
        let policy = stored(policies[attempt.policy.as_str()]);
        let context = Context { now: attempt.at, caller_address: Some(attempt.from) };
        let decision = decide(policy.as_bytes(), attempt.body.as_bytes(), &context);
        assert_eq!(decision.is_granted(), attempt.granted, "{attempt:?}: {:?}", decision.reasons);
    }
    assert!(demo.requests.iter().filter(|attempt| !attempt.granted).count() >= 10);
    assert!(demo.requests.len() > 150);
}

#[test]
fn every_group_is_there() {
    let demo = Demo::new(now(), SPOKES);
    let loaded = loaded(&demo);
    let policies: Vec<String> = demo.policies.iter().map(stored).collect();
    let policies: Vec<&[u8]> = policies.iter().map(String::as_bytes).collect();
    let fleet = Fleet::new(&loaded.engine, &policies, &[], Mode::Enforce, Names::Instances);
    assert_eq!(fleet.refused(), [0_usize; 0]);
    let standing = fleet.standing(Vec::new(), now());
    assert_eq!(fleet.absent(&standing).count(), 0, "every machine of a policy is in the network");
    let network = loaded.engine.network();
    let machines = (0..network.machines.len()).map(|at| fleet.machine(&standing, Index::new(at)).unwrap());
    let mut groups: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let (mut residual, mut at_rest) = (0, 0);
    for machine in machines {
        *groups.entry(machine.group()).or_default() += 1;
        residual += usize::from(machine.has_residual());
        at_rest += usize::from(machine.exposed.iter().any(|port| port.protected && !port.as_found));
    }
    let of =
        |group: &str| groups.iter().filter(|((name, _), _)| *name == group).map(|(_, n)| n).sum::<usize>();
    let all = network.machines.len();
    assert!((250..450).contains(&all), "{all}");
    assert!((4..=6).contains(&(of("configured") * 10 / all)), "{groups:?} of {all}");
    assert!(groups.keys().filter(|(name, _)| *name == "unsupported").count() >= 3, "{groups:?}");
    assert!((2..=4).contains(&(residual * 10 / of("configured"))), "{residual} of {groups:?}");
    assert!(at_rest > 0);
    assert!(network.machines.iter().any(|machine| machine.cloud == Cloud::Ec2));
    assert!(network.firewalls.iter().any(|firewall| firewall.managed));
}

/// As in Azure, which no two machines share.
#[test]
fn every_machine_of_resource_manager_has_an_id_of_its_own() {
    let demo = Demo::new(now(), SPOKES);
    let (_, bytes) = demo.files.iter().find(|(name, _)| name == "virtual-machines.json").unwrap();
    let machines: Value = serde_json::from_slice(bytes).unwrap();
    let machines = machines["value"].as_array().unwrap().iter();
    let ids: Vec<&str> = machines
        .filter(|machine| machine["type"] == "Microsoft.Compute/virtualMachines")
        .map(|machine| machine["properties"]["vmId"].as_str().unwrap())
        .collect();
    let different: std::collections::BTreeSet<&str> =
        ids.iter().copied().filter(|id| id.len() == 36).collect();
    assert_eq!(different.len(), ids.len());
    assert!(ids.len() > 100);
}
