//! A refusal as Azure Resource Manager writes errors.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::decide::{Nearest, Reason};
use crate::ledger::Refusal;
use crate::wire::decision::RequestBodyJson;
use crate::wire::json;

/// `{"error": {"code", "message", "target"?, "details"?, "additionalInfo"?}}`. Each detail has the code of a rule
/// (`JIT601`), its message and a JSON pointer; `additionalInfo` has the nearest request that would be granted as
/// `{"type": "NearestAccessRequest", "info": {"request", "changes"}}`.
pub fn refusal(refusal: &Refusal) -> String {
    json(&RefusalJson::from(refusal))
}

/// As [`refusal`] has it.
#[derive(Serialize)]
pub struct RefusalJson<'a> {
    error: Error<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Error<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    additional_info: Vec<Info<'a>>,
}

#[derive(Serialize)]
struct Detail<'a> {
    code: &'static str,
    message: &'a str,
    target: String,
}

#[derive(Serialize)]
struct Info<'a> {
    r#type: &'static str,
    info: NearestJson<'a>,
}

#[derive(Serialize)]
struct NearestJson<'a> {
    request: RequestBodyJson<'a>,
    changes: &'a [String],
}

impl<'a> From<&'a Refusal> for RefusalJson<'a> {
    fn from(refusal: &'a Refusal) -> Self {
        let nearest = |nearest: &'a Nearest| Info {
            r#type: "NearestAccessRequest",
            info: NearestJson { request: RequestBodyJson::from(&nearest.body), changes: &nearest.changes },
        };
        let error = Error {
            code: refusal.code,
            message: &refusal.message,
            target: refusal.target.as_deref(),
            details: refusal.reasons.iter().map(Detail::from).collect(),
            additional_info: refusal.nearest.as_deref().into_iter().map(nearest).collect(),
        };
        Self { error }
    }
}

impl<'a> From<&'a Reason> for Detail<'a> {
    fn from(reason: &'a Reason) -> Self {
        let diagnostic = &reason.diagnostic;
        Self { code: diagnostic.code.id(), message: &diagnostic.message, target: diagnostic.path.pointer() }
    }
}
