//! `jitgate role`: definitions and assignments.

use std::path::Path;
use std::sync::Arc;

use jitgate_core::Timestamp;
use jitgate_core::access::{RoleDraft, Scope, built_in, built_in_roles, least_privileged_role, read_roles};
use jitgate_core::diagnostic::render;
use jitgate_core::ledger::{Command, Credential, RoleAssignment, RoleDefinition, State};
use jitgate_core::wire;
use serde_json::Value;
use uuid::Uuid;

use super::output::{list_of, role_name, table};
use super::token::assignable;
use super::{change, check_name, look, tell_if_made, there};
use crate::args::{Listing, PageFormat, Role, RoleAssign, RoleCreate};
use crate::auth::{find_credential, find_role};
use crate::input::Input;
use crate::ledger::Ledger;
use crate::outcome::{Outcome, Text};
use crate::store::DataFolder;

/// Does what was asked with roles.
pub fn run(what: &Role) -> Outcome {
    let answer = match what {
        Role::LeastPrivilege { scope } => least_privilege(scope.as_deref()),
        Role::List(args) => list(args),
        Role::Create(args) => return tell_if_made(&args.data.data, || create(args)),
        Role::Delete { data, role } => delete(&data.data, role),
        Role::Assign(args) => return tell_if_made(&args.data.data, || assign(args)),
        Role::Unassign { data, assignment } => unassign(&data.data, assignment),
        Role::Assignments(args) => assignments(args),
    };
    answer.unwrap_or_else(Outcome::failure)
}

fn least_privilege(scope: Option<&str>) -> Result<Outcome, String> {
    const SOME: &str = "/subscriptions/00000000-0000-0000-0000-000000000000";
    let text = scope.unwrap_or(SOME);
    let at = Scope::assignable(text).map_err(|error| format!("`--scope {text}`: {error}"))?;
    let mut outcome =
        Outcome::of(Text::Exact(format!("{}\n", wire::role_input(&least_privileged_role(&at))).into_bytes()));
    if scope.is_none() {
        outcome.note("hint: put your subscription in its `AssignableScopes`, or name it with `--scope`");
    } else if at.is_root() {
        outcome.note("hint: Azure assigns custom roles at a subscription or below, not at `/`");
    }
    Ok(outcome)
}

/// The built-in roles are there without any data, too.
fn list(args: &Listing) -> Result<Outcome, String> {
    let there = DataFolder::database_in(&args.data.data).exists();
    let ledger = if there { look(&args.data.data)? } else { Ledger::default() };
    let own = ledger.state().role_definitions().map(|role| role.role());
    let roles: Vec<_> = built_in_roles().iter().cloned().chain(own).collect();
    Ok(Outcome::of(match args.format {
        PageFormat::Json => list_of(roles.iter().map(|role| value(&wire::role_definition(role)))),
        PageFormat::Text => {
            let rows = roles.iter().map(|role| {
                let kind = if role.built_in { "built in" } else { "custom" };
                let scopes: Vec<&str> = role.assignable_scopes.iter().map(Scope::as_str).collect();
                [role.name.clone(), role.id.clone(), kind.to_owned(), scopes.join(", ")]
            });
            table(["NAME", "ID", "KIND", "ASSIGNABLE AT"], rows)
        }
    }))
}

fn create(args: &RoleCreate) -> Result<Outcome, String> {
    let input = Input::read(&args.file)?;
    let reading = read_roles(&input.bytes);
    let mut outcome = Outcome::default();
    for problem in &reading.problems {
        outcome.note(format!("{}: {problem}", input.name));
    }
    if !reading.is_sound() {
        outcome.fail(format!("`{}` was not taken up", input.name));
        return Ok(outcome);
    }
    let made = change(&args.data.data, |state, _| {
        let mut commands = Vec::new();
        let mut made: Vec<(String, String)> = Vec::new();
        for draft in reading.roles {
            let id = id_for(state, &draft, args.replace)?;
            if made.iter().any(|(other, name)| *other == id || name.eq_ignore_ascii_case(&draft.name)) {
                return Err(format!("the file has two roles `{}`", draft.name));
            }
            made.push((id.clone(), draft.name.clone()));
            let role = stored(draft, id)?;
            covers_assignments(state, &role)?;
            commands.push(Command::PutRoleDefinition(role));
        }
        Ok((commands, made))
    })?;
    let lines: Vec<String> = made.iter().map(|(id, name)| format!("{id}  {name}\n")).collect();
    outcome.out = Text::Styled(lines.concat());
    Ok(outcome)
}

