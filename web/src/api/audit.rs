//! The activity log, and the records that it is made from.
use jitgate_core::Timestamp;
use jitgate_core::ledger::ResourceId;

use super::client::next_of;
use super::{Api, Failure, Json};

/// The version of the activity log's API.
const VERSION: &str = "2015-04-01";

/// An event of the activity log.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    pub id: String,
    pub time: Option<Timestamp>,
    /// As role definitions have it.
    pub operation: String,
    /// For people.
    pub title: String,
    pub status: String,
    pub level: String,
    /// Who.
    pub caller: String,
    pub subscription: String,
    pub resource: ResourceId,
    /// When what was asked for begins and ends.
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    /// Members that people look for: name and value.
    pub members: Vec<(String, String)>,
    /// All of it.
    pub json: String,
}

/// A page of events, and the path of the next one.
pub struct LogPage {
    pub events: Vec<Logged>,
    pub next: Option<String>,
}

/// The path of a subscription's log; an empty filter takes everything.
pub fn log_path(subscription: &str, filter: &str) -> String {
    let path = format!(
        "/subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version={VERSION}"
    );
    if filter.is_empty() {
        return path;
    }
    format!("{path}&$filter={}", String::from(js_sys::encode_uri_component(filter)))
}

impl Api {
    /// A page of the log.
    pub async fn log(self, path: String) -> Result<LogPage, Failure> {
        let answer = self.get(path.clone()).await?;
        Json::read(&answer.body, |json| {
            let next = next_of(json, &path)?;
            Ok(LogPage { events: json.get("value").list().map(logged).collect(), next })
        })
    }

    /// The same as a table for spreadsheets, all of it.
    pub async fn log_csv(self, path: &str) -> Result<String, Failure> {
        Ok(self.get(format!("{path}&$format=csv")).await?.body)
    }

    /// The records after that one, a line of JSON each; none where there are no more.
    pub async fn records(self, after: u64) -> Result<String, Failure> {
        Ok(self.get(format!("/records?after={after}")).await?.body)
    }
}

fn logged(json: Json) -> Logged {
    let words = |name| json.get(name).get("localizedValue").string();
    let properties = json.get("properties");
    let members = [
        ("Machines", properties.get("virtualMachine").string()),
        ("Ports", properties.get("port").string()),
        ("Protocol", properties.get("protocol").string()),
        ("Sources", properties.get("sourceAddressPrefix").string()),
        ("Opened for", properties.get("requestor").string()),
        ("Justification", properties.get("Justification").string()),
        ("Status reason", properties.get("statusReason").string()),
        ("Machines taken out", properties.get("removedVirtualMachines").string()),
        ("Error", error(&properties.get("statusMessage").string())),
        ("Resource", json.get("resourceId").string()),
        ("Resource group", json.get("resourceGroupName").string()),
        ("Client address", json.get("httpRequest").get("clientIpAddress").string()),
        ("Result", words("subStatus")),
        ("Event", words("eventName")),
        ("Level", json.get("level").string()),
        ("Correlation id", json.get("correlationId").string()),
    ];
    let members = members.into_iter().filter(|(_, value)| !value.is_empty());
    Logged {
        id: json.get("eventDataId").string(),
        time: json.get("eventTimestamp").time(),
        operation: json.get("operationName").get("value").string(),
        title: words("operationName"),
        status: words("status"),
        level: json.get("level").string(),
        caller: json.get("caller").string(),
        subscription: json.get("subscriptionId").string(),
        resource: ResourceId::new(&json.get("resourceId").string()),
        start: properties.get("startTimeUtc").time(),
        end: properties.get("endTimeUtc").time(),
        members: members.map(|(name, value)| (name.to_owned(), value)).collect(),
        json: json.raw().to_owned(),
    }
}

/// The message of `{"error": {"code", "message"}}`, which is a text in the event.
fn error(text: &str) -> String {
    Json::read(text, |json| json.get("error").get("message").string())
}
