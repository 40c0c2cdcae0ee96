//! Virtual machines of Azure, classic ones too.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::value::{Text, primary_first};
use super::{Head, Parent, Reader};
use crate::json::NodeId;
use crate::network::draft::Told;
use crate::network::fact::{Oddity, ResourceKind};
use crate::network::given::{Cloud, Os, Unsupported, VirtualMachine};

impl Reader<'_, '_> {
    pub(super) fn machine(&mut self, node: NodeId, parent: Option<Parent>, classic: bool) {
        let Head { id, name, location, place } = self.head(node, parent, ResourceKind::Machine);
        let [network, storage, system, hardware, private, public] = self.fields(
            node,
            &["networkProfile", "storageProfile", "osProfile", "hardwareProfile", "privateIps", "publicIps"],
        );
        let [listed, made] = match network {
            Some(network) => self.fields(network, &["networkInterfaces", "networkInterfaceConfigurations"]),
            None => [None; 2],
        };
        let mut nics = Vec::new();
        for node in self.list(listed) {
            let [primary] = self.fields(node, &["primary"]);
            nics.push((self.is_true(primary), self.element(node)));
        }
        let mut nics = primary_first(nics);
        // NICs that are made along with the machine have no id yet.
        for node in self.list(made) {
            nics.push(self.missing(node, String::from("networkInterfaceConfigurations")));
        }
        // Every machine has one: it was left out, or lost on the way.
        let bare = network.is_none() && self.is_export(node);
        if bare && !self.bare(&id, ResourceKind::Machine, node) {
            return;
        }
        let [os_disk] = storage.map_or([None], |storage| self.fields(storage, &["osDisk"]));
        let machine = VirtualMachine {
            id,
            name,
            cloud: if classic { Cloud::AzureClassic } else { Cloud::Azure },
            os: self.os(os_disk, system),
            location,
            size: self.size(hardware),
            unsupported: classic.then_some(Unsupported::Classic),
            lost: nics.is_empty(),
            nics,
            place,
        };
        let told = Told { private: self.ips(private), public: self.ips(public) };
        let index = self.draft.add(machine);
        if !told.private.is_empty() {
            self.draft.told.push((index, told));
        }
    }

    fn size(&self, hardware: Option<NodeId>) -> String {
        let [size] = hardware.map_or([None], |hardware| self.fields(hardware, &["vmSize"]));
        self.words(size)
    }

    fn os(&self, disk: Option<NodeId>, system: Option<NodeId>) -> Option<Os> {
        let [os] = disk.map_or([None], |disk| self.fields(disk, &["osType"]));
        match self.words(os).to_ascii_lowercase().as_str() {
            "linux" => return Some(Os::Linux),
            "windows" => return Some(Os::Windows),
            _ => {}
        }
        let [linux, windows] = system
            .map_or([None; 2], |system| self.fields(system, &["linuxConfiguration", "windowsConfiguration"]));
        linux.map(|_| Os::Linux).or(windows.map(|_| Os::Windows))
    }

    /// Addresses with commas between them, or a list.
    fn ips(&mut self, node: Option<NodeId>) -> Vec<IpAddr> {
        let mut found = Vec::new();
        for node in self.list(node) {
            let Some(Text::Known(text)) = self.text(node) else { continue };
            for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                match part.parse() {
                    Ok(ip) => found.push(ip),
                    Err(_) => self.fact(node, Oddity::BadAddress),
                }
            }
        }
        found
    }
}
