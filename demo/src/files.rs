//! The exports: lists as Resource Manager answers them, and what EC2 describes.

use serde_json::{Value, json};

use super::ids::{SUBSCRIPTIONS, resource};
use super::plan::{Machine, Plan, Site, SiteKind};
use super::{ec2, nsgs, set};

/// All files.
pub fn files(plan: &Plan) -> Vec<(String, Vec<u8>)> {
    let list = |values: Vec<Value>| json!({"value": values});
    let mut machines: Vec<Value> = plan.machines.iter().map(|machine| self::machine(plan, machine)).collect();
    machines.extend(classic());
    let files = [
        ("virtual-machines.json", list(machines)),
        ("network-interfaces.json", list(plan.machines.iter().flat_map(|one| nics(plan, one)).collect())),
        ("network-security-groups.json", list(nsgs::nsgs(plan))),
        ("virtual-networks.json", list(plan.sites.iter().map(|site| vnet(plan, site)).collect())),
        ("application-security-groups.json", list(plan.sites.iter().flat_map(asgs).collect())),
        ("public-ip-addresses.json", list(public_ips(plan))),
        ("azure-firewalls.json", list(plan.sites.iter().filter_map(firewall).collect())),
        ("ec2-instances.json", ec2::instances()),
        ("ec2-security-groups.json", ec2::security_groups()),
    ];
    files.into_iter().map(|(name, value)| (name.to_owned(), format!("{value:#}\n").into_bytes())).collect()
}

fn machine(plan: &Plan, machine: &Machine) -> Value {
    let (site, app) = (plan.site(machine), machine.app);
    let (own, disk) = (plan.machine_id(machine), format!("{}_OsDisk_1", machine.name));
    let group = own.split("/virtualMachines/").next().unwrap_or_default();
    let id = |end: &str| site.net("networkInterfaces", &format!("{}-{end}", machine.name));
    let attached = match machine.second {
        None => json!([{"id": id("nic")}]),
        Some(_) => json!([
            {"id": id("nic"), "properties": {"primary": true}},
            {"id": id("nic2"), "properties": {"primary": false}}
        ]),
    };
    let stage =
        if site.code.starts_with('s') && site.kind == SiteKind::Spoke { "staging" } else { "production" };
    json!({
        "id": own, "name": machine.name, "type": "Microsoft.Compute/virtualMachines",
        "location": site.region.0, "tags": {"team": app.team, "stage": stage},
        "properties": {
            // Every machine of Azure's has one: Ansible's inventory takes none without.
            "vmId": format!("6d3b0c52-8f1e-4b0a-9c57-{:012x}", u32::from(machine.address)),
            "hardwareProfile": {"vmSize": app.size},
            "storageProfile": {"imageReference": image(app.windows), "osDisk": {
                "osType": if app.windows { "Windows" } else { "Linux" },
                "name": disk, "caching": "ReadWrite", "managedDisk": {"id": format!("{group}/disks/{disk}")}
            }, "dataDisks": []},
            "networkProfile": {"networkInterfaces": attached}
        }
    })
}

/// What the disk of a machine was made from.
fn image(windows: bool) -> Value {
    let [publisher, offer, sku] = if windows {
        ["MicrosoftWindowsServer", "WindowsServer", "2022-datacenter-azure-edition"]
    } else {
        ["Canonical", "ubuntu-24_04-lts", "server"]
    };
    json!({"publisher": publisher, "offer": offer, "sku": sku, "version": "latest"})
}

/// Machines of before Resource Manager, which nobody has dared to move.
fn classic() -> Vec<Value> {
    let [(subscription, _), ..] = SUBSCRIPTIONS;
    let machine = |number: u8| {
        let name = format!("customs-{number:02}");
        json!({
            "id": resource(subscription, "Default-Customs-WestEurope", "Microsoft.ClassicCompute/virtualMachines", &name),
            "name": name, "type": "Microsoft.ClassicCompute/virtualMachines", "location": "westeurope",
            "properties": {"hardwareProfile": {"size": "Standard_D1"}}
        })
    };
    (1..=4).map(machine).collect()
}

fn nics(plan: &Plan, machine: &Machine) -> Vec<Value> {
    let site = plan.site(machine);
    let nic = |end: &str, address: std::net::Ipv4Addr, subnet: &str| {
        let name = format!("{}-{end}", machine.name);
        json!({
            "id": site.net("networkInterfaces", &name), "name": name, "location": site.region.0,
            "type": "Microsoft.Network/networkInterfaces",
            "properties": {
                "ipConfigurations": [{"name": "ipconfig1", "properties": {
                    "privateIPAddress": address.to_string(), "primary": true,
                    "subnet": {"id": subnet_id(site, subnet)}
                }}],
                "virtualMachine": {"id": plan.machine_id(machine)}
            }
        })
    };
    let mut first = nic("nic", machine.address, machine.app.subnet);
    if let Some(nsg) = nsgs::of_nic(site, machine) {
        let id = json!({"id": site.net("networkSecurityGroups", &nsg)});
        set(&mut first, "/properties", "networkSecurityGroup", id);
    }
    let configuration = "/properties/ipConfigurations/0/properties";
    if machine.public.is_some() {
        let id = json!({"id": public_id(site, &machine.name)});
        set(&mut first, configuration, "publicIPAddress", id);
    }
    if let Some(group) = machine.app.asg {
        let ids = json!([{"id": site.net("applicationSecurityGroups", group)}]);
        set(&mut first, configuration, "applicationSecurityGroups", ids);
    }
    let second = machine.second.map(|address| nic("nic2", address, "backup"));
    std::iter::once(first).chain(second).collect()
}

