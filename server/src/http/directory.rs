//! As much of Microsoft Graph as `az role assignment list` asks for: whom roles are given to, by id and by name.

use std::collections::BTreeMap;

use axum::response::Response;
use jitgate_core::access::{Scope, action};
use jitgate_core::ledger::{ActorKind, Principal};
use jitgate_core::rest::Graph;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{self, Call};
use super::error::Error;

/// Graph's own limit.
const MOST: usize = 1000;

/// `POST …/directoryObjects/getByIds`
#[derive(Deserialize)]
struct ByIds {
    ids: Vec<String>,
}

/// `{"value": […]}` of those that the caller may know of.
pub fn answer(call: &Call, what: Graph) -> Result<Response, Error> {
    let known = known(call);
    let found: Vec<&Principal> = match what {
        Graph::ByIds => {
            let ids = ids(&call.body)?;
            ids.iter().filter_map(|id| known.get(&id.to_ascii_lowercase())).collect()
        }
        Graph::Users => {
            let name = wanted(call, "userPrincipalName eq '", "'")?;
            let is = |one: &&Principal| one.kind == ActorKind::User && one.name.eq_ignore_ascii_case(&name);
            known.values().filter(is).collect()
        }
        Graph::ServicePrincipals => {
            let name = wanted(call, "servicePrincipalNames/any(c:c eq '", "')")?;
            let is = |one: &&Principal| one.kind != ActorKind::User && one.id.eq_ignore_ascii_case(&name);
            known.values().filter(is).collect()
        }
    };
    let value: Vec<Value> = found.into_iter().map(object).collect();
    Ok(call::json(json!({ "value": value }).to_string()))
}

/// The caller, and whom roles are given to that count where the caller may read assignments; by their ids in lower case.
fn known(call: &Call) -> BTreeMap<String, Principal> {
    let own = &call.caller.principal;
    let mut known = BTreeMap::from([(own.id.to_ascii_lowercase(), own.clone())]);
    for one in call.state().role_assignments() {
        let scope = Scope::new(&one.scope);
        if scope.is_some_and(|scope| call.caller.may_below(action::ROLE_ASSIGNMENT_READ, &scope))
            && let Some(principal) = principal(call, &one.principal_id)
        {
            known.insert(one.principal_id.to_ascii_lowercase(), principal);
        }
    }
    known
}

/// A token, or who has called before; nothing is known of others.
fn principal(call: &Call, id: &str) -> Option<Principal> {
    if let Some(token) = call.state().credential(id) {
        let (id, name) = (token.id.as_str().into(), token.name.as_str().into());
        return Some(Principal { id, name, kind: ActorKind::Application });
    }
    call.state().principal(id).map(|known| (**known).clone())
}

/// As Graph shows them.
fn object(of: &Principal) -> Value {
    let (id, name) = (&*of.id, &*of.name);
    match of.kind {
        ActorKind::User => json!({
            "@odata.type": "#microsoft.graph.user", "id": id, "displayName": name, "userPrincipalName": name,
        }),
        _ => json!({
            "@odata.type": "#microsoft.graph.servicePrincipal", "id": id, "appId": id, "displayName": name,
            // `az` shows the first.
            "servicePrincipalNames": [name, id],
        }),
    }
}

fn ids(body: &[u8]) -> Result<Vec<String>, Error> {
    let asked: Result<ByIds, _> = serde_json::from_slice(body);
    let ids = asked.map(|asked| asked.ids).ok().filter(|ids| ids.len() <= MOST);
    ids.ok_or_else(|| {
        Error::bad_request("BadRequest", format!("The body has a list `ids` of {MOST} at most."))
    })
}

/// What stands in a `$filter` of this form.
fn wanted(call: &Call, before: &str, after: &str) -> Result<String, Error> {
    let filter = call.query.filter().unwrap_or_default();
    let wanted = filter.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    let wrong =
        || Error::bad_request("Request_UnsupportedQuery", format!("The $filter is not {before}…{after}."));
    wanted.map(|wanted| wanted.replace("''", "'")).ok_or_else(|| wrong().target("$filter"))
}