/// The id of the role that this one takes the place of, or its own, or a new one.
fn id_for(state: &State, draft: &RoleDraft, replace: bool) -> Result<String, String> {
    let name = &draft.name;
    if built_in(name).is_some() {
        return Err(format!("`{name}` is a built-in role, which cannot be changed"));
    }
    if let Some(role) = draft.id.as_deref().and_then(built_in) {
        return Err(format!("`{name}` has the id of the built-in role `{}`: take the id out", role.name));
    }
    let named = state.role_definitions().find(|role| role.name.eq_ignore_ascii_case(name));
    let same_id = draft.id.as_deref().and_then(|id| state.role_definition(id));
    match (named.or(same_id), &draft.id) {
        (Some(_), _) if !replace => {
            Err(format!("there is a role `{name}` already; put this one in its place with `--replace`"))
        }
        (Some(role), Some(id)) if role.id != *id => {
            Err(format!("`{name}` is the name of another role, whose id is {}", role.id))
        }
        (Some(role), _) => Ok(role.id.clone()),
        (None, Some(id)) => Ok(id.clone()),
        (None, None) => Ok(Uuid::new_v4().to_string()),
    }
}

/// Assignments of the role stay in force: where it cannot be assigned any more, they must go first.
fn covers_assignments(state: &State, definition: &RoleDefinition) -> Result<(), String> {
    let role = definition.role();
    let is_outside = |one: &&Arc<RoleAssignment>| {
        one.role_definition_id.eq_ignore_ascii_case(&role.id)
            && !Scope::new(&one.scope).is_some_and(|scope| role.is_assignable_at(&scope))
    };
    let outside = state.role_assignments().filter(is_outside);
    let outside: Vec<String> = outside.map(|one| format!("{} at {}", one.id, one.scope)).collect();
    if outside.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the role `{}` has assignments outside its new `AssignableScopes`; take them back first, with `jitgate role unassign`: {}",
        role.name,
        outside.join(", ")
    ))
}

/// As the ledger keeps it. Data actions are not kept: nothing here has any.
fn stored(draft: RoleDraft, id: String) -> Result<RoleDefinition, String> {
    check_name(&draft.name, "role's name")?;
    let (mut actions, mut not_actions) = (Vec::new(), Vec::new());
    for permission in draft.permissions {
        actions.extend(permission.actions);
        not_actions.extend(permission.not_actions);
    }
    let assignable_scopes = draft.assignable_scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    Ok(RoleDefinition {
        id,
        name: draft.name,
        description: draft.description,
        actions,
        not_actions,
        assignable_scopes,
    })
}

fn delete(data: &Path, name: &str) -> Result<Outcome, String> {
    there(data)?;
    let role = change(data, |state, _| {
        let role = find_role(state, name).ok_or_else(|| format!("there is no role `{name}`"))?;
        if role.built_in {
            return Err(format!("`{}` is a built-in role, which cannot be deleted", role.name));
        }
        let used = state
            .role_assignments()
            .filter(|one| one.role_definition_id.eq_ignore_ascii_case(&role.id))
            .count();
        if used > 0 {
            return Err(format!("the role `{}` has {used} assignments; take them back first", role.name));
        }
        Ok((vec![Command::DeleteRoleDefinition(role.id.clone())], role))
    })?;
    let line = render::shown(&format!("role `{}` ({}) is deleted", role.name, role.id));
    Ok(Outcome::of(Text::Styled(format!("{line}\n"))))
}

