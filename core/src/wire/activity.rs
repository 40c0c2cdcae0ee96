//! The activity log as Azure Monitor writes it, and as the portal's CSV file.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::{csv, json};
use crate::ledger::activity::{Activity, Opening};
use crate::ledger::{ActorKind, ResourceId, operation};
use crate::model::Protocol;

/// The columns of the CSV file: the portal's, and what it has not.
pub const COLUMNS: [&str; 18] = [
    "Correlation id",
    "Operation name",
    "Status",
    "Event category",
    "Level",
    "Time",
    "Subscription",
    "Event initiated by",
    "Resource type",
    "Resource group",
    "Resource",
    "Machine",
    "Port",
    "Protocol",
    "Source",
    "Start",
    "End",
    "Justification",
];

/// `{"value": […], "nextLink"?}`, as `Microsoft.Insights/eventtypes/management/values` answers it.
pub fn list<'a>(activities: impl IntoIterator<Item = &'a Activity<'a>>, next_link: Option<&str>) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct List<'a> {
        value: Vec<ActivityJson<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_link: Option<&'a str>,
    }
    let value = activities.into_iter().map(ActivityJson::from).collect();
    json(&List { value, next_link })
}

/// One event.
pub fn event(activity: &Activity) -> String {
    json(&ActivityJson::from(activity))
}

/// The first line of the CSV file, with its end.
pub fn csv_header() -> String {
    csv::line(&COLUMNS)
}

/// A line of the CSV file, with its end.
pub fn csv_line(activity: &Activity) -> String {
    let openings = activity.openings.as_slice();
    let each = |text: fn(&Opening) -> String| distinct(openings.iter().map(text));
    let removed = || distinct(activity.removed.iter().map(|id| id.name().to_string()));
    csv::line(&[
        activity.record.correlation_id.clone(),
        operation::title(activity.operation).to_string(),
        activity.status.as_str().to_string(),
        CATEGORY.to_string(),
        activity.level.as_str().to_string(),
        activity.time.to_service_form(),
        activity.subscription().unwrap_or_default().to_string(),
        activity.caller().to_string(),
        operation::resource_type(activity.operation).to_string(),
        activity.resource_group().unwrap_or_default().to_string(),
        activity.resource.rsplit('/').next().unwrap_or_default().to_string(),
        if openings.is_empty() { removed() } else { each(|opening| opening.machine.name().to_string()) },
        each(|opening| opening.number.to_string()),
        each(protocols),
        each(sources),
        each(|opening| opening.start.to_service_form()),
        each(|opening| opening.end.text()),
        activity.justification.unwrap_or_default().to_string(),
    ])
}

/// The category of every event here.
pub const CATEGORY: &str = "Administrative";
/// `{"value": [{"value", "localizedValue"}]}` of the categories that events have.
pub fn categories() -> String {
    super::page([json(&Localized::same(CATEGORY))].into_iter(), &[], None)
}
/// The channel of every event here, as of every event of Azure's activity log that the reference shows.
pub const CHANNEL: &str = "Operation";

/// Each once, in order.
fn distinct(texts: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    for text in texts {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all.join("; ")
}

fn protocols(opening: &Opening) -> String {
    opening.protocols.iter().map(Protocol::as_str).collect::<Vec<_>>().join(", ")
}

fn sources(opening: &Opening) -> String {
    opening.prefixes.texts().join(", ")
}

/// `{"value", "localizedValue"}`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Localized<'a> {
    value: Cow<'a, str>,
    localized_value: Cow<'a, str>,
}

impl<'a> Localized<'a> {
    fn new(value: impl Into<Cow<'a, str>>, title: impl Into<Cow<'a, str>>) -> Self {
        Self { value: value.into(), localized_value: title.into() }
    }

    fn same(value: impl Into<Cow<'a, str>>) -> Self {
        let value = value.into();
        Self { localized_value: value.clone(), value }
    }
}

#[derive(Serialize)]
struct Authorization<'a> {
    action: &'a str,
    scope: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HttpRequest<'a> {
    client_request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_ip_address: Option<String>,
    method: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ActivityJson<'a> {
    authorization: Authorization<'a>,
    caller: &'a str,
    channels: &'static str,
    claims: BTreeMap<&'static str, &'a str>,
    correlation_id: &'a str,
    description: &'static str,
    event_data_id: String,
    event_name: Localized<'a>,
    category: Localized<'a>,
    event_timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_request: Option<HttpRequest<'a>>,
    id: String,
    level: &'static str,
    operation_id: &'a str,
    operation_name: Localized<'a>,
    resource_group_name: &'a str,
    resource_provider_name: Localized<'a>,
    resource_type: Localized<'a>,
    resource_id: &'a str,
    status: Localized<'a>,
    sub_status: Localized<'a>,
    submission_timestamp: String,
    subscription_id: &'a str,
    properties: BTreeMap<&'static str, Cow<'a, str>>,
    related_events: [(); 0],
}

