//! The ledger: policies, requests, grants and who may what, as a state that is nothing but the fold of its events.
//! No clock and no storage: both are the caller's.
//!
//! A writer does this with each command, in order:
//!
//! ```
//! use jitgate_core::ledger::{Answer, Command, Context, Expects, Knows, PutPolicy, ResourceId, State};
//! use jitgate_core::ledger::{Actor, ActorKind, Principal};
//! use jitgate_core::{Timestamp, wire};
//!
//! let mut state = State::new();
//! let actor = Actor {
//!     principal: Principal { id: "o1".into(), name: "ann@contoso.com".into(), kind: ActorKind::User },
//!     address: Some("203.0.113.7".parse().unwrap()),
//! };
//! let now = Timestamp::parse("2026-11-22T08:00:00Z").unwrap();
//! let context = Context { now, actor, correlation_id: "c1".into(), client_request_id: None };
//! let policy = ResourceId::new(
//!     "/subscriptions/3f1c9b52-7a07-4b43-8e5b-0c7a4f6f9a10/resourceGroups/ops/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default",
//! );
//! let body = br#"{"kind":"Basic","properties":{"virtualMachines":[{"id":"/subscriptions/3f1c9b52-7a07-4b43-8e5b-0c7a4f6f9a10/resourceGroups/ops/providers/Microsoft.Compute/virtualMachines/web1","ports":[{"number":22,"protocol":"TCP","allowedSourceAddressPrefix":"*","maxRequestAccessDuration":"PT3H"}]}]}}"#;
//! let command = Command::PutPolicy(PutPolicy {
//!     policy: policy.clone(),
//!     body: body.to_vec(),
//!     expects: Expects::Anything,
//!     knows: Knows::at(state.seq()),
//! });
//!
//! // 1. On its own copy (cheap): records and an answer.
//! let done = state.execute(&command, &context);
//! // 2. Their JSON goes to disk, each a line; only then the copy is published and the answer sent.
//! let stored: Vec<String> = done.records.into_iter().map(|sealed| sealed.json).collect();
//! let answer = done.outcome.unwrap();
//! assert_eq!(answer.status(), 200);
//! let body = wire::ledger::answer(&state, &answer, now).unwrap();
//! assert!(body.starts_with(r#"{"kind":"Basic","properties":{"virtualMachines":[{"id":"#));
//!
//! // At start: the stored lines make the same state.
//! let mut again = State::new();
//! for line in &stored {
//!     again.apply(&wire::ledger::parse_record(line).unwrap()).unwrap();
//! }
//! assert_eq!(again, state);
//!
//! // Readers ask any published copy, at `state.present(now)`.
//! assert_eq!(again.policy(&policy).unwrap().tag.version, 1);
//! assert_eq!(again.next_ending(), None);
//! ```

pub mod activity;
mod actor;
mod apply;
mod body;
mod chain;
mod closing;
mod command;
mod end;
mod event;
pub mod filter;
mod grant;
mod handle;
mod id;
mod initiate;
mod mentions;
pub mod operation;
mod policy;
mod prefixes;
mod put;
mod query;
mod record;
mod refusal;
mod revoke;
mod roles;
pub mod search;
mod state;

pub use actor::{Actor, ActorKind, Context, Principal};
pub use apply::OutOfOrder;
pub use body::check_size;
pub use chain::{Broken, ChainCheck, Fault, Head, verify};
pub use command::{Answer, Command, Expects, Knows, PutPolicy};
pub use end::End;
pub use event::{
    AccessInitiated, AccessMachine, AccessPort, AccessRevoked, Attempt, Closing, Event, PolicyDeleted,
    PolicyPut,
};
pub use grant::{Closed, Grant, GrantId, GrantView, Protocols, Request, Status, StatusReason};
pub use handle::{Executed, Handled, handle, replay, replay_until};
pub use id::ResourceId;
pub use mentions::{Mention, ids, kind, mentions};
pub use policy::{Added, MachineRules, Policy, PolicyBody, PolicyMachine, PortRule, Tag};
pub use prefixes::Prefixes;
pub use query::{Open, Scope};
pub use record::{Digest, Record, Sealed};
pub use refusal::Refusal;
pub use roles::{Credential, Inventory, InventoryFile, RoleAssignment, RoleDefinition};
pub use state::State;