fn vnet_name(site: &Site) -> String {
    format!("vnet-{}", site.code)
}

fn subnet_id(site: &Site, subnet: &str) -> String {
    site.net("virtualNetworks", &format!("{}/subnets/{subnet}", vnet_name(site)))
}

fn vnet(plan: &Plan, site: &Site) -> Value {
    let mut named: Vec<(&str, String)> =
        site.apps().iter().map(|app| (app.subnet, format!("{}/24", site.address(app.octet, 0)))).collect();
    named.dedup();
    if site.kind == SiteKind::Spoke {
        named.push(("backup", format!("{}/24", site.address(7, 0))));
    } else {
        named.push(("AzureFirewallSubnet", format!("{}/26", site.address(1, 0))));
    }
    let subnet = |(name, prefix): &(&str, String)| {
        let mut subnet = json!({
            "id": subnet_id(site, name), "name": name, "type": "Microsoft.Network/virtualNetworks/subnets",
            "properties": {"addressPrefix": prefix}
        });
        let nsg = nsgs::of_subnet(site, name).filter(|_| *name != "AzureFirewallSubnet");
        if let Some(nsg) = nsg {
            let id = json!({"id": site.net("networkSecurityGroups", &nsg)});
            set(&mut subnet, "/properties", "networkSecurityGroup", id);
        }
        subnet
    };
    let hub = plan.sites.first().filter(|_| site.kind == SiteKind::Spoke);
    let peering = |other: &Site| {
        let remote = other.net("virtualNetworks", &vnet_name(other));
        json!({
            "id": format!("{}/virtualNetworkPeerings/to-{}", site.net("virtualNetworks", &vnet_name(site)), other.code),
            "name": format!("to-{}", other.code),
            "type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
            "properties": {
                "peeringState": "Connected", "allowVirtualNetworkAccess": true, "useRemoteGateways": false,
                "remoteVirtualNetwork": {"id": remote},
                "remoteAddressSpace": {"addressPrefixes": [format!("{}/16", other.address(0, 0))]}
            }
        })
    };
    json!({
        "id": site.net("virtualNetworks", &vnet_name(site)), "name": vnet_name(site), "location": site.region.0,
        "type": "Microsoft.Network/virtualNetworks",
        "properties": {
            "addressSpace": {"addressPrefixes": [format!("{}/16", site.address(0, 0))]},
            "subnets": named.iter().map(subnet).collect::<Vec<_>>(),
            "virtualNetworkPeerings": hub.map(peering).into_iter().collect::<Vec<_>>()
        }
    })
}

fn asgs(site: &Site) -> Vec<Value> {
    let group = |name: &str| {
        json!({
            "id": site.net("applicationSecurityGroups", name), "name": name, "location": site.region.0,
            "type": "Microsoft.Network/applicationSecurityGroups", "properties": {}
        })
    };
    let names: &[&str] = if site.kind == SiteKind::Spoke { &["asg-web", "asg-api"] } else { &[] };
    names.iter().map(|name| group(name)).collect()
}

fn public_id(site: &Site, name: &str) -> String {
    site.net("publicIPAddresses", &format!("pip-{name}"))
}

/// The public address of a hub's firewall.
pub fn firewall_address(site: &Site) -> String {
    format!("198.19.{}.4", site.octet)
}

fn public_ips(plan: &Plan) -> Vec<Value> {
    let address = |site: &Site, name: &str, address: String| {
        json!({
            "id": public_id(site, name), "name": format!("pip-{name}"), "location": site.region.0,
            "type": "Microsoft.Network/publicIPAddresses", "sku": {"name": "Standard"},
            "properties": {"ipAddress": address, "publicIPAllocationMethod": "Static"}
        })
    };
    let of_machines = plan
        .machines
        .iter()
        .filter_map(|machine| Some(address(plan.site(machine), &machine.name, machine.public?.to_string())));
    let hubs = plan.sites.iter().filter(|site| site.kind != SiteKind::Spoke);
    of_machines
        .chain(hubs.map(|site| address(site, &format!("fw-{}", site.code), firewall_address(site))))
        .collect()
}

fn firewall(site: &Site) -> Option<Value> {
    let name = format!("fw-{}", site.code);
    let mut properties = json!({
        "ipConfigurations": [{"name": "configuration", "properties": {
            "privateIPAddress": site.address(1, 4).to_string(),
            "subnet": {"id": subnet_id(site, "AzureFirewallSubnet")},
            "publicIPAddress": {"id": public_id(site, &name)}
        }}]
    });
    match site.kind {
        SiteKind::Spoke => return None,
        SiteKind::Hub => {
            let collections = json!([{"name": "inbound", "properties": {
                "priority": 200, "action": {"type": "Dnat"}, "rules": [{
                    "name": "build-status", "protocols": ["TCP"], "sourceAddresses": ["*"],
                    "destinationAddresses": [firewall_address(site)], "destinationPorts": ["8443"],
                    "translatedAddress": site.address(6, 4).to_string(), "translatedPort": "443"
                }]
            }}]);
            set(&mut properties, "", "natRuleCollections", collections);
            set(&mut properties, "", "networkRuleCollections", json!([]));
        }
        SiteKind::ManagedHub => {
            let id = json!({"id": site.net("firewallPolicies", "fwp-shared")});
            set(&mut properties, "", "firewallPolicy", id);
        }
    }
    Some(json!({
        "id": site.net("azureFirewalls", &name), "name": name, "location": site.region.0,
        "type": "Microsoft.Network/azureFirewalls", "properties": properties
    }))
}
