//! What is answered to everybody: signs of life, and what a client needs before it can have a token.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::json;

use super::app::App;
use super::call;
use super::error::Error;
use super::places::TENANT;
use super::route::Route;

/// The answer to a call without a caller.
pub async fn answer(
    app: &Arc<App>,
    route: Route,
    parts: &Parts,
    _: &Bytes,
    peer: IpAddr,
) -> Result<Response, Error> {
    let origin = || match &app.settings.public_url {
        Some(url) => url.clone(),
        None => app.settings.proxies.origin(peer, &parts.headers, app.settings.tls, app.settings.address),
    };
    match route {
        Route::Health => health(app).await,
        Route::MetadataEndpoints => Ok(endpoints(&origin())),
        _ => Err(Error::not_found("InvalidResourceType", "This server gives out no tokens here.")),
    }
}

/// Well, if the ledger takes commands and the disk can be read.
async fn health(app: &Arc<App>) -> Result<Response, Error> {
    let reader = app.reader.clone();
    let read = tokio::task::spawn_blocking(move || reader.blob(""));
    read.await.map_err(crate::store::Fault::other)??;
    let state = app.writer.state();
    Ok(call::status(StatusCode::OK, json!({ "status": "ok", "records": state.state().seq() }).to_string()))
}

/// What `az cloud register --endpoint-resource-manager` reads.
fn endpoints(origin: &str) -> Response {
    let body = json!({
        "name": "jitgate",
        "portal": format!("{origin}/"),
        "resourceManager": format!("{origin}/"),
        "authentication": {
            "loginEndpoint": format!("{origin}/"),
            "audiences": [format!("{origin}/"), "https://management.azure.com/"],
            "tenant": TENANT,
            "identityProvider": "AAD",
        },
        "suffixes": {},
    });
    call::json(body.to_string())
}
