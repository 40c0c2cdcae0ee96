//! What is answered to everybody: signs of life, and what a client needs before it can have a token.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use jitgate_core::rest::{Route, TENANT};
use serde_json::json;

use super::app::App;
use super::call;
use super::clock::ahead;
use super::error::Error;
use crate::auth::openid_configuration;
use crate::store::Fault;

/// Every operation with its shapes. The tests hold all answers against it.
pub const OPEN_API: &str = include_str!("../../openapi.json");

/// The answer to a call without a caller.
pub async fn answer(
    app: &Arc<App>,
    route: Route,
    parts: &Parts,
    content: &Bytes,
    peer: IpAddr,
) -> Result<Response, Error> {
    let origin = || app.origin(peer, &parts.headers);
    match route {
        Route::Health => health(app).await,
        Route::OpenApi => Ok(call::json(OPEN_API.to_owned())),
        Route::MetadataEndpoints => Ok(endpoints(&origin())),
        Route::OpenIdConfiguration(tenant) => match openid_configuration(&origin(), &tenant) {
            Some(body) => Ok(call::json(body)),
            None => Err(Error::not_found("InvalidTenant", "This cannot be the name of a tenant.")),
        },
        // The tokens that are had here are signed with nothing that others could check.
        Route::Keys(_) => Ok(call::json(json!({ "keys": [] }).to_string())),
        Route::Token(_) => Ok(token(app, parts, content).await),
        _ => Err(Error::not_found("InvalidResourceType", "There is nothing at this path.")),
    }
}

/// An access token, or OAuth's error; neither is to be kept on the way (RFC 6749, section 5.1).
async fn token(app: &App, parts: &Parts, content: &Bytes) -> Response {
    let (status, body) = match app.authenticator.grant(&parts.headers, content).await {
        Ok(body) => (StatusCode::OK, body.expose().to_owned()),
        Err(error) => (StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST), error.body()),
    };
    let mut response = call::status(status, body);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Well, if the ledger takes commands and the disk can be read: else 503, and why. Everybody is told so, and no more than
/// that: how much there is `/metrics` tells to whoever may know. A ledger that is ahead of the system's clock goes on
/// working, but grants end at other times than people's clocks show.
async fn health(app: &Arc<App>) -> Result<Response, Error> {
    let reader = app.reader.clone();
    let read = tokio::task::spawn_blocking(move || reader.blob(""));
    read.await.map_err(Fault::other).flatten().map_err(plain)?;
    app.writer.check().await.map_err(plain)?;
    let body = match ahead((app.clock)(), (app.wall)()) {
        Some(ahead) => json!({ "status": "clock", "secondsAhead": ahead.as_secs() }),
        None => json!({ "status": "ok" }),
    };
    Ok(call::status(StatusCode::OK, body.to_string()))
}

/// What everybody may know of a failure: its kind. Where files are is for whoever runs the server.
fn plain(fault: Fault) -> Error {
    match fault {
        Fault::Full | Fault::ReadOnly => fault,
        _ => Fault::other("the data cannot be read or written; calls of those who may make them say why"),
    }
    .into()
}

/// What `az cloud register --endpoint-resource-manager` reads.
fn endpoints(origin: &str) -> Response {
    let body = json!({
        "name": "jitgate",
        "portal": format!("{origin}/"),
        "resourceManager": format!("{origin}/"),
        "authentication": {
            // Without a slash at the end: `az` puts one behind it.
            "loginEndpoint": origin,
            "audiences": [format!("{origin}/"), "https://management.azure.com/"],
            "tenant": TENANT,
            "identityProvider": "AAD",
        },
        // `az role` asks there who somebody is.
        "microsoftGraphResourceId": format!("{origin}/"),
        // What was there before Graph; older ones of `az` register no cloud without it, that of Debian 12 among them.
        "graphEndpoint": format!("{origin}/"),
        "suffixes": {},
    });
    call::json(body.to_string())
}