impl<'a> From<&'a Activity<'a>> for ActivityJson<'a> {
    fn from(activity: &'a Activity<'a>) -> Self {
        let record = activity.record;
        let resource = activity.resource;
        let (event_data_id, ticks) = (activity.id(), activity.time.ticks());
        let name = if activity.name == "BeginRequest" { "Begin request" } else { "End request" };
        Self {
            authorization: Authorization { action: activity.operation, scope: resource },
            caller: activity.caller(),
            channels: CHANNEL,
            claims: claims(activity),
            correlation_id: &record.correlation_id,
            description: "",
            event_name: Localized::new(activity.name, name),
            category: Localized::same(CATEGORY),
            event_timestamp: activity.time.to_service_form(),
            http_request: http_request(activity),
            id: format!("{resource}/events/{event_data_id}/ticks/{ticks}"),
            event_data_id,
            level: activity.level.as_str(),
            operation_id: &record.correlation_id,
            operation_name: Localized::new(activity.operation, operation::title(activity.operation)),
            resource_group_name: activity.resource_group().unwrap_or_default(),
            resource_provider_name: Localized::same(operation::provider(activity.operation)),
            resource_type: Localized::same(operation::resource_type(activity.operation)),
            resource_id: resource,
            status: Localized::same(activity.status.as_str()),
            sub_status: sub_status(activity),
            submission_timestamp: record.time.to_service_form(),
            subscription_id: activity.subscription().unwrap_or_default(),
            properties: properties(activity),
            related_events: [],
        }
    }
}

fn claims<'a>(activity: &Activity<'a>) -> BTreeMap<&'static str, &'a str> {
    let principal = &activity.record.actor.principal;
    let kind = match principal.kind {
        ActorKind::User => "user",
        ActorKind::Application => "app",
        ActorKind::System => return BTreeMap::new(),
    };
    BTreeMap::from([
        ("http://schemas.microsoft.com/identity/claims/objectidentifier", &*principal.id),
        ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", &*principal.name),
        ("idtyp", kind),
    ])
}

fn http_request<'a>(activity: &Activity<'a>) -> Option<HttpRequest<'a>> {
    let record = activity.record;
    (!activity.is_by_time()).then(|| HttpRequest {
        client_request_id: record.client_request_id.as_deref().unwrap_or_default(),
        client_ip_address: record.actor.address.map(|address| address.to_string()),
        method: operation::method(record.event.operation()),
    })
}

/// `Accepted (HTTP Status Code: 202)`
fn sub_status(activity: &Activity) -> Localized<'static> {
    match activity.http {
        Some(status) => {
            let word = status_word(status);
            Localized::new(word, format!("{word} (HTTP Status Code: {status})"))
        }
        None => Localized::same(""),
    }
}

const fn status_word(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        204 => "NoContent",
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        412 => "PreconditionFailed",
        413 => "RequestEntityTooLarge",
        429 => "TooManyRequests",
        _ => "Unknown",
    }
}

/// Strings, all of them: the clients' models know no other.
fn properties<'a>(activity: &Activity<'a>) -> BTreeMap<&'static str, Cow<'a, str>> {
    let mut all: BTreeMap<&'static str, Cow<str>> = BTreeMap::new();
    all.insert("entity", activity.resource.into());
    all.insert("message", activity.operation.into());
    if let Some(status) = activity.http {
        all.insert("statusCode", status_word(status).into());
    }
    if let Some((code, message)) = activity.error {
        all.insert("statusMessage", error(code, message).into());
    }
    if activity.operation == operation::INITIATE {
        let justification = activity.justification.unwrap_or_default();
        let user = activity.caller();
        // The names that Microsoft's own queries look for.
        let inner = BTreeMap::from([("Justification", justification), ("User", user)]);
        all.insert("eventProperties", json(&inner).into());
        all.insert("Justification", justification.into());
        all.insert("User", user.into());
    } else if let Some(justification) = activity.justification {
        all.insert("Justification", justification.into());
    }
    if !activity.removed.is_empty() {
        let ids: Vec<&str> = activity.removed.iter().map(ResourceId::text).collect();
        all.insert("removedVirtualMachines", ids.join(", ").into());
    }
    let openings = activity.openings.as_slice();
    let each = |text: fn(&Opening) -> String| Cow::Owned(distinct(openings.iter().map(text)));
    if !openings.is_empty() {
        all.insert("virtualMachine", each(|opening| opening.machine.text().to_string()));
        all.insert("port", each(|opening| opening.number.to_string()));
        all.insert("protocol", each(protocols));
        all.insert("sourceAddressPrefix", each(sources));
        all.insert("startTimeUtc", each(|opening| opening.start.to_service_form()));
        all.insert("endTimeUtc", each(|opening| opening.end.text()));
    }
    if let Some(reason) = activity.reason {
        all.insert("statusReason", reason.as_str().into());
    }
    if let Some(requestor) = activity.requestor {
        all.insert("requestor", requestor.into());
    }
    all
}

/// `{"error": {"code", "message"}}`, as Azure has it in `statusMessage`.
fn error(code: &str, message: &str) -> String {
    json(&BTreeMap::from([("error", BTreeMap::from([("code", code), ("message", message)]))]))
}
