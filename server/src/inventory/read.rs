//! Files of an inventory: read whatever their size, and split where one is too large for a document.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use jitgate_core::json::MAX_BYTES;
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

/// What comes by the standard input is called so.
const STDIN: &str = "<stdin>";

/// Reads a file, or the standard input for `-`. One that is larger than a document may be comes in parts, if it is a list.
pub fn read(path: &Path) -> Result<Vec<File>, String> {
    let is_stdin = path.as_os_str() == "-";
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let name = if is_stdin { STDIN.to_owned() } else { name };
    let shown = if is_stdin { STDIN.to_owned() } else { path.display().to_string() };
    let content = if is_stdin { all_of(io::stdin().lock()) } else { fs::read(path) };
    let bytes = content.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file `{shown}`"),
        io::ErrorKind::IsADirectory => format!("`{shown}` is a directory; name the files in it"),
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

fn all_of(mut input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    Ok(bytes)
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