fn assign(args: &RoleAssign) -> Result<Outcome, String> {
    check_name(&args.to, "principal")?;
    let scope =
        Scope::assignable(&args.scope).map_err(|error| format!("`--scope {}`: {error}", args.scope))?;
    let (id, principal, name, hint) = change(&args.data.data, |state, now| {
        let role = assignable(state, &args.role, &scope)?;
        let token = find_credential(state, &args.to);
        if token.is_some_and(|token| !token.is_valid(now)) {
            return Err(format!("the token `{}` has expired or was revoked", args.to));
        }
        let principal = token.map_or_else(|| args.to.clone(), |token| token.id.clone());
        let hint = if token.is_none() { hint(state, &args.to, now) } else { None };
        let same = |one: &&Arc<RoleAssignment>| {
            one.role_definition_id.eq_ignore_ascii_case(&role.id)
                && one.principal_id == principal
                && Scope::new(&one.scope).as_ref() == Some(&scope)
        };
        if let Some(one) = state.role_assignments().find(same) {
            return Err(format!("`{}` has the role there already, by the assignment {}", args.to, one.id));
        }
        let id = Uuid::new_v4().to_string();
        let assignment = RoleAssignment {
            id: id.clone(),
            role_definition_id: role.id.clone(),
            principal_id: principal.clone(),
            scope: scope.as_str().to_owned(),
        };
        Ok((vec![Command::PutRoleAssignment(assignment)], (id, principal, role.name.clone(), hint)))
    })?;
    let mut outcome = Outcome::of(Text::Styled(format!("{id}\n")));
    outcome.note(format!("`{principal}` has the role `{name}` at {scope}"));
    hint.into_iter().for_each(|hint| outcome.note(hint));
    Ok(outcome)
}

/// What to say of a principal that is no token, no object id, and nobody who has called: a sign-in name, most likely.
fn hint(state: &State, to: &str, now: Timestamp) -> Option<String> {
    let is = |text: &str| text.eq_ignore_ascii_case(to);
    let of_user = |token: &&Arc<Credential>| is(&token.principal.id) || is(&token.principal.name);
    let mut own: Vec<&Arc<Credential>> = state.credentials().filter(of_user).collect();
    if own.is_empty() && (Uuid::try_parse(to).is_ok() || state.principal(to).is_some()) {
        return None;
    }
    own.retain(|token| token.is_valid(now));
    let names: Vec<String> = own.iter().map(|token| format!("`{}`", token.name)).collect();
    let rest = if names.is_empty() {
        "with Entra ID, name the object id of the person, the group or the program, and not a sign-in name"
            .to_owned()
    } else {
        format!("the tokens of that user are {}: name one of them", names.join(", "))
    };
    Some(format!("hint: no token is called `{to}`, and it is no object id; {rest}"))
}

fn unassign(data: &Path, id: &str) -> Result<Outcome, String> {
    there(data)?;
    let id = id.rsplit('/').next().unwrap_or_default();
    let line = change(data, |state, _| {
        let one = state
            .role_assignment(id)
            .ok_or_else(|| format!("there is no assignment `{id}`; `jitgate role assignments` shows them"))?;
        let name = role_name(state, &one.role_definition_id);
        let line = format!("`{}` has the role `{name}` at {} no longer", one.principal_id, one.scope);
        Ok((vec![Command::DeleteRoleAssignment(one.id.clone())], line))
    })?;
    Ok(Outcome::of(Text::Styled(format!("{}\n", render::shown(&line)))))
}

fn assignments(args: &Listing) -> Result<Outcome, String> {
    let ledger = look(&args.data.data)?;
    let state = ledger.state();
    Ok(Outcome::of(match args.format {
        PageFormat::Json => list_of(state.role_assignments().map(|one| shown(state, one))),
        PageFormat::Text => {
            let rows = state.role_assignments().map(|one| {
                let token = state.credential(&one.principal_id).map_or("", |token| token.name.as_str());
                let role = role_name(state, &one.role_definition_id);
                [one.id.clone(), role, one.principal_id.clone(), token.to_owned(), one.scope.clone()]
            });
            table(["ID", "ROLE", "PRINCIPAL", "TOKEN", "SCOPE"], rows)
        }
    }))
}

/// As Resource Manager shows it, with the role's name.
fn shown(state: &State, one: &RoleAssignment) -> Value {
    let mut shown = value(&wire::role_assignment(state, one));
    if let Some(properties) = shown.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("roleDefinitionName".to_owned(), role_name(state, &one.role_definition_id).into());
    }
    shown
}

/// A document of the core's as a value.
fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}
