//! What is known of a fleet is kept where nothing that it hangs on has changed; and always is what working all of it out
//! anew comes to.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::LazyLock;

use crate::support::network::{files, network};
use crate::support::scene::{file, machine, nsg, vm, vnet};
use jitgate_core::inventory::{Cache, Present, activity, counts};
use jitgate_core::ledger::{
    Actor, ActorKind, Command, Context, Expects, Inventory, InventoryFile, Knows, Principal, PutPolicy,
    ResourceId, State,
};
use jitgate_core::network::Cloud;
use jitgate_core::preview::MachineExposure;
use jitgate_core::wire::inventory::ArmKind;
use jitgate_core::{Timestamp, wire};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A subnet of the virtual network that the firewall is in.
const FIREWALLED: &str = "/subscriptions/2b7e9c41-5d0a-4f86-b1c3-7a9e60d4f218/resourceGroups/rg-harbour/providers/Microsoft.Network/virtualNetworks/vnet-harbour/subnets/AzureFirewallSubnet";

/// The files of a network, in two versions.
static IMPORTED: LazyLock<[Vec<Vec<u8>>; 2]> = LazyLock::new(|| [0, 1].map(imported));

/// The files of a network in one of two versions: machines that share NSGs, of their own and of their subnet, one of them
/// with rules of JIT in it; others behind a firewall; instances of EC2.
fn imported(version: usize) -> Vec<Vec<u8>> {
    let mut resources = machine("a", &[("10.0.0.4", Some("one")), ("10.0.0.14", None)]);
    resources.extend(machine("b", &[("10.0.0.5", None)]));
    resources.extend(machine("c", &[("10.0.0.6", Some("one"))]));
    resources.extend(machine("d", &[("10.0.0.7", Some("three"))]));
    resources.extend(machine("e", &[("10.0.0.8", Some("three"))]));
    resources.push(nsg("one", &["AllowAll 1200 Allow * * -> * *"]));
    let source = ["203.0.113.0/24", "*"][version];
    resources.push(nsg("two", &[&format!("AllowSsh 300 Allow Tcp {source} -> * 22-4000")]));
    resources.push(nsg(
        "three",
        &[
            "AllowSsh 1002 Allow Tcp 203.0.113.0/24 -> * 22",
            "MicrosoftDefenderForCloud-JITRule_-7_545C5DBC675443D3BF179EFD1EF8254D 4096 Deny * * -> 10.0.0.7 22",
        ],
    ));
    resources.push(vnet(Some("two")));
    let mut behind = machine("f", &[("10.40.0.50", Some("one"))]);
    behind[1]["properties"]["ipConfigurations"][0]["properties"]["subnet"]["id"] = json!(FIREWALLED);
    resources.extend(behind);
    let mut all = vec![file(resources)];
    all.extend(files("firewall"));
    all.extend(files("ec2"));
    all
}

/// The ids by which policies name all machines.
fn machines() -> Vec<String> {
    let (network, _) = network(&IMPORTED[0]);
    let id = |machine: &jitgate_core::network::VirtualMachine| match machine.cloud {
        Cloud::Ec2 => vm(machine.id.rsplit('/').next().unwrap_or_default()),
        _ => machine.id.clone(),
    };
    network.machines.iter().map(id).chain([vm("gone")]).collect()
}

/// What may happen. Machines and policies are told by numbers, of which the remainder counts.
#[derive(Clone, Debug)]
enum Step {
    Put(usize, Vec<(usize, Vec<usize>)>),
    Delete(usize),
    Initiate(usize, usize, usize),
    Import(usize),
    Wait(u32),
}

const PORTS: [(u16, &str); 4] = [(22, "TCP"), (3389, "*"), (22, "*"), (5985, "UDP")];

fn step() -> impl Strategy<Value = Step> {
    let machine = (any::<usize>(), prop::collection::vec(0..PORTS.len(), 1..3));
    prop_oneof![
        6 => (0_usize..3, prop::collection::vec(machine, 1..5)).prop_map(|(policy, of)| Step::Put(policy, of)),
        1 => (0_usize..3).prop_map(Step::Delete),
        3 => (0_usize..3, any::<usize>(), any::<usize>()).prop_map(|(policy, of, port)| Step::Initiate(policy, of, port)),
        1 => (0_usize..2).prop_map(Step::Import),
        1 => (1_u32..90).prop_map(Step::Wait),
    ]
}

fn policy_id(policy: usize) -> ResourceId {
    let group = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers";
    ResourceId::new(&format!(
        "{group}/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/p{policy}"
    ))
}

