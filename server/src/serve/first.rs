//! The very first start: the server gets an owner, who comes in by a link that is shown once. Where a token was made before,
//! whoever made it can make others, and needs no link.

use jitgate_core::Timestamp;
use jitgate_core::access::{Scope, built_in};
use jitgate_core::ledger::{Actor, Context, Principal};
use uuid::Uuid;

use crate::admin::token::{NewToken, issue};
use crate::auth::Secret;
use crate::ledger::{Ask, Ledger};
use crate::store::Fault;
use crate::store::writer::Writer;

/// Makes the owner, if no token was ever made; gives the new one, which is kept nowhere. Nor is one made where all are void: who
/// took the last owner's token away would not have another come with the next start.
pub async fn owner(writer: &Writer<Ledger>, now: Timestamp) -> Result<Option<Secret>, Fault> {
    let ledger = writer.state();
    if ledger.state().credentials().next().is_some() {
        return Ok(None);
    }
    let Some(role) = built_in("Owner") else { return Ok(None) };
    let new =
        NewToken { name: "first-start", user: Some("owner"), expires: None, role, scope: &Scope::root() };
    let (commands, _, token) = issue(&new, now);
    let context = Context {
        now,
        actor: Actor { principal: Principal::system(), address: None },
        correlation_id: Uuid::new_v4().to_string(),
        client_request_id: None,
    };
    // The credential comes last: without it, the next start tries again.
    for command in commands {
        let (outcome, _) = writer.send(Ask::new(command, context.clone())).await?;
        outcome.map_err(|refusal| Fault::Other(refusal.message.into_owned()))?;
    }
    Ok(Some(token))
}
