//! The inventory under a ledger: what is listed and shown follows the policies and the grants.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jitgate_core::Timestamp;
use jitgate_core::inventory::{List, Present, View, Within, activity, counts};
use jitgate_core::ledger::{
    Actor, ActorKind, Command, Context, Expects, Knows, Principal, PutPolicy, ResourceId, State,
};
use jitgate_core::wire::inventory::ArmKind;
use serde_json::Value;

use super::Cache;
use super::import::{File, ask};
use crate::store::{ActivityQuery, Each, Fault, Found, Reader};
use jitgate_demo::{Demo, SPOKES};

/// Blobs in memory.
struct Blobs(HashMap<String, Vec<u8>>);

impl Reader for Blobs {
    fn blob(&self, digest: &str) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.0.get(digest).cloned())
    }

    fn activity(&self, _: &ActivityQuery) -> Result<Vec<Found>, Fault> {
        Err(Fault::other("not asked for here"))
    }

    fn since(&self, _: u64, _: Each) -> Result<(), Fault> {
        Err(Fault::other("not asked for here"))
    }
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn context(now: &str) -> Context {
    let principal = Principal { id: "1".into(), name: "ana@meridian.example".into(), kind: ActorKind::User };
    Context {
        now: time(now),
        actor: Actor { principal, address: Some("198.18.4.21".parse().unwrap()) },
        correlation_id: String::new(),
        client_request_id: None,
    }
}

/// A ledger with the made-up network and the first of its policies for web servers.
fn start() -> (State, Blobs, Demo, usize) {
    let demo = Demo::new(time("2026-01-15T00:00:00Z"), SPOKES);
    let files = demo.files.iter().map(|(name, bytes)| File { name: name.clone(), bytes: bytes.clone() });
    let ask = ask(files.collect(), BTreeMap::new(), time("2026-01-15T00:00:00Z"));
    let mut state = State::new();
    state.execute(&ask.command, &context("2026-01-15T00:00:00Z")).outcome.unwrap();
    let blobs = Blobs(ask.blobs.into_iter().map(|blob| (blob.digest, blob.bytes)).collect());
    let web = demo.policies.iter().position(|put| put.id.contains("rg-track-pne/")).unwrap();
    (state, blobs, demo, web)
}

fn put(state: &mut State, demo: &Demo, policy: usize, now: &str) {
    let put = &demo.policies[policy];
    let knows = Knows::at(state.seq());
    let command = Command::PutPolicy(PutPolicy {
        policy: ResourceId::new(&put.id),
        body: put.body.clone().into_bytes(),
        expects: Expects::Anything,
        knows,
    });
    state.execute(&command, &context(now)).outcome.unwrap();
}

/// The names of JIT's rules in an NSG.
fn jit_rules(present: &Present, nsg: &str) -> Vec<String> {
    let (_, at) = present
        .view
        .list(ArmKind::NetworkSecurityGroup)
        .after("", None)
        .find(|(key, _)| key.ends_with(nsg))
        .unwrap();
    let text = present.view.resource(present.standing.engine(), ArmKind::NetworkSecurityGroup, at).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let rules = json["properties"]["securityRules"].as_array().unwrap();
    let names = rules.iter().map(|rule| rule["name"].as_str().unwrap().to_owned());
    names.filter(|name| name.contains("JITRule")).collect()
}

#[test]
fn rules_follow_policies_and_grants() {
    let (mut state, blobs, demo, web) = start();
    let cache = Cache::default();
    let present = |state: &State, now: &str| cache.present(&blobs, state, time(now)).unwrap();
    let first = present(&state, "2026-01-15T01:00:00Z");
    assert_eq!(jit_rules(&first, "nsg-web-pne"), [""; 0]);
    assert!(Arc::ptr_eq(&first, &present(&state, "2026-01-15T01:30:00Z")), "nothing has changed");

    put(&mut state, &demo, web, "2026-01-15T02:00:00Z");
    let at_rest = present(&state, "2026-01-15T02:00:00Z");
    let denies = jit_rules(&at_rest, "nsg-web-pne");
    assert_eq!(denies.len(), 10, "one for each machine");
    assert!(Arc::ptr_eq(&at_rest.view, &first.view), "the network is the same");

    let machine =
        serde_json::from_str::<Value>(&demo.policies[web].body).unwrap()["properties"]["virtualMachines"][0]
            ["id"]
            .as_str()
            .unwrap()
            .to_owned();
    let body = serde_json::json!({"virtualMachines": [{"id": machine, "ports": [{"number": 22, "duration": "PT1H"}]}]});
    let command = Command::Initiate {
        policy: ResourceId::new(&demo.policies[web].id),
        body: body.to_string().into_bytes(),
        expects: Expects::Anything,
    };
    state.execute(&command, &context("2026-01-15T03:00:00Z")).outcome.unwrap();
    let open = present(&state, "2026-01-15T03:00:00Z");
    assert_eq!(jit_rules(&open, "nsg-web-pne").len(), 11);
    let exposure = open.machine(&machine.to_uppercase()).unwrap();
    assert_eq!(exposure.open.len(), 1);
    assert!(exposure.open[0].effective);
    assert_eq!(exposure.open[0].grant.sources, ["198.18.4.21/32".parse().unwrap()]);
    let lately = activity(&state, &machine, time("2026-01-15T03:30:00Z"));
    assert_eq!(lately.last_seven_days, 1);
    assert_eq!(lately.last, Some((time("2026-01-15T03:00:00Z"), "ana@meridian.example".to_owned())));
    assert_eq!(activity(&state, &machine, time("2026-01-25T03:30:00Z")).last_seven_days, 0);

    // The end of the hour alone shuts it, with no event.
    assert!(Arc::ptr_eq(&open, &present(&state, "2026-01-15T03:59:59Z")));
    assert_eq!(jit_rules(&present(&state, "2026-01-15T04:00:00Z"), "nsg-web-pne"), denies);

    let delete =
        Command::DeletePolicy { policy: ResourceId::new(&demo.policies[web].id), expects: Expects::Anything };
    state.execute(&delete, &context("2026-01-15T05:00:00Z")).outcome.unwrap();
    assert_eq!(jit_rules(&present(&state, "2026-01-15T05:00:00Z"), "nsg-web-pne"), [""; 0]);
}

