//! The whole ledger as one file: to keep it elsewhere, or to take it to another browser.
//!
//! The file has a line of JSON for each part: a head, `{"jitgate":"ledger","version":1,"records":n,"files":n}`; the records as
//! they are stored, byte for byte; the files, `{"sha256","text"}` or, where one is no UTF-8, `{"sha256","base64"}`.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jitgate_core::ledger::{ChainCheck, Digest};
use jitgate_core::wire;

use crate::Json;
use crate::service::{Change, Service};

/// What the file begins with.
const HEAD: &str = "{\"jitgate\":\"ledger\"";

/// A ledger in a file.
#[derive(Debug)]
pub struct Archive {
    /// What takes the place of everything.
    pub change: Change,
    /// How many records it has.
    pub records: usize,
    /// When the last of them was written.
    pub latest: jitgate_core::Timestamp,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadArchive {
    /// It is none of these files.
    Other,
    /// It is one of a form that is not known yet.
    Newer,
    /// It ends too early, or a line of it is none.
    Damaged(String),
    /// A record was changed, left out or moved.
    Broken(String),
}

impl fmt::Display for BadArchive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other => f.write_str("This is no exported ledger."),
            Self::Newer => f.write_str(
                "A newer version of this portal exported it: reload the page to get that version.",
            ),
            Self::Damaged(why) => write!(f, "The file is damaged: {why}."),
            Self::Broken(why) => write!(f, "The chain of records is broken: {why}."),
        }
    }
}

impl Service {
    /// The whole ledger as a file.
    pub fn archive(&self) -> String {
        let (records, files) = (self.lines.len(), self.files.len());
        let mut text = format!("{HEAD},\"version\":1,\"records\":{records},\"files\":{files}}}\n");
        self.lines.iter().for_each(|line| text.extend([&**line, "\n"]));
        for (sha256, bytes) in &self.files {
            let (name, content) = match std::str::from_utf8(bytes) {
                Ok(content) => ("text", wire::string(content)),
                Err(_) => ("base64", wire::string(&STANDARD.encode(bytes))),
            };
            text.push_str(&format!("{{\"sha256\":\"{sha256}\",\"{name}\":{content}}}\n"));
        }
        text
    }
}

impl Archive {
    /// True for what begins as these files do.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(HEAD.as_bytes())
    }

    /// Reads a file, and checks everything in it.
    ///
    /// # Errors
    /// It is not taken, and why.
    pub fn read(text: &str) -> Result<Self, BadArchive> {
        let mut lines = text.lines();
        let head = lines.next().unwrap_or_default();
        let (records, files) = Json::read(head, |json| {
            let number = |name| json.get(name).number().and_then(|number| usize::try_from(number).ok());
            match (json.get("jitgate").string().as_str(), json.get("version").number()) {
                ("ledger", Some(1)) => number("records").zip(number("files")).ok_or(BadArchive::Other),
                ("ledger", Some(_)) => Err(BadArchive::Newer),
                _ => Err(BadArchive::Other),
            }
        })?;
        let damaged = |why: &str| BadArchive::Damaged(why.to_owned());

        let own: Vec<Arc<str>> = lines.by_ref().take(records).map(Arc::from).collect();
        if own.len() < records {
            return Err(damaged("it ends among its records"));
        }
        let mut check = ChainCheck::new(None);
        own.iter().for_each(|line| check.line(line));
        check.end().map_err(|broken| BadArchive::Broken(broken.to_string()))?;
        let mut service = Service::new();
        for line in &own {
            service.take(line).map_err(BadArchive::Broken)?;
        }
        let mut contents = Vec::new();
        for line in lines.take(files) {
            let (sha256, bytes) = file(line).ok_or_else(|| damaged("a file in it is not as it was"))?;
            service.give(sha256.clone(), Arc::clone(&bytes));
            contents.push((sha256, bytes));
        }
        if contents.len() < files || !service.missing().is_empty() {
            return Err(damaged("files of the network are missing"));
        }
        let latest = service.state.latest();
        let change = Change { lines: own, files: contents, state: service.state, ..Change::default() };
        Ok(Self { change, records, latest })
    }
}

/// A file with its digest; none where it is not the one of that digest.
fn file(line: &str) -> Option<(String, Arc<[u8]>)> {
    let (sha256, bytes) = Json::read(line, |json| {
        let bytes = match json.get("text").text() {
            Some(text) => text.into_owned().into_bytes(),
            None => STANDARD.decode(json.get("base64").string()).ok()?,
        };
        Some((json.get("sha256").string(), bytes))
    })?;
    (Digest::of(&bytes).to_string() == sha256).then(|| (sha256, bytes.into()))
}

#[cfg(test)]
mod tests {
    use jitgate_core::Timestamp;

    use super::*;
    use crate::Demo;

    fn demo() -> Service {
        let then = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let file = jitgate_demo::asset(then);
        let change = Demo { file: &file, now: then, guid: &|| "1".to_owned() }.change().unwrap();
        let mut service = Service::new();
        service.commit(change);
        service.give(Digest::of(b"\xff\xfe").to_string(), Arc::from(*b"\xff\xfe"));
        service
    }

    #[test]
    fn what_goes_out_comes_in() {
        let service = demo();
        let text = service.archive();
        let archive = Archive::read(&text).unwrap();
        let mut again = Service::new();
        again.commit(archive.change);
        assert_eq!(
            (&again.state, &again.lines, &again.files),
            (&service.state, &service.lines, &service.files)
        );
        assert_eq!(again.archive(), text);
        assert_eq!(Archive::read(&Service::new().archive()).unwrap().records, 0);
    }

    #[test]
    fn what_was_changed_is_not_taken() {
        let text = demo().archive();
        let lines: Vec<&str> = text.lines().collect();
        let without = |at: usize| {
            let mut rest = lines.clone();
            rest.remove(at);
            rest.join("\n")
        };
        let broken = |text: &str| Archive::read(text).unwrap_err();
        assert!(matches!(
            broken(&text.replacen("Owner", "Other", 1).replacen("ines.", "inez.", 1)),
            BadArchive::Broken(_)
        ));
        assert!(matches!(broken(&without(7)), BadArchive::Broken(_)));
        assert!(matches!(broken(&without(lines.len() - 1)), BadArchive::Damaged(_)));
        assert!(matches!(broken(&lines[..20].join("\n")), BadArchive::Damaged(_)));
        let last = lines.iter().rposition(|line| line.contains("\"text\"")).unwrap();
        assert!(matches!(
            broken(&text.replacen(lines[last], &lines[last].replacen("name", "mane", 1), 1)),
            BadArchive::Damaged(_)
        ));
        for other in ["", "{}", "[1]", "{\"jitgate\":\"ledger\",\"version\":1}"] {
            assert_eq!(broken(other), BadArchive::Other, "{other}");
        }
        let newer = "{\"jitgate\":\"ledger\",\"version\":2,\"records\":0,\"files\":0}";
        assert_eq!(broken(newer), BadArchive::Newer);
        assert!(Archive::is_one(text.as_bytes()) && !Archive::is_one(b"[{\"id\": 1}]"));
    }
}