/// The command of a step; none for time that passes.
fn command(step: &Step, machines: &[String], state: &State) -> Option<Command> {
    Some(match step {
        Step::Put(policy, of) => {
            // Each machine once, each port once.
            let of: BTreeMap<usize, &Vec<usize>> =
                of.iter().map(|(machine, ports)| (machine % machines.len(), ports)).collect();
            let port = |(number, protocol): (u16, &str)| json!({"number": number, "protocol": protocol, "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"});
            let entry = |(machine, ports): (&usize, &&Vec<usize>)| {
                let ports: BTreeMap<u16, &str> = ports.iter().map(|&at| PORTS[at]).collect();
                let ports: Vec<Value> = ports.into_iter().map(port).collect();
                json!({"id": machines[*machine], "ports": ports})
            };
            let entries: Vec<Value> = of.iter().map(entry).collect();
            let body = json!({"kind": "Basic", "properties": {"virtualMachines": entries}});
            let knows = Knows::at(state.seq());
            let body = body.to_string().into_bytes();
            Command::PutPolicy(PutPolicy {
                policy: policy_id(*policy),
                body,
                expects: Expects::Anything,
                knows,
            })
        }
        Step::Delete(policy) => {
            Command::DeletePolicy { policy: policy_id(*policy), expects: Expects::Anything }
        }
        Step::Initiate(policy, machine, port) => {
            // What the policy has, if it is there.
            let rules =
                state.policy(&policy_id(*policy)).map(|policy| wire::ledger::policy_rules(policy, |_| true));
            let rules: Value = serde_json::from_str(&rules?).expect("JSON");
            let of = rules["properties"]["virtualMachines"].as_array().expect("machines");
            let of = &of[machine % of.len()];
            let ports = of["ports"].as_array().expect("ports");
            let number = &ports[port % ports.len()]["number"];
            let ports =
                json!([{"number": number, "allowedSourceAddressPrefix": "198.51.100.7", "duration": "PT1H"}]);
            let body =
                json!({"virtualMachines": [{"id": of["id"], "ports": ports}]}).to_string().into_bytes();
            Command::Initiate { policy: policy_id(*policy), body, expects: Expects::Anything }
        }
        Step::Import(version) => {
            let files = (0..IMPORTED[*version].len()).map(|at| InventoryFile {
                name: format!("{at}"),
                sha256: format!("{version}-{at}"),
                size: 0,
            });
            Command::ImportInventory(Inventory { files: files.collect(), counts: BTreeMap::new() })
        }
        Step::Wait(_) => return None,
    })
}

fn present(cache: &mut Cache, state: &State, now: Timestamp) -> std::sync::Arc<Present> {
    let read = |file: &InventoryFile| -> Result<Vec<u8>, Infallible> {
        let (version, at) = file.sha256.split_once('-').expect("two numbers");
        let number = |text: &str| text.parse::<usize>().expect("a number");
        Ok(IMPORTED[number(version)][number(at)].clone())
    };
    match cache.present(state, now, read) {
        Ok(present) => present,
    }
}

/// One machine in so many, in words.
fn exposures(present: &Present, state: &State, one_in: usize) -> Vec<String> {
    let machines =
        present.machines("", None, false).chain(present.machines("i-", None, false)).step_by(one_in);
    let told = machines.map(|(_, machine)| {
        let activity = activity(state, machine.named, present.standing.at);
        wire::exposure(&MachineExposure { activity: Some(&activity), ..machine })
    });
    told.collect()
}

/// Everything that can be asked.
fn all(present: &Present, state: &State) -> Vec<String> {
    let mut all = exposures(present, state, 1);
    let counts = counts(present.machines("", None, true).map(|(_, machine)| machine));
    all.push(wire::counts(&counts));
    for kind in ArmKind::ALL {
        let list = present.view.list(kind).after("", None);
        let resources = list.filter_map(|(_, at)| present.view.resource(present.standing.engine(), kind, at));
        all.extend(resources);
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_kept_is_what_would_come_out_anew(
        steps in prop::collection::vec((step(), 1_usize..4, prop::bool::ANY), 1..10),
    ) {
        let machines = machines();
        let (mut state, mut kept) = (State::new(), Cache::default());
        let mut now = Timestamp::parse("2026-01-15T12:00:00Z").expect("a time");
        let principal = Principal { id: "1".into(), name: "ana@contoso.example".into(), kind: ActorKind::User };
        let first = (Step::Import(0), 1, false);
        for (step, one_in, everything) in std::iter::once(first).chain(steps) {
            let minutes = if let Step::Wait(minutes) = step { minutes } else { 1 };
            now = now.checked_add(std::time::Duration::from_secs(u64::from(minutes) * 60)).expect("a time");
            if let Some(command) = command(&step, &machines, &state) {
                let actor = Actor { principal: principal.clone(), address: None };
                let context = Context { now, actor, correlation_id: String::new(), client_request_id: None };
                // A refusal changes nothing, which is a step as well.
                drop(state.execute(&command, &context));
            }
            let (known, anew) = (present(&mut kept, &state, now), present(&mut Cache::default(), &state, now));
            // Some of it is asked for at once, the rest later or never.
            prop_assert_eq!(exposures(&known, &state, one_in), exposures(&anew, &state, one_in));
            if everything {
                prop_assert_eq!(all(&known, &state), all(&anew, &state));
            }
        }
        let (known, anew) = (present(&mut kept, &state, now), present(&mut Cache::default(), &state, now));
        prop_assert_eq!(all(&known, &state), all(&anew, &state));
    }
}
