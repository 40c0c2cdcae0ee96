//! Each operation to its handler. Here the caller may do what is asked, and the body is read.

use axum::http::StatusCode;
use axum::response::Response;

use jitgate_core::rest::{self, Action, Route};

use super::call::Call;
use super::error::Error;
use super::{activity, batch, call, directory, events, jit, records};
use crate::inventory;

/// The answer to a call.
pub async fn answer(call: &Call, route: Route) -> Result<Response, Error> {
    match route {
        Route::Policies(place, location) => jit::list(call, &place, location.as_deref()).await,
        Route::Policy(policy) => jit::policy(call, policy).await,
        Route::PolicyAction(policy, Action::Initiate) => jit::initiate(call, policy).await,
        Route::PolicyAction(policy, Action::Revoke) => jit::revoke(call, policy).await,
        Route::PolicyAction(policy, Action::Decide) => jit::decide(call, &policy).await,
        Route::PolicyAction(..)
        | Route::Exposure(..)
        | Route::Inventory(..)
        | Route::Parts(..)
        | Route::Region(..)
        | Route::InstanceView(..) => inventory::answer(call, &route).await,
        Route::Activity(subscription) => activity::list(call, &subscription).await,
        Route::Events => events::stream(call),
        Route::Records => records::page(call).await,
        Route::Metrics => Ok(metrics(call)),
        Route::Tenants => {
            call.query.unfiltered()?;
            Ok(call::json(rest::tenants()))
        }
        Route::Batch => batch::answer(call).await,
        Route::Me => Ok(call::json(rest::me(&call.caller.principal, call.address))),
        Route::Graph(what) => directory::answer(call, what),
        Route::Resources(place) => {
            let view = inventory::view(call).await?;
            Ok(call::json(call.asked(Some(&view)).resources(&place)?))
        }
        route => places(call, &route).await,
    }
}

/// Places and roles.
async fn places(call: &Call, route: &Route) -> Result<Response, Error> {
    let view = match route {
        Route::Permissions(_) | Route::Roles(..) | Route::Categories => None,
        _ => Some(inventory::view(call).await?),
    };
    let asked = call.asked(view.as_deref());
    match asked.answer(route) {
        Some(answer) => Ok(call::json(answer?)),
        // The public routes were answered before a caller was asked for.
        None => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            Err(Error::new(status, "InternalServerError", "This call went astray."))
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
