//! `Microsoft.Compute/virtualMachines`, and classic machines.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::super::json;
use super::{ArmKind, IdJson, Inventory, Resource, Tags, reference};
use crate::network::{Cloud, Disk, NetworkInterface, Os, Ref};

#[derive(Serialize)]
pub(super) struct Machine<'a> {
    #[serde(rename = "hardwareProfile", skip_serializing_if = "Option::is_none")]
    hardware: Option<HardwareProfile<'a>>,
    #[serde(rename = "storageProfile", skip_serializing_if = "Option::is_none")]
    storage: Option<StorageProfile<'a>>,
    #[serde(rename = "networkProfile")]
    network: NetworkProfile<'a>,
    /// Of what is stored here; some clients take no machine without it.
    #[serde(rename = "provisioningState")]
    provisioned: &'static str,
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StorageProfile<'a> {
    os_disk: DiskJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_disks: Option<Vec<DiskJson<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DiskJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    lun: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    os_type: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    caching: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_disk: Option<IdJson<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NetworkProfile<'a> {
    network_interfaces: Vec<Attached<'a>>,
}

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
    let os_type = |os: Os| match os {
        Os::Linux => "Linux",
        Os::Windows => "Windows",
    };
    let size = machine.size.as_str();
    let disk = |of: &'a Disk, os: Option<Os>| DiskJson {
        lun: of.lun,
        os_type: os.map(os_type),
        name: &of.name,
        caching: &of.caching,
        managed_disk: (!of.id.is_empty()).then_some(IdJson { id: &of.id }),
    };
    let others = machine.data_disks.as_ref();
    let storage = StorageProfile {
        os_disk: disk(&machine.os_disk, machine.os),
        data_disks: others.map(|all| all.iter().map(|one| disk(one, None)).collect()),
    };
    let is_told = machine.os.is_some() || machine.os_disk != Disk::default() || others.is_some();
    Some(Resource {
        id: &machine.id,
        name: &machine.name,
        kind: kind.resource_type(),
        location: &machine.location,
        sku: None,
        tags: Tags(&machine.tags),
        properties: Machine {
            hardware: (!size.is_empty()).then_some(HardwareProfile { vm_size: size }),
            storage: is_told.then_some(storage),
            network: NetworkProfile {
                network_interfaces: machine.nics.iter().enumerate().filter_map(attached).collect(),
            },
            provisioned: "Succeeded",
            instance_view: expanded.then_some(InstanceView { statuses: [] }),
        },
    })
}
