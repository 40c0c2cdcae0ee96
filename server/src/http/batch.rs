//! `POST /batch`: many calls in one, as Ansible's inventory, Azure's portal and scripts that ask for access send them.
//! One after the other, each is judged, counted, logged and put on record as a call of its own. What is no call of Resource
//! Manager's is refused here, and counts all the same.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jitgate_core::diagnostic::{Path as Place, Step};
use jitgate_core::ledger::{Digest, Refusal};
use jitgate_core::rest::{Path, Route};
use jitgate_core::rules::Code;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::app::Shows;
use super::call::{self, Call};
use super::dispatch::{InBatch, UNKNOWN, nothing_at, one};
use super::error::Error;
use super::headers::{CLIENT_REQUEST_ID, CORRELATION_REQUEST_ID, ID_LENGTH, JSON};
use super::limit::too_many;

/// As many calls as Resource Manager takes.
const MOST: usize = 500;
/// Once the answers are that long, in bytes, what is left is to be sent again.
const FULL: usize = 32 * 1024 * 1024;

/// So many characters of a method or path that is none are logged.
const LOGGED: usize = 256;

#[derive(Deserialize)]
struct Batch {
    requests: Vec<Asked>,
}

/// A call of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    /// The client tells the answers apart by it.
    name: Option<String>,
    http_method: String,
    /// With a host or without; it is asked here in any case.
    url: String,
    content: Option<Box<RawValue>>,
    /// Of these, conditions count.
    headers: Option<BTreeMap<String, Value>>,
}

/// What a call is made on condition of. It means one resource: a batch, which is none, has no such headers.
const CONDITIONS: [HeaderName; 2] = [header::IF_MATCH, header::IF_NONE_MATCH];

#[derive(Serialize)]
struct Answers {
    responses: Vec<Answered>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    http_status_code: u16,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Box<RawValue>>,
    content_length: usize,
}

/// The answers, in the order of the calls.
pub async fn answer(call: &Call) -> Result<Response, Error> {
    if let Some(name) = CONDITIONS.iter().find(|name| call.headers.contains_key(*name)) {
        let message =
            format!("A batch has no '{name}'. Put it among the 'headers' of the request that it is for.");
        return Err(Error::bad_request("InvalidRequestHeader", message).target(name.to_string()));
    }
    let batch: Batch = serde_json::from_slice(&call.body).map_err(|error| {
        let (code, path, what) =
            slip(&call.body).unwrap_or_else(|| (Code::InvalidJson, Vec::new(), error.to_string()));
        let message =
            format!("The body is no batch, {{\"requests\": [{{\"httpMethod\", \"url\"}}]}}: {what}.");
        Refusal::bad_request("InvalidRequestContent", message).at(code, Place(path), what)
    })?;
    if batch.requests.len() > MOST {
        let message = format!("A batch has at most {MOST} requests. This one has {}.", batch.requests.len());
        return Err(Error::bad_request("InvalidRequestContent", message).target("/requests"));
    }
    let (mut responses, mut shows, mut length) = (Vec::new(), Vec::new(), 0_usize);
    for (index, asked) in batch.requests.into_iter().enumerate() {
        let response = if length > FULL {
            full().into_response()
        } else {
            let sent = request(call, &asked, index).map(|request| sent(call, request));
            match sent {
                Ok(sent) => {
                    let (response, shown) = sent.await;
                    shows.extend(shown);
                    response
                }
                Err(error) => refused(call, &asked, error),
            }
        };
        let answered = read(asked.name, response).await;
        length = length.saturating_add(answered.content_length);
        responses.push(answered);
    }
    let text = serde_json::to_string(&Answers { responses }).map_err(crate::store::Fault::other)?;
    // Nothing of the batch was written after its caller saw this.
    let mut response = call::json(text);
    response.extensions_mut().insert(shows);
    Ok(response)
}

/// The first thing that is wrong with a body which is JSON and no batch, and where.
fn slip(body: &[u8]) -> Option<(Code, Vec<Step>, String)> {
    let key = |name: &str| Step::Key(name.into());
    let wrong = |path: Vec<Step>, what: &str| Some((Code::WrongType, path, what.to_owned()));
    let value: Value = serde_json::from_slice(body).ok()?;
    let Value::Object(whole) = &value else { return wrong(Vec::new(), "it is not an object") };
    let Some(requests) = whole.get("requests") else {
        return Some((Code::MissingProperty, Vec::new(), "it has no `requests`".to_owned()));
    };
    let Value::Array(requests) = requests else {
        return wrong(vec![key("requests")], "`requests` is not an array");
    };
    for (index, request) in (0..).zip(requests) {
        let at = [key("requests"), Step::Index(index)];
        let member = |name: &str| at.iter().cloned().chain([key(name)]).collect();
        let Value::Object(members) = request else { return wrong(at.to_vec(), "a request is not an object") };
        for name in ["httpMethod", "url"] {
            match members.get(name) {
                None => {
                    return Some((Code::MissingProperty, at.to_vec(), format!("a request has no `{name}`")));
                }
                Some(Value::String(_)) => {}
                Some(_) => return wrong(member(name), &format!("`{name}` is not a text")),
            }
        }
        if members.get("name").is_some_and(|name| !(name.is_null() || name.is_string())) {
            return wrong(member("name"), "`name` is not a text");
        }
        if members.get("headers").is_some_and(|headers| !(headers.is_null() || headers.is_object())) {
            return wrong(member("headers"), "`headers` is not an object");
        }
    }
    None
}

