//! Reads the shared cases of `tests/previews/`, whose `README.md` tells their layout, and answers them with the
//! core.

use std::path::{Path, PathBuf};

use jitgate_core::Timestamp;
use jitgate_core::network::{Engine, Flow};
use jitgate_core::preview::{self, Loaded, Mode, Options, Watch};
use jitgate_core::wire::{self, DiffJson, PreviewJson};
use serde::{Deserialize, Serialize};

use crate::{Answer, bytes, names};

/// One case.
#[derive(Debug)]
pub struct PreviewCase {
    /// Its folder.
    pub folder: PathBuf,
    /// The folder's name.
    pub name: String,
    /// What is asked.
    pub setting: Setting,
}

/// The `case.json` of a case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// What the case is about.
    pub note: String,
    /// The present.
    pub now: String,
    /// The folder of `tests/networks` with the exports.
    pub network: String,
    /// The caller's address.
    pub from: Option<String>,
    /// Where just-in-time rules go.
    pub mode: Option<String>,
}

/// What is asked of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What do the policy and the requests do to the network?
    Preview,
    /// What becomes possible from `policy.json` to `after.json`?
    Diff,
    /// Could these flows get through?
    Reach,
}

/// A line of `flows.ndjson`.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    machine: String,
    from: std::net::IpAddr,
    port: Option<u16>,
    protocol: Option<String>,
    source_port: Option<u16>,
    to: Option<std::net::IpAddr>,
    now: Option<String>,
}

/// All cases, by name; or what is wrong with one of them.
pub fn previews() -> Result<Vec<PreviewCase>, String> {
    let mut folders = names(&root().join("previews"))?;
    folders.retain(|path| path.is_dir());
    folders.into_iter().map(PreviewCase::read).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl PreviewCase {
    fn read(folder: PathBuf) -> Result<Self, String> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let setting = serde_json::from_slice(&bytes(&folder.join("case.json"))?)
            .map_err(|error| format!("case `{name}`: `case.json`: {error}"))?;
        let case = Self { folder, name, setting };
        let known = ["case.json", "policy.json", "after.json", "flows.ndjson", "requests"];
        let is_stray = |path: &&PathBuf| {
            !known.iter().any(|file| path.ends_with(file))
                && !case.questions().iter().any(|question| **path == case.expected(*question))
        };
        match names(&case.folder)?.iter().find(is_stray) {
            Some(stray) => Err(format!("case `{}`: what is `{}` for?", case.name, stray.display())),
            None => Ok(case),
        }
    }

    /// The policy.
    pub fn policy(&self) -> PathBuf {
        self.folder.join("policy.json")
    }

    /// The later version of the policy, where the case is about a difference.
    pub fn after(&self) -> PathBuf {
        self.folder.join("after.json")
    }

    /// The file of flows.
    pub fn flows(&self) -> PathBuf {
        self.folder.join("flows.ndjson")
    }

    /// The requests, by name.
    pub fn requests(&self) -> Vec<PathBuf> {
        names(&self.folder.join("requests")).unwrap_or_default()
    }

    /// The exports of the network, by name.
    pub fn network(&self) -> Result<Vec<PathBuf>, String> {
        names(&root().join("networks").join(&self.setting.network))
    }

    /// What is asked.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::new();
        questions.push(if self.after().exists() { Question::Diff } else { Question::Preview });
        if self.flows().exists() {
            questions.push(Question::Reach);
        }
        questions
    }

    /// The file with the expected answer.
    pub fn expected(&self, question: Question) -> PathBuf {
        self.folder.join(match question {
            Question::Preview => "expected.preview.json",
            Question::Diff => "expected.diff.json",
            Question::Reach => "expected.reach.ndjson",
        })
    }

    /// What the core says.
    pub fn answer(&self, question: Question) -> Result<Answer, String> {
        let wrong = |what: &str| format!("case `{}`: {what}", self.name);
        let now = Timestamp::parse(&self.setting.now).ok_or_else(|| wrong("`now` is no time"))?;
        let from =
            self.setting.from.as_deref().map(|text| text.parse().map_err(|_| wrong("`from` is no address")));
        let mode = self.setting.mode.as_deref().unwrap_or("enforce");
        let mode = Mode::from_name(mode).ok_or_else(|| wrong("`mode` is no mode"))?;
        let options = Options { mode, caller_address: from.transpose()?, ..Options::at(now) };
        let read = |paths: Vec<PathBuf>| paths.iter().map(|path| bytes(path)).collect::<Result<Vec<_>, _>>();
        let (network, requests) = (read(self.network()?)?, read(self.requests())?);
        let policy = bytes(&self.policy())?;
        let requests = slices(&requests);
        let loaded = preview::load(&slices(&network), Some(now));
        let pretty = |error: serde_json::Error| wrong(&error.to_string());
        match question {
            Question::Preview => {
                let preview = preview::preview(&loaded, &[&policy], &requests, &options);
                Ok(Answer {
                    json: wire::preview(&preview),
                    pretty: serde_json::to_string_pretty(&PreviewJson::from(&preview)).map_err(pretty)?,
                })
            }
            Question::Diff => {
                let diff = preview::diff(&[&policy], &[&bytes(&self.after())?], &[], None);
                Ok(Answer {
                    json: wire::diff(&diff),
                    pretty: serde_json::to_string_pretty(&DiffJson::from(&diff)).map_err(pretty)?,
                })
            }
            Question::Reach => {
                let json = self.reach(&loaded, &policy, &requests, &options)?.join("\n");
                Ok(Answer { pretty: json.clone(), json })
            }
        }
    }

    /// An answer a line.
    fn reach(
        &self,
        loaded: &Loaded,
        policy: &[u8],
        requests: &[&[u8]],
        options: &Options,
    ) -> Result<Vec<String>, String> {
        let watch = Watch::new(loaded, &[policy], requests, options);
        let text = String::from_utf8(bytes(&self.flows())?).map_err(|error| error.to_string())?;
        let answer = |line: &str| {
            let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
            let now = line.now.as_deref().map_or(Some(options.now), Timestamp::parse);
            let engine = watch.at(now.ok_or("`now` is no time")?);
            Ok(wire::reach(engine, &engine.reach(&line.flow(engine)?)))
        };
        text.lines().map(answer).collect()
    }
}

impl Line {
    fn flow(&self, engine: &Engine) -> Result<Flow, String> {
        let machine = engine.find(&self.machine).map_err(|_| format!("no machine `{}`", self.machine))?;
        let protocol = match self.protocol.as_deref().unwrap_or("tcp") {
            "tcp" => 6,
            "udp" => 17,
            "icmp" if self.from.is_ipv6() => 58,
            "icmp" => 1,
            other => return Err(format!("no protocol `{other}`")),
        };
        let (port, source_port) = (self.port.unwrap_or(0), self.source_port);
        Ok(Flow { machine, from: self.from, port, protocol, source_port, to: self.to })
    }
}

fn slices(documents: &[Vec<u8>]) -> Vec<&[u8]> {
    documents.iter().map(Vec::as_slice).collect()
}
