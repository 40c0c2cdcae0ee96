//! JIT611: a stored request in a state that the service does not have.

use crate::Severity;
use crate::format::format;
use crate::model::policy::Text;
use crate::model::{Field, Request, RequestPort};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A stored request in a state that the service does not have.
#[derive(Debug)]
pub struct UnknownStatus;

/// The states; the last one is in no specification, but in every answer to a call.
const STATUS: [&str; 3] = ["Initiated", "Revoked", "Initiating"];
/// The reasons.
const REASON: [&str; 3] = ["Expired", "UserRequested", "NewerRequestInitiated"];

impl Rule for UnknownStatus {
    const META: Meta = Meta {
        name: "unknown-status",
        severity: Severity::Warning,
        summary: "a stored request has a `status` or `statusReason` that the service does not write",
        fixable: false,
        contested: false,
        page: page(include_str!("unknown_status.md")),
    };

    fn request_port(port: &RequestPort, request: &Request, cx: &mut Context) {
        if request.stored {
            look(&port.status, &STATUS, "`Initiated`, `Revoked` and, for a moment, `Initiating`", cx);
            look(&port.status_reason, &REASON, "`Expired`, `UserRequested` and `NewerRequestInitiated`", cx);
        }
    }
}

fn look(field: &Field<Text>, known: &[&str], list: &'static str, cx: &mut Context) {
    let Some((text, node)) = field.given().filter(|(text, _)| !known.contains(&&***text)) else { return };
    let text = words::quoted(text);
    cx.find::<UnknownStatus>(
        node,
        format!("{text} is not a value that the service writes: whether the port is open cannot be told"),
    )
    .help(format!("the service writes {list}"));
}
