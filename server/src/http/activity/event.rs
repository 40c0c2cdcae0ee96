//! A record as the activity log's events: the start of an operation and its end, as Azure has them.

use axum::http::StatusCode;
use jitgate_core::Timestamp;
use jitgate_core::ledger::{Event, Record, ResourceId, operation};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::detail::{Detail, details};
use crate::ledger::nanoseconds;

/// An event of the log.
#[derive(Debug)]
pub struct LogEvent {
    /// When.
    pub time: Timestamp,
    /// Who: a user's sign-in name, else the name or the object id.
    pub caller: String,
    /// The resource.
    pub resource: ResourceId,
    /// The operation's name, and how people call it.
    pub operation: (String, &'static str),
    /// `Started`, `Accepted`, `Succeeded`, `Failed`.
    pub status: &'static str,
    /// `Informational` or `Error`.
    pub level: &'static str,
    /// Ties the events of one call together.
    pub correlation: String,
    /// What opened or closed.
    pub details: Vec<Detail>,
    sub_status: String,
    begins: bool,
    seq: u64,
    address: Option<String>,
    client_request: Option<String>,
    object_id: String,
    /// Of a refusal: the code and the message.
    error: Option<(String, String)>,
}

/// How people call an operation. The first is Azure's own; of the others it is not known.
fn title(name: &str) -> &'static str {
    match name {
        operation::INITIATE => "Initiate JIT Network Access Policy",
        operation::POLICY_WRITE => "Create or Update JIT Network Access Policy",
        operation::POLICY_DELETE => "Delete JIT Network Access Policy",
        operation::REVOKE => "Revoke JIT Network Access",
        operation::EXPIRE => "Expire JIT Network Access",
        operation::ASSIGNMENT_WRITE => "Create role assignment",
        operation::ASSIGNMENT_DELETE => "Delete role assignment",
        _ => "Other operation",
    }
}

