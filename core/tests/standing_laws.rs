//! Whatever is put, deleted, asked for, closed and imported: the NSGs allow what is granted and no more, a rule stays where it
//! is while it is there, and a preview of the same policies comes to the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger_support::after;
use crate::standing_support::{Allow, Standing};
use crate::support::scene::{machine, nsg, vm, vnet};
use jitgate_core::Timestamp;
use jitgate_core::preview::{Names, Options, load, preview};
use proptest::prelude::*;
use serde_json::Value;

/// Machines, their addresses, and the NSGs before them.
const MACHINES: [(&str, &str, &[&str]); 3] =
    [("a", "10.0.0.4", &["shared"]), ("b", "10.0.0.5", &["own", "shared"]), ("c", "10.0.0.6", &["shared"])];
const POLICIES: [&str; 2] = ["p", "q"];
const PEOPLE: [&str; 3] = ["ann", "bob", "cy"];
const PORTS: [u16; 2] = [22, 3389];

fn network() -> Vec<Value> {
    let mut resources = machine("a", &[("10.0.0.4", None)]);
    resources.extend(machine("b", &[("10.0.0.5", Some("own"))]));
    resources.extend(machine("c", &[("10.0.0.6", None)]));
    resources.push(nsg(
        "shared",
        &["Corp 1002 Allow Tcp 203.0.113.0/24 -> * 22", "Low 101 Allow Tcp 203.0.113.9 -> * 443"],
    ));
    resources.push(nsg("own", &["Corp 1002 Allow Tcp 203.0.113.0/24 -> * *"]));
    resources.push(vnet(Some("shared")));
    resources
}

#[derive(Clone, Debug)]
enum Step {
    /// Which machines it has, as bits; with a number of ports.
    Put(usize, u8, usize),
    Delete(usize),
    Ask(usize, usize, usize, usize, u64),
    Revoke(usize, usize),
    /// What is shown now.
    Import,
    /// What was shown so many looks ago.
    ImportOld(usize),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..2_usize, 1..8_u8, 1..3_usize).prop_map(|(policy, of, ports)| Step::Put(policy, of, ports)),
        1 => (0..2_usize).prop_map(Step::Delete),
        8 => (0..3_usize, 0..2_usize, 0..3_usize, 0..2_usize, 5..60_u64)
            .prop_map(|(who, policy, of, port, minutes)| Step::Ask(who, policy, of, port, minutes)),
        2 => (0..3_usize, 0..2_usize).prop_map(|(who, policy)| Step::Revoke(who, policy)),
        2 => Just(Step::Import),
        1 => (0..6_usize).prop_map(Step::ImportOld),
        3 => (1..40_u64).prop_map(Step::Wait),
    ]
}

/// The grants that are live, as rules without their numbers.
fn granted(site: &Standing, now: Timestamp) -> Vec<(String, String, u16, String)> {
    let mut granted = Vec::new();
    for view in site.ledger.state.live(now) {
        let (_, address, nsgs) =
            MACHINES.iter().find(|(name, ..)| vm(name) == view.grant.machine.text()).expect("a machine");
        let sources: Vec<String> =
            view.grant.prefixes.nets().iter().map(|net| net.addr().to_string()).collect();
        for nsg in *nsgs {
            granted.push(((*nsg).to_owned(), (*address).to_owned(), view.grant.number, sources.join(",")));
        }
    }
    granted.sort();
    granted
}

fn without_number(allow: &Allow) -> (String, String, u16, String) {
    (allow.nsg.clone(), allow.to.clone(), allow.port, allow.sources.join(","))
}

/// Rules with their numbers, and machines with their ports.
type Said = (BTreeSet<(String, u64)>, BTreeSet<(String, u16)>);

/// What a preview of the policies with their requests, on the network as it was imported, says is allowed, and what it says
/// is left over in the network as it was found.
fn previewed(site: &Standing, now: Timestamp) -> Said {
    let (files, policies) = (site.files(), site.policies(now));
    let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    let policies: Vec<&[u8]> = policies.iter().map(String::as_bytes).collect();
    let options = Options { names: Names::Instances, ..Options::at(now) };
    let preview = preview(&load(&files, None), &policies, &[], &options);
    let (mut allows, mut left_over) = (BTreeSet::new(), BTreeSet::new());
    for machine in preview.machines {
        for added in machine.rules.added.iter().filter(|added| added.for_request) {
            let sources = added.rule.sources.join(",");
            allows.insert((
                format!("{} {sources}", added.resource.name),
                added.rule.priority.unwrap_or(0).into(),
            ));
        }
        let residual = machine.residual.iter().filter(|residual| residual.as_found);
        left_over.extend(residual.map(|residual| (machine.name.clone(), residual.port)));
    }
    (allows, left_over)
}

