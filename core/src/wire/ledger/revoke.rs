//! The body of a revocation. Whatever it does not know it refuses: a member that is misspelt must not close more than
//! was meant.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::diagnostic::{Path, Step};
use crate::ledger::ResourceId;
use crate::rules::Code;

/// `{"virtualMachines"?: [{"id", "ports"?: [{"number"}]}], "requestor"?, "justification"?}`
#[derive(Debug, Default)]
pub struct RevokeBody {
    /// The machines; without them, all.
    pub virtual_machines: Option<Vec<RevokeMachine>>,
    /// Whose grants: `*`, a name or an object id; without it, the caller's own.
    pub requestor: Option<String>,
    /// Why.
    pub justification: Option<String>,
}

/// A machine in a revocation.
#[derive(Debug)]
pub struct RevokeMachine {
    /// Its id, without a slash behind it.
    pub id: ResourceId,
    /// The numbers of the ports; without them, all.
    pub ports: Option<Vec<u16>>,
}

/// What is wrong with a body, and where.
#[derive(Debug)]
pub struct Slip {
    /// The rule that says so of documents.
    pub code: Code,
    /// Where.
    pub path: Path,
    /// In words.
    pub message: String,
}

impl RevokeBody {
    /// Reads the body; an empty one says nothing.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, Slip> {
        let whole = Place::default();
        let text = core::str::from_utf8(bytes)
            .map_err(|error| whole.slip(Code::InvalidEncoding, format!("not UTF-8: {error}")))?;
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let value = serde_json::from_str(text)
            .map_err(|error| whole.slip(Code::InvalidJson, format!("not JSON: {error}")))?;
        let known = ["virtualMachines", "requestor", "justification"];
        let members = object(&value, (&whole, "the body"), &known)?;
        let machines = list(members, "virtualMachines", (&whole, "the body"))?;
        let body = Self {
            virtual_machines: machines
                .map(|all| each(all, &whole.member("virtualMachines"), machine))
                .transpose()?,
            requestor: text_of(members, "requestor", &whole)?,
            justification: text_of(members, "justification", &whole)?,
        };
        // It has the right shape, so that nothing else is left to go wrong.
        serde_json::from_str::<Once>(text).map_err(|error| {
            whole.slip(Code::DuplicateProperty, format!("a member is given twice: {error}"))
        })?;
        Ok(body)
    }
}

/// A place in the body.
#[derive(Clone, Debug, Default)]
struct Place(Vec<Step>);

impl Place {
    fn then(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    fn member(&self, name: &str) -> Self {
        self.then(Step::Key(name.into()))
    }

    fn slip(&self, code: Code, message: impl Into<String>) -> Slip {
        Slip { code, path: Path(self.0.clone()), message: message.into() }
    }
}

/// All elements of a list at a place, read.
fn each<T>(all: &[Value], at: &Place, read: fn(&Value, &Place) -> Result<T, Slip>) -> Result<Vec<T>, Slip> {
    let place = |index: usize| at.then(Step::Index(u32::try_from(index).unwrap_or(u32::MAX)));
    all.iter().enumerate().map(|(index, one)| read(one, &place(index))).collect()
}

/// The members alone: reading them finds those that are given twice, of which a map keeps only the last.
#[derive(Deserialize)]
struct Once {
    #[serde(rename = "virtualMachines")]
    _machines: Option<Vec<OnceMachine>>,
    #[serde(rename = "requestor")]
    _requestor: Option<IgnoredAny>,
    #[serde(rename = "justification")]
    _justification: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct OnceMachine {
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[serde(rename = "ports")]
    _ports: Option<Vec<OncePort>>,
}

#[derive(Deserialize)]
struct OncePort {
    #[serde(rename = "number")]
    _number: Option<IgnoredAny>,
}

fn machine(value: &Value, at: &Place) -> Result<RevokeMachine, Slip> {
    let what = (at, "an element of `virtualMachines`");
    let members = object(value, what, &["id", "ports"])?;
    let missing = || at.slip(Code::MissingProperty, format!("{} has no `id`", what.1));
    let id = text_of(members, "id", at)?.ok_or_else(missing)?;
    let ports = list(members, "ports", what)?;
    Ok(RevokeMachine {
        id: ResourceId::new(id.trim().trim_end_matches('/')),
        ports: ports.map(|all| each(all, &at.member("ports"), port)).transpose()?,
    })
}

fn port(value: &Value, at: &Place) -> Result<u16, Slip> {
    let what = (at, "an element of `ports`");
    let members = object(value, what, &["number"])?;
    let number = match members.get("number") {
        Some(Value::Number(number)) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
        None => return Err(at.slip(Code::MissingProperty, format!("{} has no `number`", what.1))),
    };
    let message = "a `number` is not that of a port: it must be a whole number up to 65535";
    number.ok_or_else(|| at.member("number").slip(Code::PortOutOfRange, message))
}

/// An object with none but these members.
fn object<'v>(
    value: &'v Value,
    (at, what): (&Place, &str),
    known: &[&str],
) -> Result<&'v Map<String, Value>, Slip> {
    let Value::Object(members) = value else {
        return Err(at.slip(Code::WrongType, format!("{what} is not an object")));
    };
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => {
            let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            let known = known.join(", ");
            let message = format!("{what} has the unknown member `{name}`; it can have {known}");
            Err(at.member(name).slip(Code::UnknownProperty, message))
        }
        None => Ok(members),
    }
}

/// The array in a member, if there is one. An empty one is refused: it could be read as none or as all.
fn list<'v>(
    members: &'v Map<String, Value>,
    name: &str,
    (at, what): (&Place, &str),
) -> Result<Option<&'v [Value]>, Slip> {
    let wrong = |message| Err(at.member(name).slip(Code::WrongType, message));
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) if list.is_empty() => {
            wrong(format!("`{name}` of {what} is empty: leave it out if all are meant"))
        }
        Some(Value::Array(list)) => Ok(Some(list)),
        Some(_) => wrong(format!("`{name}` of {what} is not an array")),
    }
}

fn text_of(members: &Map<String, Value>, name: &str, at: &Place) -> Result<Option<String>, Slip> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(at.member(name).slip(Code::WrongType, format!("`{name}` is not a text"))),
    }
}
