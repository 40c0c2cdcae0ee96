//! What an inventory has, in numbers.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;

use crate::network::{Cloud, Network, Place};

/// How many resources of each kind there are, by a word; of one file or of all.
pub fn count(network: &Network, file: Option<u32>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let mut add = |word: &str, place: Place| {
        if file.is_none_or(|file| file == place.file) {
            let count: &mut u64 = counts.entry(word.to_owned()).or_default();
            *count = count.saturating_add(1);
        }
    };
    for machine in &network.machines {
        let word = match machine.cloud {
            Cloud::Azure => "virtualMachines",
            Cloud::AzureClassic => "classicVirtualMachines",
            Cloud::Ec2 => "ec2Instances",
        };
        add(word, machine.place);
    }
    network.nics.iter().for_each(|one| add("networkInterfaces", one.place));
    network.nsgs.iter().for_each(|one| add("networkSecurityGroups", one.place));
    network.asgs.iter().for_each(|one| add("applicationSecurityGroups", one.place));
    network.vnets.iter().for_each(|one| add("virtualNetworks", one.place));
    network.subnets.iter().for_each(|one| add("subnets", one.place));
    network.public_ips.iter().for_each(|one| add("publicIPAddresses", one.place));
    network.route_tables.iter().for_each(|one| add("routeTables", one.place));
    network.firewalls.iter().for_each(|one| add("azureFirewalls", one.place));
    network.security_groups.iter().for_each(|one| add("securityGroups", one.place));
    if !network.tags.is_empty() && file.is_none() {
        counts.insert("serviceTags".to_owned(), u64::try_from(network.tags.len()).unwrap_or(u64::MAX));
    }
    counts
}
