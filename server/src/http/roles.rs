//! `Microsoft.Authorization/roleDefinitions` and `roleAssignments`: who may do what, to be read.

use std::sync::Arc;

use axum::response::Response;
use jitgate_core::access::{self, Scope, action, built_in_roles};
use jitgate_core::ledger::filter::{self, Operator, wrong};
use jitgate_core::ledger::{ActorKind, RoleAssignment, State};
use jitgate_core::wire;
use serde_json::{Value, json};

use super::call::{self, Call, page};
use super::error::Error;
use super::route::RoleKind;
use crate::auth::{definition, role};

/// All of a scope that the caller may see, a page at a time; or one by its id.
pub fn answer(call: &Call, kind: RoleKind, scope: &str, name: Option<&str>) -> Result<Response, Error> {
    let Some(at) = Scope::new(scope) else {
        return Err(Error::not_found("InvalidScope", format!("The scope '{scope}' is not valid.")));
    };
    match (kind, name) {
        (RoleKind::Definitions, None) => definitions(call, &at),
        (RoleKind::Definitions, Some(id)) => {
            let found = role(call.state(), &id.to_ascii_lowercase()).filter(|role| is_near(role, &at));
            let found = found.filter(|role| may_see(call, role, &at));
            found.map(|role| call::json(wire::role_definition(&role))).ok_or_else(|| {
                let message = format!("The specified role definition with ID '{id}' does not exist.");
                Error::not_found("RoleDefinitionDoesNotExist", message)
            })
        }
        (RoleKind::Assignments, None) => assignments(call, &at),
        (RoleKind::Assignments, Some(id)) => {
            let found = call.state().role_assignment(id).filter(|one| Scope::new(&one.scope) == Some(at));
            found.map(|one| call::json(assignment(call.state(), one).to_string())).ok_or_else(|| {
                let message = format!("The role assignment '{id}' is not found.");
                Error::not_found("RoleAssignmentNotFound", message)
            })
        }
    }
}

/// The roles that may be assigned at a scope; below it as well, where that is asked for.
fn definitions(call: &Call, at: &Scope) -> Result<Response, Error> {
    let asked = Asked::of(call)?;
    let own = call.state().role_definitions().map(|role| definition(role));
    let mut roles: Vec<access::RoleDefinition> = built_in_roles().iter().cloned().chain(own).collect();
    let is = |wanted: &Option<String>, own: &str| {
        wanted.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(own))
    };
    let kind = |role: &access::RoleDefinition| if role.built_in { "BuiltInRole" } else { "CustomRole" };
    roles.retain(|role| {
        let wanted = if asked.below { is_near(role, at) } else { role.is_assignable_at(at) };
        wanted && is(&asked.role_name, &role.name) && is(&asked.kind, kind(role)) && may_see(call, role, at)
    });
    roles.sort_by(|one, other| one.id.cmp(&other.id));
    let shown = |role: &access::RoleDefinition| {
        serde_json::from_str(&wire::role_definition(role)).unwrap_or_default()
    };
    paged(call, &roles, |role| &role.id, shown)
}

/// The assignments that count at a scope: those above it, at it, and below it unless that is not asked for.
fn assignments(call: &Call, at: &Scope) -> Result<Response, Error> {
    let asked = Asked::of(call)?;
    let here = call.caller.may(action::ROLE_ASSIGNMENT_READ, at);
    let visible = |one: &&Arc<RoleAssignment>| {
        let Some(scope) = Scope::new(&one.scope) else { return false };
        let (above, below) = (scope.contains(at), at.contains(&scope));
        (above || (below && !asked.only_here))
            && asked.principal.as_ref().is_none_or(|id| id.eq_ignore_ascii_case(&one.principal_id))
            && ((here && above) || call.caller.may(action::ROLE_ASSIGNMENT_READ, &scope))
    };
    // By id, as the state has them.
    let all: Vec<_> = call.state().role_assignments().filter(visible).collect();
    paged(call, &all, |one| &one.id, |one| assignment(call.state(), one))
}

/// A page of what is in the order of its ids.
fn paged<T>(
    call: &Call,
    all: &[T],
    id: impl Fn(&T) -> &String,
    shown: impl Fn(&T) -> Value,
) -> Result<Response, Error> {
    let key = |one: &T| id(one).to_ascii_lowercase();
    let after = call.query.after()?;
    let begin = after.map_or(0, |after| all.partition_point(|one| key(one) <= after));
    let rest = all.get(begin..).unwrap_or_default();
    let (now, later) = rest.split_at_checked(call.app.settings.page).unwrap_or((rest, &[]));
    let next = now.last().filter(|_| !later.is_empty()).map(|last| call.next_link(&key(last)));
    Ok(page(now.iter().map(shown).collect(), next))
}

