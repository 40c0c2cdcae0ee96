//! A small network for tests: machines behind NSGs, as exports of Resource Manager have them; and policies and
//! requests for its machines.

use serde_json::{Value, json};

/// Before the provider of every resource.
const GROUP: &str = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers";

/// A machine's id.
pub fn vm(name: &str) -> String {
    format!("{GROUP}/Microsoft.Compute/virtualMachines/{name}")
}

/// The id of a resource of the network.
pub fn id(kind: &str, name: &str) -> String {
    format!("{GROUP}/Microsoft.Network/{kind}/{name}")
}

/// A rule: `AllowSsh 300 Allow Tcp 203.0.113.0/24 -> * 22`.
pub fn rule(text: &str) -> Value {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [name, priority, access, protocol, source, "->", destination, port] = words[..] else {
        panic!("a rule: {text}")
    };
    let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    json!({
        "name": name,
        "properties": {
            "priority": priority.parse::<u32>().expect("a number"), "direction": "Inbound", "access": access,
            "protocol": protocol, "sourceAddressPrefixes": list(source), "sourcePortRange": "*",
            "destinationAddressPrefixes": list(destination), "destinationPortRanges": list(port)
        }
    })
}

/// An NSG with rules.
pub fn nsg(name: &str, rules: &[&str]) -> Value {
    let rules: Vec<Value> = rules.iter().map(|text| rule(text)).collect();
    json!({
        "id": id("networkSecurityGroups", name), "name": name, "type": "Microsoft.Network/networkSecurityGroups",
        "properties": {"securityRules": rules}
    })
}

/// A machine with a NIC for each address and its NSG, all in the subnet `snet` of `vnet`.
pub fn machine(name: &str, nics: &[(&str, Option<&str>)]) -> Vec<Value> {
    let nic_id = |index: usize| id("networkInterfaces", &format!("{name}-nic{index}"));
    let mut resources = vec![json!({
        "id": vm(name), "name": name, "type": "Microsoft.Compute/virtualMachines", "location": "westeurope",
        "properties": {"networkProfile": {"networkInterfaces":
            (0..nics.len()).map(|index| json!({"id": nic_id(index)})).collect::<Vec<_>>()}}
    })];
    for (index, (address, nsg)) in nics.iter().enumerate() {
        let mut nic = json!({
            "id": nic_id(index), "name": format!("{name}-nic{index}"), "type": "Microsoft.Network/networkInterfaces",
            "properties": {"ipConfigurations": [{"name": "ipconfig1", "properties": {
                "privateIPAddress": address,
                "subnet": {"id": id("virtualNetworks", "vnet/subnets/snet")}
            }}]}
        });
        if let Some(nsg) = nsg {
            nic["properties"]["networkSecurityGroup"] = json!({"id": id("networkSecurityGroups", nsg)});
        }
        resources.push(nic);
    }
    resources
}

/// The virtual network `vnet`, 10.0.0.0/16, with the subnet `snet`, 10.0.0.0/24, and its NSG.
pub fn vnet(nsg: Option<&str>) -> Value {
    let mut subnet = json!({
        "id": id("virtualNetworks", "vnet/subnets/snet"), "name": "snet", "properties": {"addressPrefix": "10.0.0.0/24"}
    });
    if let Some(nsg) = nsg {
        subnet["properties"]["networkSecurityGroup"] = json!({"id": id("networkSecurityGroups", nsg)});
    }
    json!({
        "id": id("virtualNetworks", "vnet"), "name": "vnet", "type": "Microsoft.Network/virtualNetworks",
        "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    })
}

/// One file of these resources.
pub fn file(resources: impl IntoIterator<Item = Value>) -> Vec<u8> {
    Value::from(resources.into_iter().collect::<Vec<_>>()).to_string().into()
}

/// A policy named `default`: machines with their ports, each as `22 TCP 203.0.113.0/24 PT3H`.
pub fn policy(machines: &[(&str, &[&str])]) -> Vec<u8> {
    let port = |text: &&str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [number, protocol, source, most] = words[..] else { panic!("a port: {text}") };
        json!({
            "number": number.parse::<u16>().expect("a port"), "protocol": protocol,
            "allowedSourceAddressPrefixes": source.split(',').collect::<Vec<_>>(), "maxRequestAccessDuration": most
        })
    };
    let machines: Vec<Value> = machines
        .iter()
        .map(|(name, ports)| json!({"id": vm(name), "ports": ports.iter().map(port).collect::<Vec<_>>()}))
        .collect();
    json!({
        "name": "default", "kind": "Basic", "properties": {"virtualMachines": machines},
        "id": format!("{GROUP}/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default")
    })
    .to_string()
    .into()
}

/// The same as a resource of a template, in which a `copy` makes the machines, or else the ports of each.
pub fn copied(policy: &[u8], array: &str) -> Vec<u8> {
    let mut policy: Value = serde_json::from_slice(policy).expect("JSON");
    let copy = |list: &Value| json!([{"name": array, "count": "[parameters('count')]", "input": list[0]}]);
    let properties = &mut policy["properties"];
    let holder = if array == "ports" { &mut properties["virtualMachines"][0] } else { properties };
    let list = holder.as_object_mut().expect("an object").remove(array).expect("the array");
    holder["copy"] = copy(&list);
    json!({"$schema": "x", "resources": [{
        "type": "Microsoft.Security/locations/jitNetworkAccessPolicies",
        "name": "westeurope/default", "properties": policy["properties"]
    }]})
    .to_string()
    .into()
}

/// A request: `22 198.51.100.7 PT1H` for one machine.
pub fn request(machine: &str, ports: &[&str]) -> Vec<u8> {
    let port = |text: &&str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [number, source, duration] = words[..] else { panic!("a requested port: {text}") };
        json!({"number": number.parse::<u16>().expect("a port"), "allowedSourceAddressPrefix": source, "duration": duration})
    };
    json!({
        "virtualMachines": [{"id": vm(machine), "ports": ports.iter().map(port).collect::<Vec<_>>()}],
        "justification": "patching"
    })
    .to_string()
    .into()
}

/// A stored request: who, from when until when.
pub fn stored(machine: &str, who: &str, port: u16, source: &str, from: &str, until: &str) -> Vec<u8> {
    json!({
        "virtualMachines": [{"id": vm(machine), "ports": [{
            "number": port, "allowedSourceAddressPrefix": source, "endTimeUtc": until,
            "status": "Initiated", "statusReason": "UserRequested"
        }]}],
        "startTimeUtc": from, "requestor": who, "justification": "patching"
    })
    .to_string()
    .into()
}
