//! Who is told of a machine: its name, its size, its addresses, what reaches it and by which rules.

use jitgate_core::access::{Scope, action};
use jitgate_core::ledger::{ResourceId, State};
use jitgate_core::preview::is_instance_id;
use jitgate_core::rest::Caller;

/// True where the caller may read the machine, by the id that a policy has for it or else its own; or may read policies
/// there, and the machine is in one that the caller may read, or the caller may also read what Defender for Cloud says of
/// machines. An instance of EC2 is in no scope but the root, until a policy that is stored names it: whoever puts one may
/// give it any scope.
pub fn is_told(caller: &Caller, state: &State, machine: &str) -> bool {
    let id = ResourceId::new(machine);
    let mut policies = state.policies_of(&id).peekable();
    let is_instance = is_instance_id(machine.trim_end_matches('/').rsplit('/').next().unwrap_or_default());
    let scope = if is_instance && policies.peek().is_none() { "/" } else { machine };
    may(caller, action::MACHINE_READ, scope)
        || (may(caller, action::JIT_READ, scope)
            && (may(caller, action::ASSESSMENT_READ, scope)
                || policies.any(|policy| may(caller, action::JIT_READ, policy.id.text()))))
}

/// True where the caller is told of all machines of a scope, with how they stand to policies.
pub fn is_told_all(caller: &Caller, scope: &str) -> bool {
    may(caller, action::JIT_READ, scope)
        && [action::MACHINE_READ, action::ASSESSMENT_READ].iter().any(|action| may(caller, action, scope))
}

fn may(caller: &Caller, action: &str, scope: &str) -> bool {
    Scope::new(scope).is_some_and(|scope| caller.may(action, &scope))
}
