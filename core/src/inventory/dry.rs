//! What a policy opens and closes on the network, with the requests that are open and one that might be made: nothing is
//! stored.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Present;
use crate::json::{NodeKind, Source, scan};
use crate::ledger::{
    Command, Context, Expects, Knows, Policy, PutPolicy, Refusal, ResourceId, State, check_size,
};
use crate::preview::{Loaded, Options, preview_for};
use crate::wire;

/// What a preview is asked of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    /// The body of a PUT whose policy is looked at in place of the one that is stored.
    pub policy: Option<Vec<u8>>,
    /// The body of an `initiate` call; empty for none.
    pub request: Vec<u8>,
}

/// A policy that is proposed has so many ports at most: to look at them takes a millisecond each, or several.
const MOST_PORTS: usize = 5000;

impl DryRun {
    /// Reads a body: that of an `initiate` call, nothing, or `{"policy"?, "request"?}`.
    pub fn read(body: &[u8]) -> Self {
        let source = Source::decode(body);
        let (tape, _) = scan(&source.text);
        let member = |name: &str| {
            let mut members = tape.root().into_iter().flat_map(|root| tape.members(root));
            members.find(|member| tape.string(member.key).is_some_and(|key| key == name))
        };
        let text = |name: &str| {
            let value = member(name)?.value;
            (tape.kind(value) != NodeKind::Null).then(|| tape.raw(value).as_bytes().to_vec())
        };
        if member("policy").is_none() && member("request").is_none() {
            return Self { policy: None, request: body.trim_ascii().to_vec() };
        }
        Self { policy: text("policy"), request: text("request").unwrap_or_default() }
    }

    /// The policy that is looked at.
    ///
    /// # Errors
    /// The one that is proposed would be refused; none is proposed, and none is stored. Or the request is too large to be
    /// judged.
    pub fn policy(&self, state: &State, id: &ResourceId, context: &Context) -> Result<Policy, Refusal> {
        check_size(&self.request)?;
        let missing = || Refusal::policy_not_found(id);
        let Some(body) = &self.policy else {
            return state.policy(id).map(|policy| Policy::clone(policy)).ok_or_else(missing);
        };
        let put = PutPolicy {
            policy: id.clone(),
            body: body.clone(),
            expects: Expects::Anything,
            knows: Knows::at(u64::MAX),
        };
        // Over an empty ledger: what is stored can neither forbid it nor add to it.
        let mut alone = State::new();
        alone.execute(&Command::PutPolicy(put), context).outcome?;
        let policy = alone.policy(id).ok_or_else(missing)?;
        let ports = policy.machines.iter().map(|machine| machine.rules.ports.len());
        let ports = ports.fold(0, usize::saturating_add);
        if ports > MOST_PORTS {
            let message = format!("The policy has {ports} ports; at {MOST_PORTS} one can look at most.");
            return Err(Refusal::bad_request("InvalidPolicyInput", message).about("/policy"));
        }
        Ok(Policy::clone(policy))
    }
}

impl Present {
    /// What `jitgate preview --format json` prints for the network, the policy with its stored requests and one more
    /// request, and what a policy that is proposed lets in that the stored one keeps out, but for reports on the network's
    /// files and machines that are not in the policy. Machines that the reader does not see, by the ids that policies have
    /// for them or else their own, are not told of.
    pub fn dry_run(
        &self,
        state: &State,
        policy: &Policy,
        asked: &DryRun,
        options: &Options,
        sees: &dyn Fn(&str) -> bool,
    ) -> String {
        let network =
            Loaded::of(self.view.network().engine.clone()).with_former(self.fleet().former().to_vec());
        let named = |machine| sees(self.fleet().named(machine));
        let look = |policy: &Policy, requests: &[&[u8]]| {
            let document = not_in_force(&wire::ledger::policy(state, policy, options.now));
            preview_for(&network, &[document.as_bytes()], requests, options, &named)
        };
        let request = [asked.request.as_slice()];
        let mut preview = look(policy, if asked.request.is_empty() { &[] } else { &request });
        if let Some(stored) = state.policy(&policy.id).filter(|_| asked.policy.is_some()) {
            let mut stored = Policy::clone(stored);
            stored.machines.retain(|machine| sees(machine.rules.id.text()));
            // Both have all machines of the network, in its order.
            for (machine, stored) in preview.machines.iter_mut().zip(look(&stored, &[]).machines) {
                let states = machine.states.as_ref().zip(stored.states.as_ref());
                let reopened = states.map(|(new, old)| new.reopened(old));
                machine.reopened = reopened.filter(|traffic| !traffic.is_empty() && machine.id == stored.id);
            }
        }
        // The rest of the network is nothing that the policy changes.
        preview.machines.retain(|machine| !machine.policies.is_empty());
        let machines = &preview.machines;
        for interval in &mut preview.timeline {
            interval.opened.retain(|(id, ..)| machines.iter().any(|machine| machine.id == *id));
        }
        wire::preview(&preview)
    }
}

/// The policy without the word that the service has carried it out, every other byte in its place. What was imported has
/// the rules of whoever exported it, and that ours are not among them is no finding.
fn not_in_force(policy: &str) -> String {
    const WORD: &str = ",\"provisioningState\":\"Succeeded\"";
    policy.replace(WORD, &" ".repeat(WORD.len()))
}
