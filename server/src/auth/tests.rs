//! Callers by their headers, against a ledger as the commands make it; JWTs with keys made here.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use jitgate_core::Timestamp;
use jitgate_core::access::{Scope, action, built_in};
use jitgate_core::ledger::{
    Actor, ActorKind, Command, Context, Credential, Principal, RoleAssignment, RoleDefinition, State,
};
use serde_json::{Value, json};

use super::oidc::OidcError;
use super::*;
use jitgate_core::rest::Caller;

mod client;
mod gate;
mod jwt;

const SUBSCRIPTION: &str = "/subscriptions/11111111-2222-3333-4444-555555555555";
const GROUP: &str = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/web";
const OTHER: &str = "/subscriptions/66666666-2222-3333-4444-555555555555";
/// 2026-01-15T12:00:00Z
const NOW: i64 = 1_768_478_400;

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(NOW.saturating_add(seconds), 0).unwrap()
}

pub fn headers(authorization: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, HeaderValue::from_str(authorization).unwrap());
    headers
}

/// A ledger to which things are done.
#[derive(Default)]
pub struct World {
    pub state: State,
    ids: u32,
}

impl World {
    fn id(&mut self) -> String {
        self.ids = self.ids.saturating_add(1);
        format!("00000000-0000-4000-8000-{:012}", self.ids)
    }

    #[expect(clippy::needless_pass_by_value, reason = "a command is made where it is run")]
    pub fn run(&mut self, command: Command) {
        let actor = Actor { principal: Principal::system(), address: None };
        let context = Context { now: at(0), actor, correlation_id: "c".into(), client_request_id: None };
        self.state.execute(&command, &context).outcome.unwrap();
    }

    pub fn assign(&mut self, role: &str, principal: &str, scope: &str) {
        let role = built_in(role).map_or_else(|| role.to_owned(), |role| role.id.clone());
        let id = self.id();
        let (principal_id, scope) = (principal.to_owned(), scope.to_owned());
        self.run(Command::PutRoleAssignment(RoleAssignment {
            id,
            role_definition_id: role,
            principal_id,
            scope,
        }));
    }

    /// The id and the secret of a new token.
    pub fn token(
        &mut self,
        name: &str,
        role: &str,
        scope: &str,
        expires: Option<Timestamp>,
    ) -> (String, Secret) {
        let (id, secret) = (self.id(), new_token());
        let principal =
            Principal { id: user_object_id(name).into(), name: name.into(), kind: ActorKind::User };
        let credential = Credential {
            id: id.clone(),
            name: name.to_owned(),
            principal,
            hash: digest(secret.expose()),
            expires,
            issued: at(0),
            revoked: None,
        };
        self.run(Command::IssueCredential(Box::new(credential)));
        self.assign(role, &id, scope);
        (id, secret)
    }
}

pub fn scope(path: &str) -> Scope {
    Scope::new(path).unwrap()
}

#[track_caller]
fn refused(auth: &Authenticator, headers: &HeaderMap, state: &State, seconds: i64) -> (&'static str, String) {
    let unauthorized = auth.check(headers, state, at(seconds)).unwrap_err();
    (unauthorized.code, unauthorized.message.into_owned())
}

#[test]
fn a_token_is_its_role_at_its_scope() {
    let mut world = World::default();
    let (_, secret) = world.token("ann@contoso.com", "JIT Access Role", GROUP, None);
    let auth = Authenticator::new(SigningKey::random(), None);
    let caller = auth.check(&headers(&format!("Bearer {}", secret.expose())), &world.state, at(1)).unwrap();
    assert_eq!(caller.principal.name.as_ref(), "ann@contoso.com");
    assert_eq!(caller.principal.id.as_ref(), user_object_id("Ann@Contoso.com"));
    let machine = format!("{GROUP}/providers/Microsoft.Compute/virtualMachines/web-01");
    assert!(caller.may(action::JIT_INITIATE, &scope(&machine)));
    assert!(!caller.may(action::JIT_WRITE, &scope(&machine)));
    assert!(!caller.may(action::JIT_INITIATE, &scope(SUBSCRIPTION)));
    assert_eq!(caller.permissions(&scope(GROUP)).len(), 1);
}

/// Such an assignment gives nothing, and takes nothing away.
#[test]
fn a_role_at_no_scope_gives_nothing() {
    let mut world = World::default();
    let auth = Authenticator::new(SigningKey::random(), None);
    for none in ["", "subscriptions", "/subscriptions//resourceGroups/web", "/.."] {
        let (id, secret) = world.token("one", "Owner", none, None);
        let roles = |world: &World| {
            auth.check(&headers(&format!("Bearer {}", secret.expose())), &world.state, at(1))
                .unwrap()
                .roles
                .len()
        };
        assert_eq!(roles(&world), 0, "{none}");
        world.assign("Reader", &id, GROUP);
        assert_eq!(roles(&world), 1, "{none}");
    }
}