#[test]
fn every_machine_is_counted_once() {
    let (mut state, blobs, demo, _) = start();
    (0..demo.policies.len()).for_each(|policy| put(&mut state, &demo, policy, "2026-01-15T02:00:00Z"));
    let present = Cache::default().present(&blobs, &state, time("2026-01-15T02:00:00Z")).unwrap();
    let network = present.view.network().engine.network();
    let all = counts(present.machines("", None, false).map(|(_, machine)| machine));
    let groups = ["configured", "notConfigured", "unsupported"].map(|group| all[group]);
    assert_eq!(groups.iter().sum::<usize>(), network.machines.len());
    let in_subscriptions = present.machines("/subscriptions/", None, false).count();
    let free = present.machines("i-", None, false).count();
    assert_eq!((free > 0, in_subscriptions + free), (true, network.machines.len()));
    // In pages of seven it is the same list.
    let keys: Vec<&str> = present.machines("/subscriptions/", None, true).map(|(key, _)| key).collect();
    let mut paged: Vec<&str> = Vec::new();
    loop {
        let page: Vec<&str> = present
            .machines("/subscriptions/", paged.last().copied(), true)
            .map(|(key, _)| key)
            .take(7)
            .collect();
        if page.is_empty() {
            break;
        }
        assert!(!paged.contains(&page[0]), "comes again: {}", page[0]);
        paged.extend(page);
    }
    assert_eq!(paged, keys);
}

#[test]
fn a_file_that_is_gone_is_told_of() {
    let (state, _, _, _) = start();
    let nothing = Blobs(HashMap::new());
    let fault = Cache::default().present(&nothing, &state, time("2026-01-15T02:00:00Z")).unwrap_err();
    assert!(fault.to_string().contains("virtual-machines.json"), "{fault}");
}

#[test]
fn lists_are_of_whole_segments() {
    let id =
        |group: &str, name: &str| format!("/subscriptions/S/resourceGroups/{group}/providers/x/y/{name}");
    let ids = [id("ab", "one"), id("A", "two"), id("a", "TWO"), id("a", "three/")];
    let list = List::new(ids.iter().map(String::as_str).enumerate());
    let prefix = Within { subscription: "s", resource_group: Some("A") }.prefix();
    let places: Vec<usize> = list.after(&prefix, None).map(|(_, at)| at).collect();
    assert_eq!(places, [3, 1], "of two with one id the first; nothing of another group");
    assert_eq!(list.find("/SUBSCRIPTIONS/s/resourcegroups/AB/providers/X/y/ONE/"), Some(0));
    assert_eq!(list.find("/subscriptions/s"), None);
    let (key, _) = list.after(&prefix, None).next().unwrap();
    assert_eq!(list.after(&prefix, Some(key)).map(|(_, at)| at).collect::<Vec<_>>(), [1]);
}

#[test]
fn places_are_told_as_first_spelt() {
    let demo = Demo::new(time("2026-01-15T00:00:00Z"), SPOKES);
    let files: Vec<&[u8]> = demo.files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let view = View::read(&files);
    assert_eq!(view.subscriptions().count(), 3);
    let subscription = view.subscriptions().next().unwrap().to_uppercase();
    assert!(view.resource_groups(&subscription).any(|group| group == ("rg-track-pne", "northeurope")));
    assert_eq!(view.resource_groups("nothing").count(), 0);
}
