//! The inventory: what is known of the network.

use axum::response::Response;

use crate::http::call::{Call, page};
use crate::http::error::Error;
use crate::http::route::Route;

/// Lists of what there is: nothing yet.
pub fn answer(_: &Call, route: &Route) -> Result<Response, Error> {
    match route {
        Route::Inventory(kind, place, Some(name)) => {
            let group = place.resource_group.as_deref().unwrap_or_default();
            let kind = kind.name();
            let message =
                format!("The Resource '{kind}/{name}' under resource group '{group}' was not found.");
            Err(Error::not_found("ResourceNotFound", message))
        }
        Route::PolicyAction(..) => {
            Err(Error::not_found("InventoryNotFound", "There is no inventory to show the effect on."))
        }
        _ => Ok(page(Vec::new(), None)),
    }
}

/// The subscriptions of what there is.
pub fn subscriptions(_: &Call) -> Vec<String> {
    Vec::new()
}

/// The resource groups of what there is in a subscription, and the region of each.
pub fn resource_groups(_: &Call, _: &str) -> Vec<(String, String)> {
    Vec::new()
}