/// A call leads here, and from here to others: that needs a name for what comes of it.
type Sent<'c> = Pin<Box<dyn Future<Output = (Response, Vec<Shows>)> + Send + 'c>>;

fn sent(call: &Call, request: Request) -> Sent<'_> {
    Box::pin(one(&call.app, call.peer, call.address, request))
}

/// The call as if it had come by itself, from the same caller.
fn request(call: &Call, asked: &Asked, index: usize) -> Result<Request, Error> {
    // Scripts write filters with spaces.
    let url: Result<Uri, _> = asked.url.trim().replace(' ', "%20").parse();
    let url = url.ok().and_then(|url| Uri::try_from(url.path_and_query()?.as_str()).ok());
    let url = url.ok_or_else(|| wrong("url", format!("'{}' is no address.", asked.url)))?;
    let method = asked.http_method.trim().to_ascii_uppercase();
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| wrong("httpMethod", format!("'{method}' is no HTTP method.")))?;
    match Route::parse(&Path::parse(url.path())?)? {
        None => return Err(nothing_at(url.path())),
        // Streams, and what is asked without a version, is not Resource Manager's.
        Some(route) if route.versioned().is_none() || route.is_public() || route == Route::Batch => {
            return Err(wrong("url", format!("'{}' cannot be in a batch.", url.path())));
        }
        Some(_) => {}
    }
    let content =
        asked.content.as_ref().map_or_else(Body::empty, |content| Body::from(content.get().to_owned()));
    let mut request = Request::new(content);
    *request.method_mut() = method;
    *request.uri_mut() = url;
    *request.version_mut() = call.version;
    *request.headers_mut() = headers(call, asked, index)?;
    request.extensions_mut().insert(InBatch(call.state().seq()));
    Ok(request)
}

/// The answer to what is no call, which costs as much as one, and is in the log as well.
fn refused(call: &Call, asked: &Asked, error: Error) -> Response {
    let start = Instant::now();
    let paid = call.app.limit.take(&call.caller.principal.id, start);
    let response = paid.map_or_else(too_many, |_| error).into_response();
    let (status, time) = (response.status().as_u16(), start.elapsed());
    // What was sent may be anything, and of any length.
    let short = |text: &str| text.chars().take(LOGGED).collect::<String>();
    let path = short(asked.url.split(['?', '#']).next().unwrap_or_default());
    call.app.metrics.call(UNKNOWN, status, time);
    tracing::info!(
        method = ?short(&asked.http_method), ?path, status, operation = UNKNOWN, caller = &*call.caller.principal.id,
        address = call.address.map(tracing::field::display), correlation = call.ids.correlation, micros = time.as_micros(), "answered"
    );
    response
}

/// Who the caller is and how the server is reached; nothing that is about the batch's own body and answer.
fn headers(call: &Call, asked: &Asked, index: usize) -> Result<HeaderMap, Error> {
    let mut headers = call.headers.clone();
    for name in [
        header::ACCEPT,
        header::ACCEPT_ENCODING,
        header::CONTENT_ENCODING,
        header::CONTENT_LENGTH,
        header::EXPECT,
        header::TRANSFER_ENCODING,
    ] {
        headers.remove(name);
    }
    headers.insert(header::CONTENT_TYPE, JSON);
    if let Ok(correlation) = HeaderValue::from_str(&call.ids.correlation) {
        headers.insert(CORRELATION_REQUEST_ID, correlation);
    }
    // A batch that is sent again opens nothing twice; two calls of it are two.
    let client = call.ids.client.as_ref().map(|client| HeaderValue::try_from(id_of(client, index)));
    match client {
        Some(Ok(client)) => headers.insert(CLIENT_REQUEST_ID, client),
        _ => headers.remove(CLIENT_REQUEST_ID),
    };
    for (name, value) in asked.headers.iter().flatten() {
        let Some(known) = CONDITIONS.iter().find(|known| name.eq_ignore_ascii_case(known.as_str())) else {
            continue;
        };
        let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
        let value = value.ok_or_else(|| wrong("headers", format!("'{name}' is no header's value.")))?;
        headers.append(known, value);
    }
    Ok(headers)
}

/// What a call of a batch is called by the client. Where that is longer than an id may be, a digest stands for the batch's.
fn id_of(client: &str, index: usize) -> String {
    let id = format!("{client}.{index}");
    if id.len() <= ID_LENGTH {
        return id;
    }
    format!("{}.{index}", Digest::of(client.as_bytes()))
}

/// The answer as a part of the whole.
async fn read(name: Option<String>, mut response: Response) -> Answered {
    let is_json = response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind == JSON);
    if !is_json {
        response = wrong("url", "What is not JSON cannot be in a batch.".to_owned()).into_response();
    }
    let (parts, body) = response.into_parts();
    let text = to_bytes(body, usize::MAX).await.ok().and_then(|bytes| String::from_utf8(bytes.into()).ok());
    let text = text.unwrap_or_default();
    let value = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    Answered {
        name,
        http_status_code: parts.status.as_u16(),
        headers: parts.headers.iter().map(|(name, own)| (name.to_string(), value(own))).collect(),
        content_length: text.len(),
        content: RawValue::from_string(text).ok(),
    }
}

fn wrong(target: &str, message: String) -> Error {
    Error::bad_request("InvalidBatchRequest", message).target(target)
}

fn full() -> Error {
    let message = format!("The answers of this batch are longer than {FULL} bytes. Send what is left again.");
    Error::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
        .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}
