//! Small exports in which a test takes something away, and what is then made of them.

use jitgate_core::network::{Engine, Flow, Index, Reachable};
use jitgate_core::{CheckOptions, check};
use serde_json::{Value, json};

use super::network::network;

pub const NET: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";
pub const VM: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1";
pub const OUTSIDE: &str = "198.51.100.7";
pub const FRONT: &str = "203.0.113.5";

/// What is changed in a base, and where a member is gone.
pub type Change = (&'static str, Option<Value>);

pub fn id(kind: &str, name: &str) -> String {
    format!("{NET}/{kind}/{name}")
}

pub fn of(kind: &str, name: &str) -> Value {
    json!({"id": id(kind, name)})
}

pub fn subnet() -> String {
    id("virtualNetworks", "v/subnets/s")
}

pub fn ssh_from(source: &Value) -> Value {
    let mut rule = json!({"name": "ssh", "priority": 300, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22"});
    let member = if source.is_string() { "sourceAddressPrefix" } else { "sourceApplicationSecurityGroups" };
    rule[member] = source.clone();
    rule
}

/// A machine behind an NSG that lets SSH in from everywhere: the machine, its NIC, the network, the NSG.
pub fn azure() -> Value {
    json!([
        {"type": "Microsoft.Compute/virtualMachines", "id": VM, "name": "web1", "networkProfile": {"networkInterfaces": [of("networkInterfaces", "nic")]}},
        {"type": "Microsoft.Network/networkInterfaces", "id": id("networkInterfaces", "nic"), "name": "nic",
         "ipConfigurations": [{"name": "one", "privateIPAddress": "10.20.1.4", "subnet": {"id": subnet()}}]},
        {"type": "Microsoft.Network/virtualNetworks", "id": id("virtualNetworks", "v"), "name": "v", "addressSpace": {"addressPrefixes": ["10.20.0.0/16"]},
         "subnets": [{"id": subnet(), "name": "s", "addressPrefix": "10.20.1.0/24", "networkSecurityGroup": of("networkSecurityGroups", "nsg")}]},
        {"type": "Microsoft.Network/networkSecurityGroups", "id": id("networkSecurityGroups", "nsg"), "name": "nsg", "securityRules": [ssh_from(&json!("*"))]}
    ])
}

pub fn ec2() -> Value {
    json!([
        {"Reservations": [{"Instances": [{"InstanceId": "i-1", "InstanceType": "t3.micro", "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.20.1.4", "Groups": [{"GroupId": "sg-1"}]}]}]}]},
        {"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "one", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}
    ])
}

/// A base with changes: what a pointer leads to is put there, or taken away.
pub fn with(base: &Value, changes: &[Change]) -> Value {
    let mut document = base.clone();
    for (path, put) in changes {
        let (parent, last) = path.rsplit_once('/').expect("a path");
        match (document.pointer_mut(parent).expect("a place"), put) {
            (Value::Object(object), Some(put)) => _ = object.insert(last.to_owned(), put.clone()),
            (Value::Object(object), None) => _ = object.remove(last).expect("a member"),
            (Value::Array(list), Some(put)) if last == "-" => list.push(put.clone()),
            (Value::Array(list), Some(put)) => list[last.parse::<usize>().expect("a place")] = put.clone(),
            (place, _) => panic!("{path}: {place}"),
        }
    }
    document
}

/// A resource without all but what every resource has.
pub fn bare(resource: &Value) -> Value {
    json!({"type": resource["type"], "id": resource["id"], "name": resource["name"], "location": "westeurope", "tags": {}})
}

pub fn engine(document: &Value) -> Engine {
    Engine::new(network(&[document.to_string().as_bytes()]).0)
}

pub fn reach(document: &Value, from: &str, to: Option<&str>) -> Reachable {
    let address = |text: &str| text.parse().expect("an address");
    let machine = Index::new(0);
    let flow =
        Flow { machine, from: address(from), port: 22, protocol: 6, source_port: None, to: to.map(address) };
    engine(document).reach(&flow).reachable
}

pub fn ssh(document: &Value) -> Reachable {
    reach(document, OUTSIDE, None)
}

pub fn codes(document: &Value) -> Vec<&'static str> {
    let text = document.to_string();
    let report = check(text.as_bytes(), &CheckOptions::default());
    report.diagnostics.iter().map(|one| one.code.id()).collect()
}

/// What each of these makes of a base that surely lets in, or surely does not.
pub fn each(base: &Value, from: &str, to: Option<&str>, sure: Reachable, cases: &[(&[Change], Reachable)]) {
    assert_eq!(reach(base, from, to), sure);
    for (changes, expected) in cases {
        assert_eq!(reach(&with(base, changes), from, to), *expected, "{changes:?}");
    }
}

/// The machine with a public address of the Standard kind, which lets in nothing without an NSG.
pub fn public() -> Value {
    let address = json!({"type": "Microsoft.Network/publicIPAddresses", "id": id("publicIPAddresses", "p"), "name": "p", "sku": {"name": "Standard"}, "ipAddress": FRONT, "publicIPAllocationMethod": "Static"});
    with(
        &azure(),
        &[
            ("/-", Some(address)),
            ("/1/ipConfigurations/0/publicIPAddress", Some(of("publicIPAddresses", "p"))),
        ],
    )
}

/// The base behind a firewall that hands SSH on to the machine.
pub fn behind_firewall() -> Value {
    let closed = with(
        &public(),
        &[("/3/securityRules", Some(json!([]))), ("/1/ipConfigurations/0/publicIPAddress", None)],
    );
    let firewall_subnet = id("virtualNetworks", "v/subnets/AzureFirewallSubnet");
    let rule = json!({"name": "r", "protocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": [FRONT], "destinationPorts": ["22"], "translatedAddress": "10.20.1.4", "translatedPort": "22"});
    let firewall = json!({"type": "Microsoft.Network/azureFirewalls", "id": id("azureFirewalls", "f"), "name": "f",
        "ipConfigurations": [{"name": "c", "privateIPAddress": "10.20.0.4", "subnet": {"id": firewall_subnet}, "publicIPAddress": of("publicIPAddresses", "p")}],
        "natRuleCollections": [{"name": "n", "priority": 100, "action": {"type": "Dnat"}, "rules": [rule]}], "networkRuleCollections": []});
    with(
        &closed,
        &[
            (
                "/2/subnets/-",
                Some(
                    json!({"id": firewall_subnet, "name": "AzureFirewallSubnet", "addressPrefix": "10.20.0.0/26"}),
                ),
            ),
            ("/-", Some(firewall)),
        ],
    )
}
