//! The body of a revocation. Whatever it does not know it refuses: a member that is misspelt must not close more than
//! was meant.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::ledger::ResourceId;

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

impl RevokeBody {
    /// Reads the body; an empty one says nothing.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = core::str::from_utf8(bytes).map_err(|error| format!("not UTF-8: {error}"))?;
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
        let known = ["virtualMachines", "requestor", "justification"];
        let members = object(&value, "the body", &known)?;
        let machines = list(members, "virtualMachines", "the body")?;
        let body = Self {
            virtual_machines: machines.map(|all| all.iter().map(machine).collect()).transpose()?,
            requestor: text_of(members, "requestor")?,
            justification: text_of(members, "justification")?,
        };
        // It has the right shape, so that nothing else is left to go wrong.
        serde_json::from_str::<Once>(text).map_err(|error| format!("a member is given twice: {error}"))?;
        Ok(body)
    }
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

fn machine(value: &Value) -> Result<RevokeMachine, String> {
    let what = "an element of `virtualMachines`";
    let members = object(value, what, &["id", "ports"])?;
    let id = text_of(members, "id")?.ok_or_else(|| format!("{what} has no `id`"))?;
    let ports = list(members, "ports", what)?;
    Ok(RevokeMachine {
        id: ResourceId::new(id.trim().trim_end_matches('/')),
        ports: ports.map(|all| all.iter().map(port).collect()).transpose()?,
    })
}

fn port(value: &Value) -> Result<u16, String> {
    let what = "an element of `ports`";
    let members = object(value, what, &["number"])?;
    let number = match members.get("number") {
        Some(Value::Number(number)) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
        None => return Err(format!("{what} has no `number`")),
    };
    number
        .ok_or_else(|| "a `number` is not that of a port: it must be a whole number up to 65535".to_string())
}

/// An object with none but these members.
fn object<'v>(value: &'v Value, what: &str, known: &[&str]) -> Result<&'v Map<String, Value>, String> {
    let Value::Object(members) = value else {
        return Err(format!("{what} is not an object"));
    };
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => {
            let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            Err(format!("{what} has the unknown member `{name}`; it can have {}", known.join(", ")))
        }
        None => Ok(members),
    }
}

/// The array in a member, if there is one. An empty one is refused: it could be read as none or as all.
fn list<'v>(members: &'v Map<String, Value>, name: &str, what: &str) -> Result<Option<&'v [Value]>, String> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) if list.is_empty() => {
            Err(format!("`{name}` of {what} is empty: leave it out if all are meant"))
        }
        Some(Value::Array(list)) => Ok(Some(list)),
        Some(_) => Err(format!("`{name}` of {what} is not an array")),
    }
}

fn text_of(members: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{name}` is not a text")),
    }
}
