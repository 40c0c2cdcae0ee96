//! Files of an inventory: read whatever their size, split where one is too large for a document, and counted.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jitgate_core::json::MAX_BYTES;
use jitgate_core::network::{Cloud, Network, Place};
use serde_json::Value;

/// A file, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name; of a part with its number behind.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Parts are made a little smaller than a document may be.
const PART: usize = MAX_BYTES / 4 * 3;

/// Reads a file. One that is larger than a document may be comes in parts, if it is a list.
pub fn read(path: &Path) -> Result<Vec<File>, String> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let shown = path.display();
    let bytes = fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => format!("there is no file `{shown}`"),
        std::io::ErrorKind::IsADirectory => format!("`{shown}` is a directory; name the files in it"),
        _ => format!("`{shown}` cannot be read: {error}"),
    })?;
    if bytes.len() <= MAX_BYTES {
        return Ok(vec![File { name, bytes }]);
    }
    let value = serde_json::from_slice(&bytes)
        .map_err(|error| format!("`{shown}` is larger than {MAX_BYTES} bytes and no JSON: {error}"))?;
    let items = items(value).ok_or_else(|| {
        format!("`{shown}` is larger than {MAX_BYTES} bytes and no list of resources: export it in parts")
    })?;
    Ok(parts(&name, &items, PART))
}

/// The resources of a list, in whatever it is wrapped.
fn items(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(items) => Some(items),
        Value::Object(members) => {
            let lists = ["value", "data", "Reservations", "SecurityGroups", "NetworkInterfaces"];
            let mut members = members.into_iter();
            let (_, list) = members.find(|(name, _)| lists.contains(&name.as_str()))?;
            items(list)
        }
        _ => None,
    }
}

fn parts(name: &str, items: &[Value], most: usize) -> Vec<File> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for item in items {
        let text = item.to_string();
        match parts.last_mut() {
            Some(part) if part.len().saturating_add(text.len()) < most => {
                part.push(b',');
                part.extend_from_slice(text.as_bytes());
            }
            _ => {
                let mut part = vec![b'['];
                part.extend_from_slice(text.as_bytes());
                parts.push(part);
            }
        }
    }
    let file = |(number, mut bytes): (usize, Vec<u8>)| {
        bytes.push(b']');
        File { name: format!("{name}#{number}"), bytes }
    };
    (1..).zip(parts).map(file).collect()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_list_comes_in_parts() {
        let items: Vec<Value> = (0..10).map(|number| serde_json::json!({"id": number})).collect();
        let parts = parts("vms.json", &items, 25);
        assert!(parts.len() > 1);
        assert_eq!(parts[0].name, "vms.json#1");
        let again: Vec<Value> = parts
            .iter()
            .flat_map(|part| serde_json::from_slice::<Vec<Value>>(&part.bytes).unwrap())
            .collect();
        assert_eq!(again, items);
        assert_eq!(super::items(serde_json::json!({"next": 1, "value": items.clone()})), Some(items));
        assert_eq!(super::items(serde_json::json!({"id": 1})), None);
    }
}
