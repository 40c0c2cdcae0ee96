//! Command × state × context → events and an answer, or a refusal; and the same at once with records and state.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{
    Actor, Answer, Command, Context, Credential, Digest, Event, Principal, Record, Refusal, Sealed, State,
    initiate, put,
};
use crate::model::Timestamp;

/// What a command that is not refused does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// What happens; nothing for a repeat, or where there is nothing to do.
    pub events: Vec<Event>,
    /// What is answered.
    pub answer: Answer,
}

/// A command carried out: what to store, and what to answer once it is stored.
#[derive(Clone, Debug)]
pub struct Executed {
    /// The records, in order. A refusal makes one, too.
    pub records: Vec<Sealed>,
    /// The answer.
    pub outcome: Result<Answer, Refusal>,
}

/// What a command does. Nothing is changed.
///
/// # Errors
/// It is refused; [`State::execute`] writes that down.
pub fn handle(state: &State, command: &Command, context: &Context) -> Result<Handled, Refusal> {
    let now = state.present(context.now);
    let done = |event| Ok(Handled { events: alloc::vec![event], answer: Answer::Done });
    match command {
        Command::PutPolicy(command) => put::put(state, command, context, now),
        Command::DeletePolicy { policy, expects } => put::delete(state, policy, expects, now),
        Command::Initiate { policy, body, expects } => {
            initiate::initiate(state, policy, body, expects, context, now)
        }
        Command::Revoke { policy, body, expects, may_write } => {
            super::revoke::revoke(state, policy, body, (expects, *may_write), context, now)
        }
        Command::Expire => Ok(super::revoke::expire(state, now)),
        Command::ImportInventory(inventory) => done(Event::InventoryImported(inventory.clone())),
        Command::PutRoleDefinition(role) => done(Event::RoleDefinitionPut(role.clone())),
        Command::DeleteRoleDefinition(id) => {
            Ok(gone(state.role_definition(id).map(|role| Event::RoleDefinitionDeleted((**role).clone()))))
        }
        Command::PutRoleAssignment(role) => done(Event::RoleAssignmentPut(role.clone())),
        Command::DeleteRoleAssignment(id) => {
            Ok(gone(state.role_assignment(id).map(|role| Event::RoleAssignmentDeleted((**role).clone()))))
        }
        Command::IssueCredential(credential) => {
            done(Event::CredentialIssued(Credential { issued: now, revoked: None, ..(**credential).clone() }))
        }
        Command::RevokeCredential(id) => {
            let known = state.credential(id).filter(|credential| credential.revoked.is_none());
            Ok(gone(known.map(|credential| Event::CredentialRevoked(credential.id.clone()))))
        }
        Command::Refused(attempt) => done(Event::Refused(attempt.clone().bounded())),
    }
}

/// What was there is not any more; 204 where nothing was.
fn gone(event: Option<Event>) -> Handled {
    let answer = if event.is_some() { Answer::Done } else { Answer::NotThere };
    Handled { events: event.into_iter().collect(), answer }
}

impl State {
    /// Carries a command out on this state: [`handle`], a record for each event, and [`State::apply`]. A refusal is
    /// recorded as well. Store the records before the answer goes out; if that fails, drop this state for the copy
    /// made before.
    pub fn execute(&mut self, command: &Command, context: &Context) -> Executed {
        let (events, outcome) = match handle(self, command, context) {
            Ok(Handled { events, answer }) => (events, Ok(answer)),
            Err(refusal) => {
                let attempt = refusal.attempt(command.operation(), &command.scope());
                (alloc::vec![Event::Refused(attempt)], Err(refusal))
            }
        };
        let records = events.into_iter().map(|event| self.record(event, context)).collect();
        Executed { records, outcome }
    }

    /// Records an event and applies it.
    fn record(&mut self, event: Event, context: &Context) -> Sealed {
        let by_time = matches!(event, Event::AccessExpired(_));
        let actor = if by_time {
            Actor { principal: Principal::system(), address: None }
        } else {
            context.actor.clone()
        };
        let record = Record {
            seq: self.seq.saturating_add(1),
            time: self.present(context.now),
            actor,
            correlation_id: context.correlation_id.clone(),
            client_request_id: context.client_request_id.clone().filter(|_| !by_time),
            event,
            previous: self.head,
            digest: Digest::default(),
        };
        let sealed = record.seal();
        // It was made to follow on this state.
        let applied = self.apply(&sealed.record);
        debug_assert_eq!(applied, Ok(()), "a record follows on the state that it was made of");
        sealed
    }
}

impl Command {
    /// The operation's name, as role definitions and the activity log have it.
    pub const fn operation(&self) -> &'static str {
        match self {
            Self::PutPolicy(_) => super::operation::POLICY_WRITE,
            Self::DeletePolicy { .. } => super::operation::POLICY_DELETE,
            Self::Initiate { .. } => super::operation::INITIATE,
            Self::Revoke { .. } => super::operation::REVOKE,
            Self::Expire => super::operation::EXPIRE,
            Self::ImportInventory(_) => super::operation::INVENTORY_WRITE,
            Self::PutRoleDefinition(_) => super::operation::DEFINITION_WRITE,
            Self::DeleteRoleDefinition(_) => super::operation::DEFINITION_DELETE,
            Self::PutRoleAssignment(_) => super::operation::ASSIGNMENT_WRITE,
            Self::DeleteRoleAssignment(_) => super::operation::ASSIGNMENT_DELETE,
            Self::IssueCredential(_) => super::operation::CREDENTIAL_WRITE,
            Self::RevokeCredential(_) => super::operation::CREDENTIAL_DELETE,
            Self::Refused(_) => super::operation::REFUSED,
        }
    }

    /// What it is about: the id of a policy, a scope, or the id of a role or credential.
    pub fn scope(&self) -> String {
        match self {
            Self::PutPolicy(put) => put.policy.text().to_string(),
            Self::DeletePolicy { policy, .. }
            | Self::Initiate { policy, .. }
            | Self::Revoke { policy, .. } => policy.text().to_string(),
            Self::PutRoleAssignment(role) => role.scope.clone(),
            Self::PutRoleDefinition(role) => role.id.clone(),
            Self::IssueCredential(credential) => credential.id.clone(),
            Self::DeleteRoleDefinition(id) | Self::DeleteRoleAssignment(id) | Self::RevokeCredential(id) => {
                id.clone()
            }
            Self::Refused(attempt) => attempt.scope.clone(),
            Self::Expire | Self::ImportInventory(_) => String::new(),
        }
    }
}

/// The state after all of these records.
///
/// # Errors
/// One does not follow on the one before it.
pub fn replay<'r>(records: impl IntoIterator<Item = &'r Record>) -> Result<State, super::OutOfOrder> {
    let mut state = State::new();
    records.into_iter().try_for_each(|record| state.apply(record))?;
    Ok(state)
}

/// As [`replay`], up to an instant: the state as it was then.
///
/// # Errors
/// One does not follow on the one before it.
pub fn replay_until<'r>(
    records: impl IntoIterator<Item = &'r Record>,
    at: Timestamp,
) -> Result<State, super::OutOfOrder> {
    replay(records.into_iter().take_while(|record| record.time <= at))
}
