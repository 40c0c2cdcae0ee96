//! The body of a revocation.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;

/// `{"virtualMachines"?: [{"id", "ports"?: [{"number"}]}], "requestor"?, "justification"?}`
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokeBody<'a> {
    /// The machines; without them, all.
    #[serde(borrow)]
    pub virtual_machines: Option<Vec<RevokeMachine<'a>>>,
    /// Whose grants: `*`, a name or an object id; without it, the caller's own.
    #[serde(borrow)]
    pub requestor: Option<Cow<'a, str>>,
    /// Why.
    #[serde(borrow)]
    pub justification: Option<Cow<'a, str>>,
}

/// A machine in a revocation.
#[derive(Debug, Deserialize)]
pub struct RevokeMachine<'a> {
    /// Its id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// The ports; without them, all.
    pub ports: Option<Vec<RevokePort>>,
}

/// A port in a revocation.
#[derive(Debug, Deserialize)]
pub struct RevokePort {
    /// The port.
    pub number: u16,
}

impl<'a> RevokeBody<'a> {
    /// Reads the body; an empty one says nothing.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let text = core::str::from_utf8(bytes).map_err(|error| format!("not UTF-8: {error}"))?;
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}
