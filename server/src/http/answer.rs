//! Each operation to its handler. Here the caller may do what is asked, and the body is read.

use axum::http::StatusCode;
use axum::response::Response;

use super::call::Call;
use super::error::Error;
use super::route::{Action, Route};
use super::{activity, call, events, jit, places, records, roles};
use crate::inventory;

/// The answer to a call.
pub async fn answer(call: &Call, route: Route) -> Result<Response, Error> {
    match route {
        Route::Policies(place, location) => jit::list(call, &place, location.as_deref()).await,
        Route::Policy(policy) => jit::policy(call, &policy).await,
        Route::PolicyAction(policy, Action::Initiate) => jit::initiate(call, &policy).await,
        Route::PolicyAction(policy, Action::Revoke) => jit::revoke(call, &policy).await,
        Route::PolicyAction(policy, Action::Decide) => jit::decide(call, &policy),
        Route::PolicyAction(..) | Route::Exposure(..) | Route::Inventory(..) => {
            inventory::answer(call, &route).await
        }
        Route::Activity(subscription) => activity::list(call, &subscription).await,
        Route::Events => Ok(events::stream(call)),
        Route::Records => records::page(call).await,
        Route::Metrics => Ok(metrics(call)),
        Route::Permissions(scope) => places::permissions(call, &scope),
        Route::Roles(kind, scope, name) => roles::answer(call, kind, &scope, name.as_deref()),
        Route::Subscriptions => Ok(places::subscriptions(call)),
        Route::Subscription(id) => places::subscription(call, &id),
        Route::Locations(id) => places::locations(call, &id),
        Route::Tenants => Ok(places::tenants()),
        Route::Me => Ok(places::me(call)),
        Route::ResourceGroups(id) => places::resource_groups(call, &id),
        Route::ResourceGroup(id, name) => places::resource_group(call, &id, &name),
        Route::Providers(id) => places::providers(call, &id),
        Route::Provider(id, name) | Route::Register(id, name) => places::provider(call, &id, &name),
        Route::MetadataEndpoints
        | Route::Health
        | Route::OpenApi
        | Route::OpenIdConfiguration(_)
        | Route::Token(_) => {
            // They were answered before a caller was asked for.
            Err(Error::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalServerError",
                "This call went astray.",
            ))
        }
    }
}

fn metrics(call: &Call) -> Response {
    let open = call.state().live(call.present()).count();
    let text = call.app.metrics.text(call.state().seq(), open);
    let mut response = call::json(text);
    let kind = axum::http::HeaderValue::from_static(super::metrics::CONTENT_TYPE);
    response.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
    response
}
