//! Reads the shared cases of `tests/cases/`, whose `README.md` tells their layout, and answers them with
//! the core; and those of `tests/previews/` ([`previews()`]).
//! [`until()`] waits in tests of running programs.

mod previews;
mod until;

use std::fs;
use std::path::{Path, PathBuf};

use jitgate_core::decide::{Context, decide};
use jitgate_core::wire::{self, DecisionJson, ReportJson};
use jitgate_core::{CheckOptions, Kind, Timestamp, check};
use serde::Deserialize;

pub use previews::{PreviewCase, Question, previews};
pub use until::until;

/// One case.
#[derive(Debug)]
pub struct Case {
    /// Its folder.
    pub folder: PathBuf,
    /// The folder's name.
    pub name: String,
    /// What is asked.
    pub setting: Setting,
    /// What it is asked of.
    pub subject: Subject,
}

/// The `case.json` of a case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// What the case is about.
    pub note: String,
    /// The present.
    pub now: String,
    /// The kind that `check` is told.
    pub kind: Option<String>,
    /// The caller's address.
    pub from: Option<String>,
}

/// The documents of a case.
#[derive(Debug)]
pub enum Subject {
    /// A document to check.
    Document(PathBuf),
    /// A request to decide by a policy.
    Request {
        /// The policy.
        policy: PathBuf,
        /// The request.
        request: PathBuf,
    },
}

/// What the core says, as it leaves on the wire.
#[derive(Debug)]
pub struct Answer {
    /// On one line: the bytes that a surface prints.
    pub json: String,
    /// Indented, as the expected file has it.
    pub pretty: String,
}

/// The folder of the cases.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// All cases, by name; or what is wrong with one of them.
pub fn cases() -> Result<Vec<Case>, String> {
    let mut folders: Vec<PathBuf> = names(&folder())?;
    folders.retain(|path| path.is_dir());
    folders.into_iter().map(Case::read).collect()
}

impl Case {
    fn read(folder: PathBuf) -> Result<Self, String> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let wrong = |what: &str| format!("case `{name}`: {what}");
        let setting = serde_json::from_slice(&bytes(&folder.join("case.json"))?)
            .map_err(|error| wrong(&format!("`case.json`: {error}")))?;
        let mut documents = names(&folder)?;
        documents.retain(|path| path.file_stem().is_some_and(|stem| stem == "document"));
        let [policy, request] = ["policy.json", "request.json"].map(|file| folder.join(file));
        let subject = match (documents.as_slice(), policy.exists() && request.exists()) {
            ([document], false) => Subject::Document(document.clone()),
            ([], true) => Subject::Request { policy, request },
            _ => return Err(wrong("it wants one `document.*`, or a `policy.json` with a `request.json`")),
        };
        let case = Self { folder, name, setting, subject };
        let known = |path: &PathBuf| {
            case.files().contains(path) || *path == case.expected() || path.ends_with("case.json")
        };
        match names(&case.folder)?.iter().find(|path| !known(path)) {
            Some(stray) => Err(format!("case `{}`: what is `{}` for?", case.name, stray.display())),
            None => Ok(case),
        }
    }

    /// The documents.
    pub fn files(&self) -> Vec<PathBuf> {
        match &self.subject {
            Subject::Document(document) => vec![document.clone()],
            Subject::Request { policy, request } => vec![policy.clone(), request.clone()],
        }
    }

    /// The file with the expected answer.
    pub fn expected(&self) -> PathBuf {
        self.folder.join(match self.subject {
            Subject::Document(_) => "expected.report.json",
            Subject::Request { .. } => "expected.decision.json",
        })
    }

    /// What the core says.
    pub fn answer(&self) -> Result<Answer, String> {
        let wrong = |what: &str| format!("case `{}`: {what}", self.name);
        let now = Timestamp::parse(&self.setting.now).ok_or_else(|| wrong("`now` is no time"))?;
        let pretty = |error: serde_json::Error| wrong(&error.to_string());
        match &self.subject {
            Subject::Document(document) => {
                let kind = self.setting.kind.as_deref();
                let kind = kind.map(|name| Kind::from_name(name).ok_or_else(|| wrong("`kind` is no kind")));
                let document = bytes(document)?;
                let options = CheckOptions { kind: kind.transpose()?, now: Some(now) };
                let report = check(&document, &options);
                Ok(Answer {
                    json: wire::report(&report),
                    pretty: serde_json::to_string_pretty(&ReportJson::from(&report)).map_err(pretty)?,
                })
            }
            Subject::Request { policy, request } => {
                let from = self.setting.from.as_deref();
                let from = from.map(|text| text.parse().map_err(|_| wrong("`from` is no address")));
                let context = Context { now, caller_address: from.transpose()? };
                let decision = decide(&bytes(policy)?, &bytes(request)?, &context);
                Ok(Answer {
                    json: wire::decision(&decision),
                    pretty: serde_json::to_string_pretty(&DecisionJson::from(&decision)).map_err(pretty)?,
                })
            }
        }
    }
}

/// What a file holds.
pub fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("`{}`: {error}", path.display()))
}

/// What a folder holds, by name.
fn names(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let wrong = |error| format!("`{}`: {error}", folder.display());
    let entries = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
    });
    let mut paths = entries.map_err(wrong)?;
    paths.sort();
    Ok(paths)
}
