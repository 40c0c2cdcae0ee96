//! Who calls, and what that caller may do.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::access::{Held, Permission, RoleDefinition, Scope, action, allowed, permissions_at};
use crate::ledger::{
    self, Command, Context, Event, Expects, Knows, Principal, PutPolicy, Refusal, ResourceId, State,
};
use crate::preview::is_instance_id;

/// Somebody who has shown who they are.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// What tells one's sessions apart: the id of the credential. The principal's own, where there is none.
    pub session: Arc<str>,
    /// The roles, and where they were assigned.
    pub roles: Vec<(Arc<RoleDefinition>, Scope)>,
}

impl Caller {
    fn held(&self) -> impl Iterator<Item = Held<'_>> {
        self.roles.iter().map(|(role, scope)| Held { role, scope })
    }

    /// True when the caller may do it there.
    pub fn may(&self, action: &str, scope: &Scope) -> bool {
        allowed(self.held(), action, scope)
    }

    /// True when the caller may do it there, or somewhere below.
    pub fn may_below(&self, action: &str, scope: &Scope) -> bool {
        self.may(action, scope)
            || self.held().any(|held| scope.contains(held.scope) && allowed([held], action, held.scope))
    }

    /// True when any role was assigned there, above, or below.
    pub fn knows(&self, scope: &Scope) -> bool {
        self.roles.iter().any(|(_, at)| at.contains(scope) || scope.contains(at))
    }

    /// What the caller may do there.
    pub fn permissions(&self, scope: &Scope) -> Vec<&Permission> {
        permissions_at(self.held(), scope)
    }

    /// 403: the answer to what the caller may not do, the same whether or not the thing exists.
    pub fn forbidden(&self, action: &str, scope: &str) -> Refusal {
        let Principal { id, name, .. } = &self.principal;
        let message = format!(
            "The client '{name}' with object id '{id}' does not have authorization to perform action '{action}' over \
             scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
        );
        Refusal::new(403, "AuthorizationFailed", message)
    }

    /// Resource Manager's linked access check: who puts a machine under a policy must have the right to change the
    /// machine. An EC2 instance, which a policy names by its id, is in no scope but the root. 403 for the first machine
    /// of the body that the caller may not change; of a body with errors the ledger speaks.
    pub fn linked(&self, policy: &ResourceId, body: &[u8], context: &Context) -> Option<Refusal> {
        // Judged by the body alone, whatever is stored: nothing that comes in meanwhile can change the outcome.
        let knows = Knows::at(u64::MAX);
        let (policy, body) = (policy.clone(), body.to_vec());
        let put = PutPolicy { policy: policy.clone(), body, expects: Expects::Anything, knows };
        let handled = ledger::handle(&State::new(), &Command::PutPolicy(put), context);
        let events = handled.map(|handled| handled.events).unwrap_or_default();
        let machines = events.iter().flat_map(|event| match event {
            Event::PolicyPut(put) => put.policy.machines.as_slice(),
            _ => &[],
        });
        let mut scopes = machines.map(|machine| match machine.id.text() {
            id if is_instance_id(id.trim_end_matches('/').rsplit('/').next().unwrap_or_default()) => "/",
            id => id,
        });
        let may =
            |scope: &str| Scope::new(scope).is_some_and(|scope| self.may(action::MACHINE_WRITE, &scope));
        let machine = scopes.find(|scope| !may(scope))?;
        let Principal { id, name, .. } = &self.principal;
        let message = format!(
            "The client '{name}' with object id '{id}' has permission to perform action '{}' on scope '{}'; however, it \
             does not have permission to perform action '{}' on the linked scope(s) '{machine}' or the linked scope(s) \
             are invalid.",
            action::JIT_WRITE,
            policy.text(),
            action::MACHINE_WRITE,
        );
        Some(Refusal::new(403, "LinkedAuthorizationFailed", message))
    }
}
