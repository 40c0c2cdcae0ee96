//! The very first start: the server gets an owner, who comes in by a link that is shown once.

use jitgate_core::Timestamp;
use jitgate_core::access::built_in;
use jitgate_core::ledger::{Actor, ActorKind, Command, Context, Credential, Principal, RoleAssignment};
use uuid::Uuid;

use crate::http::tokens::new_token;
use crate::ledger::{Ask, Ledger};
use crate::store::Fault;
use crate::store::writer::Writer;

/// Makes the owner, if nobody can come in at all; gives the token, which is kept nowhere.
pub async fn owner(writer: &Writer<Ledger>, now: Timestamp) -> Result<Option<String>, Fault> {
    let ledger = writer.state();
    if ledger.state().credentials().next().is_some() {
        return Ok(None);
    }
    let Some(role) = built_in("Owner") else { return Ok(None) };
    let id = Uuid::new_v4().to_string();
    let principal = Principal { id: id.as_str().into(), name: "owner".into(), kind: ActorKind::User };
    let (token, hash) = new_token();
    let assignment = RoleAssignment {
        id: Uuid::new_v4().to_string(),
        role_definition_id: role.id.clone(),
        principal_id: id,
        scope: "/".to_owned(),
    };
    let credential = Credential {
        id: Uuid::new_v4().to_string(),
        principal,
        hash,
        expires: None,
        issued: now,
        revoked: None,
    };
    let context = Context {
        now,
        actor: Actor { principal: Principal::system(), address: None },
        correlation_id: Uuid::new_v4().to_string(),
        client_request_id: None,
    };
    // The credential comes last: without it, the next start tries again.
    for command in [Command::PutRoleAssignment(assignment), Command::IssueCredential(Box::new(credential))] {
        let (outcome, _) = writer.send(Ask::new(command, context.clone())).await?;
        outcome.map_err(|refusal| Fault::Other(refusal.message.into_owned()))?;
    }
    Ok(Some(token))
}
