//! The headers that Resource Manager puts on every answer.

use std::time::SystemTime;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use jitgate_core::Timestamp;
use uuid::Uuid;

/// The content type of every JSON answer.
pub const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// What the client calls its request.
pub const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");
/// What the client calls a group of requests; ours is made where it names none.
pub const CORRELATION_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-correlation-request-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");
const ROUTING_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-routing-request-id");
const RETURN_CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-return-client-request-id");

/// What every answer carries, whatever it is.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
    (header::EXPIRES, HeaderValue::from_static("-1")),
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// A date of HTTP has four digits for its year. In seconds since 1970.
const YEAR_10000: u64 = 253_402_300_800;

/// What a call is known by.
#[derive(Clone, Debug)]
pub struct CallIds {
    /// Ties together what belongs to one call, or to one group of the client's calls.
    pub correlation: String,
    /// This request alone.
    pub request: Uuid,
    /// What the client calls it.
    pub client: Option<String>,
    /// The client wants its own name for it back.
    echo: bool,
}

/// A client's id is kept and logged: no more than this of it.
pub const ID_LENGTH: usize = 128;

impl CallIds {
    /// Reads what the client calls its request, and makes the rest.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let id = |name: &HeaderName| {
            let id = text(name).filter(|id| !id.is_empty() && id.len() <= ID_LENGTH)?;
            id.chars().all(|char| char.is_ascii_graphic()).then(|| id.to_owned())
        };
        let request = Uuid::new_v4();
        // A client's correlation id must be a GUID to be taken over: log columns and joins rely on its form.
        let correlation =
            id(&CORRELATION_REQUEST_ID).and_then(|id| Uuid::parse_str(&id).ok()).unwrap_or(request);
        let echo = text(&RETURN_CLIENT_REQUEST_ID).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        Self { correlation: correlation.to_string(), request, client: id(&CLIENT_REQUEST_ID), echo }
    }

    /// Puts the headers of Resource Manager on an answer.
    pub fn mark(&self, headers: &mut HeaderMap, now: Timestamp) {
        for (name, value) in ALWAYS {
            headers.entry(name).or_insert(value);
        }
        let mut insert = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        let request = self.request.to_string();
        insert(REQUEST_ID, &request);
        insert(CORRELATION_REQUEST_ID, &self.correlation);
        insert(ROUTING_REQUEST_ID, &["JITGATE:", &compact(now), ":", &request].concat());
        // What is open is open by the ledger's time, which the system's clock may be behind.
        let since = now.since(Timestamp::EPOCH).filter(|since| since.as_secs() < YEAR_10000);
        if let Some(time) = since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since)) {
            insert(header::DATE, &httpdate::fmt_http_date(time));
        }
        if let Some(client) = self.client.as_ref().filter(|_| self.echo) {
            insert(CLIENT_REQUEST_ID, client);
        }
    }
}

/// `20221117T094454Z`
fn compact(time: Timestamp) -> String {
    time.with_digits(0).replace(['-', ':'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(sent: &[(&'static str, &'static str)]) -> HeaderMap {
        let header = |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let mut headers = HeaderMap::new();
        let ids = CallIds::of(&sent.iter().map(header).collect());
        ids.mark(&mut headers, Timestamp::parse("2022-11-17T09:44:54.123Z").unwrap());
        headers
    }

    #[test]
    fn the_clients_id_comes_back_only_when_asked_for() {
        let id = ("x-ms-client-request-id", "abc");
        assert!(!marked(&[id]).contains_key(CLIENT_REQUEST_ID));
        let echo = marked(&[id, ("x-ms-return-client-request-id", "True")]);
        assert_eq!(echo[CLIENT_REQUEST_ID], "abc");
    }

    #[test]
    fn a_correlation_id_is_kept_if_it_is_one() {
        let id = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
        assert_eq!(marked(&[("x-ms-correlation-request-id", id)])[CORRELATION_REQUEST_ID], id);
        let made = marked(&[("x-ms-correlation-request-id", "x y")]);
        assert!(Uuid::parse_str(made[CORRELATION_REQUEST_ID].to_str().unwrap()).is_ok());
    }

    #[test]
    fn the_date_is_the_ledgers() {
        assert_eq!(marked(&[])[header::DATE], "Thu, 17 Nov 2022 09:44:54 GMT");
    }

    #[test]
    fn the_routing_id_has_its_form() {
        let headers = marked(&[]);
        let text = headers[ROUTING_REQUEST_ID].to_str().unwrap();
        let request = headers[REQUEST_ID].to_str().unwrap();
        assert_eq!(text, format!("JITGATE:20221117T094454Z:{request}"));
    }
}
