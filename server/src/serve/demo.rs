//! Fills an empty ledger with the made-up fleet: through the ordinary import and the ordinary commands, at the times that
//! they were made.

use jitgate_core::Timestamp;
use jitgate_core::access::built_in;
use jitgate_core::inventory::count;
use jitgate_core::ledger::{
    Actor, ActorKind, Command, Context, Expects, Knows, Principal, PutPolicy, ResourceId, RoleAssignment,
};
use jitgate_core::preview::Loaded;
use uuid::Uuid;

use crate::inventory::import::{self, File};
use crate::ledger::{Ask, Ledger};
use crate::store::Fault;
use crate::store::writer::Writer;
use jitgate_demo::{Demo, PEOPLE, Person, SPOKES, SUBSCRIPTIONS};

/// A month of a company's life; nothing where there is a ledger already.
pub async fn fill(writer: &Writer<Ledger>, now: Timestamp) -> Result<(), Fault> {
    if writer.state().state().seq() > 0 {
        return Ok(());
    }
    let demo = tokio::task::spawn_blocking(move || Demo::new(now, SPOKES)).await.map_err(Fault::other)?;
    let begin = demo.policies.first().map_or(now, |put| put.at);
    let contents: Vec<&[u8]> = demo.files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let counts = count(Loaded::read(&contents).engine.network(), None);
    let files = demo.files.iter().map(|(name, bytes)| File { name: name.clone(), bytes: bytes.clone() });
    send(writer, import::ask(files.collect(), counts, begin)).await?;
    for (person, (subscription, _)) in
        PEOPLE.iter().flat_map(|person| SUBSCRIPTIONS.map(|subscription| (person, subscription)))
    {
        let Some(role) = built_in(person.role) else { continue };
        let assignment = RoleAssignment {
            id: Uuid::new_v4().to_string(),
            role_definition_id: role.id.clone(),
            principal_id: person.object_id.to_owned(),
            scope: format!("/subscriptions/{subscription}"),
        };
        let context = context(&Principal::system(), None, begin);
        send(writer, Ask::new(Command::PutRoleAssignment(assignment), context)).await?;
    }
    for put in demo.policies {
        let Some(person) = PEOPLE.get(put.by) else { continue };
        let command = Command::PutPolicy(PutPolicy {
            policy: ResourceId::new(&put.id),
            body: put.body.into_bytes(),
            expects: Expects::Anything,
            knows: Knows::at(writer.state().state().seq()),
        });
        send(writer, Ask::new(command, context(&principal(person), Some(person), put.at))).await?;
    }
    for attempt in demo.requests {
        let Some(person) = PEOPLE.get(attempt.by) else { continue };
        end_until(writer, attempt.at).await?;
        let command = Command::Initiate {
            policy: ResourceId::new(&attempt.policy),
            body: attempt.body.into_bytes(),
            expects: Expects::Anything,
        };
        // Some ask for too much; that they were refused is on record.
        drop(writer.send(Ask::new(command, context(&principal(person), Some(person), attempt.at))).await?);
    }
    end_until(writer, now).await
}

/// What has ended by then is on record from when it ended, as a server would have written it.
async fn end_until(writer: &Writer<Ledger>, at: Timestamp) -> Result<(), Fault> {
    while let Some(end) = writer.state().state().next_ending().filter(|end| *end <= at) {
        send(writer, Ask::new(Command::Expire, context(&Principal::system(), None, end))).await?;
    }
    Ok(())
}

/// What must not be refused.
async fn send(writer: &Writer<Ledger>, ask: Ask) -> Result<(), Fault> {
    let (outcome, _) = writer.send(ask).await?;
    outcome.map(drop).map_err(|refusal| Fault::other(&refusal.message))
}

fn principal(person: &Person) -> Principal {
    let kind = if person.application { ActorKind::Application } else { ActorKind::User };
    Principal { id: person.object_id.into(), name: person.name.into(), kind }
}

fn context(principal: &Principal, person: Option<&Person>, now: Timestamp) -> Context {
    Context {
        now,
        actor: Actor { principal: principal.clone(), address: person.map(Person::from) },
        correlation_id: Uuid::new_v4().to_string(),
        client_request_id: None,
    }
}
