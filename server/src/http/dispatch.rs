//! From a request to its answer, in the order in which Resource Manager judges: the path, the method, the caller, the
//! version, the rights, the body, and only then what is there.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};

use jitgate_core::rest::{Caller, Path, Query, Route, check_version};

use super::app::{App, Shows};
use super::call::Call;
use super::coding::Coding;
use super::compress::compress;
use super::connection::one_client;
use super::error::Error;
use super::headers::CallIds;
use super::limit::too_many;
use super::{answer, body, ends, permission, portal, public};

/// The API, and the portal where the program has one.
pub fn router(app: Arc<App>) -> Router {
    Router::new().fallback(serve).with_state(app)
}

/// Headers together may have that many bytes; any address line less.
const HEAD_BYTES: usize = 64 * 1024;

async fn serve(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let address = app.settings.proxies.caller(peer.ip(), request.headers());
    let (response, shows) = one(&app, peer.ip(), address, request).await;
    for one in shows {
        one.note(&app.shown);
    }
    response
}

/// The number of the state when the batch came that a call is of.
#[derive(Clone, Copy, Debug)]
pub(super) struct InBatch(pub u64);

/// One call, that may also be one of a batch: the answer, and which policies it shows.
pub(super) async fn one(
    app: &Arc<App>,
    peer: IpAddr,
    caller_address: Option<IpAddr>,
    request: Request,
) -> (Response, Vec<Shows>) {
    let start = Instant::now();
    let (mut parts, body) = request.into_parts();
    let ids = CallIds::of(&parts.headers);
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    // HEAD is GET without the body (RFC 9110, section 9.3.2), which axum takes away once its length is told.
    let is_head = method == Method::HEAD;
    if is_head {
        parts.method = Method::GET;
    }
    let codings = Coding::accepted(&parts.headers);
    let mut known = Known::default();
    let result = handle(app, &ids, peer, caller_address, parts, body, &mut known).await;
    let mut response = result.unwrap_or_else(IntoResponse::into_response);
    let mut shows = Shows::of(&mut response);
    if is_head {
        shows.clear();
    }
    let mut response = match response {
        response if is_head && known.resource && response.status() == StatusCode::OK => exists(response),
        response => compress(codings, response).await,
    };
    ids.mark(response.headers_mut(), (app.clock)());
    let (status, time) = (response.status().as_u16(), start.elapsed());
    app.metrics.call(known.operation, status, time);
    tracing::info!(
        %method, path, status, operation = known.operation, caller = known.caller.as_deref(),
        address = caller_address.map(tracing::field::display), correlation = ids.correlation, micros = time.as_micros(), "answered"
    );
    (response, shows)
}