/// What a person may do elsewhere does not widen a token, and two tokens of a person do not widen each other.
#[test]
fn a_token_is_no_more_than_itself() {
    let mut world = World::default();
    let (_, small) = world.token("ann@contoso.com", "Reader", GROUP, None);
    let (_, large) = world.token("ann@contoso.com", "Owner", "/", None);
    world.assign("Contributor", &user_object_id("ann@contoso.com"), SUBSCRIPTION);
    let auth = Authenticator::new(SigningKey::random(), None);
    let caller = |secret: &Secret| {
        auth.check(&headers(&format!("Bearer {}", secret.expose())), &world.state, at(1)).unwrap()
    };
    assert!(!caller(&small).may(action::JIT_WRITE, &scope(GROUP)));
    assert!(caller(&small).may(action::JIT_READ, &scope(GROUP)));
    assert!(caller(&large).may(action::JIT_WRITE, &scope(OTHER)));
    assert_eq!(caller(&small).principal, caller(&large).principal);
    assert_ne!(caller(&small).session, caller(&large).session);
}

#[test]
fn tokens_end() {
    let mut world = World::default();
    let (id, revoked) = world.token("one", "Reader", "/", None);
    let (_, expiring) = world.token("two", "Reader", "/", Some(at(60)));
    let auth = Authenticator::new(SigningKey::random(), None);
    let (revoked, expiring) =
        (format!("Bearer {}", revoked.expose()), format!("Bearer {}", expiring.expose()));
    assert!(auth.check(&headers(&revoked), &world.state, at(1)).is_ok());
    assert!(auth.check(&headers(&expiring), &world.state, at(59)).is_ok());
    assert_eq!(refused(&auth, &headers(&expiring), &world.state, 60).0, "ExpiredAuthenticationToken");
    world.run(Command::RevokeCredential(id));
    // The ledger's time may be ahead of the system's clock.
    for seconds in [1, 0, -3600] {
        let (code, message) = refused(&auth, &headers(&revoked), &world.state, seconds);
        assert_eq!(
            (code, message.as_str()),
            ("InvalidAuthenticationToken", "The access token is invalid: it is revoked."),
            "{seconds}"
        );
    }
}

#[test]
fn what_is_no_token() {
    let mut world = World::default();
    let (_, secret) = world.token("one", "Owner", "/", None);
    let auth = Authenticator::new(SigningKey::random(), None);
    assert_eq!(refused(&auth, &HeaderMap::new(), &world.state, 1).0, "AuthenticationFailed");
    assert_eq!(
        refused(&auth, &headers("Basic b25l"), &world.state, 1).0,
        "AuthenticationFailedInvalidHeader"
    );
    let hash = digest(secret.expose());
    let text = secret.expose();
    let cut: String = text.chars().take(46).collect();
    for wrong in [
        "jgt_",
        "jgt_AAAA",
        "jga_AAAA",
        "a.b.c",
        "x",
        &hash,
        &format!("jgt_{hash}"),
        &text.to_uppercase(),
        &cut,
    ] {
        let (code, message) = refused(&auth, &headers(&format!("Bearer {wrong}")), &world.state, 1);
        assert_eq!(code, "InvalidAuthenticationToken", "{wrong}");
        assert!(!message.contains(wrong) || wrong == "x", "{message}");
    }
}

/// A role that is gone, or a scope that is none, gives nothing.
#[test]
fn custom_roles() {
    let mut world = World::default();
    let role = RoleDefinition {
        id: world.id(),
        name: "Closers".into(),
        description: String::new(),
        actions: vec!["Microsoft.Security/*".into()],
        not_actions: vec!["*/write".into()],
        assignable_scopes: vec![SUBSCRIPTION.into()],
    };
    let id = role.id.clone();
    world.run(Command::PutRoleDefinition(role));
    let (_, secret) = world.token("one", &id, GROUP, None);
    let auth = Authenticator::new(SigningKey::random(), None);
    let authorization = headers(&format!("Bearer {}", secret.expose()));
    let caller = auth.check(&authorization, &world.state, at(1)).unwrap();
    assert!(caller.may(action::JIT_DELETE, &scope(GROUP)) && !caller.may(action::JIT_WRITE, &scope(GROUP)));
    assert_eq!(find_role(&world.state, "closers").unwrap().id, id);
    assert_eq!(find_role(&world.state, &format!("/x/{id}")).unwrap().id, id);
    assert_eq!(find_role(&world.state, "reader").unwrap().id, built_in("Reader").unwrap().id);
    assert!(find_role(&world.state, "nobody").is_none());
    world.run(Command::DeleteRoleDefinition(id));
    let caller = auth.check(&authorization, &world.state, at(1)).unwrap();
    assert!(!caller.may(action::JIT_DELETE, &scope(GROUP)));
    assert!(caller.roles.is_empty());
}

#[test]
fn nothing_secret_is_shown() {
    let mut world = World::default();
    let (_, secret) = world.token("one", "Reader", "/", None);
    let auth = Authenticator::new(SigningKey::random(), None);
    let form =
        TokenForm::parse(format!("client_secret={}", secret.expose()).as_bytes(), &HeaderMap::new()).unwrap();
    let caller = auth.check(&headers(&format!("Bearer {}", secret.expose())), &world.state, at(1)).unwrap();
    let shown = format!("{auth:?}{form:?}{caller:?}{:?}", Arc::new(&world.state));
    assert!(!shown.contains(secret.expose()));
}
