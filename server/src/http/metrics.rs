//! Numbers for Prometheus, in the text format of `OpenMetrics`.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// The content type of what [`Metrics::text`] gives.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What a call is counted under. No label is the caller's to choose.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Call {
    /// The operation.
    pub operation: &'static str,
    /// The status of the answer.
    pub status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    operation: &'static str,
}

/// All that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    calls: Family<Call, Counter>,
    times: Family<Operation, Histogram>,
    records: Gauge,
    open: Gauge,
    listeners: Gauge,
    faults: Counter,
}

impl Metrics {
    /// With nothing counted yet.
    pub fn new() -> Self {
        let constructor: fn() -> Histogram = histogram;
        let times = Family::new_with_constructor(constructor);
        let mut registry = Registry::with_prefix("jitgate");
        let calls = Family::<Call, Counter>::default();
        let (records, open, listeners) = (Gauge::default(), Gauge::default(), Gauge::default());
        let faults = Counter::default();
        registry.register("http_requests", "Calls answered, by operation and status", calls.clone());
        let help = "Time from the head of a call to the head of its answer";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, times.clone());
        registry.register("ledger_records", "Records in the ledger", records.clone());
        registry.register("grants_open", "Grants that are open now", open.clone());
        registry.register(
            "event_listeners",
            "Clients that listen to the stream of changes",
            listeners.clone(),
        );
        registry.register(
            "storage_faults",
            "Calls that failed because nothing could be stored",
            faults.clone(),
        );
        Self { registry, calls, times, records, open, listeners, faults }
    }

    /// A call was answered.
    pub fn call(&self, operation: &'static str, status: u16, time: Duration) {
        self.calls.get_or_create(&Call { operation, status }).inc();
        self.times.get_or_create(&Operation { operation }).observe(time.as_secs_f64());
    }

    /// Nothing could be stored.
    pub fn fault(&self) {
        self.faults.inc();
    }

    /// The clients that listen to the stream of changes: one more until what this gives is dropped.
    pub fn listener(&self) -> Listening {
        self.listeners.inc();
        Listening(self.listeners.clone())
    }

    /// All numbers, with those of the ledger as they are told.
    pub fn text(&self, records: u64, open: usize) -> String {
        self.records.set(i64::try_from(records).unwrap_or(i64::MAX));
        self.open.set(i64::try_from(open).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a `String` does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// From a tenth of a millisecond to 3 s.
fn histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.0001, 2.0, 16))
}

/// Counts a listener as long as it lives.
#[derive(Debug)]
pub struct Listening(Gauge);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_told() {
        let metrics = Metrics::new();
        metrics.call("Initiate", 202, Duration::from_millis(3));
        metrics.call("Initiate", 202, Duration::from_millis(3));
        let listening = metrics.listener();
        let text = metrics.text(7, 2);
        for line in [
            "jitgate_http_requests_total{operation=\"Initiate\",status=\"202\"} 2",
            "jitgate_http_request_duration_seconds_count{operation=\"Initiate\"} 2",
            "jitgate_ledger_records 7",
            "jitgate_grants_open 2",
            "jitgate_event_listeners 1",
        ] {
            assert!(text.lines().any(|own| own == line), "{line} is not in\n{text}");
        }
        drop(listening);
        assert!(metrics.text(7, 2).contains("jitgate_event_listeners 0"));
    }
}