fn left_over(site: &mut Standing, now: Timestamp) -> BTreeSet<(String, u16)> {
    let mut left_over = BTreeSet::new();
    for (name, ..) in MACHINES {
        let exposure = site.exposure(name, now);
        for port in exposure["residual"].as_array().expect("a list") {
            if port["state"] == "asFound" {
                let port = port["port"].as_u64().and_then(|port| port.try_into().ok()).expect("a port");
                left_over.insert((name.to_owned(), port));
            }
        }
    }
    left_over
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_stands_is_what_is_granted(steps in prop::collection::vec(step(), 1..25)) {
        let mut minute = 0;
        let mut site = Standing::of(network(), after(0));
        let (mut views, mut kept) = (Vec::new(), BTreeMap::new());
        // Whose rules were in the last import.
        let mut imported: BTreeSet<String> = BTreeSet::new();
        let mut addresses: Vec<BTreeSet<String>> = Vec::new();
        // The first look after the last change of a policy.
        let mut changed = 0;
        for (count, step) in steps.into_iter().enumerate() {
            minute += 1;
            let now = after(minute * 60);
            match step {
                Step::Put(policy, of, ports) => {
                    let machines = MACHINES.iter().enumerate().filter(|(at, _)| (of >> at) & 1 == 1);
                    let machines: Vec<_> = machines.map(|(_, (name, ..))| (*name, &PORTS[..ports])).collect();
                    site.put(POLICIES[policy], &machines, "TCP", now);
                    (changed, kept) = (views.len(), BTreeMap::new());
                }
                Step::Delete(policy) => {
                    site.delete(POLICIES[policy], now);
                    (changed, kept) = (views.len(), BTreeMap::new());
                }
                Step::Ask(who, policy, of, port, minutes) => {
                    let source = format!("198.51.100.{count}");
                    site.ask(PEOPLE[who], POLICIES[policy], (MACHINES[of].0, PORTS[port], &source, minutes), now);
                }
                Step::Revoke(who, policy) => {
                    site.revoke(PEOPLE[who], POLICIES[policy], now);
                }
                Step::Import | Step::ImportOld(_) if views.is_empty() => {}
                Step::Import | Step::ImportOld(_) => {
                    let back = if let Step::ImportOld(back) = step { back } else { 0 };
                    let at = (views.len() - 1).saturating_sub(back);
                    // Other denies had moved other rules then.
                    if at < changed {
                        kept.clear();
                    }
                    let view: &Vec<Vec<u8>> = &views[at];
                    imported.clone_from(&addresses[at]);
                    site.import(view.clone(), now);
                }
                Step::Wait(minutes) => minute += minutes,
            }
            let now = after(minute * 60);
            let allows = site.allows(now);
            let mut shown: Vec<_> = allows.iter().map(without_number).collect();
            shown.sort();
            prop_assert_eq!(shown, granted(&site, now));
            let numbers: BTreeMap<String, u64> = allows.iter().map(|allow| (format!("{} {}", allow.nsg, allow.sources.join(",")), allow.priority)).collect();
            for (rule, number) in &numbers {
                let before = *kept.entry(rule.clone()).or_insert(*number);
                prop_assert_eq!(before, *number, "{}", rule);
            }
            let state = &site.ledger.state;
            let present: BTreeSet<String> = state.all_policies().flat_map(|policy| policy.machines.iter().map(|machine| machine.rules.id.text().to_owned())).collect();
            let is_present = |address: &String| MACHINES.iter().any(|(name, own, _)| own == address && present.contains(&vm(name)));
            // A preview is not told of the machines that were in policies once.
            if imported.iter().all(is_present) {
                let (allowed, residual) = previewed(&site, now);
                prop_assert_eq!(allowed, numbers.into_iter().collect::<BTreeSet<_>>());
                prop_assert_eq!(residual, left_over(&mut site, now));
            }
            views.push(site.view(now));
            let denied = site.denied(now);
            addresses.push(allows.iter().map(|allow| allow.to.clone()).chain(denied.into_iter().map(|(_, to)| to)).collect());
            if count % 3 == 2 {
                site.forget();
                prop_assert_eq!(site.allows(now), allows);
            }
        }
    }
}
