//! The diagnostics of a refusal in an error's `details` and `additionalInfo`.

use jitgate_core::ledger::Refusal;
use jitgate_core::wire;
use serde_json::{Value, json};

use super::error::{AdditionalInfo, ErrorBody};

/// Each diagnostic is a detail, with its code and its pointer into the body; all that is known of it, and the nearest
/// request that would be granted, stand in `additionalInfo`.
pub fn explain(error: &mut ErrorBody, refusal: &Refusal) {
    error.details = refusal
        .reasons
        .iter()
        .map(|reason| ErrorBody {
            code: reason.diagnostic.code.id().to_owned(),
            message: reason.diagnostic.message.to_string(),
            target: Some(reason.diagnostic.pointer.to_string()),
            ..ErrorBody::default()
        })
        .collect();
    if let Some(nearest) = &refusal.nearest {
        let body = serde_json::to_value(wire::RequestBodyJson::from(&nearest.body)).unwrap_or(Value::Null);
        let info = json!({ "request": body, "changes": nearest.changes });
        error.additional_info.push(AdditionalInfo { kind: "NearestRequest", info });
    }
}