/// That there is such a resource: clients of Azure's take nothing but 204 for a yes.
fn exists(mut response: Response) -> Response {
    *response.status_mut() = StatusCode::NO_CONTENT;
    *response.body_mut() = Body::empty();
    response.headers_mut().remove(header::CONTENT_TYPE);
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

/// The operation of what is none.
pub(super) const UNKNOWN: &str = "Unknown";

/// What is known of a call so far.
#[derive(Default)]
struct Known {
    /// For the log, as the next one.
    operation: &'static str,
    caller: Option<String>,
    /// It is about one resource.
    resource: bool,
}

async fn handle(
    app: &Arc<App>,
    ids: &CallIds,
    peer: IpAddr,
    address: Option<IpAddr>,
    parts: Parts,
    body: Body,
    known: &mut Known,
) -> Result<Response, Error> {
    known.operation = UNKNOWN;
    let time = app.settings.body_time;
    let judged = judge(app, peer, address.unwrap_or(peer), &parts, known).await;
    let (route, caller, remaining) = match judged {
        Ok(Judged::Call(judged)) => *judged,
        Ok(Judged::Public(route)) => {
            let content = body::read(&parts.headers, body, time).await?;
            return public::answer(app, route, &parts, &content, peer).await;
        }
        Ok(Judged::Portal(response)) => return Ok(response),
        Err(error) => return Err(body::drain(&parts.headers, body, time, error).await),
    };
    let (origin, now) = (app.origin(peer, &parts.headers), (app.clock)());
    ends::before_answer(app, now).await;
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let Parts { method, uri, version, headers, extensions, .. } = parts;
    let mut call = Call {
        app: app.clone(),
        method,
        uri,
        version,
        headers,
        query,
        body: Bytes::new(),
        ids: ids.clone(),
        caller,
        address,
        peer,
        origin,
        batch: extensions.get().map(|InBatch(seq)| *seq),
        now,
        ledger: app.writer.state(),
    };
    let refusal = match permission::check(&call, &route) {
        Ok(()) => None,
        Err(error) => Some(permission::record(&call, &route, error).await),
    };
    if let Some(error) = refusal {
        return Err(body::drain(&call.headers, body, time, error).await);
    }
    let start = Instant::now();
    call.body = body::read(&call.headers, body, time).await?;
    // The calls of a batch count by themselves.
    if !matches!(route, Route::Batch) {
        app.limit.weigh(&call.caller.principal.id, call.body.len(), Instant::now());
    }
    // A token may have been revoked meanwhile.
    if start.elapsed() >= app.settings.known {
        call.caller = identify(app, &call.headers, peer, address.unwrap_or(peer)).await?;
        if let Err(error) = permission::check(&call, &route) {
            return Err(permission::record(&call, &route, error).await);
        }
    }
    let mut response = answer::answer(&call, route).await?;
    response.headers_mut().insert(remaining_header(&call.method), HeaderValue::from(remaining));
    Ok(response)
}

/// What is left of a caller's bucket.
type Remaining = u64;

/// The header that tells it.
fn remaining_header(method: &Method) -> HeaderName {
    HeaderName::from_static(match *method {
        Method::GET => "x-ms-ratelimit-remaining-subscription-reads",
        Method::DELETE => "x-ms-ratelimit-remaining-subscription-deletes",
        _ => "x-ms-ratelimit-remaining-subscription-writes",
    })
}

/// What the head of a request comes to.
enum Judged {
    Call(Box<(Route, Caller, Remaining)>),
    Public(Route),
    Portal(Response),
}

/// Everything that can be told without the body.
async fn judge(
    app: &App,
    peer: IpAddr,
    address: IpAddr,
    parts: &Parts,
    known: &mut Known,
) -> Result<Judged, Error> {
    let size = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len().saturating_add(value.len());
    if parts.headers.iter().map(size).fold(0, usize::saturating_add) > HEAD_BYTES {
        let message = format!("The headers of the request are larger than {HEAD_BYTES} bytes.");
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Err(Error::new(status, "RequestHeaderFieldsTooLarge", message));
    }
    // RFC 9112, section 3.2. Of two names one would be believed here, and perhaps the other one on the way.
    let hosts = parts.headers.get_all(header::HOST).iter().count();
    if hosts > 1 || (hosts == 0 && parts.version == Version::HTTP_11) {
        let message = "A request of HTTP/1.1 has exactly one Host header.";
        return Err(Error::bad_request("InvalidRequestHeader", message).target("Host"));
    }
    let path = parts.uri.path();
    // Names of the portal's files need not be names of resources.
    let route = match Path::parse(path).and_then(|path| Route::parse(&path)) {
        Ok(Some(route)) => route,
        other => {
            known.operation = "Portal";
            if let Some(response) = portal::answer(&parts.method, path, &parts.headers) {
                return Ok(Judged::Portal(response));
            }
            known.operation = UNKNOWN;
            return Err(other.err().map_or_else(|| nothing_at(path), Error::from));
        }
    };
    known.operation = route.name(parts.method.as_str());
    known.resource = route.is_resource();
    if !route.methods().contains(&parts.method.as_str()) {
        let mut allowed = route.methods().to_vec();
        if route.methods().contains(&"GET") {
            allowed.push("HEAD");
        }
        let message = format!("The HTTP method '{}' is not supported at this path.", parts.method);
        let error = Error::new(StatusCode::METHOD_NOT_ALLOWED, "HttpMethodNotSupported", message);
        let allow = HeaderValue::try_from(allowed.join(", "));
        return Err(match allow {
            Ok(allow) => error.header(header::ALLOW, allow),
            Err(_) => error,
        });
    }
    let now = Instant::now();
    if route.is_public() {
        // Whoever guesses tokens must not make the server look ill to those who probe it from the same address.
        let bucket = if matches!(route, Route::Health) { "health" } else { "address" };
        app.limit.take(&format!("{bucket} {}", one_client(address)), now).map_err(too_many)?;
        return Ok(Judged::Public(route));
    }
    let caller = identify(app, &parts.headers, peer, address).await?;
    known.caller = Some(caller.principal.id.to_string());
    let remaining = app.limit.take(&caller.principal.id, now).map_err(too_many)?;
    if let Some(jit) = route.versioned() {
        check_version(&Query::parse(parts.uri.query().unwrap_or_default()), jit)?;
    }
    Ok(Judged::Call(Box::new((route, caller, remaining))))
}

/// 404: no path of the API is like it.
pub(super) fn nothing_at(path: &str) -> Error {
    Error::not_found("InvalidResourceType", format!("There is nothing at the path '{path}'."))
}

/// Who calls.
async fn identify(app: &App, headers: &HeaderMap, peer: IpAddr, address: IpAddr) -> Result<Caller, Error> {
    match app.authenticator.identify(headers, address).await {
        Ok(caller) => Ok(caller),
        Err(unauthorized) => {
            // Guessing is slowed down, and costs the guesser's own bucket.
            app.limit.take(&format!("address {}", one_client(address)), Instant::now()).map_err(too_many)?;
            Err(unauthorized.answer(&app.origin(peer, headers)))
        }
    }
}
