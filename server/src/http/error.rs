//! Errors as Resource Manager gives them: `{"error":{code,message,target,details,additionalInfo}}`.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jitgate_core::ledger::Refusal;
use jitgate_core::wire;
use serde::Serialize;

use crate::store::Fault;

/// An answer that is an error. Every client reads the code, people read the message.
#[derive(Debug)]
pub struct Error {
    /// The status of the response, 400 or more.
    pub status: StatusCode,
    /// What is in its body.
    pub body: Box<ErrorBody>,
    /// The whole body, where the core has written it: with details, and the nearest request.
    pub text: Option<String>,
    /// Headers that go with it: `Allow`, `WWW-Authenticate`, `Retry-After`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// Azure's `CloudErrorBody`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// What it is about: a JSON pointer into the body, or the name of a parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

impl Error {
    /// An error with a status, a code and a message.
    pub fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        let body = ErrorBody { code: code.into(), message: message.into(), ..ErrorBody::default() };
        Self { status, body: Box::new(body), text: None, headers: Vec::new() }
    }

    /// The caller's fault.
    pub fn bad_request(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// There is no such thing.
    pub fn not_found(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// With what it is about.
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.body.target = Some(target.into());
        self
    }

    /// Its body.
    pub fn json(&self) -> String {
        let made = || serde_json::to_string(&Envelope { error: &self.body }).unwrap_or_default();
        self.text.clone().unwrap_or_else(made)
    }

    /// With another header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: &'a ErrorBody,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.json()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, super::headers::JSON);
        headers.extend(self.headers);
        response
    }
}

/// The core's own words.
impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
        let text = Some(wire::ledger::refusal(&refusal));
        Self { text, ..Self::new(status, refusal.code, refusal.message) }
    }
}

/// The store cannot take it now; the caller may try again, and its repeat opens nothing twice.
impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let code = match fault {
            Fault::Full => "StorageFull",
            Fault::ReadOnly => "StorageReadOnly",
            _ => "StorageUnavailable",
        };
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, fault.to_string())
            .header(header::RETRY_AFTER, HeaderValue::from_static("5"))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn absent_members_are_left_out() {
        let response = Error::bad_request("Bad", "a \"word\"").into_response();
        assert_eq!(response.status(), 400);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json; charset=utf-8");
        let body = to_bytes(response.into_body(), 1000).await.unwrap();
        assert_eq!(body, r#"{"error":{"code":"Bad","message":"a \"word\""}}"#);
    }
}