impl LogEvent {
    /// The events of a record, so far as they are about this resource: the end first, since the log is read backwards.
    pub fn of(record: &Record, resource: &str) -> Vec<Self> {
        let (name, status, code, error) = match &record.event {
            Event::Refused(attempt) => {
                let error = Some((attempt.code.clone(), attempt.message.clone()));
                (attempt.operation.as_str(), "Failed", attempt.status, error)
            }
            Event::AccessInitiated(_) => (operation::INITIATE, "Accepted", 202, None),
            event => (event.operation(), "Succeeded", 200, None),
        };
        let reason =
            StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason()).unwrap_or("Unknown");
        let principal = &record.actor.principal;
        let end = Self {
            time: record.time,
            caller: if principal.name.is_empty() {
                principal.id.to_string()
            } else {
                principal.name.to_string()
            },
            resource: spelt(&record.event, resource),
            operation: (name.to_owned(), title(name)),
            status,
            level: if status == "Failed" { "Error" } else { "Informational" },
            correlation: record.correlation_id.clone(),
            details: details(record, resource),
            sub_status: format!("{} (HTTP Status Code: {code})", reason.replace(' ', "")),
            begins: false,
            seq: record.seq,
            address: record.actor.address.map(|address| address.to_string()),
            client_request: record.client_request_id.clone(),
            object_id: principal.id.to_string(),
            error,
        };
        // Nobody asked for an expiry: it has no start.
        if matches!(record.event, Event::AccessExpired(_)) {
            return vec![end];
        }
        let start = Self {
            status: "Started",
            level: "Informational",
            details: Vec::new(),
            sub_status: String::new(),
            begins: true,
            error: None,
            caller: end.caller.clone(),
            resource: end.resource.clone(),
            operation: end.operation.clone(),
            correlation: end.correlation.clone(),
            address: end.address.clone(),
            client_request: end.client_request.clone(),
            object_id: end.object_id.clone(),
            ..end
        };
        vec![end, start]
    }

    /// Of a refusal: the error's code.
    pub fn code(&self) -> Option<&str> {
        self.error.as_ref().map(|(code, _)| code.as_str())
    }

    /// As Azure's REST API has it. All properties are texts.
    pub fn json(&self) -> Value {
        let named = |text: &str| json!({ "value": text, "localizedValue": text });
        let id = self.id().to_string();
        let ticks = nanoseconds(self.time).checked_div(100).and_then(|ticks| ticks.checked_add(UNIX_TICKS));
        let time = self.time.to_service_form();
        let kind = self.kind();
        let mut event = json!({
            "authorization": { "action": self.operation.0, "scope": self.resource.text() },
            "caller": self.caller,
            "channels": "Operation",
            "claims": { "http://schemas.microsoft.com/identity/claims/objectidentifier": self.object_id },
            "correlationId": self.correlation,
            "description": "",
            "eventDataId": id,
            "eventName": named(if self.begins { "BeginRequest" } else { "EndRequest" }),
            "category": named("Administrative"),
            "eventTimestamp": time,
            "id": format!("{}/events/{id}/ticks/{}", self.resource.text(), ticks.unwrap_or_default()),
            "level": self.level,
            "operationId": self.correlation,
            "operationName": { "value": self.operation.0, "localizedValue": self.operation.1 },
            "resourceGroupName": self.resource.resource_group().unwrap_or_default(),
            "resourceProviderName": named(kind.split('/').next().unwrap_or_default()),
            "resourceType": named(&kind),
            "resourceId": self.resource.text(),
            "status": named(self.status),
            "subStatus": named(&self.sub_status),
            "submissionTimestamp": time,
            "subscriptionId": self.resource.subscription().unwrap_or_default(),
            "tenantId": crate::http::TENANT,
            "properties": self.properties(),
        });
        let mut request = Map::new();
        request.extend(self.client_request.iter().map(|id| ("clientRequestId".to_owned(), json!(id))));
        request.extend(self.address.iter().map(|address| ("clientIpAddress".to_owned(), json!(address))));
        if let Some(event) = event.as_object_mut().filter(|_| !request.is_empty()) {
            request.insert("method".to_owned(), json!(self.method()));
            event.insert("httpRequest".to_owned(), Value::Object(request));
        }
        event
    }

    fn properties(&self) -> Value {
        let mut properties = Map::new();
        let mut put = |name: &str, text: &str| {
            properties.insert(name.to_owned(), json!(text));
        };
        put("eventCategory", "Administrative");
        put("entity", self.resource.text());
        put("message", &self.operation.0);
        if let Some((code, message)) = &self.error {
            put("statusCode", self.sub_status.split(' ').next().unwrap_or_default());
            put("statusMessage", &json!({ "error": { "code": code, "message": message } }).to_string());
        }
        if self.operation.0 == operation::INITIATE && !self.begins {
            put("User", &self.caller);
            let justification = self.details.iter().find_map(|detail| detail.justification.as_deref());
            put("Justification", justification.unwrap_or_default());
        }
        if !self.details.is_empty() {
            let details: Vec<Value> = self.details.iter().map(Detail::json).collect();
            put("details", &Value::Array(details).to_string());
        }
        Value::Object(properties)
    }

    /// The same each time it is asked for.
    fn id(&self) -> Uuid {
        let digest = Sha256::digest(format!("{} {} {}", self.seq, self.resource.key(), self.begins));
        let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// The resource's type: `Microsoft.Security/locations/jitNetworkAccessPolicies`.
    pub fn kind(&self) -> String {
        let Some((_, rest)) = self.resource.key().rsplit_once("/providers/") else {
            return "Microsoft.Resources/subscriptions".to_owned();
        };
        if rest.starts_with("microsoft.security/locations/") {
            return "Microsoft.Security/locations/jitNetworkAccessPolicies".to_owned();
        }
        let start = self.resource.text().len().saturating_sub(rest.len());
        let written: Vec<&str> = self.resource.text().get(start..).unwrap_or_default().split('/').collect();
        let types = written.iter().skip(1).step_by(2).copied();
        written.first().copied().into_iter().chain(types).collect::<Vec<_>>().join("/")
    }

    fn method(&self) -> &'static str {
        let name = &self.operation.0;
        match () {
            () if name.ends_with("/write") => "PUT",
            () if name.ends_with("/delete") => "DELETE",
            () => "POST",
        }
    }
}

/// Ticks of 100 ns from the year 1 to 1970.
const UNIX_TICKS: i64 = 621_355_968_000_000_000;

/// The resource as the record spells it.
fn spelt(event: &Event, key: &str) -> ResourceId {
    let ids = crate::ledger::ids(event);
    let found = ids.into_iter().find(|(id, _)| id.key() == key);
    found.map_or_else(|| ResourceId::new(key), |(id, _)| id.into_owned())
}
