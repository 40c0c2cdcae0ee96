//! What is shown of a network is the network: read back, the resources make the same model, places aside.

use std::path::Path;
use std::{env, fs};

use crate::support::network::{files, network};
use crate::support::scene::{id, machine, vnet};
use crate::support::shown::shown;
use jitgate_core::network::{Engine, Network};
use jitgate_core::wire::inventory::{ArmKind, Inventory, Links};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Every member of every resource, but for the places in the files.
fn all_of(network: &Network) -> String {
    let mut text = format!("{network:#?}");
    for start in ["file: ", "node: NodeId(\n"] {
        let mut rest = text.as_str();
        let mut without = String::new();
        while let Some((before, after)) = rest.split_once(start) {
            without.push_str(before);
            rest = after.trim_start().trim_start_matches(|char: char| char.is_ascii_digit());
        }
        without.push_str(rest);
        text = without;
    }
    text
}

fn comes_back(documents: &[impl AsRef<[u8]>]) {
    let (mut before, _) = network(documents);
    // What is no resource of Azure's has no answer of Azure's.
    let is_arm = |id: &str| id.starts_with('/');
    before.machines.retain(|machine| is_arm(&machine.id));
    before.nics.retain(|nic| is_arm(&nic.id));
    before.subnets.retain(|subnet| is_arm(&subnet.id));
    let (after, _) = network(&shown(&before));
    let (before, after) = (all_of(&before), all_of(&after));
    for (line, (one, other)) in before.lines().zip(after.lines()).enumerate() {
        assert_eq!(one, other, "line {line} of\n{before}\n\nand of\n{after}");
    }
    assert_eq!(before, after);
}

fn of_folder(folder: &str) -> Vec<Vec<u8>> {
    let root = env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where it is");
    let entries = fs::read_dir(Path::new(&root).join("..").join(folder)).expect("the folder is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("readable")).collect()
}

#[test]
fn every_form_of_export() {
    for form in ["cli", "resource-manager", "resource-graph", "powershell", "firewall"] {
        comes_back(&files(form));
    }
    for folder in ["tests/networks/harbour", "web/samples/network"] {
        comes_back(&of_folder(folder));
    }
}

/// `az resource list` has NICs without their addresses; what is shown of them has none either.
#[test]
fn interfaces_without_configurations() {
    let nic = |name: &str| json!({"id": id("networkInterfaces", name), "name": name, "location": "westus"});
    let mut empty = nic("b");
    empty["properties"] = json!({"ipConfigurations": []});
    let document = json!([nic("a"), empty]).to_string();
    let (network, _) = network(&[&document]);
    let shown = shown(&network).concat();
    assert_eq!(shown.matches("\"ipConfigurations\":[]").count(), 2, "{shown}");
    comes_back(&[document]);
}

#[test]
fn ec2_groups() {
    let (before, _) = network(&files("ec2"));
    let (after, _) = network(&shown(&before));
    assert!(!before.security_groups.is_empty());
    for (one, other) in before.security_groups.iter().zip(&after.security_groups) {
        // A group that was not given stays so; one that was given is the same one.
        assert_eq!(format!("{:?}", one.id), format!("{:?}", other.id));
        let of = |group: &jitgate_core::network::SecurityGroup| {
            let mut one = Network::default();
            one.security_groups.push(group.clone());
            all_of(&one)
        };
        assert_eq!(of(one), of(other));
    }
}

fn text(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(of).prop_map(str::to_owned)
}

/// Rules as nobody should write them.
fn rule() -> impl Strategy<Value = Value> {
    let addresses = || {
        let one = text(&[
            "*",
            "Internet",
            "VirtualNetwork",
            "10.0.0.4",
            "10.0.0.0/24",
            "10.1.2.3/8",
            "::/0",
            "2001:db8::1",
            "10.0.0.1-10.0.0.9",
            "[parameters('net')]",
            "nonsense!",
            "AppService.WestEurope",
        ]);
        prop::collection::vec(one, 0..3)
    };
    let ports = || prop::collection::vec(text(&["*", "22", "80-90", "90-80", "0-65535", "x", "0"]), 0..3);
    let words = (
        text(&["Allow", "deny", "Perhaps", "[variables('a')]"]),
        text(&["*", "Tcp", "udp", "Icmp", "Esp", "Ah", "Sctp"]),
        text(&["Inbound", "outbound", "Sideways"]),
        prop_oneof![
            Just(json!(100)),
            Just(json!(4096)),
            Just(json!("300")),
            Just(json!(7)),
            Just(json!(null))
        ],
        prop::option::of(text(&["why", ""])),
    );
    (words, addresses(), ports(), addresses(), ports(), prop::bool::ANY).prop_map(
        |((access, protocol, direction, priority, description), sources, source_ports, destinations, ports, grouped)| {
            let mut properties = json!({
                "access": access, "protocol": protocol, "direction": direction, "priority": priority,
                "description": description, "sourceAddressPrefixes": sources, "sourcePortRanges": source_ports,
                "destinationAddressPrefixes": destinations, "destinationPortRanges": ports
            });
            if grouped {
                properties["sourceApplicationSecurityGroups"] =
                    json!([{"id": id("applicationSecurityGroups", "web")}, {"id": id("applicationSecurityGroups", "none")}]);
            }
            json!({"name": "rule", "properties": properties})
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn odd_rules_too(rules in prop::collection::vec(rule(), 0..5), on_subnet in prop::bool::ANY) {
        let mut resources = machine("web-1", &[("10.0.0.4", Some("web")), ("10.0.0.5", None)]);
        resources.push(vnet(on_subnet.then_some("web")));
        resources.push(json!({
            "id": id("networkSecurityGroups", "web"), "name": "web", "location": "westeurope",
            "type": "Microsoft.Network/networkSecurityGroups", "properties": {"securityRules": rules}
        }));
        resources.push(json!({
            "id": id("applicationSecurityGroups", "web"), "name": "web",
            "type": "Microsoft.Network/applicationSecurityGroups"
        }));
        comes_back(&[Value::from(resources).to_string()]);
    }
}

#[test]
fn a_machine_as_azure_has_it() {
    let (network, _) = network(&files("cli"));
    let (engine, links) = (Engine::new(network.clone()), Links::new(&network));
    let inventory = Inventory::new(&engine, &links);
    let at = network.machines.iter().position(|machine| machine.name == "vm-db").expect("it is there");
    let text = inventory.resource(ArmKind::VirtualMachine, at).expect("it is a machine");
    let machine: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(machine["type"], "Microsoft.Compute/virtualMachines");
    assert_eq!(machine["properties"]["storageProfile"]["osDisk"]["osType"], "Linux");
    let nics = &machine["properties"]["networkProfile"]["networkInterfaces"];
    assert_eq!(nics[0]["properties"]["primary"], true);
    assert_eq!(nics[1]["properties"]["primary"], false);
    assert!(!text.contains("null"), "{text}");
    // What is no such resource has no such answer.
    assert_eq!(inventory.resource(ArmKind::ClassicVirtualMachine, at), None);
    assert_eq!(inventory.resource(ArmKind::VirtualMachine, 99), None);
}
