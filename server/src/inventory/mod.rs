//! The inventory: what is known of the network, in Azure's words, with just-in-time rules as they stand; and what is
//! open now.

mod cache;
mod dry;
pub mod import;
mod read;
#[cfg(test)]
mod tests;
mod told;

use std::sync::Arc;

use axum::response::Response;
use jitgate_core::access::{Scope, action};
use jitgate_core::inventory::{MappedPorts, Present, View, activity, counts};
use jitgate_core::ledger::Policy;
use jitgate_core::rest::{Action, Page, Place, Route, is_in, read_action};
use jitgate_core::wire;
use jitgate_core::wire::inventory::{ArmKind, Inventory};

pub use cache::{Cache, stored};
pub use told::is_told;

use crate::http::call::{Call, json};
use crate::http::error::Error;
use crate::ledger::Ledger;

/// What is known of the network, and what is open on it.
pub async fn answer(call: &Call, route: &Route) -> Result<Response, Error> {
    let present = present(call).await?;
    match route {
        Route::Inventory(kind, place, None) => list(call, *kind, place, None, &present),
        Route::Region(place, region) => list(call, ArmKind::VirtualMachine, place, Some(region), &present),
        Route::InstanceView(place, name) => instance_view(call, place, name, &present.view),
        Route::Inventory(kind, place, Some(name)) => resource(call, *kind, place, name, &present),
        Route::Parts(part, place, whole, name) => {
            let asked = call.asked(Some(&present.view));
            Ok(json(asked.parts(&present, *part, (place, whole), name.as_deref())?))
        }
        Route::Exposure(place, None) => exposures(call, place, present).await,
        Route::Exposure(place, Some(machine)) => exposure(call, place, machine, &present),
        Route::PolicyAction(policy, Action::Preview) => dry::preview(call, policy, present).await,
        _ => Err(Error::not_found("InvalidResourceType", "There is nothing at this path.")),
    }
}

/// The inventory as it stands; worked out away from the threads that answer calls.
async fn present(call: &Call) -> Result<Arc<Present>, Error> {
    present_of(call, &call.ledger).await
}

async fn present_of(call: &Call, ledger: &Arc<Ledger>) -> Result<Arc<Present>, Error> {
    let (app, ledger, now) = (call.app.clone(), ledger.clone(), call.now);
    away(move || app.inventory.present(&*app.reader, ledger.state(), now)).await?.map_err(Error::from)
}

/// The ports of firewalls that lead to the open grants of some policies.
pub async fn mapped_ports(
    call: &Call,
    ledger: &Arc<Ledger>,
    policies: &[&Arc<Policy>],
) -> Result<MappedPorts, Error> {
    let state = ledger.state();
    if MappedPorts::may_be(state, policies, state.present(call.now)) {
        return Ok(MappedPorts::new(&*present_of(call, ledger).await?));
    }
    Ok(MappedPorts::default())
}

/// Has something done that takes long.
async fn away<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let failed = |_| crate::store::Fault::other("the inventory could not be worked out").into();
    tokio::task::spawn_blocking(work).await.map_err(failed)
}

/// The network alone; read, where that has to be, away from the threads that answer calls.
pub async fn view(call: &Call) -> Result<Arc<View>, Error> {
    let (app, ledger) = (call.app.clone(), call.ledger.clone());
    away(move || app.inventory.view(&*app.reader, ledger.state())).await?.map_err(Error::from)
}

/// 404 where there is no such place: asked where a list of it has nothing to show.
pub async fn find_place(call: &Call, place: &Place) -> Result<(), Error> {
    // What can be told without an inventory that cannot be read is told.
    let view = view(call).await.ok();
    Ok(call.asked(view.as_deref()).find_place(place)?)
}

/// 404 for a resource that is not there: where there is no such place, for that.
fn missing(call: &Call, view: &View, place: &Place, kind: ArmKind, name: &str) -> Error {
    call.asked(Some(view)).missing(place, place.not_found(kind, name)).into()
}

