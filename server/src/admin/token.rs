//! `jitgate token`: make, list and revoke bearer tokens.

use std::path::Path;
use std::sync::Arc;

use jitgate_core::Timestamp;
use jitgate_core::access::{RoleDefinition, Scope, is_guid};
use jitgate_core::diagnostic::render::shown;
use jitgate_core::ledger::{ActorKind, Command, Credential, Principal, RoleAssignment, State};
use uuid::Uuid;

use super::output::{credential, list_of, roles, status, table};
use super::{change, check_name, look, tell_if_made, there};
use crate::args::{Listing, PageFormat, Token, TokenCreate, clock};
use crate::auth::{Secret, digest, find_credential, find_role, new_token, user_object_id};
use crate::outcome::{Outcome, Text};

/// Does what was asked with tokens.
pub fn run(what: &Token) -> Outcome {
    let answer = match what {
        Token::Create(args) => return tell_if_made(&args.data.data, || create(args)),
        Token::List(args) => list(args),
        Token::Revoke { data, token } => revoke(&data.data, token),
    };
    answer.unwrap_or_else(Outcome::failure)
}

/// What a new token is to be.
pub struct NewToken<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Whose it is; none for a program, which is its own.
    pub user: Option<&'a str>,
    /// From when on it is void.
    pub expires: Option<Timestamp>,
    /// What it allows.
    pub role: &'a RoleDefinition,
    /// Where.
    pub scope: &'a Scope,
}

/// The commands that issue a token, its id, and its secret, which is kept nowhere else. The role comes first: a
/// credential that is known has its role.
pub fn issue(new: &NewToken, now: Timestamp) -> (Vec<Command>, String, Secret) {
    let (id, secret) = (Uuid::new_v4().to_string(), new_token());
    let principal = match new.user {
        Some(user) => Principal { id: user_object_id(user).into(), name: user.into(), kind: ActorKind::User },
        None => Principal { id: id.as_str().into(), name: new.name.into(), kind: ActorKind::Application },
    };
    let assignment = RoleAssignment {
        id: Uuid::new_v4().to_string(),
        role_definition_id: new.role.id.clone(),
        principal_id: id.clone(),
        scope: new.scope.as_str().to_owned(),
    };
    let credential = Credential {
        id: id.clone(),
        name: new.name.to_owned(),
        principal,
        hash: digest(secret.expose()),
        expires: new.expires,
        issued: now,
        revoked: None,
    };
    let commands =
        vec![Command::PutRoleAssignment(assignment), Command::IssueCredential(Box::new(credential))];
    (commands, id, secret)
}

fn create(args: &TokenCreate) -> Result<Outcome, String> {
    check_name(&args.name, "name")?;
    if let Some(user) = &args.user {
        check_name(user, "sign-in name")?;
    }
    if is_guid(&args.name) {
        return Err("the name is a GUID, so it could be taken for an id".into());
    }
    let scope =
        Scope::assignable(&args.scope).map_err(|error| format!("`--scope {}`: {error}", args.scope))?;
    let (id, expires, secret) = change(&args.data.data, |state, now| {
        if find_credential(state, &args.name).is_some_and(|credential| credential.is_valid(now)) {
            return Err(format!(
                "there is a token `{}` already: revoke it, or choose another name",
                args.name
            ));
        }
        let role = assignable(state, &args.role, &scope)?;
        let expires = match args.expires {
            Some(length) => Some(now.checked_add(length).ok_or("the token would end beyond all calendars")?),
            None => None,
        };
        let user = if args.app { None } else { Some(args.user.as_deref().unwrap_or(&args.name)) };
        let new = NewToken { name: &args.name, user, expires, role: &role, scope: &scope };
        let (commands, id, secret) = issue(&new, now);
        Ok((commands, (id, expires, secret)))
    })?;
    let mut outcome = Outcome::of(Text::Exact(format!("{}\n", secret.expose()).into_bytes()));
    let end = expires.map_or_else(|| "it does not expire".to_owned(), |end| format!("it expires at {end}"));
    outcome.note(format!("token `{}` has the id {id}; {end}; it is not shown again", args.name));
    Ok(outcome)
}

/// The role of that name, if it may be assigned there.
pub fn assignable(state: &State, role: &str, scope: &Scope) -> Result<Arc<RoleDefinition>, String> {
    let Some(found) = find_role(state, role) else {
        return Err(format!("there is no role `{role}`; `jitgate role list` shows them"));
    };
    if !found.is_assignable_at(scope) {
        let scopes: Vec<&str> = found.assignable_scopes.iter().map(Scope::as_str).collect();
        return Err(format!(
            "the role `{}` may be assigned only at {}, and below",
            found.name,
            scopes.join(", ")
        ));
    }
    Ok(found)
}

fn revoke(data: &Path, token: &str) -> Result<Outcome, String> {
    there(data)?;
    let (name, id, before) = change(data, |state, _| {
        let Some(found) = find_credential(state, token) else {
            return Err(format!("there is no token `{token}`; `jitgate token list` shows them"));
        };
        let answer = (found.name.clone(), found.id.clone(), found.revoked);
        if found.revoked.is_some() {
            return Ok((Vec::new(), answer));
        }
        let mut commands = vec![Command::RevokeCredential(found.id.clone())];
        let own = state.role_assignments().filter(|one| one.principal_id.eq_ignore_ascii_case(&found.id));
        commands.extend(own.map(|one| Command::DeleteRoleAssignment(one.id.clone())));
        Ok((commands, answer))
    })?;
    let when = match before {
        Some(time) => format!("was revoked at {time}"),
        None => "is revoked".to_owned(),
    };
    Ok(Outcome::of(Text::Styled(format!("token `{}` ({id}) {when}\n", shown(&name)))))
}

fn list(args: &Listing) -> Result<Outcome, String> {
    let ledger = look(&args.data.data)?;
    let (state, now) = (ledger.state(), clock().unwrap_or_default());
    let mut credentials: Vec<_> = state.credentials().collect();
    credentials.sort_by(|one, other| (one.issued, &one.id).cmp(&(other.issued, &other.id)));
    Ok(Outcome::of(match args.format {
        PageFormat::Json => list_of(credentials.iter().map(|one| credential(state, one, now))),
        PageFormat::Text => {
            let rows = credentials.iter().map(|one| {
                let (held, status) = (roles(state, &one.id).join(", "), status(one, now));
                [one.name.clone(), one.id.clone(), one.principal.name.to_string(), held, status]
            });
            table(["NAME", "ID", "FOR", "ROLES", "STATUS"], rows)
        }
    }))
}
