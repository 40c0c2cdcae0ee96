//! `Microsoft.Compute/virtualMachines`, and classic machines.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::super::json;
use super::{ArmKind, Inventory, Resource, reference};
use crate::network::{Cloud, NetworkInterface, Ref};

#[derive(Serialize)]
pub(super) struct Machine<'a> {
    #[serde(rename = "hardwareProfile", skip_serializing_if = "Option::is_none")]
    hardware: Option<HardwareProfile<'a>>,
    #[serde(rename = "storageProfile", skip_serializing_if = "Option::is_none")]
    storage: Option<StorageProfile>,
    #[serde(rename = "networkProfile")]
    network: NetworkProfile<'a>,
    /// Of what is stored here, where nothing else was imported; some clients take no machine without it.
    #[serde(rename = "provisioningState", skip_serializing_if = "Option::is_none")]
    provisioned: Option<&'static str>,
    #[serde(rename = "instanceView", skip_serializing_if = "Option::is_none")]
    instance_view: Option<InstanceView>,
}

/// How the machine does, of which nothing is known here.
#[derive(Serialize)]
struct InstanceView {
    statuses: [(); 0],
}

/// `{"statuses": []}`
pub(super) fn instance_view() -> String {
    json(&InstanceView { statuses: [] })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HardwareProfile<'a> {
    vm_size: &'a str,
}

/// What is known of disks without the details.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StorageProfile {
    os_disk: OsDisk,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OsDisk {
    os_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NetworkProfile<'a> {
    network_interfaces: Vec<Attached<'a>>,
    /// Those that have no id yet, and whose id was lost: in the list of the others clients look each one up by its id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    network_interface_configurations: Vec<Unnamed>,
}

/// `{}`
#[derive(Serialize)]
struct Unnamed {}

/// A NIC of the machine; which one is primary is told where there are several.
#[derive(Serialize)]
struct Attached<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Primary>,
}

#[derive(Serialize)]
struct Primary {
    primary: bool,
}

pub(super) fn machine<'a>(
    of: &Inventory<'a>,
    kind: ArmKind,
    at: usize,
    expanded: bool,
) -> Option<Resource<'a, Machine<'a>>> {
    let network = of.network();
    let machine = network.machines.get(at)?;
    let cloud = if kind == ArmKind::VirtualMachine { Cloud::Azure } else { Cloud::AzureClassic };
    if machine.cloud != cloud {
        return None;
    }
    let several = machine.nics.len() > 1;
    let attached = |(place, nic): (usize, &'a Ref<NetworkInterface>)| {
        let id = reference(nic, &network.nics, |nic| &nic.id)?.id;
        Some(Attached { id, properties: several.then_some(Primary { primary: place == 0 }) })
    };
    let attached: Vec<_> = machine.nics.iter().enumerate().filter_map(attached).collect();
    let unnamed = machine.nics.len().saturating_sub(attached.len());
    let size = machine.size.as_str();
    let system = machine.os.filter(|_| !of.has(kind, at, "storageProfile"));
    Some(Resource {
        id: &machine.id,
        name: &machine.name,
        kind: kind.resource_type(),
        location: &machine.location,
        sku: None,
        properties: Machine {
            hardware: (!size.is_empty()).then_some(HardwareProfile { vm_size: size }),
            storage: system.map(|os| StorageProfile { os_disk: OsDisk { os_type: os.word() } }),
            network: NetworkProfile {
                network_interfaces: attached,
                network_interface_configurations: (0..unnamed).map(|_| Unnamed {}).collect(),
            },
            provisioned: (!of.has(kind, at, "provisioningState")).then_some("Succeeded"),
            instance_view: expanded.then_some(InstanceView { statuses: [] }),
        },
    })
}
