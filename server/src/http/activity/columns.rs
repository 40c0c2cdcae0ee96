//! The activity log as CSV: the columns of Azure's portal, and those of what opened or closed.

use super::detail::Detail;
use super::event::LogEvent;
use crate::http::csv::Csv;

/// The table's columns.
pub struct Columns;

/// Azure's portal has the first eleven; a line for each port follows from the others.
const HEAD: [&str; 19] = [
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
    "Virtual machine",
    "Port",
    "Protocol",
    "Source",
    "Start time",
    "End time",
    "Justification",
    "Status reason",
];

impl Columns {
    /// The first line.
    pub fn head() -> Csv {
        let mut csv = Csv::default();
        csv.row(HEAD);
        csv
    }

    /// The lines of an event: one for each port, or one.
    pub fn rows(csv: &mut Csv, event: &LogEvent) {
        let none = [Detail::default()];
        let details = if event.details.is_empty() { none.as_slice() } else { event.details.as_slice() };
        for detail in details {
            csv.row([
                event.correlation.as_str(),
                event.operation.1,
                event.status,
                "Administrative",
                event.level,
                &event.time.to_service_form(),
                event.resource.subscription().unwrap_or_default(),
                &event.caller,
                &event.kind(),
                event.resource.resource_group().unwrap_or_default(),
                event.resource.text(),
                &detail.machine,
                &detail.port.map(|port| port.to_string()).unwrap_or_default(),
                &detail.protocol,
                &detail.source,
                &detail.start.map(|start| start.to_service_form()).unwrap_or_default(),
                &detail.end,
                detail.justification.as_deref().unwrap_or_default(),
                detail.reason.or(event.code()).unwrap_or_default(),
            ]);
        }
    }
}