/// The resources of a place, and perhaps of one region, that the caller may read, a page at a time.
fn list(
    call: &Call,
    kind: ArmKind,
    place: &Place,
    region: Option<&str>,
    present: &Present,
) -> Result<Response, Error> {
    call.query.unfiltered()?;
    let (prefix, after) = (place.within().prefix(), call.query.after()?);
    let action = read_action(kind);
    let visible = visible(call, action, place);
    let list = present.view.list(kind);
    let there = |at| {
        region.is_none_or(|region| present.view.outline(kind, at).is_some_and(|one| is_in(&one, region)))
    };
    let listed = list.after(&prefix, after.as_deref()).filter(|(key, at)| visible(key) && there(*at));
    let shown = Page::of(listed, call.page()?);
    if shown.items.is_empty() && after.is_none() {
        call.asked(Some(&present.view)).find_place(place)?;
    }
    let next = shown.followed().map(|(key, _)| call.next_link(key));
    let engine = present.standing.engine();
    let items = shown.items.iter().filter_map(|(_, at)| present.view.resource(engine, kind, *at));
    Ok(page(items, &[], next.as_deref()))
}

fn resource(
    call: &Call,
    kind: ArmKind,
    place: &Place,
    name: &str,
    present: &Present,
) -> Result<Response, Error> {
    let (view, engine) = (&present.view, present.standing.engine());
    let id = format!("{}/providers/{}/{name}", place.id(), kind.resource_type());
    let at = view.list(kind).find(&id);
    let expanded = call.query.expands("instanceView");
    let found =
        at.and_then(
            |at| {
                if expanded { view.expanded(engine, kind, at) } else { view.resource(engine, kind, at) }
            },
        );
    found.map(json).ok_or_else(|| missing(call, view, place, kind, name))
}

/// How a machine does.
fn instance_view(call: &Call, place: &Place, name: &str, view: &View) -> Result<Response, Error> {
    let kind = ArmKind::VirtualMachine;
    let found = view.list(kind).find(&format!("{}/providers/{}/{name}", place.id(), kind.resource_type()));
    found.map(|_| json(Inventory::instance_view())).ok_or_else(|| missing(call, view, place, kind, name))
}

/// What is open now on the machines of a place; the first page also tells how many there are of each group.
async fn exposures(call: &Call, place: &Place, present: Arc<Present>) -> Result<Response, Error> {
    call.query.unfiltered()?;
    let after = call.query.after()?;
    let prefix = place.within().prefix();
    let whole = told::is_told_all(&call.caller, &place.id());
    // Instances of EC2 are in no subscription: they are for those who may read everything, and in no group.
    let instances = place.resource_group.is_none() && told::is_told_all(&call.caller, "/");
    let now = call.present();
    let mut members = vec![("at", format!("\"{now}\""))];
    if after.is_none() && whole {
        let (present, prefix) = (present.clone(), prefix.clone());
        // All machines are asked what reaches them, which is kept.
        let machines = move || counts(present.machines(&prefix, None, instances).map(|(_, machine)| machine));
        let counts = away(machines).await?;
        members.push(("counts", wire::counts(&counts)));
    }
    let visible =
        |key: &str| whole || (call.may(action::JIT_READ, key) && is_told(&call.caller, call.state(), key));
    let listed = present.machines(&prefix, after.as_deref(), instances).filter(|(key, _)| visible(key));
    let shown = Page::of(listed, call.page()?);
    let next = shown.followed().map(|(key, _)| call.next_link(key));
    let items = shown.items.into_iter().map(|(_, machine)| {
        let activity = activity(call.state(), machine.named, now);
        wire::exposure(&jitgate_core::preview::MachineExposure { activity: Some(&activity), ..machine })
    });
    Ok(page(items, &members, next.as_deref()))
}

fn exposure(call: &Call, place: &Place, id: &str, present: &Present) -> Result<Response, Error> {
    let name = id.rsplit('/').next().unwrap_or_default();
    let machine = present.machine(id).ok_or_else(|| place.not_found(ArmKind::VirtualMachine, name))?;
    let activity = activity(call.state(), machine.named, call.present());
    Ok(json(wire::exposure(&jitgate_core::preview::MachineExposure { activity: Some(&activity), ..machine })))
}

/// True where the caller may do it in the whole of a place.
fn covers(call: &Call, action: &str, place: &Place) -> bool {
    Scope::new(&place.id()).is_some_and(|scope| call.caller.may(action, &scope))
}

/// Which items of a list the caller may see, by their keys.
fn visible<'c>(call: &'c Call, action: &'c str, place: &Place) -> impl Fn(&str) -> bool + 'c {
    let whole = covers(call, action, place);
    move |key| whole || call.may(action, key)
}

fn page(items: impl Iterator<Item = String>, members: &[(&str, String)], next: Option<&str>) -> Response {
    json(wire::page(items, members, next))
}