/// An assignment as Resource Manager shows it. `principalType` is there where it is known: of our own tokens, and of
/// whoever has called before.
pub fn assignment(state: &State, one: &RoleAssignment) -> Value {
    let above = if one.scope == "/" { "" } else { &one.scope };
    let caller = state.principal(&one.principal_id).map(|principal| principal.kind);
    let token = || state.credential(&one.principal_id).map(|_| ActorKind::Application);
    let mut properties = json!({
        "roleDefinitionId": format!("/providers/Microsoft.Authorization/roleDefinitions/{}", one.role_definition_id),
        "principalId": one.principal_id,
        "scope": one.scope,
    });
    let kind = caller.or_else(token).map(|kind| match kind {
        ActorKind::User => "User",
        _ => "ServicePrincipal",
    });
    if let (Some(kind), Some(members)) = (kind, properties.as_object_mut()) {
        members.insert("principalType".to_owned(), kind.into());
    }
    json!({
        "id": format!("{above}/providers/Microsoft.Authorization/roleAssignments/{}", one.id),
        "name": one.id,
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": properties,
    })
}

/// True where the role may be assigned at the scope or somewhere below.
fn is_near(role: &access::RoleDefinition, at: &Scope) -> bool {
    role.is_assignable_at(at) || role.assignable_scopes.iter().any(|scope| at.contains(scope))
}

/// Built-in roles are no secret; of others, those may know who may read them there or where they may be assigned.
fn may_see(call: &Call, role: &access::RoleDefinition, at: &Scope) -> bool {
    let may = |scope: &Scope| call.caller.may(action::ROLE_DEFINITION_READ, scope);
    role.built_in || may(at) || role.assignable_scopes.iter().any(may)
}

/// What a `$filter` asks for.
#[derive(Default)]
struct Asked {
    /// Nothing from below the scope.
    only_here: bool,
    /// What is below it, too.
    below: bool,
    principal: Option<String>,
    role_name: Option<String>,
    kind: Option<String>,
}

impl Asked {
    fn of(call: &Call) -> Result<Self, Error> {
        let mut asked = Self::default();
        for text in call.query.get("$filter").map(conditions).unwrap_or_default() {
            let lower = text.to_ascii_lowercase();
            if lower == "atscope()" {
                asked.only_here = true;
            } else if lower == "atscopeandbelow()" {
                asked.below = true;
            } else if let Some(id) = lower.strip_prefix("assignedto('").and_then(|id| id.strip_suffix("')")) {
                // Of groups nothing is known here.
                asked.principal = Some(id.to_owned());
            } else {
                for condition in filter::parse(text)? {
                    let value = match (condition.name.as_str(), condition.operator) {
                        ("principalid", Operator::Equal) => &mut asked.principal,
                        ("rolename", Operator::Equal) => &mut asked.role_name,
                        ("type", Operator::Equal) => &mut asked.kind,
                        (name, _) => {
                            return Err(wrong(&format!("'{name}' cannot be asked for in that way.")).into());
                        }
                    };
                    *value = Some(condition.value);
                }
            }
        }
        Ok(asked)
    }
}

/// The conditions of a filter, which `and` joins; not where it is in quotes.
fn conditions(text: &str) -> Vec<&str> {
    let (mut all, mut rest, mut from) = (Vec::new(), text, 0_usize);
    while let Some(found) = rest.get(from..).and_then(|text| text.to_ascii_lowercase().find(" and ")) {
        let at = from.saturating_add(found);
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let is_quoted = before.matches('\'').count() % 2 == 1;
        if is_quoted {
            from = at.saturating_add(1);
        } else {
            all.push(before.trim());
            rest = after.get(5..).unwrap_or_default();
            from = 0;
        }
    }
    all.push(rest.trim());
    all
}

#[cfg(test)]
mod tests {
    use super::conditions;

    #[test]
    fn conditions_are_told_apart() {
        for (text, expected) in [
            ("atScope()", vec!["atScope()"]),
            ("atScope() AND assignedTo('a')", vec!["atScope()", "assignedTo('a')"]),
            (
                "roleName eq 'this and that' and type eq 'x'",
                vec!["roleName eq 'this and that'", "type eq 'x'"],
            ),
            ("roleName eq 'it''s and that' ", vec!["roleName eq 'it''s and that'"]),
            ("a and b and c", vec!["a", "b", "c"]),
        ] {
            assert_eq!(conditions(text), expected, "{text}");
        }
    }
}
